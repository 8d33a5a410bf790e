"""The text of a buffer, and places in it as an editor counts them: lines and UTF-8, UTF-16 or UTF-32 units (LSP 3.17, Position)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from typing import NamedTuple

from exporter.problems import Location
from exporter.records.nodes import Range

_BREAK = re.compile(r"\r\n|\n|\r")


class Position(NamedTuple):
    """A line and a character in it, both from 0, in the units of the client."""

    line: int
    character: int


class Span(NamedTuple):
    """From one position to another, the end exclusive."""

    start: Position
    end: Position


def _utf16(text: str) -> int:
    return len(text) + sum(character > "\uffff" for character in text)


def _utf8(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass"))


_UNITS: dict[str, Callable[[str], int]] = {"utf-8": _utf8, "utf-16": _utf16, "utf-32": len}


class BufferText:
    r"""A text, with the encoding that its client counts in.

    >>> text = BufferText("a\r\nb😀c", "utf-16")
    >>> text.position(5), text.offset(Position(1, 3)), text.offset(Position(9, 9))
    (Position(line=1, character=3), 5, 6)
    """

    def __init__(self, text: str, encoding: str = "utf-16") -> None:
        self.text = text
        self._units = _UNITS[encoding]
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    def offset(self, position: Position) -> int:
        """Give the offset of a position; one behind the end of a line or of the text is the end."""
        if position.line >= len(self._starts):
            return len(self.text)
        start = self._starts[position.line]
        line = self._line(position.line)
        if line.isascii():
            return start + min(position.character, len(line))
        count = 0
        for number, character in enumerate(line):
            if count >= position.character:
                return start + number
            count += self._units(character)
        return start + len(line)

    def position(self, offset: int) -> Position:
        """Give the position of an offset."""
        line = bisect_right(self._starts, offset) - 1
        return Position(line, self._units(self.text[self._starts[line] : offset]))

    def span(self, place: Range) -> Span:
        """Give the positions of two offsets."""
        return Span(self.position(place[0]), self.position(place[1]))

    def range_of(self, place: Location) -> Range:
        """Give the offsets of a place, whose columns count characters; one without an end goes to the end of its line."""
        start = self._at(place.line, place.column)
        if place.end_line is None or place.end_column is None:
            line = min(place.line, len(self._starts)) - 1
            return start, max(start, self._starts[line] + len(self._line(line)))
        return start, max(start, self._at(place.end_line, place.end_column))

    def span_of(self, place: Location) -> Span:
        """Give the positions of a place."""
        return self.span(self.range_of(place))

    def _at(self, line: int, column: int) -> int:
        return min(self._starts[line - 1] + column - 1, len(self.text)) if line <= len(self._starts) else len(self.text)

    def _line(self, number: int) -> str:
        if number >= len(self._starts):
            return ""
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[number] : end].rstrip("\r\n")
