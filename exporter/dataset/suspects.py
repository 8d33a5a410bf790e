"""Whether a Turtle text may hold literals that the engine rewrites: a quick look, which errs on the side of a closer one."""

from __future__ import annotations

import re
from typing import IO

from exporter.dataset.exact import Census, note_tags

_CHUNK = 1 << 20
_OVERLAP = 400
_FOLDED = bytes.maketrans(b"\t\r\n,;(['", b'       "')
"""One sign for what parts tokens, and one for quotation marks: an expression that begins with a fixed sign is searched faster."""
_HARMLESS = "date|dateTime|boolean|string|anyURI"
_KEPT = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}Z?)?|true|false"
_TYPED = rf"\^\^ *+(?!(?:<http://www\.w3\.org/2001/XMLSchema#(?:{_HARMLESS})>|[\w.-]*+:(?:{_HARMLESS})(?![\w-])))"
"""A typed literal, but for the few types whose usual spellings are kept."""
_SPELT = rf'"(?!(?:{_KEPT})")[^"]*+"\^\^(?:<[^<>#]*+#|[\w.-]*+:)(?:date|dateTime|boolean)\b'
"""One of these types in another spelling."""
_NUMBER = (
    r" (?=[-+.0-9])(?!-?(?:[1-9][0-9]{0,13}+|0)(?: |\.(?![0-9])))"
    r"(?:\+|-?0[0-9]|-0(?![.0-9])|-?[0-9]*\.[0-9]*0(?![0-9])|-?[0-9]*\.?[0-9]+\.?[eE]|-?[0-9]*\.?[0-9]{15})"
)
"""A number with a sign, a zero too many, an exponent, or many digits."""
_SUSPECTS = tuple(re.compile(pattern.encode()) for pattern in (_TYPED, _SPELT, _NUMBER))
_TAGS = tuple(re.compile(before + rb"([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})++)") for before in (rb"@", rb'lang *= *"', rb'@language" *: *"'))


def look(file: IO[bytes], census: Census) -> bool:
    r"""Say whether a text in Turtle, TriG or N3 may hold a literal that the engine rewrites; note the language tags of any syntax.

    >>> from io import BytesIO
    >>> look(BytesIO(b'<a> <b> 3, "x", "2026-01-31"^^xsd:date .'), Census()), look(BytesIO(b"<a> <b> 03 ."), Census())
    (False, True)
    """
    tail = b" "
    suspect = False
    while chunk := file.read(_CHUNK):
        text = tail + chunk.translate(_FOLDED)
        suspect = suspect or any(pattern.search(text) for pattern in _SUSPECTS)
        for pattern in _TAGS:
            note_tags(pattern.findall(text), census)
        tail = text[-_OVERLAP:]
    return suspect
