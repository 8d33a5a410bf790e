"""The texts that problems are about: what reports show lines of, and what tells one value from another."""

from __future__ import annotations

from pathlib import Path

from exporter.errors import UsageError
from exporter.rdf.compression import read_unpacked
from exporter.tree import Tree, open_tree


def read_source(path: str, tree: Tree | None = None) -> str | None:
    """Give a file's text, or None without one to show; text that is not UTF-8 is shown as far as it goes.

    The path is a project path in `tree`, by default in that of where the user stands.
    """
    try:
        tree = open_tree() if tree is None else tree
        data = tree.data(path)
        place = Path(tree.place(path))
        if data is None and not place.is_file():  # a pipe would be waited for
            return None
        return read_unpacked(place, data).decode("utf-8-sig", errors="replace")
    except (OSError, ValueError, UsageError):
        return None
