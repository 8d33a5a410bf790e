"""A user's own handler reads what ours do not, and can't end a run."""

from __future__ import annotations

import datetime as dt
import re
import sys
from pathlib import Path

import pytest
from frontmatter.default_handlers import BaseHandler, YAMLHandler

from exporter.errors import UsageError
from exporter.records.handlers import DEFAULT
from exporter.records.plugging import installed_handlers
from exporter.records.reading import read_text
from exporter.records.values import Plain


class IniHandler(BaseHandler):
    """Lines `key = value` between lines `;;;`."""

    FM_BOUNDARY = re.compile(r"^;;;$", re.MULTILINE)

    def load(self, fm: str) -> dict[str, object]:
        pairs = (line.partition("=") for line in fm.strip().splitlines())
        return {key.strip(): value.strip() for key, _, value in pairs}


class Giving(IniHandler):
    """Gives what it was made with, or raises it."""

    def __init__(self, given: object) -> None:
        super().__init__()
        self._given = given

    def load(self, fm: str) -> dict[str, object]:
        del fm
        if isinstance(self._given, Exception):
            raise self._given
        return self._given  # type: ignore[return-value]  # on purpose


TEXT = ";;;\ntitle = A\n;;;\nText.\n"


def test_users_handler_reads_its_format() -> None:
    record = read_text("a.md", TEXT, handlers=(IniHandler(), *DEFAULT)).record
    assert record is not None
    assert (record.front_matter, record.body.strip(), record.syntax) == ({"title": "A"}, "Text.", "IniHandler")
    assert str(record.locate("@body")) == "a.md:4:1"
    assert str(record.locate("title")) == "a.md:2:1"


def test_without_the_handler_the_file_is_skipped() -> None:
    assert read_text("a.md", TEXT).skipped == "no front matter"


def test_python_frontmatters_own_handler_plugs_in() -> None:
    record = read_text("a.md", "---\nday: 2026-08-16\nn: 1.50\n---\n", handlers=[YAMLHandler()]).record
    assert record is not None
    day, n = record.front_matter["day"], record.front_matter["n"]
    assert isinstance(day, Plain)
    assert isinstance(n, Plain)
    assert (day, day.core, n, n.core) == ("2026-08-16", "date", "1.5", "double")


@pytest.mark.parametrize(
    ("given", "front_matter"),
    [
        ({"a": dt.datetime(2026, 8, 16, tzinfo=dt.UTC)}, {"a": "2026-08-16T00:00:00+00:00"}),
        ({1: (1, None, {"b": True})}, {"1": [1, None, {"b": True}]}),
        ({"a": 10**30}, {"a": "1" + "0" * 30}),
    ],
)
def test_handlers_values_become_front_matter(given: object, front_matter: object) -> None:
    record = read_text("a.md", TEXT, handlers=[Giving(given)]).record
    assert record is not None
    assert record.front_matter == front_matter


@pytest.mark.parametrize("given", [KeyError("x"), RecursionError("deep"), {"a": ...}, {"a": b"bytes"}], ids=str)
def test_handlers_failure_is_a_problem(given: object) -> None:
    reading = read_text("a.md", TEXT, handlers=[Giving(given)])
    assert [problem.code for problem in reading.problems] == ["READ-HANDLER"]
    assert "Giving" in reading.problems[0].message


@pytest.mark.parametrize("given", [["a"], "a"], ids=str)
def test_handler_that_gives_no_map_is_a_problem(given: object) -> None:
    assert [problem.code for problem in read_text("a.md", TEXT, handlers=[Giving(given)]).problems] == ["READ-NOT-A-MAP"]


def install(folder: Path, target: str) -> None:
    info = folder / "ini_records-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: ini-records\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text(f"[owltype.handlers]\nini = {target}\n", encoding="utf-8")


def test_installed_handlers_come_before_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, f"{__name__}:IniHandler")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    handlers = installed_handlers()
    assert [type(handler).__name__ for handler in handlers] == ["IniHandler", *(type(handler).__name__ for handler in DEFAULT)]


def test_entry_point_that_is_no_handler_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "datetime:date.today")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(UsageError, match="the entry point ini"):
        installed_handlers()
