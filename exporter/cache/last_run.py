"""What a run left, by which the next one knows that there is nothing to do: neither its files, nor its plan, nor its output has changed.

Nothing is opened for it but the cache. All that the run had to say is kept with it, so that it is said again.
"""

from __future__ import annotations

import os
import stat
from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.cache.folder import Cache
from exporter.cache.stamps import Look, look_of
from exporter.digests import checksum, content_digest
from exporter.errors import CacheError
from exporter.globs import glob_pattern
from exporter.project import Project
from exporter.records.data.claims import Claim, ClaimedFiles

_SECOND_NS = 1_000_000_000


class LastRun(NamedTuple):
    """A run: the digests of its plan and of what its files looked like, its output, which data files hold records, and its account.

    `listing` is empty where a change might not show in it. `left_out` is the digest of the files that are not records, `rows` that of the
    index of kept outcomes, whose rows are the run's files. `folders` are those where files were looked up, with digests of the names there.
    """

    plan: str
    listing: bytes
    left_out: bytes
    rows: bytes
    output: Look
    data_files: tuple[ClaimedFiles, ...]
    account: bytes
    folders: tuple[tuple[str, bytes], ...] = ()


class Spans(NamedTuple):
    """Where the text of each record is in an output: the number of its file in the run and its own there, its beginning and length."""

    files: array[int] = array("q")
    items: array[int] = array("q")
    starts: array[int] = array("q")
    lengths: array[int] = array("q")


def read_spans(cache: Cache, name: str) -> Spans | None:
    """Give where the records are in the output of a run; None where that is not known."""
    data = cache.read(f"{name}-spans")
    try:
        columns = None if data is None else unpack_columns(data)
    except CacheError:
        return None
    found = [column for field in Spans._fields if columns and isinstance(column := columns.get(field), array)]
    return Spans(*found) if len(found) == len(Spans._fields) and len(set(map(len, found))) == 1 else None


def write_spans(cache: Cache, name: str, spans: Spans) -> None:
    """Keep where the records are in the output of a run."""
    cache.write(f"{name}-spans", pack_columns(spans._asdict()))


def last_run_name(project: Project, *said: object) -> str:
    """Name what a run leaves, by the project and what else was asked of it."""
    asked = (project.paths, project.tree.root, project.tree.here, project.tree.mounts, project.selection, *said)
    return f"run-{checksum(repr(asked).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def read_last_run(cache: Cache, name: str) -> LastRun | None:
    """Give what a run left under a name; None where there is nothing that can be believed."""
    data = cache.read(name)
    try:
        return None if data is None else _last_run(unpack_columns(data))
    except (CacheError, KeyError, ValueError):
        return None


def _last_run(columns: Mapping[str, Column]) -> LastRun:
    numbers, claims, texts, globs = (columns[name] for name in ("output", "claims", "text", "glob"))
    folders, names = columns["folder"], columns["names"]
    if not (isinstance(folders, ByteColumn) and isinstance(names, ByteColumn)):
        raise CacheError("not what a run left")
    if (
        isinstance(numbers, ByteColumn)
        or isinstance(claims, ByteColumn)
        or not (isinstance(texts, ByteColumn) and isinstance(globs, ByteColumn))
    ):
        raise CacheError("not what a run left")
    plan, listing, left_out, rows, account = texts
    size, mtime_ns, ctime_ns, inode = numbers
    pairs = zip(globs, claims, strict=True)
    claimed = tuple(ClaimedFiles(glob_pattern(glob.decode()), (Claim((), ""),) * bool(has)) for glob, has in pairs)
    looked_in = tuple((os.fsdecode(folder), of) for folder, of in zip(folders, names, strict=True))
    return LastRun(
        plan.decode("ascii", "replace"), listing, left_out, rows, Look(size, mtime_ns, ctime_ns, inode), claimed, account, looked_in
    )


def write_last_run(cache: Cache, name: str, run: LastRun) -> None:
    """Keep what a run left."""
    globs = [claimed.glob.text.encode() for claimed in run.data_files]
    claims = array("q", [bool(claimed.claims) for claimed in run.data_files])
    texts: Sequence[bytes] = (run.plan.encode(), run.listing, run.left_out, run.rows, run.account)
    folders = {"folder": [os.fsencode(folder) for folder, _ in run.folders], "names": [names for _, names in run.folders]}
    cache.write(name, pack_columns({"output": array("q", run.output), "text": texts, "glob": globs, "claims": claims, **folders}))


def digest_of_names(place: str) -> bytes:
    """Give a digest of the names in a folder, and which of them are folders; nothing where it can't be listed."""
    try:
        with os.scandir(place) as found:
            names = sorted(entry.name + "/" * entry.is_dir() for entry in found)
    except OSError:
        return b""
    return content_digest("\0".join(names).encode("utf-8", "surrogatepass"))


def look_at_output(path: str | os.PathLike[str]) -> Look | None:
    """Look at a file that a run has just written; None where a change of it right after that might not show.

    A file system that counts whole seconds is told by the time itself; of one that counts by the kernel's tick, a change would have to
    come within some milliseconds of the rename.
    """
    try:
        found = os.stat(path)  # noqa: PTH116 - what `look` takes
    except OSError:
        return None
    if not stat.S_ISREG(found.st_mode):  # a pipe, or a terminal: what was written there is gone
        return None
    looked = look_of(found)
    return looked if looked.mtime_ns % _SECOND_NS and looked.ctime_ns % _SECOND_NS else None
