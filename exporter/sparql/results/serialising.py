"""Results as bytes, row by row, with an end to their number and size that leaves a whole document.

A cut result is complete rows in a well-formed document, and the caller is told that it was cut. So rows pass through here one at a time:
from the engine as TSV to pyoxigraph's own reader of results, and from that to its writer of the asked format (290,000 rows/s).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Literal, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolution,
    QuerySolutions,
    QueryTriples,
    Triple,
    parse_query_results,
    serialize,
)

from exporter.dataset.exact import EXACT, restore, restore_triple
from exporter.rdf.syntaxes import GRAPH_SYNTAXES
from exporter.rdf.terms import Term
from exporter.sparql.processes.messages import Channel

RESULTS_FORMATS = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
"""The W3C formats of solutions and booleans."""

GRAPH_FORMATS = {syntax.name: syntax.of_engine for syntax in GRAPH_SYNTAXES}
"""The RDF syntaxes of graphs, by the names that `owltype export` knows them by."""

_XML_FORMATS = ("xml", *(syntax.name for syntax in GRAPH_SYNTAXES if syntax.family == "xml"))

Cut = Literal["rows", "size"]
_CHUNK = 64 * 1024
# What XML 1.0 can't hold (section 2.2), in UTF-8; the engine's writers let it through.
_NOT_XML = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|\xef\xbf[\xbe\xbf]")


@dataclass(slots=True)
class Written:
    """How much of a result was written, and whether that was all; `literal` says of a query that it ran as it was typed."""

    rows: int = 0
    cut: Cut | None = None
    empty: bool = False
    literal: bool = False


class BoundedOutput(io.RawIOBase):
    """A file whose bytes go to the caller in pieces; it knows when enough were written."""

    def __init__(self, channel: Channel, size: int) -> None:
        self._channel = channel
        self._size = size
        self._pending = bytearray()
        self._written = 0
        self._last: bytes | None = None

    @property
    def full(self) -> bool:
        """Whether the result has reached its size."""
        return self._written >= self._size

    def announce(self, kind: str, variables: list[str], value: bool | None = None) -> None:
        """Tell the caller what comes: solutions with their variables, a boolean, or a graph."""
        self._channel.send({"kind": kind, "variables": variables, "value": value}, at_once=False)

    def expect_xml(self) -> None:
        """Refuse from now on, by a ValueError, what would be no XML."""
        self._last = b""

    def writable(self) -> bool:
        """Say that this file can be written."""
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Take bytes; raise MemoryError for a single row that is larger than a whole result may be."""
        self._written += len(data)
        if self._written > 2 * self._size + _CHUNK:
            raise MemoryError
        if self._last is not None:
            found = _NOT_XML.search(self._last + data)
            if found:
                raise ValueError(f"XML can't hold the character U+{ord(found[0].decode()):04X} of the answer; choose another format")
            self._last = bytes(data[-2:])
        self._pending += data
        if len(self._pending) >= _CHUNK:
            self._send(at_once=True)
        return len(data)

    def finish(self) -> None:
        """Send what is pending, with the end of the reply."""
        self._send(at_once=False)

    def _send(self, *, at_once: bool) -> None:
        view = bytes(self._pending)
        for start in range(0, len(view), 1 << 20):
            self._channel.send_data(view[start : start + (1 << 20)], at_once=at_once)
        self._pending.clear()


class _Rows(io.RawIOBase):
    """Solutions as a TSV file that is read while they are found."""

    def __init__(self, solutions: QuerySolutions, sink: BoundedOutput, limit: int | None, written: Written, *, exact: bool) -> None:
        self._solutions = solutions
        self._sink = sink
        self._limit = limit
        self._written = written
        self._text: Callable[[Term | Triple], str] = _restored_text if exact else term_text
        self._pending = ("\t".join(str(variable) for variable in solutions.variables) + "\n").encode()

    def readable(self) -> bool:
        """Say that this file can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes, as few rows as fill them."""
        parts = [self._pending]
        length = len(self._pending)
        while length < size and (row := self._next()) is not None:
            line = ("\t".join("" if term is None else self._text(term) for term in row) + "\n").encode()
            parts.append(line)
            length += len(line)
        data = b"".join(parts)
        self._pending = data[size:]
        return data[:size]

    def _next(self) -> QuerySolution | None:
        if self._written.cut:
            return None
        row: QuerySolution | None = next(self._solutions, None)
        if row is None:
            return None
        self._written.cut = _cut(self._written.rows, self._limit, self._sink)
        if self._written.cut:
            return None
        self._written.rows += 1
        return row


def _restored_text(term: Term | Triple) -> str:
    text = term_text(term)
    return term_text(restore(term)) if EXACT in text else text


def term_text(term: Term | Triple) -> str:
    """Write a term as TSV has it; `str` leaves out the brackets of a triple term."""
    if isinstance(term, Triple):
        return f"<<( {term_text(term.subject)} {term.predicate} {term_text(term.object)} )>>"
    return str(term)


def _cut(rows: int, limit: int | None, sink: BoundedOutput) -> Cut | None:
    if limit is not None and rows >= limit:
        return "rows"
    return "size" if sink.full else None


def write(
    result: QuerySolutions | QueryBoolean | QueryTriples,
    sink: BoundedOutput,
    results_format: str,
    graph_format: str,
    limit: int | None,
    prefixes: dict[str, str],
    *,
    exact: bool = False,
) -> Written:
    """Write a result of any kind, in the one of the two formats that its kind takes; `exact` says that literals have to be restored."""
    written = Written()
    file = cast("IO[bytes]", sink)
    if (graph_format if isinstance(result, QueryTriples) else results_format) in _XML_FORMATS:
        sink.expect_xml()
    if isinstance(result, QueryBoolean):
        sink.announce("boolean", [], bool(result))
        result.serialize(file, RESULTS_FORMATS[results_format])
        written = Written(rows=1, empty=not result)
    elif isinstance(result, QuerySolutions):
        sink.announce("solutions", [variable.value for variable in result.variables])
        _write_solutions(result, _Rows(result, sink, limit, written, exact=exact), sink, RESULTS_FORMATS[results_format], written)
        written.empty = written.rows == 0
    else:
        sink.announce("graph", [])
        triples = _distinct(result, sink, limit, written)
        serialize(map(restore_triple, triples) if exact else triples, file, GRAPH_FORMATS[graph_format], prefixes=prefixes)
        written.empty = written.rows == 0
    sink.finish()
    return written


def _write_solutions(
    solutions: QuerySolutions, rows: _Rows, sink: BoundedOutput, results_format: QueryResultsFormat, written: Written
) -> None:
    file = cast("IO[bytes]", sink)
    if not solutions.variables:
        # A TSV file without variables has no rows to count; the engine writes these few bytes itself.
        solutions.serialize(file, results_format)
        written.rows = 1
        return
    again = parse_query_results(cast("IO[bytes]", rows), QueryResultsFormat.TSV)
    assert isinstance(again, QuerySolutions)
    again.serialize(file, results_format)


def _distinct(triples: QueryTriples, sink: BoundedOutput, limit: int | None, written: Written) -> Iterator[Triple]:
    """Yield each triple once: a template makes the same triple for many rows."""
    seen: set[Triple] = set()
    for triple in triples:
        if triple in seen:
            continue
        written.cut = _cut(written.rows, limit, sink)
        if written.cut:
            return
        seen.add(triple)
        written.rows += 1
        yield triple
