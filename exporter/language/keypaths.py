"""The keys that an ontology names: key paths, and the special keys, which stand for what is not a key of a record."""

from __future__ import annotations

from exporter.keypaths import parse_key_path
from exporter.problems import KeyPath
from exporter.text import quote

SPECIAL_KEYS = frozenset({"@body", "@index", "@key", "@value"})
BODY_KEYS = frozenset({"@title", "@tags", "@fields", "@shortcodes", "@links", "@links.external", "@links.embedded"})
"""What is found in a record's body: it is parsed only where one of these is read."""
FIELDS = "@fields"
SHORTCODES = "@shortcodes"
LINK_PARTS = ("target", "part", "text")
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
    path = parse_key_path(text)
    if len(path) > 1 and f"{path[0]}.{path[1]}" in BODY_KEYS:
        path = (f"{path[0]}.{path[1]}", *path[2:])
    if not _is_known(path):
        known = (*sorted(SPECIAL_KEYS | BODY_KEYS), FILE_KEY + ".NAME")
        raise ValueError(f"{quote(text)} is not a key path: the special keys are {', '.join(known)}")
    return path


def is_special(path: KeyPath) -> bool:
    """Say whether a key path stands for something that is not a key of a map."""
    return path[0] in SPECIAL_KEYS or path[0] in BODY_KEYS or path[0] == FILE_KEY


def _is_known(path: KeyPath) -> bool:
    """Whether a path is one that a special key can have: a field or a shortcode by its name, a part of each link, a name of the file."""
    key, below = path[0], path[1:]
    if key == FILE_KEY:
        return len(below) == 1 and isinstance(below[0], str)
    if str(key).startswith("@links"):
        return key in BODY_KEYS and (not below or (len(below) == 1 and below[0] in LINK_PARTS))
    return key in {FIELDS, SHORTCODES} or (key in BODY_KEYS and not below)
