"""How deep brackets are nested, counted before a recursive parser sees them."""

from __future__ import annotations

import re

from exporter.records.nodes import MAX_DEPTH

_BRACKETS_AND_STRINGS = re.compile(r'(?<!\\)"(?:[^"\\\n]++|\\.)*+"|[\[\]{}]')
_CHANGE = {"[": 1, "{": 1, "]": -1, "}": -1}


def too_deep(text: str, start: int, end: int) -> int | None:
    """Give the offset of the bracket that goes deeper than `MAX_DEPTH`, or None.

    >>> too_deep("[" * 101, 0, 101)
    100
    """
    if text.count("[", start, end) + text.count("{", start, end) <= MAX_DEPTH:
        return None
    depth = 0
    for match in _BRACKETS_AND_STRINGS.finditer(text, start, end):
        depth += _CHANGE.get(match[0], 0)
        if depth > MAX_DEPTH:
            return match.start()
    return None
