"""What an author meant where YAML is broken: a template placeholder without quotes, or a colon without the space behind it.

The parser complains where it can't go on, often a line below; the slip stands on the lines that it was reading.
"""

from __future__ import annotations

import re

from exporter.records.faults import Fault
from exporter.text import quote, shorten

_QUOTED = r"(?<!\\)\"(?:[^\"\\]|\\.)*+\"|'(?:[^']|'')*+'|(?:^|(?<=[ \t]))#[^\r\n]*+"
_PLACEHOLDER = re.compile(
    rf"{_QUOTED}|(?P<found>\{{\{{[^\r\n]*?\}}\}}\}}?+|\{{%[^\r\n]*?%\}}|<%[^\r\n]*?%>|(?<![\w%])%[A-Za-z_][\w.-]*+%(?!\w))", re.MULTILINE
)
_COLON = re.compile(
    r"^[ ]*+(?:-[ ]++)*+(?P<key>[^\W\d][\w.-]*+(?:[ ][\w.-]++)*+)(?P<colon>[:：])(?!//)(?P<value>[^\s:][^\r\n]*|[^\S\r\n\t ][^\r\n]*)$",
    re.MULTILINE,
)
_SECOND_KEY = re.compile(r":[ \t]")


def find_slip(source: str, first: int, last: int, offset: int) -> Fault | None:
    r"""Say which slip stands on the lines from the one of `first` to the one of `last`; `offset` is where `source` starts in the file.

    >>> find_slip("title:T\ntags: [a]\n", 0, 8, 0).message
    'a space is missing after the colon of "title"'
    """
    start, end = _lines(source, first, last)
    return find_placeholder(source, first, last, offset) or _colon(source, start, end, offset)


def _lines(source: str, first: int, last: int) -> tuple[int, int]:
    start = max(source.rfind("\n", 0, first), source.rfind("\r", 0, first)) + 1
    ends = [at for at in (source.find("\n", last), source.find("\r", last)) if at >= 0]
    return start, min(ends, default=len(source))


def find_placeholder(source: str, first: int, last: int, offset: int) -> Fault | None:
    """Say which template placeholder stands without quotes on the lines from the one of `first` to the one of `last`."""
    for match in _PLACEHOLDER.finditer(source, *_lines(source, first, last)):
        if match["found"]:
            place = (offset + match.start("found"), offset + match.end("found"))
            message = f"{shorten(match['found'], 40)} is a template placeholder, not a value"
            return Fault("YAML-PLACEHOLDER", message, *place, "quote it, or exclude the file")
    return None


def _colon(source: str, start: int, end: int, offset: int) -> Fault | None:
    match = _COLON.search(source, start, end)
    if match is None or _SECOND_KEY.search(match["value"]):
        return None
    key, value, at = match["key"], match["value"], offset + match.start("colon")
    if match["colon"] != ":":
        message = f"the colon after {quote(key)} is U+{ord(match['colon']):04X}, which YAML reads as a letter"
        return Fault("YAML-NO-SPACE", message, at, at + 1, f"write an ordinary colon and a space: {shorten(f'{key}: {value.strip()}', 60)}")
    behind = value[0]
    if behind.isspace():
        message = f"the space after the colon of {quote(key)} is U+{ord(behind):04X}, which YAML reads as a letter"
        return Fault("YAML-NO-SPACE", message, at, at + 2, f"write an ordinary space: {shorten(f'{key}: {value.strip()}', 60)}")
    message = f"a space is missing after the colon of {quote(key)}"
    return Fault("YAML-NO-SPACE", message, at, at + 1, f"write {shorten(f'{key}: {value.rstrip()}', 60)}")
