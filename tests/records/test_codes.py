"""Every code of reading is shown by its own examples."""

from __future__ import annotations

import pytest

from exporter.explanations import Explanation, explanations
from exporter.records.data.claims import Claim
from exporter.records.reading import read_file
from exporter.records.record import Reading

CODES = [entry for entry in explanations().values() if entry.code.startswith(("READ-", "YAML-", "TOML-", "JSON-"))]
IN_WORDS = {
    "READ-UNREADABLE": "tests/test_discovery.py and test_reading.py",
    "READ-NOT-A-FILE": "tests/test_discovery.py",
    "READ-NAME": "tests/test_discovery.py",
    "READ-NOTHING": "tests/cli/test_nothing_looked_at.py",
    "READ-TOO-LARGE": "test_reading.py",
    "READ-BODY": "test_bodies.py",
    "READ-HANDLER": "test_handlers.py",
    "READ-RDF": "tests/validation/rdf: it is about RDF files",
}
"""Codes whose examples are no text, with the tests that produce them."""
ENCODINGS = {"READ-UTF16": "utf-16", "READ-ENCODING": "latin-1"}
DATA = {"READ-RECORDS": ("yml", ("authors",)), "READ-TABLE": ("csv", ()), "READ-TABLE-SHORT": ("csv", ())}
"""Codes of data files: the extension of their examples, and where the records stand."""
SHOWN = [entry for entry in CODES if entry.code not in IN_WORDS]


def by_code(entry: Explanation) -> str:
    return entry.code


def read(name: str, entry: Explanation, data: bytes) -> Reading:
    suffix, key_path = DATA.get(entry.code, ("md", None))
    return read_file(f"{name}.{suffix}", data, claims=() if key_path is None else (Claim(key_path, "https://example.org/C"),))


@pytest.mark.parametrize("entry", SHOWN, ids=by_code)
def test_bad_example_has_the_problem(entry: Explanation) -> None:
    data = entry.bad.replace("␀", "\0").encode(ENCODINGS.get(entry.code, "utf-8"))
    problems = [problem for each in read("bad", entry, data).each for problem in each.problems]
    assert [(problem.code, problem.severity) for problem in problems] == [(entry.code, entry.severity)]


@pytest.mark.parametrize("entry", SHOWN, ids=by_code)
def test_good_example_is_read_without_a_problem(entry: Explanation) -> None:
    (reading,) = read("good", entry, entry.good.encode()).each
    assert reading.problems == ()
    assert reading.record is not None


def test_codes_are_unique_and_sentences_are_complete() -> None:
    assert len({entry.code for entry in CODES}) == len(CODES)
    for entry in CODES:
        assert entry.text.endswith("."), entry.code
        assert not entry.title.endswith("."), entry.code
