"""How a signal ends the command: what was begun is undone, one line is said, and the status is 128 and the signal's number.

Nothing of the program runs any more after the first signal, and further ones are ignored: see `exporter.system.undoing` for why.
"""

from __future__ import annotations

import os
import signal
from functools import partial
from types import FrameType

from exporter.system.undoing import ENDINGS, end_with, undo_all

_CLEAR = b"\r\x1b[K"  # over a count that a terminal may show (ECMA-48)
_PATIENCE = 1.0  # seconds for a reader of standard error that doesn't read


def handle_signals() -> None:
    """Have signals end the process; one that is ignored already, as under `nohup`, stays so. Does nothing outside of the main thread."""
    try:
        for number in ENDINGS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                signal.signal(number, _End(os.getpid()))
    except ValueError:  # another thread, whose program handles signals as it likes
        return


class _End:
    """What the first signal does; the handler stays in place for the others, and does nothing then."""

    over = False

    def __init__(self, process: int) -> None:
        self._process = process

    def __call__(self, number: int, _frame: FrameType | None) -> None:
        if os.getpid() != self._process:
            os._exit(128 + number)  # a copy of ours that has not yet become what it is to be
        if not _End.over:
            _End.over = True
            end_with(partial(_end_now, number))


def _end_now(number: int) -> None:
    undo_all()
    line = f"owltype: {ENDINGS[number]}\n".encode()
    try:
        import select  # seldom needed

        _, ready, _ = select.select([], [2], [], _PATIENCE)
        if ready:
            os.write(2, (_CLEAR if os.isatty(2) else b"") + line)
    except (OSError, ValueError):
        pass  # nobody can be told
    os._exit(128 + number)
