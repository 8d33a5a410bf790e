"""Outcomes come back as they were, and nothing else comes back as an outcome."""

from __future__ import annotations

import random
import struct
import time
import tracemalloc

import msgspec
import pytest

from exporter.cache.coding import decode_outcome, encode_outcome
from exporter.errors import CacheError
from exporter.outcomes.outcome import Outcome, RecordOutcome
from exporter.project import make_project
from exporter.settings.model import Settings
from tests.cache.outcomes import everything, medigy, outcomes_of, small_outcomes
from tests.corpora import test_digitalgov_references
from tests.corpora.running import ontology_of
from tests.data import DIGITALGOV, OBOFOUNDRY, needs


def comes_back(outcome: Outcome) -> None:
    made = decode_outcome(memoryview(encode_outcome(outcome)))
    assert made == outcome
    assert repr(made) == repr(outcome)  # types, too: a named tuple equals a plain one


def test_the_outcomes_of_every_case_come_back() -> None:
    outcomes = small_outcomes()
    assert len(outcomes) > 200
    for outcome in outcomes:
        comes_back(outcome)
    records = [record for outcome in outcomes for record in outcome.records]
    unset = set(RecordOutcome._fields) - {name for record in records for name in RecordOutcome._fields if getattr(record, name)}
    assert not unset, "no case has these"


def test_the_outcomes_of_the_example_records_come_back() -> None:
    for outcome in outcomes_of(medigy(), "turtle", "jsonld"):
        comes_back(outcome)


@pytest.mark.slow
@needs(DIGITALGOV, OBOFOUNDRY)
def test_the_outcomes_of_every_corpus_come_back() -> None:
    projects = [make_project(folder, settings=Settings(), ontology=ontology_of(folder.name), jobs=1) for folder in (DIGITALGOV, OBOFOUNDRY)]
    projects.append(
        make_project(test_digitalgov_references.CONTENT, settings=Settings(), ontology=test_digitalgov_references.ONTOLOGY, jobs=1)
    )
    counts = []
    for project in projects:
        outcomes = list(outcomes_of(project, "turtle"))
        counts.append(len(outcomes))
        for outcome in outcomes:
            comes_back(outcome)
    assert min(counts) > 100


def test_half_characters_of_a_path_come_back() -> None:
    assert encode_outcome(everything())[:1] == b"\1"
    assert decode_outcome(encode_outcome(everything())).path == "content/caf\udce9.md"


def rows() -> list[object]:
    """An outcome's row, to be made wrong."""
    value: list[object] = msgspec.msgpack.decode(encode_outcome(everything()._replace(path="a.md"))[1:])
    return value


def refused(row: object) -> str:
    with pytest.raises(CacheError) as caught:
        decode_outcome(b"\0" + msgspec.msgpack.encode(row))
    return str(caught.value)


def places(row: object, path: tuple[int, ...] = ()) -> list[tuple[int, ...]]:
    found = [path]
    for number, inner in enumerate(row if isinstance(row, list) else ()):
        found += places(inner, (*path, number))
    return found


def at(row: object, path: tuple[int, ...]) -> object:
    for number in path:
        assert isinstance(row, list)
        row = row[number]
    return row


def test_every_value_of_another_type_is_refused() -> None:
    """Each place in a row that has everything, with each type of MessagePack in its stead."""
    tried = 0
    others: tuple[object, ...] = (None, True, 7, 1.5, "?", b"?", [], {}, ["?"] * 20)
    for path in places(rows())[1:]:
        for other in others:
            row = rows()
            parent = at(row, path[:-1])
            assert isinstance(parent, list)
            parent[path[-1]] = other
            encoded = b"\0" + msgspec.msgpack.encode(row)
            try:
                made = decode_outcome(encoded)
            except CacheError:
                continue
            tried += 1
            comes_back(made)  # what is taken is an outcome through and through
    assert tried > 100


def test_rows_that_are_too_short_or_too_long_are_refused() -> None:
    """Only sequences of one kind of value may have another length."""
    for path in places(rows()):
        for longer in (True, False):
            row = rows()
            items = at(row, path)
            if isinstance(items, list):
                items[:] = [*items, items[-1] if items else None] if longer else []
                try:
                    comes_back(decode_outcome(b"\0" + msgspec.msgpack.encode(row)))
                except CacheError:
                    continue
    for wrong in ([], ["a.md"], ["a.md", []], ["a.md", [], [], []], [["a.md", [], []]]):
        refused(wrong)
    assert refused(["a.md", [], [], []]) == "not an outcome: Expected `array` of length 3, got 4"


@pytest.mark.parametrize("term", [["i", "no iri", ""], ["l", "x", "not a tag!"], ["d", "x", "no iri"], ["?", "x", ""], ["b", "a b", ""]])
def test_terms_that_are_not_valid_are_refused(term: list[str]) -> None:
    row = rows()
    path = next(path for path in places(row) if at(row, path) == ["i", "https://example.org/é", ""])
    parent = at(row, path[:-1])
    assert isinstance(parent, list)
    parent[path[-1]] = term
    refused(row)


def test_bombs_are_refused_at_once() -> None:
    hole: bytes = b"\x94\xa9urn:a\x3ab\x3ac\xa5urn:b\x91\x94\xc0"  # a hole that holds what is looked up, which makes a hole …
    bombs = [
        b"\0" + b"\x91" * 1_000_000,
        b"\1" + b"\x91" * 1_000_000,
        b"\0\x93\xa1a\xdd" + struct.pack(">I", 0xFFFFFFFF),
        b"\0\x93\xdb" + struct.pack(">I", 0xFFFFFFFF) + b"a",
        b"\0\xdf" + struct.pack(">I", 0xFFFFFFFF),
        b"\0" + hole * 100_000,
        b"\0\xc1",
        b"",
        b"\0",
        b"\1",
        b"\2",
    ]
    for bomb in bombs:
        tracemalloc.start()
        with pytest.raises(CacheError):
            decode_outcome(bomb)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 50_000 + 20 * len(bomb), bomb[:8]


def test_holes_that_hold_holes_without_end_are_refused() -> None:
    term: list[object] = ["i", "urn:a:b", ""]
    inner: list[object] = ["urn:a:b", "urn:a:b", [], False]
    around = ["urn:a:b", "urn:a:b", [[None, ["", [], [], term, False, False, [[], [], ["@"]], [], False], [], None]], False]
    before, after = msgspec.msgpack.encode(around).split(msgspec.msgpack.encode("@"))
    first, last = msgspec.msgpack.encode(["a.md", [[None, "", None, [], [], [], [], [], None, [], ["@"]]], []]).split(b"\xa1@")
    for depth, taken in ((1, True), (20, True), (100_000, False)):
        data = b"\0" + first + before * depth + msgspec.msgpack.encode(inner) + after * depth + last
        if taken:
            comes_back(decode_outcome(data))
        else:
            with pytest.raises(CacheError):
                decode_outcome(data)


def test_flipped_and_random_bytes_give_an_error_or_an_outcome() -> None:
    chance = random.Random(11)
    good = [encode_outcome(outcome) for outcome in (*small_outcomes()[:40], everything())]
    refusals = 0
    started = time.process_time()
    for _ in range(6_000):
        data = bytearray(chance.choice(good))
        for _ in range(chance.randrange(1, 4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        data = data[: chance.randrange(len(data))] if chance.random() < 0.3 else data
        data = bytearray(data[:1] + chance.randbytes(40)) if chance.random() < 0.1 else data
        try:
            decode_outcome(bytes(data))
        except CacheError:
            refusals += 1
    assert 3_000 < refusals < 6_000
    assert time.process_time() - started < 60  # not a measure: none hangs
