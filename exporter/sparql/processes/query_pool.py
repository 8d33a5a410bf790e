"""Processes that answer queries: started from one clean parent, replaced when a query ends them, shared by any number of threads."""

from __future__ import annotations

import contextlib
import socket
import tempfile
import threading
import time
import weakref
from collections.abc import Iterable
from types import TracebackType
from typing import BinaryIO, Self, cast

from exporter.dataset.sources import DatasetSources
from exporter.problems import Location, Problem
from exporter.problems.json import from_json
from exporter.sparql.limits import MEGABYTE, Limits
from exporter.sparql.processes.fork_server import END_SIZE, FAILED
from exporter.sparql.processes.messages import Channel, Message
from exporter.sparql.processes.reply import Reply, Request, Worker, request_error
from exporter.sparql.processes.starting import end_keeper, load_crash, start_keeper
from exporter.sparql.queries.text import query_error

GRACE = 1.0
"""Seconds beyond the deadline after which the caller ends a worker that the kernel did not."""


class QueryPool:
    """A keeper and its workers. Close it, or use it in a `with` statement; when its process ends, everything it started ends too.

    `workers` bounds how many queries run at once. Each thread that asks takes a worker for as long as it reads the reply.
    """

    def __init__(
        self, sources: DatasetSources | None = None, *, workers: int = 8, memory: int = 1024 * MEGABYTE, allow_remote: bool = False
    ) -> None:
        self._limit = workers
        self._idle: list[Worker] = []
        self._count = 0
        self._next_number = 0
        self._free = threading.Condition()
        self._orders = threading.Lock()
        self._ends = threading.Lock()
        self._statuses: dict[int, int] = {}
        self.generation = 0
        self._ready: Message | None = None
        self._control, self._process, undo = start_keeper()
        self._finalizer = weakref.finalize(self, end_keeper, self._control, self._process, undo)
        self._greeting = Channel(cast("BinaryIO", self._control.makefile("rb", buffering=0)), self._control.makefile("wb"))
        self._powers = {"memory": memory, "allow_remote": allow_remote}
        if sources is not None:
            self.load(sources)

    @property
    def process(self) -> int:
        """The process id of the keeper, whose children are the workers."""
        return self._process.pid

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End every process that this pool started."""
        with self._free:
            idle, self._idle = self._idle, []
        for worker in idle:
            worker.close()
        self._greeting.close()
        self._finalizer()

    def load(self, sources: DatasetSources) -> None:
        """Tell the keeper what to load, if the constructor did not: a process takes a while to start, and an ontology to load."""
        with contextlib.suppress(BrokenPipeError):  # a keeper that is gone is told by `wait`
            self._greeting.send({"sources": sources.message(), **self._powers})

    def feed(self, chunk: bytes) -> None:
        """Hand N-Triples to the keeper, for sources with `stream`; `wait` ends them."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(chunk)
        except BrokenPipeError:
            self.wait()

    def wait(self) -> Message:
        """Wait until the dataset is loaded; give the number of its triples, the prefixes it knows, and what was found while loading.

        Raises `QueryError` for a file that can't be loaded.
        """
        with self._orders:
            if self._ready is None:
                self._ready = self._wait_for_keeper()
        return self._ready

    def _wait_for_keeper(self) -> Message:
        assert self._process.stdin is not None
        with contextlib.suppress(BrokenPipeError):  # the keeper is gone, and what follows says why
            self._process.stdin.close()
        loading = "-"
        while isinstance(message := self._greeting.receive(), dict):
            if "ready" in message:
                return message
            if "error" in message:
                problem = from_json(message["error"])
                raise query_error(problem, "")
            loading = message["loading"]
        self._process.wait()
        raise query_error(load_crash(loading, self._process.returncode), "")

    def ask(self, request: Request, limits: Limits | None = None) -> Reply:
        """Start a query and wait for the beginning of its result.

        Raises `QueryError` if it is refused, fails, or reaches a limit.
        """
        limits = limits or Limits()
        worker = self.order(request, limits, time.monotonic() + limits.seconds)
        assert worker is not None
        return Reply(self, worker, request, limits)

    def order(self, request: Request, limits: Limits, deadline: float, *, wait: bool = True) -> Worker | None:
        """Start a query, and give the worker that will answer; None where all are busy and `wait` is not wanted.

        Raises `QueryError` where none is free until the deadline.
        """
        self.wait()
        worker = self._acquire(deadline, request, wait=wait)
        if worker is None:
            return None
        seconds = max(0.001, deadline - time.monotonic())
        worker.sock.settimeout(seconds + GRACE)
        message = {
            "query": request.query,
            "results_format": request.results_format,
            "graph_format": request.graph_format,
            "bindings": dict(request.bindings or {}),
            "seconds": seconds,
            "rows": limits.rows,
            "size": limits.size,
            "hints": request.hints,
        }
        with contextlib.suppress(OSError):  # it ended while idle or at once; reading says how
            worker.channel.send(message)
        return worker

    def calm(self, worker: Worker) -> None:
        """Have a worker go on behind all other processes; it answers no further query."""
        worker.generation = -1
        with self._orders, contextlib.suppress(OSError):  # the keeper is gone, and reading says so
            self._control.send(b"N" + worker.number.to_bytes(8, "big"))

    def change(self, lines: Iterable[str]) -> int:
        """Change the dataset for the queries that begin from now on, and give the number of its triples.

        Raises `QueryError` where it can't be changed.
        """
        self.wait()
        with tempfile.TemporaryFile() as file:
            file.writelines(line.encode() for line in lines)
            file.seek(0)
            with self._orders:
                self._next_number += 1
                number = self._next_number
                socket.send_fds(self._control, [b"C" + number.to_bytes(8, "big")], [file.fileno()])
                self.generation += 1  # whoever is forked from now on knows the change
            triples = self._status(number)
        with self._free:
            old, self._idle = self._idle, []
        for worker in old:
            self.discard(worker, kill=False)
        if triples == FAILED:
            raise query_error(Problem("QUERY-DATA", Location("-"), "the process that holds the dataset can't change it"), "")
        return triples

    def _acquire(self, deadline: float, request: Request, *, wait: bool) -> Worker | None:
        with self._free:
            while not self._idle and self._count >= self._limit:
                if not wait:
                    return None
                if not self._free.wait(max(0.0, deadline - time.monotonic())):
                    message = f"all {self._limit} query processes were busy for as long as this query had time"
                    raise request_error(request, Problem("QUERY-BUSY", Location(request.path), message, help="ask again later"))
            if self._idle:
                return self._idle.pop()
            self._count += 1
        try:
            return self._fork()
        except OSError as error:
            self._forget()
            raise request_error(request, Problem("QUERY-FAILED", Location(request.path), f"no process can be started: {error}")) from error

    def _fork(self) -> Worker:
        ours, theirs = socket.socketpair()
        with theirs, self._orders:
            self._next_number += 1
            number, generation = self._next_number, self.generation
            socket.send_fds(self._control, [b"F" + number.to_bytes(8, "big")], [theirs.fileno()])
        return Worker(number, ours, generation)

    def _forget(self) -> None:
        with self._free:
            self._count -= 1
            self._free.notify()

    def release(self, worker: Worker, *, retire: bool) -> None:
        """Take a worker back that finished its query."""
        with self._free:
            if kept := not retire and self._finalizer.alive and worker.generation == self.generation:
                self._idle.append(worker)
                self._free.notify()
        if not kept:
            self.discard(worker, kill=False)

    def discard(self, worker: Worker, *, kill: bool) -> int | None:
        """Give a worker up, and tell how its process ended; None if the keeper is gone too."""
        if kill:
            with self._orders:
                self._control.send(b"K" + worker.number.to_bytes(8, "big"))
        worker.close()
        try:
            return self._status(worker.number)
        except OSError:
            return None
        finally:
            self._forget()

    def _status(self, number: int) -> int:
        """Read ends of workers from the keeper until this one's comes; those of others wait for who asks."""
        with self._ends:
            while number not in self._statuses:
                message = bytearray()
                while len(message) < END_SIZE:
                    piece = self._control.recv(END_SIZE - len(message))
                    if not piece:
                        raise ConnectionResetError
                    message += piece
                self._statuses[int.from_bytes(message[:8], "big")] = int.from_bytes(message[8:], "big")
            return self._statuses.pop(number)
