"""JSON to nodes: the positions that the standard decoder does not keep.

For text that this decoder has accepted, duplicate keys and NaN included.
"""

from __future__ import annotations

import re
from json.decoder import scanstring  # type: ignore[attr-defined]  # public by name and long-lived, but typeshed has it not

from exporter.records.nodes import Entry, Map, Node, Scalar, Sequence

_TOKEN = re.compile(r"[ \t\r\n,:]*([\[\]{}\"]|[^\s,:\[\]{}\"]+)")


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
            parent.entries.append(Entry(key, node))
            keys[-1] = None
