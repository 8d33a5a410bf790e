"""A sketch of TOML: tables, keys and values line by line."""

from __future__ import annotations

import re

from exporter.language_server.sketch.flow import Brackets, sketch_flow
from exporter.language_server.sketch.model import Collected, SketchEntry, end_of_quoted, unquoted
from exporter.problems import KeyPath
from exporter.records.nodes import Range

_HEADER = re.compile(r"[ \t]*+(?P<open>\[\[?)(?P<name>[^\]\n]*+)")
_PART = r"(?:[^\s\"'=.\[\]#]++|\"[^\"\n]*+\"?|'[^'\n]*+'?)"
_KEY = re.compile(rf"[ \t]*+(?P<key>{_PART}(?:[ \t]*+\.[ \t]*+{_PART})*+\.?)(?P<sign>[ \t]*+=[ \t]*+)?")
_PARTS = re.compile(_PART)
_LINE_OF_KEY = re.compile(rf"[ \t]*+(?:{_PART}[ \t]*+=|\[\[?[\w. -]++\]\]?[ \t]*+(?:\n|\Z))")


def sketch_toml(text: str, start: int, end: int) -> list[SketchEntry]:
    """Sketch the keys of TOML between two offsets."""
    return _Toml(text, end).run(start)


class _Toml:
    def __init__(self, text: str, end: int) -> None:
        self._text, self._end = text, end
        self._into = Collected(text)
        self._table: KeyPath = ()
        self._counts: dict[KeyPath, int] = {}

    def run(self, at: int) -> list[SketchEntry]:
        while at < self._end:
            at = self._line(at)
        return self._into.entries

    def _line(self, at: int) -> int:
        header = _HEADER.match(self._text, at, self._end)
        if header:
            self._header(header)
            return self._next_line(header.end())
        found = _KEY.match(self._text, at, self._end)
        if found is None:
            return self._next_line(at)
        names = [self._name(part[0]) for part in _PARTS.finditer(found["key"])]
        above = [*names[:-1]] if not found["key"].endswith(".") else names
        path = (*self._resolved((*self._table, *above)), "" if len(above) == len(names) else names[-1])
        key = found.span("key")
        if found["sign"] is None:
            self._into.add(SketchEntry(path, key, (key[1], key[1]), "", whole=False))
            return self._next_line(found.end())
        return self._value(path, key, found.end())

    def _header(self, found: re.Match[str]) -> None:
        names = [self._name(part[0]) for part in _PARTS.finditer(found["name"])]
        if not names:
            self._table = ()
            return
        path: KeyPath = (*self._resolved(tuple(names[:-1])), names[-1])
        if found["open"] == "[[":
            number = self._counts.get(path, -1) + 1
            self._counts[path] = number
            path = (*path, number)
        self._table = path
        self._into.add(SketchEntry(path, found.span("name"), (found.end(), found.end()), None))

    def _resolved(self, names: KeyPath) -> KeyPath:
        """Lead a path through the last element of each array of tables."""
        path: KeyPath = ()
        for name in names:
            path = (*path, name)
            if path in self._counts and not (len(names) > len(path) and isinstance(names[len(path)], int)):
                path = (*path, self._counts[path])
        return path

    def _value(self, path: KeyPath, key: Range, at: int) -> int:
        text, line_end = self._text, self._line_end(at)
        rest = text[at:line_end]
        if not rest.strip() or rest.lstrip().startswith("#"):
            self._into.add(SketchEntry(path, key, (at, at)))
            return self._next_line(at)
        if rest[0] in "[{":
            return self._next_line(sketch_flow(Brackets(self._into, "=", self._begins_key), at, self._end, path, key) - 1)
        if rest.startswith(('"""', "'''")):
            close = text.find(rest[:3], at + 3, self._end)
            end = close + 3 if close >= 0 else line_end
            self._into.add(SketchEntry(path, key, (at, end), text[at + 3 : end - 3 if close >= 0 else end]))
            return self._next_line(end)
        if rest[0] in "\"'":
            end = end_of_quoted(text, at, line_end) or at + len(rest.rstrip())
            self._into.add(SketchEntry(path, key, (at, end), unquoted(text[at:end])))
        else:
            plain = rest.partition("#")[0].rstrip()
            self._into.add(SketchEntry(path, key, (at, at + len(plain)), plain))
        return self._next_line(at)

    def _begins_key(self, at: int) -> bool:
        return _LINE_OF_KEY.match(self._text, at, self._end) is not None

    def _name(self, part: str) -> str:
        return unquoted(part) if part[0] in "\"'" else part

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at, self._end)
        return self._end if end < 0 else end

    def _next_line(self, at: int) -> int:
        return self._line_end(at) + 1
