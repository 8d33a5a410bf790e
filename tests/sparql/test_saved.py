"""Saved queries: what their leading comments say, and what is said of comments that can't be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from exporter.errors import QueryError
from exporter.problems import Severity
from exporter.rdf.terms import XSD
from exporter.sparql.queries.parameters import make_term
from exporter.sparql.queries.saved import find_saved, parse_saved

PREFIXES = {"schema": "https://schema.org/"}


def test_comments_are_read_up_to_the_query() -> None:
    saved = parse_saved(
        "# title: A\n\n# Free text: that is no field\n# expect: empty\n# severity: warning\nASK {}\n# title: B", "a", "a.rq"
    )
    assert (saved.title, saved.expect, saved.severity) == ("A", "empty", Severity.WARNING)


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("# param topic\nASK {}", None, None),
        ("# param topic: strnig\nASK {}", 1, "did you mean string?"),
        ("# title: x\n# param: string\nASK {}", 2, "a parameter is written"),
        ("# expect: nothing\nASK {}", 1, "is nothing to expect"),
        ("# titel: x\nASK {}", 1, "did you mean title?"),
        ("# severity: bad\nASK {}", 1, "is not a severity"),
    ],
)
def test_comment_that_cant_be_read_is_told_with_its_line(text: str, line: int | None, message: str | None) -> None:
    if message is None:
        assert not parse_saved(text, "a", "a.rq").parameters
        return
    with pytest.raises(QueryError) as caught:
        parse_saved(text, "a", "a.rq")
    [problem] = caught.value.problems
    assert (problem.code, problem.location.line) == ("QUERY-SAVED", line)
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "type_", "term"),
    [
        ("Tele health", "string", Literal("Tele health")),
        ("Santé", "string@fr", Literal("Santé", language="fr")),
        ("7", "integer", Literal("7", datatype=NamedNode(XSD + "integer"))),
        ("1.50", "decimal", Literal("1.50", datatype=NamedNode(XSD + "decimal"))),
        ("2024-02-29", "date", Literal("2024-02-29", datatype=NamedNode(XSD + "date"))),
        ("2024-02", "gYearMonth", Literal("2024-02", datatype=NamedNode(XSD + "gYearMonth"))),
        ("true", "boolean", Literal("true", datatype=NamedNode(XSD + "boolean"))),
        ("<https://e.org/a>", "iri", NamedNode("https://e.org/a")),
        ("https://e.org/a", "iri", NamedNode("https://e.org/a")),
        ("schema:about", "iri", NamedNode("https://schema.org/about")),
    ],
)
def test_value_becomes_a_term_of_its_type(text: str, type_: str, term: object) -> None:
    assert make_term(text, type_, PREFIXES) == term


@pytest.mark.parametrize(
    ("text", "type_"),
    [("x", "integer"), ("1,5", "decimal"), ("2024-13-01", "date"), ("yes", "boolean"), ("not an iri", "iri"), ("1\n", "integer")],
)
def test_value_of_another_type_is_refused(text: str, type_: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        make_term(text, type_, PREFIXES)


def test_missing_unknown_and_ill_typed_parameters_are_told() -> None:
    saved = parse_saved("# param since: date\n# param n: integer = 3\nASK {}", "a", "a.rq")
    for values, message in (
        ({}, "no default and no value"),
        ({"sinse": "x"}, 'no parameter "sinse"'),
        ({"since": "Jan 31"}, "is not a date such as"),
        ({"since": "2026-02-30"}, "is not a date such as"),
    ):
        with pytest.raises(QueryError, match=message):
            saved.bindings(values, {})
    assert saved.bindings({"since": "2024-01-31"}, {})["n"] == make_term("3", "integer", {})


def test_query_is_found_by_name_with_or_without_its_number(tmp_path: Path) -> None:
    (tmp_path / "01-by-topic.rq").write_text("ASK {}")
    assert find_saved("by-topic", tmp_path).path == find_saved("01-by-topic", tmp_path).path
    with pytest.raises(QueryError) as caught:
        find_saved("by-topics", tmp_path)
    assert caught.value.problems[0].help == "did you mean by-topic?"


def test_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_bytes(b"\xff\xfe")
    with pytest.raises(QueryError, match="not UTF-8"):
        find_saved("a", tmp_path)
