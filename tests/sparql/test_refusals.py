"""The word SERVICE in every disguise that the engine sees through, and in none that it does not."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from exporter.rdf.lexer import tokens
from exporter.sparql.limits import Powers
from exporter.sparql.opening import open_dataset
from exporter.sparql.queries.refusals import check_refusals
from exporter.sparql.queries.text import QueryText, RefusedError

ROOT = Path(__file__).parent.parent.parent
REMOTE = "{ ?s ?p ?o }"
DISGUISED = {
    "plain": f"ASK {{ SERVICE <http://127.0.0.1:9/> {REMOTE} }}",
    "lower case": f"ASK {{ service <http://127.0.0.1:9/> {REMOTE} }}",
    "variable": f"ASK {{ VALUES ?u {{ <http://127.0.0.1:9/> }} SERVICE ?u {REMOTE} }}",
    "no space": "ASK{SERVICE<http://127.0.0.1:9/>{?s ?p ?o}}",
    "behind a boolean": f"ASK {{ ?a ?b trueSERVICE <http://127.0.0.1:9/> {REMOTE} }}",
    "behind a number": f"ASK {{ ?a ?b 1SERVICE <http://127.0.0.1:9/> {REMOTE} }}",
    "behind a string": f"ASK {{ ?a ?b 'a'SERVICE <http://127.0.0.1:9/> {REMOTE} }}",
    "prefix that ends in it": f"PREFIX SERVICE: <http://e.org/> PREFIX : <http://127.0.0.1:9/> ASK {{ SERVICE:x {REMOTE} }}",
    "less-than that looks like an IRI": f"ASK {{ BIND(1 AS ?a) FILTER(?a<'x>' ) SERVICE <http://127.0.0.1:9/> {REMOTE} }} #'",
    "less-than in a function of a name": f"ASK {{ FILTER <http://f>(?a<'x>' ) SERVICE <http://127.0.0.1:9/> {REMOTE} }} #'",
    "less-than in SELECT": f"SELECT (?a<'x>' AS ?b) {{ SERVICE <http://127.0.0.1:9/> {REMOTE} }} #'",
    "less-than in HAVING": f"ASK {{ {{ SELECT ?a {{ }} GROUP BY ?a HAVING (?a<'x>' ) }} SERVICE <http://127.0.0.1:9/> {REMOTE} }} #'",
    "IRI with a quote in a list": f"ASK {{ ?s ?p ( <http://a> <http://x'> ) . SERVICE <http://127.0.0.1:9/> {REMOTE} }} #'",
    "in a subquery": f"SELECT * {{ {{ SELECT ?s {{ SERVICE SILENT <http://127.0.0.1:9/> {REMOTE} }} }} }}",
    "in EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE <http://127.0.0.1:9/> {REMOTE} }} }}",
}
HARMLESS = {
    "literal": "ASK { ?s ?p 'SERVICE <http://127.0.0.1:9/>' }",
    "long literal": 'ASK { ?s ?p """a " SERVICE <http://127.0.0.1:9/> { } """ }',
    "comment": "ASK { ?s ?p ?o } # SERVICE <http://127.0.0.1:9/> {}",
    "variable name": "ASK { ?service ?p ?o }",
    "IRI": "ASK { ?s <http://e.org/SERVICE> ?o }",
    "local name": "PREFIX e: <http://e.org/> ASK { ?s e:service ?o }",
    "prefix": "PREFIX service: <http://e.org/> ASK { GRAPH service:g { ?s service:a ?o } }",
    "blank node": "ASK { _:service ?p ?o }",
    "language": "ASK { ?s ?p 'a'@service }",
}


@pytest.mark.parametrize("name", DISGUISED)
def test_disguise_is_seen_through(name: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_refusals(QueryText(DISGUISED[name]), allow_remote=False)
    assert caught.value.problem.code == "QUERY-REMOTE"


@pytest.mark.parametrize("name", HARMLESS)
def test_mere_word_is_no_offence(name: str) -> None:
    check_refusals(QueryText(HARMLESS[name]), allow_remote=False)


CONFINED = """
import sys
from pyoxigraph import Store
from exporter.sparql.processes.worker import confine
store = Store()
store.update("INSERT DATA { <http://a> <http://b> true, 1, 'a' }")
confine(1 << 30, allow_remote=False)
try:
    print(list(store.query(sys.argv[1])))
except OSError as error:
    print("no way out:", error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="resource limits are POSIX")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_worker_could_not_reach_out_even_if_the_check_failed(host: str) -> None:
    """The second wall: with RLIMIT_NOFILE at zero no socket can be opened, not even to look up a name."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        query = f"SELECT * {{ SERVICE <http://{host}:{server.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        done = subprocess.run([sys.executable, "-c", CONFINED, query], capture_output=True, text=True, check=True, cwd=ROOT)
        assert done.stdout.startswith("no way out:")
        with pytest.raises(TimeoutError):
            server.accept()


def test_service_is_asked_when_the_user_permits_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{server.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        called = threading.Thread(target=answer_once, args=(server,))
        called.start()
        with open_dataset(triples=[b'<http://a> <http://b> "c" .'], powers=Powers(allow_remote=True)) as dataset:
            result = dataset.query(query)
        called.join()
    assert [row["s"] for row in result] == [NamedNode("http://answer/")]


def answer_once(server: socket.socket) -> None:
    """Be a SPARQL server for one request."""
    body = b'{"head":{"vars":["s"]},"results":{"bindings":[{"s":{"type":"uri","value":"http://answer/"}}]}}'
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/sparql-results+json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    connection, _ = server.accept()
    with connection:
        connection.recv(65536)
        connection.sendall(head.encode() + body)


@pytest.mark.parametrize(
    "text", ["ASK { FILTER(?a<?b&&?c>?d) }", "ASK { FILTER(1<2) }", "SELECT (?a<?b AS ?c) {}", "ASK { ?s (<a>|!<b>)* ?o }"]
)
def test_less_than_and_iri_are_told_apart(text: str) -> None:
    iris = {token.text for token in tokens(text) if token.kind == "iri"}
    assert iris == ({"<a>", "<b>"} if "<a>" in text else set())


@pytest.mark.parametrize(
    "word",
    ["INSERT DATA { }", "DELETE WHERE { }", "LOAD <x>", "CLEAR ALL", "DROP ALL", "CREATE GRAPH <x>", "WITH <x> DELETE { } WHERE { }"],
)
@pytest.mark.parametrize("prologue", ["", "BASE <http://e.org/> ", "PREFIX e: <http://e.org/> # INSERT\n"])
def test_update_is_refused_behind_any_prologue(word: str, prologue: str) -> None:
    with pytest.raises(RefusedError) as caught:
        check_refusals(QueryText(prologue + word), allow_remote=True)
    assert caught.value.problem.code == "QUERY-UPDATE"


def test_query_of_more_than_a_megabyte_is_refused() -> None:
    with pytest.raises(RefusedError) as caught:
        check_refusals(QueryText("ASK { } #" + "é" * 500_000), allow_remote=False)
    assert caught.value.problem.code == "QUERY-SIZE"
