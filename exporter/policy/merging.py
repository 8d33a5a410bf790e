"""One fault is one problem: mapping and shapes often say the same of one value, and its author should read it once.

Mapping's problem stays, because it says what was expected of the text as typed; it takes over what SHACL knows, and the worse severity.
The W3C report has every result all the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from exporter.problems import KeyPath, Location, Problem

_COMPARISONS = ("SH-MIN-INCLUSIVE", "SH-MAX-INCLUSIVE", "SH-MIN-EXCLUSIVE", "SH-MAX-EXCLUSIVE", "SH-LESS-THAN", "SH-LESS-THAN-OR-EQUALS")
FOLLOWS = {
    "MAP-DATATYPE": ("SH-DATATYPE", *_COMPARISONS),
    "MAP-REFERENCE": ("SH-CLASS",),
    "REF-DANGLING": ("SH-NODE-KIND", "SH-CLASS", "SH-DATATYPE", "SH-NODE"),
    "REF-FILE": ("SH-NODE-KIND", "SH-CLASS", "SH-DATATYPE", "SH-NODE"),
    "REF-AMBIGUOUS": ("SH-NODE-KIND", "SH-CLASS", "SH-DATATYPE", "SH-NODE"),
    "MAP-IRI": ("SH-NODE-KIND", "SH-CLASS", "SH-DATATYPE"),
    "MAP-IRI-VARIABLE": ("SH-NODE-KIND", "SH-CLASS"),
    "MAP-VALUE": ("SH-NODE-KIND", "SH-CLASS", "SH-DATATYPE", "SH-NODE", "SH-MIN-COUNT"),
    "MAP-CONVERSION": ("SH-IN", "SH-NODE-KIND", "SH-CLASS", "SH-DATATYPE"),
}
"""For a problem of mapping, the results that follow from it where they are about the same value: what was not made can't fit."""


def merged(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Leave out results that follow from a problem of mapping about the same value; the order stays.

    >>> from exporter.problems import Severity
    >>> place = Location("a.md", 2, 7, 2, 13)
    >>> cause = Problem("MAP-DATATYPE", place, "x", Severity.WARNING)
    >>> found = merged([cause, Problem("SH-DATATYPE", place, "y"), Problem("SH-IN", place, "z")])
    >>> [(problem.code, problem.severity.value) for problem in found]
    [('MAP-DATATYPE', 'error'), ('SH-IN', 'error')]
    """
    causes: dict[tuple[str, KeyPath], list[int]] = {}
    kept: list[Problem | None] = list(problems)
    for number, problem in enumerate(problems):
        if problem.code in FOLLOWS:
            causes.setdefault((problem.location.path, problem.key_path), []).append(number)
    for number, problem in enumerate(problems if causes else ()):
        for at in causes.get((problem.location.path, problem.key_path), ()):
            cause = kept[at]
            if cause is not None and problem.code in FOLLOWS[cause.code] and _overlap(cause.location, problem.location):
                kept[at] = _joined(cause, problem)
                kept[number] = None
                break
    return tuple(problem for problem in kept if problem is not None)


def _joined(cause: Problem, result: Problem) -> Problem:
    severity = min(cause.severity, result.severity, key=lambda severity: severity.rank)
    return replace(cause, severity=severity, shacl=cause.shacl or result.shacl)


def _overlap(one: Location, other: Location) -> bool:
    """Say whether two places in a file share a character: a part of a scalar lies in it."""
    first, second = sorted(((one.line, one.column), _end(one)) for one in (one, other))
    return second[0] < first[1] or first[0] == second[0]


def _end(place: Location) -> tuple[int, int]:
    return (place.end_line or place.line, place.end_column or place.column + 1)
