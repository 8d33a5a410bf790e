"""Columns: a table in flat memory, of numbers and of byte strings, which is read without being parsed.

```text
count      8
for each column, 24 bytes: the kind (1, padded to 8; "q" for numbers, "s" for byte strings), how many items, the length of the name
names      one behind the other, in UTF-8
data       each column's in turn: numbers of eight bytes with a sign; for byte strings where each ends, then the bytes
```

All numbers are little-endian. Every length is checked against what is left of the data before anything is made of it, so that a
table takes no more memory than its bytes, whatever it claims.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import TypeAlias

from exporter.errors import CacheError

Column: TypeAlias = "array[int] | ByteColumn"
_NUMBERS, _BYTES = b"q", b"s"
_ROW = 24


class ByteColumn(Sequence[bytes]):
    """Byte strings that lie one behind the other; each is made when it is asked for."""

    __slots__ = ("_data", "_ends")

    def __init__(self, ends: array[int], data: memoryview) -> None:
        self._ends = ends
        self._data = data

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int | slice) -> bytes | list[bytes]:  # type: ignore[override]  # a list serves for a slice
        if isinstance(index, slice):
            return [self.item(number) for number in range(*index.indices(len(self)))]
        return self.item(index if index >= 0 else index + len(self))

    def __iter__(self) -> Iterator[bytes]:
        data, start = self._data, 0
        for end in self._ends:
            yield bytes(data[start:end])
            start = end

    def __repr__(self) -> str:
        return f"ByteColumn(items={len(self)}, bytes={len(self._data)})"

    def item(self, index: int) -> bytes:
        """Give one, counted from 0."""
        return bytes(self.view(index))

    def view(self, index: int) -> memoryview:
        """Give one without copying it; raises IndexError."""
        if not 0 <= index < len(self._ends):
            raise IndexError(index)
        return self._data[self._ends[index - 1] if index else 0 : self._ends[index]]

    @property
    def ends(self) -> array[int]:
        """Where each of them ends."""
        return self._ends

    @property
    def data(self) -> memoryview:
        """All of them, one behind the other."""
        return self._data


def pack_columns(columns: Mapping[str, array[int] | Sequence[bytes]]) -> list[bytes]:
    """Give the parts of a table; a column is an `array("q")`, or a sequence of byte strings, which one of another table is, too.

    >>> table = unpack_columns(memoryview(b"".join(pack_columns({"size": array("q", [3, -4]), "path": [b"a.md", b""]}))))
    >>> table["size"].tolist(), list(table["path"])
    ([3, -4], [b'a.md', b''])
    """
    rows: list[bytes] = []
    data: list[bytes] = []
    for name, column in columns.items():
        numbers = isinstance(column, array)
        rows.append((_NUMBERS if numbers else _BYTES).ljust(8, b"\0") + _numbers((len(column), len(name.encode()))))
        if isinstance(column, array):
            data.append(_numbers(column))
        elif isinstance(column, ByteColumn):
            data += (_numbers(column.ends), bytes(column.data))
        else:
            data += (_numbers(accumulate(map(len, column))), b"".join(column))
    return [_numbers([len(rows)]), *rows, "".join(columns).encode(), *data]


def unpack_columns(data: bytes | memoryview) -> dict[str, Column]:
    """Give the columns of a table; raises CacheError for anything that does not add up."""
    reader = _Reader(memoryview(data).cast("B"))
    (count,) = reader.numbers(1)
    rows = [_row(reader.take(_ROW)) for _ in range(reader.checked(count, _ROW))]
    names = [reader.text(length) for _, _, length in rows]
    if len(set(names)) != len(names):
        raise CacheError("two columns have one name")
    columns = {name: _column(reader, kind, items) for name, (kind, items, _) in zip(names, rows, strict=True)}
    reader.finish()
    return columns


def _row(row: memoryview) -> tuple[bytes, int, int]:
    items, length = _array(row[8:])
    return bytes(row[:8]).rstrip(b"\0"), items, length


def _column(reader: _Reader, kind: bytes, items: int) -> Column:
    if kind == _NUMBERS:
        return reader.numbers(items)
    if kind != _BYTES:
        raise CacheError("a column of unknown kind")
    ends = reader.numbers(items)
    if items and (ends[0] < 0 or ends.tolist() != sorted(ends)):  # in C: a table may have a million of them
        raise CacheError("a byte string that ends before it begins")
    return ByteColumn(ends, reader.take(ends[-1] if items else 0))


class _Reader:
    """Data that is read from its beginning on, and never beyond its end."""

    def __init__(self, data: memoryview) -> None:
        self._data = data
        self._at = 0

    def checked(self, count: int, size: int = 1) -> int:
        """Give a count, if there is as much left; raises CacheError."""
        if not 0 <= count <= (len(self._data) - self._at) // size:
            raise CacheError("a length is beyond the end")
        return count

    def take(self, length: int) -> memoryview:
        end = self._at + self.checked(length)
        taken, self._at = self._data[self._at : end], end
        return taken

    def numbers(self, count: int) -> array[int]:
        return _array(self.take(self.checked(count, 8) * 8))

    def text(self, length: int) -> str:
        try:
            return bytes(self.take(length)).decode()
        except UnicodeDecodeError:
            raise CacheError("a name is not UTF-8") from None

    def finish(self) -> None:
        if self._at != len(self._data):
            raise CacheError("there is more than the columns")


def _array(data: memoryview) -> array[int]:
    made = array("q")
    made.frombytes(data)
    if sys.byteorder == "big":
        made.byteswap()
    return made


def _numbers(numbers: Iterable[int]) -> bytes:
    made = array("q", numbers)
    if sys.byteorder == "big":
        made.byteswap()
    return made.tobytes()
