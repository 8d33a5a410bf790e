"""Find the front matter of a text that may not parse, and sketch it."""

from __future__ import annotations

import json
import posixpath
import re
from typing import NamedTuple

from exporter.language_server.sketch.flow import Brackets, sketch_flow
from exporter.language_server.sketch.model import Collected, Sketch, SketchEntry
from exporter.language_server.sketch.toml import sketch_toml
from exporter.language_server.sketch.yaml import sketch_yaml
from exporter.records.framing import WHOLE_FILE_SUFFIXES, find_line

_OPENING = re.compile(r"(?P<fence>---|\+\+\+|;;;)(?:[ \t]*+(?P<named>[a-z]++))?[ \t]*+\r?\n")
_SYNTAX = {"---": "yaml", "+++": "toml", ";;;": "json"}
_GOES_ON = re.compile(r"[ \t]++\S|[\w\"'$@.-]++[ \t]*+[:=]|- |#|\[|[}\]]")
"""What a line of front matter begins with, below a blank line."""
_FIRST_KEY = re.compile(r"[\w-]++:[ \t\r\n]")
_BLANK_LINE = re.compile(r"\n[ \t\r]*+\n")


class Front(NamedTuple):
    """Where the front matter of a text stands, without its fences, and its syntax."""

    syntax: str
    start: int
    end: int


def find_front(path: str, text: str) -> Front | None:
    """Find the front matter as an editor has it: its fence may not be closed. None where there is none."""
    syntax = WHOLE_FILE_SUFFIXES.get(posixpath.splitext(path)[1].lower())
    if syntax is not None:
        return Front(syntax, 0, len(text))
    opening = _OPENING.match(text, len(text) - len(text.lstrip()))
    if opening is None:
        return _json_front(text) or _unopened(text)
    named = opening["named"] if opening["named"] in ("yaml", "toml", "json") else None
    syntax, start = named or _SYNTAX[opening["fence"]], opening.end()
    closing = find_line(text, opening["fence"], start, len(text))
    if closing is None and syntax == "yaml":
        closing = find_line(text, "...", start, len(text))
    return Front(syntax, start, closing[0] if closing else _end_of_unclosed(text, start))


def _json_front(text: str) -> Front | None:
    """Find an object that stands at the start without fences (Hugo)."""
    if not text.startswith("{") or text.startswith(("{{", "{%")):
        return None
    try:
        end = json.JSONDecoder().raw_decode(text)[1]
    except (ValueError, RecursionError):
        close = find_line(text, "}", 1, len(text))
        end = close[0] + 1 if close else len(text)
    return Front("json", 0, end)


def _unopened(text: str) -> Front | None:
    """Find keys that only a closing fence sets off (Hexo)."""
    fence, syntax = ("---", "yaml") if _FIRST_KEY.match(text) else (";;;", "json")
    closing = find_line(text, fence, 1, len(text)) if syntax == "yaml" or text.startswith('"') else None
    return Front(syntax, 0, closing[0]) if closing else None


def _end_of_unclosed(text: str, start: int) -> int:
    """Give the blank line behind which no key follows: there the body begins."""
    for blank in _BLANK_LINE.finditer(text, max(start - 1, 0)):
        if not _GOES_ON.match(text, blank.end()):
            return blank.start() + 1
    return len(text)


def sketch(path: str, text: str) -> Sketch | None:
    """Sketch the front matter of a text; None where it has none."""
    front = find_front(path, text)
    return None if front is None else sketch_front(text, front)


def sketch_front(text: str, front: Front) -> Sketch:
    """Sketch what stands at a place that is known."""
    return Sketch(front.syntax, (front.start, front.end), tuple(_entries(text, front)))


def _entries(text: str, front: Front) -> list[SketchEntry]:
    if front.syntax == "yaml":
        return sketch_yaml(text, front.start, front.end)
    if front.syntax == "toml":
        return sketch_toml(text, front.start, front.end)
    into = Collected(text)
    start = next((at for at in range(front.start, front.end) if not text[at].isspace()), front.end)
    if start < front.end:
        sketch_flow(Brackets(into, ":", lambda _: False), start, front.end, (), (start, start))
    return into.entries
