"""What the files of a run looked like, as one digest: where it is the same as before, none of them has changed.

Nothing is opened for it. A file that changed so shortly before it was looked at that a second change might not show gives no digest:
`Listing.digest` is None then, and the contents decide.
"""

from __future__ import annotations

import time

from exporter.cache import stamps
from exporter.cache.stamps import Look, Seen, look
from exporter.digests import checksum
from exporter.discovery import Discovered
from exporter.tree import Tree

_NEVER = 1 << 63
"""The time of a change that is never long enough ago."""
_GONE = Look(-1, 0, 0, 0)


class Listing:
    """Takes what discovery finds, in its order, and looks at each record before it is read; `files` are these, where they are asked for."""

    def __init__(self, tree: Tree, *, files: bool = False) -> None:
        self.files: list[Seen] | None = [] if files else None
        self._tree = tree
        self._sum, self._left = checksum(), checksum()
        self._newest = _NEVER if tree.overlays else 0
        self._began_ns = time.time_ns()  # before all looks: what had rested then has rested when it is looked at

    def add(self, found: Discovered) -> None:
        """Enter a file, or the reason why it is left out."""
        if not found.is_record:
            problems = "".join(f"\0{problem.code}\0{problem.message}" for problem in found.problems)
            self._left.update(f"{found.path}\0{found.skipped}{problems}\n".encode("utf-8", "surrogateescape"))
            return
        try:
            looked = look(self._tree.place(found.path))
        except OSError:
            looked = None
        self._newest = max(self._newest, *looked[1:3]) if looked else _NEVER
        self._sum.update(b"%b\0%d %d %d %d\n" % (found.path.encode("utf-8", "surrogateescape"), *(looked or _GONE)))
        if self.files is not None:
            self.files.append(Seen(found.path, looked, self._began_ns))

    @property
    def left_out(self) -> bytes:
        """Give the digest of the files that are left out, with the reasons."""
        return self._left.digest()

    @property
    def digest(self) -> bytes | None:
        """Give the digest of all that was entered, None where a change might not show in it."""
        return self._sum.digest() + self._left.digest() if self._newest + stamps.GRANULARITY_NS < self._began_ns else None
