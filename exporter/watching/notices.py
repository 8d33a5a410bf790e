"""What changes in folders, as the system tells it: the one place where watchfiles runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, suppress
from threading import Event
from typing import TYPE_CHECKING

from exporter.errors import UsageError
from exporter.watching.watched import Watched

if TYPE_CHECKING:
    from collections.abc import Generator

    from watchfiles.main import FileChange

_STILL_MS = 25
"""A burst is over when nothing has changed for so long; an editor that renames a new file over the old one takes less."""
_LONGEST_MS = 400
"""And at the latest after so long, while a checkout goes on."""
_TURN_MS = 50
"""How long the system is waited for at a time; between two turns it is asked whether to stop."""
_TURNS_TO_POLL = 15
"""In how many turns a change is found where files are looked at again and again, twice in 0.6 s."""
_MODIFIED = 2
"""What watchfiles calls a change that neither adds nor removes (`watchfiles.Change.modified`)."""
_POLLING = "WATCHFILES_FORCE_POLLING"
"""The variable with which a user has watchfiles do so: for network drives and some containers, which give no notices."""


class Watcher:
    """Tells what has changed since it was made: nothing is missed between two calls, nor while the folders that are watched change.

    `polls` says that the system has no notices for so many folders, so that they are looked at again and again.
    """

    def __init__(self, watched: Watched) -> None:
        self.polls = False
        self._places = watched.look()
        self._pending: set[FileChange] = set()
        self._notices = self._begin()

    @property
    def folders(self) -> int:
        """How many folders are watched."""
        return len(self._places.folders)

    def watch(self, watched: Watched) -> None:
        """Watch something else from now on; what has changed until then is told still."""
        places = watched.look()
        others = places.folders != self._places.folders
        self._places = places
        if others:
            before, self._notices = self._notices, self._begin()
            with closing(before), suppress(OSError, RuntimeError, StopIteration):
                for _ in range(_TURNS_TO_POLL if self.polls or os.environ.get(_POLLING) else 1):
                    self._pending |= next(before)

    def changes(self, stop: Event | None = None) -> Iterator[list[str]]:
        """Yield the paths of what counts in each burst of changes, sorted, until `stop` is set; raises UsageError."""
        while stop is None or not stop.is_set():
            found = {os.path.normpath(path) for change, path in self._next() if not self._is_time(change, path)}
            told = sorted(path for path in found if self._places.counts(path))
            if found and self._places.changes_folders(found):
                self.watch(self._places.watched)
            if told:
                yield told

    def _is_time(self, change: int, path: str) -> bool:
        """Say whether only the time of a folder around has changed, which is told where folders are looked at again and again."""
        return change == _MODIFIED and path not in self._places.read and os.path.isdir(path)  # noqa: PTH112 - texts

    def close(self) -> None:
        """Stop watching."""
        self._notices.close()

    def _next(self) -> set[FileChange]:
        try:
            found, self._pending = next(self._notices) | self._pending, set()
            return found
        except (OSError, RuntimeError):  # a folder that is gone, or one too many
            self._notices = self._begin()
            return set()

    def _begin(self) -> Generator[set[FileChange], None, None]:
        """Have the folders watched; when this returns, they are."""
        for polls in (self.polls, self.polls, True, True):  # a folder may go while it is looked at
            notices = self._ask(polls=polls)
            with suppress(OSError, RuntimeError):
                self._pending |= next(notices)
                self.polls = polls
                return notices
            self._places = self._places.watched.look()
        raise UsageError("the folders can't be watched: the system refuses it; run the command without --watch")

    def _ask(self, *, polls: bool) -> Generator[set[FileChange], None, None]:
        from watchfiles import watch

        return watch(
            *sorted(self._places.folders),
            watch_filter=None,
            debounce=_LONGEST_MS,
            step=_STILL_MS,
            rust_timeout=_TURN_MS,
            yield_on_timeout=True,
            force_polling=polls or None,
            recursive=False,
            ignore_permission_denied=True,
        )
