"""Digests: short names of texts that are the same in every process and on every machine, as Python's salted `hash` is not."""

from __future__ import annotations

try:  # what `hashlib` gives as blake2b; OpenSSL, which that loads too, takes 3 ms
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b


def short_digest(text: str) -> bytes:
    """Give 64 bits: among a million texts two meet by chance once in 37 million runs.

    >>> short_digest("https://example.org/").hex()
    '6ec7e91c7656bfb8'
    """
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


def content_digest(data: bytes | bytearray | memoryview) -> bytes:
    """Give 128 bits of a file's bytes: two contents that differ are not taken for one, whoever wrote them.

    >>> content_digest(b"").hex()
    'cae66941d9efbd404e4d88758ea67670'
    """
    return blake2b(data, digest_size=16).digest()


def checksum(*parts: bytes | bytearray | memoryview) -> blake2b:
    """Start a checksum of 256 bits with some bytes; it takes more with `update`."""
    made = blake2b(digest_size=32)
    for part in parts:
        made.update(part)
    return made
