"""The SPARQL 1.1 Protocol as functions: a case for each sentence of sections 2.1 and 2.2 that says what a request may be."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store

from exporter.server.answers import result_format
from exporter.server.description import describe_service
from exporter.server.negotiation import choose, read_accept
from exporter.server.protocol import ProtocolError, ProtocolQuery, read_request, with_dataset

FORM, QUERY, UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
ASK = "ASK%7B%7D"

TAKEN = [
    # 2.1.1: by GET, with the parameters in the address
    ("2.1.1 GET", "GET", f"query={ASK}", None, b"", ProtocolQuery("ASK{}")),
    ("2.1.1 HEAD", "HEAD", f"query={ASK}", None, b"", ProtocolQuery("ASK{}")),
    ("2.1.1 a plus is a space", "GET", "query=ASK+%7B%7D", None, b"", ProtocolQuery("ASK {}")),
    ("2.1.1 percent-encoded UTF-8", "GET", "query=ASK%7B%3Fs%20%3Fp%20%22%C3%A9%22%7D", None, b"", ProtocolQuery('ASK{?s ?p "é"}')),
    # 2.1.2: by POST with a form
    ("2.1.2 POST form", "POST", "", FORM, f"query={ASK}".encode(), ProtocolQuery("ASK{}")),
    (
        "2.1.2 a media type has parameters and any case",
        "POST",
        "",
        "Application/X-WWW-Form-Urlencoded; charset=UTF-8",
        f"query={ASK}".encode(),
        ProtocolQuery("ASK{}"),
    ),
    # 2.1.3: by POST with the query as it is
    ("2.1.3 POST query", "POST", "", QUERY, b"ASK {}", ProtocolQuery("ASK {}")),
    ("2.1.3 in UTF-8", "POST", "", f"{QUERY}; charset=utf-8", 'ASK{?s ?p "é"}'.encode(), ProtocolQuery('ASK{?s ?p "é"}')),
    ("2.1.3 with a dataset in the address", "POST", "default-graph-uri=e:a", QUERY, b"ASK {}", ProtocolQuery("ASK {}", ("e:a",))),
    # 2.1.4: the dataset
    (
        "2.1.4 several default graphs",
        "GET",
        f"query={ASK}&default-graph-uri=e:a&default-graph-uri=e:b",
        None,
        b"",
        ProtocolQuery("ASK{}", ("e:a", "e:b")),
    ),
    ("2.1.4 named graphs", "GET", f"named-graph-uri=e:a&query={ASK}", None, b"", ProtocolQuery("ASK{}", (), ("e:a",))),
    ("2.1.4 in a form", "POST", "", FORM, f"query={ASK}&named-graph-uri=e:a".encode(), ProtocolQuery("ASK{}", (), ("e:a",))),
    # others may have parameters of their own
    ("2.1 an unknown parameter", "GET", f"query={ASK}&format=json", None, b"", ProtocolQuery("ASK{}")),
]
REFUSED = [
    ("2.1 no query", "GET", "default-graph-uri=e:a", None, b"", 400),
    ("2.1 two queries", "GET", f"query={ASK}&query={ASK}", None, b"", 400),
    ("2.1 an empty query", "GET", "query=", None, b"", 400),
    ("2.1.2 an empty form", "POST", "", FORM, b"", 400),
    ("2.1.2 parameters in the address of a form", "POST", f"query={ASK}", FORM, b"query=ASK%7B%7D", 400),
    ("2.1.2 a form that is not UTF-8", "POST", "", FORM, b"query=\xff", 400),
    ("2.1.2 an escape that is not UTF-8", "GET", "query=%FF", None, b"", 400),
    ("2.1.3 another query in the address", "POST", f"query={ASK}", QUERY, b"ASK {}", 400),
    ("2.1.3 not UTF-8", "POST", "", QUERY, b"ASK {\xff}", 400),
    ("2.1.3 another charset", "POST", "", f"{QUERY}; charset=latin1", b"ASK {}", 415),
    ("2.1.4 a relative graph", "GET", f"query={ASK}&default-graph-uri=a", None, b"", 400),
    ("2.1.4 a graph that is no IRI", "GET", f"query={ASK}&named-graph-uri=e:%20x", None, b"", 400),
    ("2.1.4 a graph that ends the clause", "GET", f"query={ASK}&named-graph-uri=e:a%3E%20SERVICE", None, b"", 400),
    ("2.1 another media type", "POST", "", "text/plain", b"ASK {}", 415),
    ("2.1 no media type", "POST", "", None, b"ASK {}", 415),
    ("2.1 JSON", "POST", "", "application/json", b'{"query":"ASK {}"}', 415),
    ("2.1 PUT", "PUT", "", QUERY, b"ASK {}", 405),
    ("2.1 DELETE", "DELETE", "", None, b"", 405),
    ("2.2.1 an update in a form", "POST", "", FORM, b"update=CLEAR%20ALL", 403),
    ("2.2.2 an update as it is", "POST", "", UPDATE, b"CLEAR ALL", 403),
    ("2.2 an update by GET", "GET", "update=CLEAR%20ALL", None, b"", 403),
    ("2.2 a query and an update", "POST", "", FORM, f"query={ASK}&update=CLEAR".encode(), 403),
]


@pytest.mark.parametrize(
    ("method", "parameters", "media_type", "body", "expected"), [row[1:] for row in TAKEN], ids=[row[0] for row in TAKEN]
)
def test_a_request_is_read(method: str, parameters: str, media_type: str | None, body: bytes, expected: ProtocolQuery) -> None:
    assert read_request(method, parameters, media_type, body) == expected


@pytest.mark.parametrize(
    ("method", "parameters", "media_type", "body", "status"), [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED]
)
def test_a_request_is_refused(method: str, parameters: str, media_type: str | None, body: bytes, status: int) -> None:
    with pytest.raises(ProtocolError) as refused:
        read_request(method, parameters, media_type, body)
    assert refused.value.status == status
    assert str(refused.value)


def test_a_get_without_anything_asks_what_the_service_is() -> None:
    assert read_request("GET", "", None, b"") is None


DATASETS = [
    ("SELECT * { ?s ?p ?o }", "SELECT *  FROM <e:d> { ?s ?p ?o }"),
    ("SELECT * WHERE { ?s ?p ?o }", "SELECT *  FROM <e:d> WHERE { ?s ?p ?o }"),
    ("SELECT * FROM <e:x> FROM NAMED <e:y> WHERE { GRAPH ?g { ?s ?p ?o } }", "SELECT *    FROM <e:d> WHERE { GRAPH ?g { ?s ?p ?o } }"),
    ("PREFIX e: <e:> ASK FROM e:x { ?s ?p 'FROM <e:z> {' }", "PREFIX e: <e:> ASK   FROM <e:d> { ?s ?p 'FROM <e:z> {' }"),
    ("CONSTRUCT { ?s ?p ?o } FROM <e:x> WHERE { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o }   FROM <e:d> WHERE { ?s ?p ?o }"),
    ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT  FROM <e:d> WHERE { ?s ?p ?o }"),
    ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o }", "CONSTRUCT { ?s ?p ?o }  FROM <e:d> { ?s ?p ?o }"),
    ("DESCRIBE <e:s>", "DESCRIBE <e:s> FROM <e:d>"),
    ("SELECT (EXISTS { ?a ?b ?c } AS ?x) { }", "SELECT (EXISTS { ?a ?b ?c } AS ?x)  FROM <e:d> { }"),
]


@pytest.mark.parametrize(("query", "expected"), DATASETS, ids=[query for query, _ in DATASETS])
def test_the_dataset_of_the_request_takes_the_place_of_the_querys(query: str, expected: str) -> None:
    made = with_dataset(query, ["e:d"], [])
    assert made == expected
    Store().query(made)


ACCEPTS = [
    (None, "SELECT * {}", "application/sparql-results+json"),
    ("", "SELECT * {}", "application/sparql-results+json"),
    ("*/*", "SELECT * {}", "application/sparql-results+json"),
    ("application/json", "ASK {}", "application/json"),
    ("application/sparql-results+xml", "ASK {}", "application/sparql-results+xml"),
    ("text/csv;q=0.5, text/tab-separated-values", "SELECT * {}", "text/tab-separated-values"),
    ("text/*", "SELECT * {}", "text/csv"),
    ("application/sparql-results+json;q=0, */*", "SELECT * {}", "text/csv"),
    ("image/png, text/csv", "SELECT * {}", "text/csv"),
    ("TEXT/CSV", "SELECT * {}", "text/csv"),
    (None, "CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle"),
    ("application/n-triples, text/turtle;q=0.9", "DESCRIBE <e:a>", "application/n-triples"),
    ("application/rdf+xml", "CONSTRUCT WHERE { ?s ?p ?o }", "application/rdf+xml"),
]


@pytest.mark.parametrize(("accept", "query", "expected"), ACCEPTS)
def test_the_format_is_what_the_client_likes_best(accept: str | None, query: str, expected: str) -> None:
    assert result_format(query, accept)[1] == expected


@pytest.mark.parametrize(
    ("accept", "query"),
    [
        ("image/png", "ASK {}"),
        ("text/turtle", "ASK {}"),
        ("text/csv", "CONSTRUCT WHERE { ?s ?p ?o }"),
        ("text/csv;q=0", "ASK {}"),
        ("garbage", "ASK {}"),
    ],
)
def test_what_no_format_serves_is_not_acceptable(accept: str, query: str) -> None:
    with pytest.raises(ProtocolError) as refused:
        result_format(query, accept)
    assert refused.value.status == 406


def test_a_header_that_is_too_long_counts_as_none_of_its_types() -> None:
    assert read_accept("text/csv," * 10_000) == []
    assert choose("text/csv;q=2, */csv", ["text/csv"]) is None


def test_the_description_names_what_is_there() -> None:
    store = Store()
    store.load(describe_service("http://localhost/sparql", 12), format=RdfFormat.TURTLE)
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert store.query(
        f"ASK {{ ?s a <{sd}Service> ; <{sd}endpoint> <http://localhost/sparql> ; <{sd}supportedLanguage> <{sd}SPARQL11Query> }}"
    )
    assert len(list(store.query(f"SELECT ?f {{ ?s <{sd}resultFormat> ?f }}"))) == 10  # type: ignore[arg-type]
