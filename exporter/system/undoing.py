"""What has to be undone where a signal ends the process: temporary files and folders, and the processes that it started.

An exception that a signal raises may come anywhere: between the making of a file and its `with`, in a finalizer that swallows it, in
the middle of a report. So the command line raises none (`exporter.cli.signals`): it runs what is noted here, says a line, and ends the
process. Whoever makes something that would be left behind notes how to undo it, in the same uninterrupted block, and forgets it when
it is undone. Signals belong to the process, and so does this list; a program that uses the package as a library only fills it.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess

ENDINGS = {
    getattr(signal, name): line
    for name, line in (("SIGINT", "interrupted"), ("SIGTERM", "terminated"), ("SIGHUP", "hung up"))
    if hasattr(signal, name)  # Windows has no SIGHUP
}
"""The signals that end a command, and what is said then."""

_steps: dict[int, Callable[[], object]] = {}
_numbers = itertools.count(1)
_blocks: list[None] = []
_late: list[Callable[[], object]] = []


def undo_with(step: Callable[[], object]) -> int:
    """Note how something is undone, and give the number under which it is forgotten; the last that was noted is undone first.

    >>> done = []
    >>> first, second = undo_with(lambda: done.append(1)), undo_with(lambda: done.append(2))
    >>> forget(first)
    >>> undo_all()
    >>> done
    [2]
    """
    number = next(_numbers)
    _steps[number] = step
    return number


def forget(number: int) -> None:
    """Forget what is undone already, or is to stay."""
    _steps.pop(number, None)


def undo_all() -> None:
    """Undo everything that is noted, whatever fails."""
    while _steps:
        _, step = _steps.popitem()
        with contextlib.suppress(Exception):
            step()


@contextlib.contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no signal end the process inside the block, which has to be short: one that comes ends it after the block."""
    _blocks.append(None)
    try:
        yield
    finally:
        _blocks.pop()
        if not _blocks and _late:
            _late.pop()()


def end_with(end: Callable[[], object]) -> None:
    """End the process by `end`, now or after the uninterrupted block that is running."""
    if _blocks:
        _late.append(end)
    else:
        end()


def started(process: subprocess.Popen[bytes]) -> int:
    """Note a process that has to end with ours; call it in the uninterrupted block that starts it."""

    def end() -> None:
        process.kill()
        os.waitpid(process.pid, 0)

    return undo_with(end)


def ignore_endings() -> None:
    """Ignore the signals that end a command: for a process that is ended by the one that started it, and for a run that is over."""
    if hasattr(signal, "pthread_sigmask"):
        # Not SIG_IGN: Python complains of one that comes while it is set ("ignored due to race condition").
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDINGS)
        return
    for number in ENDINGS:  # Windows
        signal.signal(number, signal.SIG_IGN)


@contextlib.contextmanager
def temporary_folder() -> Iterator[Path]:
    """Make a folder for temporary files, which is gone after the block, and after a signal."""
    import shutil  # 8 ms with tempfile, and most runs need neither
    import tempfile

    with uninterrupted():
        folder = tempfile.mkdtemp(prefix="owltype-")
        number = undo_with(lambda: shutil.rmtree(folder, ignore_errors=True))
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        forget(number)
