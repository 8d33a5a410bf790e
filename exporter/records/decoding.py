"""Bytes to text: UTF-8 and nothing else, because a guess that is wrong is a value that is wrong."""

from __future__ import annotations

import codecs

from exporter.records.faults import Fault, ReadingError

MAX_FILE_BYTES = 16 * 1024 * 1024
"""A record is a page; a larger file was matched by accident, and the memory of a run stays bounded."""

# UTF-32 first: its little-endian mark starts with that of UTF-16.
_FOREIGN_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32 (little-endian)"),
    (codecs.BOM_UTF32_BE, "UTF-32 (big-endian)"),
    (codecs.BOM_UTF16_LE, "UTF-16 (little-endian)"),
    (codecs.BOM_UTF16_BE, "UTF-16 (big-endian)"),
)


def decode(data: bytes) -> str:
    r"""Decode a file's bytes, without the byte order mark that UTF-8 may have.

    >>> decode(b"\xef\xbb\xbf---\n")
    '---\n'
    """
    if len(data) > MAX_FILE_BYTES:
        raise ReadingError(
            Fault("READ-TOO-LARGE", f"the file is larger than {MAX_FILE_BYTES:,} bytes", 0, 0, "exclude it, or split it into records")
        )
    for mark, name in _FOREIGN_MARKS:
        if data.startswith(mark):
            raise ReadingError(Fault("READ-UTF16", f"the file is encoded as {name}, expected UTF-8", 0, 0, "save the file as UTF-8"))
    try:
        text = data.decode("utf-8-sig" if data.startswith(codecs.BOM_UTF8) else "utf-8")
    except UnicodeDecodeError as error:
        raise ReadingError(_invalid_utf8(error)) from None
    if "\0" in text:
        at = text.index("\0")
        raise ReadingError(
            Fault("READ-NUL", "the file contains a NUL byte, so it is not a text file", at, at + 1, "remove the byte, or exclude the file")
        )
    return text


def decode_leniently(data: bytes) -> str:
    """Decode bytes that `decode` refuses, for counting the lines before the fault."""
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")


def _invalid_utf8(error: UnicodeDecodeError) -> Fault:
    valid = error.object[: error.start]  # "utf-8-sig" reports positions after the mark, and gives what it counted in
    at = len(valid.removeprefix(codecs.BOM_UTF8).decode())
    byte = error.object[error.start]
    message = f"byte 0x{byte:02x} is not valid UTF-8 here"
    return Fault("READ-ENCODING", message, at, at + 1, "save the file as UTF-8; it may be Latin-1 or Windows-1252")
