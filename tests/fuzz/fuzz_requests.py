"""Random requests to a server: odd methods, paths, headers and bodies, whole and broken; no answer is a 500, and the next one is right."""

from __future__ import annotations

import random
import socket
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from tests.fuzz.harness import Finding, Rounds
from tests.publishing.sites import make_site, note
from tests.server.serving import Served, serving

SMOKE = 15
_EACH = 20
"""Requests of a round."""
_QUERIES = (
    "ASK {}",
    "SELECT * { ?s ?p ?o } LIMIT 3",
    "CONSTRUCT WHERE { ?s ?p ?o }",
    "DESCRIBE <https://e.org/notes/soup/>",
    "SELEC",
    "LOAD <e:x>",
    "\0",
    "{" * 300,
)
_PATHS = (
    "/",
    "/sparql",
    "/data?default",
    "/notes/soup/",
    "/notes/soup/index.ttl",
    "/_/query.html",
    "/_/class/x.html",
    "/health",
    "/metrics",
    "/_/assets/site.css",
)
_PIECES = (
    "..",
    "%2e%2e",
    "%00",
    "%ff",
    "\\",
    "//",
    "?",
    "#",
    ";",
    "%",
    "é",
    "<script>",
    "{{7*7}}",
    "a" * 5000,
    "_/data/graph.nt",
    "*",
    "@evil.example",
)
_HEADERS = (
    "Accept: */*;q=2",
    "Accept: text/turtle",
    "Accept: ,,,;;;==",
    "Accept: text/csv;q=0.1234567",
    "If-None-Match: *",
    'If-None-Match: "x", W/"y"',
    "Range: bytes=0-,1-,2-",
    "Origin: null",
    "Origin: http://[",
    "Content-Length: -1",
    "Content-Length: 99999999999999999999",
    "Content-Type: application/sparql-query; charset=\u00e9",
    "Content-Type: multipart/form-data; boundary=x",
    "Transfer-Encoding: chunked",
    "Transfer-Encoding: gzip, chunked",
    "Expect: 100-continue",
    "Upgrade: h2c",
    "Connection: close",
    "X: " + "a" * 40_000,
    "Host: evil.example",
    "Cookie: " + "a=b; " * 500,
)


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Send some requests a round, and ask something ordinary after them."""
    pytest.importorskip("starlette")
    site = make_site(rounds.folder / "site", {"soup.md": note("soup", "Soup", "topics: [Food]")})
    with serving(rounds.folder, "--timeout", "5", cwd=site) as served:
        for chance in rounds:
            for _ in range(_EACH):
                request = _request(chance)
                reply = _send(served, request)
                if any(line.startswith(b"HTTP/1.1 500") for line in reply.split(b"\r\n")):
                    yield Finding("a request is answered by 500", repr(request[:2000]))
                if b"Traceback" in reply or b"access-control-allow-origin" in reply.lower():
                    yield Finding("an answer says too much", repr(request[:2000]))
            with served.client() as client:
                asked = client.post("/sparql", data={"query": "ASK { ?s <https://schema.org/name> 'Soup' }"})
            if (asked.status_code, asked.json()["boolean"]) != (200, True):
                yield Finding("the server is not right any more", asked.text)


def _send(served: Served, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", served.port), timeout=0.5) as connection:
        reply = b""
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while piece := connection.recv(65536):
                reply += piece
        except OSError:
            pass
        return reply


def _request(chance: random.Random) -> bytes:
    method = chance.choice(["GET", "GET", "POST", "POST", "HEAD", "OPTIONS", "PUT", "TRACE", "get", "PRI"])
    path, body = chance.choice(_PATHS), b""
    for _ in range(chance.choice([0, 0, 1, 2])):
        at = chance.randrange(len(path) + 1)
        path = path[:at] + chance.choice(_PIECES) + path[at:]
    headers = [f"Host: localhost:{chance.choice([80, 8000])}", *chance.sample(_HEADERS, chance.choice([0, 0, 1, 2, 3]))]
    query = chance.choice(_QUERIES)
    if method == "POST":
        kind = chance.choice(
            ["application/sparql-query", "application/x-www-form-urlencoded", "application/sparql-update", "text/plain", ""]
        )
        body = f"query={quote(query)}".encode() if "form" in kind else query.encode()
        body = _broken(chance, body)
        headers += [f"Content-Type: {kind}", f"Content-Length: {len(body) + chance.choice([0, 0, 0, 0, 1, -1])}"]
    elif chance.random() < 0.5:
        path = f"/sparql?{chance.choice(['query', 'query', 'update', 'default-graph-uri'])}={quote(query)}"
    text = "\r\n".join([f"{method} {path} HTTP/1.{chance.choice('1110')}", *headers, "", ""])
    whole = text.encode("utf-8", "replace") + body
    return whole if chance.random() < 0.8 else _broken(chance, whole)


def _broken(chance: random.Random, data: bytes) -> bytes:
    """Change, remove or add some bytes, now and then."""
    for _ in range(chance.choice([0, 0, 1, 3])):
        at = chance.randrange(len(data) + 1)
        data = data[:at] + chance.randbytes(chance.choice([0, 1, 2])) + data[at + chance.choice([0, 1, 5]) :]
    return data
