"""A server of its own process, as a user starts it, and requests as bytes on a socket, as an attacker writes them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.running import OWLTYPE, ROOT, clean_environment

PATIENCE = 60


@dataclass(slots=True)
class Served:
    """A server that runs: its address, its process, and the file that its messages go to."""

    address: str
    process: subprocess.Popen[bytes]
    log: Path

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.address.rpartition(":")[2])

    def client(self) -> httpx.Client:
        """Give a client of it."""
        return httpx.Client(base_url=self.address, timeout=PATIENCE)

    def send(self, request: bytes, wait: float = 10.0) -> bytes:
        """Send bytes, and give what comes back until the connection ends or nothing comes for a while."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            connection.sendall(request)
            reply = b""
            try:
                while piece := connection.recv(65536):
                    reply += piece
            except (TimeoutError, ConnectionResetError):
                pass
            return reply


@contextmanager
def serving(folder: Path, *arguments: str, cwd: Path = ROOT) -> Iterator[Served]:
    """Start a server, and end it; it has to end by itself when it is asked to."""
    log = folder / "serve.log"
    with log.open("wb") as messages:
        process = subprocess.Popen(
            [*OWLTYPE, "serve", *arguments, "--port", "0"], cwd=cwd, env=clean_environment({}), stderr=messages, stdout=messages
        )
        try:
            yield Served(_address(process, log), process, log)
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM if os.name == "posix" else signal.CTRL_BREAK_EVENT)  # type: ignore[attr-defined]
            try:
                process.wait(30)
            finally:
                process.kill()
    text = log.read_text("utf-8", "replace")
    assert "Traceback" not in text, text
    assert "internal error" not in text, text


def _address(process: subprocess.Popen[bytes], log: Path) -> str:
    begun = time.monotonic()
    while time.monotonic() < begun + PATIENCE:
        found = re.search(r"serving at (http://\S+?)/ and", log.read_text("utf-8", "replace"))
        if found:
            try:
                httpx.get(found[1] + "/health", timeout=5)
            except httpx.HTTPError:
                time.sleep(0.05)
                continue
            return found[1]
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(log.read_text("utf-8", "replace"))
