"""A fix as a value: what it is about, what it does to a record, and whether it may be made without being looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias, Union

from exporter.edits.editing import AddValue, ChangeValue, RenameKey
from exporter.problems import KeyPath, Problem


@dataclass(frozen=True, slots=True)
class ReplaceLines:
    """Put other lines in the place of some, which are counted from 1, the end exclusive; for text that can't be read yet."""

    start: int
    end: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReplaceTail:
    """Put `text` in the place of characters of the body, which are counted from the end of the file: edits before them move nothing."""

    start: int
    end: int
    text: str

    def apply(self, text: str) -> str:
        """Give a file's text with the edit made."""
        return text[: len(text) - self.start] + self.text + text[len(text) - self.end :]


FixEdit: TypeAlias = Union[ChangeValue, RenameKey, AddValue, ReplaceLines, ReplaceTail]


@dataclass(frozen=True, slots=True)
class Fix:
    """What repairs a problem in one record. `title` says it in a few words: `write "published"`.

    A `safe` one changes nothing that the graph says but the statements of the problem. `path` is the key path that it is about before, and
    `after` the one afterwards; empty where the text could not be read.
    """

    problem: Problem
    title: str
    edit: FixEdit
    safe: bool = True
    path: KeyPath = ()
    after: KeyPath = ()
    item: int = 0
