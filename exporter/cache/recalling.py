"""Whether anything has changed since a run: its files, its plan, the folders that it looked into; and which of its files have."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from exporter.cache.folder import Cache
from exporter.cache.inputs import recall_digest
from exporter.cache.last_run import LastRun, digest_of_names, read_last_run, write_last_run
from exporter.cache.listing import Listed, Listing
from exporter.discovery import discover
from exporter.project import Project
from exporter.tree import Tree

if TYPE_CHECKING:
    from exporter.references.settling import References


class Recall:
    """What the last run left under a name. `last` is None until `read` found it, `now` and `rows` until `is_unchanged` has looked.

    `rows` are the numbers of the files that look otherwise, None where others are there. `looked_at_ns` is when that was seen.
    """

    def __init__(self, project: Project, cache: Cache, name: str) -> None:
        self._project, self._cache, self._name = project, cache, name
        self.last: LastRun | None = None
        self.now: Listed | None = None
        self.rows: list[int] | None = None
        self.looked_at_ns = 0

    def read(self) -> LastRun | None:
        """Give what the run left; None where there is nothing that can be believed."""
        self.last = read_last_run(self._cache, self._name)
        return self.last

    def is_unchanged(self) -> bool:
        """Say whether all that the run was made of is what it was; the listing is kept anew where it tells more by now."""
        last, project = self.last, self._project
        if last is None:
            return False
        self.looked_at_ns = time.time_ns()
        self.now = last.listed.look_again() or self._list(last)
        self.rows = last.listed.changes(self.now)
        if self.rows != [] or recall_digest(project, self._cache) != last.plan:
            return False
        if not self.finds_the_same():
            return False
        if last.listed.folders != self.now.folders:  # what could be told by the folders alone now
            write_last_run(self._cache, self._name, last._replace(listed=self.now))
        self._cache.use(last.uses)
        return True

    def finds_the_same(self) -> bool:
        """Say whether the folders where values were looked up have the same in them."""
        looked_at = self.last.folders if self.last is not None else ()
        return all(digest_of_names(self._project.tree.place(folder)) == names for folder, names in looked_at)

    def _list(self, last: LastRun) -> Listed:
        """Find the files anew: more or others may be there."""
        project, listing = self._project, self.listing()
        for found in discover(project.required_paths, project.selection, listing.add, project.tree, last.data_files, listing.enter):
            listing.add(found)
        return listing.listed()

    def listing(self) -> Listing:
        """Make what a run enters its files into."""
        return Listing(self._project.tree, self._project.required_paths, self._project.selection)

    def forget(self) -> None:
        """Forget that run: what comes out from now on is another one's."""
        self._cache.remove(self._name)


def looked_in(references: References | None, tree: Tree) -> tuple[tuple[str, bytes], ...] | None:
    """Give the folders where values were looked up, with the names that are there; None where one has changed since."""
    looked_at = references.files.looked_at if references is not None else ()
    found = tuple((folder, digest_of_names(tree.place(folder))) for folder, _ in looked_at)
    return found if references is None or references.files.looks_the_same() else None
