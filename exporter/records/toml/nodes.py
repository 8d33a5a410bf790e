"""TOML to nodes: the positions and the typed characters that tomllib does not keep. For text that tomllib has accepted.

tomlkit keeps the characters but no positions, and is ten times as slow; a scanner for valid TOML is small.
"""

from __future__ import annotations

import re

from exporter.records.nodes import Map, MapEntry, Node, Scalar, Sequence

_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_INLINE_BLANK = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_VALUE = re.compile(r"\d{4}-\d\d-\d\d[ Tt]\d\d:[0-9:.Zz+-]+|[^\s,\]}#]+")
_STRINGS = (
    ('"""', re.compile(r'"""(?:\r?\n)?((?:[^\\]|\\.)*?)"""(?!")', re.DOTALL)),
    ("'''", re.compile(r"'''(?:\r?\n)?(.*?)'''(?!')", re.DOTALL)),
    ('"', re.compile(r'"((?:[^"\\]|\\.)*)"')),
    ("'", re.compile(r"'([^']*)'")),
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([ \t]*\r?\n[ \t\r\n]*)|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}


def compose_toml(text: str, start: int, end: int) -> Map:
    """Make the node of the TOML document in `text[start:end]`, a map; offsets are those of `text`.

    >>> document = compose_toml("a.b = [1]", 0, 9)
    >>> document.entries[0].value.entries[0].value
    Sequence(start=6, end=9, items=[Scalar(start=7, end=8, text='1', style='plain', tag=None, size=1)], tag=None, size=0)
    """
    return _Composer(text, start, end).document()


def unescape(raw: str) -> str:
    """Resolve the escapes of a basic string."""
    return _ESCAPE.sub(_unescaped, raw) if "\\" in raw else raw


def _unescaped(match: re.Match[str]) -> str:
    code = match[1] or match[2]
    if code:
        return chr(int(code, 16))
    return "" if match[3] else _SIMPLE_ESCAPES.get(match[4], match[4])


class _Composer:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text = text
        self._at = start
        self._end = end
        self._children: dict[int, dict[str, Node]] = {}

    def document(self) -> Map:
        root = table = Map(self._at, self._end)
        self._skip(_BLANK)
        while self._at < self._end:
            if self._text[self._at] == "[":
                table = self._header(root)
            else:
                self._pair(table)
            self._skip(_BLANK)
        return root

    def _header(self, root: Map) -> Map:
        start = self._at
        of_array = self._text.startswith("[[", start)
        self._at += 2 if of_array else 1
        *parents, last = self._keys()
        self._at = self._text.index("]", self._at) + (2 if of_array else 1)
        parent = root
        for key in parents:
            parent = self._open(parent, key)
        if not of_array:
            return self._open(parent, last, (start, self._at))
        array = self._child(parent, last.text)
        if not isinstance(array, Sequence):
            array = Sequence(start, self._at)
            self._put(parent, last, array)
        table = Map(start, self._at)
        array.items.append(table)
        return table

    def _pair(self, table: Map) -> None:
        *parents, last = self._keys()
        self._at = self._text.index("=", self._at) + 1
        for key in parents:
            table = self._open(table, key)
        self._skip(_INLINE_BLANK)
        value = self._value()
        self._put(table, last, value)

    def _keys(self) -> list[Scalar]:
        keys = []
        while True:
            self._skip(_INLINE_BLANK)
            keys.append(self._key())
            self._skip(_INLINE_BLANK)
            if self._text[self._at] != ".":
                return keys
            self._at += 1

    def _key(self) -> Scalar:
        if self._text[self._at] in "\"'":
            return self._string()
        match = _BARE_KEY.match(self._text, self._at)
        assert match is not None, "tomllib has accepted the key"
        self._at = match.end()
        return Scalar(match.start(), match.end(), match[0], "plain")

    def _value(self) -> Node:
        first = self._text[self._at]
        if first in "\"'":
            return self._string()
        if first == "[":
            return self._array()
        if first == "{":
            return self._inline_table()
        match = _BARE_VALUE.match(self._text, self._at, self._end)
        assert match is not None, "tomllib has accepted the value"
        self._at = match.end()
        return Scalar(match.start(), match.end(), match[0], "plain")

    def _string(self) -> Scalar:
        for quotes, pattern in _STRINGS:
            if self._text.startswith(quotes, self._at):
                match = pattern.match(self._text, self._at)
                assert match is not None, "tomllib has accepted the string"
                self._at = match.end()
                raw = match[1].replace("\r\n", "\n")
                return Scalar(match.start(), match.end(), unescape(raw) if quotes[0] == '"' else raw, "toml")
        raise AssertionError("a string starts with a quote")

    def _array(self) -> Sequence:
        node = Sequence(self._at, self._at)
        self._at += 1
        while self._next_item("]"):
            node.items.append(self._value())
        node.end = self._at
        return node

    def _inline_table(self) -> Map:
        node = Map(self._at, self._at)
        self._at += 1
        while self._next_item("}"):
            self._pair(node)
        node.end = self._at
        return node

    def _next_item(self, closing: str) -> bool:
        self._skip(_BLANK)
        if self._text[self._at] == ",":
            self._at += 1
            self._skip(_BLANK)
        if self._text[self._at] != closing:
            return True
        self._at += 1
        return False

    def _open(self, parent: Map, key: Scalar, place: tuple[int, int] | None = None) -> Map:
        """Give the table that `key` names below `parent`: the last one of an array of tables."""
        known = self._child(parent, key.text)
        if isinstance(known, Sequence):
            known = known.items[-1]
        if isinstance(known, Map):
            return known
        table = Map(*(place or (key.start, key.end)))
        self._put(parent, key, table)
        return table

    def _child(self, parent: Map, name: str) -> Node | None:
        return self._children.get(id(parent), {}).get(name)

    def _put(self, parent: Map, key: Scalar, node: Node) -> None:
        parent.entries.append(MapEntry(key, node))
        self._children.setdefault(id(parent), {})[key.text] = node

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self._text, self._at, self._end)
        assert match is not None
        self._at = match.end()
