"""Edits as values: keys of a record's front matter to change, add, remove and rename, made in the text and checked there.

An edit replaces the span that it is about and nothing else: comments, quotes, order, line ends and a byte order mark stay as they are.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, Union

from exporter.edits.notation import NotationError
from exporter.edits.outline import EditError, Outline
from exporter.edits.splicing import Splice, splice_add, splice_change, splice_removal, splice_renaming
from exporter.keypaths import write_key_path
from exporter.problems import KeyPath
from exporter.records.locating import compose_front_matter
from exporter.records.reading import Reader
from exporter.records.record import Reading, Record
from exporter.records.values import Value, is_same, look_up

SYNTAXES = ("yaml", "toml", "json")
"""Those whose front matter can be edited."""


@dataclass(frozen=True, slots=True)
class ChangeValue:
    """Put `value` in the place of what stands at `path`."""

    path: KeyPath
    value: Value


@dataclass(frozen=True, slots=True)
class AddValue:
    """Put a key that is missing at the end of its map, or an item at the end of its list; maps that are missing above it are made."""

    path: KeyPath
    value: Value


@dataclass(frozen=True, slots=True)
class RemoveValue:
    """Take a key with its value out, or an item of a list."""

    path: KeyPath


@dataclass(frozen=True, slots=True)
class RenameKey:
    """Give the key at the end of `path` another name."""

    path: KeyPath
    name: str


Edit: TypeAlias = Union[ChangeValue, AddValue, RemoveValue, RenameKey]


@dataclass(frozen=True, slots=True)
class EditedFile:
    """A file as it was read and as edits make it: `path` is its project path."""

    path: str
    before: bytes
    after: bytes


def edit_file(reader: Reader, path: str, edits: Iterable[Edit], *, item: int = 0, data: bytes | None = None) -> EditedFile:
    r"""Make edits in one record of a file, one after the other: each finds what the one before left.

    `item` is the number of the record in a data file; `data` are the file's bytes, where they have been read already. Nothing is written.
    Raises EditError where an edit can't be made, or where the record would then read otherwise than intended, and OSError.

    >>> from exporter.tree import Tree
    >>> reader = Reader(Tree("/site", "/site", overlays={"a.md": b"---\ntitle: A  # of the page\ntags: [x]\n---\n"}))
    >>> edited = edit_file(reader, "a.md", [ChangeValue(("title",), "B"), AddValue(("tags", 1), "1.10"), RenameKey(("tags",), "topics")])
    >>> edited.after
    b'---\ntitle: B  # of the page\ntopics: [x, "1.10"]\n---\n'
    """
    before = reader.data(path) if data is None else data
    after = before
    for edit in edits:
        after = _edit(reader, path, after, item, edit)
    return EditedFile(path, before, after)


def find_splice(record: Record, edit: Edit) -> Splice:
    """Say which span of the record's text an edit replaces, and with what; raises EditError where it can't be made."""
    if record.syntax not in SYNTAXES:
        raise EditError(f"front matter of the syntax {record.syntax} can't be edited, only YAML, TOML and JSON")
    root = compose_front_matter(record.syntax, record.text, record.span)
    if root is None:
        raise EditError("the file has no front matter to edit")
    outline = Outline(record.text, record.span, record.syntax, root, record.folded)
    path = (*record.item.path, *edit.path) if record.item is not None else edit.path
    try:
        match edit:
            case ChangeValue():
                return splice_change(outline, path, edit.value)
            case AddValue():
                return splice_add(outline, path, edit.value)
            case RemoveValue():
                return splice_removal(outline, path)
            case RenameKey():
                return splice_renaming(outline, path, edit.name)
    except NotationError as error:
        raise EditError(f"the value can't be written: {error}") from None


def _edit(reader: Reader, path: str, data: bytes, item: int, edit: Edit) -> bytes:
    reading = reader.read(path, data)
    record = _record(reading, item)
    if not edit.path:
        raise EditError("the key path is empty; name a key")
    intended = _intend(record.front_matter, edit)
    if isinstance(edit, ChangeValue) and _has(record.front_matter, edit.path) and is_same(record.front_matter, intended):
        return data  # another notation of the same value is not a change
    mark = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    splice = find_splice(record, edit)
    start = len(record.text[: splice.start].encode())
    end = start + len(record.text[splice.start : splice.end].encode())
    source = data[len(mark) :]
    edited = mark + source[:start] + splice.new.encode() + source[end:]
    _check(reading, reader.read(path, edited), item, intended, write_key_path(edit.path) or "the key")
    return edited


def _record(reading: Reading, item: int) -> Record:
    record = reading.each[item].record if item < len(reading.each) else None
    if record is None:
        raise EditError(reading.problems[0].message if reading.problems else reading.skipped or "the record is not there any more")
    return record


def _check(before: Reading, after: Reading, item: int, intended: Value, shown: str) -> None:
    """Raise EditError unless the file reads as before but for the intended change."""
    edited = after.each[item].record if len(before.each) == len(after.each) else None
    if edited is None:
        reason = after.problems[0].message if after.problems else after.skipped or "it has other records then"
        raise EditError(f"{shown} can't be edited by itself: the file would not be read as this record any more: {reason}")
    if not is_same(edited.front_matter, intended) or edited.body != _record(before, item).body:
        raise EditError(f"{shown} can't be edited by itself: the record would read otherwise than intended; edit it by hand")
    for number, (old, new) in enumerate(zip(before.each, after.each, strict=True)):
        if number != item and (old.record is None) != (new.record is None):
            raise EditError(f"{shown} can't be edited by itself: another record of the file would be read otherwise")
        if number != item and old.record and new.record and not is_same(old.record.front_matter, new.record.front_matter):
            raise EditError(f"{shown} can't be edited by itself: another record of the file would change too")


def _intend(value: Value, edit: Edit, depth: int = 0) -> Value:
    """Give the front matter as it has to read when the edit is made."""
    part, is_last = edit.path[depth], depth + 1 == len(edit.path)
    shown = write_key_path(edit.path[: depth + 1]) or str(part)
    if isinstance(value, list) and isinstance(part, int):
        return _intend_item(value, part, edit, depth, shown)
    if value is None and isinstance(edit, AddValue):
        return {part: _wrapped(edit, depth + 1)} if isinstance(part, str) else [_wrapped(edit, depth + 1)]
    if not isinstance(value, dict) or isinstance(part, int):
        raise EditError(f"{shown} is not there")
    if part not in value:
        if isinstance(edit, AddValue):
            return {**value, part: _wrapped(edit, depth + 1)}
        return value  # whoever looks for it in the text says so, with a near name
    return {**value, part: _intend(value[part], edit, depth + 1)} if not is_last else _intend_key(value, part, edit, shown)


def _intend_key(value: dict[str, Value], part: str, edit: Edit, shown: str) -> Value:
    match edit:
        case ChangeValue():
            return {**value, part: edit.value}
        case RemoveValue():
            return {key: child for key, child in value.items() if key != part}
        case RenameKey():
            if edit.name in value:
                raise EditError(f"{shown} can't be renamed: {edit.name} is there already")
            return {edit.name if key == part else key: child for key, child in value.items()}
        case AddValue():
            raise EditError(f"{shown} is there already; change it instead")


def _intend_item(value: list[Value], part: int, edit: Edit, depth: int, shown: str) -> Value:
    is_last = depth + 1 == len(edit.path)
    if isinstance(edit, AddValue) and part >= len(value):
        return [*value, _wrapped(edit, depth + 1)]
    if not 0 <= part < len(value):
        raise EditError(f"{shown} is not there")
    if is_last and isinstance(edit, AddValue):
        raise EditError(f"{shown} is there already; new items go to the end of their list, [{len(value)}]")
    if is_last and isinstance(edit, RemoveValue):
        return value[:part] + value[part + 1 :]
    new = edit.value if is_last and isinstance(edit, ChangeValue) else _intend(value[part], edit, depth + 1) if not is_last else value[part]
    return [*value[:part], new, *value[part + 1 :]]


def _has(value: Value, path: KeyPath) -> bool:
    """Say whether a key path leads to a value, null included."""
    above, last = look_up(value, path[:-1]), path[-1]
    return last in above if isinstance(above, dict) else isinstance(above, list) and isinstance(last, int) and last < len(above)


def _wrapped(edit: AddValue, depth: int) -> Value:
    value = edit.value
    for part in reversed(edit.path[depth:]):
        value = {part: value} if isinstance(part, str) else [value]
    return value
