"""`--check`: hold what would be written against the file on disk, without writing and without holding either whole."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from exporter.errors import OutputError
from exporter.rdf.compression import check_compression, decompress, unpacking_errors
from exporter.rdf.syntaxes import Compression
from exporter.text import quote
from exporter.writers.files import PATH_SHOWN

_SHOWN = 200  # bytes of a line that are kept to be shown


@dataclass(frozen=True, slots=True)
class Difference:
    """The first line that differs: `found` is on disk, `expected` would be written, None where a side has ended."""

    path: str
    line: int
    found: str | None
    expected: str | None

    @property
    def message(self) -> str:
        """Say what differs, without the place."""
        found, expected = (quote(text) if text is not None else "nothing" for text in (self.found, self.expected))
        return f"the file has {found}, the export gives {expected}"

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class Comparison:
    r"""A sink that compares what it takes with a file's bytes; `difference` is known after `close`.

    >>> import io
    >>> comparison = Comparison("graph.nt", io.BytesIO(b"one\ntwo\n"))
    >>> comparison.write(b"one\nTwo\n")
    >>> str(comparison.close())
    'graph.nt:2: the file has "two", the export gives "Two"'
    """

    def __init__(self, path: str, file: IO[bytes]) -> None:
        self._path = path
        self._file = file
        self._line = 1
        self._start = b""  # of the line that both sides are in
        self._difference: Difference | None = None

    def write(self, data: bytes, /) -> None:
        """Compare some bytes; after the first difference nothing more is read."""
        if self._difference is not None:
            return
        found = self._read(len(data))
        if found == data:
            self._advance(data)
        else:
            same = _same_length(found, data)
            self._advance(data[:same])
            self._differ(found[same:], data[same:])

    def close(self) -> Difference | None:
        """Tell the first difference, or None where the file is what would be written."""
        if self._difference is None:
            more = self._read(_SHOWN)
            if more:
                self._differ(more, b"")
        return self._difference

    def _read(self, size: int) -> bytes:
        chunks = []
        try:
            while size and (chunk := self._file.read(size)):
                chunks.append(chunk)
                size -= len(chunk)
        except unpacking_errors() as error:
            self._differ(f"unreadable data: {error}".encode(), b"")
        return b"".join(chunks)

    def _advance(self, data: bytes) -> None:
        self._line += data.count(b"\n")
        _, newline, rest = data.rpartition(b"\n")
        self._start = (rest if newline else self._start + rest)[:_SHOWN]

    def _differ(self, found: bytes, expected: bytes) -> None:
        if self._difference is None:
            self._difference = Difference(self._path, self._line, self._text(found), self._text(expected))

    def _text(self, rest: bytes) -> str | None:
        if not rest and not self._start:
            return None
        line = rest.partition(b"\n")[0][:_SHOWN]
        return (self._start + line).decode(errors="replace")


@contextlib.contextmanager
def compare_output(path: str | os.PathLike[str], compression: Compression | None = None) -> Iterator[Comparison]:
    """Open the sink that compares with a file, decompressed: two machines' zlib may pack the same text differently.

    A file that does not exist differs in its first line. Raises OutputError where it can't be read.
    """
    check_compression(compression)
    shown = os.fspath(path)
    with contextlib.ExitStack() as stack:
        try:
            file: IO[bytes] = stack.enter_context(Path(path).open("rb"))
        except FileNotFoundError:
            file, compression = io.BytesIO(), None
        except OSError as error:
            raise OutputError(f"can't compare with {quote(shown, PATH_SHOWN)}: {(error.strerror or str(error)).lower()}") from error
        yield Comparison(shown, decompress(file, compression) if compression else file)


def _same_length(found: bytes, expected: bytes) -> int:
    """How far two texts agree: halving, because comparing bytes one by one in Python takes a second for each 20 MB."""
    low, high = 0, min(len(found), len(expected))
    while low < high:
        middle = (low + high + 1) // 2
        if found[low:middle] == expected[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
