"""The text at a location."""

from __future__ import annotations

import re
from pathlib import Path

from exporter.problems import Location

ROOT = Path(__file__).parents[2]
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r|\Z)")


def text_at(text: str, place: Location) -> str:
    """Cut a location out of its file's text, by lines and columns alone."""
    starts = [match.start() for match in _LINE.finditer(text)]
    assert place.end_line is not None
    assert place.end_column is not None
    start = starts[place.line - 1] + place.column - 1
    end = starts[place.end_line - 1] + place.end_column - 1
    return text[start:end]
