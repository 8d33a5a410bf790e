"""Code actions: the fixes of the problems of a buffer, as edits of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from exporter.edits.outline import EditError
from exporter.errors import ExporterError
from exporter.fixes.misspelt import rename_fix, right_key
from exporter.fixes.texts import TextFixer, record_at
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.problems import Problem, TextFix
from exporter.records.nodes import Range
from exporter.records.values import look_up

_right = lru_cache(maxsize=10_000)(right_key)
"""With each keystroke the same keys are asked about again."""


@dataclass(frozen=True, slots=True)
class Action:
    """A fix: what it does, in words, which problem it ends, and what takes the place of what. One that is not `safe` is a guess."""

    title: str
    problem: Problem
    edits: tuple[tuple[Range, str], ...]
    safe: bool


def find_actions(workspace: Workspace, path: str, problems: Sequence[Problem]) -> list[Action]:
    """Give the fixes of some problems of a buffer; each is made and checked before it is offered."""
    fixer = TextFixer(path, workspace.reader, workspace.suggester)
    buffer = BufferText(workspace.text(path) or "")
    found: list[Action] = []
    for problem in problems:
        fix = _of_key(workspace, path, problem, fixer) if problem.code == "MAP-UNMAPPED" else fixer.find(problem)
        if fix is None:
            continue
        action = Action(fix.title, problem, tuple((buffer.range_of(place), new) for place, new in fix.edits), fix.safe)
        found += [action] if all(known.edits != action.edits for known in found) else []
    return found


def fix_all(workspace: Workspace, path: str, problems: Sequence[Problem]) -> Action | None:
    """Give all safe fixes of a buffer as one; of two that meet in the text the first."""
    safe = [action for action in find_actions(workspace, path, problems) if action.safe]
    edits: list[tuple[Range, str]] = []
    for action in safe:
        for span, new in action.edits:
            if all(span[1] <= start or end <= span[0] for (start, end), _ in edits) and (span, new) not in edits:
                edits.append((span, new))
    return Action("Fix all problems that have one meaning", safe[0].problem, tuple(edits), True) if edits else None


def _of_key(workspace: Workspace, path: str, problem: Problem, fixer: TextFixer) -> TextFix | None:
    """Give the fix of a key that nobody reads: the name of the one that is near."""
    record, item = record_at(workspace.reader.read(path), problem.location)
    right = _right(problem.key_path, workspace.known_keys(record)) if record is not None else ()
    if record is None or not right:
        return None
    try:
        return fixer.make(rename_fix(record, problem.key_path, right, safe=True), record, item)
    except (ExporterError, EditError):
        return None


def misspelt(workspace: Workspace, path: str) -> Iterator[Problem]:
    """Yield the keys of a buffer that nobody reads and that are near one which is missing: what `owltype fix` says of them."""
    for reading in workspace.reader.read(path).each:
        record = reading.record
        known = workspace.known_keys(record) if record is not None else ()
        for key in workspace.unmapped(record) if record is not None and known else ():
            right = _right(key, known)
            if record is not None and right and look_up(record.front_matter, right) is None:
                yield rename_fix(record, key, right, safe=True).problem
