"""The index of kept outcomes: for each path the stamp of its file, and where its outcome is.

It is flat, numbers in columns: 50,000 rows are read in some milliseconds, and only those are looked at that are asked for.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Self

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.cache.stamps import Stamp
from exporter.errors import CacheError

_STAMP = ("size", "mtime", "ctime", "inode")
_PLACE = ("chunk", "start", "length")
_WIDTH = len(_STAMP) + len(_PLACE)
_CHUNK = ("chunk_segment", "chunk_start", "chunk_size", "chunk_raw")


class Extent(NamedTuple):
    """Where an outcome is: `length` bytes at `start` of what a chunk holds."""

    chunk: int
    start: int
    length: int


class Chunk(NamedTuple):
    """Outcomes that were compressed together: `size` bytes at `start` of a segment, `raw` when they are decompressed.

    `digest` is that of the bytes, so that they can be read without the rest of their segment.
    """

    segment: int
    start: int
    size: int
    raw: int
    digest: bytes


class Index:
    """The rows of an index, in the order of the paths, the chunks that they point into, and the names of the segments with these."""

    def __init__(self, columns: Mapping[str, Column]) -> None:
        """Take the columns of a table; raises CacheError where they are not those of an index."""
        self._numbers = {name: _numbers(columns, name) for name in (*_STAMP, *_PLACE, *_CHUNK)}
        self.paths, self.digests = _bytes(columns, "path"), _bytes(columns, "digest")
        self._sums = _bytes(columns, "chunk_digest")
        self.segments = [name.decode("ascii", "replace") for name in _bytes(columns, "segment")]
        rows = {len(self.paths), len(self.digests), *(len(self._numbers[name]) for name in (*_STAMP, *_PLACE))}
        chunks = {len(self._sums), *(len(self._numbers[name]) for name in _CHUNK)}
        if len(rows) > 1 or len(chunks) > 1:
            raise CacheError("the columns of an index differ in length")
        pointed = self._numbers["chunk"]
        if pointed and not 0 <= min(pointed) <= max(pointed) < self.chunk_count:
            raise CacheError("a row points to a chunk that is not there")

    @classmethod
    def parse(cls, data: memoryview | None) -> Self:
        """Read an index, an empty one where there is none; raises CacheError for what is not one."""
        return cls(unpack_columns(data if data is not None else b"".join(IndexBuilder().packed((), ()))))

    def __len__(self) -> int:
        return len(self.paths)

    @property
    def chunk_count(self) -> int:
        """How many chunks there are."""
        return len(self._numbers["chunk_segment"])

    def numbers(self, name: str) -> array[int]:
        """Give a column of numbers."""
        return self._numbers[name]

    def find(self, path: str, expected: int = 0) -> int:
        """Give the number of a path's row, -1 where it has none; the row `expected` is looked at first."""
        if not len(self):
            return -1
        named = path.encode("utf-8", "surrogateescape")
        if 0 <= expected < len(self) and self.paths.view(expected) == named:
            return expected
        number = bisect_left(range(len(self)), _by_parts(named), key=lambda row: _by_parts(self.paths.item(row)))
        return number if number < len(self) and self.paths.view(number) == named else -1

    def path(self, row: int) -> bytes:
        """Give the path of a row, as bytes of the file system."""
        return self.paths.item(row)

    def stamp(self, row: int) -> Stamp:
        """Give what the file was when its outcome was made."""
        numbers = self._numbers
        size, mtime_ns, ctime_ns, inode = [numbers[name][row] for name in _STAMP]
        return Stamp(size, mtime_ns, ctime_ns, inode, self.digests.item(row))

    def place(self, row: int) -> Extent:
        """Say where a row's outcome is."""
        numbers = self._numbers
        return Extent(numbers["chunk"][row], numbers["start"][row], numbers["length"][row])

    def chunk(self, number: int) -> Chunk:
        """Give a chunk; raises CacheError for a number or a segment that there is not."""
        if not 0 <= number < self.chunk_count:
            raise CacheError("a row points to a chunk that is not there")
        segment, start, size, raw = [self._numbers[name][number] for name in _CHUNK]
        found = Chunk(segment, start, size, raw, self._sums.item(number))
        if not 0 <= found.segment < len(self.segments):
            raise CacheError("a chunk is in a segment that is not there")
        return found

    def chunks(self) -> Iterator[Chunk]:
        """Yield all chunks, in the order of their numbers."""
        return map(self.chunk, range(self.chunk_count))


class IndexBuilder:
    """Makes the columns of an index: row by row, or of those of another one."""

    def __init__(self, index: Index | None = None) -> None:
        self._paths: list[bytes] | ByteColumn = [] if index is None else index.paths
        self._digests: list[bytes] = [] if index is None else list(index.digests)
        self._rows = array("q", bytes(8 * _WIDTH * len(self._paths)))  # row after row: to add one takes one call, and a run adds each
        for at, name in enumerate((*_STAMP, *_PLACE)):
            if index is not None:
                self._rows[at::_WIDTH] = index.numbers(name)

    def __len__(self) -> int:
        return len(self._paths)

    @property
    def paths(self) -> Sequence[bytes]:
        """The path of each row."""
        return self._paths

    @property
    def chunks(self) -> array[int]:
        """The chunk of each row."""
        return self._rows[len(_STAMP) :: _WIDTH]

    @property
    def lengths(self) -> array[int]:
        """How long the outcome of each row is."""
        return self._rows[_WIDTH - 1 :: _WIDTH]

    def place(self, row: int) -> Extent:
        """Say where a row's outcome is."""
        return Extent(*self._rows[row * _WIDTH + len(_STAMP) : (row + 1) * _WIDTH])

    def add(self, path: bytes, stamp: Stamp, place: Extent) -> None:
        """Add a row."""
        if isinstance(self._paths, ByteColumn):
            self._paths = list(self._paths)
        self._paths.append(path)
        self._digests.append(stamp.digest)
        self._rows.extend(stamp[:4] + place)

    def restamp(self, row: int, stamp: Stamp, place: Extent | None = None) -> None:
        """Give a row another stamp, and perhaps another place."""
        self._digests[row] = stamp.digest
        self._rows[row * _WIDTH : row * _WIDTH + len(_STAMP)] = array("q", stamp[:4])
        if place is not None:
            self.move(row, place)

    def move(self, row: int, place: Extent) -> None:
        """Give a row another place."""
        self._rows[row * _WIDTH + len(_STAMP) : (row + 1) * _WIDTH] = array("q", place)

    def renumber(self, chunks: Mapping[int, int]) -> None:
        """Give the chunks other numbers."""
        self._rows[len(_STAMP) :: _WIDTH] = array("q", map(chunks.__getitem__, self.chunks))

    def packed(self, chunks: Sequence[Chunk], segments: Sequence[str]) -> list[bytes]:
        """Give the bytes of the table, with the chunks that the rows point into, and the segments that these are in."""
        columns: dict[str, array[int] | Sequence[bytes]] = {"path": self._paths, "digest": self._digests}
        columns.update({name: self._rows[at::_WIDTH] for at, name in enumerate((*_STAMP, *_PLACE))})
        columns["segment"] = [name.encode() for name in segments]
        columns["chunk_digest"] = [chunk.digest for chunk in chunks]
        rows = [(chunk.segment, chunk.start, chunk.size, chunk.raw) for chunk in chunks]
        columns.update({name: array("q", [row[at] for row in rows]) for at, name in enumerate(_CHUNK)})
        return pack_columns(columns)


def _by_parts(path: bytes) -> bytes:
    """Give what orders paths as discovery does, by their parts: `a/b` before `a-b`."""
    return path.replace(b"/", b"\0")


def _numbers(columns: Mapping[str, Column], name: str) -> array[int]:
    column = columns.get(name)
    if not isinstance(column, array):
        raise CacheError(f"the index has no column of numbers {name}")
    return column


def _bytes(columns: Mapping[str, Column], name: str) -> ByteColumn:
    column = columns.get(name)
    if not isinstance(column, ByteColumn):
        raise CacheError(f"the index has no column of texts {name}")
    return column
