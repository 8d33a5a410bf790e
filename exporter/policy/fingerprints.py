"""Names for problems that stay when lines move, so that a baseline and services can tell new ones from old ones."""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from exporter.policy.sources import read_source
from exporter.problems import Location, Problem, format_key_path, key_names

VERSION = "owltype/v3"
"""Counts up when what is hashed changes: a service then takes every problem for a new one, once."""

Source = Callable[[str], str | None]
"""Gives a file's text, None where there is none."""


def fingerprint(problem: Problem, value: str = "", occurrence: int = 0) -> str:
    """Hash what a problem is, not where it stands or how it is said: code, file, key without list positions, and the value.

    Of a result of SHACL the value is what SHACL says of it, with the focus node where no key tells the place apart. Else it is `value`,
    what stands at the place. `occurrence` tells apart problems that are the same in all of these.

    >>> one, two = (Problem("X", Location("a.md", line), f"as in line {line}") for line in (3, 9))
    >>> fingerprint(one) == fingerprint(two), fingerprint(one) == fingerprint(one, "soon"), fingerprint(one) == fingerprint(one, "", 1)
    (True, False, False)
    """
    key = format_key_path(key_names(problem.key_path))
    parts = (problem.code, posixpath.normpath(problem.location.path), key, *_about(problem, key, value), str(occurrence))
    from hashlib import sha256  # takes 3 ms to import, and most runs have no baseline

    return sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def is_result(code: str) -> bool:
    """Say whether a code is one of SHACL's results. What mapping said first stays mapping's, also where a shape says it again."""
    return code.startswith("SH-")


def _about(problem: Problem, key: str, value: str) -> Sequence[str]:
    detail = problem.shacl
    if detail is None or not is_result(problem.code):
        return (value,)
    return (detail.shape or "", "" if key else detail.focus_node, detail.path or "", detail.value or "")


def fingerprints(problems: Iterable[Problem], source: Source = read_source) -> list[str]:
    """Give each problem its fingerprint, no two the same; the order decides between equal ones."""
    seen: Counter[str] = Counter()
    values = _Values(source)
    names = []
    for problem in problems:
        value = "" if is_result(problem.code) and problem.shacl else values.at(problem.location)
        plain = fingerprint(problem, value)
        names.append(fingerprint(problem, value, seen[plain]) if seen[plain] else plain)
        seen[plain] += 1
    return names


class _Values:
    """What stands at places; problems come by file, so that one file is held."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._path: str | None = None
        self._lines: list[str] = []

    def at(self, place: Location) -> str:
        """Give the text from a place's start to its end, with its white space as single spaces; nothing for a place without an end."""
        if place.end_line is None or place.end_column is None:
            return ""
        if self._path != place.path:
            self._path, self._lines = place.path, (self._source(place.path) or "").split("\n")
        lines = self._lines[place.line - 1 : place.end_line]
        if len(lines) == place.end_line - place.line + 1:
            lines[-1] = lines[-1][: place.end_column - 1]
            lines[0] = lines[0][place.column - 1 :]
        return " ".join(" ".join(lines).split())
