"""The baseline: a file of problems that a team has known about, so that only others count.

Each problem is held under a fingerprint that depends neither on lines nor on words; what else the file says of it is for people who read
its diff.
"""

from __future__ import annotations

import json
import posixpath
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from exporter.errors import UsageError
from exporter.policy.fingerprints import is_result
from exporter.problems import Location, Problem, Severity
from exporter.rdf.syntaxes import is_rdf
from exporter.text import plural

_VERSION = 3
_OF_MESSAGES = 2
"""The version whose fingerprints were made of messages, but for results of SHACL: the other entries are known by file, code and key."""
_OF_RECORDS = 1
"""The version of 0.1.0, whose fingerprints were all made of messages: all entries are known by file, code and key."""


@dataclass(frozen=True, slots=True)
class BaselineEntry:
    """A known problem, with the line of the baseline that names it; without a fingerprint it is known by file, code and key."""

    path: str
    code: str
    key: str
    line: int
    fingerprint: str | None = None


@dataclass(frozen=True, slots=True)
class Baseline:
    """The problems that are known.

    `useless` counts entries of 0.1.0 that can't tell which node of an RDF file they are about, and so hide nothing.
    """

    file: str
    entries: tuple[BaselineEntry, ...] = ()
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
        text = Path(path).read_text("utf-8")
        found = json.loads(text)
        version, problems = found["version"], found["problems"]
        if version not in {_VERSION, _OF_MESSAGES, _OF_RECORDS}:
            raise UsageError(f"{path}: this is a baseline of version {version}, and this owltype reads version {_VERSION}; write it again")
        lines = _lines(text, len(problems))
        rows = [_entry(row, version, line) for row, line in zip(problems, lines, strict=True)]
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: {reason}; write a baseline with --update-baseline") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"{path}: this is not a baseline file ({error}); write it again with --update-baseline") from None
    useful = tuple(row for row in rows if row.fingerprint or row.key or not is_rdf(row.path))
    return Baseline(str(path), useful, len(rows) - len(useful))


def _entry(row: dict[str, object], version: int, line: int) -> BaselineEntry:
    path, code = posixpath.normpath(str(row["path"])), str(row["code"])
    named = version == _VERSION or (version == _OF_MESSAGES and is_result(code))
    return BaselineEntry(
        path, code, str(row["key"] if version == _OF_RECORDS else row.get("key", "")), line, str(row["fingerprint"]) if named else None
    )


def _lines(text: str, count: int) -> list[int]:
    """Number the lines of the entries, as `write_baseline` writes them; the first line for all of a file that was written otherwise."""
    numbers = [number for number, line in enumerate(text.split("\n"), 1) if line.startswith("  {")]
    return numbers if len(numbers) == count else [1] * count


def write_baseline(problems: Sequence[Problem], fingerprints: Sequence[str]) -> bytes:
    """Write a baseline of the problems, sorted, one a line, so that a diff shows what came and went."""
    rows = sorted(json.dumps(_row(*pair), ensure_ascii=False) for pair in zip(problems, fingerprints, strict=True))
    listed = "\n  " + ",\n  ".join(rows) + "\n" if rows else ""
    return f'{{"version": {_VERSION}, "problems": [{listed}]}}\n'.encode()


def _row(problem: Problem, fingerprint: str) -> dict[str, str]:
    detail = problem.shacl
    said = {"node": detail.focus_node, "property": detail.path, "value": detail.value} if detail else {}
    path = posixpath.normpath(problem.location.path)
    row = {"path": path, "code": problem.code, "key": problem.key, **said, "fingerprint": fingerprint}
    return {name: value for name, value in row.items() if value}


def compare(problems: Sequence[Problem], fingerprints: Sequence[str], known: Baseline) -> tuple[list[Problem], list[BaselineEntry]]:
    """Give the problems that the baseline does not know, and its entries that no problem met.

    >>> found = [Problem("X", Location("a.md"), "one"), Problem("Y", Location("a.md"), "two")]
    >>> known = Baseline("known.json", (BaselineEntry("a.md", "X", "", 2, "f1"), BaselineEntry("a.md", "Z", "", 3, "f3")))
    >>> new, unmet = compare(found, ["f1", "f2"], known)
    >>> [problem.code for problem in new], [entry.code for entry in unmet]
    (['Y'], ['Z'])
    """
    named = {entry.fingerprint: entry for entry in known.entries if entry.fingerprint is not None}
    left: defaultdict[tuple[str, str, str], list[BaselineEntry]] = defaultdict(list)
    for entry in reversed(known.entries):
        if entry.fingerprint is None:
            left[entry.path, entry.code, entry.key].append(entry)
    met: set[int] = set()
    new: list[Problem] = []
    for problem, name in zip(problems, fingerprints, strict=True):
        known_as = named.get(name) or next((left[of].pop() for of in _names(problem) if left.get(of)), None)
        if known_as is None:
            new.append(problem)
        else:
            met.add(id(known_as))
    return new, [entry for entry in known.entries if id(entry) not in met]


def stale_entries(unmet: Sequence[BaselineEntry], known: Baseline, checked: Collection[str]) -> list[Problem]:
    """Make problems of entries that no problem of a whole run met: of files that were `checked`, or are there no more."""
    looked_at = {posixpath.normpath(path) for path in checked}
    return [_stale(entry, known.file) for entry in unmet if entry.path in looked_at or not Path(entry.path).exists()]


def _stale(entry: BaselineEntry, file: str) -> Problem:
    what = f"{entry.code} at {entry.key}" if entry.key else entry.code
    message = f"{what} of {entry.path} is in the baseline, and the run has no such problem"
    advice = "write the baseline again with --update-baseline: the entry would hide the next one"
    return Problem("BASELINE-STALE", Location(file, entry.line), message, Severity.INFO, advice)


def _names(problem: Problem) -> Iterator[tuple[str, str, str]]:
    """Under what older versions may have known a problem: 0.1.0 placed some at the record that is referred to, and some at no key."""
    for path in dict.fromkeys(posixpath.normpath(place.path) for place in (problem.location, *problem.related)):
        for key in dict.fromkeys((problem.key, "")):
            if key or not is_rdf(path):
                yield path, problem.code, key
