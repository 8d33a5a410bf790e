"""Temporary files: hidden, ending in `.owltype-tmp`, and locked while their run lives.

So a later run can tell the strays of ended runs, and removes only those.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
from pathlib import Path

TEMPORARY_SUFFIX = ".owltype-tmp"
_numbers = itertools.count(1)


def temporary_name(name: str) -> str:
    """Make a hidden name that no other process that lives has made."""
    return f".{name}.{os.getpid()}-{next(_numbers)}{TEMPORARY_SUFFIX}"


def is_temporary(name: str) -> bool:
    """Tell whether a name is one that an unfinished run leaves."""
    return name.startswith(".") and name.endswith(TEMPORARY_SUFFIX)


def lock(descriptor: int, *, wait: bool = False) -> bool:
    """Lock a file or folder while this process lives; False where a live process has it, or the system has no locks."""
    try:
        import fcntl  # not on Windows
    except ImportError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:  # another process, or a file system without locks
        return False
    return True


def is_same(path: Path, descriptor: int) -> bool:
    """Tell whether a path still leads to what is open."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except OSError:
        return False


def remove_strays(folder: str | os.PathLike[str]) -> list[str]:
    """Remove the temporary files that ended runs left in a folder, and give their names. Those of a run that lives are locked, and stay."""
    removed: list[str] = []
    if os.name != "posix":
        return removed  # no locks, so strays are left for the user
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        strays = sorted(entry.name for entry in entries if is_temporary(entry.name) and entry.is_file(follow_symlinks=False))
        for name in strays:
            with contextlib.suppress(OSError):
                descriptor = os.open(Path(folder, name), os.O_RDONLY | os.O_NOFOLLOW)
                try:
                    if lock(descriptor):
                        Path(folder, name).unlink()
                        removed.append(name)
                finally:
                    os.close(descriptor)
    return removed


def remove_stray_folders(folder: Path) -> None:
    """Remove the temporary files and folders that runs which were killed have left; a run that lives has locked its own."""
    import shutil  # takes 8 ms, and most runs make no folders

    remove_strays(folder)
    for stray in sorted(path for path in folder.iterdir() if is_temporary(path.name)):
        if os.name == "posix" and stray.is_dir() and not stray.is_symlink():
            descriptor = os.open(stray, os.O_RDONLY)
            try:
                if lock(descriptor):
                    shutil.rmtree(stray, ignore_errors=True)
            finally:
                os.close(descriptor)


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.ENOTSUP}:  # file systems that can't sync a folder say so
            raise
    finally:
        os.close(descriptor)
