"""What a run left, by which the next one knows that there is nothing to do: neither its files, nor its plan, nor its output has changed.

Nothing is opened for it but the cache. All that the run had to say is kept with it, so that it is said again.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.cache.folder import Cache
from exporter.cache.stamps import Look, look
from exporter.digests import checksum
from exporter.errors import CacheError
from exporter.globs import glob_pattern
from exporter.project import Project
from exporter.records.data.claims import Claim, ClaimedFiles

_SECOND_NS = 1_000_000_000


class LastRun(NamedTuple):
    """A run: the digests of its plan and of what its files looked like, its output, which data files hold records, and its account."""

    plan: str
    listing: bytes
    output: Look
    data_files: tuple[ClaimedFiles, ...]
    account: bytes


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
    if (
        isinstance(numbers, ByteColumn)
        or isinstance(claims, ByteColumn)
        or not (isinstance(texts, ByteColumn) and isinstance(globs, ByteColumn))
    ):
        raise CacheError("not what a run left")
    plan, listing, account = texts
    size, mtime_ns, ctime_ns, inode = numbers
    pairs = zip(globs, claims, strict=True)
    claimed = tuple(ClaimedFiles(glob_pattern(glob.decode()), (Claim((), ""),) * bool(has)) for glob, has in pairs)
    return LastRun(plan.decode("ascii", "replace"), listing, Look(size, mtime_ns, ctime_ns, inode), claimed, account)


def write_last_run(cache: Cache, name: str, run: LastRun) -> None:
    """Keep what a run left."""
    globs = [claimed.glob.text.encode() for claimed in run.data_files]
    claims = array("q", [bool(claimed.claims) for claimed in run.data_files])
    texts: Sequence[bytes] = (run.plan.encode(), run.listing, run.account)
    cache.write(name, pack_columns({"output": array("q", run.output), "text": texts, "glob": globs, "claims": claims}))


def look_at_output(path: str | os.PathLike[str]) -> Look | None:
    """Look at a file that a run has just written; None where a change of it right after that might not show.

    A file system that counts whole seconds is told by the time itself; of one that counts by the kernel's tick, a change would have to
    come within some milliseconds of the rename.
    """
    try:
        looked = look(path)
    except OSError:
        return None
    return looked if looked.mtime_ns % _SECOND_NS and looked.ctime_ns % _SECOND_NS else None
