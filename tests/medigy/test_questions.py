"""The competency questions: their rows on pyoxigraph and on rdflib are the rows that stand beside them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import cast

import pyoxigraph as ox
import pytest
import rdflib

from tests.medigy.places import OUTPUT, QUERIES

Row = tuple[str, ...]

QUESTIONS = sorted(QUERIES.glob("*.rq"))
XSD = "http://www.w3.org/2001/XMLSchema#"


def parameters(question: str) -> dict[str, ox.NamedNode | ox.Literal]:
    """The default of each parameter in the leading comments, as a term."""
    found: dict[str, ox.NamedNode | ox.Literal] = {}
    for name, kind, value in re.findall(r"^# param (\w+): (\w+) = (.+)$", question, re.MULTILINE):
        found[name] = ox.NamedNode(value.strip("<>")) if kind == "iri" else ox.Literal(value, datatype=ox.NamedNode(XSD + kind))
    return found


def bound(question: str) -> str:
    """The question with its parameters as a row of VALUES, the way that both engines understand."""
    rows = "".join(f"VALUES ?{name} {{ {term} }} " for name, term in parameters(question).items())
    return question.replace("WHERE {", "WHERE { " + rows, 1)


@cache
def oxigraph_store() -> ox.Store:
    store = ox.Store()
    store.load(path=str(OUTPUT / "medigy.ttl"), format=ox.RdfFormat.TURTLE)
    return store


@cache
def rdflib_graph() -> rdflib.Graph:
    return rdflib.Graph().parse(OUTPUT / "medigy.ttl")


def rows_of(solutions: ox.QuerySolutions) -> list[Row]:
    return [tuple("" if term is None else str(term) for term in solution) for solution in solutions]


def expected_rows(question: Path) -> list[Row]:
    solutions = ox.parse_query_results(path=str(question.with_suffix(".expected.tsv")), format=ox.QueryResultsFormat.TSV)
    return rows_of(cast("ox.QuerySolutions", solutions))


def ask_oxigraph(question: str) -> list[Row]:
    return rows_of(cast("ox.QuerySolutions", oxigraph_store().query(question)))


def ask_rdflib(question: str) -> list[Row]:
    result = rdflib_graph().query(question)
    rows = cast("list[tuple[rdflib.term.Identifier | None, ...]]", list(result))
    return [tuple("" if term is None else term.n3() for term in row) for row in rows]


def test_there_are_ten_questions() -> None:
    assert len(QUESTIONS) == 10


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_has_its_expected_rows_on_both_engines(question: Path) -> None:
    text = bound(question.read_text(encoding="utf-8"))
    expected = expected_rows(question)
    assert expected
    assert ask_oxigraph(text) == expected
    assert ask_rdflib(text) == expected


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda path: path.stem)
def test_a_question_says_its_title_and_description(question: Path) -> None:
    first, second = question.read_text(encoding="utf-8").splitlines()[:2]
    assert re.fullmatch(r"# title: \S.+", first)
    assert re.fullmatch(r"# description: \S.+\.", second)
