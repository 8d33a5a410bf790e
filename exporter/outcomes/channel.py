"""What two processes say to each other, as bytes: what was sent a little while ago is sent as a number, and comes as the same object.

Many records share resources, names and classes, and each is pickled once for some hundred records. Whoever sends and receives values
sees nothing of this.
"""

from __future__ import annotations

import io
import pickle

_RENEWED = 16
"""After so many things both ends forget what was sent, so that memory does not grow with what was."""


class Packer:
    """Turns things into bytes, for one `Unpacker` that gets all of them in their order. They must not change once they are packed."""

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._packed = 0
        self._buffer = io.BytesIO()
        self._pickler = pickle.Pickler(self._buffer, pickle.HIGHEST_PROTOCOL)

    def pack(self, item: object) -> bytes:
        """Turn a thing into bytes. One that can't be pickled ends the conversation."""
        if self._packed == _RENEWED:
            self._renew()
        self._packed += 1
        self._pickler.dump(item)
        data = self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return data


class Unpacker:
    """Turns the bytes of one `Packer`, in their order, into things."""

    def __init__(self) -> None:
        self._renew()

    def _renew(self) -> None:
        self._unpacked = 0
        self._buffer = io.BytesIO()
        self._unpickler = pickle.Unpickler(self._buffer)  # noqa: S301 - our own worker, or the process that started it, wrote it

    def unpack(self, data: bytes) -> object:
        """Turn bytes into the thing."""
        if self._unpacked == _RENEWED:
            self._renew()
        self._unpacked += 1
        self._buffer.seek(0)
        self._buffer.truncate()
        self._buffer.write(data)
        self._buffer.seek(0)
        item: object = self._unpickler.load()
        return item
