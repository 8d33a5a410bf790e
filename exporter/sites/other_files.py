"""Files of a site that are not pages: images, papers and the like, which pages refer to."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from exporter.discovery import PRUNED

_AT_MOST = 100_000
_MEDIA = re.compile(
    r"\.(?:png|jpe?g|gif|svg|webp|avif|bmp|ico|tiff?|pdf|epub|mp[34]|m4[av]|webm|og[gv]|wav|flac|mov|zip|gz|docx?|xlsx?|pptx?|od[tsp]"
    r"|canvas)\Z",
    re.IGNORECASE,
)


def is_media(name: str) -> bool:
    """Say whether a file is called as images, papers and the like are, and not as pages are.

    >>> is_media("img/Rice.JPG"), is_media("rice.md"), is_media("jpg")
    (True, False, False)
    """
    return _MEDIA.search(name) is not None


def media_below(starts: Iterable[str]) -> frozenset[str]:
    """Give the names of such files below some folders, without what tools have built or installed there."""
    found: set[str] = set()
    for start in dict.fromkeys(starts):
        for _, folders, names in os.walk(start):
            folders[:] = [name for name in folders if not name.startswith((".", "_site")) and name not in PRUNED]
            found.update(filter(is_media, names))
            if len(found) > _AT_MOST:
                break
    return frozenset(found)
