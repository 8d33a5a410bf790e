"""What was found in a body: values, and nodes at offsets of the text that say where they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from exporter.records import nodes
from exporter.records.nodes import Map, MapEntry, Node, Range, Scalar
from exporter.records.values import Value

MAX_BODY = 512 * 1024
"""Characters of a body that is looked at; a book has as many."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a body's text: a heading, a tag, the key or the value of a field, the name or the argument of a shortcode."""

    text: str
    place: Range

    @property
    def node(self) -> Scalar:
        """The passage as a node."""
        return Scalar(*self.place, self.text, "plain")

    def moved(self, by: int) -> Passage:
        """Give the passage in a text that has `by` more characters before it."""
        return Passage(self.text, (self.place[0] + by, self.place[1] + by))


@dataclass(frozen=True, slots=True)
class Link:
    """A link: where it leads as it was typed, the part of the target behind its `#`, what it is called; and where it stands.

    `embedded` is an image, or another file that is shown in place. `at` is the range of the target. `code` is
    the reference of Hugo's that makes the target, where it asks for a language.
    """

    target: str
    part: str
    text: str
    place: Range
    at: Range
    embedded: bool = False
    code: str = ""

    @property
    def value(self) -> dict[str, Value]:
        """The link as a map, without what it does not say."""
        return {name: text for name, text in (("target", self.target), ("part", self.part), ("text", self.text)) if text}

    @property
    def node(self) -> Map:
        """The link as a node."""
        places = {"target": self.at, "part": self.at, "text": self.place}
        entries = [MapEntry(Passage(name, places[name]).node, Passage(str(text), places[name]).node) for name, text in self.value.items()]
        return Map(*self.place, entries)

    def moved(self, by: int) -> Link:
        """Give the link in a text that has `by` more characters before it."""
        return replace(self, place=(self.place[0] + by, self.place[1] + by), at=(self.at[0] + by, self.at[1] + by))


@dataclass(frozen=True, slots=True)
class BodyContent:
    """What a body says, in its order: `fields` are keys with their values, and `shortcodes` names with first arguments.

    `unread` says why a part of it was not looked at.
    """

    title: Passage | None = None
    tags: tuple[Passage, ...] = ()
    fields: tuple[tuple[Passage, tuple[Passage, ...]], ...] = ()
    links: tuple[Link, ...] = ()
    shortcodes: tuple[tuple[Passage, tuple[Passage, ...]], ...] = ()
    unread: str | None = None

    @property
    def field_values(self) -> dict[str, Value]:
        """The fields as a map; one that stands several times, or has several values, is a list."""
        return _values(self.fields)

    @property
    def shortcode_values(self) -> dict[str, Value]:
        """The first arguments of shortcodes by their names, likewise."""
        return _values(self.shortcodes)

    def node(self, offset: int) -> Map:
        """Give all as one map below the special keys, in a text that has `offset` characters before the body."""
        top: list[tuple[str, Node]] = [
            ("@tags", nodes.Sequence(offset, offset, [tag.moved(offset).node for tag in self.tags])),
            ("@links", nodes.Sequence(offset, offset, [link.moved(offset).node for link in self.links])),
        ]
        if self.title is not None:
            top.append(("@title", self.title.moved(offset).node))
        top += [("@fields", _map(self.fields, offset)), ("@shortcodes", _map(self.shortcodes, offset))]
        return Map(offset, offset, [MapEntry(Scalar(offset, offset, name, "plain"), node) for name, node in top])


_Entries = Sequence[tuple[Passage, tuple[Passage, ...]]]


def _by_key(entries: _Entries) -> Mapping[Passage, Sequence[Passage]]:
    firsts: dict[str, Passage] = {}
    found: dict[Passage, list[Passage]] = {}
    for key, values in entries:
        found.setdefault(firsts.setdefault(key.text, key), []).extend(values)
    return found


def _values(entries: _Entries) -> dict[str, Value]:
    by_key = _by_key(entries).items()
    return {key.text: values[0].text if len(values) == 1 else [value.text for value in values] for key, values in by_key}


def _map(entries: _Entries, offset: int) -> Map:
    by_key = _by_key(entries).items()
    nodes_of = [(key.moved(offset).node, _one_or_list([value.moved(offset).node for value in values])) for key, values in by_key]
    return Map(offset, offset, [MapEntry(key, values) for key, values in nodes_of])


def _one_or_list(values: list[Scalar]) -> Node:
    return values[0] if len(values) == 1 else nodes.Sequence(values[0].start, values[-1].end, list(values))
