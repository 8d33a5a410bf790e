"""What is wrong with a text, at offsets of that text; it becomes a `Problem` once the file and its lines are known."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

from exporter.errors import ExporterError
from exporter.problems import KeyPath, Location, Problem, Severity
from exporter.records.values import Value
from exporter.text import quote

_LINE_BREAK = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem before it has a file: `start` and `end` are offsets of the text being read."""

    code: str
    message: str
    start: int
    end: int
    help: str | None = None
    key_path: KeyPath = ()
    related: tuple[tuple[int, int], ...] = ()
    severity: Severity = Severity.ERROR


class Readout(NamedTuple):
    """The value of front matter, and what is remarked on beside it without rejecting the record."""

    value: Value
    remarks: tuple[Fault, ...] = ()


class ReadingError(ExporterError):
    """A text that can't be read. Not a ValueError: python-frontmatter takes one of those for "no front matter" and goes on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


def repeated_key(code: str, name: str, key: tuple[int, int], first: tuple[int, int], container: str) -> Fault:
    """Word the fault of a key that stands twice in its container, which is a map or an object."""
    message = f"the key {quote(name)} is repeated in one {container}"
    return Fault(code, message, *key, "keep one of them", related=(first,))


def equal_key(code: str, name: str, key: tuple[int, int], first: tuple[int, int], container: str) -> Fault:
    """Word the remark on a key that stands twice with equal values, where the settings allow that."""
    message = f"the key {quote(name)} is repeated in one {container}, with an equal value"
    return Fault(code, message, *key, "keep one of them", related=(first,), severity=Severity.WARNING)


class Lines:
    r"""The lines of a text, for turning offsets into places.

    A line ends where YAML 1.2 (section 5.4) says: `\n`, `\r\n`, `\r`; not at U+2028 or NEL, where few editors end one.

    >>> Lines("a: 1\r\nb: 2").place(9)
    (2, 4)
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(match.end() for match in _LINE_BREAK.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Give line and column, both from 1, the column in characters."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, line: int, column: int) -> int:
        """Give the offset of a place; one behind the end of the text is the end."""
        return min(self._starts[line - 1] + column - 1, len(self._text)) if line <= len(self._starts) else len(self._text)

    def locate(self, path: str, start: int, end: int) -> Location:
        """Give the location of the characters `[start, end)`, without the line break that they may end with."""
        while end > start and self._text[end - 1] in "\r\n":
            end -= 1
        return Location(path, *self.place(start), *self.place(end))


def to_problem(fault: Fault, path: str, lines: Lines) -> Problem:
    """Give a fault its file."""
    return Problem(
        fault.code,
        lines.locate(path, fault.start, fault.end),
        fault.message,
        fault.severity,
        fault.help,
        fault.key_path,
        tuple(lines.locate(path, start, end) for start, end in fault.related),
    )
