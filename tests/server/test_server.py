"""The server as others meet it: clients of SPARQL, browsers' requests, attackers' bytes, files that change, and its end."""

from __future__ import annotations

import json
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Graph
from rdflib.plugins.stores.sparqlstore import SPARQLStore

from exporter import make_project, open_dataset
from exporter.sparql.queries.saved import list_saved, read_saved
from tests.data import HOSTILE, needs
from tests.publishing.sites import SHAPES, make_site, note
from tests.running import MEDIGY, ROOT
from tests.server.serving import Served, serving

pytestmark = pytest.mark.slow

CONTENT = ROOT / "examples/medigy/content"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
TRIPLES = 920


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The example records, with short patience for queries."""
    with serving(
        tmp_path_factory.mktemp("served"), str(CONTENT), "--ontology", str(MEDIGY), "--timeout", "3", "--max-rows", "1000"
    ) as server:
        yield server


def alive(served: Served) -> None:
    """The server has to be right still, whatever was asked before."""
    with served.client() as client:
        reply = client.post("/sparql", data={"query": COUNT}, headers={"Accept": "text/csv"})
        assert (reply.status_code, reply.text.split()) == (200, ["n", str(TRIPLES)])


QUESTIONS = [path for path in list_saved(ROOT / "examples/medigy/queries") if not read_saved(path).parameters]
"""Those without parameters, which the pages bind (`tests/publishing/test_browser.py`), and the protocol knows nothing of."""


@pytest.mark.parametrize("path", QUESTIONS, ids=lambda path: path.stem)
def test_the_competency_questions_have_the_same_rows_as_in_the_terminal(served: Served, path: Path) -> None:
    query = read_saved(path)
    with open_dataset(project=make_project(str(CONTENT), ontology=str(MEDIGY))) as dataset:
        expected = dataset.query(query.text)
    with served.client() as client:
        rows = client.post("/sparql", data={"query": query.text}).json()["results"]["bindings"]
    assert len(rows) == len(expected.rows)


def test_rdflib_asks_it(served: Served) -> None:
    store = SPARQLStore(f"{served.address}/sparql")
    assert [int(str(next(iter(row)))) for row in Graph(store).query(COUNT) if not isinstance(row, bool)] == [TRIPLES]
    assert len(Graph(store)) == TRIPLES


def test_every_format_is_given(served: Served) -> None:
    with served.client() as client:
        for accept in ("application/sparql-results+json", "application/sparql-results+xml", "text/csv", "text/tab-separated-values"):
            reply = client.get("/sparql", params={"query": COUNT}, headers={"Accept": accept})
            assert reply.headers["content-type"].startswith(accept)
            assert str(TRIPLES) in reply.text
            assert client.get("/sparql", params={"query": "ASK {}"}, headers={"Accept": accept}).text.strip().lower().count("true") == 1
        for accept, form in (
            ("text/turtle", RdfFormat.TURTLE),
            ("application/rdf+xml", RdfFormat.RDF_XML),
            ("application/ld+json", RdfFormat.JSON_LD),
        ):
            reply = client.get("/sparql", params={"query": "CONSTRUCT WHERE { ?s ?p ?o }"}, headers={"Accept": accept})
            store = Store()
            store.load(reply.content, format=form)
            assert len(store) == TRIPLES


def test_an_answer_that_the_client_has_is_not_sent_again(served: Served) -> None:
    with served.client() as client:
        first = client.get("/sparql", params={"query": COUNT})
        again = client.get("/sparql", params={"query": COUNT}, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        changing = [client.get("/sparql", params={"query": "SELECT (RAND() AS ?r) {}"}).text for _ in range(2)]
        assert changing[0] != changing[1]


def test_the_graph_store_protocol_gives_the_graph(served: Served) -> None:
    with served.client() as client:
        store = Store()
        store.load(client.get("/data?default", headers={"Accept": "text/turtle"}).content, format=RdfFormat.TURTLE)
        assert len(store) == TRIPLES
        assert client.get("/data?graph=e:x").status_code == 404
        assert client.get("/data?default&graph=e:x").status_code == 400
        refused = client.put("/data?default", content=b"")
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")


def test_a_resource_is_given_as_the_client_accepts(served: Served) -> None:
    topic, record = (
        "/topics/symplur/telehealth/",
        "/communities/clinical-decision-support/curated-news/news.healthwire-hospital-shares-its-sepsis-rule-set/",
    )
    with served.client() as client:
        see = client.get(topic, headers={"Accept": "text/turtle"})
        assert (see.status_code, see.headers["location"]) == (303, f"{topic}index.ttl")
        assert client.get(topic, headers={"Accept": "text/html"}).headers["location"] == f"{topic}index.html"
        page = client.get(record, headers={"Accept": "text/html,*/*;q=0.8"})
        assert (page.status_code, page.headers["content-location"]) == (200, f"{record}index.html")
        assert "Hospital Shares Its Sepsis Rule Set" in page.text
        data = client.get(record, headers={"Accept": "application/ld+json"})
        assert json.loads(data.content)["@context"]
        assert client.get("/no/such/thing").status_code == 404
        assert client.head(record).status_code == 200


def test_the_service_describes_itself(served: Served) -> None:
    with served.client() as client:
        reply = client.get("/sparql", headers={"Accept": "text/turtle"})
        assert "SPARQL11Query" in reply.text
        assert client.get("/sparql", headers={"Accept": "text/html"}).headers["location"] == "_/query.html"


REQUESTS = {
    "g02_origin.txt": {200, 403},
    "g04_text_plain.txt": {415},
    "g06_two_queries.txt": {400},
    "g08_bad_accept.txt": {406},
    "g10_range.txt": {200, 404, 416},
    "g12_big_length.txt": {413},
    "g14_xss_reflect.txt": {200},
    "g16_error_leak.txt": {400},
    "g18_badpath.txt": {400, 404},
}


@needs(HOSTILE)
@pytest.mark.parametrize("name", sorted(path.name for path in (HOSTILE / "http").glob("*")) if (HOSTILE / "http").is_dir() else ["absent"])
def test_a_hostile_request_is_answered_and_harms_nothing(served: Served, name: str) -> None:
    request = (HOSTILE / "http" / name).read_bytes().replace(b"127.0.0.1:8000", f"127.0.0.1:{served.port}".encode())
    reply = served.send(request)
    head, _, body = reply.partition(b"\r\n\r\n")
    assert int(head.split()[1]) in REQUESTS[name], reply[:400]
    assert b"access-control-allow-origin" not in head.lower()
    assert b"x-content-type-options: nosniff" in head.lower() or head.startswith(b"HTTP/1.1 400")
    assert b"<script>alert" not in body
    assert not any(word in body for word in (b"Traceback", b"/exporter/", str(ROOT).encode()))
    alive(served)


QUERIES = {"f11_load.ru": {403}, "f13_update_in_query.rq": {400, 403}, "f09_service_var.rq": {403}}


@needs(HOSTILE)
@pytest.mark.parametrize(
    "name", sorted(path.name for path in (HOSTILE / "queries").glob("*")) if (HOSTILE / "queries").is_dir() else ["absent"]
)
def test_a_hostile_query_is_answered_and_harms_nothing(served: Served, name: str) -> None:
    query = (HOSTILE / "queries" / name).read_bytes()
    begun = time.monotonic()
    with served.client() as client:
        reply = client.post("/sparql", content=query, headers={"Content-Type": "application/sparql-query"})
    assert time.monotonic() - begun < 10
    assert reply.status_code in QUERIES.get(name, {200, 400, 403, 413, 500, 503}), reply.text[:400]
    assert "Traceback" not in reply.text
    alive(served)


def test_another_host_and_another_site_are_refused(served: Served) -> None:
    with served.client() as client:
        assert client.get("/", headers={"Host": "evil.example"}).status_code == 421
        assert client.get("/health", headers={"Host": "127.0.0.1@evil.example"}).status_code == 421
        assert client.get("/", headers={"Host": f"localhost:{served.port}"}).status_code == 200
        for origin in ("https://evil.example", "null", "http://[", ""):
            assert client.post("/sparql", data={"query": COUNT}, headers={"Origin": origin}).status_code == 403
        assert client.post("/sparql", data={"query": COUNT}, headers={"Origin": served.address}).status_code == 200


SMUGGLED = [
    (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
    ),
    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nASK{}",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
    b"GET / HTTP/1.1\r\n\r\n",
    b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
]


@pytest.mark.parametrize("request_bytes", SMUGGLED, ids=range(len(SMUGGLED)))
def test_bytes_that_are_no_request_are_refused(served: Served, request_bytes: bytes) -> None:
    reply = served.send(request_bytes, wait=3)
    statuses = [int(line.split()[1]) for line in reply.split(b"\r\n") if line.startswith(b"HTTP/1.1 ")]
    assert not statuses or statuses[0] >= 400, reply[:300]
    assert len(statuses) <= 1 or statuses[1] >= 400, reply[:600]
    alive(served)


def test_a_client_that_says_nothing_is_let_go(served: Served) -> None:
    begun = time.monotonic()
    assert served.send(b"GET / HTTP/1.1\r\nHost: loc", wait=20) == b""
    assert time.monotonic() - begun < 15
    alive(served)


def test_clients_that_leave_and_queries_that_run_away_leave_nothing_behind(served: Served) -> None:
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f && ?f != ?i) }"
    body = f"query={cross.replace(' ', '+').replace('&', '%26')}".encode()
    request = (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: %d\r\n\r\n"
        % len(body)
    )
    for _ in range(3):
        connection = socket.create_connection(("127.0.0.1", served.port))
        connection.sendall(request + body)
        connection.close()
    with served.client() as client:
        assert client.post("/sparql", data={"query": cross}).status_code == 503
    alive(served)


def test_an_answer_that_is_too_large_is_refused_and_not_cut(served: Served) -> None:
    with served.client() as client:
        reply = client.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f }"})
        assert reply.status_code in {500, 503}
        assert "LIMIT" in reply.text or "seconds" in reply.text


def test_no_update_and_no_other_machine(served: Served) -> None:
    with served.client() as client:
        assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 403
        assert client.get("/sparql", params={"query": "SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }"}).status_code == 403
        assert client.get("/sparql", params={"query": "SELECT * FROM <http://127.0.0.1:1/x> { ?s ?p ?o }"}).status_code == 403
        assert client.get("/sparql", params={"query": COUNT, "default-graph-uri": "http://127.0.0.1:1/x"}).status_code == 403
    alive(served)


def test_what_it_does_is_counted(served: Served) -> None:
    with served.client() as client:
        text = client.get("/metrics").text
        assert f"owltype_triples {TRIPLES}" in text
        assert 'owltype_requests_total{status="200"}' in text
        assert client.get("/health").json()["status"] == "ok"
    log = served.log.read_text("utf-8")
    assert "GET /metrics 200" in log
    assert "SELECT" not in log, "the text of queries is for -v"


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    site = make_site(tmp_path / "site", {"soup.md": note("soup", "Soup"), "bread.md": note("bread", "Bread")})
    (site / "shapes").mkdir()
    (site / "shapes/s.ttl").write_text(SHAPES, "utf-8")
    return site


def wait_for(client: httpx.Client, path: str, text: str, seconds: float = 20) -> float:
    """Ask until a page has a text, and say how long that took; every answer on the way has to be one."""
    begun = time.monotonic()
    while time.monotonic() < begun + seconds:
        reply = client.get(path)
        assert reply.status_code in {200, 404}
        if text in reply.text:
            return time.monotonic() - begun
        time.sleep(0.02)
    raise AssertionError(f"{path} never said {text!r}: {client.get(path).text[:500]}")


def test_an_edit_shows_while_requests_go_on_and_the_browser_is_told(watched: Path, tmp_path: Path) -> None:
    with serving(tmp_path, "--watch", cwd=watched) as server, server.client() as client:
        versions: list[str] = []

        def listen() -> None:
            with suppress(httpx.HTTPError), server.client() as other, other.stream("GET", "/_/events") as events:
                versions.extend(line for line in events.iter_lines() if line.startswith("data:"))

        threading.Thread(target=listen, daemon=True).start()
        wait_for(client, "/notes/soup/index.html", "Soup")
        failures: list[int] = []
        stop = threading.Event()

        def ask() -> None:
            with server.client() as other:
                while not stop.is_set():
                    reply = other.get("/sparql", params={"query": "SELECT ?n { ?s <https://schema.org/name> ?n }"})
                    failures.extend([reply.status_code] if reply.status_code != 200 else [])

        asking = threading.Thread(target=ask)
        asking.start()
        (watched / "content/soup.md").write_text(note("soup", "Gazpacho"), "utf-8")
        assert wait_for(client, "/notes/soup/index.html", "Gazpacho") < 5
        (watched / "content/new.md").write_text(note("new", "x" * 41), "utf-8")
        wait_for(client, "/notes/new/index.html", "x" * 41)
        wait_for(client, "/_/report.html", "the title is too long")
        (watched / "ontology/notes.ttl").write_text("this is not Turtle", "utf-8")
        time.sleep(1.5)
        wait_for(client, "/notes/soup/index.html", "Gazpacho")
        stop.set()
        asking.join()
        assert failures == []
        assert len(set(versions)) >= 3
        assert "is served on" in server.log.read_text("utf-8")


def test_it_ends_when_it_is_asked_to_and_leaves_no_process(watched: Path, tmp_path: Path) -> None:
    with serving(tmp_path, cwd=watched) as server:
        keepers = _children(server.process.pid)
        assert keepers
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) in {0, 143}
        time.sleep(0.5)
        assert not [
            keeper for keeper in keepers if Path(f"/proc/{keeper}").exists() and "zombie" not in Path(f"/proc/{keeper}/status").read_text()
        ]


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children")
    if not listed.exists():
        pytest.skip("there is no /proc that lists children")
    return [int(child) for child in listed.read_text().split()]
