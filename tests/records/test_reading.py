"""Whatever a file holds, reading gives one `Reading` and raises nothing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from exporter.problems import KeyPath
from exporter.records.decoding import MAX_FILE_BYTES
from exporter.records.reading import MAX_FRONT_MATTER, read_file, read_text
from exporter.records.values import Value
from tests.records.yaml_text import front_matter

PIECES = [
    *[
        "---\n",
        "---",
        "...\n",
        "+++\n",
        "---json\n",
        "---toml\n",
        "{",
        "}",
        "[",
        "]",
        '"',
        "'",
        ":",
        ",",
        "\n",
        "\r\n",
        "  ",
        "- ",
        "#",
        "=",
        "\\",
        "&a ",
        "*a",
        "!!int ",
    ],
    *[
        "a",
        "a: ",
        "b = ",
        '"c": ',
        "1",
        "1.50",
        "true",
        "null",
        "1979-05-27",
        "x y",
        '"\\u00e9"',
        "'''",
        '"""',
        "\ufeff",
        "\0",
        "\x1b",
        "\u2028",
        "é",
        "😀",
        "|\n",
        "<<: ",
        "\t",
    ],
]
NAMES = st.sampled_from(["a.md", "a.md", "a.md", "a.yaml", "a.json", "a.toml", "a.html", "a"])


def check(name: str, data: bytes) -> None:
    reading = read_file(name, data)
    problems = reading.problems
    assert (reading.record is not None) + (reading.skipped is not None) <= 1
    assert reading.record or reading.skipped or problems
    assert all(place.line >= 1 and place.column >= 1 for problem in problems for place in (problem.location, *problem.related))
    if reading.record is not None:
        for path in list(paths(reading.record.front_matter))[:20]:
            place = reading.record.locate(path, span=(0, 2))
            assert (place.end_line or 0, place.end_column or 0) >= (place.line, place.column)
            reading.record.locate((*path, "missing"), key=True)


def paths(value: Value, above: KeyPath = ()) -> list[KeyPath]:
    found = [above]
    if isinstance(value, dict):
        found += [path for key, child in value.items() for path in paths(child, (*above, key))]
    elif isinstance(value, list):
        found += [path for index, child in enumerate(value) for path in paths(child, (*above, index))]
    return found


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(
    NAMES,
    st.sampled_from(["---\n", "+++\n", "{", "---json\n", "", "\n"]),
    st.lists(st.sampled_from(PIECES), max_size=20),
    st.sampled_from(["\n---\n", "\n+++\n", "}", ""]),
)
@example("a.md", "---\n", ["a: ", "&a ", "[", "*a", "]"], "\n---\n")
@example("a.toml", "", ["a = ", "[" * 5000], "")
@example("a.toml", "", ["a" + ".a" * 5000, " = 1"], "")
@example("a.json", "", ["[" * 100_000], "")
@example("a.yaml", "", ["a: " + "{b: " * 5000], "")
@example("a.yaml", "", ["- " * 5000 + "a"], "")
def test_no_text_makes_reading_raise(name: str, opening: str, pieces: list[str], closing: str) -> None:
    check(name, (opening + "".join(pieces) + closing).encode())


@settings(max_examples=500, deadline=None)
@given(NAMES, st.binary(max_size=60))
def test_no_bytes_make_reading_raise(name: str, data: bytes) -> None:
    check(name, data)


@settings(max_examples=1000, deadline=None)
@given(front_matter())
def test_no_yaml_makes_reading_raise(source: str) -> None:
    check("a.md", f"---\n{source}---\nText.".encode())


def test_missing_file_is_a_problem(tmp_path: Path) -> None:
    (problem,) = read_file(str(tmp_path / "gone.md")).problems
    assert (problem.code, problem.message) == ("READ-UNREADABLE", "the file can't be read: no such file or directory")


def test_folder_is_a_problem(tmp_path: Path) -> None:
    assert [problem.code for problem in read_file(str(tmp_path)).problems] == ["READ-UNREADABLE"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_a_problem(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("---\na: 1\n---\n", encoding="utf-8")
    file.chmod(0)
    assert [problem.code for problem in read_file(str(file)).problems] == ["READ-UNREADABLE"]


def test_large_file_is_a_problem_and_not_held_twice(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    with file.open("wb") as stream:
        stream.truncate(MAX_FILE_BYTES + 1)
    assert [problem.code for problem in read_file(str(file)).problems] == ["READ-TOO-LARGE"]


def test_long_front_matter_is_a_problem() -> None:
    text = "---\na: " + "x" * MAX_FRONT_MATTER + "\n---\n"
    assert [problem.code for problem in read_text("a.md", text).problems] == ["READ-TOO-LARGE"]


def test_text_with_half_a_character_is_a_problem() -> None:
    assert [problem.code for problem in read_text("a.md", "---\na: \ud800\n---\n").problems] == ["READ-CONTROL"]


def test_file_and_data_are_read_alike(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_bytes(b"\xef\xbb\xbf---\na: 1\n---\nText.")
    assert read_file(str(file)) == read_file(str(file), file.read_bytes())
