r"""A file of the cache: a header, the content, and a checksum over both and the file's name.

```text
magic       8   b"owltype\x1a"
format      4   the version of this format, little-endian
owltype    32   the version of owltype that wrote it and a digest of its code, in UTF-8, filled with zeros
content     …
length      8   of the content
checksum   32   BLAKE2b of the name, a zero, and all before
```

Length and checksum stand at the end, so that a content that is made bit by bit is written bit by bit. The checksum guards against
accidents: a file that was cut short, flipped bits, one file under the name of another. It has no secret, so whoever can write into the
folder can make a file with a right checksum, and with it claim that a record has no problems, or put triples of theirs into an export.
What stops them is that the folder and its files have to be the user's own (`exporter.cache.trust`). What such a file can't do is to run
code, read other files, or use more memory than its size warrants: nothing in it is a program, and every number is checked before use.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exporter.digests import checksum
from exporter.errors import CacheError
from exporter.system.versions import build

MAGIC = b"owltype\x1a"
FORMAT = 1
HEADER = 44
TRAILER = 40
"""How many bytes stand before and behind the content."""
_SUM = 32


def frame(name: str, parts: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Yield a file's bytes around its content, part by part.

    >>> data = b"".join(frame("index", [b"some ", b"content"]))
    >>> bytes(unframe("index", data)), len(data) - HEADER - TRAILER
    (b'some content', 12)
    """
    header = _header()
    sum_ = checksum(_key(name), header)
    yield header
    length = 0
    for part in parts:
        sum_.update(part)
        length += len(part)
        yield part
    count = length.to_bytes(8, "little")
    sum_.update(count)
    yield count + sum_.digest()


def unframe(name: str, data: bytes | bytearray | memoryview) -> memoryview:
    """Give the content of a file; raises CacheError for one that this version of owltype did not write whole under this name."""
    view = memoryview(data)
    check_ends(view[:HEADER], view[-TRAILER:], len(view))
    if checksum(_key(name), view[:-_SUM]).digest() != view[-_SUM:]:
        raise CacheError("is damaged")
    return view[HEADER:-TRAILER]


def check_ends(first: bytes | memoryview, last: bytes | memoryview, size: int) -> None:
    """Raise CacheError where a file of this size can't be one, by its first `HEADER` and last `TRAILER` bytes: no more is read then."""
    if size < HEADER + TRAILER or first[: len(MAGIC)] != MAGIC:
        raise CacheError("is not a file of the cache, or is cut short")
    if first != _header():
        raise CacheError("is of another version of owltype")
    if len(last) != TRAILER or int.from_bytes(last[:-_SUM], "little") != size - HEADER - TRAILER:
        raise CacheError("is damaged")


def _header() -> bytes:
    return MAGIC + FORMAT.to_bytes(4, "little") + build().encode()[:32].ljust(32, b"\0")


def _key(name: str) -> bytes:
    return name.encode() + b"\0"
