"""A file that may have changed is read again, whatever its time says."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from exporter.cache.stamps import GRANULARITY_NS, UNTIMED, look, make_stamp, stamp_bytes, stamp_file, unchanged

LATER = 10 * GRANULARITY_NS


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.md"
    path.write_bytes(b"one")
    return path


def test_a_file_that_rested_is_believed(file: Path) -> None:
    looked = look(file)
    stamp = make_stamp(looked, looked.ctime_ns + LATER, file.read_bytes())
    assert unchanged(stamp, look(file), time.time_ns() + LATER)


def test_a_file_that_was_just_written_is_not_believed(file: Path) -> None:
    """Its clock may not have ticked since: it can be written again without a new time."""
    stamp = stamp_file(file)
    assert stamp.mtime_ns == UNTIMED
    assert not unchanged(stamp, look(file), time.time_ns() + LATER)


def test_a_file_is_not_believed_that_was_written_just_before_this_run(file: Path) -> None:
    looked = look(file)
    stamp = make_stamp(looked, looked.ctime_ns + LATER, b"one")
    assert not unchanged(stamp, looked, looked.ctime_ns + GRANULARITY_NS // 2)
    assert not unchanged(stamp, looked, looked.ctime_ns - LATER)  # the clock was set back


def change_content(file: Path) -> None:
    before = file.stat()
    file.write_bytes(b"two")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_file(file: Path) -> None:
    before = file.stat()
    other = file.with_name("b")
    other.write_bytes(b"two")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.rename(file)


@pytest.mark.parametrize("change", [change_content, replace_file, lambda file: file.write_bytes(b"longer"), os.utime])
def test_a_change_of_one_size_with_the_time_set_back_is_seen(file: Path, change: object) -> None:
    looked = look(file)
    stamp = make_stamp(looked, looked.ctime_ns + LATER, b"one")
    time.sleep(0.02)  # longer than a tick
    assert callable(change)
    change(file)
    assert not unchanged(stamp, look(file), time.time_ns() + LATER)


def test_a_file_that_grew_while_it_was_read_has_no_time(file: Path) -> None:
    looked = look(file)
    assert make_stamp(looked, looked.ctime_ns + LATER, b"one and more").mtime_ns == UNTIMED


def test_bytes_in_place_of_a_file_have_a_digest_alone(file: Path) -> None:
    stamp = stamp_bytes(b"one")
    assert stamp.digest == stamp_file(file).digest
    assert not unchanged(stamp, look(file), time.time_ns() + LATER)


def test_what_is_not_a_file_is_an_error(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "none", Path("/dev/null")):
        with pytest.raises(OSError, match=r".*"):
            stamp_file(path)
