"""What a table's cells hold, and where they stand, come two ways, and have to agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.records.data.claims import Claim
from exporter.records.data.tables import compose_table, read_table, separator
from exporter.records.faults import ReadingError
from exporter.records.nodes import Map, Scalar, Sequence
from exporter.records.reading import read_file

CELLS = st.lists(st.sampled_from(['"', '""', ",", ";", "\t", "\n", "\r\n", "\r", "a", " ", "ü", "1"]), max_size=40).map("".join)


def composed(text: str) -> list[dict[str, str]]:
    node = compose_table(text, "csv")
    assert isinstance(node, Sequence)
    rows: list[dict[str, str]] = []
    for row in node.items:
        assert isinstance(row, Map)
        rows.append({key.text: value.text for key, value in row.entries if isinstance(value, Scalar)})
    return rows


@given(CELLS)
def test_places_and_values_agree(body: str) -> None:
    text = f"k,l\n{body}"
    try:
        rows = read_table(text, "csv")
    except ReadingError:
        with pytest.raises(ReadingError):
            compose_table(text, "csv")
        return
    found = composed(text)
    assert len(found) == len(rows)
    for row, cells in zip(rows, found, strict=True):
        assert row.value == cells or (row.value == {} and not "".join(cells.values()).strip())


@given(CELLS)
def test_a_cell_that_is_narrowed_is_found_character_by_character(body: str) -> None:
    quoted = body.replace('"', '""').replace("\r", "")
    reading = read_file("a.csv", f'k,l\nx,"{quoted}"\n'.encode(), claims=(Claim((), "urn:c"),))
    (each,) = reading.each
    assert each.record is not None
    value = str(each.record.front_matter["l"])
    for at, character in enumerate(value):
        place = each.record.locate(("l",), span=(at, at + 1))
        line = each.record.text.split("\n")[place.line - 1]
        assert character == "\n" or line[place.column - 1] == character


def test_a_table_has_the_separator_of_its_header() -> None:
    assert [separator(text, "csv") for text in ("a,b;c", "a;b", "a\tb", "a", "")] == [",", ";", "\t", ",", ","]


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("a,a\n1,2\n", "1:3", 'the key "a" is repeated in one header'),
        (",\n1,2\n", "1:1", "no column has a name, expected a header"),
        ("a,\n1,\n1,x\n", "3:3", 'the column of "x" has no name'),
        ('a,b\n1,"x"y\n', "2:6", "text stands behind the closing quote of a cell"),
        ("a,b\n1,2,3,4\n", "2:5", "the row has 4 cells, and the header names 2 columns"),
    ],
)
def test_faults_have_the_place_of_their_cell(text: str, place: str, message: str) -> None:
    reading = read_file("a.csv", text.encode(), claims=(Claim((), "urn:c"),))
    (problem,) = [problem for each in reading.each for problem in each.problems]
    assert (f"{problem.location.line}:{problem.location.column}", problem.message) == (place, message)


def test_a_column_without_a_name_and_without_a_value_is_none() -> None:
    reading = read_file("a.csv", b"a,b,,\n1,2,,\n", claims=(Claim((), "urn:c"),))
    assert [each.record.front_matter for each in reading.each if each.record] == [{"a": "1", "b": "2"}]
