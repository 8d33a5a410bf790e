"""Asking from an event loop: no thread waits for a query, and queries that take long make way for others.

A query begins in one of the *quick* places, of which there are a few for each processor. One that has run for some time goes on behind
all others, in a *slow* place if there is one: then the next query begins. So queries that never end do not keep short ones waiting.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from exporter.problems import Location, Problem
from exporter.sparql.limits import Limits
from exporter.sparql.processes.messages import Frames, Message
from exporter.sparql.processes.query_pool import GRACE, QueryPool
from exporter.sparql.processes.reply import Received, Reply, Request, Worker, request_error

QUICK, SLOW = 4, 8
"""How many queries run at once that have just begun, and how many others."""
_LONG = 0.15
"""Seconds after which a query is one of the others."""
_PIECE = 1 << 18


class Lanes:
    """Asks a pool for any number of tasks of one event loop; the pool should have `QUICK + SLOW` workers."""

    def __init__(self, pool: QueryPool) -> None:
        self._pool = pool
        self._quick = asyncio.Semaphore(QUICK)
        self._slow = 0

    async def ask(self, request: Request, limits: Limits) -> Reply:
        """Ask, and give the reply when it is there whole.

        Raises `QueryError` if the query is refused, fails, or reaches a limit.
        """
        began = time.monotonic()
        try:
            await asyncio.wait_for(self._quick.acquire(), limits.seconds)
        except TimeoutError:
            message = "the server was busy for as long as this query had time"
            raise request_error(request, Problem("QUERY-BUSY", Location(request.path), message, help="ask again later")) from None
        place = _Place(self)
        try:
            left = max(0.001, limits.seconds - (time.monotonic() - began))
            order = (request, limits, began + limits.seconds)
            worker = self._pool.order(*order, wait=False) or await asyncio.to_thread(self._pool.order, *order)
            assert worker is not None
            return await self._reply(worker, request, limits, left, place)
        finally:
            place.leave()

    async def _reply(self, worker: Worker, request: Request, limits: Limits, seconds: float, place: _Place) -> Reply:
        messages: list[Message | bytes] = []
        reading = asyncio.ensure_future(_read(worker, messages))
        try:
            done, _ = await asyncio.wait({reading}, timeout=_LONG)
            if not done:
                place.slow_down(worker)
                done, _ = await asyncio.wait({reading}, timeout=seconds + GRACE - _LONG)
        except BaseException:
            reading.cancel()
            await asyncio.shield(asyncio.to_thread(self._pool.discard, worker, kill=True))
            raise
        if done and reading.result() and worker.generation == self._pool.generation and not _last(messages)["retire"]:
            return Reply(self._pool, worker, request, limits, Received(messages))
        reading.cancel()
        with suppress(asyncio.CancelledError):
            await reading
        # How the process ended, or will end, is told by another, for which only a thread can wait.
        return await asyncio.to_thread(Reply, self._pool, worker, request, limits, Received(messages, timed_out=not done))

    def leave_quick(self, worker: Worker) -> bool:
        """Let a query go on in a slow place, if there is one."""
        if self._slow >= SLOW:
            return False
        self._slow += 1
        self._quick.release()
        self._pool.calm(worker)
        return True

    def leave(self, *, slow: bool) -> None:
        """Give up a place."""
        if slow:
            self._slow -= 1
        else:
            self._quick.release()


class _Place:
    """Where a query runs."""

    def __init__(self, lanes: Lanes) -> None:
        self._lanes, self._slow = lanes, False

    def slow_down(self, worker: Worker) -> None:
        self._slow = self._lanes.leave_quick(worker)

    def leave(self) -> None:
        self._lanes.leave(slow=self._slow)


def _last(messages: list[Message | bytes]) -> Message:
    message = messages[-1]
    assert isinstance(message, dict)
    return message


async def _read(worker: Worker, messages: list[Message | bytes]) -> bool:
    """Read until the end of a reply, and say whether it came; not if the process ended."""
    loop, frames = asyncio.get_running_loop(), Frames()
    worker.sock.setblocking(False)
    while True:
        try:
            data = await loop.sock_recv(worker.sock, _PIECE)
        except ConnectionError:
            return False
        if not data:
            return False
        for message in frames.feed(data):
            messages.append(message)
            if isinstance(message, dict) and "end" in message:
                return True
