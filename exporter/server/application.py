"""The server as an ASGI application: it hands requests to functions, and their answers back; what they do is elsewhere."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from dataclasses import dataclass, field
from urllib.parse import urlencode

from sse_starlette.sse import EventSourceResponse
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from exporter.errors import QueryError
from exporter.pages.layout import NOT_FOUND, QUERY, policy
from exporter.server.answers import with_charset
from exporter.server.description import describe_service
from exporter.server.guarding import check_host, check_origin, check_size, client_is_here, read_body
from exporter.server.live import Live, State
from exporter.server.negotiation import choose
from exporter.server.protocol import ProtocolError, read_request, status_of
from exporter.server.repeating import ANSWERED, ENDPOINT_PATH, AnsweredQuery, Repeating
from exporter.server.resources import MEDIA_TYPES

_METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
_CACHED = "no-cache"  # kept, and asked about each time


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """For whom the server answers: names of hosts beside those of this machine, pages of other sites (`cors`), and who sees the metrics."""

    hosts: Collection[str] = ()
    numbers: bool = False
    cors: bool = False
    metrics: bool = False
    images: frozenset[str] = frozenset()
    log: Callable[[str, int], None] = lambda _line, _verbosity: None


@dataclass(slots=True)
class Meter:
    """What the server has done: requests by status, queries, and the seconds that they took."""

    statuses: Counter[int] = field(default_factory=Counter)
    queries: int = 0
    seconds: float = 0.0

    def text(self, live: Live) -> str:
        """Write it as Prometheus reads it."""
        with live.using() as state:
            answers, triples = state.answers, state.triples
        lines = [
            "# TYPE owltype_requests_total counter",
            *(f'owltype_requests_total{{status="{status}"}} {count}' for status, count in sorted(self.statuses.items())),
            "# TYPE owltype_queries_total counter",
            f"owltype_queries_total {self.queries}",
            "# TYPE owltype_query_seconds_total counter",
            f"owltype_query_seconds_total {self.seconds:.6f}",
            "# TYPE owltype_answers_remembered_total counter",
            f"owltype_answers_remembered_total {answers.hits}",
            "# TYPE owltype_triples gauge",
            f"owltype_triples {triples}",
            "# TYPE owltype_graph_version gauge",
            f"owltype_graph_version {live.version}",
        ]
        return "\n".join(lines) + "\n"


class Server:
    """The handlers of one server."""

    def __init__(self, live: Live, options: ServerOptions) -> None:
        self._live, self._options, self._meter = live, options, Meter()

    def application(self) -> ASGIApp:
        """Give the application."""
        routes = [
            Route(ENDPOINT_PATH, self._sparql, methods=[*_METHODS, "PUT", "DELETE", "PATCH"]),
            Route("/data", self._graph_store, methods=["GET", "HEAD", "PUT", "POST", "DELETE", "PATCH"]),
            Route("/health", self._health),
            Route("/metrics", self._metrics),
            Route("/_/events", self._events),
            Route("/{path:path}", self._page, methods=["GET", "HEAD"]),
        ]
        handlers = {ProtocolError: _refused, QueryError: _unanswered, Exception: _failed}
        guarded = _Guard(Starlette(routes=routes, exception_handlers=handlers), self._options, self._meter)
        return Repeating(guarded, lambda: self._live.answers, self._repeated)

    def _repeated(self, scope: Scope, answered: AnsweredQuery, size: int, took: float) -> None:
        """Count a query that was answered again, and log it as one line."""
        self._meter.statuses[200] += 1
        self._meter.queries += 1
        self._meter.seconds += took
        client = scope["client"][0] if scope.get("client") else "-"
        self._options.log(f"{client} GET {ENDPOINT_PATH} 200 {size:,} bytes 0 ms, query {answered.digest} as before", 0)

    async def _sparql(self, request: Request) -> Response:
        check_origin(request, cors=self._options.cors)
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": "GET, HEAD, POST, OPTIONS"})
        body = await read_body(request) if request.method not in {"GET", "HEAD"} else b""
        asked = read_request(request.method, request.url.query, request.headers.get("content-type"), body)
        accept = request.headers.get("accept")
        if asked is None:
            return self._describe(request, accept)
        if request.method == "GET" and _is_browser(accept):
            return RedirectResponse(f"{QUERY}?{urlencode({'query': asked.query})}", 303)
        began = time.monotonic()
        with self._live.using() as state:
            answers = state.answers
            known = answers.find(asked, accept)
            answer = known if known is not None else await answers.wait_for(asked, accept)
        took = time.monotonic() - began
        self._meter.queries += 1
        self._meter.seconds += took
        digest = hashlib.blake2s(asked.text.encode("utf-8", "replace"), digest_size=6).hexdigest()
        self._options.log(f"query {digest} {took * 1000:.0f} ms, {len(answer.content):,} bytes", 0)
        self._options.log(f"query {digest} is {' '.join(asked.text.split())[:2000]}", 1)
        if known is not None:
            request.scope[ANSWERED] = AnsweredQuery(answers, digest)
        headers = {"ETag": answer.tag, "Vary": "Accept, Origin", "Cache-Control": _CACHED}
        if _has_tag(request, answer.tag):
            return Response(status_code=304, headers=headers)
        return Response(answer.content, media_type=answer.media_type, headers=headers)

    def _describe(self, request: Request, accept: str | None) -> Response:
        if _is_browser(accept):
            return RedirectResponse(QUERY, 303)
        chosen = choose(accept, [name for name in MEDIA_TYPES if name != "text/html"])
        if chosen is None:
            raise ProtocolError(406, "the service is described as RDF; Accept takes none of its syntaxes")
        with self._live.using() as state:
            content = describe_service(str(request.url.replace(query="")), state.triples, MEDIA_TYPES[chosen])
        return Response(content, media_type=with_charset(chosen), headers={"Vary": "Accept"})

    async def _graph_store(self, request: Request) -> Response:
        """Answer the GET of the Graph Store Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/, section 5.2)."""
        if request.method not in {"GET", "HEAD"}:
            raise ProtocolError(405, "the graph is read only: it is made from records, so change these", allow="GET, HEAD")
        names = request.query_params.multi_items()
        if names not in ([("default", "")], []) and [name for name, _ in names] != ["graph"]:
            raise ProtocolError(400, "name a graph by ?default or by one ?graph=IRI")
        if names and names[0][0] == "graph":
            raise ProtocolError(404, f"there is no graph <{names[0][1]}>: all is in the default graph")
        chosen = choose(request.headers.get("accept"), ["text/turtle", "application/n-triples", "application/ld+json"])
        if chosen is None:
            raise ProtocolError(406, "the graph can be given as text/turtle, application/n-triples or application/ld+json")
        ending = {"text/turtle": "ttl", "application/n-triples": "nt", "application/ld+json": "jsonld"}[chosen]
        with self._live.using() as state:
            page = await run_in_threadpool(state.pages.find, f"_/data/graph.{ending}")
        return Response(page.content if page else b"", media_type=with_charset(chosen), headers={"Vary": "Accept"})

    async def _page(self, request: Request) -> Response:
        raw = request.scope.get("raw_path", request.url.path.encode()).decode("latin-1").partition("?")[0]
        with self._live.using() as state:
            return await run_in_threadpool(self._found, state, raw, request.headers.get("accept"))

    def _found(self, state: State, path: str, accept: str | None) -> Response:
        found, page = state.find(path, accept)
        if found.location:
            return Response(status_code=303, headers={"Location": found.location, "Vary": "Accept"})
        status = 200
        if page is None:
            page, status = state.pages.find(NOT_FOUND), 404
        assert page is not None
        headers = {"Vary": "Accept", "Cache-Control": _CACHED}
        if found.file:
            headers["Content-Location"] = found.content_location
        return Response(page.content, status, media_type=_media_type(page.file), headers=headers)

    async def _health(self, request: Request) -> Response:  # noqa: ARG002 - as all handlers
        with self._live.using() as state:
            text = f'{{"status":"ok","triples":{state.triples},"version":{self._live.version}}}\n'
        return Response(text, media_type="application/json", headers={"Cache-Control": "no-store"})

    async def _metrics(self, request: Request) -> Response:
        if not (self._options.metrics or client_is_here(request)):
            raise ProtocolError(403, "the metrics are for this machine; start the server with --metrics to show them to all")
        return Response(self._meter.text(self._live), media_type="text/plain; version=0.0.4")

    async def _events(self, request: Request) -> Response:  # noqa: ARG002 - as all handlers
        return EventSourceResponse(self._versions(), ping=15)

    async def _versions(self) -> AsyncIterator[dict[str, str]]:
        """Tell the version that is served, and each one after it."""
        loop, changed = asyncio.get_running_loop(), asyncio.Event()

        def tell() -> None:
            loop.call_soon_threadsafe(changed.set)

        self._live.listeners.add(tell)
        try:
            while True:
                yield {"event": "version", "data": str(self._live.shown)}
                await changed.wait()
                changed.clear()
        finally:
            self._live.listeners.discard(tell)


class _Guard:
    """Around the application: hosts, errors as sentences, headers of every answer, the log."""

    def __init__(self, inner: ASGIApp, options: ServerOptions, meter: Meter) -> None:
        self._inner, self._options, self._meter = inner, options, meter
        self._headers = _headers(options)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._inner(scope, receive, send)
            return
        request, began, status, size = Request(scope, receive), time.monotonic(), 500, 0
        begun = False

        async def answer(message: Message) -> None:
            nonlocal status, size, begun
            if message["type"] == "http.response.start":
                begun, status = True, int(str(message["status"]))
                message = {**message, "headers": [*message["headers"], *self._headers]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            check_size(scope)
            check_host(request.headers.getlist("host"), self._options.hosts, numbers=self._options.numbers)
            await self._inner(scope, receive, answer)
        except ProtocolError as error:
            await _refuse(error.status, str(error), error.allow)(scope, receive, answer)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001 - a request that fails is answered, and ends nothing else
            self._options.log(f"internal error ({type(error).__name__}: {error}); please report it", -1)
            if not begun:
                await _failed(request, error)(scope, receive, answer)
        finally:
            self._meter.statuses[status] += 1
            client = scope["client"][0] if scope.get("client") else "-"
            path = scope["path"].encode("unicode_escape").decode()[:200]
            self._options.log(f"{client} {request.method} {path} {status} {size:,} bytes {(time.monotonic() - began) * 1000:.0f} ms", 0)


def _refused(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as all handlers of Starlette
    assert isinstance(error, ProtocolError)
    return _refuse(error.status, str(error), error.allow)


def _unanswered(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as above
    assert isinstance(error, QueryError)
    return _refuse(status_of(error), str(error))


def _failed(request: Request, error: Exception) -> Response:  # noqa: ARG001 - as above
    return _refuse(500, "the server failed at this request; its log says more")


def _refuse(status: int, message: str, allow: str = "") -> Response:
    headers = {"Allow": allow} if allow else {"Retry-After": "5"} if status == 503 else {}
    return Response(message.rstrip() + "\n", status, headers=headers, media_type="text/plain; charset=utf-8")


def _headers(options: ServerOptions) -> list[tuple[bytes, bytes]]:
    """Give what every answer has: the policy of pages, and that nothing is taken for what it is not said to be."""
    headers = {
        "Content-Security-Policy": f"{policy(options.images)}; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }
    if options.cors:
        headers |= {
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
            "Access-Control-Allow-Headers": "Accept, Content-Type",
            "Access-Control-Expose-Headers": "ETag",
        }
    else:
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return [(name.lower().encode(), value.encode()) for name, value in headers.items()]


def _has_tag(request: Request, tag: str) -> bool:
    return tag in {part.strip().removeprefix("W/") for part in request.headers.get("if-none-match", "").split(",")}


def _is_browser(accept: str | None) -> bool:
    """Say whether a page is wanted: only browsers ask for HTML before all else."""
    return accept is not None and accept.strip().lower().startswith("text/html")


_ENDINGS = {
    "html": "text/html; charset=utf-8",
    "htm": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "ttl": "text/turtle; charset=utf-8",
    "nt": "application/n-triples",
    "jsonld": "application/ld+json",
    "xml": "application/xml",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
}


def _media_type(file: str) -> str:
    return _ENDINGS.get(file.rpartition(".")[2].lower(), "application/octet-stream")
