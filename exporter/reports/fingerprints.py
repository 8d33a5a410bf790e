"""Names for problems that stay when lines move, so that services can tell new ones from old ones."""

from __future__ import annotations

import hashlib
import posixpath
import re
from collections import Counter
from collections.abc import Iterable

from exporter.problems import Problem

_LINE = re.compile(r"\b(lines?|columns?) [0-9]+|:[0-9]+(?::[0-9]+)?")


def fingerprint(problem: Problem, occurrence: int = 0) -> str:
    """Hash what a problem is, without where its lines are: code, file, key path, message and shape.

    `occurrence` tells apart problems that are the same in all of these.

    >>> from exporter.problems import Location
    >>> one, two = (Problem("X", Location("a.md", line), f"as in line {line}") for line in (3, 9))
    >>> fingerprint(one) == fingerprint(two), fingerprint(one) == fingerprint(one, 1)
    (True, False)
    """
    shape = problem.shacl.shape or "" if problem.shacl else ""
    path = posixpath.normpath(problem.location.path)
    message = _LINE.sub("…", problem.message)
    parts = (problem.code, path, problem.key, message, shape, str(occurrence))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]


def fingerprints(problems: Iterable[Problem]) -> list[str]:
    """Give each problem its fingerprint, no two the same; the order decides between equal ones."""
    seen: Counter[str] = Counter()
    names = []
    for problem in problems:
        plain = fingerprint(problem)
        names.append(fingerprint(problem, seen[plain]) if seen[plain] else plain)
        seen[plain] += 1
    return names
