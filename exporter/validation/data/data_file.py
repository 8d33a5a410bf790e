"""The triples of a run in a temporary file: the engine reads it, and parts of it are looked at; in memory they would be most of a run."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Self

from exporter.system.undoing import temporary_folder

_BLOCK = 8_000_000


class DataFile:
    r"""N-Triples, written once from the start to the end and read in parts; its file is deleted when it is closed.

    >>> with DataFile() as data:
    ...     data.append(b"<urn:s> <urn:p> <urn:o> .\n")
    ...     data.size, data.part(1, 6), list(data.blocks())
    (26, b'urn:s', [(0, b'<urn:s> <urn:p> <urn:o> .\n')])
    """

    def __init__(self) -> None:
        self._resources = ExitStack()
        self._path = self._resources.enter_context(temporary_folder()) / "data.nt"
        self._stream = self._path.open("w+b")
        self.size = 0
        self._borders: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stream.close()
        self._resources.close()

    @property
    def path(self) -> Path:
        """The file, with all that was appended so far."""
        self._stream.flush()
        return self._path

    def append(self, text: bytes) -> None:
        """Add whole lines at the end."""
        self._stream.write(text)
        self.size += len(text)

    def part(self, start: int, end: int) -> bytes:
        """Read the bytes `[start, end)`; nothing is appended any more afterwards."""
        self._stream.seek(start)
        return self._stream.read(end - start)

    def blocks(self, start: int = 0, end: int | None = None) -> Iterator[tuple[int, bytes]]:
        """Yield the lines of `[start, end)`, some megabytes at a time, each time with the offset."""
        whole = start == 0 and end in (None, self.size)
        if whole and self._borders and self._borders[-1] == self.size:  # looked through before: no block has to be cut at a line's end
            yield from ((begin, self.part(begin, stop)) for begin, stop in pairwise(self._borders))
            return
        borders, end = [start], self.size if end is None else end
        while start < end:
            block = self.part(start, min(start + _BLOCK, end))
            if start + len(block) < end:
                # A line that is longer than a block is read whole.
                block = block[: block.rfind(b"\n") + 1] or self._line(start)
            yield start, block
            start += len(block)
            borders.append(start)
        if whole:
            self._borders = borders

    def _line(self, start: int) -> bytes:
        self._stream.seek(start)
        return self._stream.readline()
