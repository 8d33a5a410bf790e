"""Turning text into the part of an address that people can read."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_NOT_WORD = re.compile(r"[^\w]+|_+")


@lru_cache(maxsize=4096)
def slug(text: str) -> str:
    """Make a slug: accents dropped, lower case, letters and digits of any script with single hyphens between.

    >>> slug("Barriers & Guidelines"), slug("Café  société")
    ('barriers-guidelines', 'cafe-societe')
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NOT_WORD.sub("-", unicodedata.normalize("NFC", plain).lower()).strip("-")
