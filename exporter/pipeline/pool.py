"""Worker processes: each takes chunks of the work in turn, and the answers come back in its order.

A worker has a pipe of its own and ends when it closes, so none is left behind when the parent is killed.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Generic, Protocol, TypeVar

from exporter.errors import ExporterError
from exporter.pipeline.task import rare_collections

_CHUNK = 32
_AHEAD = 3

Item = TypeVar("Item")
Done = TypeVar("Done")
Item_contra = TypeVar("Item_contra", contravariant=True)
Done_co = TypeVar("Done_co", covariant=True)


class Task(Protocol[Item_contra, Done_co]):
    """Work on many things, which can be done in parts and in any process."""

    def run(self, items: Sequence[Item_contra], /) -> Sequence[Done_co]:
        """Work on items, in their order. An item says as a string what it is."""
        ...


def forks() -> bool:
    """Say whether workers share what is in memory already; elsewhere a worker loads for itself."""
    return sys.platform == "linux"


def _context() -> ForkContext | SpawnContext:
    return multiprocessing.get_context("fork") if forks() else multiprocessing.get_context("spawn")


class Pool(Generic[Item, Done]):
    """As many worker processes as were asked for; each makes its task, by a function that can be pickled unless processes fork."""

    def __init__(self, make_task: Callable[[], Task[Item, Done]], jobs: int) -> None:
        context = _context()
        self._processes: list[BaseProcess] = []
        self._pipes: list[Connection] = []
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(make_task, theirs, [*self._pipes, ours]), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._pipes.append(ours)

    def run(self, items: Iterator[Item]) -> Iterator[list[Done]]:
        """Deal chunks out in turn, a few ahead of the one that is awaited."""
        awaited: deque[tuple[int, Sequence[Item]]] = deque()
        turn = 0
        while True:
            while len(awaited) < len(self._pipes) * _AHEAD and (chunk := list(islice(items, _CHUNK))):
                self._send(turn, chunk)
                awaited.append((turn, chunk))
                turn = (turn + 1) % len(self._pipes)
            if not awaited:
                return
            yield self._receive(*awaited.popleft())

    def _send(self, worker: int, chunk: Sequence[Item]) -> None:
        try:
            self._pipes[worker].send(chunk)
        except OSError:
            raise _ended(chunk) from None

    def _receive(self, worker: int, chunk: Sequence[Item]) -> list[Done]:
        try:
            answer = self._pipes[worker].recv()
        except (EOFError, OSError):
            raise _ended(chunk) from None
        if isinstance(answer, BaseException):
            raise answer
        return list(answer)

    def close(self) -> None:
        """End the workers; those that are at work still are ended at once."""
        for pipe in self._pipes:
            pipe.close()
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.join()


def _ended(chunk: Sequence[object]) -> ExporterError:
    return ExporterError(
        f"a worker process was ended from outside (out of memory?) between {chunk[0]} and {chunk[-1]}; try again with -j 1"
    )


def _work(make_task: Callable[[], Task[Item, Done]], pipe: Connection, others: Sequence[Connection]) -> None:
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    with rare_collections():
        try:
            task = make_task()
            while True:
                pipe.send(task.run(pipe.recv()))
        except (EOFError, OSError):
            return
        except Exception as error:  # noqa: BLE001 - it is raised again in the parent, which reports it
            pipe.send(error)
