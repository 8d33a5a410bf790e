"""What an editor shows of a record beside its text: the outline of its keys, and the titles of what its values name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from exporter.language.keypaths import is_special
from exporter.language_server.sketch.model import Sketch, SketchEntry
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.problems import KeyPath
from exporter.records.nodes import Range
from exporter.references.comparing import folded
from exporter.text import shorten

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Symbol:
    """A key in the outline: its name and value, the text that it takes with all that is below it, and where its name stands."""

    name: str
    detail: str
    is_map: bool
    extent: Range
    selection: Range
    children: tuple[Symbol, ...] = field(default=())


def outline(workspace: Workspace, path: str) -> tuple[Symbol, ...]:
    """Give the keys of a record, nested as they are in its front matter; whatever the text is like."""
    drawn = workspace.sketch(path)
    return () if drawn is None else tuple(_below(drawn, ()))


def _below(drawn: Sketch, path: KeyPath) -> Iterator[Symbol]:
    for entry in drawn.below(path):
        children = tuple(_below(drawn, entry.path))
        start = min(entry.key[0], entry.value[0]) if entry.key[0] < entry.key[1] else entry.value[0]
        end = max((entry.key[1], entry.value[1], *(child.extent[1] for child in children)))
        selection = entry.key if entry.key[0] < entry.key[1] else (start, end)
        yield Symbol(_name(entry), shorten(entry.text or "", _LONGEST), bool(children), (start, end), selection, children)


def _name(entry: SketchEntry) -> str:
    last = entry.path[-1]
    return str(last) or '""' if isinstance(last, str) else f"[{last}]"


@dataclass(frozen=True, slots=True)
class Hint:
    """A title to show behind a value, at an offset."""

    offset: int
    text: str
    path: str


def find_hints(workspace: Workspace, path: str, within: Range) -> Iterator[Hint]:
    """Yield the titles of the records that values name, where these are written otherwise."""
    text, index = workspace.text(path), workspace.index
    if text is None:
        return
    buffer = BufferText(text)
    for reading in workspace.reader.read(path).each:
        if reading.record is None:
            continue
        traced, seen = workspace.traced(reading.record), set()
        for _, _, value, origin in traced.said_at(()):
            named = index.by_iri.get(value[1:-1]) if value.startswith("<") else None
            if named is None or not named.label or not origin.key_path or is_special(origin.key_path) or origin in seen:
                continue
            seen.add(origin)
            place = traced.positions.locate(origin.key_path, span=origin.span)
            start, end = buffer.range_of(replace(place, path=path))
            if within[0] <= end and start <= within[1] and folded(named.label) not in folded(text[start:end]):
                yield Hint(end, shorten(named.label, _LONGEST), named.path)
