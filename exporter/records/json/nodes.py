"""JSON to nodes: the positions that the standard decoder does not keep.

For text that this decoder has accepted, duplicate keys and NaN included.
"""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # public by name and long-lived, but typeshed has it not

from exporter.records.nodes import Map, MapEntry, Node, Scalar, Sequence

_TOKEN = re.compile(r"[ \t\r\n,:]*([\[\]{}\"]|[^\s,:\[\]{}\"]+)")


def compose_members(text: str, start: int, end: int) -> Node:
    """Make the node of the members of an object in `text[start:end]`, whose braces are understood; or of the object itself.

    >>> compose_members('"a": 1', 0, 6).entries[0].value.start
    5
    """
    if text[start:end].lstrip()[:1] in ("{", "["):
        return compose_json(text, start)
    node = compose_json(f"{{{text[start:end]}}}")
    _move(node, start - 1)
    node.start, node.end = start, end
    return node


def _move(node: Node, by: int) -> None:
    pending = [node]
    while pending:
        inner = pending.pop()
        inner.start += by
        inner.end += by
        if isinstance(inner, Map):
            for key, value in inner.entries:
                pending += (key, value)
        elif isinstance(inner, Sequence):
            pending += inner.items


def compose_json(text: str, start: int = 0) -> Node:
    """Make the node of the JSON value that stands at `start`; offsets are those of `text`.

    >>> node = compose_json('{"a": [1]}')
    >>> [(entry.key.text, entry.value.start, entry.value.end) for entry in node.entries]
    [('a', 6, 9)]
    """
    open_nodes: list[Map | Sequence] = []
    keys: list[Scalar | None] = []
    at = start
    while True:
        match = _TOKEN.match(text, at)
        assert match is not None, "valid JSON has a token here"
        lexeme, at = match[1], match.end()
        node: Node
        if lexeme in ("[", "{"):
            open_nodes.append((Map if lexeme == "{" else Sequence)(match.start(1), at))
            keys.append(None)
            continue
        if lexeme in ("]", "}"):
            node = open_nodes.pop()
            keys.pop()
            node.end = at
        elif lexeme == '"':
            value, at = scanstring(text, at, True)
            node = Scalar(match.start(1), at, value, "json")
        else:
            node = Scalar(match.start(1), at, lexeme, "plain")
        if not open_nodes:
            return node
        parent = open_nodes[-1]
        if isinstance(parent, Sequence):
            parent.items.append(node)
        elif (key := keys[-1]) is None:
            assert isinstance(node, Scalar)
            keys[-1] = node
        else:
            parent.entries.append(MapEntry(key, node))
            keys[-1] = None
