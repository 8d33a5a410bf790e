"""Compressed output that is the same bytes each time: no name, no time, one level."""

from __future__ import annotations

import gzip
import sys
import zlib
from types import ModuleType
from typing import IO, Protocol, cast

from exporter.errors import UsageError
from exporter.writers.formats import Compression

_GZIP_LEVEL = 6
_ZSTD_LEVEL = 10


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
    >>> from exporter.writers.formats import COMPRESSIONS
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
    """Give a reader of what is compressed in `file`."""
    if compression.name == "gzip":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file, mode="rb"))
    return cast(IO[bytes], _zstandard().ZstdDecompressor().stream_reader(file, closefd=False))


def unpacking_errors() -> tuple[type[Exception], ...]:
    """Give what reading a torn or foreign compressed file may raise."""
    # A package that is not loaded has raised nothing.
    loaded = sys.modules.get("zstandard")
    return (OSError, EOFError, zlib.error, *([loaded.ZstdError] if loaded else []))


def check_compression(compression: Compression | None) -> None:
    """Raise UsageError where a compression's package is missing, before the work starts."""
    if compression is not None and compression.name == "zstd":
        _zstandard()


def _zstandard() -> ModuleType:
    try:
        import zstandard  # an optional extra, and 20 ms to import
    except ImportError:
        raise UsageError('.zst output needs the package zstandard: pip install "owltype[zstd]"') from None
    return zstandard
