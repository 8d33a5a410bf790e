r"""Regular expressions as JavaScript and JSON Schema take them (https://tc39.es/ecma262/#sec-patterns, with the flag `u`).

What is written matches at least what the given pattern matches: where the two languages differ (`\w` has the letters of every script here,
and those of ASCII there), the wider meaning is taken, because a schema may let a value through that is looked at again, and must not
refuse a good one. It is also read by Python's `re`, which some validators use.
"""

from __future__ import annotations

import re

from exporter.language.regex import Back, Char, Choice, Concatenation, Empty, Group, Node, Repeat, UnknownPartError, parse

_WIDE = {r"\d": r"[^\x00-/:-\x7f]", r"\w": r"[^\x00-/:-@\[-^`{-\x7f]"}
"""Digits, letters and `_` of ASCII, and all that is not ASCII."""
_NARROW = {r"\d": "0-9", r"\w": "0-9A-Z_a-z"}
_CATEGORY = re.compile(r"\\[dDwWsS]")
_UNESCAPED = re.compile(r"\\([&~])")
_AS_IT_IS = re.compile(r"(?:[^\\{}()\[\]]|\\[.^$*+?()\[\]{}|/\\]|\{[0-9]+(?:,[0-9]*)?\}(?!\+)|\((?!\?)|\(\?:|\)|\[\^?[^\\\[\]]+\])*")
"""A pattern that means the same in both languages: no category, no look-around, no group by name."""
_POSSESSIVE = re.compile(r"[*+?]\+")
_NAMED = re.compile(r"\(\?P<\w+>")
_ASTRAL = re.compile(r"\\U([0-9a-f]{8})")


def to_ecma(pattern: str) -> str | None:
    r"""Write a pattern of Python for JavaScript; None where JavaScript can't say it.

    >>> to_ecma(r"(?P<scheme>[^:]+): (?P<label>.+)"), to_ecma(r"[\w.]+@\d"), to_ecma("(?i:a)")
    ('(?:[^:]+): (?:.+)', '(?:[.]|[^\\x00-/:-@\\[-^`{-\\x7f])+@[^\\x00-/:-\\x7f]', None)
    """
    plain = _NAMED.sub("(?:", pattern)
    if _AS_IT_IS.fullmatch(plain) and not _POSSESSIVE.search(plain):
        return plain
    try:
        return _written(parse(pattern))
    except (re.error, UnknownPartError, OverflowError, RecursionError):
        return None


def _written(node: Node) -> str:
    match node:
        case Char():
            if node.flags:
                raise UnknownPartError(f"the flags {node.flags}")
            return _character(node.text)
        case Empty():
            return {"^": "^", r"\A": "^", "$": "$", r"\Z": "$"}.get(node.text, "")
        case Back():
            raise UnknownPartError("a back-reference")
        case Concatenation():
            return "".join(f"(?:{_written(part)})" if isinstance(part, Choice) else _written(part) for part in node.parts)
        case Choice():
            return "|".join(map(_written, node.parts))
        case Group():
            return f"(?:{_written(node.part)})"
        case Repeat():
            return _repeated(node)


def _repeated(node: Repeat) -> str:
    inner = _written(node.part)
    if not inner:
        return ""
    text = inner if isinstance(node.part, (Char, Group)) else f"(?:{inner})"
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((node.low, node.high))
    high = "" if node.high is None else str(node.high)
    count = known or (f"{{{node.low}}}" if node.low == node.high else f"{{{node.low},{high}}}")
    return text + count + ("?" if node.mode == "?" else "")


def _character(text: str) -> str:
    """Write one character or a set of them."""
    text = _ASTRAL.sub(lambda found: chr(int(found[1], 16)), _UNESCAPED.sub(r"\1", text))
    if not text.startswith("["):
        return _WIDE.get(text, text)
    named = [name for name in _CATEGORY.findall(text) if name != r"\s"]
    if not named:
        return text
    if text.startswith("[^"):  # narrower inside is wider outside
        if any(name not in _NARROW for name in named):
            raise UnknownPartError("a set without a category's characters")
        return _CATEGORY.sub(lambda found: _NARROW.get(found[0], found[0]), text)
    rest = _CATEGORY.sub(lambda found: found[0] if found[0] == r"\s" else "", text)
    wide = [_WIDE.get(name, name) for name in dict.fromkeys(named)]
    return f"(?:{'|'.join([*([rest] if rest != '[]' else []), *wide])})"
