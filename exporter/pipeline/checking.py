"""Checking: whether the file on disk is what would be written, without writing anything."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import IO

from exporter.errors import OutputError, UsageError
from exporter.writers.compression import decompress
from exporter.writers.formats import FileFormat


class CheckSink:
    """Compares what would be written with what a file holds, as it comes; nothing is held."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._line = 1
        self.stale_line: int | None = None

    def write(self, data: bytes, /) -> None:
        """Compare some bytes, and note the first line that differs."""
        if self.stale_line is not None:
            return
        there = _read(self._file, len(data))
        if there != data:
            same = next((i for i, (a, b) in enumerate(zip(data, there, strict=False)) if a != b), min(len(data), len(there)))
            self.stale_line = self._line + data.count(b"\n", 0, same)
        self._line += data.count(b"\n")

    def close(self) -> None:
        """Note that the file goes on where it should end."""
        if self.stale_line is None and self._file.read(1):
            self.stale_line = self._line


def _read(file: IO[bytes], size: int) -> bytes:
    """Read `size` bytes, or what is left: a decompressor may give less than it was asked for."""
    parts = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def open_check(output: str, written: FileFormat, stack: ExitStack) -> CheckSink | None:
    """Open the file to compare with; None where there is none.

    Raises UsageError for standard output, OutputError for what can't be read.
    """
    if output == "-":
        raise UsageError("there is nothing to check standard output against; name the file with -o")
    try:
        file: IO[bytes] = stack.enter_context(Path(output).open("rb"))  # noqa: SIM115 - the stack closes it
    except FileNotFoundError:
        return None
    except OSError as error:
        raise OutputError(f"{output}: {(error.strerror or str(error)).lower()}") from None
    return CheckSink(decompress(file, written.compression) if written.compression else file)
