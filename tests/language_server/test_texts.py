"""Places in a text as clients count them."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.workspace import PositionCodec

from exporter.language_server.texts import BufferText, Position
from exporter.problems import Location

TEXT = "title: Über 😀 uns\r\nname: 𝒳y\n\nlast\rold mac"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_each_offset_comes_back(encoding: str) -> None:
    text = BufferText(TEXT, encoding)
    for offset in range(len(TEXT) + 1):
        if TEXT[max(offset - 1, 0) : offset + 1] != "\r\n":
            assert text.offset(text.position(offset)) == offset


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_units_are_those_of_others(encoding: str) -> None:
    codec, text = PositionCodec(encoding=types.PositionEncodingKind(encoding)), BufferText(TEXT, encoding)
    line = TEXT.partition("\r\n")[0]
    for offset in range(len(line) + 1):
        theirs = codec.position_to_client_units([line], types.Position(0, offset))
        assert tuple(text.position(offset)) == (theirs.line, theirs.character)


def test_a_position_that_is_not_there_is_the_end() -> None:
    text = BufferText("ab\ncd")
    assert [text.offset(Position(0, 99)), text.offset(Position(7, 0)), text.offset(Position(1, 1))] == [2, 5, 4]


def test_places_count_characters() -> None:
    text = BufferText(TEXT, "utf-16")
    span = text.span_of(Location("a.md", 1, 15, 1, 18))
    assert span == ((0, 15), (0, 18))
    assert text.span_of(Location("a.md", 2, 1)) == ((1, 0), (1, 9))
    assert text.span_of(Location("a.md", 99, 1)) == text.span((len(TEXT), len(TEXT)))
