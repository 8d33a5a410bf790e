r"""A file of the cache: a header, the content, and a checksum over both and the file's name.

```text
magic       8   b"owltype\x1a"
format      4   the version of this format, little-endian
owltype    32   the version of owltype that wrote it (in a work tree, of its code), in UTF-8, filled with zeros
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

import struct
from collections.abc import Iterable, Iterator

from exporter.digests import checksum
from exporter.errors import CacheError
from exporter.system.versions import build

MAGIC = b"owltype\x1a"
FORMAT = 1
_HEADER = struct.Struct("<8sI32s")
_TRAILER = struct.Struct("<Q32s")
OVERHEAD = _HEADER.size + _TRAILER.size
"""How many bytes a file has besides its content."""


def frame(name: str, parts: Iterable[bytes | memoryview]) -> Iterator[bytes | memoryview]:
    """Yield a file's bytes around its content, part by part.

    >>> data = b"".join(frame("index", [b"some ", b"content"]))
    >>> bytes(unframe("index", data)), len(data) - OVERHEAD
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
    if len(view) < OVERHEAD or view[:8] != MAGIC:
        raise CacheError("is not a file of the cache, or is cut short")
    if view[: _HEADER.size] != _header():
        raise CacheError("is of another version of owltype")
    length, said = _TRAILER.unpack(view[-_TRAILER.size :])
    if length != len(view) - OVERHEAD or checksum(_key(name), view[:-32]).digest() != said:
        raise CacheError("is damaged")
    return view[_HEADER.size : -_TRAILER.size]


def _header() -> bytes:
    return _HEADER.pack(MAGIC, FORMAT, build().encode()[:32])


def _key(name: str) -> bytes:
    return name.encode() + b"\0"
