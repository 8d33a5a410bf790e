"""A process of its own for pySHACL, which a run can end from outside at any time, whatever goes on in it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import weakref

from exporter.system.processes import python_command
from exporter.system.undoing import forget, started, uninterrupted
from exporter.validation.engines.confining import TRIED
from exporter.validation.engines.messages import Answer, Row, receive, send
from exporter.validation.engines.model import EngineError, TimeoutEngineError

_PROGRAM = "exporter.validation.engines.isolated_process"
_LEAST_MEMORY = 4 << 30
"""What the process may take at least, in bytes of addresses; a machine with more memory than this gives it all."""


class Apart:
    """The process, started at once and ended with `close`, at a timeout, or when nobody holds this any more."""

    def __init__(self) -> None:
        with uninterrupted():
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
                python_command(_PROGRAM, [str(_memory())]), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            self._end = weakref.finalize(self, _end, self._process, started(self._process))

    @property
    def alive(self) -> bool:
        """Whether it can serve another run."""
        return self._end.alive

    def close(self) -> None:
        """End the process, whatever it does."""
        self._end()

    def run(self, data: bytes, shapes: bytes, *, advanced: bool, seconds: float) -> list[Row]:
        """Serve one run; raises `EngineError`, and `TimeoutEngineError` where it took longer than `seconds`."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        answer = None
        try:
            answer = self._ask(data, shapes, advanced)
        finally:
            timer.cancel()
            if answer is None:
                self.close()
        if late.is_set():
            self.close()
            raise TimeoutEngineError(seconds)
        if answer is None:
            raise EngineError(_ended(self._process.returncode))
        if answer["error"]:
            raise EngineError(answer["error"])
        return answer["rows"]

    def _ask(self, data: bytes, shapes: bytes, advanced: bool) -> Answer | None:
        requests, answers = self._process.stdin, self._process.stdout
        assert requests is not None
        assert answers is not None
        with contextlib.suppress(OSError):  # it has ended, and the empty answer says so
            for message in (json.dumps({"advanced": advanced}).encode(), shapes, data):
                send(requests, message)
        text = receive(answers)
        found: Answer | None = None if text is None else json.loads(text)
        return found


def _end(process: subprocess.Popen[bytes], undo: int) -> None:
    process.kill()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with contextlib.suppress(OSError):  # what was not written goes nowhere
                pipe.close()
    process.wait()
    forget(undo)


def _ended(status: int | None) -> str:
    if status == TRIED:
        return "it was ended because the shapes made it reach for the network, a file or a program"
    return f"the process that runs it ended with status {status}"


def _memory() -> int:
    try:
        return max(_LEAST_MEMORY, os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, OSError, ValueError):
        return _LEAST_MEMORY
