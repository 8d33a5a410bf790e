"""Where a key path stands: the text at the location is what the value was read from."""

from __future__ import annotations

import json
import tomllib

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from exporter.keypaths import parse_key_path
from exporter.language.keypaths import parse_mapped_key
from exporter.problems import KeyPath, Location
from exporter.records.reading import read_file, read_text
from exporter.records.record import Record
from exporter.records.values import Value
from exporter.records.yaml.values import read_slowly
from tests.data import CORPORA, SEED, needs
from tests.records.places import text_at

TEXTS = st.text(st.sampled_from("ab é😀\"'\\#:,-{}[]&*\n\t1.0~"), max_size=12) | st.sampled_from(
    ["no", "1.10", "true", "", "2026-08-16", "a: b", "x\n\ny"]
)
SCALARS = st.none() | st.booleans() | st.integers(-99, 99) | TEXTS
VALUES = st.recursive(
    SCALARS,
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text("abc_1é", min_size=1, max_size=3), children, max_size=3),
    max_leaves=8,
)
FRONT_MATTER = st.dictionaries(st.text("abcde_", min_size=1, max_size=4), VALUES, min_size=1, max_size=4)
LINE_ENDS = st.sampled_from(["\n", "\r\n"])


def scalars(value: Value, above: KeyPath = ()) -> list[tuple[KeyPath, Value]]:
    if isinstance(value, dict):
        return [found for key, child in value.items() for found in scalars(child, (*above, key))]
    if isinstance(value, list):
        return [found for index, child in enumerate(value) for found in scalars(child, (*above, index))]
    return [(above, value)]


def read(path: str, text: str) -> Record:
    reading = read_file(path, text.encode())
    assert reading.record is not None, reading.problems
    return reading.record


def key_text(record: Record, path: KeyPath) -> str:
    return text_at(record.text, record.locate(path, key=True))


def reread(snippet: str, column: int) -> Value:
    """Read a YAML scalar on its own, at the column where it stood, so that the indentation of its further lines still counts."""
    source = "- " + snippet if "\n" in snippet and snippet[0] in "|>" else " " * (column - 1) + snippet
    return read_slowly(source + "\n", 0, len(source) + 1)


@pytest.mark.slow
@settings(max_examples=500, deadline=None)
@given(
    FRONT_MATTER,
    st.sampled_from([None, False, True]),
    st.sampled_from([None, "'", '"', "|", ">"]),
    st.booleans(),
    LINE_ENDS,
    st.sampled_from([12, 80]),
)
def test_yaml_text_at_a_location_reads_back_to_the_value(
    values: dict[str, Value], flow: bool | None, style: str | None, bom: bool, end: str, width: int
) -> None:
    dumped = yaml.safe_dump(values, default_flow_style=flow, default_style=style, allow_unicode=True, sort_keys=False, width=width)
    assume("\r" not in dumped)
    record = read("a.md", "\ufeff" * bom + f"---\n{dumped}---\nText.".replace("\n", end))
    for path, value in scalars(record.front_matter):
        place = record.locate(path)
        snippet = text_at(record.text, place)
        if value is None and snippet.strip("\"'") == str(path[-1]):
            continue  # nothing was typed: the key stands for it
        if not isinstance(value, str) and style:
            continue  # PyYAML types these as tagged text: !!null 'null'
        if snippet[:1] in ("|", ">"):
            continue  # a block needs its indentation; spans of blocks are compared below
        assert reread(snippet, place.column) == value, (path, snippet)


@settings(max_examples=500, deadline=None)
@given(FRONT_MATTER, st.sampled_from([None, "'", '"', "|", ">"]), LINE_ENDS, st.sampled_from([12, 80]))
def test_yaml_spans_point_to_the_typed_characters(values: dict[str, Value], style: str | None, end: str, width: int) -> None:
    dumped = yaml.safe_dump(values, default_flow_style=False, default_style=style, allow_unicode=True, width=width)
    record = read("a.md", f"---\n{dumped}---\n".replace("\n", end))
    for path, value in scalars(record.front_matter):
        if not isinstance(value, str):
            continue
        for at, character in enumerate(value):
            if character.isspace() or character in "\"'\\":
                continue
            typed = text_at(record.text, record.locate(path, span=(at, at + 1)))
            assert typed in (character, f"\\x{ord(character):02X}", f"\\u{ord(character):04X}", f"\\U{ord(character):08X}"), (path, at)


@settings(max_examples=300, deadline=None)
@given(FRONT_MATTER, st.sampled_from([None, 2]), st.booleans(), LINE_ENDS, st.sampled_from(["", "---json\n"]))
def test_json_text_at_a_location_reads_back_to_the_value(
    values: dict[str, Value], indent: int | None, ascii_only: bool, end: str, fence: str
) -> None:
    dumped = json.dumps(values, indent=indent, ensure_ascii=ascii_only)
    close = "\n---" if fence else ""
    record = read("a.md", f"{fence}{dumped}{close}\nText.".replace("\n", end))
    for path, value in scalars(record.front_matter):
        assert json.loads(text_at(record.text, record.locate(path))) == value
        if isinstance(path[-1], str):
            assert json.loads(key_text(record, path)) == path[-1]


def write_toml(value: Value) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{json.dumps(key)} = {write_toml(child)}" for key, child in value.items()) + " }"
    if isinstance(value, list):
        return (
            "[\n" + "".join(f"  {write_toml(child)}, # note ]\n" for child in value) + "]"
            if all(map(is_flat, value))
            else inline_list(value)
        )
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else json.dumps(value if value is not None else "", ensure_ascii=False)


def is_flat(value: Value) -> bool:
    return not isinstance(value, (dict, list))


def inline_list(values: list[Value]) -> str:
    return "[" + ", ".join(write_inline(value) for value in values) + "]"


def write_inline(value: Value) -> str:
    return inline_list(value) if isinstance(value, list) else write_toml(value)


def write_document(values: dict[str, Value]) -> str:
    """Tables for maps, dotted keys for their scalars now and then, arrays of tables for lists of maps."""
    plain = "".join(
        f"{key} = {write_inline(child)}\n" for key, child in values.items() if not isinstance(child, dict) and not is_tables(child)
    )
    tables = "".join(
        f"\n[{key}]\n" + "".join(f'"{name}" = {write_inline(part)}\n' for name, part in child.items())
        for key, child in values.items()
        if isinstance(child, dict)
    )
    arrays = "".join(
        f"\n[[ {key} ]]\n" + "".join(f'"{name}" = {write_inline(part)}\n' for name, part in item.items())
        for key, child in values.items()
        if is_tables(child) and isinstance(child, list)
        for item in child
        if isinstance(item, dict)
    )
    return plain + tables + arrays


def is_tables(value: Value) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)


@settings(max_examples=400, deadline=None)
@given(FRONT_MATTER, LINE_ENDS)
def test_toml_is_read_as_tomllib_does_and_located(values: dict[str, Value], end: str) -> None:
    dumped = write_document(values)
    loaded = tomllib.loads(dumped)
    assume(loaded)
    record = read("a.md", f"+++\n{dumped}+++\n".replace("\n", end))
    assert record.front_matter == loaded
    assert list(record.front_matter) == list(loaded)
    for path, value in scalars(record.front_matter):
        assert tomllib.loads(f"v = {text_at(record.text, record.locate(path))}")["v"] == value


@settings(max_examples=300, deadline=None)
@given(VALUES, st.sampled_from([None, "'", '"', "|", ">"]), st.booleans(), st.sampled_from([20, 1000]))
def test_json_in_a_string_is_located_in_the_string(value: Value, style: str | None, ascii_only: bool, width: int) -> None:
    inner = json.dumps({"v": value}, ensure_ascii=ascii_only)
    dumped = yaml.safe_dump({"a": inner}, default_style=style, allow_unicode=True, width=width)
    record = read("a.md", f"---\n{dumped}---\n")
    for path, scalar in scalars(value):
        place = record.locate(("a", "v", *path))
        typed = text_at(record.text, place)
        if "\n" not in typed and style in ("|", ">"):
            assert json.loads(typed) == scalar
        else:
            assert_within(record, "a", place)


def assert_within(record: Record, key: str, place: Location) -> None:
    outer = record.locate(key)
    assert (outer.line, outer.column) <= (place.line, place.column)
    assert (outer.end_line or 0, outer.end_column or 0) >= (place.end_line or 0, place.end_column or 0)


@needs(*CORPORA)
def test_every_scalar_of_the_corpora_reads_back() -> None:
    for path in sorted(path for corpus in CORPORA for path in corpus.rglob("*.md"))[::25]:
        record = read_file(str(path)).record
        for key_path, value in scalars(record.front_matter) if record else []:
            assert record is not None
            place = record.locate(key_path)
            snippet = text_at(record.text, place)
            if value is not None and snippet[:1] not in ("|", ">"):
                assert reread(snippet, place.column) == value, (path, key_path)


@needs(SEED)
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("link.href", "45:9 https://blog.burnsmcd.com/overcoming-challenges-for-the-future-of-telehealth"),
        ("featuredImage.size[1]", "34:5 140"),
        ("openProjectCustomFields.medigyTopics[1]", '51:41 "Medigy: Barriers & Guidelines"'),
        ("featuredImage.wpAttachment.missing", "37:3 wpAttachment"),
        ("missing", "1:1 ---"),
    ],
)
def test_seed_record_places(path: str, expected: str) -> None:
    record = read_file(str(SEED)).record
    assert record is not None
    place = record.locate(path)
    assert f"{place.line}:{place.column} {text_at(record.text, place)}" == expected


def test_white_space_of_a_span_points_to_typed_white_space() -> None:
    record = read_text("a.md", "---\na: x\n\n\n  y\n---\n").record
    assert record is not None
    assert record.front_matter == {"a": "x\n\ny"}
    assert [str(record.locate("a", span=(at, at + 1))) for at in range(4)] == ["a.md:2:4", "a.md:2:5", "a.md:3:1", "a.md:5:3"]


def test_key_path_is_read_as_it_is_written() -> None:
    assert parse_key_path("a.b[0].c-d[10][1]") == ("a", "b", 0, "c-d", 10, 1)


@pytest.mark.parametrize("text", ["", "a..b", "a[0", "a]", "[0]", "a.", ".a", "a[x]", 'a."b', "a[-1]", "a[99999999999]"])
def test_what_is_not_a_key_path_is_refused_everywhere(text: str) -> None:
    record = read_text("a.md", "---\na: x\n---\n").record
    assert record is not None
    for read in (parse_key_path, parse_mapped_key, record.locate):
        with pytest.raises(ValueError, match="is not a key path"):
            read(text)


def test_merge_keys_that_meet_again_are_searched_once() -> None:
    levels = "".join(f"m{n}: &m{n}\n  <<: [*m{n - 1}, *m{n - 1}]\n" for n in range(1, 8))
    record = read_text("a.md", f"---\nm0: &m0 {{k: v}}\n{levels}---\n").record
    assert record is not None
    assert str(record.locate("m7.k")) == "a.md:2:13"
    assert str(record.locate("m7.missing")) == "a.md:15:1"
