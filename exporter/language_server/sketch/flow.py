"""Maps and lists in brackets: JSON, and the flow style of YAML and TOML. A missing comma, quote or bracket ends nothing but itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from exporter.language_server.sketch.model import Collected, SketchEntry, end_of_quoted, unquoted
from exporter.problems import KeyPath
from exporter.records.nodes import Range

Stop = Callable[[int], bool]
"""Says of a line, by the offset of its start, whether it can't belong to what is in brackets any more."""


@dataclass(slots=True)
class _Open:
    """A bracket that is open: what is in it, and the key whose value is awaited."""

    kind: str
    path: KeyPath
    number: int
    index: int = 0
    key: Range | None = None
    name: str = ""
    colon: bool = False
    done: bool = False


@dataclass(frozen=True, slots=True)
class Brackets:
    """How brackets are read: where entries go, the `sign` between keys and values, `:` or `=`, and when to `stop`."""

    into: Collected
    sign: str
    stop: Stop


def sketch_flow(brackets: Brackets, start: int, end: int, path: KeyPath, key: Range) -> int:
    """Sketch what begins with the bracket at `start`, as the value of a path; give the offset behind it.

    What begins without one is the inside of a map, as between the fences of JSON.
    """
    return _Flow(brackets, end).run(start, path, key)


class _Flow:
    def __init__(self, brackets: Brackets, end: int) -> None:
        self._text, self._end = brackets.into.text, end
        self._into, self._sign, self._stop = brackets.into, brackets.sign, brackets.stop
        self._open: list[_Open] = []

    def run(self, at: int, path: KeyPath, key: Range) -> int:
        self._begin(at, path, key)
        at += self._text[at] in "{["
        while at < self._end and self._open:
            character = self._text[at]
            if character == "\n" and self._stop(at + 1):
                break
            at = self._step(at, character)
        while self._open:
            self._finish(at)
        return at

    def _step(self, at: int, character: str) -> int:
        top = self._open[-1]
        if character.isspace():
            return at + 1
        if character == "#" and self._text[at - 1].isspace():
            return self._line_end(at)
        if character in "{[":
            self._begin(at, self._path(top), self._taken(top, at))
            return at + 1
        if character in "}]":
            while len(self._open) > 1 and self._open[-1].kind != character and any(each.kind == character for each in self._open):
                self._finish(at)
            self._finish(at + 1)
            return at + 1
        if character == ",":
            self._next(top, at)
            return at + 1
        if character == self._sign and top.kind == "}" and not top.colon and (top.key is not None or self._was_key(top)):
            top.colon = True
            return at + 1
        return self._scalar(top, at)

    def _was_key(self, top: _Open) -> bool:
        """Take what was read as a value for the next key, because its sign follows: the one before has no value yet."""
        last = self._into.entries[-1]
        if not top.done or last.path != self._path(top) or last.text is None:
            return False
        self._into.entries.pop()
        top.key, top.colon, top.done = last.key, True, False
        self._pending(top, last.value[0])
        top.key, top.name, top.colon = last.value, last.text, False
        return True

    def _begin(self, at: int, path: KeyPath, key: Range) -> None:
        number = self._into.add(SketchEntry(path, key, (at, at + 1), None, flow=True))
        self._open.append(_Open("]" if self._text[at] == "[" else "}", path, number))

    def _finish(self, end: int) -> None:
        top = self._open.pop()
        self._pending(top, end)
        self._into.close(top.number, end)
        if self._open:
            self._open[-1].done = True

    def _path(self, top: _Open) -> KeyPath:
        return (*top.path, top.name if top.kind == "}" else top.index)

    def _taken(self, top: _Open, at: int) -> Range:
        """Take the key that a value answers to; one that lacks its sign or its comma has it where the value begins."""
        key, top.key, top.colon = top.key or (at, at), None, False
        if top.kind == "]" and top.done:
            top.index += 1
        return key

    def _next(self, top: _Open, at: int) -> None:
        self._pending(top, at)
        top.key, top.colon, top.done, top.name = None, False, False, ""
        top.index += 1

    def _pending(self, top: _Open, at: int) -> None:
        """Add a key that has no value yet."""
        if top.key is not None:
            value = self._blank(top.key[1], at) if top.colon else top.key[1]
            self._into.add(SketchEntry((*top.path, top.name), top.key, (value, value), "", flow=True, whole=top.colon))

    def _blank(self, start: int, at: int) -> int:
        """Give where a value would be typed between a key and what follows."""
        sign = self._text.find(self._sign, start, at)
        place = sign + 1 if sign >= 0 else start
        return place + 1 if self._text[place : place + 1] == " " and place < at else place

    def _scalar(self, top: _Open, at: int) -> int:
        is_key = top.kind == "}" and not top.colon
        end = self._token_end(at, is_key=is_key)
        token = self._text[at:end]
        text = unquoted(token) if token[0] in "\"'" else token
        if is_key:
            self._pending(top, at)
            top.key, top.name, top.done = (at, end), text, False
        else:
            if top.kind == "]" and top.done:
                top.index += 1
            path = self._path(top)
            self._into.add(SketchEntry(path, self._taken_key(top, at), (at, end), text, flow=True))
            top.done = True
        return end

    def _taken_key(self, top: _Open, at: int) -> Range:
        key, top.key, top.colon = top.key or (at, at), None, False
        return key

    def _token_end(self, at: int, *, is_key: bool) -> int:
        line_end = self._line_end(at)
        if self._text[at] in "\"'":
            closed = end_of_quoted(self._text, at, line_end)
            return closed or at + 1 + len(self._text[at + 1 : line_end].rstrip(" \t\r,]}"))
        end = at + 1
        while end < line_end and self._text[end] not in ",[]{}":
            if self._text[end] == self._sign and (is_key or self._sign == "=" or self._text[end + 1 : end + 2] in ("", " ", "\n")):
                break
            if self._text[end] == "#" and self._text[end - 1] in " \t":
                break
            end += 1
        return at + max(len(self._text[at:end].rstrip()), 1)

    def _line_end(self, at: int) -> int:
        end = self._text.find("\n", at, self._end)
        return self._end if end < 0 else end
