"""What the process of pySHACL and its parent say to each other.

A message is its length in eight bytes and its bytes. A run is three: options in JSON, shapes and data in N-Triples. The answer is one.
"""

from __future__ import annotations

from typing import IO, TypedDict

Row = list[str | list[str] | None]
"""A result as it comes back: focus node, path, value, component, severity, source shape, source constraint, messages."""


class Answer(TypedDict):
    """What a run found, or the sentence why it failed."""

    rows: list[Row]
    error: str


def receive(stream: IO[bytes]) -> bytes | None:
    """Read one message; None where the stream ends."""
    size = stream.read(8)
    if len(size) < 8:
        return None
    text = stream.read(int.from_bytes(size, "big"))
    return text if len(text) == int.from_bytes(size, "big") else None


def send(stream: IO[bytes], text: bytes) -> None:
    """Write one message."""
    stream.write(len(text).to_bytes(8, "big"))
    stream.write(text)
    stream.flush()
