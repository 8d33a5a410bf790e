"""Run the server: uvicorn with limits on connections that say nothing, and a watcher that has the graph read anew."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from exporter.errors import ExporterError
from exporter.server.application import Server, ServerOptions
from exporter.server.live import Live
from exporter.watching.notices import Watcher
from exporter.watching.watched import Watched

_HEAD_SECONDS = 10.0
"""How long a client may take to send the head of a request."""
_IDLE_SECONDS = 15
_HEAD_BYTES = 32 * 1024
_TOO_LARGE = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"content-length: 37\r\n\r\nthe head of a request is too large\r\n\n"
)
_CONNECTIONS = 500
_ENDING_SECONDS = 10
_QUIET_SECONDS = 0.5
"""How long a validation waits, so that an edit that follows another is not slowed down by it."""


class _PatientProtocol(HttpToolsProtocol):
    """HTTP/1.1 that lets a connection go whose next head does not come whole and soon, or is too large.

    llhttp, which parses, refuses what could be read in two ways (RFC 9112, section 11.2).
    """

    _timer: asyncio.TimerHandle | None = None
    _head = 0
    """Bytes of the head that is coming; after it, nothing is counted until the next message begins."""
    _in_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self._head += len(data) if self._in_head else 0
        super().data_received(data)
        if self._in_head and self._head > _HEAD_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        """Begin to wait for the rest of a head."""
        super().on_message_begin()
        self._in_head = True
        if self._timer is None:
            self._wait()

    def on_headers_complete(self) -> None:
        """Wait no more."""
        self._in_head, self._head = False, 0
        self._stop_waiting()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """Count the next head from its beginning."""
        super().on_message_complete()
        self._in_head = True

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        self._timer = self.loop.call_later(_HEAD_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()


@dataclass(frozen=True, slots=True)
class Serving:
    """What is run: `watched` says what is watched, where something is; `validates` has the problems looked for after each reading."""

    live: Live
    options: ServerOptions
    host: str
    port: int
    say: Callable[[str, int], None]
    watched: Callable[[], Watched] | None = None
    validates: bool = True

    def run(self) -> None:
        """Answer until SIGINT or SIGTERM; requests that are being answered then have ten seconds more."""
        application: Any = Server(self.live, self.options).application()
        config = uvicorn.Config(
            application,
            host=self.host,
            port=self.port,
            http=_PatientProtocol,
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=_ENDING_SECONDS,
            limit_concurrency=_CONNECTIONS,
        )
        stop, due = threading.Event(), threading.Event()
        due.set()
        threads = [threading.Thread(target=work, args=(stop, due), daemon=True) for work in (self._follow, self._look_for_problems)]
        for thread in threads:
            thread.start()
        try:
            uvicorn.Server(config).run()
        finally:
            stop.set()
            due.set()
            self.live.close()
            for thread in threads:
                thread.join(_ENDING_SECONDS)

    def _look_for_problems(self, stop: threading.Event, due: threading.Event) -> None:
        """Validate what is served whenever that is due; an edit is shown before its problems are known."""
        while self.validates:
            due.wait()
            if stop.wait(_QUIET_SECONDS):
                return
            due.clear()
            try:
                self.live.check()
            except ExporterError as error:
                if not stop.is_set():
                    self.say(f"the problems can't be shown: {error}", -1)

    def _follow(self, stop: threading.Event, due: threading.Event) -> None:
        """Read what has changed whenever files do."""
        if self.watched is None:
            return
        watcher = Watcher(self.watched())
        try:
            for changed in watcher.changes(stop):
                began = time.monotonic()
                try:
                    self.live.reload()
                    self.say(f"read anew after {len(changed):,} changes in {time.monotonic() - began:.2f} s", 0)
                except ExporterError as error:
                    self.say(f"{error}; what was served is served on", -1)
                else:
                    due.set()
                watcher.watch(self.watched())
        finally:
            watcher.close()
