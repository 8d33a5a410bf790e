r"""The three standard streams as every command finds them, whatever the caller left of them.

- A closed stream is opened again, so that no file of ours gets its number: what is written to standard output then fails with a sentence,
  as it has to where the product goes there; nothing is said on standard error.
- Standard error takes what it can: a full disk or a reader that has gone is not a reason to end a run whose product is another file.
- What standard output's encoding lacks is escaped (`\u2026`) and ends no run; graphs and reports are bytes in UTF-8 anyway.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from typing import TextIO

STANDARD_OUTPUT = "standard output"
_Buffer = bytes | bytearray | memoryview


def prepare_streams() -> None:
    """Open what is closed, and put the two writers in their places."""
    for number, mode in enumerate((os.O_RDONLY, os.O_RDONLY, os.O_WRONLY)):
        _open_if_closed(number, mode)
    if sys.stdin is None:
        sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115 - a stream for the life of the process
    sys.stdout = _text(_Output(1, "wb", closefd=False), sys.stdout, lines=False)
    sys.stderr = _text(_Messages(2, "wb", closefd=False), sys.stderr, lines=True)


def close_output() -> None:
    """Write out what is held back, or let it go: Python would try once more at exit, and complain with status 120. Raises OSError."""
    try:
        sys.stdout.flush()
    except OSError:
        drop_output()
        raise


def drop_output() -> None:
    """Let what is left for standard output go."""
    descriptor = os.open(os.devnull, os.O_WRONLY)
    os.dup2(descriptor, 1)
    os.close(descriptor)


def _open_if_closed(number: int, mode: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        descriptor = os.open(os.devnull, mode)  # read-only for standard output: writing has to fail
        if descriptor != number:
            os.dup2(descriptor, number)
            os.close(descriptor)


class _Output(io.FileIO):
    """Standard output, whose errors say what failed."""

    def write(self, data: _Buffer, /) -> int:  # type: ignore[override]  # typeshed has a buffer protocol that 3.11 lacks
        try:
            return super().write(data) or 0
        except OSError as error:
            reason = "it is closed" if error.errno == errno.EBADF else error.strerror
            raise OSError(error.errno, reason, STANDARD_OUTPUT) from None


class _Messages(io.FileIO):
    """Standard error, which takes what it can."""

    def write(self, data: _Buffer, /) -> int:  # type: ignore[override]  # as above
        try:
            return super().write(data) or len(data)
        except OSError:
            return len(data)


def _text(raw: io.FileIO, before: TextIO | None, *, lines: bool) -> io.TextIOWrapper:
    encoding = getattr(before, "encoding", None) or "utf-8"
    return io.TextIOWrapper(
        io.BufferedWriter(raw), encoding=encoding, errors="backslashreplace", line_buffering=lines or raw.isatty(), write_through=lines
    )
