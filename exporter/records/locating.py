"""Where a key path stands in a record's file: the text is read again by a parser that keeps positions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from typing import Protocol

from exporter.keypaths import parse_key_path
from exporter.problems import KeyPath, Location
from exporter.records.body.content import BodyContent
from exporter.records.depth import too_deep
from exporter.records.faults import Lines, ReadingError
from exporter.records.json.nodes import compose_json, compose_members
from exporter.records.nodes import Map, MapEntry, Node, Range, Scalar, Sequence
from exporter.records.origins import origins
from exporter.records.toml.nodes import compose_toml
from exporter.records.yaml.nodes import compose
from exporter.records.yaml.values import is_merge, merge_sources

BODY = "@body"
_BODY_KEYS = frozenset({"@title", "@tags", "@fields", "@shortcodes", "@links"})
_FENCE_LINE = re.compile(r"[ \t]*+(?:---|\+\+\+)[^\r\n]*+\r?\n?\Z")
_OUR_FENCE_LINE = re.compile(r"[ \t]*+(?:;;;|= \w|[`~]{3})[^\r\n]*+\r?\n?\Z")


class LocatedItem(Protocol):
    """What locating needs of an `Item`."""

    @property
    def path(self) -> KeyPath: ...  # noqa: D102 - as in Item


class Located(Protocol):
    """What locating needs of a `Record`, which imports this module."""

    @property
    def path(self) -> str: ...  # noqa: D102 - as in Record
    @property
    def text(self) -> str: ...  # noqa: D102
    @property
    def span(self) -> Range: ...  # noqa: D102
    @property
    def syntax(self) -> str: ...  # noqa: D102
    @property
    def body(self) -> str: ...  # noqa: D102
    def body_content(self) -> BodyContent: ...  # noqa: D102
    @property
    def folded(self) -> bool: ...  # noqa: D102
    @property
    def item(self) -> LocatedItem | None: ...  # noqa: D102


def locate(record: Located, key_path: str | KeyPath, *, key: bool = False, span: Range | None = None) -> Location:
    """Find a key path in a record; see `Record.locate`."""
    return KeyPositions(record).locate(key_path, key=key, span=span)


class KeyPositions:
    """Where the key paths of one record stand: its text is read again once, however many are asked for."""

    def __init__(self, record: Located) -> None:
        self._record = record

    def locate(self, key_path: str | KeyPath, *, key: bool = False, span: Range | None = None) -> Location:
        """Find a key path; see `Record.locate`."""
        record = self._record
        path = parse_key_path(key_path) if isinstance(key_path, str) else key_path
        if path == (BODY,):
            return self._lines.locate(record.path, *_body(record, span))
        top = self._body_top if path and path[0] in _BODY_KEYS else self._top
        if record.item is not None and top is not self._body_top:
            path, key = (*record.item.path, *path), key or not path
        start, end = _find(top, path, key, span)
        return self._lines.locate(record.path, start, end)

    def extent(self) -> Location:
        """Say which part of the file is the record; see `Record.extent`."""
        record = self._record
        spot = _reached(self._top, record.item.path) if record.item is not None else None
        if spot is None or spot.node is None:
            return self._lines.locate(record.path, 0, len(record.text))
        return self._lines.locate(record.path, min(spot.name[0], spot.node.start), spot.node.end)

    @cached_property
    def _lines(self) -> Lines:
        return Lines(self._record.text) if self._record.item is None else _lines_of_data(self._record.text)

    @cached_property
    def _body_top(self) -> _Spot:
        """What the body says, below the special keys."""
        record = self._record
        start = max(record.text.rfind(record.body, record.span[1]), 0)
        content = record.body_content()
        return _Spot(content.node(start), _body(record, None), record.text)

    @cached_property
    def _top(self) -> _Spot:
        record = self._record
        compose = compose_front_matter if record.item is None else _compose_data
        return _Spot(compose(record.syntax, record.text, record.span), _opening(record), record.text, record.folded)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A node, the range that names it, and the text that its offsets count in: the file's, or a string's that holds JSON.

    `node` is None where a text that should hold front matter has none.
    """

    node: Node | None
    name: Range
    text: str
    folded: bool = False  # keys are found in any case
    places: list[Range] | None = None  # for each character of `text` its range in the file; None: the text is the file's

    def in_file(self, place: Range) -> Range:
        if self.places is None:
            return place
        start, end = place
        if not self.places or start >= len(self.places):
            return self.name
        return self.places[start][0], self.places[max(end - 1, start)][1]


def _reached(top: _Spot, path: KeyPath) -> _Spot | None:
    """Follow a key path to its end; None where it ends before."""
    spot: _Spot | None = top
    for part in path:
        spot = _step(spot, part) if spot is not None else None
    return spot


def _find(top: _Spot, path: KeyPath, key: bool, span: Range | None) -> Range:
    spot = top
    for part in path:
        below = _step(spot, part)
        if below is None:
            return spot.name
        spot = below
    if not path or key or spot.node is None or (spot.node.start == spot.node.end and not _is_cell(spot.node)):
        return spot.name
    if span is not None and isinstance(spot.node, Scalar):
        return _narrow(spot, spot.node, span)
    return spot.in_file((spot.node.start, spot.node.end))


def _is_cell(node: Node) -> bool:
    """Say whether a node is a cell of a table: an empty one has a place of its own, and its key stands far above it."""
    return isinstance(node, Scalar) and node.style == "table"


def compose_front_matter(syntax: str, text: str, span: Range) -> Node | None:
    """Make the node of the front matter in `text`; None where there is none, or none that this syntax reads."""
    composer = _COMPOSERS.get(syntax)
    try:
        return composer(text, *span) if composer else None
    except ReadingError:  # a record that was made by hand: its text is not what its front matter came from
        return None


def _table(syntax: str, text: str, _start: int, _end: int) -> Node:
    from exporter.records.data.tables import compose_table  # records are seldom rows

    return compose_table(text, syntax)


def _metadata(syntax: str, text: str, start: int, end: int) -> Node:
    from exporter.records.formats.lines import compose_lines  # read where the settings name the tool

    return compose_lines(syntax, text, start, end)


_COMPOSERS: Mapping[str, Callable[[str, int, int], Node | None]] = {
    "yaml": compose,
    "toml": compose_toml,
    "json": compose_members,
    "csv": partial(_table, "csv"),
    "tsv": partial(_table, "tsv"),
    "pelican": partial(_metadata, "pelican"),
    "nikola": partial(_metadata, "nikola"),
    "pandoc": partial(_metadata, "pandoc"),
    "logseq": partial(_metadata, "logseq"),
    "org": partial(_metadata, "org"),
}

# The records of a data file are many, and each would read the whole file again for the place of a problem.
_compose_data = lru_cache(maxsize=2)(compose_front_matter)
_lines_of_data = lru_cache(maxsize=2)(Lines)


def _step(spot: _Spot, part: str | int) -> _Spot | None:
    """Go one part of a key path down, into JSON in a string if need be."""
    node = spot.node
    if isinstance(node, Scalar):
        inner = _open_json(spot, node)
        if inner is None:
            return spot if part == 0 else None  # a single value stands for a list of one
        spot, node = inner, inner.node
    if isinstance(part, int):
        if not isinstance(node, Sequence):
            return spot if part == 0 else None
        if not 0 <= part < len(node.items):
            return None
        item = node.items[part]
        return _Spot(item, spot.in_file(_first_name(item)), spot.text, spot.folded, spot.places)
    entry = find_entry(node, part, folded=spot.folded) if isinstance(node, Map) else None
    if entry is None:
        return None
    return _Spot(entry.value, spot.in_file((entry.key.start, entry.key.end)), spot.text, spot.folded, spot.places)


def _first_name(item: Node) -> Range:
    """Give the range that stands for a list item: a map's first key, or the whole, as of a table's row, whose keys stand above it."""
    if isinstance(item, Map) and item.entries:
        first = item.entries[0].key
        if item.start <= first.start:
            return first.start, first.end
    return item.start, item.end


def find_entry(node: Map, name: str, *, folded: bool = False) -> MapEntry | None:
    """Find a key in a map or in the maps that it merges, if `folded` in any case."""
    pending, seen = [node], set[int]()
    while pending:
        current = pending.pop(0)
        if id(current) in seen:
            continue
        seen.add(id(current))
        for entry in current.entries:
            if is_merge(entry.key):
                pending += merge_sources(entry.value)
            elif entry.key.text == name or (folded and entry.key.text.lower() == name.lower()):
                return entry
    return None


def _open_json(spot: _Spot, node: Scalar) -> _Spot | None:
    text = node.text
    stripped = text.lstrip()
    if not stripped.startswith(("{", "[")) or too_deep(text, 0, len(text)) is not None:
        return None
    try:
        json.loads(text)
    except ValueError:
        return None
    inner = origins(spot.text, node)
    places = None if inner is None else [spot.in_file(place) for place in inner]
    if places is None:
        places = [spot.in_file((node.start, node.end))] * len(text)
    return _Spot(compose_json(text), spot.name, text, spot.folded, places)


def _narrow(spot: _Spot, node: Scalar, span: Range) -> Range:
    ranges = origins(spot.text, node)
    start, end = max(span[0], 0), min(span[1], len(node.text))
    if not ranges or start >= end:
        return spot.in_file((node.start, node.end))
    return spot.in_file((ranges[start][0], ranges[end - 1][1]))


def _opening(record: Located) -> Range:
    """Give the opening fence, or where there is none the first character of the front matter."""
    start = record.span[0]
    line = max(record.text.rfind("\n", 0, max(start - 1, 0)) + 1, 0)
    fence = _FENCE_LINE.match(record.text, line, start) or (record.syntax in _COMPOSERS and _OUR_FENCE_LINE.match(record.text, line, start))
    if line < start and fence:
        return line, line + len(record.text[line:start].rstrip())
    first = start + len(record.text[start:]) - len(record.text[start:].lstrip())
    return first, min(first + 1, len(record.text))


def _body(record: Located, span: Range | None) -> Range:
    start = record.text.rfind(record.body, record.span[1])
    if start < 0 or not record.body:
        return len(record.text), len(record.text)
    if span is not None:
        return start + min(span[0], len(record.body)), start + min(span[1], len(record.body))
    stripped = record.body.strip()
    first = start + record.body.find(stripped)
    return first, first + len(stripped)
