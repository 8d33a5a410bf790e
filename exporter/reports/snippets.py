"""The source lines of a problem, made safe for a terminal, with a caret below the place."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from exporter.problems import Location

_WINDOW = 110
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Snippet:
    """A line with its number, the line before it, and which cells of it to mark: `[start, end)`, as displayed."""

    number: int
    line: str
    before: str | None
    start: int
    end: int

    @property
    def marked(self) -> tuple[str, str, str]:
        """The line in three parts: before, in and after the mark; meant for HTML, where cells don't count."""
        return self.line[: self.start], self.line[self.start : self.end], self.line[self.end :]


class SourceLines:
    """Files' lines, read when the first problem in a file is shown; a few files are kept."""

    def __init__(self, read: Callable[[str], str | None]) -> None:
        self._lines = lru_cache(maxsize=8)(lambda path: _split(read(path)))

    def snippet(self, place: Location) -> Snippet | None:
        """Give the lines of a place; None for a place that is a whole file, or has no such line to show."""
        if place.line == 1 and place.column == 1 and place.end_column is None:
            return None
        lines = self._lines(place.path)
        if lines is None or not 0 < place.line <= len(lines):
            return None
        line = lines[place.line - 1]
        same_line = place.end_line in (None, place.line)
        end = place.end_column if same_line and place.end_column else (place.column + 1 if same_line else len(line) + 1)
        before = lines[place.line - 2] if place.line > 1 else None
        return _cut(line, before, place.line, place.column - 1, end - 1)


def visible(text: str) -> str:
    r"""Replace what a terminal would act on or not show, a cell for a cell, so that columns stay.

    >>> print(visible("a\x1b[31m\tb\u202e"))
    a␛[31m    b�
    """
    return "".join(map(_cell, text))


def _cell(char: str) -> str:
    if char.isprintable():
        return char
    if char == "\t":
        return _TAB
    if char == "\x7f":
        return "␡"
    if ord(char) < 0x20:
        return chr(0x2400 + ord(char))
    return " " if unicodedata.category(char) == "Zs" else "�"


def _split(text: str | None) -> list[str] | None:
    """Split at the line ends that YAML, TOML and JSON know; str.splitlines knows more."""
    return None if text is None else text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cut(line: str, before: str | None, number: int, start: int, end: int) -> Snippet:
    """Make a line displayable; of a long one, show the part around the mark."""
    start = max(0, min(start, len(line)))
    end = max(start, min(end, len(line)))
    first = max(0, start - _WINDOW // 2) if len(line) > _WINDOW else 0
    last = min(len(line), first + _WINDOW)
    lead, tail = "…" if first else "", "…" if last < len(line) else ""
    shown_before = visible(before[:_WINDOW]) + ("…" if len(before) > _WINDOW else "") if before is not None else None
    left, mark = lead + visible(line[first:start]), visible(line[start : min(end, last)])
    return Snippet(number, left + mark + visible(line[min(end, last) : last]) + tail, shown_before, len(left), len(left) + len(mark))
