"""What a run of a project depends on, as folders and files of this machine, and which of their changes count."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from exporter.cache.folder import open_cache
from exporter.cache.inputs import recall_inputs
from exporter.discovery import PRUNED, REPOSITORIES, SETTINGS_FILES
from exporter.gitignore import IGNORE_FILE, REPOSITORY, Repository
from exporter.globs import glob_pattern
from exporter.project import Project
from exporter.resources import OWN_FOLDERS
from exporter.settings.loading import find_settings
from exporter.tree import CACHE_FOLDER
from exporter.writers.temporaries import is_temporary

SERVED = ("static", "public")
"""Folders that tools serve at the root of a site: values name files there."""
_PASSING = re.compile(r".*~|\.#.*|#.*#|\..*\.sw[a-z]|\.DS_Store|4913")
"""Names that editors and desktops give to files that are theirs alone, and not there for long."""


@dataclass(frozen=True, slots=True)
class Watched:
    """What is watched: `trees` are folders with all that is below them, `files` single files, whether or not they are there.

    `products` are files and folders that the run writes itself: a change of them says nothing new, but that one is gone. `follow` goes
    into folders that are links, `hidden` into those whose name starts with a dot. All are whole paths.
    """

    trees: tuple[str, ...]
    files: frozenset[str] = frozenset()
    products: tuple[str, ...] = ()
    follow: bool = False
    hidden: bool = False

    def look(self) -> WatchedPlaces:
        """Look at what is there of it now."""
        read: set[str] = set()
        linked: set[str] = set()
        for tree in self.trees:
            if os.path.isdir(tree):  # noqa: PTH112 - texts
                self._walk(os.path.realpath(tree), read, linked)
        around = {_present(os.path.dirname(path)) for path in (*self.trees, *self.files, *linked)}  # noqa: PTH120 - as above
        return WatchedPlaces(self, frozenset(around | read), frozenset(read), self.files | linked | set(self.trees))

    def _walk(self, top: str, read: set[str], linked: set[str]) -> None:
        """Note a folder and those below it, as far as they can be listed, and the files that links lead to."""
        pending = [top]
        while pending:
            folder = pending.pop()
            if folder in read:
                continue
            read.add(folder)
            with suppress(OSError), os.scandir(folder) as entries:
                for entry in entries:
                    path = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
                    if entry.is_dir() and (self.follow or path is entry.path):
                        pending += [] if self._passes_over(entry.name) else [path]
                    elif path is not entry.path:
                        linked.add(path)

    def _passes_over(self, name: str) -> bool:
        return name in PRUNED or name in REPOSITORIES or name == CACHE_FOLDER or (name.startswith(".") and not self.hidden)


@dataclass(frozen=True, slots=True)
class WatchedPlaces:
    """The folders that are there to be watched, each without those in it; in those of `read` everything counts, in the others `files`."""

    watched: Watched
    folders: frozenset[str]
    read: frozenset[str]
    files: frozenset[str]

    def counts(self, path: str) -> bool:
        """Say whether a change of a file or folder, by its whole path, may change what the run gives."""
        folder, name = os.path.split(path)
        if path in self.files:
            return True
        if is_temporary(name) or _PASSING.fullmatch(name):
            return False
        if any(_is_in(path, product) for product in self.watched.products):
            return path in self.watched.products and not os.path.lexists(path)
        return folder in self.read or any(_is_in(file, path) for file in self.files)

    def changes_folders(self, paths: Iterable[str]) -> bool:
        """Say whether one of the paths that changed is, or was, a folder, or a link: others may have to be watched now."""
        return any(path in self.folders or os.path.isdir(path) or os.path.islink(path) for path in paths)  # noqa: PTH112, PTH114 - texts


def watched_by(project: Project, products: Iterable[str] = (), files: Iterable[str] = ()) -> Watched:
    """Give what a project and a run of it are made of: records, plan, settings, and further `files`; paths are as the user names them.

    What only the ontology says, its imports and the code of plug-ins, is what the last run found (`exporter.cache.inputs`).
    """
    tree = project.tree
    whole = [_whole(tree.here, path) for path in (*project.paths, *project.ontology, *project.shapes)]
    named = [path for path in whole if not os.path.isdir(path)]  # noqa: PTH112 - beside what os gives
    trees = [path for path in whole if path not in named]
    trees += [tree.place(folder) for folder in (*OWN_FOLDERS, *SERVED, *(folder for folder, _ in project.file_addresses)) if folder]
    single = [*named, *(_whole(tree.here, file) for file in files), *_around(project, trees), *_compiled_from(project)]
    globs = [glob_pattern(glob).text for glob in project.selection.include]
    return Watched(
        tuple(dict.fromkeys(trees)),
        frozenset(single) | {os.path.realpath(path) for path in single},
        tuple(dict.fromkeys(real for path in products for real in _both(_whole(tree.here, path)))),
        project.selection.follow_symlinks,
        any(part.startswith(".") for glob in globs for part in glob.split("/")),
    )


def _around(project: Project, trees: Iterable[str]) -> Iterator[str]:
    """Yield the files around what is read that say how: settings, what git ignores, and what it tracks all the same."""
    settings = find_settings(Path(project.tree.here))
    yield from [str(settings)] if settings else []
    here = Path(project.tree.here)
    for folder in (here, *here.parents):
        yield from (str(folder / name) for name in SETTINGS_FILES)
        if str(folder) == project.root or (folder / REPOSITORY).exists():
            break
    for tree in dict.fromkeys((*trees, project.root)):
        for folder in (Path(tree), *Path(tree).parents):
            yield str(folder / IGNORE_FILE)
            yield str(folder / REPOSITORY)
            if (folder / REPOSITORY).exists():
                yield from Repository(str(folder)).says_what_counts
                break


def _compiled_from(project: Project) -> Iterator[str]:
    """Yield the files that the plan was compiled from, and those that it was looked for in vain."""
    yield from loaded_code()
    with suppress(OSError):
        inputs = recall_inputs(project, open_cache(project))
        if inputs is not None:
            yield from (_whole(project.tree.here, path) for path in (*inputs.files, *inputs.missing))


def loaded_code() -> set[str]:
    """Give the files of the modules that are loaded and neither come with Python nor are installed: plug-ins that are being written."""
    installed = tuple(f"{path}/" for name, path in sysconfig.get_paths().items() if name.endswith("lib"))
    modules = [module for name, module in [*sys.modules.items()] if name.partition(".")[0] not in {"exporter", "__main__"}]
    files = {str(getattr(module, "__file__", None) or "") for module in modules}
    return {file for file in files if os.path.isabs(file) and not file.startswith(installed)}  # noqa: PTH117 - texts


def _whole(here: str, path: str) -> str:
    return os.path.normpath(os.path.join(here, path))  # noqa: PTH118 - links stay what the user calls them


def _both(path: str) -> tuple[str, str]:
    """Give a path, and the one that it leads to: a system may tell of either."""
    return path, os.path.realpath(path)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _present(folder: str) -> str:
    """Give the nearest folder that is there: the folder itself, or one around it."""
    while not os.path.isdir(folder) and folder != "/":  # noqa: PTH112 - texts
        folder = os.path.dirname(folder)  # noqa: PTH120 - as above
    return os.path.realpath(folder)
