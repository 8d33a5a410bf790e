"""Names for problems that stay when lines move, so that services can tell new ones from old ones."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from exporter.problems import Problem, format_key_path

VERSION = "owltype/v2"
"""Counts up when what is hashed changes: a service then takes every problem for a new one, once."""
_MOVING = re.compile(r"\b(lines?|columns?) [0-9]+|:[0-9]+(?::[0-9]+)?|\[[0-9]+\]")


def fingerprint(problem: Problem, occurrence: int = 0) -> str:
    """Hash what a problem is, not where it stands or how it is said: code, file, key without list positions, and what SHACL says of it.

    Where no key tells the place apart, the focus node does. A problem that SHACL knows nothing of has its value in its message only, so
    that is taken, without lines and positions. `occurrence` tells apart problems that are the same in all of these.

    >>> from exporter.problems import Location
    >>> one, two = (Problem("X", Location("a.md", line), f"as in line {line}") for line in (3, 9))
    >>> fingerprint(one) == fingerprint(two), fingerprint(one) == fingerprint(one, 1)
    (True, False)
    """
    key = format_key_path(tuple(part for part in problem.key_path if isinstance(part, str)))
    parts = (problem.code, posixpath.normpath(problem.location.path), key, *_about(problem, key), str(occurrence))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def _about(problem: Problem, key: str) -> Sequence[str]:
    detail = problem.shacl
    if detail is None:
        return (_MOVING.sub("…", problem.message),)
    return (detail.shape or "", "" if key else detail.focus_node, detail.path or "", detail.value or "")


def fingerprints(problems: Iterable[Problem]) -> list[str]:
    """Give each problem its fingerprint, no two the same; the order decides between equal ones."""
    seen: Counter[str] = Counter()
    names = []
    for problem in problems:
        plain = fingerprint(problem)
        names.append(fingerprint(problem, seen[plain]) if seen[plain] else plain)
        seen[plain] += 1
    return names
