"""What the files of a run looked like, as one digest: where it is the same as before, none of them has changed.

Nothing is opened for it. A file that changed so shortly before it was looked at that a second change might not show gives no digest:
`Listing.digest` is None then, and the contents decide.
"""

from __future__ import annotations

from exporter.cache.stamps import Seen, rested, see
from exporter.digests import checksum
from exporter.discovery import Discovered
from exporter.tree import Tree


class Listing:
    """Takes what discovery finds, in its order, and looks at each record before it is read; `files` are these, where they are asked for."""

    def __init__(self, tree: Tree, *, files: bool = False) -> None:
        self.files: list[Seen] | None = [] if files else None
        self._tree = tree
        self._sum, self._left = checksum(), checksum()
        self._certain = not tree.overlays

    def add(self, found: Discovered) -> None:
        """Enter a file, or the reason why it is left out."""
        if not found.is_record:
            problems = "".join(f"\0{problem.code}\0{problem.message}" for problem in found.problems)
            self._left.update(f"{found.path}\0{found.skipped}{problems}\n".encode("utf-8", "surrogateescape"))
            return
        seen = see(found.path, self._tree.place(found.path))
        self._certain = self._certain and seen.looked is not None and rested(seen.looked, seen.looked_at_ns)
        self._sum.update(f"{found.path}\0{seen.looked}\n".encode("utf-8", "surrogateescape"))
        if self.files is not None:
            self.files.append(seen)

    @property
    def left_out(self) -> bytes:
        """Give the digest of the files that are left out, with the reasons."""
        return self._left.digest()

    @property
    def digest(self) -> bytes | None:
        """Give the digest of all that was entered, None where a change might not show in it."""
        return self._sum.digest() + self._left.digest() if self._certain else None
