"""Shapes written for Digital.gov's records: both engines say the same, and as much as a plain look at the records does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from exporter import validate
from exporter.problems import Problem
from tests.data import DIGITALGOV, needs

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "examples" / "digitalgov"
CONTENT = DIGITALGOV / "content"
FRONT_MATTER = re.compile(r"\A\s*---[ \t]*\n(.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)

pytestmark = needs(DIGITALGOV)


@cache
def _problems(engine: str) -> tuple[Problem, ...]:
    found = validate(CONTENT, shapes=[EXAMPLE / "shapes.ttl"], ontology=[EXAMPLE / "ontology.ttl"], engine=engine)
    assert found.checked == 2212
    return found.problems


@pytest.mark.slow
def test_both_engines_give_the_same_problems() -> None:
    assert _problems("shacl") == _problems("pyshacl") == _problems("both")


def _records(rejected: set[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(CONTENT.rglob("*.md")):
        match = FRONT_MATTER.match(path.read_text("utf-8"))
        assert match is not None, path
        if path.as_posix() not in rejected:
            yield path.relative_to(CONTENT).parts[0], yaml.load(match[1], Loader=yaml.BaseLoader) or {}  # noqa: S506 - makes texts only


def _items(value: object) -> list[str]:
    found = value if isinstance(value, list) else [value]
    return [item for item in found if isinstance(item, str) and item]


@pytest.mark.slow
def test_as_much_is_found_as_by_a_plain_look() -> None:
    ours = Counter((problem.code, problem.help) for problem in _problems("shacl"))
    records = list(_records({(CONTENT.parent / p.location.path).as_posix() for p in _problems("shacl") if p.code == "YAML-DUPLICATE-KEY"}))
    pages = [record for folder, record in records if folder != "authors"]
    named = {name for page in pages for name in _items(page.get("authors"))}
    folders = {path.parent.name for path in (CONTENT / "authors").rglob("*.md")}
    assert ours["SH-MIN-COUNT", "every page has one title"] == sum(not page.get("title") for page in pages) > 0
    assert ours["SH-MAX-LENGTH", "search engines cut a title after 110 characters"] == sum(
        len(page.get("title", "")) > 110 for page in pages
    )
    assert ours["SH-MAX-COUNT", "a page of more than six topics is about everything"] == sum(
        len(set(_items(page.get("topics")))) > 6 for page in pages
    )
    assert ours["SH-MIN-COUNT", "no page names this author"] == len(folders - named)
