"""The texts that problems are about: what reports show lines of, and what tells one value from another."""

from __future__ import annotations

from pathlib import Path

from exporter.errors import UsageError
from exporter.rdf.compression import read_unpacked
from exporter.resources import given


def read_source(path: str) -> str | None:
    """Give a file's text, or None where there is none to show; text that is no UTF-8 is shown as far as it goes."""
    try:
        if given(path) is None and not Path(path).is_file():  # a pipe would be waited for
            return None
        return read_unpacked(path).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError, UsageError):
        return None
