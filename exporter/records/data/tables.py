"""Tables (RFC 4180, and its like with tabs): a map for each row below the header, and where each cell stands.

Python's `csv` says what the cells hold. Where they stand, and what is wrong with them, is asked only for problems, so it is found in a
second pass that keeps positions; a test holds the two against each other.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from exporter.problems import Severity
from exporter.records.decoding import MAX_FILE_BYTES
from exporter.records.faults import Fault, ReadingError, repeated_key
from exporter.records.nodes import Map, MapEntry, Node, Scalar, Sequence
from exporter.records.values import Value
from exporter.records.yaml.core import IMPOSSIBLE, name_character
from exporter.text import enumerate_names, plural, quote

MAX_COLUMNS = 1_000
"""What a row may have; a spreadsheet that was saved whole has 16,384, nearly all of them empty."""

_CELLS = {
    ",": re.compile(r'"(?P<quoted>(?:[^"]|"")*+)"|(?P<bare>(?!")[^,\r\n]*+)'),
    ";": re.compile(r'"(?P<quoted>(?:[^"]|"")*+)"|(?P<bare>(?!")[^;\r\n]*+)'),
    "\t": re.compile(r'"(?P<quoted>(?:[^"]|"")*+)"|(?P<bare>(?!")[^\t\r\n]*+)'),
}
_HEADER = re.compile(r"[^\r\n]*+")
_NAMES = {",": "a comma", ";": "a semicolon", "\t": "a tab"}
_LINE_BREAK = re.compile(r"\r\n|\n|\r")


class Cell(NamedTuple):
    """A cell: its characters in the file, quotes included, and what it holds."""

    start: int
    end: int
    text: str


class TableRow(NamedTuple):
    """A row below the header: what its cells say by the names of their columns, or what is wrong with it; `remarks` are warnings."""

    value: dict[str, Value]
    fault: Fault | None = None
    remarks: tuple[Fault, ...] = ()


def separator(text: str, syntax: str) -> str:
    r"""Give the character between the cells: a tab in TSV; in CSV a comma, or where the header has none, a semicolon or a tab.

    >>> separator("a;b\n1,5;2", "csv"), separator("a,b", "csv")
    (';', ',')
    """
    if syntax == "tsv":
        return "\t"
    header = _HEADER.search(text)
    first = header[0] if header else ""
    return next((mark for mark in ",;\t" if mark in first), ",")


def read_table(text: str, syntax: str) -> list[TableRow]:
    """Read the rows below the header; blank lines are none. Raises ReadingError where the table as a whole can't be read."""
    mark = separator(text, syntax)
    if found := IMPOSSIBLE.search(text):
        message = f"the {name_character(found[0])} is not allowed"
        raise ReadingError(Fault("READ-CONTROL", message, found.start(), found.end(), "remove the character"))
    csv.field_size_limit(MAX_FILE_BYTES)
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True) if line]
    except csv.Error as error:
        raise ReadingError(_broken(text, mark, str(error))) from None
    if not lines:
        return []
    table = _Table(text, mark, tuple(name.strip() for name in lines[0]))
    table.check_header()
    columns, even = table.columns, "" not in table.columns
    return [
        TableRow(dict(zip(columns, cells, strict=True))) if even and len(cells) == len(columns) else table.uneven(cells, number)
        for number, cells in enumerate(lines[1:], 1)
    ]


class _Table:
    """A table whose cells are looked for in the text only where something is wrong with them."""

    def __init__(self, text: str, mark: str, columns: tuple[str, ...]) -> None:
        self.text = text
        self.mark = mark
        self.columns = columns

    @cached_property
    def rows(self) -> list[list[Cell]]:
        return list(_scan(self.text, self.mark))

    def check_header(self) -> None:
        if len(self.columns) > MAX_COLUMNS:
            cell, message = self.rows[0][MAX_COLUMNS], f"the table has more than {MAX_COLUMNS:,} columns"
            raise ReadingError(Fault("READ-TABLE", message, cell.start, cell.end, "leave some out"))
        if not any(self.columns):
            raise ReadingError(Fault("READ-TABLE", "no column has a name, expected a header", 0, 1, "write the names of the columns first"))
        first: dict[str, int] = {}
        for number, name in enumerate(self.columns):
            if name and first.setdefault(name, number) != number:
                here, there = self.rows[0][number], self.rows[0][first[name]]
                raise ReadingError(repeated_key("READ-TABLE", name, (here.start, here.end), (there.start, there.end), "header"))

    def uneven(self, cells: list[str], number: int) -> TableRow:
        """Read a row that has more or fewer cells than the header, or a cell below a column without a name."""
        columns = self.columns
        if not any(cell.strip() for cell in cells):
            return TableRow({})
        value: dict[str, Value] = {name: cell for name, cell in zip(columns, cells, strict=False) if name}
        surplus = next((i for i, cell in enumerate(cells) if cell.strip() and (i >= len(columns) or not columns[i])), None)
        if surplus is not None:
            return TableRow(value, self._surplus(self.rows[number][surplus], len(cells), named=surplus >= len(columns)))
        missing = [name for name in columns[len(cells) :] if name]
        if not missing:
            return TableRow(value)
        row, message = self.rows[number], f"the row ends before {enumerate_names(map(quote, missing), 'and')}"
        advice = "write a cell for each column, an empty one for no value"
        return TableRow(value, remarks=(Fault("READ-TABLE-SHORT", message, row[0].start, row[-1].end, advice, severity=Severity.WARNING),))

    def _surplus(self, cell: Cell, cells: int, *, named: bool) -> Fault:
        if not named:
            message, advice = f"the column of {quote(cell.text)} has no name", "name it in the header, or empty its cells"
        else:
            message = f"the row has {plural(cells, 'cell')}, and the header names {plural(len(self.columns), 'column')}"
            advice = f"put a value that holds {_NAMES[self.mark]} in double quotes"
        return Fault("READ-TABLE", message, cell.start, cell.end, advice)


def _broken(text: str, mark: str, reason: str) -> Fault:
    try:
        for _ in _scan(text, mark):
            pass
    except ReadingError as error:
        return error.fault
    return Fault("READ-TABLE", f"the table can't be read: {reason}", 0, 1)


def _scan(text: str, mark: str) -> Iterator[list[Cell]]:
    """Yield the rows with their cells, the header first; raises ReadingError at a quote that is not closed, or has text behind it."""
    cell = _CELLS[mark]
    at, row = 0, list[Cell]()
    while at < len(text) or row:
        match = cell.match(text, at)
        if match is None:
            raise ReadingError(Fault("READ-TABLE", "the quote opened here is never closed", at, at + 1, 'write " behind the value'))
        quoted = match["quoted"]
        at = match.end()
        row.append(Cell(match.start(), at, match["bare"] if quoted is None else quoted.replace('""', '"')))
        if text.startswith(mark, at):
            at += 1
            continue
        end = _LINE_BREAK.match(text, at)
        if end is None and at < len(text):
            message = "text stands behind the closing quote of a cell"
            raise ReadingError(Fault("READ-TABLE", message, at, at + 1, 'write a double quote inside of quotes twice: ""'))
        if len(row) > 1 or row[0].start < row[0].end:
            yield row
        at, row = end.end() if end else len(text), []


def compose_table(text: str, syntax: str) -> Node:
    """Give the rows below the header as maps, keys at the cells of the header, for locating what stands in them."""
    rows = _scan(text, separator(text, syntax))
    header = next(rows, [])
    keys = [Scalar(cell.start, cell.end, cell.text.strip(), "plain") for cell in header]
    maps: list[Node] = []
    for row in rows:
        entries = [MapEntry(key, _scalar(cell)) for key, cell in zip(keys, row, strict=False) if key.text]
        maps.append(Map(row[0].start, row[-1].end, entries))
    return Sequence(0, len(text), maps)


def _scalar(cell: Cell) -> Scalar:
    return Scalar(cell.start, cell.end, cell.text, "table")
