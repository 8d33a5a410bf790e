"""QueryAnswers to queries as bytes in the media type that a client takes, remembered for as long as the graph does not change."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from functools import lru_cache

from exporter.digests import content_digest
from exporter.rdf.syntaxes import GRAPH_SYNTAXES
from exporter.server.negotiation import choose
from exporter.server.protocol import ProtocolError, ProtocolQuery
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import MEGABYTE, Limits
from exporter.sparql.processes.awaiting import Lanes
from exporter.sparql.processes.reply import Reply, Request
from exporter.sparql.queries.text import QueryText
from exporter.sparql.results.formats import ROWS_FORMATS, makes_graph
from exporter.text import enumerate_names, plural

_ROWS = {row.media_type: row.name for row in ROWS_FORMATS if row.write is None}
_ROWS = {media_type: _ROWS[media_type] for media_type in sorted(_ROWS, key=lambda media_type: "json" not in media_type)}
_ALIASES = {"application/json": "json", "application/xml": "xml"}
_GRAPHS = {syntax.media_types[0]: syntax.name for syntax in GRAPH_SYNTAXES}
_CHANGING = frozenset({"NOW", "RAND", "UUID", "STRUUID"})
"""Functions whose answers are others each time."""
_REMEMBERED = 64 * MEGABYTE


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """The bytes of an answer, with their media type, and a name of them that changes when they do (an entity tag)."""

    content: bytes
    media_type: str
    tag: str = ""


@lru_cache(maxsize=10_000)
def result_format(query: str, accept: str | None) -> tuple[str, str]:
    """Choose the format of a query's answer by what a client accepts, as its name and its media type; raises ProtocolError (406).

    >>> result_format("ASK {}", "text/csv, */*;q=0.1"), result_format("CONSTRUCT WHERE { ?s ?p ?o }", None)
    (('csv', 'text/csv'), ('turtle', 'text/turtle'))
    """
    formats = _GRAPHS if makes_graph(query) else {**_ROWS, **_ALIASES}
    chosen = choose(accept, list(formats))
    if chosen is None:
        what = "a graph" if formats is _GRAPHS else "rows and booleans"
        raise ProtocolError(406, f"{what} can be given as {enumerate_names(formats, 'or', 20)}, and Accept takes none of these")
    return formats[chosen], chosen


def with_charset(media_type: str) -> str:
    """Say of a text that it is in UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


@dataclass(slots=True)
class QueryAnswers:
    """Asks one dataset, within limits, and remembers what it answered, up to some size; the longest unused goes first."""

    dataset: Dataset
    limits: Limits
    hits: int = 0
    misses: int = 0
    _lanes: Lanes | None = None
    _known: OrderedDict[tuple[str, str], QueryAnswer] = field(default_factory=OrderedDict)
    _size: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def after_change(self) -> QueryAnswers:
        """Give what answers after a change of the dataset: nothing is remembered."""
        return QueryAnswers(self.dataset, self.limits, self.hits, self.misses, self._lanes)

    def ask(self, asked: ProtocolQuery, accept: str | None) -> QueryAnswer:
        """Answer a query; raises ProtocolError and QueryError. An answer is whole: one that is cut by a limit is refused."""
        with self.dataset.ask(_request(asked, accept), self.limits) as reply:
            return self._answer(asked, accept, reply)

    async def wait_for(self, asked: ProtocolQuery, accept: str | None) -> QueryAnswer:
        """Answer a query, as `ask` does, while other tasks go on."""
        if self._lanes is None:
            self._lanes = Lanes(self.dataset.pool)
        with await self._lanes.ask(_request(asked, accept), self.limits) as reply:
            return self._answer(asked, accept, reply)

    def _answer(self, asked: ProtocolQuery, accept: str | None, reply: Reply) -> QueryAnswer:
        name, media_type = result_format(asked.text, accept)
        content = reply.read()
        if reply.kind == "boolean" and name in {"csv", "tsv"}:
            content = f"{str(reply.value).lower()}\n".encode()
        if reply.outcome is not None and reply.outcome.cut:
            rows = plural(self.limits.rows or 0, "row")
            most = rows if reply.outcome.cut == "rows" else f"{self.limits.size // MEGABYTE:,} MB"
            raise ProtocolError(
                500, f"the answer is larger than {most}, which is the most that this server gives; add a LIMIT to the query"
            )
        answer = QueryAnswer(content, with_charset(media_type), f'"{content_digest(content).hex()}"')
        self._remember((asked.text, media_type), answer)
        return answer

    def find(self, asked: ProtocolQuery, accept: str | None) -> QueryAnswer | None:
        """Give what was answered before; raises ProtocolError."""
        text = asked.text
        _, media_type = result_format(text, accept)
        with self._lock:
            known = self._known.get((text, media_type))
            if known is None:
                self.misses += 1
                return None
            self._known.move_to_end((text, media_type))
            self.hits += 1
            return known

    def _remember(self, key: tuple[str, str], answer: QueryAnswer) -> None:
        if len(answer.content) > _REMEMBERED // 8 or _changes(key[0]):
            return
        with self._lock:
            if key in self._known:
                return
            self._known[key] = answer
            self._size += len(answer.content) + len(key[0])
            while self._size > _REMEMBERED:
                (old, _), gone = self._known.popitem(last=False)
                self._size -= len(gone.content) + len(old)


def _request(asked: ProtocolQuery, accept: str | None) -> Request:
    name, _ = result_format(asked.text, accept)
    graph = name in _GRAPHS.values()
    return Request(asked.text, "csv" if graph else name, name if graph else "turtle", hints=False)


def _changes(query: str) -> bool:
    return any(token.kind == "word" and token.upper in _CHANGING for token in QueryText(query).tokens)
