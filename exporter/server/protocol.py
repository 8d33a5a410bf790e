"""The SPARQL 1.1 Protocol as functions: a request to a query, and a query's errors to a status (https://www.w3.org/TR/sparql11-protocol/)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from exporter.errors import ExporterError, QueryError
from exporter.rdf.lexer import Token
from exporter.sparql.queries.text import QueryText
from exporter.text import quote

MAX_BODY = 2_000_000
"""Bytes of a request's body: a query has at most a million, and twice as many when it is a form's."""
_FIELDS = 1_000
_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]*")
_FORM, _QUERY, _UPDATE = "application/x-www-form-urlencoded", "application/sparql-query", "application/sparql-update"
_STATUS = {
    "QUERY-SYNTAX": 400,
    "QUERY-PREFIX": 400,
    "QUERY-NESTED": 400,
    "QUERY-SIZE": 413,
    "QUERY-UPDATE": 403,
    "QUERY-REMOTE": 403,
    "QUERY-BUSY": 503,
    "QUERY-TIMEOUT": 503,
}
"""The status of each way in which a query fails; 500 for one that is refused while it runs (section 2.1.6)."""


class ProtocolError(ExporterError):
    """A request that can't be answered: its HTTP status, and what is wrong with it in a sentence."""

    def __init__(self, status: int, message: str, *, allow: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.allow = allow


@dataclass(frozen=True, slots=True)
class ProtocolQuery:
    """A query as a request asks it, with the dataset that it names (section 2.1.4): empty for what is served."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The query with the dataset of the request in place of its own (section 2.1.4: the protocol's takes precedence)."""
        return with_dataset(self.query, self.default_graphs, self.named_graphs) if self.default_graphs or self.named_graphs else self.query


def read_request(method: str, parameters: str, content_type: str | None, body: bytes) -> ProtocolQuery | None:
    """Read a query out of a request; `parameters` are those of the address. None for a GET without any, which asks what the service is.

    Raises ProtocolError.

    >>> read_request("GET", "query=ASK%7B%7D", None, b"")
    ProtocolQuery(query='ASK{}', default_graphs=(), named_graphs=())
    """
    if method in {"GET", "HEAD"}:
        fields = _fields(parameters)
        return None if not fields else _from_fields(fields)
    if method != "POST":
        raise ProtocolError(405, f"{method} is not a way to ask; use GET or POST", allow="GET, HEAD, POST, OPTIONS")
    media_type, charset = _media_type(content_type)
    if media_type not in {_FORM, _QUERY, _UPDATE}:
        raise ProtocolError(415, f"the body has to be {_QUERY} or {_FORM}, and its Content-Type is {quote(content_type or '')}")
    if media_type == _UPDATE:
        raise ProtocolError(403, "updates are not taken: the graph is made from records, so change these")
    if charset not in {"", "utf-8", "utf8"}:
        raise ProtocolError(415, f"the body has to be in UTF-8, and its charset is {quote(charset)}")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ProtocolError(400, f"the body is not UTF-8: byte {error.start + 1}") from error
    if media_type == _QUERY:
        fields = _fields(parameters)
        if any(name in {"query", "update"} for name, _ in fields):
            raise ProtocolError(400, "the query is in the body, so the address can't have another one")
        return _make(text, fields)
    if _fields(parameters):
        raise ProtocolError(400, "a form has all of its parameters in the body, and the address has some, too")
    return _from_fields(_fields(text))


def _fields(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_FIELDS, errors="strict", strict_parsing=bool(text))
    except ValueError as error:
        raise ProtocolError(400, f"the parameters can't be read: {error}") from error


def _from_fields(fields: Sequence[tuple[str, str]]) -> ProtocolQuery:
    if any(name == "update" for name, _ in fields):
        raise ProtocolError(403, "updates are not taken: the graph is made from records, so change these")
    queries = [value for name, value in fields if name == "query"]
    if len(queries) != 1:
        raise ProtocolError(400, f"a request asks exactly one query, and this one has {len(queries)} parameters `query`")
    return _make(queries[0], fields)


def _make(query: str, fields: Sequence[tuple[str, str]]) -> ProtocolQuery:
    graphs = {name: tuple(value for key, value in fields if key == name) for name in ("default-graph-uri", "named-graph-uri")}
    for name, iris in graphs.items():
        for iri in iris:
            if not _IRI.fullmatch(iri):
                raise ProtocolError(400, f"{name} is not an absolute IRI: {quote(iri)}")
    if not query.strip():
        raise ProtocolError(400, "the query is empty")
    return ProtocolQuery(query, graphs["default-graph-uri"], graphs["named-graph-uri"])


def _media_type(header: str | None) -> tuple[str, str]:
    name, *parameters = (header or "").split(";")
    charsets = (
        value.strip().strip('"').lower()
        for key, _, value in (part.partition("=") for part in parameters)
        if key.strip().lower() == "charset"
    )
    return name.strip().lower(), next(charsets, "")


def with_dataset(query: str, default_graphs: Sequence[str], named_graphs: Sequence[str]) -> str:
    """Put a dataset into a query in place of its own.

    >>> with_dataset("SELECT * FROM <e:old> { ?s ?p ?o }", ["e:new"], [])
    'SELECT *  FROM <e:new> { ?s ?p ?o }'
    """
    tokens = QueryText(query).tokens
    removed, at = _clauses(tokens, len(query))
    clauses = [f"FROM <{iri}> " for iri in default_graphs] + [f"FROM NAMED <{iri}> " for iri in named_graphs]
    before = "".join(query[start:end] for start, end in _kept(removed, 0, at))
    after = "".join(query[start:end] for start, end in _kept(removed, at, len(query)))
    return f"{before} {''.join(clauses).rstrip()} {after}".rstrip() if after.strip() else f"{before} {''.join(clauses).rstrip()}"


def _clauses(tokens: Sequence[Token], end: int) -> tuple[list[tuple[int, int]], int]:
    """Find the dataset clauses of a query, and where its own would stand: before WHERE or the pattern."""
    removed: list[tuple[int, int]] = []
    depth, at, template = 0, None, False
    for number, token in enumerate(tokens):
        word = token.upper if token.kind == "word" and depth == 0 else ""
        if word == "CONSTRUCT" and number + 1 < len(tokens) and tokens[number + 1].text == "{":
            template = True
        elif word == "FROM" and at is None:
            named = number + 1 < len(tokens) and tokens[number + 1].upper == "NAMED"
            last = tokens[min(number + 1 + named, len(tokens) - 1)]
            removed.append((token.start, last.end))
        elif word == "WHERE" and at is None:
            at = token.start
        elif token.text == "{" and depth == 0 and at is None:
            at, template = (None, template) if template else (token.start, False)
        depth += (token.kind == "open") - (token.kind == "close")
        if template and token.text == "}" and depth == 0:
            template = False
    return removed, end if at is None else at


def _kept(removed: Sequence[tuple[int, int]], start: int, end: int) -> list[tuple[int, int]]:
    """Give what is left between two places."""
    spans, at = [], start
    for first, last in removed:
        if start <= first < end:
            spans.append((at, first))
            at = last
    return [*spans, (at, end)]


def status_of(error: QueryError) -> int:
    """Give the status of a query that was not answered."""
    return next((_STATUS[problem.code] for problem in error.problems if problem.code in _STATUS), 500)
