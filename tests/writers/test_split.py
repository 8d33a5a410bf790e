"""A split export changes its folder whole or not at all, and file names are safe wherever they land."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.errors import OutputError
from exporter.writers.split import MANIFEST, SplitFolder, safe_file_name

NAMES = [
    "",
    ".",
    "..",
    "../x",
    "a/b",
    "a\\b",
    "CON",
    "con",
    "con.x",
    "nul",
    "a",
    "A",
    "a.",
    "a ",
    ".a",
    "é",
    "e\u0301",
    "x" * 300,
    "a\0b",
    "a:b",
    "http://a.example/",
]


def listing(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.name != MANIFEST}


def write(folder: Path, files: dict[str, bytes]) -> None:
    with SplitFolder(folder) as split:
        for name, data in files.items():
            with split.file(name) as file:
                file.write(data)


def fail_after_writing(split: SplitFolder) -> None:
    with split.file("a.nt") as file:
        file.write(b"2")
    raise RuntimeError


@given(st.one_of(st.text(max_size=200), st.sampled_from(NAMES)))
def test_file_names_are_safe(text: str) -> None:
    name = safe_file_name(text)
    assert name == safe_file_name(text)
    assert 0 < len(name) <= 130
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789._-")
    assert name[0] not in ".-"
    assert name[-1] not in ". "
    assert name.partition(".")[0] not in {"con", "prn", "aux", "nul", "com1", "lpt1"}


def test_file_names_are_unique_where_case_is_ignored() -> None:
    texts = [*NAMES, *map(safe_file_name, NAMES)]
    named = {text: safe_file_name(text) for text in texts}
    assert len(set(named.values())) == len(set(texts))


def test_files_that_are_no_longer_made_are_removed_and_foreign_ones_stay(tmp_path: Path) -> None:
    write(tmp_path, {"a.nt": b"1", "b.nt": b"2"})
    (tmp_path / "mine.txt").write_bytes(b"mine")
    write(tmp_path, {"b.nt": b"3"})
    assert listing(tmp_path) == {"b.nt": b"3", "mine.txt": b"mine"}


def test_failure_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    write(tmp_path, {"a.nt": b"1"})
    with pytest.raises(RuntimeError), SplitFolder(tmp_path) as split:
        fail_after_writing(split)
    assert listing(tmp_path) == {"a.nt": b"1"}


def test_failure_in_a_new_folder_leaves_none(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), SplitFolder(tmp_path / "new"):
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_strays_of_killed_runs_are_removed_and_live_ones_stay(tmp_path: Path) -> None:
    stray = tmp_path / ".split.99999-1.owltype-tmp"
    stray.mkdir()
    (stray / "a.nt").write_bytes(b"torn")
    with SplitFolder(tmp_path) as live:
        write(tmp_path, {"b.nt": b"2"})
        with live.file("a.nt") as file:
            file.write(b"1")
    assert not stray.exists()
    assert (tmp_path / "a.nt").read_bytes() == b"1"


@pytest.mark.parametrize("name", ["", "..", "a/b", "../a", MANIFEST, "A.NT"])
def test_names_that_lead_elsewhere_or_are_taken_are_refused(tmp_path: Path, name: str) -> None:
    with SplitFolder(tmp_path) as split:
        with split.file("a.nt") as file:
            file.write(b"1")
        with pytest.raises(OutputError, match="it has to be a name of its own"), split.file(name):
            pass


def test_nested_names_make_folders_and_take_them_away(tmp_path: Path) -> None:
    with SplitFolder(tmp_path, nested=True) as split:
        for name in ("a/b/c.nt", "a/d.nt", "e.nt"):
            with split.file(name) as file:
                file.write(b"1")
    assert (tmp_path / "a/b/c.nt").read_bytes() == b"1"
    with SplitFolder(tmp_path, nested=True) as split, split.file("a/d.nt") as file:
        file.write(b"2")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.nt")) == ["a/d.nt"]
    assert not (tmp_path / "a/b").exists()


@pytest.mark.parametrize("name", ["", "..", "a/../b", "/a", "a//b", "a/", "link/a", "link/a/b", "a/.x.1-1.owltype-tmp"])
def test_nested_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "link").symlink_to(tmp_path / "elsewhere")
    with (
        SplitFolder(tmp_path / "out", nested=True) as split,
        pytest.raises(OutputError, match="it has to be a name of its own"),
        split.file(name),
    ):
        pass


def test_manifest_that_leads_through_a_link_removes_nothing(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.nt").write_bytes(b"1")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "out" / MANIFEST).write_text('{"files": ["link/a.nt"]}')
    with pytest.raises(OutputError, match="is not a list of files that owltype wrote"):
        write(tmp_path / "out", {"b.nt": b"1"})
    assert (tmp_path / "elsewhere" / "a.nt").exists()


@pytest.mark.parametrize("text", ["[]", '{"files": ["../x"]}', '{"files": [1]}', "{"])
def test_foreign_manifest_removes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / MANIFEST).write_text(text)
    with pytest.raises(OutputError, match="is not a list of files that owltype wrote"):
        write(tmp_path, {"a.nt": b"1"})
    assert listing(tmp_path) == {}
