"""What the file system can do to an export: the traps of ../shared/hostile/fs, a full disk, a folder that may not be written."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.records import write_records
from tests.data import HOSTILE, needs
from tests.hostile.running import BASE, CONTROLS
from tests.running import MEDIGY, OWLTYPE, PATIENCE, ROOT, clean_environment, owltype

SCRIPTS = HOSTILE / "fs"
OURS = f'{sys.executable} -m exporter export "$IN" --ontology \'{BASE}\' -o "$OUT"'

needs_shared = needs(HOSTILE)
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk")
forbids_root = pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    """A folder with the two control records below `in/`, as the scripts expect it."""
    (tmp_path / "in").mkdir()
    for control in CONTROLS:
        shutil.copyfile(HOSTILE / "records" / control, tmp_path / "in" / control)
    return tmp_path


LINES = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "hung up"}


@needs_shared
def test_loops_of_links_pipes_and_links_to_foreign_files_are_left_alone(scene: Path) -> None:
    """h02: no loop, no hang on the pipe, /etc/passwd is not read."""
    finished = _script("h02_symlink_loop.sh", scene)
    assert finished.returncode in {0, 1}, finished.stderr
    assert "control-a" in (scene / "out.ttl").read_text(encoding="utf-8")
    assert "root:" not in finished.stderr + (scene / "out.ttl").read_text(encoding="utf-8")
    assert "4 files" in finished.stderr or "p.md" in finished.stderr or "skipped" in finished.stderr, "what was left alone is said"


@needs_shared
@forbids_root
def test_a_folder_that_may_not_be_written_is_said_in_one_line(scene: Path) -> None:
    """h04, where the user is not root."""
    finished = _script("h04_readonly_dir.sh", scene)
    assert "rc=2" in finished.stdout
    assert "permission denied" in finished.stderr.lower()


@needs_shared
def test_a_change_that_leaves_time_and_size_alone_is_exported(scene: Path) -> None:
    """h08: nothing is decided by a file's time."""
    owltype("export", scene / "in", "--ontology", BASE, "-o", scene / "out.ttl")
    before = (scene / "out.ttl").read_text(encoding="utf-8")
    assert "Control A" in before
    path = scene / "in" / CONTROLS[0]
    times = path.stat().st_atime_ns, path.stat().st_mtime_ns
    path.write_text(path.read_text(encoding="utf-8").replace("Control A", "Control B"), encoding="utf-8")
    os.utime(path, ns=times)
    owltype("export", scene / "in", "--ontology", BASE, "-o", scene / "out.ttl")
    assert "Control A" not in (scene / "out.ttl").read_text(encoding="utf-8")


@needs_shared
def test_a_reader_that_stops_ends_the_export_without_a_word(scene: Path) -> None:
    """h12: EPIPE."""
    write_records(scene / "in", 0)
    finished = _script("h12_stdout_closed.sh", scene)
    assert finished.returncode == 0
    assert "Traceback" not in finished.stderr
    assert "BrokenPipe" not in finished.stderr


@needs_root
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, small_disk: Path) -> None:
    folder = tmp_path / "records"
    write_records(folder, 400)
    output = small_disk / "graph.ttl"
    output.write_text("old", encoding="utf-8")
    finished = owltype("export", folder, "--ontology", MEDIGY, "-o", output)
    assert finished.status == 2
    assert "no space left on device" in finished.stderr.lower()
    assert output.read_text(encoding="utf-8") == "old"
    assert [path.name for path in small_disk.iterdir()] == ["graph.ttl"]


@needs_root
def test_a_disk_that_may_only_be_read_leaves_the_old_file(tmp_path: Path, small_disk: Path) -> None:
    folder = tmp_path / "records"
    write_records(folder, 5)
    output = small_disk / "graph.ttl"
    output.write_text("old", encoding="utf-8")
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    finished = owltype("export", folder, "--ontology", MEDIGY, "-o", output)
    assert finished.status == 2
    assert "read-only file system" in finished.stderr.lower()
    assert str(output) in finished.stderr
    assert output.read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize(
    ("jobs", "number", "times"), [("1", signal.SIGINT, 4), ("2", signal.SIGINT, 1), ("2", signal.SIGTERM, 4), ("1", signal.SIGHUP, 1)]
)
def test_a_signal_ends_in_one_line_and_leaves_the_old_file(tmp_path: Path, jobs: str, number: signal.Signals, times: int) -> None:
    """h06: Ctrl-C reaches the whole group of processes, as from a terminal; `python -m tests.fuzz --only signals` tries other moments."""
    folder, output = tmp_path / "records", tmp_path / "out" / "graph.ttl"
    write_records(folder, 1000)
    output.parent.mkdir()
    output.write_text("old", encoding="utf-8")
    command = [*OWLTYPE, "export", "-q", str(folder), "--ontology", str(MEDIGY), "-o", str(output), "-j", jobs]
    process = subprocess.Popen(command, cwd=ROOT, env=clean_environment({}), stderr=subprocess.PIPE, start_new_session=True)
    _await_work(output.parent)
    for _ in range(times):
        os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + number
    assert errors.decode() == f"owltype: {LINES[number]}\n"
    assert output.read_text(encoding="utf-8") == "old"
    assert [path.name for path in output.parent.iterdir()] == ["graph.ttl"]


def test_a_signal_that_is_ignored_stays_ignored(tmp_path: Path) -> None:
    """`nohup owltype …` goes on when the terminal is closed."""
    folder, output = tmp_path / "records", tmp_path / "out" / "graph.ttl"
    write_records(folder, 1000)
    output.parent.mkdir()
    command = ["nohup", *OWLTYPE, "export", str(folder), "--ontology", str(MEDIGY), "-o", str(output), "-j", "2", "-q"]
    process = subprocess.Popen(command, cwd=ROOT, env=clean_environment({}), stderr=subprocess.PIPE, start_new_session=True)
    _await_work(output.parent, 1)
    os.killpg(process.pid, signal.SIGHUP)
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert [path.name for path in output.parent.iterdir()] == ["graph.ttl"]


def _await_work(folder: Path, files: int = 2) -> None:
    """Wait until the run has begun to write: a second file stands beside the output."""
    end = time.monotonic() + PATIENCE
    while len(list(folder.iterdir())) < files:
        assert time.monotonic() < end, "nothing was written"
        time.sleep(0.005)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 256 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount a disk")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _script(name: str, scene: Path) -> subprocess.CompletedProcess[str]:
    """Run one of the shared scripts as it says: a scratch folder, and our command with $IN and $OUT."""
    command = ["bash", str(SCRIPTS / name), str(scene), OURS]
    return subprocess.run(command, cwd=ROOT, env=clean_environment({}), capture_output=True, text=True, timeout=PATIENCE, check=False)
