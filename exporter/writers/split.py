"""`--split`: a folder of files, one a record or a class, that changes only when all of them are written.

All files are written to a hidden folder inside the target first, so a failure while writing leaves everything as it was.
Then each takes its place by a rename. A kill in between leaves whole files, some old and some new; the manifest is written
before and names both, so the next run repairs the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Self

from exporter.digests import content_digest
from exporter.errors import OutputError
from exporter.rdf.compression import Sink
from exporter.rdf.syntaxes import Compression
from exporter.system.undoing import forget, undo_with, uninterrupted
from exporter.text import quote
from exporter.writers.files import PATH_SHOWN, AtomicFile, fail_to_write, write_direct
from exporter.writers.temporaries import is_temporary, lock, remove_stray_folders, sync_folder, temporary_name

MANIFEST = ".owltype-files.json"
SCHEMAS = ".owltype-schemas.json"
SITE = ".owltype-site.json"
"""The lists of what was written into a folder: by an export, by `gen json-schema` and by `publish`: none removes what another wrote."""
_LENGTH = 100
_HASHED = re.compile(r".*-[0-9a-f]{12}")
_UNSAFE = re.compile(r"[^a-z0-9._-]+")
_RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(10))}


def safe_file_name(text: str) -> str:
    """Make a file name, without extension, from an IRI or a key.

    The same text gives the same name and two texts never share one, on file systems that ignore case too: a name that is not
    the text itself ends in a hash of it. No name starts with a dot or is one that Windows reserves.

    >>> safe_file_name("telehealth"), safe_file_name("https://example.org/News/Über/")
    ('telehealth', 'example.org-news-ber-e39af8e47baf')
    """
    folded = _UNSAFE.sub("-", re.sub(r"^[a-zA-Z][a-zA-Z0-9+.-]*://", "", text).lower())
    name = folded.strip(".-_")
    if name and name == text and len(name) <= _LENGTH and name.partition(".")[0] not in _RESERVED and not _HASHED.fullmatch(name):
        return name
    digest = hashlib.blake2s(text.encode(), digest_size=6).hexdigest()
    name = name[-_LENGTH:].strip(".-_") or "record"  # the end of an IRI tells most
    return f"{name}-{digest}" if name.partition(".")[0] not in _RESERVED else f"file-{name}-{digest}"


class SplitFolder:
    """A folder whose files are replaced together; those that an earlier run made and this one does not are removed, others are left alone.

    With `nested` a name may have folders before it. `manifest` is the list in which files count as those of an earlier run. With
    `own` the folder has to be one that an earlier run with this manifest made, or empty, and no file of somebody else is written over.

    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp(), "out")
    >>> with SplitFolder(folder) as split, split.file("a.nt") as file:
    ...     _ = file.write(b"text")
    >>> (folder / "a.nt").read_bytes()
    b'text'
    """

    def __init__(self, path: str | os.PathLike[str], *, nested: bool = False, manifest: str = MANIFEST, own: bool = False) -> None:
        self._folder = Path(path)
        _leads_away.cache_clear()  # what an earlier folder found may have changed since
        self._nested = nested
        self._manifest = manifest
        self._names: dict[str, str] = {}
        self._made = not self._folder.exists()
        self._kept: set[str] = set()
        self._old = frozenset(self._own_files()) if own else None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            remove_stray_folders(self._folder)
            self._staging = self._folder / temporary_name("split")
            with uninterrupted():
                self._staging.mkdir()
                self._undo = undo_with(self._remove)
            self._lock = os.open(self._staging, os.O_RDONLY) if os.name == "posix" else None
        except OSError as error:
            fail_to_write(self._folder, error, stands=False)
        if self._lock is not None:
            lock(self._lock)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if kind is None:
                self._commit()
        except OSError as failure:
            fail_to_write(self._folder, failure, stands=False)
        finally:
            self._discard()

    @contextlib.contextmanager
    def file(self, name: str, compression: Compression | None = None) -> Iterator[Sink]:
        """Open one of the files. Raises OutputError for a name that is taken, or that is not a plain one."""
        self._enter(name)
        with self._stage(name, compression) as sink:
            yield sink

    @contextlib.contextmanager
    def _stage(self, name: str, compression: Compression | None = None) -> Iterator[Sink]:
        shown = os.fspath(self._folder / name)
        try:
            if "/" in name:
                (self._staging / name).parent.mkdir(parents=True, exist_ok=True)
            file = (self._staging / name).open("wb")
        except OSError as error:
            fail_to_write(shown, error)
        with file, write_direct(shown, file, compression, stands=True) as sink:
            yield sink

    def _enter(self, name: str) -> None:
        """Take a name for one of the files; raises OutputError for one that is taken, or that is not a plain one."""
        self._refuse(name)
        self._names[name.casefold()] = name
        if self._old is not None and name not in self._old and os.path.lexists(self._folder / name):
            raise OutputError(f"{quote(self._folder / name, PATH_SHOWN)} is in the way: owltype did not write it; move it to go on")

    def _refuse(self, name: str) -> None:
        folded = name.casefold()
        if (
            folded in self._names
            or folded in {MANIFEST, SCHEMAS, SITE}
            or not (_is_plain(name) or (self._nested and _is_path(self._folder, name)))
        ):
            taken = f" as {quote(self._names[folded])} does" if folded in self._names else ""
            raise OutputError(
                f"can't write a file named {quote(name)} into {quote(self._folder, PATH_SHOWN)}{taken}; it has to be a name of its own"
            )

    def stage(self, name: str, content: bytes) -> bool:
        """Write a file beside its place, unless it is there and has this content; say whether it was written.

        It counts when it is entered, by the process that has the folder; staging is for any that was forked from it.
        """
        self._refuse(name)
        path = self._folder / name
        try:
            same = not path.is_symlink() and path.stat().st_size == len(content) and path.read_bytes() == content
        except OSError:
            same = False
        if not same:
            with self._stage(name) as sink:
                sink.write(content)
        return not same

    def enter(self, name: str, *, new: bool) -> None:
        """Count a file that was staged, or that is there as it should be."""
        self._enter(name)
        if not new:
            self._kept.add(name)

    def has(self, files: Sequence[tuple[str, bytes]]) -> bool:
        """Say whether all of some files are there with the content of these digests (`content_digest`)."""
        for name, digest in files:
            path = self._folder / name
            try:
                if path.is_symlink() or content_digest(path.read_bytes()) != digest:
                    return False
            except OSError:
                return False
        return True

    def _own_files(self) -> list[str]:
        """List the files of earlier runs; raises OutputError for a folder that has files, and none of an earlier run."""
        names = read_manifest(self._folder, self._manifest)
        if not names and self._folder.is_dir() and any(self._folder.iterdir()) and not (self._folder / self._manifest).exists():
            raise OutputError(
                f"{quote(self._folder, PATH_SHOWN)} is not empty, and nothing that owltype wrote is in it: name a folder that is empty, "
                "or that is to be made"
            )
        return names

    def _commit(self) -> None:
        old = read_manifest(self._folder, self._manifest)
        new = sorted(self._names.values())
        if hasattr(os, "sync"):
            os.sync()  # one for all files: an fsync for each takes minutes for 50,000 records
        with uninterrupted():
            self._write_manifest(sorted({*old, *new}))
            for name in new:
                if name in self._kept:
                    continue
                if "/" in name:
                    (self._folder / name).parent.mkdir(parents=True, exist_ok=True)
                (self._staging / name).replace(self._folder / name)
            for name in sorted(set(old) - set(new)):
                (self._folder / name).unlink(missing_ok=True)
                _remove_empty(self._folder, name)
            sync_folder(self._folder)
            self._write_manifest(new)

    def _write_manifest(self, names: list[str]) -> None:
        with AtomicFile(self._folder / self._manifest) as file:
            file.write(json.dumps({"files": names}, ensure_ascii=False, indent=2).encode() + b"\n")

    def _discard(self) -> None:
        self._remove()
        forget(self._undo)
        if self._lock is not None:
            os.close(self._lock)

    def _remove(self) -> None:
        shutil.rmtree(self._staging, ignore_errors=True)
        if self._made:
            with contextlib.suppress(OSError):
                self._folder.rmdir()  # only where nothing was written into it


def read_manifest(folder: Path, manifest: str = MANIFEST) -> list[str]:
    """List the files that earlier runs with this manifest made in a folder.

    Raises OutputError for a manifest that is not ours: nothing may be removed by it.
    """
    try:
        names = json.loads((folder / manifest).read_bytes())["files"]
    except FileNotFoundError:
        return []
    except (ValueError, KeyError, TypeError, RecursionError):
        names = None
    if not isinstance(names, list) or not all(isinstance(name, str) and _is_path(folder, name) for name in names):
        raise OutputError(f"{quote(folder / manifest, PATH_SHOWN)} is not a list of files that owltype wrote; remove it to go on")
    return names


def _is_plain(name: str) -> bool:
    return name not in {"", ".", ".."} and not set(name) & set("/\\\0") and not is_temporary(name)


def _is_path(folder: Path, name: str) -> bool:
    """Whether a name stays in the folder: its parts are plain, and no folder on the way is a link to elsewhere."""
    names = name.split("/")
    return all(map(_is_plain, names)) and not _leads_away(folder, "/".join(names[:-1]))


@lru_cache(maxsize=10_000)
def _leads_away(folder: Path, name: str) -> bool:
    """Whether a folder in a folder, or one on the way to it, is a link; asked once for all that is in it."""
    return bool(name) and ((folder / name).is_symlink() or _leads_away(folder, name.rpartition("/")[0]))


def _remove_empty(folder: Path, name: str) -> None:
    """Remove the folders of a file that is gone, as far as they are empty."""
    for parent in (folder / name).parents:
        if parent == folder:
            return
        with contextlib.suppress(OSError):
            parent.rmdir()
