"""SPARQL in shapes is judged by its terminals: each file in `queries` says in its first line what must be found, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.errors import ShapesError
from exporter.problems import Problem
from exporter.validation.shapes.checking import CheckOptions, check_shapes
from exporter.validation.shapes.loading import load_shapes

FILES = sorted((Path(__file__).parent / "queries").glob("*.ttl"))


def _findings(path: Path) -> tuple[Problem, ...]:
    try:
        return check_shapes(load_shapes([path]), CheckOptions(advanced=True))
    except ShapesError as error:
        return error.problems


def test_there_are_queries_to_judge() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_query_is_judged_by_its_terminals(path: Path) -> None:
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# ")
    shown = [f"{p.code} {p.location.line}:{p.location.column}: {p.message} {p.help}" for p in _findings(path)]
    if expected == "ok":
        assert not shown
        return
    code, at, words = expected.split(" ", 2)
    assert len(shown) == 1, shown
    assert shown[0].startswith(f"{code} {at}:"), shown
    assert words in shown[0]
