"""One edit to the span of text that it replaces: everything outside of that span stays as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exporter.edits.notation import INDENT, write_block, write_item, write_key, write_literal, write_value
from exporter.edits.outline import EditError, Outline, Spot
from exporter.keypaths import write_key_path
from exporter.problems import KeyPath
from exporter.records.nodes import Map, Scalar, Sequence
from exporter.records.values import Value

_COMMA = re.compile(r"[ \t]*+,[ \t]*+(?:\r?\n[ \t]*+)?+")
_COLON = re.compile(r"[ \t]*+:")


@dataclass(frozen=True, slots=True)
class Splice:
    """`text[start:end]` becomes `new`; offsets count characters of the file without a byte order mark."""

    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        r"""Give the text with the splice made.

        >>> Splice(7, 8, "B").apply("title: A\n")
        'title: B\n'
        """
        return text[: self.start] + self.new + text[self.end :]


def splice_change(outline: Outline, path: KeyPath, value: Value) -> Splice:
    """Put a value in the place of another."""
    spot = outline.find(path)
    start, end = outline.place(spot)
    node, text = spot.node, outline.text
    if outline.syntax != "yaml":
        if outline.syntax == "toml" and not isinstance(node, Scalar) and not outline.is_flow(node):
            raise EditError(f"{_show(path)} is a table with a header or dotted keys; edit the keys in it")
        return Splice(start, end, write_value(value, outline.syntax))
    if isinstance(node, Scalar) or outline.is_flow(node) or start != node.start:  # an alias is where it is written
        return Splice(start, end, _spaced(text, start, _scalar(outline, spot, value)))
    if spot.key is None:
        dash = outline.dash(spot)
        return Splice(dash + 1, end, write_item(value, _indent(outline, dash), outline.line_end))
    colon = _COLON.match(text, spot.key.end)
    if colon is None:
        raise EditError(f"the colon behind {_show(path)} can't be found in the text")
    return Splice(colon.end(), end, write_block(value, _indent(outline, spot.key.start), outline.line_end))


def splice_add(outline: Outline, path: KeyPath, value: Value) -> Splice:
    """Put a new key at the end of its map, or an item at the end of its list; maps that are missing above are made."""
    path, value = _nearest_map(outline, path, value)
    parent = outline.reach(path[:-1])
    if isinstance(parent, Scalar) and parent.text == "" and parent.start == parent.end:
        return splice_change(outline, path[:-1], {path[-1]: value} if isinstance(path[-1], str) else [value])
    name = path[-1]
    if isinstance(parent, Scalar) or isinstance(parent, Map) != isinstance(name, str):
        raise EditError(f"{_show(path)} can't be added: {_show(path[:-1])} is not a {'map' if isinstance(name, str) else 'list'}")
    count = len(parent.entries if isinstance(parent, Map) else parent.items)
    if isinstance(name, int) and name != count:
        raise EditError(f"{_show(path)} can't be added: new items of a list go to its end, [{count}]")
    if path[:-1] and outline.place(outline.find(path[:-1]))[0] != parent.start:
        raise EditError(f"{_show(path[:-1])} is an alias, which stands for what is written elsewhere; write the value out first")
    if outline.is_flow(parent) or outline.syntax == "json":
        return _add_in_brackets(outline, parent, path, value)
    return _add_toml(outline, parent, path, value) if outline.syntax == "toml" else _add_yaml(outline, parent, path, value)


def splice_removal(outline: Outline, path: KeyPath) -> Splice:
    """Take a key with its value out, or an item of a list: its lines, or what stands between two commas."""
    spot = outline.find(path)
    if outline.is_flow(spot.parent) or outline.syntax == "json":
        return _remove_in_brackets(outline, spot)
    count = len(spot.parent.entries if isinstance(spot.parent, Map) else spot.parent.items)
    start, end = outline.start(spot), max(outline.place(spot)[1], outline.floor(spot))
    if outline.syntax == "toml":
        start = outline.line_start(_toml_start(outline, spot))
    elif count == 1 and path[:-1]:
        return splice_change(outline, path[:-1], {} if isinstance(spot.parent, Map) else [])
    line = outline.line_start(start)
    if not outline.text[line:start].strip(" \t"):
        return Splice(line, outline.next_line(end), "")
    if spot.index + 1 == count:
        raise EditError(f"{_show(path)} can't be taken out of its line; remove it by hand")
    return Splice(start, outline.start(Spot(spot.parent, spot.index + 1, spot.above)), "")


def splice_renaming(outline: Outline, path: KeyPath, name: str) -> Splice:
    """Give a key another name, in the quotes that it has."""
    key = outline.find(path).key
    if key is None:
        raise EditError(f"{_show(path)} is an item of a list, which has no name")
    style = key.style
    if style == "toml":
        style = "single" if outline.text[key.start] == "'" else "double"
    return Splice(key.start, key.end, write_key(name, outline.syntax, style))


def _nearest_map(outline: Outline, path: KeyPath, value: Value) -> tuple[KeyPath, Value]:
    """Shorten a path to the first key that is missing, with maps around the value for the rest."""
    for depth in range(1, len(path)):
        try:
            outline.find(path[:depth])
        except EditError:
            for part in reversed(path[depth:]):
                value = {part: value} if isinstance(part, str) else [value]
            return path[:depth], value
    return path, value


def _add_in_brackets(outline: Outline, parent: Map | Sequence, path: KeyPath, value: Value) -> Splice:
    new = write_value(value, outline.syntax)
    if isinstance(name := path[-1], str):
        new = write_key(name, outline.syntax) + (" = " if outline.syntax == "toml" else ": ") + new
    count = len(parent.entries if isinstance(parent, Map) else parent.items)
    if not count:
        inner = outline.text[parent.start + 1 : parent.end - 1]
        return Splice(parent.start + 1, parent.start + 1 + (0 if inner.strip() else len(inner)), new)
    last = Spot(parent, count - 1, path[:-1])
    start, end = outline.start(last), outline.place(last)[1]
    lead = outline.text[outline.line_start(start) : start]
    own_line = not lead.strip(" \t") and outline.line_start(start) > parent.start
    return Splice(end, end, f",{outline.line_end}{lead}{new}" if own_line else f", {new}")


def _add_yaml(outline: Outline, parent: Map | Sequence, path: KeyPath, value: Value) -> Splice:
    count = len(parent.entries if isinstance(parent, Map) else parent.items)
    last = Spot(parent, count - 1, path[:-1])
    start = outline.start(Spot(parent, 0, path[:-1]))
    indent = _indent(outline, start)
    if isinstance(name := path[-1], str):
        new = f"{indent}{write_key(name, 'yaml')}:{write_block(value, indent, outline.line_end)}"
    else:
        new = f"{indent}-{write_item(value, indent, outline.line_end)}"
    return _after_line(outline, max(outline.place(last)[1], outline.floor(last)), new)


def _add_toml(outline: Outline, parent: Map | Sequence, path: KeyPath, value: Value) -> Splice:
    name = path[-1]
    if isinstance(parent, Sequence) or not isinstance(name, str):
        raise EditError(f"{_show(path)} can't be added: write the table [[{_show(path[:-1])}]] by hand")
    new = f"{write_key(name, 'toml')} = {write_value(value, 'toml')}"
    pairs = [number for number, entry in enumerate(parent.entries) if not outline.is_in_header(entry.key)]
    if pairs:
        last = Spot(parent, pairs[-1], path[:-1])
        first = outline.text[outline.line_start(parent.entries[pairs[-1]].key.start) : parent.entries[pairs[-1]].key.start]
        return _after_line(outline, outline.place(last)[1], first + new)
    if parent is outline.root:
        return Splice(outline.span[0], outline.span[0], new + outline.line_end)
    if not outline.text.startswith("[", parent.start):
        raise EditError(f"{_show(path)} can't be added: {_show(path[:-1])} has no header; write the table by hand")
    return _after_line(outline, parent.end, _indent(outline, parent.start) + new)


def _toml_start(outline: Outline, spot: Spot) -> int:
    if spot.key is None or outline.is_in_header(spot.key) or not (isinstance(spot.node, Scalar) or outline.is_flow(spot.node)):
        return spot.node.start
    return spot.key.start


def _after_line(outline: Outline, at: int, new: str) -> Splice:
    """Insert a line below the one of a place."""
    line = outline.next_line(at)
    if line and outline.text[line - 1] == "\n":
        return Splice(line, line, new + outline.line_end)
    return Splice(line, line, outline.line_end + new)


def _remove_in_brackets(outline: Outline, spot: Spot) -> Splice:
    start, end = outline.start(spot), outline.place(spot)[1]
    comma = _COMMA.match(outline.text, end)
    count = len(spot.parent.entries if isinstance(spot.parent, Map) else spot.parent.items)
    if spot.index + 1 < count:
        if comma is None:
            raise EditError("the comma behind the value can't be found in the text; remove the value by hand")
        return Splice(start, comma.end(), "")
    if spot.index == 0:
        return Splice(start, comma.end() if comma else end, "")
    before = outline.place(Spot(spot.parent, spot.index - 1, spot.above))[1]
    if "#" not in outline.text[before:start] or outline.syntax == "json":
        return Splice(before, end, "")
    return Splice(start, comma.end() if comma else end, "")  # a comment stands behind the comma before


def _scalar(outline: Outline, spot: Spot, value: Value) -> str:
    """Write a value in the place of a scalar or of what stands in brackets."""
    node = spot.node
    if not isinstance(value, str) or not isinstance(node, Scalar):
        return write_value(value, "yaml")
    if node.style in ("literal", "folded") and "\n" in value:
        indent = _indent(outline, outline.start(spot)) + INDENT
        if (literal := write_literal(value, indent, outline.line_end)) is not None:
            return literal
    return write_value(value, "yaml", node.style)


def _spaced(text: str, start: int, new: str) -> str:
    """Set a value off from the colon or dash that it follows."""
    return new if start and text[start - 1] in " \t\n[{" else " " + new


def _indent(outline: Outline, at: int) -> str:
    """Give what a line needs to start below a place."""
    return " " * (at - outline.line_start(at))


def _show(path: KeyPath) -> str:
    return write_key_path(path) or "the front matter"
