"""Key paths as people write them: `a`, `a.b`, `a[0]`, `@body`; one reader and one writer for all who take or show them.

A dot parts keys, `[n]` picks an item of a list (from 0). A key that holds a dot or a bracket itself is written in double quotes:
`"a.b".c`. A quote or a backslash in such quotes has a backslash before it where it would be taken for something else.
"""

from __future__ import annotations

import re

from exporter.problems import KeyPath
from exporter.text import quote

MAX_PARTS = 100
"""Records are not nested deeper (exporter.records.nodes)."""

_PART = re.compile(r'"(?P<quoted>(?:\\["\\]|[^"])++)"|(?P<bare>[^.\[\]"]++)|\[(?P<index>[0-9]{1,9}+)\]')
_ESCAPED = re.compile(r'\\(["\\])')
_BARE = re.compile(r'(?!@)[^\s.\[\]"](?:[^.\[\]"\n\r]*[^\s.\[\]"])?')


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
        quoted = match["quoted"]
        parts.append(int(index) if index is not None else _ESCAPED.sub(r"\1", quoted) if quoted else match["bare"].strip())
        position = match.end()
    if not parts or position < len(text) or text.endswith(".") or isinstance(parts[0], int) or "" in parts:
        raise ValueError(f"{quote(text)} is not a key path: write keys with dots between them and [n] for the item of a list, like a.b[0]")
    if len(parts) > MAX_PARTS:
        raise ValueError(f"{quote(text)} has {len(parts):,} parts, and records are nested at most {MAX_PARTS} deep")
    return tuple(parts)


def write_key_path(path: KeyPath) -> str | None:
    r"""Write a key path that `parse_key_path` reads as the same; None where there is no way to, as for an empty key.

    >>> write_key_path(("a.b", "c", 0)), write_key_path(("@id",)), write_key_path(('say "x"',)), write_key_path(("",))
    ('"a.b".c[0]', '"@id"', '"say \\"x\\""', None)
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
            continue
        if not _BARE.fullmatch(part):
            part = '"' + part.replace("\\", "\\\\").replace('"', '\\"') + '"'  # noqa: PLW2901 - the same, as it is written
        text += f".{part}" if text else part
    try:
        return text if parse_key_path(text) == path else None
    except ValueError:
        return None
