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
from exporter.cache.listing import Listed
from exporter.cache.stamps import Look, look_of
from exporter.digests import checksum, content_digest
from exporter.errors import CacheError
from exporter.globs import glob_pattern
from exporter.project import Project
from exporter.records.data.claims import Claim, ClaimedFiles

_SECOND_NS = 1_000_000_000


class LastRun(NamedTuple):
    """A run: the digest of its plan, what it listed, its output, which data files hold records, and its account.

    `rows` is the digest of the index of kept outcomes, whose rows are the run's files, and `spans` that of where these are in the output.
    `folders` are those where files were looked up, with digests of the names there, and `uses` the files of the cache that the next run
    may need, though it reads none of them where nothing has changed.
    """

    plan: str
    listed: Listed
    rows: bytes
    output: Look
    data_files: tuple[ClaimedFiles, ...]
    account: bytes
    folders: tuple[tuple[str, bytes], ...] = ()
    spans: bytes = b""
    uses: tuple[str, ...] = ()


class Spans(NamedTuple):
    """Where the text of each record is in an output: the number of its file in the run and its own there, its beginning and length.

    `answers` are the IRIs that its values were found to name, one a line, where the plan looks values up.
    """

    files: array[int] = array("q")
    items: array[int] = array("q")
    starts: array[int] = array("q")
    lengths: array[int] = array("q")
    answers: Sequence[bytes] = ()


def read_spans(cache: Cache, name: str, last: LastRun) -> Spans | None:
    """Give where the records are in the output of a run; None where that is not known, or is of another run."""
    data = cache.read(spans_name(name))
    try:
        columns = unpack_columns(data) if data is not None and content_digest(data) == last.spans else None
    except CacheError:
        return None
    answers = columns.get("answers") if columns else None
    found = [column for field in Spans._fields if columns and isinstance(column := columns.get(field), array)]
    if not isinstance(answers, ByteColumn) or len(found) != len(Spans._fields) - 1 or len(set(map(len, found))) != 1:
        return None
    files, items, starts, lengths = found
    return Spans(files, items, starts, lengths, answers) if len(answers) in {0, len(files)} else None


def write_spans(cache: Cache, name: str, spans: Spans) -> bytes:
    """Keep where the records are in the output of a run, and give the digest of that."""
    packed = b"".join(pack_columns(spans._asdict()))
    cache.write(spans_name(name), [packed])
    return content_digest(packed)


def spans_name(name: str) -> str:
    """Name what says where the records are in an output."""
    return f"{name}-spans"


def last_run_name(project: Project, *said: object) -> str:
    """Name what a run leaves, by the project and what else was asked of it."""
    asked = (project.paths, project.tree.root, project.tree.here, project.tree.mounts, project.selection, *said)
    return f"run-{checksum(repr(asked).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def read_last_run(cache: Cache, name: str) -> LastRun | None:
    """Give what a run left under a name; None where there is nothing that can be believed."""
    data = cache.read(name)
    try:
        return None if data is None else _last_run(unpack_columns(data))
    except (CacheError, KeyError, ValueError, TypeError):
        return None


def _last_run(columns: Mapping[str, Column]) -> LastRun:
    numbers, claims = columns["output"], columns["claims"]
    if isinstance(numbers, ByteColumn) or isinstance(claims, ByteColumn):
        raise CacheError("not what a run left")
    texts = [column for name in _TEXTS if isinstance(column := columns[name], ByteColumn)]
    single, globs, folders, names, uses = texts
    plan, rows, account, spans = single
    pairs = zip(globs, claims, strict=True)
    return LastRun(
        plan.decode("ascii", "replace"),
        Listed.of_columns(columns),
        rows,
        Look(*numbers),
        tuple(ClaimedFiles(glob_pattern(glob.decode()), (Claim((), ""),) * bool(has)) for glob, has in pairs),
        account,
        tuple((os.fsdecode(folder), of) for folder, of in zip(folders, names, strict=True)),
        spans,
        tuple(name.decode("ascii", "replace") for name in uses),
    )


_TEXTS = ("text", "glob", "folder", "folder_names", "uses")


def write_last_run(cache: Cache, name: str, run: LastRun) -> None:
    """Keep what a run left."""
    texts: Sequence[bytes] = (run.plan.encode(), run.rows, run.account, run.spans)
    columns: dict[str, array[int] | Sequence[bytes]] = {
        "output": array("q", run.output),
        "text": texts,
        "glob": [claimed.glob.text.encode() for claimed in run.data_files],
        "claims": array("q", [bool(claimed.claims) for claimed in run.data_files]),
        "folder": [os.fsencode(folder) for folder, _ in run.folders],
        "folder_names": [names for _, names in run.folders],
        "uses": [used.encode() for used in run.uses],
    }
    cache.write(name, pack_columns({**columns, **run.listed.columns()}))


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
