"""How names are compared where no name is equal character for character."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ACCENTS = re.compile("[\u0300-\u036f]")
"""The marks of Latin, Greek and Cyrillic letters; those of other scripts tell words apart."""
_SPACE = re.compile(r"[\s_\-\u2010-\u2015]+")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u2032": "'", "\u00b4": "'", "`": "'", "\u201c": '"', "\u201d": '"'})
"""The apostrophes and quotation marks that editors put for those of a keyboard."""
_ZEROS = re.compile(r"(?<![0-9])(?<![0-9][.,])0+(?=[0-9])")


@lru_cache(maxsize=8192)
def folded(text: str) -> str:
    """Give the form in which names are compared: without case, accents, kinds of space and apostrophe, and zeros before numbers.

    >>> folded("  Ärzte_und-Pflege "), folded("ADR-0012") == folded("adr 12"), folded("ﬁle №7"), folded("d’Água")
    ('arzte und pflege', True, 'file no7', "d'agua")
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text.translate(_QUOTES)).casefold())
    text = unicodedata.normalize("NFKC", _ACCENTS.sub("", text)).casefold()
    return _ZEROS.sub("", _SPACE.sub(" ", text)).strip()
