"""Starting the keeper as a program of its own, and ending it."""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import sys

from exporter.problems import Location, Problem
from exporter.system.processes import python_command
from exporter.system.undoing import forget, started, uninterrupted


def start_keeper() -> tuple[socket.socket, subprocess.Popen[bytes], int]:
    """Start a keeper as a new program, because a program with threads can't be forked safely; the number is what `undoing` forgets."""
    ours, theirs = socket.socketpair()
    with theirs, uninterrupted():
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and code
            python_command("exporter.sparql.processes.fork_server", [str(theirs.fileno())]),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
        )
        undo = started(process)
    _widen(process)
    return ours, process, undo


def _widen(process: subprocess.Popen[bytes]) -> None:
    """Let a megabyte wait in the pipe, so that mapping and loading seldom wait for each other (Linux; 64 kB elsewhere)."""
    if sys.platform == "linux" and process.stdin is not None:
        import fcntl  # POSIX only

        with contextlib.suppress(OSError):  # the system may allow less
            fcntl.fcntl(process.stdin, fcntl.F_SETPIPE_SZ, 1 << 20)


def end_keeper(control: socket.socket, process: subprocess.Popen[bytes], undo: int) -> None:
    """Close the keeper's socket, at which it ends its workers and itself, and collect it."""
    with contextlib.suppress(OSError):  # the keeper may be gone already
        control.shutdown(socket.SHUT_RDWR)
    control.close()
    if process.stdin is not None:
        with contextlib.suppress(BrokenPipeError):  # as above
            process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    forget(undo)


def load_crash(path: str, status: int) -> Problem:
    """Say in words what ended a keeper while it loaded a file."""
    if -status in {signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT}:
        return Problem("QUERY-DATA", Location(path), "the file is nested too deeply to be parsed")
    return Problem("QUERY-DATA", Location(path), "the process that loads the dataset ended")
