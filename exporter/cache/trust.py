"""Whether a folder may hold a cache: what is read there is believed, so nobody but the user may have written it (docs/security.md).

A pull request can bring files, and links; another user of the machine can write where all may. Each of these is asked about before
anything in the folder is read, and every file in it once more when it is opened (`open_own`).
"""

from __future__ import annotations

import os
import shlex
import stat
import subprocess
from collections.abc import Iterator
from io import FileIO
from pathlib import Path

from exporter.cache.format import MAGIC
from exporter.errors import CacheError, UsageError
from exporter.gitignore import REPOSITORY, Repository
from exporter.system.processes import Git
from exporter.text import quote
from exporter.tree import is_below
from exporter.writers.files import PATH_SHOWN
from exporter.writers.temporaries import is_temporary

TAG = "CACHEDIR.TAG"
TAG_TEXT = b"""Signature: 8a477f597d28d172789f06886806bc55
# This folder holds what owltype keeps between runs; it can be deleted at any time.
# About this file: https://bford.info/cachedir/
"""
IGNORE_FILE = ".gitignore"
IGNORE_TEXT = b"*\n"
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_SECONDS = 10.0
_LEADS_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR")
"""Variables that say where git's index is, or what it speaks of."""


def distrust(folder: Path, root: str) -> str | None:
    """Say why a folder is not used, as the end of a sentence with what to do; None where it may be, or is not there yet."""
    link = next(filter(Path.is_symlink, _parts_below(folder, root)), None)
    if link is not None:
        return f"{quote(link, PATH_SHOWN)} is a symbolic link; remove it, or name another folder with OWLTYPE_CACHE_DIR"
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return _tracked(folder)
    except OSError as error:
        return f"{(error.strerror or str(error)).lower()}; name another folder with OWLTYPE_CACHE_DIR"
    if not stat.S_ISDIR(found.st_mode):
        return "it is not a folder; remove it, or name another one with OWLTYPE_CACHE_DIR"
    if reason := _others_write(found):
        return f"it {reason}; delete it, or name another folder with OWLTYPE_CACHE_DIR"
    return _not_ours(folder) or _tracked(folder)


def is_ours(folder: Path) -> bool:
    """Say whether a folder has the tag that owltype puts into its caches, or nothing in it that is not ours; raises OSError.

    It has no tag where somebody deletes it while a run writes, and the tag went first.
    """
    try:
        with open_own(folder / TAG) as file:
            return file.read(len(TAG_TEXT) + 1) == TAG_TEXT
    except FileNotFoundError:
        names = [name for name in os.listdir(folder) if not is_temporary(name)]  # noqa: PTH208 - names
        return all(name in {TAG, IGNORE_FILE} or _is_entry(folder / name) for name in names)
    except (OSError, CacheError):
        return False


def open_own(path: Path) -> FileIO:
    """Open a file that nobody but the user can have written; raises CacheError for any other, and OSError.

    It is asked of the open file: what a path leads to may change between two looks.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    file = FileIO(os.open(path, flags))
    try:
        _check_own(os.fstat(file.fileno()))
    except BaseException:
        file.close()
        raise
    return file


def _check_own(found: os.stat_result) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise CacheError("is not a file")
    if reason := _others_write(found):
        raise CacheError(reason)


def _parts_below(folder: Path, root: str) -> Iterator[Path]:
    """Yield the folder, and those around it below the root; above it, and outside, links are the user's own."""
    yield folder
    yield from (parent for parent in folder.parents if str(parent) != root and is_below(parent.as_posix(), Path(root).as_posix()))


def _others_write(found: os.stat_result) -> str | None:
    if not hasattr(os, "geteuid"):  # Windows: its lists of who may write are not read
        return None
    if found.st_uid != os.geteuid():
        return "belongs to another user"
    return "can be written by other users" if found.st_mode & _OTHERS_WRITE else None


def _not_ours(folder: Path) -> str | None:
    try:
        ours = is_ours(folder)
    except OSError as error:
        return f"{(error.strerror or str(error)).lower()}; name another folder with OWLTYPE_CACHE_DIR"
    return None if ours else f"it has other files, and not the {TAG} of owltype; name a folder of its own with OWLTYPE_CACHE_DIR"


def _is_entry(path: Path) -> bool:
    """Say whether a file is one of the cache; so is one that has just been removed from it."""
    try:
        with open_own(path) as file:
            return file.read(len(MAGIC)) == MAGIC
    except FileNotFoundError:
        return True
    except (OSError, CacheError):
        return False


def _tracked(folder: Path) -> str | None:
    """Ask each repository around a folder, wherever the links above it lead."""
    real = Path(os.path.realpath(folder))
    if any(map(os.environ.get, _LEADS_ELSEWHERE)):
        here = next(parent for parent in real.parents if parent.is_dir())
        tracked = _git_tracks(here, real.relative_to(here).as_posix())
    else:
        tracked = any(_repository_tracks(top, real) for top in real.parents if os.path.lexists(top / REPOSITORY))
    if not tracked:
        return None
    return f"git tracks files in it, or can't tell; remove them from the repository (git rm -r --cached {shlex.quote(str(folder))})"


def _repository_tracks(top: Path, folder: Path) -> bool:
    path = folder.relative_to(top).as_posix()
    tracked = Repository(str(top)).may_track(path)
    return _git_tracks(top, path) if tracked is None else tracked


def _git_tracks(here: Path, path: str) -> bool:
    """Ask git itself; True where it can't tell."""
    try:
        listed = Git(here, _SECONDS).run("ls-files", "-z", "--", f":(icase,literal){path}")
    except (UsageError, OSError, subprocess.TimeoutExpired):
        return True
    return listed.returncode != 0 or bool(listed.stdout)
