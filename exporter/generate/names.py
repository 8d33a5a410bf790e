"""Names and texts in the Turtle that is generated for people: they load whatever a record calls its keys."""

from __future__ import annotations

import re

from exporter.language.hidden import holds_hidden
from exporter.problems import KeyPath
from exporter.rdf.prefixes import LETTER

_WORD = re.compile(rf"[{LETTER}0-9]+")
_JOINERS = {0x200C: None, 0x200D: None}
"""Turtle has them among its letters; in a name they stand only where they are spelling, or two names would look the same."""
_LOCAL_NAME = re.compile(rf"[{LETTER}_][{LETTER}_0-9\-]*")


def words(text: str) -> list[str]:
    """Give the words of a text that can stand in a name.

    >>> words("alt-text"), words("_posts")
    (['alt', 'text'], ['posts'])
    """
    return _WORD.findall(text.translate(_JOINERS) if holds_hidden(text) else text)


def local_name(path: KeyPath) -> str:
    """Make a property's name of a key path.

    >>> local_name(("featuredImage", "alt-text")), local_name(("2x",)), local_name(("end_date",))
    ('featuredImageAltText', 'key2x', 'endDate')
    """
    found = words(" ".join(part for part in path if isinstance(part, str)))
    name = "".join([found[0][:1].lower() + found[0][1:], *(word[:1].upper() + word[1:] for word in found[1:])]) if found else "key"
    return name if _LOCAL_NAME.fullmatch(name) else "key" + name


def escape(text: str) -> str:
    """Write a text between the quotes of a Turtle string, what does not show as its code."""
    return "".join("\\" + character if character in '"\\' else _shown(character) for character in text)


def comment(text: str) -> str:
    """Write a text in a comment, on its line."""
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return f"\\u{ord(character):04X}" if ord(character) < 0x10000 else f"\\U{ord(character):08X}"
