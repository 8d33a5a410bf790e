"""Key paths as people write them: `a`, `a.b`, `a[0]`, `@body`; one reader and one writer for all who take or show them.

A dot parts keys, `[n]` picks an item of a list (from 0). A key that holds a dot or a bracket itself is written in double quotes:
`"a.b".c`.
"""

from __future__ import annotations

import re

from exporter.problems import KeyPath
from exporter.text import quote

MAX_PARTS = 100
"""Records are not nested deeper (exporter.records.nodes)."""

_PART = re.compile(r'"(?P<quoted>[^"]++)"|(?P<bare>[^.\[\]"]++)|\[(?P<index>[0-9]{1,9}+)\]')


def parse_key_path(text: str) -> KeyPath:
    """Read a key path; raises ValueError with a sentence when it is none.

    >>> parse_key_path("featuredImage.size[0]"), parse_key_path('"a.b".c'), parse_key_path("@body")
    (('featuredImage', 'size', 0), ('a.b', 'c'), ('@body',))
    """
    parts: list[str | int] = []
    position = 0
    while position < len(text):
        if parts and text[position] == ".":
            position += 1
        elif parts and text[position] != "[":
            break
        match = _PART.match(text, position)
        if match is None:
            break
        index = match["index"]
        parts.append(int(index) if index is not None else match["quoted"] or match["bare"].strip())
        position = match.end()
    if not parts or position < len(text) or text.endswith(".") or isinstance(parts[0], int) or "" in parts:
        raise ValueError(f"{quote(text)} is not a key path: write keys with dots between them and [n] for the item of a list, like a.b[0]")
    if len(parts) > MAX_PARTS:
        raise ValueError(f"{quote(text)} has {len(parts):,} parts, and records are nested at most {MAX_PARTS} deep")
    return tuple(parts)
