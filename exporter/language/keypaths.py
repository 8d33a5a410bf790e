"""The keys that an ontology names: key paths, and the special keys, which stand for what is not a key of a record."""

from __future__ import annotations

from exporter.keypaths import parse_key_path
from exporter.problems import KeyPath
from exporter.text import quote

SPECIAL_KEYS = frozenset({"@body", "@index", "@key", "@value"})


def parse_mapped_key(text: str) -> KeyPath:
    """Read a key of `map:key` or of a template; raises ValueError with a sentence when it is none.

    >>> parse_mapped_key("@body"), parse_mapped_key("link.href")
    (('@body',), ('link', 'href'))
    """
    if text.startswith("@") and text not in SPECIAL_KEYS:
        raise ValueError(f"{quote(text)} is not a key path: the special keys are {', '.join(sorted(SPECIAL_KEYS))}")
    return parse_key_path(text)
