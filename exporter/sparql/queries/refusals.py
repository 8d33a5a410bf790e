"""What is refused before a query runs: updates, requests to other machines, bottomless nesting.

The test is on the parsed terminals, so the word `SERVICE` in a literal, a comment or a name is not refused. Behind it stands
a second wall: a worker process can open no file and no socket (`exporter.sparql.processes.worker`).
"""

from __future__ import annotations

from exporter.rdf.remote import is_service
from exporter.sparql.queries.text import QueryText, refuse
from exporter.text import plural

MAX_QUERY_BYTES = 1_000_000
MAX_DEPTH = 200
"""Oxigraph's parser overflows an 8 MB stack somewhere between 1,500 and 3,000 brackets; people stay below twenty."""

_UPDATE = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"})
_UNARY = frozenset({"!", "-", "+", "^"})


def check_refusals(query: QueryText, *, allow_remote: bool) -> None:
    """Raise `RefusedError` for a query that must not run.

    >>> check_refusals(QueryText("ASK { ?s ?p 'SERVICE <http://e.org/>' } # LOAD"), allow_remote=False)
    """
    _check_size(query)
    _check_update(query)
    _check_depth(query)
    if not allow_remote:
        _check_remote(query)


def _check_size(query: QueryText) -> None:
    size = len(query.text.encode("utf-8", "surrogatepass"))
    if size > MAX_QUERY_BYTES:
        message = f"the query is {plural(size, 'byte')} long, and at most {MAX_QUERY_BYTES:,} are read"
        raise refuse("QUERY-SIZE", query.end(), message, "keep long lists in the graph")


def _check_update(query: QueryText) -> None:
    skip = 0
    for token in query.tokens:
        if skip:
            skip -= 1
        elif token.kind == "word" and token.upper in {"PREFIX", "BASE"}:
            skip = 2 if token.upper == "PREFIX" else 1
        elif token.kind == "word" and token.upper in _UPDATE:
            message = f"{token.upper} changes a graph, and owltype query only reads"
            raise refuse("QUERY-UPDATE", query.location(token), message, "change the record that the triples come from")
        else:
            return


def _check_depth(query: QueryText) -> None:
    depth = run = 0
    for token in query.tokens:
        run = run + 1 if token.text in _UNARY else 0
        if token.kind == "open":
            depth += 1
        elif token.kind == "close":
            depth = max(0, depth - 1)
        if depth > MAX_DEPTH or run > MAX_DEPTH:
            message = f"the query is nested too deeply: more than {MAX_DEPTH} {token.text!r} in each other"
            raise refuse("QUERY-NESTED", query.location(token), message)


def _check_remote(query: QueryText) -> None:
    for index, token in enumerate(query.tokens):
        if is_service(query.tokens, index):
            message = "SERVICE would send a request to another machine"
            raise refuse("QUERY-REMOTE", query.location(token), message, "--allow-remote permits it")
