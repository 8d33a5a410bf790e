"""Characters that don't show: which of them are spelling, and which only make two texts differ that look the same.

Joiners are spelling where RFC 5892, appendices A.1 and A.2 (and UAX #31) say so, and in emoji; variation selectors where a character
stands before them that has variants. Marks of the writing direction never are: RFC 3987, section 4.1, forbids them in IRIs.
"""

from __future__ import annotations

import re
import unicodedata

VARIATION_SELECTORS = frozenset(map(chr, (*range(0x180B, 0x180E), 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))))
_MAYBE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\U000e0000-\U000e01ef]"
)
_TAGS = range(0xE0020, 0xE0080)
_TAGGED = "\U0001f3f4"  # the black flag, which tags make a region's
_KEYS = "0123456789#*"
_EMOJI_BESIDE_SYMBOLS = "‼⁉ℹ↔〰〽"
_VIRAMA = 9  # the canonical combining class
_JOINING_SCRIPTS = ("ARABIC ", "SYRIAC ", "NKO ", "MANDAIC ", "MONGOLIAN ", "ADLAM ", "HANIFI ", "PHAGS-PA ", "MANICHAEAN ", "SOGDIAN ")
_RIGHT_JOINING = (  # Joining_Type R of ArabicShaping.txt: nothing joins behind them
    "\u0622-\u0625\u0627\u0629\u062f-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06c0\u06c3-\u06cb\u06cd\u06cf\u06d2\u06d3\u06d5"
    "\u06ee\u06ef\u0710\u0715-\u0719\u071e\u0728\u072a\u072c\u072f\u074d\u0759-\u075b\u076b\u076c\u0771\u0773\u0774\u0778\u0779"
    "\u0840\u0846\u0847\u0849\u0854\u0856-\u0858\u0870-\u0882\u08aa-\u08ac\u08ae\u08b1\u08b2\u08b9"
)
_ONE_SIDED = re.compile(f"[{_RIGHT_JOINING}]")
_NOT_JOINING = frozenset("\u0621\u0674\u06d6\u06dd\u08ad\u0856")


def holds_hidden(text: str) -> bool:
    r"""Say whether a text holds characters that don't show and are not spelling.

    >>> holds_hidden("tele\u200bhealth"), holds_hidden("می\u200cخواهم"), holds_hidden("👩\u200d⚕\ufe0f"), holds_hidden("a\u200db")
    (True, False, False, True)
    """
    return not text.isascii() and any(not _is_spelling(text, found.start()) for found in _MAYBE.finditer(text))


def joins_after_virama(text: str, at: int) -> bool:
    """Say whether a joiner stands where it chooses the form of a consonant."""
    return text[at] in "\u200c\u200d" and at > 0 and unicodedata.combining(text[at - 1]) == _VIRAMA


def _is_spelling(text: str, at: int) -> bool:
    character = text[at]
    if character == "\u200d":
        return joins_after_virama(text, at) or (_is_emoji_before(text, at) and _is_emoji(text[at + 1 : at + 2]))
    if character == "\u200c":
        return joins_after_virama(text, at) or _breaks_a_joint(text, at)
    if character in VARIATION_SELECTORS:
        return at > 0 and _has_variants(text[at - 1])
    return ord(character) in _TAGS and _is_flag(text, at)


def _breaks_a_joint(text: str, at: int) -> bool:
    """RFC 5892, A.1: (Joining_Type:{L,D})(Joining_Type:T)* U+200C (Joining_Type:T)*(Joining_Type:{R,D})."""
    before, after = at - 1, at + 1
    while before >= 0 and unicodedata.category(text[before]) in {"Mn", "Me"}:
        before -= 1
    while after < len(text) and unicodedata.category(text[after]) in {"Mn", "Me"}:
        after += 1
    if before < 0 or after == len(text):
        return False
    return _joins(text[before]) and _ONE_SIDED.match(text[before]) is None and _joins(text[after])


def _joins(character: str) -> bool:
    if character in _NOT_JOINING or not (character.isalpha() or character == "\u0640"):
        return False
    return unicodedata.name(character, "").startswith(_JOINING_SCRIPTS)


def _is_emoji(character: str) -> bool:
    if not character or character.isascii():
        return False
    pictures = 0x1F000 <= ord(character) <= 0x1FAFF
    return pictures or unicodedata.category(character) in {"So", "Sm"} or character in _EMOJI_BESIDE_SYMBOLS


def _is_emoji_before(text: str, at: int) -> bool:
    while at > 0 and (text[at - 1] == "\ufe0f" or "\U0001f3fb" <= text[at - 1] <= "\U0001f3ff"):
        at -= 1
    return at > 0 and _is_emoji(text[at - 1])


def _has_variants(character: str) -> bool:
    """Symbols, keys of a telephone, and letters of scripts that have variants (not Latin, Greek or Cyrillic)."""
    if character in _KEYS or _is_emoji(character):
        return True
    return character.isalpha() and not unicodedata.name(character, "LATIN ").startswith(("LATIN ", "GREEK ", "CYRILLIC "))


def _is_flag(text: str, at: int) -> bool:
    while at > 0 and ord(text[at]) in _TAGS:
        at -= 1
    return text[at] == _TAGGED
