"""The folder of what is kept between runs: `.owltype_cache/` at the root, or where the setting `cache-dir` says.

A file in it is written whole or not at all and then never changed, only replaced or removed; so any number of runs may read and write
at once, and the last one wins. The folder may be deleted at any moment. Files are read, and not mapped into memory: what another
program cuts short, or a file server loses, would end the process (SIGBUS). Nothing waits for the disk: what a power cut tears is found
by its checksum.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
import time
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from exporter.cache.columns import pack_columns, unpack_columns
from exporter.cache.format import HEADER, TRAILER, check_ends, frame, unframe
from exporter.cache.trust import IGNORE_FILE, IGNORE_TEXT, TAG, TAG_TEXT, distrust, is_ours, open_own
from exporter.digests import short_digest
from exporter.errors import CacheError, OutputError
from exporter.project import Project
from exporter.text import quote
from exporter.tree import CACHE_FOLDER, is_below
from exporter.writers.files import PATH_SHOWN, AtomicFile, fail_to_write
from exporter.writers.temporaries import remove_strays

SUFFIX = ".cache"
MEGABYTE = 1_000_000
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,79}")
_LAST_USE = "last-use"
_MOST = 1 << 36
"""More than any run counts, and the seconds until the year 4147, which any system can write as a date."""
_USED_AGAIN = 60.0
"""Seconds after which a use of a file is noted again: the order of last use needs no finer one."""


class Note(NamedTuple):
    """A line that is to be said of the cache, with `-v` only where `verbosity` is 1."""

    text: str
    verbosity: int = 0


class CacheAccount(NamedTuple):
    """How many files of a run had a kept outcome, of how many it was made, and what is to be said of the cache."""

    kept: int = 0
    made: int = 0
    notes: tuple[Note, ...] = ()


class Entry(NamedTuple):
    """A file of the cache; `used` is when it was read or written last, in seconds."""

    name: str
    size: int
    used: float


class Use(NamedTuple):
    """How a run used the cache: when it ended, in seconds, and how many files it found there as they are now, and how many not."""

    ended: int
    hits: int
    misses: int


class Cache:
    """What is kept between runs of one project. One that is not used has nothing, takes nothing, and says in `notes` why."""

    def __init__(self, folder: Path, prefix: str = "", limit: int = 0, *, off: str | None = None) -> None:
        self.folder = folder
        self.notes: list[Note] = []
        self.off = off
        self._prefix = prefix
        self.limit = limit
        self._used: set[str] = set()
        self._total: int | None = None

    @property
    def is_on(self) -> bool:
        """Whether it is used."""
        return self.off is None

    def read(self, name: str) -> memoryview | None:
        """Give what was kept under a name (lower-case letters, digits, `-` and `_`), None for what is missing or can't be believed."""
        if self.off is not None or not _NAME.fullmatch(name):  # a file of the cache may name others
            return None
        path = self._path(name)
        try:
            data = self._load(path)
            content = unframe(path.name, data)
        except FileNotFoundError:
            return None
        except (OSError, CacheError) as error:
            said = f"can't be read: {(error.strerror or str(error)).lower()}" if isinstance(error, OSError) else str(error)
            self.notes.append(Note(f"the cache file {quote(path, PATH_SHOWN)} {said}; it is made again", 1))
            return None
        self._used.add(path.name)
        return content

    def read_span(self, name: str, start: int, length: int) -> bytes | None:
        """Give some bytes of what was kept under a name, None where they are not there; whoever asks knows their digest."""
        if self.off is not None or not _NAME.fullmatch(name):
            return None
        path = self._path(name)
        try:
            with open_own(path) as file:
                found = os.fstat(file.fileno())
                if found.st_size > self.limit or start < 0 or not 0 <= length <= found.st_size - HEADER - TRAILER - start:
                    return None
                file.seek(HEADER + start)
                data = file.read(length)
                _note_use(path, found)
        except (OSError, CacheError):
            return None
        self._used.add(path.name)
        return data

    def write(self, name: str, parts: Iterable[bytes | memoryview]) -> bool:
        """Keep something under a name, whole or not at all; where that fails, the cache is not used from then on, and that is noted."""
        if self.off is not None:
            return False
        path = self._path(name)
        try:
            self._make_folder()
        except OutputError as error:
            self.turn_off(str(error))
            return False
        try:
            self._prepare()
            with AtomicFile(path, private=True) as file:
                size = 0
                for part in frame(path.name, parts):
                    size = self._check(size + len(part))
                    file.write(part)
                self._make_room(path.name, size)
        except _FullError:
            self.turn_off(f"what it would keep is more than {self.limit // MEGABYTE:,} MB", "allow it more with the setting `cache-size`")
        except OutputError as error:
            self._total = None
            if not isinstance(error.__cause__, FileNotFoundError):  # or else somebody deleted the folder: the next file is kept again
                self.turn_off(str(error))
        else:
            self._used.add(path.name)
            return True
        return False

    def turn_off(self, reason: str, advice: str = "make that possible, or leave the cache out with --no-cache") -> None:
        """Use it no more in this run, and note why."""
        self.off = reason
        self.notes.append(Note(f"the cache is not used for the rest of this run: {reason}; {advice}"))

    def remove(self, name: str) -> None:
        """Forget what was kept under a name."""
        if self.off is None and _NAME.fullmatch(name):
            with contextlib.suppress(OSError):
                self._path(name).unlink()

    def names(self) -> list[str]:
        """List under which names something is kept."""
        if self.off is not None:
            return []
        start = len(self._prefix)
        return sorted(entry.name[start : -len(SUFFIX)] for entry in _entries(self.folder) if entry.name.startswith(self._prefix))

    def finish(self, hits: int, misses: int) -> None:
        """Note how this run used the cache, for `last_use`."""
        self.write(_LAST_USE, pack_columns({"use": array("q", [int(time.time()), hits, misses])}))

    def last_use(self) -> Use | None:
        """Say how the last run that ended used the cache, if one has noted it."""
        kept = self.read(_LAST_USE)
        try:
            column = unpack_columns(kept)["use"] if kept is not None else None
            use = Use(*column) if isinstance(column, array) else None
        except (CacheError, KeyError, TypeError):
            return None
        return use if use is not None and all(0 <= number < _MOST for number in use) else None

    def kept(self) -> list[Entry]:
        """List the files of the cache, those of other projects in the same folder among them, the one used longest ago first."""
        return sorted(_entries(self.folder), key=lambda entry: (entry.used, entry.name))

    def clear(self) -> list[Entry]:
        """Remove what is kept of the project, and the folder where nothing else is in it; give what was kept.

        Raises CacheError for a folder that is not a cache of owltype, and OSError.
        """
        if self.folder.is_symlink() or not self.folder.is_dir():
            if os.path.lexists(self.folder):
                raise CacheError("it is not a folder, or a symbolic link to one")
            return []
        try:
            if not is_ours(self.folder):
                raise CacheError(f"it does not have the {TAG} of owltype")
        except FileNotFoundError:  # somebody else clears it
            return []
        kept = list(_entries(self.folder))
        ours = [entry for entry in kept if entry.name.startswith(self._prefix)]
        for entry in ours:
            (self.folder / entry.name).unlink(missing_ok=True)
        remove_strays(self.folder)
        if len(kept) > len(ours):  # of other projects
            return ours
        for name in (IGNORE_FILE, TAG):
            (self.folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # something else is in it, which stays
            self.folder.rmdir()
        return ours

    def _path(self, name: str) -> Path:
        assert _NAME.fullmatch(name), f"not a name of the cache: {name}"
        return self.folder / f"{self._prefix}{name}{SUFFIX}"

    def _load(self, path: Path) -> bytearray:
        with open_own(path) as file:
            found = os.fstat(file.fileno())
            if found.st_size > self.limit:
                raise CacheError(f"is larger than {self.limit // MEGABYTE:,} MB")
            first = file.read(HEADER)
            file.seek(max(0, found.st_size - TRAILER))
            check_ends(first, file.read(TRAILER), found.st_size)
            file.seek(0)
            data = bytearray(found.st_size)
            rest = memoryview(data)
            while rest and (read := file.readinto(rest)):
                rest = rest[read:]
            _note_use(path, found)
        return data

    def use(self, names: Iterable[str]) -> None:
        """Note that what is kept under these names is of use, though it was not read: else it would be the first to make room."""
        for name in names:
            if self.off is None and _NAME.fullmatch(name):
                path = self._path(name)
                with contextlib.suppress(OSError):
                    _note_use(path, path.lstat())
                    self._used.add(path.name)

    def _make_folder(self) -> None:
        if self._total is None:
            try:
                self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            except OSError as error:
                fail_to_write(self.folder, error, stands=False)

    def _prepare(self) -> None:
        """Put the tag into the folder before the first file is written, and see what is in it."""
        if self._total is not None:
            return
        for name, text in ((TAG, TAG_TEXT), (IGNORE_FILE, IGNORE_TEXT)):
            if not os.path.lexists(self.folder / name):
                with AtomicFile(self.folder / name, private=True) as file:
                    file.write(text)
        remove_strays(self.folder)
        self._total = sum(entry.size for entry in _entries(self.folder))

    def _make_room(self, name: str, size: int) -> None:
        """Remove what was used longest ago until there is room for a file, but nothing that this run has used."""
        if self._total is not None and self._total + size <= self.limit:
            self._total += size  # too much where the file takes another's place: then it is added up anew, earlier than it had to be
            return
        entries = self.kept()
        total = size + sum(entry.size for entry in entries if entry.name != name)
        for entry in entries:
            if total <= self.limit:
                break
            if entry.name != name and entry.name not in self._used:
                (self.folder / entry.name).unlink(missing_ok=True)
                total -= entry.size
        self._total = self._check(total)

    def _check(self, size: int) -> int:
        if size > self.limit:
            raise _FullError
        return size


def _note_use(path: Path, found: os.stat_result) -> None:
    if time.time() - found.st_mtime > _USED_AGAIN:
        with contextlib.suppress(OSError):
            os.utime(path, follow_symlinks=False)


class _FullError(Exception):
    """What a run keeps is more than the cache may hold."""


def open_cache(project: Project) -> Cache:
    """Give the cache of a project; `off` says why it is not used, and `notes` where the user did not say so.

    In a folder that several projects share, files have names that begin with a digest of the project's root.
    """
    caching = project.cache
    if caching is None:
        return Cache(Path(CACHE_FOLDER), off="it is turned off")
    root = project.root
    own = caching.folder is None
    folder = Path(root, CACHE_FOLDER) if caching.folder is None else Path(project.tree.here, caching.folder)
    folder = Path(os.path.normpath(folder))
    prefix = "" if own or is_below(folder.as_posix(), Path(root).as_posix()) else f"{short_digest(os.path.realpath(root)).hex()}-"
    reason = distrust(folder, root)
    cache = Cache(folder, prefix, caching.megabytes * MEGABYTE, off=reason)
    if reason is not None:
        cache.notes.append(Note(f"the cache {quote(project.tree.named(str(folder)), PATH_SHOWN)} is not used: {reason}"))
    return cache


def _entries(folder: Path) -> Iterator[Entry]:
    """Yield what is kept in a folder, or stands there under such a name; nothing where there is no folder."""
    with contextlib.suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            if entry.name.endswith(SUFFIX):
                with contextlib.suppress(OSError):
                    status = entry.stat(follow_symlinks=False)
                    if not stat.S_ISDIR(status.st_mode):
                        yield Entry(entry.name, status.st_size, status.st_mtime)
