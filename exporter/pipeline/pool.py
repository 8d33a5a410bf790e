"""Worker processes: each takes chunks of files in turn, and the answers come back in the order of the files.

A worker has a pipe of its own and ends when it closes, so none is left behind when the parent is killed.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from itertools import islice
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess

from exporter.errors import ExporterError
from exporter.pipeline.outcome import Outcome
from exporter.pipeline.task import FileTask, Job, rare_collections

_CHUNK = 32
_AHEAD = 3


def _context() -> ForkContext | SpawnContext:
    return multiprocessing.get_context("fork") if sys.platform == "linux" else multiprocessing.get_context("spawn")


class Pool:
    """As many worker processes as were asked for."""

    def __init__(self, task: FileTask, job: Job, jobs: int) -> None:
        # fork shares what is loaded already, which saves each worker 15 ms; elsewhere a worker loads for itself
        context = _context()
        given = task if isinstance(context, ForkContext) else job
        self._processes: list[BaseProcess] = []
        self._pipes: list[Connection] = []
        for _ in range(jobs):
            ours, theirs = context.Pipe()
            process = context.Process(target=_work, args=(given, theirs, [*self._pipes, ours]), daemon=True)
            process.start()
            theirs.close()
            self._processes.append(process)
            self._pipes.append(ours)

    def run(self, paths: Iterator[str]) -> Iterator[list[Outcome]]:
        """Deal chunks out in turn, a few ahead of the one that is awaited."""
        awaited: deque[tuple[int, Sequence[str]]] = deque()
        turn = 0
        while True:
            while len(awaited) < len(self._pipes) * _AHEAD and (chunk := list(islice(paths, _CHUNK))):
                self._send(turn, chunk)
                awaited.append((turn, chunk))
                turn = (turn + 1) % len(self._pipes)
            if not awaited:
                return
            yield self._receive(*awaited.popleft())

    def _send(self, worker: int, chunk: Sequence[str]) -> None:
        try:
            self._pipes[worker].send(chunk)
        except OSError:
            raise _ended(chunk) from None

    def _receive(self, worker: int, chunk: Sequence[str]) -> list[Outcome]:
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


def _ended(chunk: Sequence[str]) -> ExporterError:
    return ExporterError(
        f"a worker process was ended from outside (out of memory?) between {chunk[0]} and {chunk[-1]}; try again with -j 1"
    )


def _work(given: FileTask | Job, pipe: Connection, others: Sequence[Connection]) -> None:
    for other in others:
        other.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    with rare_collections():
        try:
            task = given if isinstance(given, FileTask) else FileTask(given)
            while True:
                pipe.send(task.run(pipe.recv()))
        except (EOFError, OSError):
            return
        except Exception as error:  # noqa: BLE001 - it is raised again in the parent, which reports it
            pipe.send(error)
