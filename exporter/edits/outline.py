"""Where in the text an entry of a map or an item of a list stands, with its key, dash and comma."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exporter.keypaths import write_key_path
from exporter.problems import KeyPath
from exporter.records.nodes import Map, MapEntry, Node, Range, Scalar, Sequence
from exporter.records.yaml.values import is_merge
from exporter.text import nearest, quote

_BETWEEN = re.compile(r"(?:[\s,]|#[^\n]*+\n)*+")
_ALIAS = re.compile(r"(?:[\s,:]|-(?=\s)|#[^\n]*+\n)*+(?P<alias>\*[^\s,\[\]{}]++)")
_REST_OF_KEY = re.compile(r"""(?:[ \t]*+\.[ \t]*+(?:[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+'))*+[ \t]*+""")
_DASH = re.compile(r"(?:\s|#[^\n]*+\n)*+(?P<dash>-)")


class EditError(ValueError):
    """An edit that can't be made; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An entry of a map or an item of a list: the `index`th of its `parent`, whose key path is `above`."""

    parent: Map | Sequence
    index: int
    above: KeyPath

    @property
    def node(self) -> Node:
        """The value."""
        return self.parent.entries[self.index].value if isinstance(self.parent, Map) else self.parent.items[self.index]

    @property
    def key(self) -> Scalar | None:
        """The key, None for an item of a list."""
        return self.parent.entries[self.index].key if isinstance(self.parent, Map) else None


@dataclass(frozen=True, slots=True)
class Outline:
    """A front matter as text and tree; offsets are those of `text`."""

    text: str
    span: Range
    syntax: str
    root: Node
    folded: bool = False

    @property
    def line_end(self) -> str:
        """How the lines of the front matter end."""
        at = self.text.find("\n", max(self.span[0] - 2, 0))
        return "\r\n" if at > 0 and self.text[at - 1] == "\r" else "\n"

    def find(self, path: KeyPath) -> Spot:
        """Follow a key path; raises EditError where it leads to nothing that stands here by itself."""
        node, spot = self.root, None
        for depth, part in enumerate(path):
            spot = Spot(*self._step(node, part, path[:depth]), path[:depth])
            node = spot.node
        if spot is None:
            raise EditError("the key path is empty; name a key")
        return spot

    def reach(self, path: KeyPath) -> Node:
        """Give the node that a key path names; the empty one is the front matter."""
        return self.find(path).node if path else self.root

    def _step(self, node: Node, part: str | int, above: KeyPath) -> tuple[Map | Sequence, int]:
        shown = write_key_path((*above, part)) or str(part)
        if isinstance(node, Scalar):
            raise EditError(f"{shown} is not a key of the front matter: {write_key_path(above) or 'the value'} is a single value")
        if isinstance(part, int):
            if not isinstance(node, Sequence) or not 0 <= part < len(node.items):
                raise EditError(f"{shown} is not there")
            return node, part
        entries = node.entries if isinstance(node, Map) else []
        found = [number for number, entry in enumerate(entries) if self._names(entry, part)]
        if not found:
            if any(is_merge(entry.key) for entry in entries):
                raise EditError(f"{shown} is not written here: it may come from a merge key (<<); edit what that names")
            near = nearest(part, [entry.key.text for entry in entries])
            raise EditError(f"{shown} is not there" + (f" (did you mean {quote(near)}?)" if near else ""))
        if len(found) > 1:
            raise EditError(f"{shown} stands there {len(found)} times; keep one of them first")
        assert isinstance(node, Map)
        return node, found[0]

    def _names(self, entry: MapEntry, name: str) -> bool:
        if self.syntax == "yaml" and is_merge(entry.key):
            return False
        return entry.key.text == name or (self.folded and entry.key.text.lower() == name.lower())

    def is_flow(self, node: Node) -> bool:
        """Say whether a map or list stands in brackets: a table with a header of TOML, or with dotted keys, does not."""
        if self.syntax == "toml" and isinstance(node, Sequence):
            return not (node.items and node.items[0].start == node.start)
        opening = "{" if isinstance(node, Map) else "["
        return not isinstance(node, Scalar) and self.text.startswith(opening, node.start)

    def is_in_header(self, key: Scalar) -> bool:
        """Say whether a key of TOML stands in a table's header: what follows it and its dots is a bracket."""
        match = _REST_OF_KEY.match(self.text, key.end)
        assert match is not None
        return self.syntax == "toml" and self.text.startswith("]", match.end())

    def place(self, spot: Spot) -> Range:
        """Say where the value of an entry or item stands: an alias is where it is written, and an empty value follows its colon."""
        floor, node = self.floor(spot), spot.node
        if self.syntax == "yaml" and node.start < floor:
            match = _ALIAS.match(self.text, floor)
            if match is None:
                raise EditError("the value is an alias that can't be found in the text")
            return match.span("alias")
        return node.start, max(self.end_of(node), node.start)

    def floor(self, spot: Spot) -> int:
        """Give the end of what stands before a value: its key, the item before it, or the bracket."""
        if spot.key is not None:
            return spot.key.end
        if spot.index:
            return self.place(Spot(spot.parent, spot.index - 1, spot.above))[1]
        return spot.parent.start + (1 if self.is_flow(spot.parent) else 0)

    def end_of(self, node: Node) -> int:
        """Give the end of a node without the blank lines after it."""
        if self.syntax == "toml":
            return self._toml_end(node)
        end = node.end
        while end > node.start and self.text[end - 1] in " \t\r\n":
            end -= 1
        return end

    def _toml_end(self, node: Node) -> int:
        children = [entry.value for entry in node.entries] if isinstance(node, Map) else node.items if isinstance(node, Sequence) else []
        return max([node.end, *map(self._toml_end, children)])

    def start(self, spot: Spot) -> int:
        """Give where an entry or item begins: its key, its dash, or what follows the comma before it, anchors and tags included."""
        if spot.key is not None and not self.is_flow(spot.parent):
            return spot.key.start
        if not self.is_flow(spot.parent):
            return spot.node.start if self.syntax == "toml" else self.dash(spot)
        before = self.place(Spot(spot.parent, spot.index - 1, spot.above))[1] if spot.index else self._opening(spot.parent)
        match = _BETWEEN.match(self.text, before)
        assert match is not None
        return match.end()

    def _opening(self, parent: Node) -> int:
        return parent.start + (1 if self.text[parent.start : parent.start + 1] in ("[", "{") else 0)

    def dash(self, spot: Spot) -> int:
        """Give where the dash of an item of a YAML list stands."""
        match = _DASH.match(self.text, self.floor(spot) if spot.index else spot.parent.start)
        if match is None:
            raise EditError("the item of the list can't be found in the text")
        return match.start("dash")

    def line_start(self, at: int) -> int:
        """Give where the line of a place starts."""
        return max(self.text.rfind("\n", 0, at) + 1, self.span[0] if at >= self.span[0] else 0)

    def line_stop(self, at: int) -> int:
        """Give where the line of a place ends, before its line end."""
        end = self.text.find("\n", at)
        end = self.span[1] if end < 0 or end > self.span[1] else end
        return end - 1 if end > at and self.text[end - 1] == "\r" else end

    def next_line(self, at: int) -> int:
        """Give where the line after a place starts, at most the end of the front matter."""
        end = self.text.find("\n", at)
        return self.span[1] if end < 0 else min(end + 1, self.span[1])
