"""Front matter as a tree that knows where everything stands; every syntax makes the same one.

`start` and `end` are offsets of the file's text, `end` exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeAlias, Union

Style: TypeAlias = Literal["plain", "single", "double", "literal", "folded", "json", "toml", "table"]

Range: TypeAlias = tuple[int, int]
"""Offsets of the first character and of the one after the last."""

MAX_DEPTH = 100
"""Maps and lists inside each other; attested records have at most 6. It also keeps Python's and libyaml's stacks safe."""


@dataclass(slots=True)
class Scalar:
    """A value without parts: `text` is what it means before any typing, the file has what was typed."""

    start: int
    end: int
    text: str
    style: Style
    tag: str | None = None
    size: int = 1
    tag_place: Range | None = field(default=None, repr=False)


@dataclass(slots=True)
class Sequence:
    """A list."""

    start: int
    end: int
    items: list[Node] = field(default_factory=list)
    tag: str | None = None
    size: int = 0
    tag_place: Range | None = field(default=None, repr=False)


class MapEntry(NamedTuple):
    """A key with its value."""

    key: Scalar
    value: Node


@dataclass(slots=True)
class Map:
    """A map, as typed: merge keys are still entries, and an alias is the node that its anchor names."""

    start: int
    end: int
    entries: list[MapEntry] = field(default_factory=list)
    tag: str | None = None
    size: int = 0
    tag_place: Range | None = field(default=None, repr=False)


Node: TypeAlias = Union[Scalar, Sequence, Map]
