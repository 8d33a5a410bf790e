"""What the files of a run looked like, as one digest: where it is the same as before, none of them has changed.

Nothing is opened for it. A file that changed so shortly before it was looked at that a second change might not show gives no digest:
`Listing.digest` is None then, and the contents decide.
"""

from __future__ import annotations

import time

from exporter.cache.stamps import look, rested
from exporter.digests import checksum
from exporter.discovery import Discovered
from exporter.tree import Tree


class Listing:
    """Takes what discovery finds, in its order, and looks at each record before it is read."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._sum = checksum()
        self._certain = not tree.overlays

    def add(self, found: Discovered) -> None:
        """Enter a file, or the reason why it is left out."""
        if not found.is_record:
            problems = "".join(f"\0{problem.code}\0{problem.message}" for problem in found.problems)
            self._enter(f"{found.path}\0{found.skipped}{problems}")
            return
        at = time.time_ns()
        try:
            looked = look(self._tree.place(found.path))
        except OSError:
            self._certain = False
            return
        self._certain = self._certain and rested(looked, at)
        self._enter(f"{found.path}\0{looked}")

    def _enter(self, text: str) -> None:
        self._sum.update(text.encode("utf-8", "surrogateescape") + b"\n")

    @property
    def digest(self) -> bytes | None:
        """Give the digest of all that was entered, None where a change might not show in it."""
        return self._sum.digest() if self._certain else None
