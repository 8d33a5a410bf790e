r"""Which typed characters each character of a scalar's value comes from: through escapes, doubled quotes, folding and indentation.

A value keeps the order of what was typed, and only white space is dropped or changed (YAML 1.2.2, sections 6.5, 7.3, 8.1).
So the characters that are not white space pair off one by one, and the white space between two of them comes from the
white space between the two they pair with. That one rule serves every style of every syntax; where it does not hold, None
is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from exporter.records.nodes import Range, Scalar

_SURROGATES = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_NUMERIC = r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8})"
_DROPPED = r"\\[ \t]*\r?\n\s*"  # an escaped line break, with the next line's indentation
_ESCAPED = re.compile(rf"({_SURROGATES})|({_NUMERIC})|({_DROPPED})|\\(.)|.", re.DOTALL)
_DOUBLED = {"'": re.compile(r"''|.", re.DOTALL), '"': re.compile(r"\"\"|.", re.DOTALL)}
_WHITE = frozenset(" \t\r\n")
_NAMED = {"0": "\0", "a": "\a", "b": "\b", "t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r", "e": "\x1b"}
_NAMED |= {"_": "\xa0", "N": "\x85", "L": "\u2028", "P": "\u2029"}


class _Typed(NamedTuple):
    character: str
    place: Range
    fixed: bool  # an escape or no white space: it can't be dropped


def origins(text: str, node: Scalar) -> list[Range] | None:
    r"""Give the range of `text` for each character of the node's value, or None where that can't be said.

    >>> origins(r'"a\nb"', Scalar(0, 6, "a\nb", "double"))
    [(1, 2), (2, 4), (4, 5)]
    """
    start, end = node.start, node.end
    if text[start:end] == node.text:
        return [(at, at + 1) for at in range(start, end)]
    typed = list(_typed(text, node))
    ranges: list[Range] = []
    gap: list[_Typed] = []
    for character in typed:
        if not character.fixed:
            gap.append(character)
            continue
        stop = _skip_white(node.text, len(ranges), character.character)
        if stop >= len(node.text) or node.text[stop] != character.character:
            return None
        ranges += _spread(stop - len(ranges), gap, character.place[0])
        ranges.append(character.place)
        gap = []
    rest = len(node.text) - len(ranges)
    if rest and node.text[len(ranges) :].strip(" \t\r\n"):
        return None
    return ranges + _spread(rest, gap, end)


def _skip_white(value: str, at: int, wanted: str) -> int:
    while at < len(value) and value[at] in _WHITE and value[at] != wanted:
        at += 1
    return at


def _spread(count: int, gap: list[_Typed], default: int) -> list[Range]:
    """Give places to `count` characters of white space that come from the typed white space `gap`."""
    if not gap:
        return [(default, default)] * count
    return [gap[min(i, len(gap) - 1)].place for i in range(count)]


def _typed(text: str, node: Scalar) -> Iterator[_Typed]:
    first = text[node.start : node.start + 1]
    if node.style in ("literal", "folded"):
        header = text.find("\n", node.start, node.end)
        return _read_plain(text, header + 1 if header >= 0 else node.end, node.end)
    quotes = 3 if text.startswith(('"""', "'''"), node.start) and node.style == "toml" else 1
    start, end = node.start + quotes, node.end - quotes
    if first == '"' and node.style in ("double", "json", "toml"):
        return _read_escaped(text, start, end)
    if (first == "'" and node.style == "single") or (first == '"' and node.style == "table"):
        return _read_doubled(text, start, end, first)
    if first == "'" and node.style == "toml":
        return _read_plain(text, start, end)
    return _read_plain(text, node.start, node.end)


def _read_plain(text: str, start: int, end: int) -> Iterator[_Typed]:
    for at in range(start, end):
        yield _Typed(text[at], (at, at + 1), text[at] not in _WHITE)


def _read_doubled(text: str, start: int, end: int, mark: str) -> Iterator[_Typed]:
    for match in _DOUBLED[mark].finditer(text, start, end):
        yield _Typed(match[0][0], match.span(), match[0] not in _WHITE)


def _read_escaped(text: str, start: int, end: int) -> Iterator[_Typed]:
    for match in _ESCAPED.finditer(text, start, end):
        pair, numeric, dropped, named = match.groups()
        if pair:
            high, low = int(pair[2:6], 16), int(pair[8:12], 16)
            yield _Typed(chr(0x10000 + ((high - 0xD800) << 10) + low - 0xDC00), match.span(), True)
        elif numeric:
            yield _Typed(chr(int(f"0x{numeric[2:]}", 0)), match.span(), True)
        elif named:
            yield _Typed(_NAMED.get(named, named), match.span(), True)
        elif not dropped:
            yield _Typed(match[0], match.span(), match[0] not in _WHITE)
