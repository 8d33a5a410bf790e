"""Values are bound as terms: whatever they contain, they come back as themselves, and the query stays the query."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from exporter.errors import QueryError
from exporter.rdf.lexer import tokens
from exporter.sparql.asking import Dataset
from exporter.sparql.opening import open_dataset
from exporter.sparql.queries.bindings import bind
from exporter.sparql.queries.text import QueryText

DATA = [b'<http://e/a> <http://e/size> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .', b'<http://e/b> <http://e/name> "b" .']
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40) | st.sampled_from(
    ['" } SERVICE <http://e/> {', "' # \\", "\\u0022 }", "}", "\n"]
)


@pytest.fixture(scope="module")
def dataset() -> Iterator[Dataset]:
    with open_dataset(triples=DATA) as dataset:
        yield dataset


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
@given(text=TEXTS)
def test_any_text_comes_back_as_itself(dataset: Dataset, text: str) -> None:
    result = dataset.query("SELECT ?value { ?thing <http://e/name> ?name }", {"value": Literal(text)})
    assert result.rows == ((Literal(text),),)


@given(text=TEXTS)
def test_binding_adds_nothing_but_values(text: str) -> None:
    query = "SELECT ?x { { ?s ?p ?x } UNION { ?x ?p ?o } FILTER EXISTS { ?x ?q ?r } }"
    term = str(Literal(text))
    before = [token.text for token in tokens(query)]
    after = [token.text for token in tokens(bind(QueryText(query), {"x": term}))]
    added = ["VALUES", "?x", "{", term, "}"]
    for index in range(len(after) - 1, -1, -1):
        if after[index : index + 5] == added:
            del after[index : index + 5]
    assert after == before


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?s { ?s <http://e/size> ?n }",
        "SELECT ?s { ?s <http://e/size> ?o FILTER(?o = ?n) }",
        "SELECT ?s { ?s ?p ?o OPTIONAL { ?s <http://e/size> ?m FILTER(?m = ?n) } FILTER(?m = 1) }",
        "SELECT ?s { { ?s <http://e/size> ?n } UNION { ?s <http://e/weight> ?n } }",
        "SELECT ?s { { SELECT ?s { ?s <http://e/size> ?n } } }",
        "SELECT ?s (?n + 1 AS ?more) { ?s <http://e/size> ?o FILTER(?o = ?n) }",
        "SELECT ?s (COUNT(?o) AS ?c) { ?s <http://e/size> ?o FILTER(?o = ?n) } GROUP BY ?s",
        "SELECT ?s { ?s <http://e/size> ?o FILTER EXISTS { ?s <http://e/size> ?n } }",
        "SELECT ?s { VALUES (?s) { (<http://e/a>) } ?s <http://e/size> ?n }",
        "SELECT ?s { ?s <http://e/size> ?o MINUS { ?s <http://e/name> ?n } }",
        "SELECT ?s { ?s <http://e/size> ?o BIND(?n AS ?copy) FILTER(?copy = ?o) }",
    ],
)
def test_parameter_reaches_every_place(dataset: Dataset, query: str) -> None:
    assert [row["s"] for row in dataset.query(query, {"n": Literal(1)})] == [NamedNode("http://e/a")]


@pytest.mark.parametrize("query", ["SELECT ?s { ?s <http://e/size> ?n }", "SELECT ?s { ?s <http://e/size> ?o FILTER(?o = ?n) }"])
def test_other_value_gives_other_rows(dataset: Dataset, query: str) -> None:
    assert not dataset.query(query, {"n": Literal(2)})


def test_ask_construct_and_describe_take_parameters(dataset: Dataset) -> None:
    assert dataset.query("ASK { ?s <http://e/size> ?n }", {"n": Literal(1)}).value is True
    [triple] = dataset.query("CONSTRUCT { ?s <http://e/is> ?n } WHERE { ?s <http://e/size> ?n }", {"n": Literal(1)}).triples
    assert triple.object == Literal(1)
    assert len(dataset.query("DESCRIBE ?s { ?s <http://e/size> ?n }", {"n": Literal(1)})) == 1


def test_unknown_name_is_told_with_the_near_one(dataset: Dataset) -> None:
    with pytest.raises(QueryError, match=r"no variable \?topc") as caught:
        dataset.query("ASK { ?s ?p ?topic }", {"topc": Literal("a")})
    assert caught.value.problems[0].help == "did you mean topic?"


def test_errors_point_into_the_query_as_typed(dataset: Dataset) -> None:
    with pytest.raises(QueryError) as caught:
        dataset.query("ASK { ?s ?p ?topic FILTR }", {"topic": Literal("a" * 100)})
    assert caught.value.problems[0].location.column == 20
