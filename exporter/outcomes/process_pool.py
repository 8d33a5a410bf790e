"""Worker processes: each takes chunks of the work in turn, and the answers come back in its order.

A worker has a pipe of its own and ends when it closes, so none is left behind when the parent is killed.
"""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import IO, Generic, Protocol, TypeVar, cast

from exporter.errors import ExporterError
from exporter.outcomes.channel import Packer, Unpacker
from exporter.outcomes.making import rare_collections
from exporter.system.processes import python_command
from exporter.system.undoing import forget, ignore_endings, started, undo_with, uninterrupted

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


class Pipe(Protocol):
    """One end of what connects a worker and its caller."""

    def send_bytes(self, data: bytes, /) -> None:
        """Send bytes as one message. Raises OSError when the other end is gone."""
        ...

    def recv_bytes(self) -> bytes:
        """Wait for one message. Raises EOFError or OSError when the other end is gone."""
        ...

    def close(self) -> None:
        """Close this end."""
        ...


class _Streams:
    """A pipe over two byte streams: the length of each message, then its bytes."""

    def __init__(self, incoming: IO[bytes], outgoing: IO[bytes]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    def send_bytes(self, data: bytes, /) -> None:
        self._outgoing.write(len(data).to_bytes(8, "big") + data)
        self._outgoing.flush()

    def recv_bytes(self) -> bytes:
        return self._read(int.from_bytes(self._read(8), "big"))

    def _read(self, size: int) -> bytes:
        data = self._incoming.read(size)
        if len(data) < size:
            raise EOFError  # one that was ended while it wrote
        return data

    def close(self) -> None:
        self._incoming.close()
        with contextlib.suppress(BrokenPipeError):  # a worker that is gone
            self._outgoing.close()


class _Conversation:
    """Sends and receives things over a pipe."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._packer, self._unpacker = Packer(), Unpacker()

    def send(self, item: object) -> None:
        self._pipe.send_bytes(self._packer.pack(item))

    def receive(self) -> object:
        return self._unpacker.unpack(self._pipe.recv_bytes())

    def close(self) -> None:
        self._pipe.close()


class _Forked:
    """A worker that shares what is in memory."""

    def __init__(self, make_task: Callable[[], Task[Item, Done]], others: Sequence[_Conversation]) -> None:
        context = multiprocessing.get_context("fork")
        ours, theirs = context.Pipe()
        self.pipe = _Conversation(ours)
        self._process = context.Process(target=_work, args=(make_task, _Conversation(theirs), [*others, self.pipe]), daemon=True)
        with uninterrupted():
            self._process.start()
            self._undo = undo_with(self._process.kill)
        theirs.close()

    def end(self) -> None:
        self._process.kill()

    def wait(self) -> None:
        self._process.join()
        forget(self._undo)


class _Started:
    """A worker that is a new program. Not multiprocessing's, which starts a Python that looks for modules in the current folder."""

    def __init__(self, make_task: Callable[[], Task[Item, Done]]) -> None:
        command = python_command("exporter.outcomes.process_pool")
        with uninterrupted():
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # noqa: S603 - our own code
            self._undo = started(self._process)
        assert self._process.stdin
        assert self._process.stdout
        self.pipe = _Conversation(_Streams(self._process.stdout, self._process.stdin))
        self.pipe.send(make_task)

    def end(self) -> None:
        self._process.kill()

    def wait(self) -> None:
        self._process.wait()
        forget(self._undo)


class ProcessPool(Generic[Item, Done]):
    """As many worker processes as were asked for; each makes its task, by a function that can be pickled unless processes fork."""

    def __init__(self, make_task: Callable[[], Task[Item, Done]], jobs: int, chunk: int | None = None) -> None:
        self._chunk = chunk or _CHUNK
        self._workers: list[_Forked | _Started] = []
        for _ in range(jobs):
            others = [worker.pipe for worker in self._workers]
            self._workers.append(_Forked(make_task, others) if forks() else _Started(make_task))

    def run(self, items: Iterator[Item]) -> Iterator[list[Done]]:
        """Deal chunks out in turn, a few ahead of the one that is awaited."""
        awaited: deque[tuple[int, Sequence[Item]]] = deque()
        turn = 0
        while True:
            while len(awaited) < len(self._workers) * _AHEAD and (chunk := list(islice(items, self._chunk))):
                self._send(turn, chunk)
                awaited.append((turn, chunk))
                turn = (turn + 1) % len(self._workers)
            if not awaited:
                return
            yield self._receive(*awaited.popleft())

    def _send(self, worker: int, chunk: Sequence[Item]) -> None:
        try:
            self._workers[worker].pipe.send(chunk)
        except OSError:
            raise _ended(chunk) from None

    def _receive(self, worker: int, chunk: Sequence[Item]) -> list[Done]:
        try:
            answer = self._workers[worker].pipe.receive()
        except (EOFError, OSError):
            raise _ended(chunk) from None
        if isinstance(answer, BaseException):
            raise answer
        return list(cast("Sequence[Done]", answer))

    def close(self) -> None:
        """End the workers; those that are at work still are ended at once."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            worker.end()
        for worker in self._workers:
            worker.wait()


def _ended(chunk: Sequence[object]) -> ExporterError:
    return ExporterError(
        f"a worker process was ended from outside (out of memory?) between {chunk[0]} and {chunk[-1]}; try again with -j 1"
    )


def main() -> None:
    """Be a worker that was started as a new program: what to do comes on standard input, and answers leave on standard output."""
    pipe = _Conversation(_Streams(sys.stdin.buffer, os.fdopen(os.dup(1), "wb")))
    os.dup2(2, 1)  # what a handler prints is not an answer
    with contextlib.suppress(EOFError):
        _work(cast("Callable[[], Task[object, object]]", pipe.receive()), pipe, ())


def _work(make_task: Callable[[], Task[Item, Done]], pipe: _Conversation, others: Sequence[_Conversation]) -> None:
    for other in others:
        other.close()
    ignore_endings()  # whoever started it ends it
    gc.freeze()
    with rare_collections():
        try:
            task = make_task()
            while True:
                pipe.send(task.run(cast("Sequence[Item]", pipe.receive())))
        except (EOFError, OSError):
            return
        except Exception as error:  # noqa: BLE001 - it is raised again in the parent, which reports it
            pipe.send(error)
