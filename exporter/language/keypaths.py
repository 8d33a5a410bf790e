"""The keys that an ontology names: key paths, and the special keys, which stand for what is not a key of a record."""

from __future__ import annotations

from exporter.keypaths import parse_key_path
from exporter.problems import KeyPath
from exporter.text import quote

SPECIAL_KEYS = frozenset({"@body", "@index", "@key", "@value"})
FILE_KEY = "@file"
"""What `@file.NAME` begins with: a name of the record's file, or a group of its class's `map:filePattern`."""


def parse_records_path(text: str) -> KeyPath:
    """Read the place of a data file's records, of `map:records`: a key path, or nothing for the top of the file."""
    return parse_key_path(text) if text else ()


def parse_mapped_key(text: str) -> KeyPath:
    """Read a key of `map:key` or of a template; raises ValueError with a sentence when it is none.

    >>> parse_mapped_key("@body"), parse_mapped_key("link.href"), parse_mapped_key("@file.stem")
    (('@body',), ('link', 'href'), ('@file', 'stem'))
    """
    if not text.startswith("@") or text in SPECIAL_KEYS:
        return parse_key_path(text)
    path = parse_key_path(text) if text.startswith(FILE_KEY + ".") else ()
    if len(path) != 2 or not isinstance(path[1], str):
        raise ValueError(f"{quote(text)} is not a key path: the special keys are {', '.join((*sorted(SPECIAL_KEYS), FILE_KEY + '.NAME'))}")
    return path
