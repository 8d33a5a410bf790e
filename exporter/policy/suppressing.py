"""Suppressed problems, each with its reason: in the settings, or in the record itself.

A record says it in its front matter, where the key is not data:

    owltypeIgnore:
      SH-PATTERN link.href: the old site has no address
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exporter.globs import glob_pattern
from exporter.mapping.mapping import IGNORE_KEY
from exporter.problems import Location, Problem, Severity, format_key_path, key_names
from exporter.problems.codes import unknown_code
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.settings.suppressions import Suppression


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What is left to report, how many problems were suppressed, and which suppressions of the settings met none."""

    problems: tuple[Problem, ...]
    count: int
    unused: tuple[Suppression, ...] = ()


@dataclass(frozen=True, slots=True)
class _InRecord:
    code: str
    key: str | None
    place: Location
    path: str | None = None
    extent: Location | None = None
    """Where the record stands that says so, if its file holds others, too."""


@dataclass(slots=True)
class _OwnRules:
    """What one record suppresses; `wrong` are the problems of saying so."""

    rules: list[_InRecord] = field(default_factory=list)
    wrong: list[Problem] = field(default_factory=list)


def suppress(
    problems: Sequence[Problem],
    suppressions: Sequence[Suppression] = (),
    *,
    records: Sequence[str] = (),
    reader: Reader,
    complete: bool = True,
    drift: bool = False,
) -> Suppressed:
    """Leave out what the settings or the records suppress.

    Where all problems of `records` are known, which `complete` says, they may have suppressions of their own that meet none; those of
    drift only where that was looked for.
    """
    paths = dict.fromkeys((*(problem.location.path for problem in problems), *(records if complete else ())))
    own = {path: rules for path in paths if (rules := _read(path, reader)) is not None}
    left = [wrong for rules in own.values() for wrong in rules.wrong]
    used: set[int] = set()
    for problem in problems:
        of_record = own.get(problem.location.path)
        known: tuple[Suppression | _InRecord, ...] = (*suppressions, *(of_record.rules if of_record else ()))
        covering = [id(rule) for rule in known if _covers(rule, problem)]
        used.update(covering)
        if not covering:
            left.append(problem)
    count = len(problems) + sum(len(rules.wrong) for rules in own.values()) - len(left)
    if complete:
        left += [_stale(rule) for rules in own.values() for rule in rules.rules if id(rule) not in used and _is_due(rule, drift=drift)]
    unused = tuple(rule for rule in suppressions if id(rule) not in used and _is_due(rule, drift=drift))
    return Suppressed(tuple(left), count, unused)


def _is_due(rule: Suppression | _InRecord, *, drift: bool) -> bool:
    return drift or not rule.code.startswith(DRIFT)


def stale_settings(unused: Sequence[Suppression], all_of_them: Sequence[Suppression], file: str, checked: Sequence[str]) -> list[Problem]:
    """Make problems of suppressions that met nothing in a run over the files `checked`, and whose files were among them."""
    places = _places(file, len(all_of_them))
    return [
        _stale(_InRecord(rule.code, rule.key, places[all_of_them.index(rule)], rule.path))
        for rule in unused
        if rule.path is None or any(glob_pattern(rule.path).fullmatch(path) for path in checked)
    ]


DRIFT = "CHECK-"
"""How the codes begin of what only `owltype check` looks for."""
_TABLE = re.compile(r"(?m)^[ \t]*\[\[[^\]]*suppressions[ \t]*\]\]")


def _places(file: str, count: int) -> list[Location]:
    """Where the tables of a settings file begin; the file alone where they are written in another way."""
    text = Path(file).read_text("utf-8")
    lines = [text.count("\n", 0, match.start()) + 1 for match in _TABLE.finditer(text)]
    return [Location(file, line) for line in lines] if len(lines) == count else [Location(file)] * count


def _stale(rule: _InRecord) -> Problem:
    what = f"{rule.code} at {rule.key}" if rule.key else rule.code
    where = f" in {rule.path}" if rule.path else ""
    message = f"{what} is suppressed{where}, and the run has no such problem"
    return Problem("IGNORE-STALE", rule.place, message, Severity.INFO, "remove it: it would hide the next one")


def _covers(rule: Suppression | _InRecord, problem: Problem) -> bool:
    if rule.code != problem.code or problem.code.startswith("IGNORE-"):
        return False
    if rule.path is not None and not glob_pattern(rule.path).fullmatch(problem.location.path):
        return False
    if isinstance(rule, _InRecord) and rule.extent is not None and not _is_within(problem.location, rule.extent):
        return False
    if rule.key is None:
        return True
    names = format_key_path(key_names(problem.key_path))
    return rule.key in (names, problem.key) or names.startswith(rule.key + ".")


def _is_within(place: Location, extent: Location) -> bool:
    end = (extent.end_line or extent.line, extent.end_column or extent.column)
    return (extent.line, extent.column) <= (place.line, place.column) <= end


def _read(path: str, reader: Reader) -> _OwnRules | None:
    """Read what a record suppresses; None for the many that suppress nothing, which takes a look at their bytes."""
    try:
        data = reader.tree.data(path)
        if data is None:
            file = Path(reader.tree.place(path))
            data = file.read_bytes() if file.is_file() else b""  # a pipe that stands among records would be waited for
    except OSError:
        return None
    if IGNORE_KEY.encode() not in data:
        return None
    found = _OwnRules()
    for each in reader.read(path).each:
        if each.record is not None and each.record.front_matter.get(IGNORE_KEY) is not None:
            _add_rules(each.record, found)
    return found if found.rules or found.wrong else None


def _add_rules(record: Record, found: _OwnRules) -> None:
    value = record.front_matter[IGNORE_KEY]
    extent = record.extent() if record.item is not None else None
    for name, reason in _entries(value):
        code, _, key = name.partition(" ")
        place = record.locate((IGNORE_KEY, name) if isinstance(value, dict) else (IGNORE_KEY,), key=isinstance(value, dict))
        if wrong := unknown_code(code):
            found.wrong.append(Problem("IGNORE-CODE", place, wrong, help="nothing is suppressed by it", key_path=(IGNORE_KEY,)))
        elif isinstance(reason, str) and reason.strip():
            found.rules.append(_InRecord(code, key.strip() or None, place, extent=extent))
        else:
            message = f"{code} is suppressed without a reason"
            help_ = f"write {IGNORE_KEY} as a map from codes to reasons"
            found.wrong.append(Problem("IGNORE-REASON", place, message, help=help_, key_path=(IGNORE_KEY,)))


def _entries(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(item), None) for item in value)
    else:
        yield str(value), None
