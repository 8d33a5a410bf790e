"""What stands in the text itself: `#tags` by Obsidian's rules, inline fields by Dataview's, bare addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from exporter.records.nodes import Range

_TAG = re.compile(r"(?<!\S)#(?P<tag>[^\s\u2000-\u206f\u2e00-\u2e7f'!\"#$%&()*+,.:;<=>?@^`{|}~\[\]\\]++)")
_ADDRESS = re.compile(r"(?<![\w/.@])https?://[^\s<>\"'`{}|\\^\[\]]{1,2000}+")
_TRAILING = ".,;:!?'\"*_~"
_KEY = r"[*_~]*+(?P<key>[^\W_][^:()\[\]{}#|<>`\"=!?;*~\n]{0,99}+)[*~]*+"
_LINE_FIELD = re.compile(rf"[ \t]*+(?:\[.\][ \t]++)?+{_KEY}::[ \t]*+(?P<value>[^\n]*+)")
_BRACKET_FIELD = re.compile(rf"[\[(][ \t]*+{_KEY}::[ \t]*+")
_LIST = re.compile(r"(?:\[\[[^\[\]\n]++\]\]|\"[^\"\n]*+\")(?:[ \t]*+,[ \t]*+(?:\[\[[^\[\]\n]++\]\]|\"[^\"\n]*+\"))++")
_ITEM = re.compile(r"\[\[[^\[\]\n]++\]\]|\"(?P<quoted>[^\"\n]*+)\"")
_PAIRS = {"[": "]", "(": ")"}


def without(content: str, ranges: Sequence[Range]) -> str:
    """Blank out some ranges of a text; what follows keeps its place."""
    characters = list(content)
    for start, end in ranges:
        characters[start:end] = [" "] * (end - start)
    return "".join(characters)


def find_tags(content: str) -> Iterator[Range]:
    """Yield where tags stand, without their `#`: behind white space, with at least one character that is not a digit.

    >>> [content[slice(*at)] for content in ("#a/b (#no) #2024 #x2024, a#b",) for at in find_tags(content)]
    ['a/b', 'x2024']
    """
    return (found.span("tag") for found in _TAG.finditer(content) if not found["tag"].isdigit())


def find_addresses(content: str) -> Iterator[Range]:
    """Yield where bare addresses stand (GitHub Flavored Markdown, section 6.9), without the punctuation behind them."""
    for found in _ADDRESS.finditer(content):
        address = found[0].rstrip(_TRAILING)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_TRAILING)
        if len(address) > len("https://"):
            yield found.start(), found.start() + len(address)


def find_fields(content: str, masked: str) -> Iterator[tuple[Range, list[Range]]]:
    """Yield where inline fields stand, key and values; `masked` is the text without code.

    A line `key:: value` is one, or has those in its brackets, `[key:: value]` and `(key:: value)`. A value of several links, or several
    texts in double quotes, is a list.
    """
    at = 0
    for line in content.split("\n"):
        end = at + len(line)
        inside = list(_in_brackets(masked, at, end)) if "::" in line else []
        whole = _LINE_FIELD.match(masked, at, end) if "::" in line and not inside else None
        for key, value in inside or ([(whole.span("key"), whole.span("value"))] if whole else []):
            if content[slice(*value)].strip():
                yield _stripped(content, key), _values(content, _stripped(content, value))
        at = end + 1


def _in_brackets(masked: str, start: int, end: int) -> Iterator[tuple[Range, Range]]:
    """Yield the fields of a line that stand in brackets, in one pass: a bracket that is closed looks whether it opened a field."""
    opened: list[int] = []
    for at in range(start, end):
        character = masked[at]
        if character in _PAIRS:
            opened.append(at)
        elif character in ")]":
            while opened and _PAIRS[masked[opened[-1]]] != character:
                opened.pop()
            if opened and (field := _BRACKET_FIELD.match(masked, opened.pop(), at)):
                yield field.span("key"), (field.end(), at)


def _stripped(content: str, place: Range) -> Range:
    text = content[slice(*place)]
    start = place[0] + len(text) - len(text.lstrip())
    return start, max(start, place[1] - len(text) + len(text.rstrip()))


def _values(content: str, place: Range) -> list[Range]:
    if _LIST.fullmatch(content, *place) is None:
        return [place]
    return [found.span("quoted") if found["quoted"] is not None else found.span() for found in _ITEM.finditer(content, *place)]
