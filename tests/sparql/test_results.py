"""How answers are written: for programs without loss, for people within their terminal, for spreadsheets without harm."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from copy import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, QueryResultsFormat, QuerySolutions, parse_query_results

from exporter.errors import UsageError
from exporter.sparql.results.formats import ROWS_FORMATS, choose_graph_format, choose_rows_format, makes_graph, write_result
from exporter.sparql.results.model import Cell, Result, Row, parse_rows, write_rows
from exporter.sparql.results.tables import table
from exporter.width import columns

PREFIXES = {"e": "https://e.org/", "empty": ""}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    TEXTS.map(Literal),
    TEXTS.map(lambda text: Literal(text, language="en-gb")),
    st.integers().map(lambda number: Literal(str(number), datatype=NamedNode("http://www.w3.org/2001/XMLSchema#integer"))),
    st.sampled_from([NamedNode("https://e.org/a"), NamedNode("https://e.org/%20/ü"), BlankNode("b0")]),
)
ROWS = st.lists(st.tuples(CELLS, CELLS), max_size=6).map(tuple)


def solutions(variables: tuple[str, ...], rows: Sequence[tuple[Cell, ...]]) -> Result:
    return Result("solutions", variables, tuple(Row(variables, row) for row in rows))


def test_a_row_is_a_tuple_whose_terms_have_names_too() -> None:
    result = solutions(("a", "b"), [(Literal(1), None)])
    assert list(result) == list(result.rows) == [(Literal(1), None)]
    row = copy(result.rows[0])
    assert (row["a"], row["b"], row[0], row[1:], row.asdict()) == (Literal(1), None, Literal(1), (None,), {"a": Literal(1), "b": None})
    with pytest.raises(KeyError):
        row["c"]
    assert len(repr(solutions(("a",), [(Literal("x" * 99),)] * 99))) < 200


@given(rows=ROWS)
def test_tsv_loses_nothing(rows: tuple[tuple[Cell, ...], ...]) -> None:
    assert parse_rows(write_rows(("a", "b"), rows, QueryResultsFormat.TSV)) == rows


@given(rows=ROWS)
@pytest.mark.parametrize("results_format", [QueryResultsFormat.JSON, QueryResultsFormat.XML])
def test_w3c_formats_are_read_back_by_the_engine(results_format: QueryResultsFormat, rows: tuple[tuple[Cell, ...], ...]) -> None:
    if results_format == QueryResultsFormat.XML and any(not c.isprintable() for row in rows for cell in row for c in str(cell)):
        return  # XML 1.0 has no way to write most control characters
    solutions = parse_query_results(write_rows(("a", "b"), rows, results_format), results_format)
    assert isinstance(solutions, QuerySolutions)
    assert tuple(tuple(solution) for solution in solutions) == rows


@given(rows=ROWS)
def test_spreadsheet_runs_nothing(rows: tuple[tuple[Cell, ...], ...]) -> None:
    text = write_result(solutions(("a", "b"), rows), choose_rows_format("spreadsheet"), "turtle", {}).decode()
    assert text.startswith("\ufeff")
    for row in csv.reader(io.StringIO(text[1:])):
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t", "\r"))
            assert not cell.startswith("-") or cell[1:].isdigit()


def test_csv_for_programs_keeps_what_a_spreadsheet_would_run() -> None:
    result = solutions(("a",), ((Literal("=1+1"),),))
    assert write_result(result, choose_rows_format("csv"), "turtle", {}) == b"a\r\n=1+1\r\n"


@given(rows=ROWS, width=st.integers(30, 120))
def test_table_fits_the_terminal(rows: tuple[tuple[Cell, ...], ...], width: int) -> None:
    lines = table(solutions(("first", "second"), rows), PREFIXES, width).split("\n")
    assert len(lines) == len(rows) + 2
    assert all(columns(line) <= width for line in lines)
    assert all(line.isprintable() for line in lines)


def test_table_shows_the_end_of_a_long_iri() -> None:
    rows = ((NamedNode("https://www.medigy.com/topics/symplur/telehealth/"), Literal("x")),)
    line = table(solutions(("topic", "n"), rows), {}, 34).split("\n")[2]
    assert line.startswith("https://ww")
    assert "/telehealth/" in line


def test_wide_characters_stay_in_their_columns() -> None:
    rows = ((Literal("医療"), Literal("a")), (Literal("abc"), Literal("b")))
    lines = table(solutions(("name", "x"), rows), {}, 80).split("\n")
    assert lines[2:] == ["医療  a", "abc   b"]


def test_boolean_is_a_word_in_a_table_and_json_in_json() -> None:
    assert write_result(Result("boolean", value=True), choose_rows_format(None), "turtle", {}) == b"true\n"


def test_unbound_variables_are_empty_cells() -> None:
    data = write_result(solutions(("a", "b"), ((None, Literal("x")),)), choose_rows_format("json"), "turtle", {})
    assert json.loads(data)["results"]["bindings"] == [{"b": {"type": "literal", "value": "x"}}]


@pytest.mark.parametrize("row", ROWS_FORMATS, ids=lambda row: row.name)
def test_format_is_found_by_its_name(row: object) -> None:
    assert choose_rows_format(getattr(row, "name", "")) is row


@pytest.mark.parametrize(
    ("name", "found"), [("application/sparql-results+json", "json"), (".tsv", "tsv"), ("text/csv", "csv"), ("MARKDOWN", "markdown")]
)
def test_format_is_found_by_media_type_and_extension(name: str, found: str) -> None:
    assert choose_rows_format(name).name == found


def test_unknown_format_is_told_with_the_near_one() -> None:
    with pytest.raises(UsageError, match='did you mean "json"'):
        choose_rows_format("jsn")
    with pytest.raises(UsageError, match="can't be written"):
        choose_graph_format("jsonldl")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT * {}", False),
        ("# CONSTRUCT\nASK {}", False),
        ("PREFIX construct: <x:> describe construct:a", True),
        ("BASE <x:> CONSTRUCT {} {}", True),
    ],
)
def test_query_form_is_told_by_its_words(query: str, expected: bool) -> None:
    assert makes_graph(query) is expected
