"""Each folder in `cases` is a file and what becomes of it: `input.*` and `expected.json`.

`expected.json` has what the case is about: `handlers` that the settings name, `front_matter` (a `Plain` is `{"typed": …, "core": …}`),
`body`, `body_line`, `skipped`, `problems` (`line:column-line:column CODE message`, with `related` places in brackets) and `places` (a key
path, perhaps with `!key` or `!start-end` for a span, and the text that stands there).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from exporter.problems import Location, Problem
from exporter.records.plugging import load_handlers
from exporter.records.reading import read_file
from exporter.records.record import Reading
from exporter.records.values import Plain, Value
from tests.cases import discover
from tests.records.places import text_at

PARTS = {"about", "handlers", "front_matter", "body", "body_line", "skipped", "problems", "places"}


@discover(__file__, least=30)
def test_case(case: Path) -> None:
    (file,) = case.glob("input.*")
    expected: dict[str, Any] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    assert set(expected) <= PARTS
    reading = read_file(file.name, file.read_bytes(), handlers=load_handlers(expected.get("handlers", [])))
    assert [write_problem(problem) for problem in reading.problems] == expected.get("problems", [])
    assert reading.skipped == expected.get("skipped")
    found = describe(reading)
    assert {part: found.get(part) for part in expected if part in found} == {part: expected[part] for part in expected if part in found}
    assert ("front_matter" in expected) == (reading.record is not None)
    check_places(reading, expected.get("places", {}))


def describe(reading: Reading) -> dict[str, object]:
    """Write a record as `expected.json` does, key order included."""
    record = reading.record
    if record is None:
        return {}
    return {"front_matter": write_value(record.front_matter), "body": record.body, "body_line": record.body_line}


def check_places(reading: Reading, places: dict[str, str]) -> None:
    for name, expected in places.items():
        assert reading.record is not None
        path, _, option = name.partition("!")
        span = re.fullmatch(r"(\d+)-(\d+)", option)
        place = reading.record.locate(path, key=option == "key", span=(int(span[1]), int(span[2])) if span else None)
        assert f"{place.line}:{place.column} {text_at(reading.record.text, place)}" == expected, name


def write_value(value: Value) -> object:
    if isinstance(value, Plain):
        return {"typed": str(value), "core": value.core}
    if isinstance(value, dict):
        return {key: write_value(child) for key, child in value.items()}
    if isinstance(value, list):
        return [write_value(child) for child in value]
    return value


def write_problem(problem: Problem) -> str:
    related = "".join(f" [{_range(place)}]" for place in problem.related)
    return f"{_range(problem.location)} {problem.code} {problem.message}{related}"


def _range(place: Location) -> str:
    return f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"
