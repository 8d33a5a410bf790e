"""Metadata of other tools at the top of a page, which is not front matter: not read, but called by its name.

Each kind is a pattern for the first lines of a text, possessive, so that a page is read once and not far.
"""

from __future__ import annotations

import re

_FAR = 4_000
_FIELDS = r"(?:Title|Date|Modified|Category|Tags|Keywords|Slug|Authors?|Summary|Lang|Translation|Status|Template|Save_as|URL)"
_PELICAN = re.compile(
    rf"{_FIELDS}:[ \t]*+\S[^\n]*+(?:\n|\Z)(?P<more>(?:[\w-]++:[^\n]*+(?:\n|\Z)|[ \t]++\S[^\n]*+(?:\n|\Z))*+)", re.IGNORECASE
)
INLINE_FIELDS = "with Logseq or Dataview properties"
"""Also what a note begins with whose fields are read from its body."""
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "with reStructuredText fields",
        re.compile(rf"(?:(?:[=#~*-]{{3,}}+\r?\n)?+[^\n:]++\n[=#~*-]{{3,}}+\r?\n(?:\r?\n)?+)?+:{_FIELDS}:[ \t]++\S", re.IGNORECASE),
    ),
    ("with Nikola metadata", re.compile(r"(?:<!--[ \t]*+\r?\n)?+\.\.[ \t]++[a-z_]++:[ \t]")),
    ("with a Pandoc title block", re.compile(r"%[ \t]++\S[^\n]*+(?:\n|\Z)(?:[ \t]++\S[^\n]*+\n)*+(?:%|[ \t\r]*+(?:\n|\Z))")),
    (INLINE_FIELDS, re.compile(r"(?:[-*][ \t]++)?+[\w-]++::(?:[ \t]|\r?\n)")),
    ("with Org metadata", re.compile(r"(?::PROPERTIES:[ \t]*+\r?\n|#\+[A-Za-z_]++:[ \t])")),
    ("with AsciiDoc attributes", re.compile(r"(?:=[ \t]++\S[^\n]*+\n(?:[^\s:=][^\n]*+\n){0,2})?+:!?[\w-]++:[ \t]++\S")),
)


def name_metadata(text: str) -> str | None:
    r"""Say which metadata stands at the top of a page, as a reason to skip it; None for a page that has none.

    >>> name_metadata("Title: A\nDate: 2026-01-02\n\nText."), name_metadata("Title: a novel\n")
    ('with Pelican metadata', None)
    """
    text = text[:_FAR].lstrip()
    pelican = _PELICAN.match(text)
    if pelican and pelican["more"]:
        return "with Pelican metadata"
    return next((name for name, pattern in _KINDS if pattern.match(text)), None)
