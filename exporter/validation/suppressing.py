"""Problems that are put up with, each with its reason: in the settings, or in the record itself.

A record says it in its front matter, where the key is no data:

    owltypeIgnore:
      SH-PATTERN link.href: the old site has no address
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from exporter.globs import glob_pattern
from exporter.mapping.mapping import IGNORE_KEY
from exporter.problems import Problem, format_key_path
from exporter.records.reading import read_file


class Suppression(Protocol):
    """A kind of problem that is put up with; `path` is a glob, `key` a key path without list positions."""

    @property
    def code(self) -> str:
        """The problem code."""
        ...

    @property
    def path(self) -> str | None:
        """The files, None for all."""
        ...

    @property
    def key(self) -> str | None:
        """The key, None for all."""
        ...


@dataclass(frozen=True, slots=True)
class Suppressed:
    """What is left to report, and how many problems were put up with."""

    problems: tuple[Problem, ...]
    count: int


@dataclass(frozen=True, slots=True)
class _InRecord:
    code: str
    key: str | None
    path: str | None = None


def suppress(problems: Sequence[Problem], suppressions: Sequence[Suppression] = ()) -> Suppressed:
    """Leave out what the settings or the records suppress. Only records with a problem are looked at."""
    left: list[Problem] = []
    count = 0
    in_records: dict[str, tuple[list[_InRecord], list[Problem]]] = {}
    for problem in problems:
        path = problem.location.path
        if path not in in_records:
            in_records[path] = _read(path)
            left += in_records[path][1]
        if any(_covers(rule, problem) for rule in (*suppressions, *in_records[path][0])):
            count += 1
        else:
            left.append(problem)
    return Suppressed(tuple(sorted(left, key=lambda problem: problem.sort_key)), count)


def _covers(rule: Suppression, problem: Problem) -> bool:
    if rule.code != problem.code or problem.code.startswith("IGNORE-"):
        return False
    if rule.path is not None and not glob_pattern(rule.path).fullmatch(problem.location.path):
        return False
    if rule.key is None:
        return True
    names = format_key_path(tuple(part for part in problem.key_path if isinstance(part, str)))
    return rule.key in (names, problem.key) or names.startswith(rule.key + ".")


def _read(path: str) -> tuple[list[_InRecord], list[Problem]]:
    try:
        data = Path(path).read_bytes()
    except OSError:
        return [], []
    if IGNORE_KEY.encode() not in data:
        return [], []
    record = read_file(path, data).record
    value = record.front_matter.get(IGNORE_KEY) if record else None
    if record is None or value is None:
        return [], []
    rules, wrong = [], []
    for name, reason in _entries(value):
        code, _, key = name.partition(" ")
        if isinstance(reason, str) and reason.strip():
            rules.append(_InRecord(code, key.strip() or None))
        else:
            place = record.locate((IGNORE_KEY, name) if isinstance(value, dict) else (IGNORE_KEY,), key=isinstance(value, dict))
            message = f"{code} is to be ignored, and nothing says why"
            help_ = f"write {IGNORE_KEY} as a map from codes to reasons"
            wrong.append(Problem("IGNORE-REASON", place, message, help=help_, key_path=(IGNORE_KEY,)))
    return rules, wrong


def _entries(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, dict):
        yield from value.items()
    elif isinstance(value, list):
        yield from ((str(item), None) for item in value)
    else:
        yield str(value), None
