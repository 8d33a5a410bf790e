"""Key paths as the ontology writes them: `a`, `a.b`, `a[0]`, `@body`, `@index`, `@value`.

A dot parts keys, `[n]` picks an item of a list (from 0). A key that holds a dot or a bracket itself is
written in double quotes: `"a.b".c`.
"""

from __future__ import annotations

import re

from exporter.problems import KeyPath
from exporter.records.nodes import MAX_DEPTH
from exporter.text import quote

SPECIAL_KEYS = frozenset({"@body", "@index", "@value"})

_PART = re.compile(r'"(?P<quoted>[^"]+)"|(?P<bare>[^.\[\]"]+)|\[(?P<index>\d+)\]')


def parse_key_path(text: str) -> KeyPath:
    """Read a key path; raises ValueError with a sentence when it is none.

    >>> parse_key_path('featuredImage.size[0]')
    ('featuredImage', 'size', 0)
    """
    if text.startswith("@"):
        if text not in SPECIAL_KEYS:
            raise ValueError(f"{text!r} is no key path: the special keys are {', '.join(sorted(SPECIAL_KEYS))}")
        return (text,)
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
    if not parts or position < len(text) or text.endswith(".") or parts[0] == 0 or "" in parts:
        raise ValueError(f"{text!r} is no key path: write keys with dots between them and [n] for the item of a list, like a.b[0]")
    if len(parts) > MAX_DEPTH:
        raise ValueError(f"{quote(text)} has {len(parts):,} parts, and records are nested at most {MAX_DEPTH} deep")
    return tuple(parts)
