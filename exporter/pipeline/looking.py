"""Whether a run looked at what it was asked to: nothing may end well that was not looked at.

A run that finds nothing to read ends with exit status 2, and says what was looked for, and where. A file that was named and gives nothing,
and a record that could not be read, are errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from exporter.discovery import Selection
from exporter.errors import UsageError
from exporter.problems import Problem
from exporter.records.framing import RECORD_SUFFIXES
from exporter.text import enumerate_names, plural, quote

_UNREAD = frozenset({"READ-UNREADABLE", "READ-NOT-A-FILE", "READ-NAME", "READ-TOO-LARGE", "READ-NOTHING"})


def nothing_found(paths: Sequence[str], selection: Selection, skipped: Mapping[str, int], problems: Sequence[Problem] = ()) -> UsageError:
    """Make the error that ends a run without a single record.

    >>> print(nothing_found(["content"], Selection(include=("*.mdd",)), {"no front matter": 2}))
    nothing to read: there is no record in "content" that matches --include "*.mdd"; 2 files were skipped: 2 no front matter
    """
    where = enumerate_names([quote(PurePath(path).as_posix()) for path in paths], "or")
    globs = [f"matches --{name} {enumerate_names(map(quote, given), 'or')}" for name, given in _globs(selection) if given]
    narrowed = f" that {' and '.join(globs)}" if globs else ""
    said = f"nothing to read: there is no record in {where}{narrowed}"
    if skipped:
        reasons = ", ".join(f"{count:,} {reason}" for reason, count in sorted(skipped.items()))
        said += f"; {plural(sum(skipped.values()), 'file')} {'was' if sum(skipped.values()) == 1 else 'were'} skipped: {reasons}"
    elif any(Path(path).is_dir() for path in paths):
        said += f"; a folder's records are its files that end in {enumerate_names(sorted(RECORD_SUFFIXES), 'or', limit=20)}"
    return UsageError(said, problems)


def _globs(selection: Selection) -> Iterable[tuple[str, Sequence[str]]]:
    return ("include", selection.include), ("exclude", selection.exclude)


def unread(problems: Iterable[Problem]) -> list[Problem]:
    """Give the problems of files that were not looked at, so that an answer without them is not the whole answer."""
    return [problem for problem in problems if problem.code in _UNREAD]
