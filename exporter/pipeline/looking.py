"""Whether a run looked at what it was asked to: nothing may end well that was not looked at.

A run that finds nothing to read ends with exit status 2, and says what was looked for, and where. A file that was named and gives nothing,
and a record that could not be read, are errors.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path, PurePath

from exporter.discovery import HIDDEN, HIDDEN_FOLDER, IGNORED, IGNORED_FOLDER, Selection
from exporter.errors import UsageError
from exporter.problems import Problem
from exporter.records.data.claims import DRAFT, EMPTY_FILE, EMPTY_ITEM, UNCLAIMED
from exporter.records.framing import RECORD_SUFFIXES
from exporter.text import enumerate_names, plural, quote

_UNREAD = frozenset({"READ-UNREADABLE", "READ-NOT-A-FILE", "READ-NAME", "READ-TOO-LARGE", "READ-NOTHING"})


_MANY = 5
"""Pages without front matter that are worth a word of advice; some are in every folder."""


def nothing_found(paths: Sequence[str], selection: Selection, skipped: Mapping[str, int], problems: Sequence[Problem] = ()) -> UsageError:
    """Make the error that ends a run without a single record.

    >>> print(nothing_found(["content"], Selection(include=("*.mdd",)), {"no front matter": 2}))
    nothing to read: no record in "content" that matches --include "*.mdd"; 2 files were skipped (2 no front matter)
    """
    where = enumerate_names([quote(PurePath(path).as_posix()) for path in paths], "or")
    globs = [f"{verb} {enumerate_names(map(quote, given), 'or')}" for verb, given in _globs(selection) if given]
    narrowed = f" that {' and '.join(globs)}" if globs else ""
    said = f"nothing to read: no record in {where}{narrowed}"
    if skipped:
        said += (
            f"; {plural(sum(skipped.values()), 'file')} {'was' if sum(skipped.values()) == 1 else 'were'} skipped ({list_skipped(skipped)})"
        )
        said += "".join(f"; {advice}" for advice in advise_skipped(skipped))
        if IGNORED in skipped or IGNORED_FOLDER in skipped:
            said += "; what git ignores is read with --no-gitignore"
    elif any(Path(path).is_dir() for path in paths):
        suffixes = sorted((*RECORD_SUFFIXES, *selection.endings))
        said += f"; a folder's records are its files that end in {enumerate_names(suffixes, 'or', limit=30)}"
    return UsageError(said, problems)


def list_skipped(skipped: Mapping[str, int]) -> str:
    """Write why files were skipped, each reason with its number.

    >>> list_skipped({"hidden folder": 2, ".qmd": 3, "no front matter": 1})
    '3 .qmd, 2 hidden folders, 1 no front matter'
    """
    return ", ".join(
        plural(count, reason, _PLURALS[reason]) if reason in _PLURALS else f"{count:,} {_IN_A_LIST.get(reason, reason)}"
        for reason, count in sorted(skipped.items())
    )


_PLURALS = {
    HIDDEN_FOLDER: "hidden folders",
    IGNORED_FOLDER: "folders ignored by .gitignore",
    EMPTY_FILE: "empty data files",
    EMPTY_ITEM: "empty items",
    DRAFT: "drafts",
}
"""Reasons that name what is skipped."""
_IN_A_LIST = {"the front matter is empty": "with empty front matter", "the file is empty": "empty", UNCLAIMED: "that no class claims"}
"""Reasons that are sentences, as they stand behind a number."""


def advise_skipped(skipped: Mapping[str, int]) -> list[str]:
    """Say what would read files that were left out; of pages without front matter there is nothing to say.

    >>> advise_skipped({".qmd": 3, "no front matter": 1})
    ["files that end in .qmd are read with --include '**/*.qmd'"]
    """
    advice = []
    endings = sorted(reason for reason in skipped if reason.startswith("."))
    if endings:
        globs = " ".join(f"--include '**/*{ending}'" for ending in endings[:4])
        advice.append(f"files that end in {enumerate_names(endings, 'or')} are read with {globs}")
    if UNCLAIMED in skipped:
        advice.append('with the setting unclaimed = "reject" each record that no class claims is named')
    if HIDDEN in skipped:
        advice.append("hidden files are read where --include writes their name or ending out, as '**/.net.yml' does")
    if HIDDEN_FOLDER in skipped:
        advice.append("hidden folders are read where --include names them, as '.notes/**' does")
    kinds = sorted(reason.removeprefix("with ") for reason in skipped if reason.startswith("with "))
    if skipped.get("no front matter", 0) >= _MANY:
        advice.append(
            'files without front matter have no keys; where a class claims them by map:files, without-front-matter = "read" takes them '
            "all the same, and where their metadata is in another format, a handler reads it (`handlers`)"
        )
    if kinds:
        names = [name for kind in kinds for name in ("pelican", "nikola", "pandoc", "logseq", "org") if name in kind.lower()]
        setting = "`handlers = [" + ", ".join(f'"{name}"' for name in names) + "]`" if names else "`handlers`"
        advice.append(f"to read {enumerate_names(kinds, 'and')}, name a handler for them (the setting {setting}), or write front matter")
    return advice


def _globs(selection: Selection) -> Iterable[tuple[str, Sequence[str]]]:
    return ("matches --include", selection.include), ("is not left out by --exclude", selection.exclude)


def unread(problems: Iterable[Problem]) -> list[Problem]:
    """Give the problems of files that were not looked at, so that an answer without them is not the whole answer."""
    return [problem for problem in problems if problem.code in _UNREAD]
