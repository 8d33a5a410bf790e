"""Names that are spelt in two ways: by case, accents, punctuation or number. What may well be two things is left alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from exporter.language.slugs import slug

_SPELT_OUT = {"&": " and ", "+": " plus ", "#": " sharp ", "@": " at ", "%": " percent "}
"""Signs that tell names apart: C, C++ and C# are three languages."""
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,:](?=\d)")
_JOINED = re.compile(r"(?<!\d)-|-(?!\d)")
_NO_PLURALS = ("ss", "us", "is", "news", "series", "species", "means")
_SHOWN = 60
"""Characters of a name that a message shows."""
_SHORTEST = 4
"""Letters of a word that may stand in the plural."""


class Spelling(NamedTuple):
    """A rarer spelling of a name, the usual one, and in what they differ."""

    rare: str
    usual: str
    difference: str


def spellings(counts: Iterable[tuple[str, int]], *, words: bool) -> Iterator[Spelling]:
    """Yield the rarer spellings of each name; `words` may stand in the plural, what is not a word for something may not.

    >>> [*spellings([("AI", 30), ("ai", 2), ("C", 3), ("C++", 4), ("Topics", 1), ("Topic", 9)], words=True)]
    [Spelling(rare='ai', usual='AI', difference='case'), Spelling(rare='Topics', usual='Topic', difference='number (singular or plural)')]
    """
    # nobody means a space at an end
    numbered = [(_key(text, words=words), text != text.strip(), -count, place, text) for place, (text, count) in enumerate(counts)]
    for key, group in groupby(sorted(numbered), key=lambda each: each[0]):
        usual, *rest = (text for *_, text in group)
        for rare in rest if key else ():
            yield Spelling(rare, usual, _difference(rare, usual))


def _key(text: str, *, words: bool) -> str:
    """Give what all spellings of a name have in common; nothing for what is not a name."""
    plain = text.strip()
    lead = "dot " if plain.startswith(".") else ""
    for sign, spelt_out in _SPELT_OUT.items():
        plain = plain.replace(sign, spelt_out)
    parts = slug(lead + _BETWEEN_DIGITS.sub(" point ", plain)).split("-")
    if words and text[-1:].islower():
        parts[-1] = _singular(parts[-1])
    key = _JOINED.sub("", "-".join(parts))
    return key if any(character.isalpha() for character in key) else ""


def _singular(word: str) -> str:
    if len(word) < _SHORTEST or not word.isascii() or not word.endswith("s") or word.endswith(_NO_PLURALS):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("xes", "zes", "ches", "shes", "sses")) else word[:-1]


def _difference(one: str, other: str) -> str:
    if one.casefold() == other.casefold():
        return "case"
    if _without_accents(one) == _without_accents(other):
        return "accents"
    if _key(one, words=False) == _key(other, words=False):
        return "punctuation or spaces"
    return "number (singular or plural)"


def _without_accents(text: str) -> str:
    return "".join(character for character in unicodedata.normalize("NFKD", text) if not unicodedata.combining(character)).casefold()


def shown_apart(one: str, other: str) -> tuple[str, str]:
    """Give two long names as their parts around the first difference: they are shortened where they are shown, and would look the same.

    >>> shown_apart("topic", "Topic"), shown_apart("a" * 90 + "X", "a" * 90 + "Y")[0]
    (('topic', 'Topic'), '…aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaX')
    """
    if max(len(one), len(other)) <= _SHOWN:
        return one, other
    first = next((place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    start = max(0, first - _SHOWN // 2)
    lead = "…" if start else ""
    return lead + one[start:], lead + other[start:]


def are_keywords(counts: Collection[int]) -> bool:
    """Say whether texts are keywords, which come again and again, and not sentences or addresses of a record's own."""
    return sum(counts) >= 2 * len(counts)
