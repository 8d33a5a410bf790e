"""Stamps: what tells that a file has not changed, cheaply where that is safe, and by its bytes where it is not.

Size, times and inode are a quick look. The time of the last change of the inode (ctime) is among them: a program may set back that of
the content (`cp -p`, `touch -r`), and this one it can't. They are believed only where a change after the stamp was made would have
changed them: a file that was written within the granularity of the file system's clock before it was read may be written again without
a new time (https://git-scm.com/docs/racy-git). Such a file's stamp has no time, so it is read again until it has rested. So is a
file whose quick look differs: a copy, a checkout, or a cache from elsewhere changes times and inodes, and not the content.
"""

from __future__ import annotations

import os
import stat
import time
from typing import NamedTuple

from exporter.digests import content_digest

GRANULARITY_NS = 2_000_000_000
"""How far apart two changes of a file have to be to have two times, at the most: FAT counts in steps of two seconds, HFS+ and ext3 in
whole ones, and others by the kernel's tick, of 1 to 10 ms. It can't be asked for, so the longest is taken."""

UNTIMED = -1
"""The time in a stamp that no quick look is believed for."""


SIGNED = (1 << 63) - 1
"""As many bits of an inode as a column of the cache has for a number; some file systems use one more."""


class Look(NamedTuple):
    """What a file system says of a file without its content."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int


class Stamp(NamedTuple):
    """What a file was when it was read: a quick look from then, and the digest of its bytes."""

    size: int
    mtime_ns: int
    ctime_ns: int
    inode: int
    digest: bytes


def look(path: str | os.PathLike[str]) -> Look:
    """Take a quick look at a file, through links; raises OSError."""
    return look_of(os.stat(path))  # noqa: PTH116 - for every file, and pathlib is slow


def look_of(found: os.stat_result) -> Look:
    """Give the quick look that a `stat` is."""
    return Look(found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino & SIGNED)


def make_stamp(looked: Look, looked_at_ns: int, data: bytes | memoryview) -> Stamp:
    """Make the stamp of a file whose bytes were read after a quick look, which was taken at a time of the system's clock.

    Where the bytes are of another size than the look says, or the look is too near to the last change, the stamp has no time.
    """
    resting = len(data) == looked.size and rested(looked, looked_at_ns)
    return Stamp(len(data), looked.mtime_ns if resting else UNTIMED, looked.ctime_ns, looked.inode, content_digest(data))


def stamp_bytes(data: bytes | memoryview) -> Stamp:
    """Make the stamp of what has a content alone: an overlay."""
    return Stamp(len(data), UNTIMED, 0, 0, content_digest(data))


def stamp_file(path: str | os.PathLike[str]) -> Stamp:
    """Read a file and make its stamp; raises OSError, also for what is not a file."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    looked_at_ns = time.time_ns()
    with open(os.open(path, flags), "rb") as file:  # noqa: PTH123 - a pipe in place of a file would wait for a writer
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise OSError("not a file")
        return make_stamp(look_of(found), looked_at_ns, file.read())


def unchanged(stamp: Stamp, looked: Look, looked_at_ns: int) -> bool:
    """Say whether a quick look is enough to know that a file is what its stamp says; where it is not, its bytes decide.

    `looked_at_ns` is a time before the look was taken. A time that is in the future then is not believed: the clock was set back, or the
    file comes from another machine, and a change may get the same time again.

    >>> looked, edited = Look(5, 1_000_000_000, 1_000_000_000, 7), Look(5, 1_000_000_000, 6_000_000_000, 7)
    >>> kept = make_stamp(looked, 4_000_000_000, b"bytes")
    >>> unchanged(kept, looked, 9_000_000_000), unchanged(kept, edited, 9_000_000_000)
    (True, False)
    """
    return stamp[:4] == looked and stamp.mtime_ns != UNTIMED and rested(looked, looked_at_ns)


def rested(looked: Look, looked_at_ns: int) -> bool:
    """Say whether a change after a look, taken after this time of the system's clock, would show in the next one."""
    return max(looked.mtime_ns, looked.ctime_ns) + GRANULARITY_NS < looked_at_ns


class Seen(NamedTuple):
    """A file as it was seen before it is read, at a time of the system's clock; `looked` is None for one that is not to be kept."""

    path: str
    looked: Look | None = None
    looked_at_ns: int = 0

    @property
    def has_rested(self) -> bool:
        """Whether a change after the look would show in the next one."""
        return self.looked is not None and rested(self.looked, self.looked_at_ns)

    def stamp(self, digest: bytes) -> Stamp:
        """Make the stamp of a file with a content."""
        assert self.looked is not None
        size, mtime_ns, ctime_ns, inode = self.looked
        return Stamp(size, mtime_ns if self.has_rested else UNTIMED, ctime_ns, inode, digest)


def see(path: str, place: str) -> Seen:
    """Look at the file with a project path, which lies at `place`."""
    at = time.time_ns()
    try:
        return Seen(path, look(place), at)
    except OSError:
        return Seen(path)
