"""Fixes as edits of a file's text: what an editor makes, and what reports carry to a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from exporter.edits.editing import edit_file, find_splice
from exporter.edits.outline import EditError
from exporter.errors import ExporterError
from exporter.fixes.in_text import fix_text
from exporter.fixes.model import Fix, ReplaceLines, ReplaceTail
from exporter.fixes.suggesting import Suggester
from exporter.problems import Location, Problem, TextFix
from exporter.records.faults import Lines
from exporter.records.nodes import Range
from exporter.records.reading import Reader
from exporter.records.record import Reading, Record
from exporter.records.values import is_same


def with_fixes(problems: Sequence[Problem], reader: Reader, suggester: Suggester) -> Iterator[Problem]:
    """Give problems in their order, each with the fix that it has; a file is read once for those that follow each other."""
    for path, of_file in groupby(problems, key=lambda problem: problem.location.path):
        fixer = TextFixer(path, reader, suggester)
        for problem in of_file:
            fix = fixer.find(problem)
            yield replace(problem, fixes=(fix,)) if fix is not None else problem


class TextFixer:
    """Finds the fixes of problems of one file; each is made and checked before it is given."""

    def __init__(self, path: str, reader: Reader, suggester: Suggester) -> None:
        self._path, self._reader, self._suggester = path, reader, suggester
        self._read: tuple[Reading, str] | None = None

    def find(self, problem: Problem) -> TextFix | None:
        """Look for the fix of a problem; None where it has none, or more than one meaning."""
        try:
            reading, text = self._reading()
            record, item = record_at(reading, problem.location)
            fix = self._suggester.suggest(problem, record) if record is not None else fix_text(problem, text)
            return self.make(fix, record, item) if fix is not None else None
        except (ExporterError, EditError, OSError, UnicodeDecodeError):
            return None

    def make(self, fix: Fix, record: Record | None, item: int) -> TextFix:
        """Write a fix as an edit of the text; raises EditError where the record would not read as intended then."""
        text = self._reading()[1]
        (start, end), new = self._edit(fix, record, item)
        lines = Lines(text)
        place = Location(self._path, *lines.place(start), *lines.place(end))
        return TextFix(fix.title[:1].upper() + fix.title[1:], ((place, new),), fix.safe)

    def _reading(self) -> tuple[Reading, str]:
        if self._read is None:
            text = self._reader.data(self._path).decode("utf-8").removeprefix("\ufeff")
            self._read = self._reader.read(self._path), text
        return self._read

    def _edit(self, fix: Fix, record: Record | None, item: int) -> tuple[Range, str]:
        text = self._reading()[1]
        if isinstance(fix.edit, ReplaceLines):
            return self._lines(text, fix.edit)
        if record is None:
            raise EditError("the record can't be read")
        if isinstance(fix.edit, ReplaceTail):
            edited = self._reader.read(self._path, fix.edit.apply(text).encode()).record
            if edited is None or not is_same(edited.front_matter, record.front_matter):
                raise EditError("the front matter would read otherwise")
            return (len(text) - fix.edit.start, len(text) - fix.edit.end), fix.edit.text
        edit_file(self._reader, self._path, [fix.edit], item=item)  # which says whether the record reads as intended then
        splice = find_splice(record, fix.edit)
        return (splice.start, splice.end), splice.new

    def _lines(self, text: str, edit: ReplaceLines) -> tuple[Range, str]:
        starts = [0]
        while (at := text.find("\n", starts[-1])) >= 0:
            starts.append(at + 1)
        start = starts[edit.start - 1]
        end = starts[edit.end - 1] if edit.end <= len(starts) else len(text)
        line_end = "\r\n" if "\r\n" in text else "\n"
        new = "".join(f"{line.rstrip(chr(13))}{line_end}" for line in edit.lines)
        if self._reader.read(self._path, (text[:start] + new + text[end:]).encode()).record is None:
            raise EditError("the text could still not be read")
        return (start, end), new


def record_at(reading: Reading, place: Location) -> tuple[Record | None, int]:
    """Give the record of a file that a place is in, with its number there."""
    each = [(number, found.record) for number, found in enumerate(reading.each) if found.record is not None]
    for number, record in each:
        extent = record.extent()
        if record.item is None or extent.line <= place.line <= (extent.end_line or extent.line):
            return record, number
    return (each[0][1], each[0][0]) if each else (None, 0)
