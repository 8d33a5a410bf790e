"""Edits replace their span and nothing else, and the record reads as before but for the intended change."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import assume, given, settings

from exporter.edits.editing import AddValue, ChangeValue, Edit, EditedFile, RemoveValue, RenameKey, edit_file
from exporter.edits.outline import EditError
from exporter.problems import KeyPath
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.records.values import Plain, Value
from exporter.tree import Tree
from tests.data import CORPORA, HOSTILE, needs
from tests.records.test_locating import FRONT_MATTER, VALUES

READER = Reader(Tree("/site", "/site"))


def edit(path: str, text: str, *edits: Edit) -> str:
    return edit_file(READER, path, edits, data=text.encode()).after.decode()


def yaml(front_matter: str, *edits: Edit) -> str:
    return edit("a.md", f"---\n{front_matter}\n---\nbody\n", *edits).removeprefix("---\n").removesuffix("\n---\nbody\n")


def toml(front_matter: str, *edits: Edit) -> str:
    return edit("a.md", f"+++\n{front_matter}\n+++\nbody\n", *edits).removeprefix("+++\n").removesuffix("\n+++\nbody\n")


YAML = [
    ("a: x # why", ChangeValue(("a",), "y"), "a: y # why"),
    ("a: 'x'", ChangeValue(("a",), "it's"), "a: 'it''s'"),
    ('a: "x"', ChangeValue(("a",), "y"), 'a: "y"'),
    ("a: 1.10", ChangeValue(("a",), "1.10"), 'a: "1.10"'),
    ("a: x", ChangeValue(("a",), Plain("1.10", "double")), "a: 1.10"),
    ("a: # later", ChangeValue(("a",), "x"), "a: x # later"),
    ("a:\nb: 1", ChangeValue(("a",), [1, "b: c"]), 'a: [1, "b: c"]\nb: 1'),
    ("a:\n- x\n- y # two\nb: 1", ChangeValue(("a", 1), "z"), "a:\n- x\n- z # two\nb: 1"),
    ("a: |\n  one\n  two\n\nb: 1", ChangeValue(("a",), "three\nfour\n"), "a: |\n  three\n  four\n\nb: 1"),
    ("a: &n x\nb: *n", ChangeValue(("b",), "y"), "a: &n x\nb: y"),
    ("a:\n  b: 1", ChangeValue(("a",), {"c": ["d"]}), "a:\n  c:\n    - d"),
    ("a: 1", AddValue(("b",), "x"), "a: 1\nb: x"),
    ("a: 1", AddValue(("b", "c"), True), "a: 1\nb:\n  c: true"),
    ("a:\n  - x # one\n\n# about b\nb: 1", AddValue(("a", 1), "y"), "a:\n  - x # one\n  - y\n\n# about b\nb: 1"),
    ("a: [x]", AddValue(("a", 1), "y, z"), 'a: [x, "y, z"]'),
    ("a: []", AddValue(("a", 0), "y"), "a: [y]"),
    ("a:\n  - b: 1\n  - c: 2", AddValue(("a", 0, "d"), 3), "a:\n  - b: 1\n    d: 3\n  - c: 2"),
    ("a: 1\n# about b\nb: 2 # b\nc: 3", RemoveValue(("b",)), "a: 1\n# about b\nc: 3"),
    ("a: [x, y, z]", RemoveValue(("a", 0)), "a: [y, z]"),
    ("a: [x, y, z]", RemoveValue(("a", 2)), "a: [x, y]"),
    ("a:\n  - b: 1\n    c: 2", RemoveValue(("a", 0, "b")), "a:\n  - c: 2"),
    ("a:\n  b: 1\nc: 2", RemoveValue(("a", "b")), "a: {}\nc: 2"),
    ("a: &n x\nb: *n\nc: 1", RemoveValue(("b",)), "a: &n x\nc: 1"),
    ("'a': 1 # one", RenameKey(("a",), "b"), "'b': 1 # one"),
    ("a: 1", RenameKey(("a",), "b: c"), '"b: c": 1'),
]

TOML = [
    ("a = 'x' # why", ChangeValue(("a",), "y"), 'a = "y" # why'),
    ("[t]\nx = 1\n[u]", AddValue(("b",), "x"), 'b = "x"\n[t]\nx = 1\n[u]'),
    ("[t] # table\nx = 1\n\n[u]", AddValue(("t", "y"), [1]), "[t] # table\nx = 1\ny = [1]\n\n[u]"),
    ("a.b = 1\nc = 2", AddValue(("a", "d"), 3), "a.b = 1\na.d = 3\nc = 2"),
    ("a = {b = 1}", AddValue(("a", "c"), {"d": True}), "a = {b = 1, c = { d = true }}"),
    ("a = [\n  1, # one\n  2,\n]", RemoveValue(("a", 1)), "a = [\n  1, # one\n  ]"),
    ("b = 1\n[[a]]\nn = 1\n[[a]]\nn = 2", RemoveValue(("a", 0)), "b = 1\n[[a]]\nn = 2"),
    ("[a]\nn = 1\n\n# about b\n[b]\nn = 2", RemoveValue(("a",)), "\n# about b\n[b]\nn = 2"),
    ("a = 1\n[t]\nx = 1", RenameKey(("t",), "u v"), 'a = 1\n["u v"]\nx = 1'),
]


@pytest.mark.parametrize(("before", "change", "after"), YAML)
def test_yaml_keeps_what_is_not_edited(before: str, change: Edit, after: str) -> None:
    assert yaml(before, change) == after


@pytest.mark.parametrize(("before", "change", "after"), TOML)
def test_toml_keeps_what_is_not_edited(before: str, change: Edit, after: str) -> None:
    assert toml(before, change) == after


def test_json_keeps_its_lines() -> None:
    text = '{\n  "a": 1,\n  "b": ["x"]\n}\nbody\n'
    assert edit("a.md", text, AddValue(("c",), "é")) == '{\n  "a": 1,\n  "b": ["x"],\n  "c": "é"\n}\nbody\n'
    assert edit("a.md", text, RemoveValue(("a",))) == '{\n  "b": ["x"]\n}\nbody\n'
    assert edit("a.json", '{"a":1}', RenameKey(("a",), "b"), AddValue(("c", "d"), None)) == '{"b":1, "c": {"d": null}}'


def test_byte_order_mark_and_line_ends_stay() -> None:
    text = "\ufeff---\r\na: é # why\r\n---\r\nbody\n"
    edited = edit("a.md", text, ChangeValue(("a",), "x"), AddValue(("b",), ["y"]))
    assert edited == "\ufeff---\r\na: x # why\r\nb:\r\n  - y\r\n---\r\nbody\n"


def test_the_last_line_needs_no_line_end() -> None:
    assert edit("a.yaml", "a: 1", AddValue(("b",), 2)) == "a: 1\nb: 2"


def test_another_notation_of_the_same_value_is_not_a_change() -> None:
    assert yaml("a: >-\n  x\n  y", ChangeValue(("a",), "x y")) == "a: >-\n  x\n  y"


@pytest.mark.parametrize(
    ("text", "change", "reason"),
    [
        ("title: x", ChangeValue(("titel",), "y"), 'titel is not there (did you mean "title"?)'),
        ("a: 1", AddValue(("a",), 2), "a is there already; change it instead"),
        ("a: 1\nb: 2", RenameKey(("a",), "b"), "a can't be renamed: b is there already"),
        ("a: &n x\nb: *n", ChangeValue(("a",), "y"), "would read otherwise than intended"),
        ("a: &n [x]\nb: *n", AddValue(("b", 1), "y"), "b is an alias"),
        ("a: &n {x: 1}\nb:\n  <<: *n", ChangeValue(("b", "x"), 2), "it may come from a merge key (<<)"),
        ("a: 1", RemoveValue(("a",)), "the front matter is empty"),
        ("a: [1]", AddValue(("a", 5), 2), "would read otherwise than intended|go to its end"),
        ("a: [1]", RenameKey(("a", 0), "x"), "an item of a list, which has no name"),
        ("a: 1", ChangeValue((), "x"), "the key path is empty"),
    ],
)
def test_what_can_not_be_edited_is_refused(text: str, change: Edit, reason: str) -> None:
    with pytest.raises(EditError) as refusal:
        yaml(text, change)
    assert any(words in str(refusal.value) for words in reason.split("|"))


def test_toml_has_no_null() -> None:
    with pytest.raises(EditError, match="TOML has no null"):
        toml("a = 1", ChangeValue(("a",), None))


@given(front_matter=FRONT_MATTER, value=VALUES)
@settings(deadline=None, max_examples=150)
def test_every_value_is_read_back(front_matter: dict[str, Value], value: Value) -> None:
    """`edit_file` reads what it has made, and would refuse: no value of ours may be refused."""
    start = yaml("first: 1", *(AddValue((key,), child) for key, child in front_matter.items()))
    key = min(front_matter)
    changed = yaml(start, ChangeValue((key,), value), RenameKey((key,), "other key"), RemoveValue(("first",)))
    assume(value != front_matter[key])
    assert yaml(changed, RemoveValue(("other key",))) if len(front_matter) > 1 else changed


def _records(root: Path) -> Iterator[tuple[str, bytes, Record]]:
    reader = Reader(Tree(str(root), str(root)))
    for file in sorted(root.rglob("*")):
        if file.suffix in (".md", ".yaml", ".yml", ".json", ".toml") and file.is_file():
            path, data = file.relative_to(root).as_posix(), file.read_bytes()
            if (record := reader.read(path, data).record) is not None:
                yield path, data, record


def _leaves(value: Value, above: KeyPath = ()) -> Iterator[tuple[KeyPath, Value]]:
    if isinstance(value, (dict, list)) and value:
        for part, child in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _leaves(child, (*above, part))
    else:
        yield above, value


def _changed_lines(edited: EditedFile) -> int:
    before, after = (text.decode().splitlines(keepends=True) for text in (edited.before, edited.after))
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    changed = [max(high - low, new_high - new_low) for tag, low, high, new_low, new_high in blocks if tag != "equal"]
    assert len(changed) <= 1, "one place"
    return sum(changed)


@pytest.mark.slow
@needs(*CORPORA, HOSTILE)
@pytest.mark.parametrize("root", [*CORPORA, HOSTILE], ids=lambda root: root.name)
def test_published_records_change_in_the_line_of_the_edit_only(root: Path) -> None:
    seen = 0
    for path, data, record in _records(root):
        leaves = list(_leaves(record.front_matter))
        where, value = leaves[len(leaves) // 2]
        key = list(record.front_matter)[len(record.front_matter) // 2]
        assert edit_file(READER, path, [ChangeValue(where, value)], data=data).after == data
        place = record.locate(where)
        lines = (place.end_line or place.line) - place.line + 1
        assert _changed_lines(edit_file(READER, path, [ChangeValue(where, "new: value # 1")], data=data)) == lines
        assert _changed_lines(edit_file(READER, path, [RenameKey((key,), "renamed key")], data=data)) == 1
        for change in (AddValue(("owltype_new",), "x"), RemoveValue(where), RemoveValue((key,))):
            if len(record.front_matter) > 1:
                assert edit_file(READER, path, [change], data=data).after != data
        seen += 1
    assert seen
