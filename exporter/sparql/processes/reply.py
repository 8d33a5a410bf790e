"""The result of one query while it comes from its worker, and what is said when the worker dies of it."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, NamedTuple, Protocol, Self, cast

from exporter.errors import QueryError
from exporter.problems import Location, Problem
from exporter.problems.json import from_json
from exporter.sparql.limits import Limits
from exporter.sparql.processes.messages import Channel, Message
from exporter.sparql.queries.text import UNNAMED, in_file, query_error
from exporter.sparql.results.serialising import Cut


@dataclass(frozen=True, slots=True)
class Request:
    """One query and what is wanted of it; `results_format` counts for SELECT and ASK, `graph_format` for CONSTRUCT and DESCRIBE."""

    query: str
    results_format: str = "json"
    graph_format: str = "ntriples"
    bindings: Mapping[str, str] | None = None
    path: str = UNNAMED
    hints: bool = True


@dataclass(frozen=True, slots=True)
class QueryEnd:
    """How a query ended: rows or triples written, whether that was cut, what there is to say, and the seconds in its process."""

    rows: int
    cut: Cut | None
    problems: tuple[Problem, ...]
    seconds: float


class Worker:
    """The caller's end of one process; `generation` counts the changes of the dataset that it knows."""

    def __init__(self, number: int, sock: socket.socket, generation: int) -> None:
        self.number = number
        self.generation = generation
        self.sock = sock
        self.channel = Channel(cast("BinaryIO", sock.makefile("rb")), cast("BinaryIO", sock.makefile("wb")))

    def close(self) -> None:
        """End the conversation, at which the process ends."""
        self.channel.close()
        self.sock.close()


class Workers(Protocol):
    """Where a reply gives its worker back."""

    def release(self, worker: Worker, *, retire: bool) -> None:
        """Take a worker back that finished its query."""

    def discard(self, worker: Worker, *, kill: bool) -> int | None:
        """Give a worker up, and tell how its process ended."""


class Received(NamedTuple):
    """What was read of a reply; it is not whole where the process ended, or time was up."""

    messages: Sequence[Message | bytes]
    timed_out: bool = False


class Reply:
    """The result of one query while it comes: bytes in the asked format, then how it ended. `received` is all that came of it, if it did.

    Iterate to the end, or close it: a reply that is dropped halfway ends its worker.
    """

    def __init__(self, workers: Workers, worker: Worker, request: Request, limits: Limits, received: Received | None = None) -> None:
        self._workers = workers
        self._received = None if received is None else iter(received.messages)
        self._timed_out = received is not None and received.timed_out
        self._worker: Worker | None = worker
        self._request = request
        self._limits = limits
        self.outcome: QueryEnd | None = None
        first = self._receive()
        assert isinstance(first, dict)
        self.kind: str = first["kind"]
        self.variables: list[str] = first["variables"]
        self.value: bool | None = first["value"]

    def __iter__(self) -> Iterator[bytes]:
        while self.outcome is None:
            message = self._receive()
            if isinstance(message, bytes):
                yield message

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Stop a query whose result nobody reads on."""
        if self._worker is not None:
            worker, self._worker = self._worker, None
            self._workers.discard(worker, kill=True)

    def read(self) -> bytes:
        """Read the whole result."""
        return b"".join(self)

    def _receive(self) -> Message | bytes:
        assert self._worker is not None
        timed_out = self._timed_out
        try:
            message = self._worker.channel.receive() if self._received is None else next(self._received, None)
        except TimeoutError:
            message, timed_out = None, True
        if message is None:
            worker, self._worker = self._worker, None
            status = self._workers.discard(worker, kill=timed_out)
            raise request_error(self._request, _end_of_worker(status, self._limits, timed_out=timed_out))
        if isinstance(message, dict) and "end" in message:
            self._finish(message)
        return message

    def _finish(self, message: Message) -> None:
        assert self._worker is not None
        worker, self._worker = self._worker, None
        self._workers.release(worker, retire=message["retire"])
        if "error" in message:
            raise request_error(self._request, from_json(message["error"]))
        problems = tuple(in_file(from_json(fields), self._request.path) for fields in message["problems"])
        self.outcome = QueryEnd(message["rows"], message["cut"], problems, message["seconds"])


def request_error(request: Request, problem: Problem) -> QueryError:
    """Make the error of a request from a problem of its query."""
    return query_error(in_file(problem, request.path), request.query)


def _end_of_worker(status: int | None, limits: Limits, *, timed_out: bool) -> Problem:
    """Say in words what ended a worker."""
    ended_by = os.WTERMSIG(status) if status is not None and os.WIFSIGNALED(status) else 0
    at = Location(UNNAMED)
    if timed_out or ended_by == signal.SIGALRM:
        message = f"the query was ended after {limits.seconds:g} s, its time limit"
        return Problem("QUERY-TIMEOUT", at, message, help="patterns that share no variable, and paths like (a|!a)*, multiply the work")
    if ended_by in {signal.SIGSEGV, signal.SIGBUS}:
        advice = "a long chain of UNION, || or / nests too: use VALUES or IN"
        return Problem("QUERY-NESTED", at, "refused: the query is nested too deeply", help=advice)
    if ended_by in {signal.SIGABRT, signal.SIGKILL}:
        return Problem(
            "QUERY-MEMORY", at, "the query was ended at its memory limit", help="DISTINCT, ORDER BY and GROUP BY hold all their rows"
        )
    return Problem("QUERY-FAILED", at, "the process that ran the query ended")
