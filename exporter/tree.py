"""Where a run's files lie: project paths, which say the same on every machine, and what they are here.

A file's project path is its path below the root. A file outside of it gets the path below the *parent* of the PATH that named it:
`~/blog/content` gives `content/news/x.md`. Globs, templates, fingerprints and baselines use project paths; the terminal shows paths
from where the user stands.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from exporter.problems import Location, Problem, ShaclDetail

ONTOLOGY_FOLDER = "ontology"
CACHE_FOLDER = ".owltype_cache"
"""What is kept between runs: never a place of records."""
STANDARD_INPUT = "-"


def find_root(start: str | Path = ".", settings_file: str | Path | None = None) -> str:
    """Give the root: the settings file's folder, or the nearest folder from `start` upward with an `ontology/` or `.git`, or `start`."""
    if settings_file is not None:
        return _absolute(Path(settings_file).parent)
    here = Path(_absolute(start))
    for folder in (here, *here.parents):
        if (folder / ONTOLOGY_FOLDER).is_dir() or (folder / ".git").exists():  # of a work tree beside another, .git is a file
            return str(folder)
    return str(here)


@dataclass(frozen=True, slots=True)
class Mount:
    """A PATH outside the root: `path` is its project path, `place` where it lies, and `shown` how the user wrote it."""

    path: str
    place: str
    shown: str


@dataclass(frozen=True, slots=True)
class Tree:
    """The files that a run can read, by project path: those below `root`, and below the mounts. `here` is where the user stands.

    `overlays` are bytes in place of a file's, by project path: what an editor holds, what standard input gave.

    >>> tree = Tree("/site", here="/site/content")
    >>> tree.project_path("news/a.md"), tree.place("content/news/a.md")
    ('content/news/a.md', '/site/content/news/a.md')
    """

    root: str
    here: str
    mounts: tuple[Mount, ...] = ()
    overlays: Mapping[str, bytes] = field(default_factory=dict)

    def project_path(self, named: str) -> str:
        """Give the project path of a file or folder as the user names it; that of the root is empty."""
        if named == STANDARD_INPUT:
            return named
        place = self._absolute(named)
        inside = self._inside(place)
        if inside is not None:
            return inside
        below = ((mount.path, rest) for mount in self.mounts if (rest := _below(mount.place, place)) is not None)
        return next((_join(path, rest) for path, rest in below), PurePath(place).as_posix())

    def mount(self, paths: Iterable[str]) -> Tree:
        """Give the tree with PATHs of the user; those outside the root get project paths of their own."""
        added = list(self.mounts)
        for named in paths:
            place = self._absolute(named)
            if named != STANDARD_INPUT and self._inside(place) is None and all(mount.place != place for mount in added):
                added.append(Mount(PurePath(place).name, place, PurePath(named).as_posix()))
        return replace(self, mounts=tuple(added))

    def outside(self, paths: Iterable[str]) -> list[Mount]:
        """List what of these PATHs is outside the root."""
        places = {self._absolute(path) for path in paths}
        return [mount for mount in self.mounts if mount.place in places]

    def named(self, path: str) -> str:
        """Give the path by which a file that is not a record is opened: its project path where that is one here, too, else a whole one."""
        place = self._absolute(path)
        inside = self._inside(place) if self.root == self.here else None
        return place if inside is None else inside or "."

    def place(self, path: str) -> str:
        """Say where the file with this project path lies on this machine."""
        for mount in self.mounts:
            rest = _below(mount.path, path)
            if rest is not None and os.path.lexists(place := _join(mount.place, rest)):
                return place
        return path if _is_whole(path) else _join(self.root, path)

    def data(self, path: str) -> bytes | None:
        """Give the bytes that stand in place of a file, None where the file counts."""
        return self.overlays.get(path)

    def has_overlay_below(self, path: str) -> bool:
        """Say whether a folder has an overlay in it, whether or not it is there."""
        return any(is_below(other, path) for other in self.overlays)

    def shown(self, path: str) -> str:
        """Write a project path as it is seen from where the user stands; what is outside the root as the user wrote it."""
        for mount in self.mounts:
            rest = _below(mount.path, path)
            if rest is not None and os.path.lexists(_join(mount.place, rest)):
                return _join(mount.shown, rest)
        if self.root == self.here or _is_whole(path) or path in self.overlays:
            return path
        there = os.path.join(self.root, path)  # noqa: PTH118 - as above
        # what is not a file of the project, such as a query on the command line, is called what it is called
        return PurePath(os.path.relpath(there, self.here)).as_posix() if os.path.lexists(there) else path

    def shown_place(self, place: Location) -> str:
        """Write a place as it is seen from where the user stands: `file:line:column`."""
        return str(replace(place, path=self.shown(place.path)))

    def relocate(self, problem: Problem) -> Problem:
        """Give a problem with project paths in place of whole ones, by which files that are not records are opened."""
        detail = problem.shacl
        shape_location = detail.shape_location if detail else None
        places = (problem.location, *problem.related, *([shape_location] if shape_location else []))
        if not any(_is_whole(place.path) for place in places):
            return problem
        moved: ShaclDetail | None = detail
        if detail and shape_location:
            moved = replace(detail, shape_location=self._relocated(shape_location))
        return replace(
            problem, location=self._relocated(problem.location), related=tuple(map(self._relocated, problem.related)), shacl=moved
        )

    def _relocated(self, place: Location) -> Location:
        return replace(place, path=self.project_path(place.path)) if _is_whole(place.path) else place

    def _absolute(self, named: str) -> str:
        return os.path.normpath(os.path.join(self.here, named))  # noqa: PTH118 - `..` goes, and links stay what the user calls them

    def _inside(self, place: str) -> str | None:
        """Give the path below the root; a place that is written through a link to the root's folder is there, too."""
        inside = _below(self.root, place)
        return _below(os.path.realpath(self.root), os.path.realpath(place)) if inside is None else inside


def open_tree(settings_file: str | Path | None = None) -> Tree:
    """Give the tree of where the user stands."""
    return Tree(find_root(settings_file=settings_file), os.getcwd())  # noqa: PTH109 - as a text


def _absolute(path: str | Path) -> str:
    return os.path.abspath(path)  # noqa: PTH100 - `..` goes, and links stay what the user calls them


def _is_whole(path: str) -> bool:
    return os.path.isabs(path)  # noqa: PTH117 - for every problem, and pathlib is slow


def is_below(path: str, folder: str) -> bool:
    """Say whether one project path is below another; that of the root is empty.

    >>> is_below("content/a.md", "content"), is_below("content.md", "content"), is_below("a.md", "")
    (True, False, True)
    """
    return not folder or path.startswith(folder + "/")


def _below(folder: str, path: str) -> str | None:
    """Give what follows the folder in a path, None where it is not below; `""` for the folder itself."""
    if path == folder:
        return ""
    start = folder if folder.endswith("/") else folder + "/"
    return path[len(start) :] if path.startswith(start) else None


def _join(folder: str, rest: str) -> str:
    # for every record, and pathlib is slow
    return f"{folder.rstrip('/')}/{rest}" if rest else folder
