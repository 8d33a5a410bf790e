"""A sketch of YAML: what its lines say by their indentation, whatever is wrong between them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exporter.language_server.sketch.flow import Brackets, sketch_flow
from exporter.language_server.sketch.model import Collected, SketchEntry, end_of_quoted, unquoted
from exporter.problems import KeyPath
from exporter.records.nodes import Range

_KEY = re.compile(
    r"(?P<key>\"(?:[^\"\\\n]|\\.)*+\"|'[^'\n]*+'|[^\s#&*!|>%@`\"'\[\]{},:?-][^:\n]*+(?::(?=[^\s:])[^:\n]*+)*+|[-?](?=[^\s:])[^:\n]*+)"
    r"[ \t]*+:(?=[ \t\r\n]|\Z)"
)
_TIGHT = re.compile(r"(?P<key>[A-Za-z_][\w-]*+):(?=[^\s/:])")
"""A key whose colon lacks the blank behind it."""
_PROPERTIES = re.compile(r"(?:[&!][^\s]*+[ \t]++)*+")
_COMMENT = re.compile(r"[ \t]#")
_BLANKS = re.compile(r"[ \t]*+")


@dataclass(slots=True)
class _Level:
    """A map or a list that is open, by the column at which its keys or dashes stand."""

    is_list: bool
    column: int
    path: KeyPath
    count: int = 0
    last: str | None = None

    @property
    def inner(self) -> KeyPath:
        """The path of what stands deeper than this."""
        if self.is_list:
            return (*self.path, max(self.count - 1, 0))
        return self.path if self.last is None else (*self.path, self.last)


def sketch_yaml(text: str, start: int, end: int) -> list[SketchEntry]:
    """Sketch the keys of YAML between two offsets."""
    return _Yaml(text, start, end).run()


class _Yaml:
    def __init__(self, text: str, start: int, end: int) -> None:
        self._text, self._at, self._end = text, start, end
        self._levels: list[_Level] = []
        self._into = Collected(text)

    def run(self) -> list[SketchEntry]:
        while self._at < self._end:
            self._line()
        return self._into.entries

    def _line(self) -> None:
        start = self._at
        end = self._line_end(start)
        self._at = end + 1
        first = self._skip(start, end)
        stop = start + len(self._text[start:end].rstrip())
        if first >= stop or self._text[first] == "#" or self._text[start:stop] in ("---", "..."):
            return
        self._content(first, first - start, stop)

    def _content(self, at: int, column: int, end: int) -> None:
        item: KeyPath | None = None
        dash = (at, at)
        while self._text[at] == "-" and (at + 1 >= end or self._text[at + 1] in " \t"):
            level = self._list_at(column, item)
            item, dash = (*level.path, level.count), (at, at + 1)
            level.count += 1
            rest = self._skip(at + 1, end)
            if rest >= end:
                blank = min(at + 2, self._line_end(at))
                self._into.add(SketchEntry(item, dash, (blank, blank), column=column))
                return
            column, at = column + rest - at, rest
        found = _KEY.match(self._text, at, end) or _TIGHT.match(self._text, at, end)
        if found:
            self._key(found, column, end, item)
        elif item is not None:
            self._value(item, dash, at, end, column - 1)
        elif self._text[at] in "{[" and not self._levels:
            self._flow(self._map_at(column, None).path, (at, at), at, column - 1)
        else:
            self._loose(at, column, end)

    def _key(self, found: re.Match[str], column: int, end: int, item: KeyPath | None) -> None:
        level = self._map_at(column, item)
        key = found.span("key")
        written = found["key"].rstrip()
        level.last = unquoted(written) if written[0] in "\"'" else written
        path = (*level.path, level.last)
        at = _PROPERTIES.match(self._text, self._skip(found.end(), end), end)
        self._value(path, (key[0], key[0] + len(written)), at.end() if at else found.end(), end, column)

    def _loose(self, at: int, column: int, end: int) -> None:
        """Take a line without a colon for a key that is being typed."""
        level = self._map_at(column, None)
        token = self._text[at:end]
        name = unquoted(token) if token[0] in "\"'" else token
        self._into.add(SketchEntry((*level.path, name), (at, end), (end, end), column=column, whole=False))

    def _value(self, path: KeyPath, key: Range, at: int, end: int, column: int) -> None:
        text = self._text
        if at >= end or text[at] == "#":
            line_end = self._line_end(key[1])
            colon = text.find(":", key[1], line_end)
            blank = min((colon if colon >= 0 else key[1]) + 2, line_end)
            self._into.add(SketchEntry(path, key, (blank, blank), column=column))
        elif text[at] in "|>":
            self._block(path, key, at, column)
        elif text[at] in "[{":
            self._flow(path, key, at, column)
        elif text[at] in "\"'":
            self._quoted(path, key, at, end, column)
        else:
            self._plain(path, key, at, end, column)

    def _plain(self, path: KeyPath, key: Range, at: int, end: int, column: int) -> None:
        comment = _COMMENT.search(self._text, at, end)
        stop = comment.start() if comment else end
        while not comment and self._at < self._end and self._continues(self._at, column):
            following = self._line_end(self._at)
            stop = self._at + len(self._text[self._at : following].rstrip())
            self._at = following + 1
        stop = at + len(self._text[at:stop].rstrip())
        self._into.add(SketchEntry(path, key, (at, stop), " ".join(self._text[at:stop].split()), column=column))

    def _continues(self, start: int, column: int) -> bool:
        """Say whether a line goes on with the scalar above it."""
        end = self._line_end(start)
        at = self._skip(start, end)
        inside = at < end and at - start > column and self._text[at] not in "#\r"
        dashed = self._text[at : at + 2] in ("- ", "-\n", "-\t")
        return inside and not dashed and not (_KEY.match(self._text, at, end) or _TIGHT.match(self._text, at, end))

    def _quoted(self, path: KeyPath, key: Range, at: int, end: int, column: int) -> None:
        stop = end_of_quoted(self._text, at, end)
        if stop is None:
            stop = end_of_quoted(self._text, at, self._end)
            lines = [] if stop is None else list(self._starts(self._at, stop))
            if stop is None or any(self._indent(start) <= column and self._skip(start, stop) < stop for start in lines):
                stop = end  # it is not closed yet
            else:
                self._at = self._line_end(stop) + 1
        self._into.add(SketchEntry(path, key, (at, stop), unquoted(self._text[at:stop]), column=column))

    def _block(self, path: KeyPath, key: Range, at: int, column: int) -> None:
        stop = self._line_end(at)
        while self._at < self._end:
            end = self._line_end(self._at)
            if self._skip(self._at, end) < len(self._text[:end].rstrip()) and self._indent(self._at) <= column:
                break
            stop, self._at = end, end + 1
        text = "\n".join(line.strip() for line in self._text[at:stop].split("\n")[1:])
        self._into.add(SketchEntry(path, key, (at, stop), text, column=column))

    def _flow(self, path: KeyPath, key: Range, at: int, column: int) -> None:
        brackets = Brackets(self._into, ":", lambda start: self._leaves_flow(start, column))
        end = sketch_flow(brackets, at, self._end, path, key)
        self._at = max(self._line_end(end) + 1 if end < self._end else self._end, self._at)

    def _leaves_flow(self, start: int, column: int) -> bool:
        end = self._line_end(start)
        at = self._skip(start, end)
        outside = at < end and at - start <= column
        return outside and (self._text[at : at + 2] == "- " or _KEY.match(self._text, at, end) is not None)

    def _list_at(self, column: int, item: KeyPath | None) -> _Level:
        while self._levels and self._levels[-1].column > column:
            self._levels.pop()
        top = self._levels[-1] if self._levels else None
        if top is not None and top.is_list and top.column == column and item is None:
            return top
        level = _Level(True, column, item if item is not None else top.inner if top else ())
        self._levels.append(level)
        return level

    def _map_at(self, column: int, item: KeyPath | None) -> _Level:
        if item is None:
            while self._levels and (self._levels[-1].column > column or (self._levels[-1].is_list and self._levels[-1].column >= column)):
                self._levels.pop()
            top = self._levels[-1] if self._levels else None
            if top is not None and not top.is_list and top.column == column:
                return top
            item = top.inner if top else ()
        level = _Level(False, column, item)
        self._levels.append(level)
        return level

    def _indent(self, start: int) -> int:
        return self._skip(start, self._line_end(start)) - start

    def _starts(self, start: int, end: int) -> list[int]:
        """Give the starts of the lines between two offsets."""
        found = []
        while start < end:
            found.append(start)
            start = self._line_end(start) + 1
        return found

    def _skip(self, at: int, end: int) -> int:
        found = _BLANKS.match(self._text, at, end)
        return found.end() if found else at

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at, self._end)
        return self._end if end < 0 else end
