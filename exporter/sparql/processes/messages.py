"""Messages between a caller, the keeper and the workers: a kind, a length, and JSON or plain bytes.

No pickle: what comes from a process that ran a hostile query is data, never code.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import Any, BinaryIO

_HEAD = struct.Struct("!cI")
MESSAGE, DATA = b"M", b"D"
MAX_FRAME = 64 * 1024 * 1024

Message = dict[str, Any]


class Frames:
    """Messages out of bytes that come in pieces."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def feed(self, data: bytes) -> Iterator[Message | bytes]:
        """Take some bytes, and yield the messages (a dict) and pieces of a result (bytes) that are whole."""
        self._rest += data
        while len(self._rest) >= _HEAD.size:
            kind, length = _HEAD.unpack_from(self._rest)
            end = _HEAD.size + length
            if len(self._rest) < end:
                return
            body = bytes(self._rest[_HEAD.size : end])
            del self._rest[:end]
            yield body if kind == DATA else _read_message(body)


def _read_message(body: bytes) -> Message:
    message: Message = json.loads(body.decode("utf-8", "surrogatepass"))
    return message


class Channel:
    """The two directions of a conversation with another process."""

    def __init__(self, reader: BinaryIO, writer: BinaryIO) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, message: Message, *, at_once: bool = True) -> None:
        """Send a message; one that need not be there at once goes with the next."""
        body = json.dumps(message, ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._write(MESSAGE, body, at_once=at_once)

    def send_data(self, chunk: bytes, *, at_once: bool = True) -> None:
        """Send a piece of a result."""
        self._write(DATA, chunk, at_once=at_once)

    def receive(self) -> Message | bytes | None:
        """Receive a message (a dict) or a piece of a result (bytes); None when the other side is gone.

        Raises `TimeoutError` when the channel's socket has a time limit and it passes.
        """
        head = self._read(_HEAD.size)
        if head is None:
            return None
        kind, length = _HEAD.unpack(head)
        if length > MAX_FRAME:
            return None
        body = self._read(length)
        if body is None or kind == DATA:
            return body
        return _read_message(body)

    def close(self) -> None:
        """End the conversation; the other side reads None."""
        for file in (self._writer, self._reader):
            try:
                file.close()
            except OSError:
                continue

    def _write(self, kind: bytes, body: bytes, *, at_once: bool) -> None:
        self._writer.write(_HEAD.pack(kind, len(body)) + body)
        if at_once:
            self._writer.flush()

    def _read(self, count: int) -> bytes | None:
        parts = bytearray()
        while len(parts) < count:
            try:
                piece = self._reader.read(count - len(parts))
            except ConnectionError:
                return None
            if not piece:
                return None
            parts += piece
        return bytes(parts)
