"""Tables in flat memory: what was packed comes out, and lengths that lie are found out."""

from __future__ import annotations

import random
import struct
import tracemalloc
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.errors import CacheError

numbers = st.lists(st.integers(-(2**63), 2**63 - 1)).map(lambda items: array("q", items))
tables = st.dictionaries(
    st.text(max_size=9).filter(lambda name: name.isprintable()), numbers | st.lists(st.binary(max_size=30)), max_size=5
)


def plain(columns: dict[str, Column]) -> dict[str, list[int] | list[bytes]]:
    return {name: list(column) for name, column in columns.items()}  # type: ignore[misc]  # mypy joins the two to object


@given(tables)
def test_tables_come_back(table: dict[str, array[int] | list[bytes]]) -> None:
    packed = b"".join(pack_columns(table))
    assert plain(unpack_columns(memoryview(packed))) == {name: list(column) for name, column in table.items()}


def test_byte_strings_are_found_by_number() -> None:
    column = unpack_columns(b"".join(pack_columns({"s": [b"a", b"", b"bcd"]})))["s"]
    assert isinstance(column, ByteColumn)
    assert (column[0], column[1], column[-1], column[1:], len(column)) == (b"a", b"", b"bcd", [b"", b"bcd"], 3)
    assert bytes(column.view(2)) == b"bcd"
    assert bytes(column.data) == b"abcd"
    for wrong in (3, -4):
        with pytest.raises(IndexError):
            column[wrong]


def test_every_flipped_byte_and_every_cut_gives_columns_or_an_error() -> None:
    chance = random.Random(3)
    packed = b"".join(pack_columns({"a": array("q", range(5)), "é": [b"x" * n for n in range(6)], "": []}))
    refused = 0
    damaged = [packed[:length] for length in range(len(packed))]
    for at in range(len(packed)):
        damaged += [packed[:at] + bytes([value]) + packed[at + 1 :] for value in (0, 255, packed[at] ^ 1, chance.randrange(256))]
    for data in damaged:
        try:
            plain(unpack_columns(data))
        except CacheError:
            refused += 1
    assert refused > len(packed)


@pytest.mark.parametrize("huge", [2**62, 2**40, -1, -(2**63)])
def test_lengths_beyond_the_end_take_no_memory(huge: int) -> None:
    good = b"".join(pack_columns({"a": array("q", [1, 2]), "b": [b"x"]}))
    for at in (0, 16, 24, 40, 48, len(good) - 9):
        bad = good[:at] + struct.pack("<q", huge) + good[at + 8 :]
        tracemalloc.start()
        with pytest.raises(CacheError):
            unpack_columns(bad)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 100_000


def test_two_columns_of_one_name_and_more_than_columns_are_refused() -> None:
    good = b"".join(pack_columns({"a": array("q"), "b": array("q")}))
    for bad in (
        good.replace(b"ab", b"aa"),
        good + b"\0",
        good.replace(b"q\0\0\0\0\0\0\0", b"z\0\0\0\0\0\0\0", 1),
        good.replace(b"a", b"\xff"),
    ):
        with pytest.raises(CacheError):
            unpack_columns(bad)
