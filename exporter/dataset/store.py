"""The folder of a persistent store: `graph/` for the engine, and beside it what it was made from.

Readers share a lock and a writer has it alone, because the engine says nothing of what a reader sees while another process writes.
The store is built beside the old one and renamed, so a run that is ended leaves the old one.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO, Any

from exporter.errors import QueryError
from exporter.problems import Location, Problem, Severity
from exporter.system.undoing import forget, undo_with, uninterrupted
from exporter.text import enumerate_names, plural
from exporter.tree import Tree

MANIFEST, GRAPH, INDEX, LOCK = "owltype-store.json", "graph", "records.sqlite", "lock"
_VERSION = 2


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file was like: its content decides, size and time only save reading it."""

    size: int
    modified: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a store was made from, and what its queries may take as known; `unread` says of files why they are not in it.

    `exact`, `beyond` and `tags` are what loading found of its literals (`exporter.dataset.exact`).
    """

    paths: tuple[str, ...]
    ontology: tuple[str, ...]
    files: Mapping[str, FileState]
    prefixes: Mapping[str, str]
    terms: tuple[str, ...]
    triples: int
    unread: Mapping[str, str] = field(default_factory=dict)
    exact: bool = False
    beyond: int = 0
    tags: Mapping[str, str] = field(default_factory=dict)
    version: int = _VERSION

    def write(self, folder: Path) -> None:
        """Write the manifest, which makes the store complete."""
        (folder / MANIFEST).write_text(json.dumps(asdict(self)), "utf-8")


def is_store(folder: Path) -> bool:
    """Tell whether a folder holds a store."""
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> Manifest:
    """Read what a store was made from; raises `QueryError` for a folder that holds none of ours."""
    try:
        data: dict[str, Any] = json.loads((folder / MANIFEST).read_text("utf-8"))
        if data["version"] != _VERSION:
            raise store_error(
                folder, f"the store was made by another version of owltype ({data['version']})", "make it again with --refresh"
            )
        files = {path: FileState(**state) for path, state in data.pop("files").items()}
        return Manifest(**{**data, "files": files, "paths": tuple(data["paths"]), "ontology": tuple(data["ontology"])})
    except OSError as error:
        raise store_error(folder, f"the folder holds no store: {error.strerror}", "make one with `owltype export --store`") from error
    except (ValueError, KeyError, TypeError) as error:
        raise store_error(folder, "the store's list of sources can't be read", "make it again with --refresh") from error


def store_error(folder: Path, message: str, advice: str | None = None) -> QueryError:
    """Make the error of a store that can't be used."""
    problem = Problem("QUERY-STORE", Location(str(folder)), message, help=advice)
    return QueryError(f"{folder}: {message}" + (f"; {advice}" if advice else ""), [problem])


def states(paths: Iterable[str], tree: Tree) -> dict[str, FileState]:
    """Take the state of files, by their project paths; those that are gone are left out."""
    found = {}
    for path in paths:
        try:
            found[path] = _state(tree.place(path))
        except OSError:
            continue
    return found


def _state(path: str) -> FileState:
    with open(path, "rb") as file:  # noqa: PTH123 - thousands of files, and pathlib doubles the time of an open
        status = os.fstat(file.fileno())
        digest = hashlib.blake2b(file.read(), digest_size=16).hexdigest()
    return FileState(status.st_size, status.st_mtime_ns, digest)


def staleness(folder: Path, manifest: Manifest, files: Iterable[str], tree: Tree) -> Problem | None:
    """Compare a store with the files that it would be made from today; a warning where they differ in content."""
    now = set(files)
    changed = sorted(path for path in now & manifest.files.keys() if _differs(tree.place(path), manifest.files[path]))
    added, removed = sorted(now - manifest.files.keys()), sorted(manifest.files.keys() - now)
    kinds = ((changed, "changed"), (added, "added"), (removed, "removed"))
    said = [f"{plural(len(paths), 'file')} {word}" for paths, word in kinds if paths]
    if not said:
        return None
    example = (changed + added + removed)[0]
    message = f"the store is older than its sources: {enumerate_names(said, 'and')} (such as {tree.shown(example)})"
    return Problem("QUERY-STALE", Location(str(folder)), message, Severity.WARNING, "--refresh makes it again")


def left_out(manifest: Manifest) -> tuple[Problem, ...]:
    """Give the problems of files that could not be read when the store was made: its answers are without them."""
    advice = "make it again with --refresh when the file can be read"
    return tuple(
        Problem("READ-UNREADABLE", Location(path), f"not in the store: {message}", help=advice) for path, message in manifest.unread.items()
    )


def _differs(path: str, state: FileState) -> bool:
    try:
        status = os.stat(path)  # noqa: PTH116 - as in _state
        if (status.st_size, status.st_mtime_ns) == (state.size, state.modified):
            return False
        return status.st_size != state.size or _state(path).digest != state.digest
    except OSError:
        return True


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Hold a store for reading; raises `QueryError` while another process writes it."""
    with _locked(folder, exclusive=False):
        if _held_by_engine(folder):
            raise store_error(folder, "another program has the store open for writing", "stop it, or have it open the store read-only")
        yield


@contextmanager
def rebuilding(folder: Path) -> Iterator[Path]:
    """Give a new folder to build a store in, which takes the place of the old one when the block ends well."""
    folder.mkdir(parents=True, exist_ok=True)
    if not is_store(folder) and any(item.name != LOCK for item in folder.iterdir()):
        raise store_error(folder, "the folder holds something other than a store", "name a new folder")
    with _locked(folder, exclusive=True):
        new = folder / "new"
        shutil.rmtree(new, ignore_errors=True)
        undo = undo_with(lambda: shutil.rmtree(new, ignore_errors=True))
        new.mkdir()
        try:
            yield new
            with uninterrupted():
                (folder / MANIFEST).unlink(missing_ok=True)
                shutil.rmtree(folder / GRAPH, ignore_errors=True)
                for name in (GRAPH, INDEX, MANIFEST):
                    (new / name).replace(folder / name)
        finally:
            shutil.rmtree(new, ignore_errors=True)
            forget(undo)


@contextmanager
def _locked(folder: Path, *, exclusive: bool) -> Iterator[None]:
    if sys.platform == "win32":
        yield
        return
    import fcntl  # POSIX only

    with _open_lock(folder) as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            doing = "reading or writing" if exclusive else "writing"
            raise store_error(folder, f"another process is {doing} the store", "try again when it is done") from error
        yield


def _open_lock(folder: Path) -> IO[bytes]:
    try:
        return (folder / LOCK).open("ab")
    except OSError:
        return (folder / MANIFEST).open("rb")  # a store on a read-only disk has no writers


def _held_by_engine(folder: Path) -> bool:
    """Ask for the lock that Oxigraph's own server holds while it writes."""
    if sys.platform == "win32":
        return False
    import fcntl  # POSIX only

    try:
        with (folder / GRAPH / "LOCK").open("rb") as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            fcntl.lockf(file, fcntl.LOCK_UN)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
