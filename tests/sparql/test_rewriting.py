"""A rewritten query asks for the same: on data that keeps no literal it has the rows that the engine gives for it as typed."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, RdfFormat, Store, parse

from exporter.sparql.queries.functions import AGGREGATES, functions
from exporter.sparql.queries.names import declared_prefixes
from exporter.sparql.queries.rewriting import rewrite
from exporter.sparql.queries.text import QueryText
from tests.running import MEDIGY, ROOT

PAGE = re.findall(r"```sparql\n(.*?)```", (ROOT / "docs" / "querying.md").read_text("utf-8"), re.DOTALL)
SAVED = [path.read_text("utf-8") for path in sorted((ROOT / "examples").rglob("*.rq"))]
OTHERS = [
    """SELECT ?a (GROUP_CONCAT(DISTINCT ?b; SEPARATOR=", ") AS ?c) WHERE { ?a schema:position ?b . FILTER(?b NOT IN (1, 2)) }
    GROUP BY ?a HAVING (COUNT(?b) > 0 && MIN(?b) != 3) (MAX(?b) < 99) ORDER BY DESC(COUNT(?b)) ?a LIMIT 10 OFFSET 1""",
    """SELECT * { ?s ?p ?o OPTIONAL { ?s schema:author ?r FILTER(!BOUND(?o) || ?r = ?o) } FILTER(REGEX(STR(?o), "a", "i") && !(isIRI(?o))) }
    ORDER BY ASC(?s) LCASE(STR(?o)) (?r)""",
    """SELECT ?s (?x * 2 + 1 AS ?y) { ?s ?p ?o BIND(STRLEN(STR(?o)) AS ?x) FILTER(?x > 3 && EXISTS { ?s ?z ?o . FILTER(?x < 100) }) }""",
    """SELECT ?s { ?s ?p ?o . FILTER(?o IN ("a", 3, <urn:x>) || -?o < +5 || (?o + 1) * 2 >= 3e0) MINUS { ?s ?p 5. } }""",
    """SELECT (SUM(IF(BOUND(?o), 1, 0)) AS ?n) (AVG(?o) AS ?a) (COUNT(DISTINCT ?o) AS ?x) (COUNT(DISTINCT *) AS ?d) { ?s ?p ?o }""",
    """SELECT ?p (COUNT(*) AS ?n) { { SELECT DISTINCT ?s ?p { ?s ?p ?o } ORDER BY ?s } UNION { ?s ?p ?o } } GROUP BY ?p (STR(?p) AS ?q)""",
    """SELECT * { VALUES (?a ?b) { (1 UNDEF) ("x"@en 2.5) (<urn:a> true) } FILTER(COALESCE(?b, -1) != 3) } ORDER BY ?a""",
    """CONSTRUCT { ?s <urn:n> 5 , "x" . } WHERE { ?s schema:headline ?o } ORDER BY ?s""",
    """ASK { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?r } FILTER(xsd:integer(?o) > 3) }""",
    """SELECT ?s { ?s (^schema:author/schema:about)*|!(schema:url|^schema:about) ?o }""",
    """SELECT ?x { ?s ?p ?o BIND(CONCAT(STR(?s), "-", STRDT("3", xsd:int)) AS ?u) BIND(REPLACE(STR(?o), "a", "b") AS ?x) }""",
    """SELECT (MIN(DISTINCT ?o) AS ?a) (MAX(?o) AS ?b) ?p { ?s ?p ?o FILTER(isNumeric(?o)) } GROUP BY ?p""",
]


@pytest.fixture(scope="module")
def store() -> Store:
    store = Store()
    store.bulk_load(path=str(ROOT / "output" / "medigy.ttl"), format=RdfFormat.TURTLE)
    return store


@pytest.fixture(scope="module")
def prefixes() -> dict[str, str]:
    parser = parse(path=str(MEDIGY))
    next(parser)
    return dict(parser.prefixes)


def _rows(result: QuerySolutions | QueryBoolean | QueryTriples) -> object:
    if isinstance(result, QueryBoolean):
        return bool(result)
    if isinstance(result, QueryTriples):
        return Counter(map(str, result))
    return Counter(tuple(map(str, row)) for row in result)


@pytest.mark.parametrize("exact", [True, False], ids=["exact", "plain"])
@pytest.mark.parametrize(
    "query", [*PAGE, *SAVED, *OTHERS], ids=lambda query: " ".join(query.split())[:40] if isinstance(query, str) else ""
)
def test_the_rows_are_those_of_the_query_as_typed(store: Store, prefixes: dict[str, str], query: str, *, exact: bool) -> None:
    rewritten = rewrite(query, {**prefixes, **declared_prefixes(QueryText(query))}, exact=exact, tags=exact)
    assert rewritten is not None
    as_typed = store.query(query, prefixes=prefixes)
    again = store.query(rewritten, prefixes=prefixes, custom_functions=functions({}), custom_aggregate_functions=AGGREGATES)
    assert _rows(again) == _rows(as_typed)


def test_what_another_machine_is_asked_stays_as_it_is() -> None:
    query = "SELECT ?o { ?s ?p 03 SERVICE <https://e.org/> { ?s ?p 03 { ?s ?q 04 } } ?s ?q 05 }"
    rewritten = rewrite(query, {}, exact=True, tags=False)
    assert rewritten is not None
    assert "{ ?s ?p 03 { ?s ?q 04 } }" in rewritten
    assert rewritten.count("exact#integer") == len(["03", "05"])
