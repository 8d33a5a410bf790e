"""What a client accepts (RFC 9110, section 12.5.1): of the media types that can be given, the one that it likes best."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_RANGE = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+|\*)/([!#$%&'*+.^_`|~0-9A-Za-z-]+|\*)")
_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_LONGEST = 4_000


class MediaRange(NamedTuple):
    """A media type or a range of them, `*` for any, with what is thought of it: from 0, which refuses it, to 1."""

    type: str
    subtype: str
    quality: float

    def fits(self, media_type: str) -> int:
        """Say how exactly the range names a media type: 0 not at all, 3 by its whole name."""
        type_, _, subtype = media_type.lower().partition("/")
        if self.type == "*":
            return 1
        if self.type != type_:
            return 0
        return 3 if self.subtype == subtype else 2 if self.subtype == "*" else 0


def read_accept(header: str) -> list[MediaRange]:
    """Read an `Accept` header; what is not a media range is left out, and a header that is too long counts as none.

    >>> read_accept("text/turtle;q=0.5, */*;q=0.1")[0]
    MediaRange(type='text', subtype='turtle', quality=0.5)
    """
    ranges = []
    for item in header.split(",") if len(header) <= _LONGEST else ():
        name, *parameters = (part.strip() for part in item.split(";"))
        found = _RANGE.fullmatch(name)
        if found is None or (found[1] == "*" and found[2] != "*"):
            continue
        quality = 1.0
        for parameter in parameters:
            key, _, value = parameter.partition("=")
            if key.strip().lower() == "q":
                quality = float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
        ranges.append(MediaRange(found[1].lower(), found[2].lower(), quality))
    return ranges


def choose(header: str | None, offered: Sequence[str]) -> str | None:
    """Choose the media type that a client likes best of those on offer, the first where it likes several as well; None where it takes none.

    >>> choose("text/csv, application/json;q=0.9", ["application/json", "text/csv"]), choose(None, ["a/b"]), choose("image/png", ["a/b"])
    ('text/csv', 'a/b', None)
    """
    if header is None or not header.strip():
        return offered[0]
    ranges = read_accept(header)
    best: tuple[float, int] | None = None
    for number, media_type in enumerate(offered):
        exact, quality = max(((found.fits(media_type), found.quality) for found in ranges), default=(0, 0.0))
        if exact and quality and (best is None or quality > best[0]):
            best = (quality, number)
    return None if best is None else offered[best[1]]
