"""The one table of result formats: which are for rows, which for graphs, and how each is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from pyoxigraph import serialize

from exporter.errors import UsageError
from exporter.sparql.queries.text import QueryText
from exporter.sparql.results.model import Result, write_rows
from exporter.sparql.results.serialising import GRAPH_FORMATS, RESULTS_FORMATS
from exporter.sparql.results.tables import markdown, spreadsheet, table
from exporter.text import enumerate_names, nearest, quote
from exporter.writers.formats import find_format

Write = Callable[[Result, Mapping[str, str], int | None], str]


@dataclass(frozen=True, slots=True)
class RowsFormat:
    """One way to write solutions and booleans; `write` is None for the W3C's, which the query's process writes itself."""

    name: str
    media_type: str
    extension: str
    purpose: str
    write: Write | None = None


ROWS_FORMATS = (
    RowsFormat("table", "text/plain", ".txt", "for people: columns that fit the terminal, prefixes folded", table),
    RowsFormat("csv", "text/csv", ".csv", "SPARQL 1.1 CSV: plain values, every character kept"),
    RowsFormat("tsv", "text/tab-separated-values", ".tsv", "SPARQL 1.1 TSV: terms in Turtle syntax, nothing lost"),
    RowsFormat("json", "application/sparql-results+json", ".json", "SPARQL 1.1 JSON results"),
    RowsFormat("xml", "application/sparql-results+xml", ".xml", "SPARQL XML results"),
    RowsFormat("markdown", "text/markdown", ".md", "a Markdown table", lambda result, prefixes, _: markdown(result, prefixes)),
    RowsFormat(
        "spreadsheet",
        "text/csv",
        ".csv",
        "CSV for a spreadsheet program: nothing in it runs as a formula",
        lambda result, *_: spreadsheet(result),
    ),
)
"""Every format of solutions and booleans, the default first."""

Form = Literal["SELECT", "ASK", "CONSTRUCT", "DESCRIBE"]


def query_form(query: str) -> Form | None:
    r"""Give the form of a query, or None where it has none that it can be told by.

    >>> query_form("PREFIX select: <https://e.org/> # ASK\nconstruct {} {}")
    'CONSTRUCT'
    """
    forms: tuple[Form, ...] = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
    words = (token.upper for token in QueryText(query).tokens if token.kind == "word")
    return next((form for word in words for form in forms if word == form), None)


def makes_graph(query: str) -> bool:
    """Tell a query that answers with triples."""
    return query_form(query) in {"CONSTRUCT", "DESCRIBE"}


def choose_rows_format(name: str | None) -> RowsFormat:
    """Find a format for rows by name, media type or extension; raises UsageError with the near one."""
    if name is None:
        return ROWS_FORMATS[0]
    for row in ROWS_FORMATS:
        if name.lower().lstrip(".") in {row.name, row.media_type, row.extension.lstrip(".")}:
            return row
    names = [row.name for row in ROWS_FORMATS]
    near = nearest(name, names)
    advice = f"did you mean {quote(near)}?" if near else f"there are {enumerate_names(names, 'and')}"
    raise UsageError(f"no format for rows is called {quote(name)}; {advice} (CONSTRUCT and DESCRIBE take an RDF syntax)")


def choose_graph_format(name: str | None) -> str:
    """Find an RDF syntax by name, media type or extension; raises UsageError for one that results can't have."""
    found = find_format(name or "turtle")
    if found.compression or found.format.name not in GRAPH_FORMATS:
        raise UsageError(f"a query's graph can't be written as {quote(name)}; there are {enumerate_names(GRAPH_FORMATS, 'and')}")
    return found.format.name


def write_result(
    result: Result, rows_format: RowsFormat, graph_format: str, prefixes: Mapping[str, str], width: int | None = None
) -> bytes:
    """Write a whole result, in the one of the two formats that its kind takes."""
    if result.kind == "graph":
        return serialize(result.triples, format=GRAPH_FORMATS[graph_format], prefixes=dict(prefixes)) or b""
    if result.kind == "boolean":
        return f"{str(result.value).lower()}\n".encode()
    if rows_format.write is None:
        return write_rows(result.variables, result.rows, RESULTS_FORMATS[rows_format.name])
    text = rows_format.write(result, prefixes, width)
    return (text if text.endswith("\n") else text + "\n").encode()
