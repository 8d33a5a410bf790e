"""Code actions: the fixes of the problems of a buffer, as edits of its text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from exporter.edits.editing import edit_file, find_splice
from exporter.edits.outline import EditError
from exporter.errors import ExporterError
from exporter.fixes.in_text import fix_text
from exporter.fixes.misspelt import rename_fix, right_key
from exporter.fixes.model import Fix, ReplaceLines
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.problems import Location, Problem
from exporter.records.nodes import Range
from exporter.records.record import Record
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
    found: list[Action] = []
    for problem in problems:
        try:
            fix, record, item = _fix(workspace, path, problem)
            edit = _edit(workspace, path, fix, record, item) if fix is not None else None
        except (ExporterError, EditError):
            continue
        if fix is not None and edit is not None:
            action = Action(_title(fix), problem, (edit,), fix.safe)
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


def _fix(workspace: Workspace, path: str, problem: Problem) -> tuple[Fix | None, Record | None, int]:
    """Look for the fix of a problem, in the record that it is about."""
    each = [(number, reading.record) for number, reading in enumerate(workspace.reader.read(path).each) if reading.record is not None]
    if not each:
        text = workspace.text(path)
        return (fix_text(problem, text) if text is not None else None), None, 0
    item, record = next((pair for pair in each if _is_in(pair[1], problem.location)), each[0])
    if problem.code == "MAP-UNMAPPED":
        right = _right(problem.key_path, workspace.known_keys(record))
        return (rename_fix(record, problem.key_path, right, safe=True) if right else None), record, item
    return workspace.suggester.suggest(problem, record), record, item


def _is_in(record: Record, place: Location) -> bool:
    extent = record.extent()
    return record.item is None or extent.line <= place.line <= (extent.end_line or extent.line)


def _edit(workspace: Workspace, path: str, fix: Fix, record: Record | None, item: int) -> tuple[Range, str] | None:
    text = workspace.text(path) or ""
    if isinstance(fix.edit, ReplaceLines):
        buffer = BufferText(text)
        start, end = buffer.range_of(Location(path, fix.edit.start, 1, fix.edit.end, 1))
        lines = "".join(f"{line.rstrip(chr(13))}{_line_end(text)}" for line in fix.edit.lines)
        if workspace.reader.read(path, (text[:start] + lines + text[end:]).encode()).record is None:
            raise EditError("the text could still not be read")
        return (start, end), lines
    if record is None:
        return None
    edit_file(workspace.reader, path, [fix.edit], item=item)  # which says whether the record reads as intended then
    splice = find_splice(record, fix.edit)
    return (splice.start, splice.end), splice.new


def _line_end(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _title(fix: Fix) -> str:
    return fix.title[:1].upper() + fix.title[1:]


def misspelt(workspace: Workspace, path: str) -> Iterator[Problem]:
    """Yield the keys of a buffer that nobody reads and that are near one which is missing: what `owltype fix` says of them."""
    for reading in workspace.reader.read(path).each:
        record = reading.record
        known = workspace.known_keys(record) if record is not None else ()
        for key in workspace.unmapped(record) if record is not None and known else ():
            right = _right(key, known)
            if record is not None and right and look_up(record.front_matter, right) is None:
                yield rename_fix(record, key, right, safe=True).problem
