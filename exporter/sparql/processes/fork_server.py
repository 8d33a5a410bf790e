"""The clean parent: a process with one thread that loads the dataset once and forks a worker whenever it is asked to.

A caller may have many threads, and forking such a process copies locks that nobody will ever open. So the first caller starts this
module as a new program, hands it one end of a socket, and later, for each worker, one end of another. The dataset is loaded here,
so a file that takes its parser down takes this process and not the caller's; workers share its memory until somebody writes to it.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
import sys
from dataclasses import replace
from typing import Any, BinaryIO, cast

from pyoxigraph import DefaultGraph, Store

from exporter.dataset.exact import Census
from exporter.dataset.sources import DatasetSources, change, load
from exporter.errors import QueryError
from exporter.problems import Location, Problem
from exporter.problems.json import to_json
from exporter.sparql.processes.messages import Channel
from exporter.sparql.processes.worker import Surroundings, confine, die_with_parent, serve
from exporter.sparql.queries.names import KnownNames
from exporter.system.undoing import ignore_endings

_FRAME = 65536
_BUFFER = 1 << 17
_LAST = 19
"""The niceness of those that come after all others."""
_LOOK_SECONDS = 2.0


class Keeper:
    """The forking loop: orders come in over the control socket, ends of workers go out."""

    def __init__(self, control: socket.socket, surroundings: Surroundings, store_path: str | None) -> None:
        self._control = control
        self._surroundings = surroundings
        self._store_path = store_path
        self._workers: dict[int, int] = {}
        self._wakeup, self._woken = os.pipe()
        os.set_blocking(self._wakeup, False)
        os.set_blocking(self._woken, False)

    def run(self) -> None:
        """Fork and reap until the caller closes the control socket, then end every worker."""
        parent = os.getppid()
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._wakeup, selectors.EVENT_READ)
            # The socket may live on in a copy of the caller, so the caller's own end is looked for too.
            while os.getppid() == parent and all(self._handle(key.fileobj) for key, _ in selector.select(_LOOK_SECONDS)):
                pass
        for process in self._workers:
            os.kill(process, signal.SIGKILL)
        for process in self._workers:
            os.waitpid(process, 0)

    def _handle(self, ready: Any) -> bool:  # noqa: ANN401 - selectors' own type for what was registered
        if ready is self._control:
            return self._take_order()
        os.read(self._wakeup, _FRAME)
        self._reap()
        return True

    def _take_order(self) -> bool:
        """Read one order, which is nine bytes: a letter and a number.

        `F` comes with a socket to fork for, `K` has the number of a worker to end, `N` that of one to go on behind all others, and `C`
        comes with a file of changes.
        """
        order, descriptors, _, _ = socket.recv_fds(self._control, ORDER_SIZE, 1)
        if len(order) < ORDER_SIZE:
            return False
        number = int.from_bytes(order[1:], "big")
        if order[:1] == b"F":
            self._fork(number, descriptors[0])
        elif order[:1] == b"C":
            self._change(number, descriptors[0])
        else:
            for process in (process for process, worker in self._workers.items() if worker == number):
                if order[:1] == b"N":
                    os.setpriority(os.PRIO_PROCESS, process, _LAST)
                else:
                    os.kill(process, signal.SIGKILL)
        return True

    def _fork(self, number: int, descriptor: int) -> None:
        process = os.fork()
        if process == 0:
            self._work(descriptor)
        os.close(descriptor)
        self._workers[process] = number

    def _change(self, number: int, descriptor: int) -> None:
        """Change the dataset for workers to come, and tell how many triples it has then."""
        census, triples = Census(int(self._surroundings.exact), 0, dict(self._surroundings.tags)), FAILED
        try:
            with open(descriptor, encoding="utf-8", newline="\n") as lines:
                change(self._surroundings.store, lines, census)
            self._surroundings = replace(self._surroundings, exact=census.kept > 0, tags=census.tags)
            triples = _triples(self._surroundings.store)
        except (OSError, SyntaxError, ValueError):
            pass  # the caller opens another dataset
        self._control.sendall(number.to_bytes(8, "big") + triples.to_bytes(4, "big"))

    def _work(self, descriptor: int) -> None:
        """Be a worker; never return to the keeper's loop."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            die_with_parent()
            self._control.close()
            os.close(self._wakeup)
            os.close(self._woken)
            with socket.socket(fileno=descriptor) as sock:
                channel = Channel(sock.makefile("rb"), cast("BinaryIO", sock.makefile("wb", _BUFFER)))
                if (surroundings := self._open_store(channel)) is not None:
                    confine(surroundings.memory, allow_remote=surroundings.allow_remote)
                    serve(channel, surroundings)
            status = 0
        finally:
            os._exit(status)

    def _open_store(self, channel: Channel) -> Surroundings | None:
        """Open a store folder in the worker itself: its engine starts threads, and those don't survive a fork."""
        if self._store_path is None:
            return self._surroundings
        try:
            return replace(self._surroundings, store=Store.read_only(self._store_path))
        except OSError as error:
            channel.receive()
            problem = Problem("QUERY-STORE", Location(self._store_path), f"the store can't be opened: {error}")
            channel.send({"end": True, "error": to_json(problem)})
            return None

    def _reap(self) -> None:
        while self._workers:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            number = self._workers.pop(process)
            self._control.sendall(number.to_bytes(8, "big") + status.to_bytes(4, "big"))


ORDER_SIZE = 9
END_SIZE = 12
FAILED = 2**32 - 1
"""What is told in place of the number of triples by a keeper that could not change them."""


def main() -> None:
    """Load what the first message names, say how that went, and keep workers; the argument is the number of the control socket."""
    ignore_endings()
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    with socket.socket(fileno=int(sys.argv[1])) as control:
        channel = Channel(cast("BinaryIO", control.makefile("rb", buffering=0)), control.makefile("wb"))
        order = channel.receive()
        if not isinstance(order, dict):
            return
        surroundings = _prepare(channel, order)
        if surroundings is None:
            return
        gc.collect()
        gc.freeze()
        Keeper(control, surroundings, order["sources"]["store"]).run()
    # Freeing a large store piece by piece takes longer than a small query.
    os._exit(0)


def _prepare(channel: Channel, order: dict[str, Any]) -> Surroundings | None:
    sources = DatasetSources.from_message(order["sources"])
    try:
        loaded = load(sources, lambda path: channel.send({"loading": path}))
    except (QueryError, OSError) as error:
        channel.send({"error": to_json(_load_problem(error, sources))})
        return None
    vocabulary = KnownNames({**loaded.prefixes, **sources.prefixes}, sources.terms)
    problems = [to_json(problem) for problem in loaded.problems]
    census = loaded.census
    found = {"exact": census.kept > 0, "beyond": census.beyond, "tags": census.tags}
    channel.send(
        {"ready": True, "triples": _triples(loaded.store), "prefixes": dict(vocabulary.prefixes), "problems": problems, "found": found}
    )
    return Surroundings(loaded.store, vocabulary, order["memory"], order["allow_remote"], census.kept > 0, census.tags)


def _triples(store: Store) -> int:
    """Count the triples that a question without GRAPH is asked of."""
    if next(store.named_graphs(), None) is None:
        return len(store)
    return sum(1 for _ in store.quads_for_pattern(None, None, None, DefaultGraph()))


def _load_problem(error: QueryError | OSError, sources: DatasetSources) -> Problem:
    if isinstance(error, QueryError):
        problem = error.problems[0]
        return Problem(problem.code, problem.location, problem.message)
    return Problem("QUERY-STORE", Location(sources.build or "-"), f"the store can't be written: {error}")
