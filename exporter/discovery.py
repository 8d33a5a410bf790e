"""From PATHs to files, in one fixed order: sorted by the parts of the path, whatever the file system gives.

Folders are walked lazily, so no more is held than the names in the folders on the way. What is not read is said, with its reason.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from heapq import merge
from pathlib import Path, PurePath
from typing import NamedTuple

from exporter.errors import UsageError
from exporter.gitignore import Ignoring, ignoring_around, is_ignored
from exporter.globs import Branch, Glob, GlobError, glob_pattern
from exporter.paths import texts
from exporter.problems import Location, Problem
from exporter.rdf.syntaxes import is_rdf, split_compression
from exporter.records.data.claims import ClaimedFiles, find_claims
from exporter.records.framing import RECORD_SUFFIXES, TABLE_SUFFIXES, TEXT_SUFFIXES
from exporter.text import quote
from exporter.tree import CACHE_FOLDER, Tree, is_below, open_tree

PRUNED = frozenset({"node_modules", "__pycache__"})
"""Folders that hold programs, never records; hidden folders are left out too."""

REPOSITORIES = frozenset({".git", ".hg", ".svn", ".jj"})
"""Hidden folders that nobody thinks of as left out."""

SETTINGS_FILES = ("owltype.toml", "pyproject.toml")
"""Files that say how records are read, and so are none."""

SETTINGS = "settings"
"""Why such a file is skipped."""

HIDDEN, HIDDEN_FOLDER = "hidden", "hidden folder"
"""Why a file or folder whose name starts with a dot is left out."""

IGNORED, IGNORED_FOLDER = "ignored by .gitignore", "folder ignored by .gitignore"
"""Why a file or folder that git ignores is left out."""

MAX_DEPTH = 100
"""Folders inside each other below a PATH; a path on Linux could hold 2,000, more than Python's stack does."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which files of a folder are taken: those that match one of `include` (all, where there is none) and none of `exclude`.

    A hidden file, and one with an ending that is not read, are taken where a glob of `include` writes that out: `.net.yml`, `*.qmd`.
    `endings` are further ones that are read. Unless `gitignore` is switched off, what git ignores is left out.

    >>> Selection(include=("*.md",), exclude=("drafts/**",)).follow_symlinks
    False
    """

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    follow_symlinks: bool = False
    gitignore: bool = True
    endings: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Take one glob as a sequence of one; raises UsageError for one that can't mean anything."""
        object.__setattr__(self, "include", texts(self.include))
        object.__setattr__(self, "exclude", texts(self.exclude))
        try:
            for glob in (*self.include, *self.exclude):
                glob_pattern(glob)
        except GlobError as error:
            raise UsageError(str(error)) from None


@dataclass(frozen=True, slots=True)
class Discovered:
    """A file: a record to read, or with the reason why it is skipped, or with the problem that keeps it from being read.

    One that was named has both where it is skipped.
    """

    path: str
    skipped: str | None = None
    problems: tuple[Problem, ...] = ()

    @property
    def is_record(self) -> bool:
        """Whether the file is to be read."""
        return self.skipped is None and not self.problems


LeaveOut = Callable[[Discovered], None]
"""Takes a file that is not even looked at, with the reason: hidden, ignored by git, or an ending that is not read."""


class Entered(NamedTuple):
    """A folder that is walked: what it was before it was listed, what is in it, and what is ignored around it."""

    place: str
    status: os.stat_result
    entries: Sequence[os.DirEntry[str]]
    around: Ignoring | None


Enter = Callable[[Entered], None]
"""Takes each folder that is walked, before what is ignored in it is read."""


def discover(
    paths: Sequence[str],
    selection: Selection | None = None,
    leave_out: LeaveOut | None = None,
    tree: Tree | None = None,
    data_files: Sequence[ClaimedFiles] = (),
    enter: Enter | None = None,
) -> Iterator[Discovered]:
    """Yield the files below `paths`, each once, sorted by the parts of their project paths, whatever the order of the arguments.

    `leave_out` is told of texts that might be records but are hidden, ignored by git, or have an ending that is not read: the reason is
    that ending. `enter` is told of each folder on the way.

    A file that is named is always taken; folders give what `selection` and the file's ending allow, and the tables of `data_files`.
    Files have their project paths in `tree`. Raises UsageError for a path that is not there, and for two files with one project path.
    """
    tree = (open_tree() if tree is None else tree).mount(paths)
    walk = _Walk(tree, selection or Selection(), leave_out, data_files, enter, several=len(paths) > 1)
    starts = [(tree.project_path(path), path) for path in dict.fromkeys(paths)]
    starts.sort(key=lambda start: PurePath(start[0]).parts)
    found = walk.all([(path, _place(named, tree), _stat(path, named, tree)) for path, named in starts])
    unsaved = walk.unsaved([path for path, _ in starts]) if tree.overlays else ()
    yield from merge(found, unsaved, key=lambda found: PurePath(found.path).parts) if unsaved else found


def _place(named: str, tree: Tree) -> str:
    return os.path.normpath(os.path.join(tree.here, named)) if tree.mounts else tree.place(tree.project_path(named))  # noqa: PTH118 - texts


def _stat(path: str, named: str, tree: Tree) -> os.stat_result | None:
    """Look at a PATH; all of them are looked at before the first is read, so a slip in the last one ends the run before it begins.

    None for a record that comes from elsewhere.
    """
    if tree.data(path) is not None:
        return None
    if tree.has_overlay_below(path) and not os.path.lexists(Path(tree.here, named)):
        return None
    try:
        return Path(tree.here, named).stat()
    except OSError as error:
        raise UsageError(f"{quote(PurePath(named).as_posix())}: {(error.strerror or str(error)).lower()}") from None


def named_files(paths: Iterable[str], tree: Tree | None = None) -> frozenset[str]:
    """Give the project paths of the PATHs that are not folders."""
    tree = (open_tree() if tree is None else tree).mount(paths := list(paths))
    named = map(tree.project_path, paths)
    return frozenset(path for path in named if tree.data(path) is not None or not Path(tree.place(path)).is_dir())


def would_read(path: str, paths: Sequence[str], selection: Selection, tree: Tree, data_files: Sequence[ClaimedFiles] = ()) -> bool:
    """Say whether a run over some PATHs reads the file with a project path, which need not be there yet."""
    tree = tree.mount(paths)
    walk = _Walk(tree, selection, None, data_files, None, several=False)
    starts = [tree.project_path(start) for start in paths]
    return path in starts or (any(is_below(path, start) for start in starts) and walk.takes_unsaved(path))


TAKES_RDF = "this command reads records; `owltype validate` and `owltype query` take an RDF file as it is"


def gives_nothing(path: str, reason: str, advice: str | None = None) -> Problem:
    """Make the problem of a file that was named, and has nothing to read."""
    if advice is None and is_rdf(path):
        advice = TAKES_RDF
    advice = advice or "leave it out, or name a folder: of a folder, files without front matter are left out"
    said = f"the file was named, but gives nothing to read: {reason.removeprefix('with ')}"
    return Problem("READ-NOTHING", Location(path), said, help=advice)


class _Walk:
    def __init__(
        self,
        tree: Tree,
        selection: Selection,
        leave_out: LeaveOut | None,
        data_files: Sequence[ClaimedFiles],
        enter: Enter | None,
        *,
        several: bool,
    ) -> None:
        self._enter = enter
        self._data_files = data_files
        self._suffixes = (*RECORD_SUFFIXES, *selection.endings)
        self._tree = tree
        self._include = [branch for glob in selection.include for branch in glob_pattern(glob).branches]
        hidden = sorted({name for branch in self._include for name in branch.names if name.startswith(".")})
        self._hidden_folders = [re.compile("[^/]*".join(map(re.escape, name.split("*")))) for name in hidden]
        self._leave_out = leave_out or (lambda _: None)
        self._exclude = [glob_pattern(glob) for glob in selection.exclude]
        self._follow = selection.follow_symlinks
        self._gitignore = selection.gitignore
        # one walk without links meets each file once; remembering them all would cost 200 bytes a record
        self._seen: set[tuple[int, int]] | None = set() if several or self._follow else None

    def all(self, starts: Iterable[tuple[str, str, os.stat_result | None]]) -> Iterator[Discovered]:
        """Walk the PATHs: project path, place, and what lies there."""
        for path, place, status in starts:
            if status is not None:
                yield from self.start(path, place, status)
            elif self._tree.data(path) is not None:
                yield Discovered(path)

    def unsaved(self, starts: Sequence[str]) -> list[Discovered]:
        """List the records below the PATHs of which there is an overlay and no file."""
        below = [path for path in self._tree.overlays if path not in starts and any(is_below(path, start) for start in starts)]
        new = (path for path in below if not os.path.lexists(self._tree.place(path)) and self.takes_unsaved(path))
        return sorted(map(Discovered, new), key=lambda found: PurePath(found.path).parts)

    def takes_unsaved(self, path: str) -> bool:
        """Say whether a file with this path would be read from its folder."""
        folders = [str(folder) for folder in PurePath(path).parents][:-1]
        if any(name in PRUNED or name.startswith(".") for name in PurePath(path).parts) or not self._is_wanted(path):
            return False
        ignored = self._gitignore and is_ignored(self._tree.place(path), self._tree.root)
        return not ignored and not any(self._matches(self._exclude, folder) for folder in folders)

    def start(self, path: str, place: str, status: os.stat_result) -> Iterator[Discovered]:
        """Walk one PATH, which lies at `place`."""
        if stat.S_ISDIR(status.st_mode):
            ignoring = ignoring_around(place, self._tree.root) if self._gitignore else None
            yield from self._folder(path, place, ((status.st_dev, status.st_ino),), ignoring)
        elif self._is_new(status):
            found = self._regular(path, place, status.st_mode)
            yield Discovered(path, found.skipped, (gives_nothing(path, found.skipped),)) if found.skipped else found

    def _folder(self, path: str, place: str, above: tuple[tuple[int, int], ...], ignoring: Ignoring | None) -> Iterator[Discovered]:
        prefix = path + "/" if path else ""
        try:
            status = os.stat(place) if self._enter else None  # noqa: PTH116 - beside what os gives
            with os.scandir(place) as found:
                entries = sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            message = f"the folder can't be read: {(error.strerror or str(error)).lower()}"
            yield Discovered(path or ".", problems=(Problem("READ-UNREADABLE", Location(path or "."), message),))
            return
        if self._enter and status is not None:
            self._enter(Entered(place, status, entries, ignoring))
        if ignoring is not None:
            ignoring = ignoring.enter(place, [entry.name for entry in entries if entry.name.startswith(".git")])
        for entry in entries:
            if not entry.name.startswith(".") or self._takes_hidden(entry, prefix + entry.name):
                yield from self._entry(entry, prefix + entry.name, above, ignoring)

    def _entry(
        self, entry: os.DirEntry[str], path: str, above: tuple[tuple[int, int], ...], ignoring: Ignoring | None
    ) -> Iterator[Discovered]:
        if entry.is_symlink() and not self._follow:
            if _leads_to_folder(entry) or self._is_wanted(path):
                yield Discovered(path, skipped="symbolic link (follow-symlinks is off)")
            return
        try:
            if entry.is_dir():
                if entry.name not in PRUNED and not self._matches(self._exclude, path) and not self._ignores(entry, path, ignoring, "/"):
                    yield from self._below(entry, path, above, ignoring)
                return
            if not self._is_wanted(path):
                self._say_ending(entry, path, ignoring)
                return
            if self._ignores(entry, path, ignoring):
                return
            mode = stat.S_IFREG if self._seen is None and entry.is_file(follow_symlinks=False) else entry.stat().st_mode
            if self._seen is None or self._is_new(entry.stat()):
                yield self._regular(path, entry.path, mode)
        except OSError as error:
            message = f"the file can't be read: {(error.strerror or str(error)).lower()}"
            yield Discovered(path, problems=(Problem("READ-UNREADABLE", Location(path), message),))

    def _ignores(self, entry: os.DirEntry[str], path: str, ignoring: Ignoring | None, end: str = "") -> bool:
        """Say whether git ignores an entry, and tell; a folder's path has `/` at its end."""
        if ignoring is None or not ignoring.rules or not ignoring.ignores(entry.path + end):
            return False
        self._leave_out(Discovered(path, skipped=IGNORED_FOLDER if end else IGNORED))
        return True

    def _below(
        self, entry: os.DirEntry[str], path: str, above: tuple[tuple[int, int], ...], ignoring: Ignoring | None
    ) -> Iterator[Discovered]:
        status = entry.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in above:
            yield Discovered(path, skipped="symbolic link to a folder that it stands in")
        elif len(above) > MAX_DEPTH:
            yield Discovered(path, skipped=f"folders are nested more than {MAX_DEPTH} deep")
        else:
            yield from self._folder(path, entry.path, (*above, identity), ignoring)

    def _regular(self, path: str, place: str, mode: int) -> Discovered:
        if self._tree.mounts and (other := self._tree.place(path)) != place and not Path(other).samefile(place):
            raise UsageError(
                f"{quote(place)} and {quote(other)} have one project path, {quote(path)}; read them in two runs, or from the folder "
                "that both are in"
            )
        if not path.isprintable() and (shown := path.encode("utf-8", "backslashreplace").decode()) != path:
            message = "the name of the file is not valid UTF-8"
            return Discovered(shown, problems=(Problem("READ-NAME", Location(shown), message, help="rename it"),))
        if stat.S_ISREG(mode):
            if path.endswith(SETTINGS_FILES) and PurePath(path).name in SETTINGS_FILES:
                return Discovered(path, skipped=SETTINGS)
            return Discovered(path, skipped="compressed RDF" if split_compression(path)[1] and is_rdf(path) else None)
        kind = "pipe" if stat.S_ISFIFO(mode) else "socket" if stat.S_ISSOCK(mode) else "device"
        message = f"this is a {kind}, not a file; it is not opened"
        return Discovered(path, problems=(Problem("READ-NOT-A-FILE", Location(path), message, help="remove it, or exclude it"),))

    def _is_new(self, status: os.stat_result) -> bool:
        if self._seen is None:
            return True
        identity = (status.st_dev, status.st_ino)
        if identity in self._seen:
            return False
        self._seen.add(identity)
        return True

    def _takes_hidden(self, entry: os.DirEntry[str], path: str) -> bool:
        """Say whether a hidden entry is looked at; one that is left out is told, but not the cache: all runs say the same."""
        if entry.name == CACHE_FOLDER:
            return False
        if not entry.is_symlink() and entry.is_dir():
            if self._matches(self._hidden_folders, entry.name):
                return True
            if entry.name not in REPOSITORIES and not self._matches(self._exclude, path):
                self._leave_out(Discovered(path, skipped=HIDDEN_FOLDER))
            return False
        takes_dots = not entry.name.startswith("._")  # of macOS: attributes, under the name of the file that has them
        if any(name.startswith(".") or (takes_dots and writes_ending(name, path)) for name in self._naming(path)):
            return True
        if path.lower().endswith(self._suffixes) and not entry.is_symlink() and self._is_selected(path):
            self._leave_out(Discovered(path, skipped=HIDDEN))
        return False

    def _say_ending(self, entry: os.DirEntry[str], path: str, ignoring: Ignoring | None) -> None:
        if self._include or not path.lower().endswith(TEXT_SUFFIXES) or self._matches(self._exclude, path):
            return
        if ignoring is None or not ignoring.ignores(entry.path):
            self._leave_out(Discovered(path, skipped=PurePath(entry.name).suffix))

    def _naming(self, path: str) -> Iterator[str]:
        """Yield the last parts of the globs of `include` that match a path."""
        return (branch.names[-1] for branch in self._include if branch.fullmatch(path))

    def _is_wanted(self, path: str) -> bool:
        known = path.lower().endswith(self._suffixes) or self._is_table(path) or any(writes_ending(n, path) for n in self._naming(path))
        return known and self._is_selected(path)

    def _is_table(self, path: str) -> bool:
        """Say whether a class claims the rows of this file."""
        return bool(self._data_files) and path.lower().endswith(tuple(TABLE_SUFFIXES)) and bool(find_claims(self._data_files, path))

    def _is_selected(self, path: str) -> bool:
        return (not self._include or self._matches(self._include, path)) and not self._matches(self._exclude, path)

    def _matches(self, globs: Sequence[Branch | Glob | re.Pattern[str]], path: str) -> bool:
        return any(glob.fullmatch(path) for glob in globs)


def _leads_to_folder(link: os.DirEntry[str]) -> bool:
    """Say whether a symbolic link leads to a folder; one that leads to itself, or where nobody may look, does not."""
    try:
        return link.is_dir()
    except OSError:
        return False


def writes_ending(glob: str, path: str) -> bool:
    """Say whether the last part of a glob that matches a path writes out how the file's name ends.

    >>> writes_ending("*.qmd", "a.qmd"), writes_ending("README", "docs/README"), writes_ending("a*", "a.png")
    (True, True, False)
    """
    name = PurePath(path).name
    suffix = PurePath(name).suffix
    return glob == name or (suffix != "" and glob.endswith(suffix))
