"""Compressed files: written the same bytes each time (no name, no time, one level), and read wherever a file is."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from types import ModuleType
from typing import IO, Any, Protocol, cast

from exporter.errors import UsageError
from exporter.rdf.syntaxes import Compression, is_rdf, split_compression

_GZIP_LEVEL = 6
_ZSTD_LEVEL = 10
_ZSTD_CHUNK = 4096
"""Bytes of a frame at a time: each may stand for 30,000."""


class Sink(Protocol):
    """What takes bytes: a file, standard output, a compressor, a comparison."""

    def write(self, data: bytes, /) -> object:
        """Take some bytes."""


class Compressor(Sink, Protocol):
    """A sink that has to be closed, which leaves the sink under it open."""

    def close(self) -> None:
        """Write what is held back."""


def compress(sink: Sink, compression: Compression) -> Compressor:
    """Give a sink that compresses into `sink`. Raises UsageError where the package for it is missing.

    >>> import io
    >>> from exporter.rdf.syntaxes import COMPRESSIONS
    >>> out = io.BytesIO()
    >>> file = compress(out, COMPRESSIONS[0])
    >>> _ = file.write(b"text"), file.close()
    >>> gzip.decompress(out.getvalue())
    b'text'
    """
    raw = cast(IO[bytes], sink)
    if compression.name == "gzip":
        return gzip.GzipFile(filename="", mode="wb", compresslevel=_GZIP_LEVEL, fileobj=raw, mtime=0)
    # No content size is known while streaming; a checksum tells a torn file from a whole one.
    compressor = _zstandard().ZstdCompressor(level=_ZSTD_LEVEL, write_checksum=True)
    return cast(Compressor, compressor.stream_writer(raw, closefd=False))


def decompress(file: IO[bytes], compression: Compression) -> IO[bytes]:
    """Give a reader of what is compressed in `file`; it raises OSError for what is damaged or ends too early."""
    if compression.name == "gzip":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    return cast(IO[bytes], io.BufferedReader(_Frames(file, _zstandard())))


class _Frames(io.RawIOBase):
    """Reads Zstandard frames, one after the other; the package's own reader takes one that is torn off for a whole one."""

    def __init__(self, file: IO[bytes], zstandard: ModuleType) -> None:
        self._file = file
        self._new = zstandard.ZstdDecompressor().decompressobj
        self._frame: Any = None
        self._pending = memoryview(b"")

    def readable(self) -> bool:
        """Say that this file can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - Python 3.10 has no name for a buffer
        """Read some bytes; none at the end."""
        while not self._pending and (chunk := self._file.read(_ZSTD_CHUNK)):
            self._pending = memoryview(self._unpack(chunk))
        if not self._pending and self._frame is not None:
            raise EOFError("the last frame has no end")
        size = min(len(buffer), len(self._pending))
        buffer[:size], self._pending = self._pending[:size], self._pending[size:]
        return size

    def _unpack(self, chunk: bytes) -> bytes:
        text = b""
        while chunk:
            self._frame = self._frame or self._new()
            text += self._frame.decompress(chunk)
            chunk = self._frame.unused_data if self._frame.eof else b""
            self._frame = None if self._frame.eof else self._frame
        return text


def unpacking_errors() -> tuple[type[Exception], ...]:
    """Give what reading a torn or foreign compressed file may raise."""
    # A package that is not loaded has raised nothing.
    loaded = sys.modules.get("zstandard")
    return (gzip.BadGzipFile, EOFError, zlib.error, *([loaded.ZstdError] if loaded else []))


def check_compression(compression: Compression | None) -> None:
    """Raise UsageError where a compression's package is missing, before the work starts."""
    if compression is not None and compression.name == "zstd":
        _zstandard()


@contextmanager
def open_unpacked(path: str | PurePath, data: bytes | None = None) -> Iterator[IO[bytes]]:
    """Open a file, or `data` in its stead, decompressed where its name is that of a compressed RDF file.

    Raises OSError, also while it is read, for what can't be read or is not the compression that its name says, and UsageError where the
    package for that is missing.
    """
    compression = split_compression(str(path))[1] if is_rdf(path) else None
    with Path(path).open("rb") if data is None else io.BytesIO(data) as file:
        if compression is None:
            yield file
            return
        try:
            yield decompress(file, compression)
        except unpacking_errors() as error:
            raise OSError(None, f"it is not {compression.label} data, or damaged") from error


def read_unpacked(path: str | PurePath, data: bytes | None = None) -> bytes:
    """Read a whole file, or `data` in its stead, as by `open_unpacked`."""
    with open_unpacked(path, data) as file:
        return file.read()


_FAST = 1
"""The level of what is packed to be read by this program again: it takes a hundredth of the time that making it took."""


def pack(data: bytes) -> bytes:
    """Compress some bytes for `unpack`: with Zstandard, or with what Python has where that is missing.

    >>> unpack(pack(b"text " * 9), 45) == b"text " * 9
    True
    """
    try:
        return b"Z" + cast(bytes, _zstandard().ZstdCompressor(level=_FAST, write_checksum=True).compress(data))
    except UsageError:
        return b"z" + zlib.compress(data, _FAST)


def unpack(data: bytes | memoryview, size: int) -> bytes:
    """Give the `size` bytes that `pack` took; raises OSError for anything else, without making more of it than that."""
    kind, packed = bytes(data[:1]), data[1:]
    try:
        if kind == b"Z":
            frame = _zstandard().get_frame_parameters(packed)
            whole = b"" if frame.content_size != size else _zstandard().ZstdDecompressor().decompress(packed, max_output_size=size)
        else:
            whole = zlib.decompressobj().decompress(packed, size + 1)
    except UsageError as error:
        raise OSError(None, str(error)) from None
    except unpacking_errors() as error:
        raise OSError(None, f"what is packed can't be read: {error}") from None
    if len(whole) != size or kind not in {b"Z", b"z"}:
        raise OSError(None, "what is packed is not what was said")
    return cast(bytes, whole)


def _zstandard() -> ModuleType:
    try:
        import zstandard  # an optional extra, and 20 ms to import
    except ImportError:
        raise UsageError('.zst files need the package zstandard: pip install "owltype[zstd]"') from None
    return zstandard
