"""Turning text into the part of an address that people can read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby

from exporter.language.hidden import VARIATION_SELECTORS, joins_after_virama

_NOT_WORD = re.compile(r"[^\w]+|_+")
_NO_LETTERS = frozenset({*VARIATION_SELECTORS, "\u034f", "\u17b4", "\u17b5"})  # marks that only choose a glyph, join marks, or don't show
_SPLIT_VOWELS = (("\u0e4d\u0e32", "\u0e33"), ("\u0ecd\u0eb2", "\u0eb3"))  # am in Thai and Lao: nobody writes it in two


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Make a slug: lower case, letters and digits of any script with single hyphens between.

    Only Latin and Greek letters lose their accents. In other scripts marks are letters: vowels in Devanagari and Thai, the stroke that
    tells ガ from カ or й from и.

    >>> slug("Barriers & Guidelines"), slug("Café  société"), slug("हिन्दी भाषा"), slug("กิน")
    ('barriers-guidelines', 'cafe-societe', 'हिन्दी-भाषा', 'กิน')
    """
    if text.isascii():
        return _NOT_WORD.sub("-", text.lower()).strip("-")
    parted = _kinds(unicodedata.normalize("NFKD", text))
    plain = "".join(character for character, kind in parted if kind == "word" or (not kind and not unicodedata.combining(character)))
    plain = unicodedata.normalize("NFC", plain).lower()
    for parts, whole in _SPLIT_VOWELS:
        plain = plain.replace(parts, whole)
    runs = groupby(_kinds(plain), lambda found: "line" if found[0] == "_" else found[1])
    return "".join("".join(character for character, _ in run) if kind == "word" else "-" for kind, run in runs).strip("-")


def _kinds(text: str) -> Iterator[tuple[str, str]]:
    """Give each character, and whether it belongs to a `word`, as marks that are letters do; a `glyph` only chooses how one looks."""
    takes_marks = False
    for at, character in enumerate(text):
        if character.isalnum():
            takes_marks, kind = _takes_marks(character), "word"
        elif takes_marks and character in _NO_LETTERS:
            kind = "glyph"
        elif takes_marks and (unicodedata.category(character) in {"Mn", "Mc"} or joins_after_virama(text, at)):
            kind = "word"
        else:
            takes_marks, kind = False, ""
        yield character, kind


@lru_cache(maxsize=4096)
def _takes_marks(character: str) -> bool:
    if character.isascii() or not character.isalpha():
        return False
    return not unicodedata.name(character, "").startswith(("LATIN ", "GREEK ", "MODIFIER LETTER "))
