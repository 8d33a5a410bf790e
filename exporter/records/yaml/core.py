"""YAML 1.2 core: what a plain scalar's characters suggest (YAML 1.2.2, section 10.3.2), and which characters a value may hold."""

from __future__ import annotations

import re
import unicodedata

from exporter.records.values import CoreType, Plain

MAX_INT_DIGITS = 18
"""Longer integers are kept as typed: they don't fit 64 bits, and Python refuses to convert more than 4,300 digits."""

NULL_WORDS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {"true": True, "false": False}
_BOOLEAN_WORDS = frozenset(("True", "TRUE", "False", "FALSE"))
_CANONICAL_INTEGER = re.compile(r"0|-?[1-9][0-9]{0,17}")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_DOUBLE = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_NUMBER_START = frozenset("+-.0123456789")

UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What may not stand in YAML as it is (section 5.1); an escape in double quotes may name it."""

IMPOSSIBLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
"""What no value may hold, however it is written: what `xsd:string` lacks (the characters of XML 1.1; XML Schema 1.1, section 3.3.1)."""


def resolve_plain(text: str) -> str | int | bool | None:
    """Read a plain scalar by the core schema, keeping the typed characters of what would lose them.

    >>> resolve_plain("42"), resolve_plain("3.10").core, resolve_plain("NO"), resolve_plain("~")
    (42, 'double', 'NO', None)
    """
    if text in NULL_WORDS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text in _BOOLEAN_WORDS:
        return Plain(text, "boolean")
    if text[0] in _NUMBER_START:
        core = number_type(text)
        if core is not None:
            return resolve_integer(text) if core == "integer" else Plain(text, core)
    return text


def resolve_integer(text: str) -> int | Plain:
    """Read an integer: an `int` when that says exactly what was typed.

    >>> resolve_integer("-7"), resolve_integer("007")
    (-7, '007')
    """
    return int(text) if _CANONICAL_INTEGER.fullmatch(text) else Plain(text, "integer")


def number_type(text: str) -> CoreType | None:
    """Say which number a text is, if any."""
    if _INTEGER.fullmatch(text):
        return "integer"
    return "double" if _DOUBLE.fullmatch(text) else None


def name_character(character: str) -> str:
    r"""Name a character that does not show.

    >>> name_character("\x07"), name_character("\ufffe")
    ('control character U+0007', 'noncharacter U+FFFE')
    """
    return f"{'control character' if unicodedata.category(character) == 'Cc' else 'noncharacter'} U+{ord(character):04X}"
