"""The names are all there is, each is where it says, and each shows an example that the doctests run."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

import exporter
from exporter import Problem, Record, read
from exporter.discovery import Selection
from exporter.errors import UsageError

TYPES = ["Export", "ExporterError", "Limits", "Problem", "Project", "Record", "Result", "Selection", "Validation"]
NAMES = [
    *TYPES,
    "check",
    "export",
    "infer",
    "load_plan",
    "make_project",
    "map_record",
    "open_dataset",
    "publish",
    "query",
    "read",
    "restore",
    "validate",
]


def test_there_are_twenty_one_names() -> None:
    assert exporter.__all__ == NAMES


def test_a_name_that_is_not_there_is_said_as_python_does() -> None:
    with pytest.raises(AttributeError, match="module 'exporter' has no attribute 'exprot'"):
        exporter.exprot  # noqa: B018 - asking is the test


@pytest.mark.parametrize("name", NAMES)
def test_name_has_an_example(name: str) -> None:
    documented = inspect.getdoc(getattr(exporter, name)) or ""
    assert ">>> " in documented
    assert name in dir(exporter)


def test_read_gives_records_and_problems_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\n---\n")
    (tmp_path / "b.md").write_text("---\ntitle: B\n")
    (tmp_path / "c.md").write_text("no front matter\n")
    (tmp_path / "d.md").write_text("\n---\ntitle: D\n---\n")
    found = [(item.path, "") if isinstance(item, Record) else (item.location.path, item.code) for item in read(tmp_path)]
    assert [(Path(path).name, code) for path, code in found] == [
        ("a.md", ""),
        ("b.md", "READ-UNCLOSED"),
        ("d.md", ""),
        ("d.md", "READ-BLANK-START"),
    ]


def test_read_opens_a_file_only_when_it_is_asked_for(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("---\ntitle: A\n---\n")
    found = read(tmp_path)
    assert isinstance(next(found), Record)
    (tmp_path / "b.md").unlink()
    problem = next(found)
    assert isinstance(problem, Problem)
    assert problem.code == "READ-UNREADABLE"


def test_read_takes_several_paths_and_a_selection(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("---\ntitle: A\n---\n")
    found = [item.path for item in read([tmp_path / "b.md", tmp_path], selection=Selection(exclude=("a.md",))) if isinstance(item, Record)]
    assert [Path(path).name for path in found] == ["b.md"]


def test_read_refuses_a_path_that_is_not_there() -> None:
    with pytest.raises(UsageError, match="no-such-folder"):
        list(read("no-such-folder"))
