"""The baseline: a file of problems that a team has known about, so that only others count.

Each problem is held under a fingerprint that depends neither on lines nor on words; what else the file says of it is for people who read
its diff.
"""

from __future__ import annotations

import json
import posixpath
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exporter.errors import UsageError
from exporter.problems import Problem
from exporter.rdf.syntaxes import is_rdf
from exporter.text import plural

_VERSION = 2
_OF_RECORDS = 1
"""The version of 0.1.0, whose fingerprints were made of messages: its entries are known by file, code and key."""

_Entry = tuple[str, str, str]
"""File, code and key of a problem in a baseline of 0.1.0."""


@dataclass(frozen=True, slots=True)
class Baseline:
    """The problems that are known: fingerprints, or of 0.1.0 how many there were with a file, code and key.

    `useless` counts entries of 0.1.0 that can't tell which node of an RDF file they are about, and so hide nothing.
    """

    fingerprints: frozenset[str] = frozenset()
    entries: Mapping[_Entry, int] = field(default_factory=dict)
    useless: int = 0

    @property
    def note(self) -> str | None:
        """What its user should know of a baseline."""
        if not self.useless:
            return None
        count = plural(self.useless, "entry of the baseline says", "entries of the baseline say")
        return f"{count} nothing of the node in an RDF file that it was about, and is not used; write it again with --update-baseline"


def read_baseline(path: str | Path) -> Baseline:
    """Read a baseline file; raises UsageError for a file that is not one."""
    try:
        found = json.loads(Path(path).read_text("utf-8"))
        version, problems = found["version"], found["problems"]
        if version == _OF_RECORDS:
            rows = [(posixpath.normpath(entry["path"]), str(entry["code"]), str(entry["key"])) for entry in problems]
            useful = [row for row in rows if row[2] or not is_rdf(row[0])]
            return Baseline(entries=Counter(useful), useless=len(rows) - len(useful))
        if version != _VERSION:
            raise UsageError(f"{path}: this is a baseline of version {version}, and this owltype reads version {_VERSION}; write it again")
        return Baseline(frozenset(str(entry["fingerprint"]) for entry in problems))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: {reason}; write a baseline with --update-baseline") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: this is not a baseline file ({error}); write it again with --update-baseline") from None


def write_baseline(problems: Sequence[Problem], fingerprints: Sequence[str]) -> bytes:
    """Write a baseline of the problems, sorted, one a line, so that a diff shows what came and went."""
    rows = sorted(json.dumps(_row(*pair), ensure_ascii=False) for pair in zip(problems, fingerprints, strict=True))
    listed = "\n  " + ",\n  ".join(rows) + "\n" if rows else ""
    return f'{{"version": {_VERSION}, "problems": [{listed}]}}\n'.encode()


def _row(problem: Problem, fingerprint: str) -> dict[str, str]:
    detail = problem.shacl
    said = {"node": detail.focus_node, "property": detail.path, "value": detail.value} if detail else {}
    row = {"path": problem.location.path, "code": problem.code, "key": problem.key, **said, "fingerprint": fingerprint}
    return {name: value for name, value in row.items() if value}


def new_problems(problems: Sequence[Problem], fingerprints: Sequence[str], known: Baseline) -> list[Problem]:
    """Give the problems that the baseline does not know.

    >>> from exporter.problems import Location
    >>> found = [Problem("X", Location("a.md"), "one"), Problem("Y", Location("a.md"), "two")]
    >>> [problem.code for problem in new_problems(found, ["f1", "f2"], Baseline(frozenset({"f1"})))]
    ['Y']
    """
    left = Counter(known.entries)
    new: list[Problem] = []
    for problem, name in zip(problems, fingerprints, strict=True):
        entry = next((entry for entry in _entries(problem) if left[entry] > 0), None) if left else None
        if entry is not None:
            left[entry] -= 1
        elif name not in known.fingerprints:
            new.append(problem)
    return new


def _entries(problem: Problem) -> Iterator[_Entry]:
    """Under what 0.1.0 may have known a problem: it placed some at the record that is referred to, and some at no key."""
    for path in dict.fromkeys(posixpath.normpath(place.path) for place in (problem.location, *problem.related)):
        for key in dict.fromkeys((problem.key, "")):
            if key or not is_rdf(path):
                yield path, problem.code, key
