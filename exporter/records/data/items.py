"""Data files: files that hold many records (`map:records`), each an item of a list, an entry of a map or a row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from exporter.problems import Location, Problem, format_key_path
from exporter.records.data.claims import EMPTY_FILE, EMPTY_ITEM, Claim
from exporter.records.faults import Lines, to_problem
from exporter.records.record import Item, Reading, Record
from exporter.records.values import Value, look_up
from exporter.text import quote

_ADVICE = "write the records there, or name their place with map:records"

MAX_ITEMS = 100_000
"""Records of one file: what becomes of them is held until the file is done."""


if TYPE_CHECKING:
    from exporter.records.data.tables import TableRow


def read_items(base: Record, value: Value, claims: Iterable[Claim], problems: tuple[Problem, ...] = ()) -> Reading:
    """Read the records of a data file whose whole `value` is given; `base` says how what stands in it is found again."""
    return _read(base.path, [reading for claim in claims for reading in _items(base, value, claim)], problems)


def read_rows(path: str, text: str, syntax: str, claims: Iterable[Claim]) -> Reading:
    """Read the records of a table; raises ReadingError where the table as a whole can't be read."""
    from exporter.records.data.tables import read_table  # records are seldom rows, and csv takes time to import

    base = Record(path, {}, "", syntax, text, 1, (0, len(text)))
    rows, lines = read_table(text, syntax), Lines(text)
    return _read(path, [reading for claim in claims for reading in _rows(base, rows, claim, lines)], ())


def _read(path: str, items: Sequence[Reading], problems: tuple[Problem, ...]) -> Reading:
    if not items:
        return Reading(path, problems=problems, skipped=EMPTY_FILE)
    if len(items) > MAX_ITEMS:
        message = f"the file holds more than {MAX_ITEMS:,} records"
        return Reading(path, problems=(Problem("READ-TOO-LARGE", Location(path), message, help="split it into several files"),))
    return Reading(path, problems=problems, items=tuple(items))


def _rows(base: Record, rows: Sequence[TableRow], claim: Claim, lines: Lines) -> Iterator[Reading]:
    if claim.key_path:
        yield _none(base, claim, "a table has rows and no keys above them", 'write map:records ""')
        return
    for number, row in enumerate(rows):
        if row.fault is not None:
            yield Reading(base.path, problems=(to_problem(row.fault, base.path, lines),))
        elif not any(map(str.strip, map(str, row.value.values()))):
            yield Reading(base.path, skipped=EMPTY_ITEM)
        else:
            item = Item((number,), number + 1, claim.class_iri)
            problems = tuple(to_problem(remark, base.path, lines) for remark in row.remarks)
            yield Reading(base.path, replace(base, front_matter=row.value, item=item), problems)


def _items(base: Record, value: Value, claim: Claim) -> Iterator[Reading]:
    found = look_up(value, claim.key_path)
    at = claim.key_path
    if isinstance(found, list):
        for number, item in enumerate(found):
            yield _item(base, item, Item((*at, number), number + 1, claim.class_iri))
    elif isinstance(found, dict):
        for number, (key, item) in enumerate(found.items()):
            yield _item(base, item, Item((*at, key), number + 1, claim.class_iri, key))
    elif found is None or found == "":
        name = quote(format_key_path(at)) if at else "a list or a map"
        yield _none(base, claim, f"{name} is missing or empty, and its items are the records of this file", _ADVICE)
    else:
        yield _none(base, claim, f"{quote(found)} stands where a list or a map of records is expected", _ADVICE)


def _none(base: Record, claim: Claim, message: str, advice: str) -> Reading:
    """Reject a file without records where a class has them."""
    problem = Problem("READ-RECORDS", base.locate(claim.key_path), message, help=advice, key_path=claim.key_path)
    return Reading(base.path, problems=(problem,))


def _item(base: Record, value: Value, item: Item) -> Reading:
    if isinstance(value, list):
        message = "a list stands where a record is expected"
        place = replace(base, item=item).locate(())
        problem = Problem("READ-NOT-A-MAP", place, message, help="write a map of keys", key_path=item.path)
        return Reading(base.path, problems=(problem,))
    if value is None or value in ("", {}):
        return Reading(base.path, skipped=EMPTY_ITEM)
    if isinstance(value, dict):
        return Reading(base.path, replace(base, front_matter=value, item=item))
    return Reading(base.path, replace(base, front_matter={}, item=replace(item, value=value)))
