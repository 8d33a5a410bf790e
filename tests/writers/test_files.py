"""A file is the old one or the new one, never a torn one."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.errors import OutputError, UsageError
from exporter.rdf import compression
from exporter.rdf.syntaxes import COMPRESSIONS, Compression
from exporter.writers.compare import compare_output
from exporter.writers.files import AtomicFile, PipeClosed, check_writable, open_output
from exporter.writers.formats import FORMATS, find_format, format_of_file

ROOT = Path(__file__).parents[2]
GZIP, ZSTD = COMPRESSIONS


@pytest.fixture
def target(tmp_path: Path) -> Path:
    path = tmp_path / "graph.nt"
    path.write_bytes(b"old\n")
    return path


@contextlib.contextmanager
def mounted(folder: Path, options: str) -> Iterator[Path]:
    folder.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", str(folder)], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"mounting a small file system is not permitted here: {done.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fail_after_writing(sink: compression.Sink, error: type[BaseException]) -> None:
    sink.write(b"new\n")
    raise error


def test_new_file_takes_the_place_of_the_old(target: Path) -> None:
    with open_output(target) as sink:
        sink.write(b"new\n")
        assert target.read_bytes() == b"old\n"
    assert target.read_bytes() == b"new\n"
    assert os.listdir(target.parent) == ["graph.nt"]  # noqa: PTH208  # hidden files too


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_failure_leaves_the_old_file_and_no_trace(target: Path, error: type[BaseException]) -> None:
    with pytest.raises(error), open_output(target) as sink:
        fail_after_writing(sink, error)
    assert target.read_bytes() == b"old\n"
    assert [path.name for path in target.parent.iterdir()] == ["graph.nt"]


def test_mode_bits_are_kept(target: Path) -> None:
    target.chmod(0o640)
    with open_output(target) as sink:
        sink.write(b"new\n")
    assert target.stat().st_mode & 0o777 == 0o640


def test_symbolic_link_stays_and_its_target_is_replaced(target: Path) -> None:
    link = target.with_name("link.nt")
    link.symlink_to("graph.nt")
    with open_output(link) as sink:
        sink.write(b"new\n")
    assert link.is_symlink()
    assert target.read_bytes() == b"new\n"


def test_strays_of_ended_runs_are_removed_and_those_of_live_ones_stay(target: Path) -> None:
    stray = target.with_name(".graph.nt.99999-1.owltype-tmp")
    stray.write_bytes(b"torn")
    with AtomicFile(target.with_name("other.nt")) as live:
        live.write(b"other\n")
        with AtomicFile(target) as file:
            file.write(b"new\n")
        assert not stray.exists()
        assert any(path.name.startswith(".other.nt") for path in target.parent.iterdir())
    assert target.with_name("other.nt").read_bytes() == b"other\n"


def test_200_kills_leave_the_old_file_or_the_new_one(tmp_path: Path) -> None:
    script = ROOT / "tests/writers/writing_process.py"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, script, tmp_path / "graph.nt", "200"], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    old, new, left = done.stdout.split(" ", 2)
    assert int(old) > 10
    assert int(new) > 10
    assert left.strip() == "['graph.nt']"


def test_full_disk_is_named_and_the_old_file_stands(tmp_path: Path) -> None:
    with mounted(tmp_path / "small", "size=256k") as folder:
        target = folder / "graph.nt"
        target.write_bytes(b"old\n")
        with (
            pytest.raises(OutputError, match=r'can\'t write ".*graph\.nt": no space left on device; the old file is unchanged'),
            open_output(target) as sink,
        ):
            sink.write(b"x" * 10_000_000)
        assert target.read_bytes() == b"old\n"
        assert [path.name for path in folder.iterdir()] == ["graph.nt"]


def test_read_only_folder_is_found_before_the_work_starts(tmp_path: Path) -> None:
    with mounted(tmp_path / "fixed", "size=256k") as folder:
        target = folder / "graph.nt"
        target.write_bytes(b"old\n")
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
        with pytest.raises(OutputError, match="read-only file system; the old file is unchanged"):
            check_writable(target)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none/graph.nt", "does not exist; make it first"),
        (".", "it is a folder; name a file"),
        ("graph.nt/x", "not a directory|does not exist; make it first"),
    ],
)
def test_impossible_targets_are_named(target: Path, path: str, reason: str) -> None:
    with pytest.raises(OutputError, match=reason):
        check_writable(target.parent / path)


def test_device_is_written_to_and_not_replaced() -> None:
    with open_output("/dev/null") as sink:
        sink.write(b"gone")
    assert Path("/dev/null").is_char_device()


def test_closed_pipe_is_a_quiet_end() -> None:
    code = (
        "from exporter.writers.files import PipeClosed, open_output\n"
        "try:\n"
        "    with open_output('-') as sink:\n"
        "        for _ in range(1000): sink.write(b'x' * 9999)\n"
        "except PipeClosed: raise SystemExit(7)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(10)
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 7
    assert issubclass(PipeClosed, Exception)


@pytest.mark.parametrize("packing", COMPRESSIONS, ids=lambda packing: packing.name)
def test_compressed_files_are_the_same_bytes_each_time(tmp_path: Path, packing: Compression) -> None:
    paths = [tmp_path / "a.nt.x", tmp_path / "b.nt.x"]
    for path in paths:
        with open_output(path, packing) as sink:
            sink.write(b"line\n" * 1000)
    assert paths[0].read_bytes() == paths[1].read_bytes()
    with compression.decompress(io.BytesIO(paths[0].read_bytes()), packing) as file:
        assert file.read() == b"line\n" * 1000


def test_gzip_holds_no_name_and_no_time(tmp_path: Path) -> None:
    path = tmp_path / "graph.nt.gz"
    with open_output(path, GZIP) as sink:
        sink.write(b"text")
    assert path.read_bytes()[3:8] == b"\0\0\0\0\0"
    assert gzip.decompress(path.read_bytes()) == b"text"


def test_missing_zstandard_names_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with (
        pytest.raises(UsageError, match=r'\.zst files need the package zstandard: pip install "owltype\[zstd\]"'),
        open_output(tmp_path / "x", ZSTD),
    ):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("found", "expected", "difference"),
    [
        (b"a\nb\n", b"a\nb\n", None),
        (b"a\nb\n", b"a\nc\n", 'graph.nt:2: the file has "b", the export gives "c"'),
        (b"a\n", b"a\nc\n", 'graph.nt:2: the file has nothing, the export gives "c"'),
        (b"a\nb\n", b"a\n", 'graph.nt:2: the file has "b", the export gives nothing'),
        (b"a\nxy", b"a\nxz", 'graph.nt:2: the file has "xy", the export gives "xz"'),
        (b"a", b"a\n", 'graph.nt:1: the file has "a", the export gives "a"'),
        (b"", b"", None),
    ],
)
@pytest.mark.parametrize("step", [1, 3, 100])
@pytest.mark.parametrize("packing", [None, *COMPRESSIONS], ids=str)
def test_check_names_the_first_line_that_differs(
    target: Path, found: bytes, expected: bytes, difference: str | None, step: int, packing: Compression | None
) -> None:
    with open_output(target, packing) as sink:
        sink.write(found)
    with compare_output(target, packing) as comparison:
        for start in range(0, len(expected), step):
            comparison.write(expected[start : start + step])
        result = comparison.close()
    assert (str(result).removeprefix(f"{target.parent}/") if result else None) == difference


@pytest.mark.parametrize("packing", [None, *COMPRESSIONS], ids=str)
def test_check_of_a_missing_or_torn_file_is_a_difference(target: Path, packing: Compression | None) -> None:
    for path in (target, target.with_name("none.nt")):
        with compare_output(path, packing) as comparison:
            comparison.write(b"text\n")
            assert comparison.close() is not None


def test_every_format_is_found_by_name_extension_and_media_type() -> None:
    for entry in FORMATS:
        for text in (entry.name, entry.label, *entry.extensions, *(extension[1:] for extension in entry.extensions), *entry.media_types):
            assert find_format(text).format is entry
        for packing in COMPRESSIONS:
            assert find_format(f"{entry.name}{packing.extension}").compression is packing
            assert format_of_file(f"x/graph{entry.extensions[0].upper()}{packing.extension}").format is entry
    names = [text for entry in FORMATS for text in (entry.name, *entry.extensions, *entry.media_types)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("text", "near"), [("turtel", "turtle"), ("n-tripels", "ntriples"), ("application/rdf-xml", "rdfxml")])
def test_unknown_format_names_the_near_one(text: str, near: str) -> None:
    with pytest.raises(UsageError, match=f'unknown format "{text}"; did you mean "{near}"'):
        find_format(text)


@pytest.mark.parametrize("path", ["graph", "graph.xlsx", "graph.gz", ".ttl"])
def test_file_name_without_a_known_extension_asks_for_the_format(path: str) -> None:
    with pytest.raises(UsageError, match=r"can't tell the format of .* -f"):
        format_of_file(path)
