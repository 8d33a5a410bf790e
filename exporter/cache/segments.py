"""Segments: compressed outcomes, some hundred kilobytes of them at a time, in files that are written once and then only read or removed."""

from __future__ import annotations

import contextlib
import tempfile
from collections import OrderedDict
from collections.abc import Iterator
from typing import IO

from exporter.cache.coding import decode_outcome
from exporter.cache.folder import Cache, Note
from exporter.cache.index import Chunk, Extent, Index
from exporter.digests import checksum, content_digest
from exporter.errors import CacheError
from exporter.outcomes.outcome import Outcome, SharedText
from exporter.rdf.compression import pack, unpack

_CHUNK = 1 << 18
"""Bytes that are compressed together: to read one outcome costs reading so much of others."""
_LARGEST = 1 << 26
"""Bytes of the largest outcome that is kept; one of a file of a hundred thousand records may be larger."""
_SAID = 10_000
"""How many texts of shared resources are remembered: as many as are merged in memory."""
_OPEN = 8
"""Chunks that are held as they are read; a run goes through each segment once, in the order of the paths."""


class Segments:
    """The segments that an index names; of each of them no more is read, and held in memory, than what is asked for."""

    def __init__(self, cache: Cache, index: Index) -> None:
        self._cache = cache
        self._index = index
        self._chunks: OrderedDict[int, memoryview] = OrderedDict()
        self._said: dict[SharedText, SharedText] = {}

    def outcome(self, place: Extent) -> Outcome | None:
        """Give an outcome; None where it can't be read, or is not one."""
        try:
            return self._alike(decode_outcome(self.data(place)))
        except CacheError as error:
            self._cache.notes.append(Note(f"a kept outcome can't be read: {error}; it is made again", 1))
            return None

    def _alike(self, outcome: Outcome) -> Outcome:
        """Give an outcome in which what is said of shared resources, often the same, is one object: whoever merges it looks at it once."""
        if len(self._said) > _SAID:
            self._said.clear()
        said = self._said
        records = [
            record
            if record.text is None
            else record._replace(text=record.text._replace(shared=tuple([said.setdefault(s, s) for s in record.text.shared])))
            for record in outcome.records
        ]
        return outcome._replace(records=tuple(records))

    def data(self, place: Extent) -> memoryview:
        """Give the bytes of an outcome; raises CacheError."""
        held = self._chunk(place.chunk)
        if place.start < 0 or place.length < 0 or place.start + place.length > len(held):
            raise CacheError("it lies outside of its chunk")
        return held[place.start : place.start + place.length]

    def _chunk(self, number: int) -> memoryview:
        held = self._chunks.get(number)
        if held is None:
            chunk = self._index.chunk(number)
            if not 0 <= chunk.raw <= _CHUNK + _LARGEST:
                raise CacheError("a chunk is too large")
            data = self._cache.read_span(self._index.segments[chunk.segment], chunk.start, chunk.size)
            if data is None:
                raise CacheError("its segment is gone")
            if content_digest(data) != chunk.digest:
                raise CacheError("its segment is damaged")
            held = self._chunks[number] = memoryview(_unpacked(data, chunk.raw))
            if len(self._chunks) > _OPEN:
                self._chunks.popitem(last=False)
        return held


def _unpacked(data: bytes, raw: int) -> bytes:
    try:
        return unpack(data, raw)
    except OSError as error:
        raise CacheError(str(error)) from None


class NewSegment:
    """Takes outcomes, and holds them compressed in a temporary file until all that a run made is there.

    Where that can't be written, `failure` says why, and no more is taken.
    """

    def __init__(self, first_chunk: int) -> None:
        self.failure: str | None = None
        self.chunks: list[Chunk] = []
        self._first = first_chunk
        self._pending = bytearray()
        self._size = 0
        self._file: IO[bytes] | None = None
        self._sum = checksum()

    def add(self, data: bytes | memoryview) -> Extent | None:
        """Take an outcome, and say where it will be; None for one that is too large to be kept, and after a failure."""
        if len(data) > _LARGEST or self.failure is not None:
            return None
        if len(self._pending) + len(data) > _CHUNK and self._pending:
            self._close_chunk()
        place = Extent(self._first + len(self.chunks), len(self._pending), len(data))
        self._pending += data
        return place

    def _close_chunk(self) -> None:
        packed = pack(bytes(self._pending))
        digest = content_digest(packed)
        self.chunks.append(Chunk(0, self._size, len(packed), len(self._pending), digest))
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile("w+b", prefix="owltype-")  # noqa: SIM115 - lives as long as this object
            self._file.write(packed)
            self._file.flush()
        except OSError as error:
            self.failure = f"a temporary file can't be written: {(error.strerror or str(error)).lower()}"
        self._sum.update(digest)
        self._size += len(packed)
        self._pending.clear()

    def finish(self) -> str:
        """Close the last chunk, and give the digest of all, by which two runs that made the same name it alike."""
        if self._pending:
            self._close_chunk()
        return self._sum.hexdigest()[:16]

    def parts(self) -> Iterator[bytes]:
        """Yield the bytes of the segment."""
        if self._file is not None:
            self._file.seek(0)
            while data := self._file.read(1 << 20):
                yield data

    def close(self) -> None:
        """Let go of the temporary file."""
        with contextlib.suppress(OSError):  # what could not be written is still tried to be
            if self._file is not None:
                self._file.close()
