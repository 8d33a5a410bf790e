"""What a sketch of front matter is made of: keys and values with their places, in the order of the text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise

from exporter.problems import KeyPath
from exporter.records.nodes import Range
from exporter.records.values import Value


@dataclass(frozen=True, slots=True)
class SketchEntry:
    """A key with its value, or an item of a list.

    `key` is where the key is written, of an item the dash or nothing; `value` is where the value stands, empty where there is none yet.
    `text` is a scalar without its quotes, None for a map or a list. One that is not `whole` is a key without the sign behind it.
    """

    path: KeyPath
    key: Range
    value: Range
    text: str | None = ""
    column: int = 0
    flow: bool = False
    whole: bool = True


@dataclass(frozen=True)
class Sketch:
    """The entries of a front matter that stands at `span`."""

    syntax: str
    span: Range
    entries: tuple[SketchEntry, ...]

    @cached_property
    def values(self) -> dict[str, Value]:
        """What the scalars say, as texts in their maps and lists."""
        found: dict[str, Value] = {}
        for entry in self.entries:
            if entry.text is not None and entry.whole and entry.path and isinstance(entry.path[0], str):
                _put(found, entry.path, entry.text)
        return found

    def at(self, offset: int) -> SketchEntry | None:
        """Give the innermost entry whose key or value an offset is in, or touches."""
        return next((e for e in reversed(self.entries) if e.key[0] <= offset <= e.key[1] or e.value[0] <= offset <= e.value[1]), None)

    def below(self, path: KeyPath) -> Iterator[SketchEntry]:
        """Yield the entries of a map or a list."""
        return (entry for entry in self.entries if entry.path[:-1] == path and entry.path)


@dataclass(frozen=True, slots=True)
class Collected:
    """Entries while they are gathered; containers are closed when their end is met."""

    text: str
    entries: list[SketchEntry] = field(default_factory=list)

    def add(self, entry: SketchEntry) -> int:
        """Add an entry, and give its number."""
        self.entries.append(entry)
        return len(self.entries) - 1

    def close(self, number: int, end: int) -> None:
        """Say where a container ends."""
        entry = self.entries[number]
        self.entries[number] = replace(entry, value=(entry.value[0], end))


def unquoted(token: str) -> str:
    r"""Give the text of a quoted token, of which the closing quote may be missing.

    >>> unquoted('"a\\tb"'), unquoted("'it''s'"), unquoted('"open')
    ('a\tb', "it's", 'open')
    """
    mark = token[:1]
    inner = token[1:-1] if len(token) > 1 and token.endswith(mark) else token[1:]
    if mark == "'":
        return inner.replace("''", "'")
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner


def end_of_quoted(text: str, start: int, end: int) -> int | None:
    """Give the offset behind the quote that closes the one at `start`; None where none does before `end`."""
    mark, at = text[start], start + 1
    while at < end:
        if text[at] == "\\" and mark == '"':
            at += 2
        elif text[at] == mark:
            if mark == "'" and text[at + 1 : at + 2] == "'":
                at += 2
                continue
            return at + 1
        else:
            at += 1
    return None


def _put(top: dict[str, Value], path: KeyPath, text: str) -> None:
    here: Value = top
    for part, below in pairwise(path):
        empty: Value = {} if isinstance(below, str) else []
        if isinstance(here, dict) and isinstance(part, str):
            if not isinstance(here.get(part), (dict, list)):
                here[part] = empty
            here = here[part]
        elif isinstance(here, list) and isinstance(part, int):
            if part >= len(here):
                here.append(empty)
            here = here[-1]
        else:
            return
    last = path[-1]
    if isinstance(here, dict) and isinstance(last, str):
        here.setdefault(last, text)
    elif isinstance(here, list):
        here.append(text)
