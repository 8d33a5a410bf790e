"""What a plan was compiled from, so that a run can know the plan's digest without compiling it: that alone takes 0.1 s.

A plan follows from what the project says (`Project`), the programs, and files that only compiling finds: imports, and the code of plug-ins.
So the digest is kept with a look at each of these: what was read has to be what it was, what was looked for in vain still has to be
missing, and folders need the same names in them. Whatever can't be told makes the plan be compiled again.
"""

from __future__ import annotations

import os
import sys
import time
from array import array
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.cache.folder import Cache
from exporter.cache.stamps import Stamp, look, stamp_file, unchanged
from exporter.digests import checksum, content_digest
from exporter.errors import CacheError
from exporter.project import Project
from exporter.system.versions import build

_NUMBERS = ("size", "mtime", "ctime", "inode")


class Inputs(NamedTuple):
    """What a plan was compiled from, besides what the project says.

    `missing` are files that it was looked for, `listed` folders with the digests of the names in them, `modules` the packages of plug-ins
    with where they were found.
    """

    files: dict[str, Stamp]
    missing: tuple[str, ...]
    listed: dict[str, bytes]
    modules: dict[str, str]


def recall_digest(project: Project, cache: Cache) -> str | None:
    """Give the digest of the project's plan as a run before found it; None where the plan has to be compiled to know it."""
    kept = cache.read(plan_name(project)) if cache.is_on else None
    if kept is None:
        return None
    try:
        digest, inputs = _unpack(unpack_columns(kept))
    except CacheError:
        return None
    looked = _look_again(inputs)
    if looked is None:
        return None
    if looked != inputs:  # the same bytes with other times
        cache.write(plan_name(project), pack_inputs(digest, looked))
    return digest


def recall_inputs(project: Project, cache: Cache) -> Inputs | None:
    """Give what the project's plan was compiled from when it last was, whether or not that has changed; None where that is not kept."""
    kept = cache.read(plan_name(project)) if cache.is_on else None
    try:
        return None if kept is None else _unpack(unpack_columns(kept))[1]
    except CacheError:
        return None


def plan_name(project: Project) -> str:
    """Name what is kept of a project's plan: by all that decides the plan and is known beforehand."""
    said = (
        build(),
        sys.version,
        sys.implementation.name,
        sys.path,
        sorted(_installed()),
        project.root,
        project.tree.here,
        project.ontology,
        project.constants,
        project.default_class,
        project.unmapped,
        project.handlers,
        project.duplicate_keys,
        project.ambiguous_references,
        project.file_addresses,
        project.reading,
        project.unclaimed,
    )
    return f"plan-{checksum(repr(said).encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"


def _installed() -> Iterator[tuple[str, int, int]]:
    """Yield the packages that are installed, by the folders that hold their versions, and when their entry points were written."""
    for place in sys.path:
        try:
            with os.scandir(place or ".") as found:
                names = [entry.path for entry in found if entry.name.endswith((".dist-info", ".egg-info", ".egg-link"))]
        except OSError:
            continue
        for name in names:
            try:
                said = os.stat(os.path.join(name, "entry_points.txt"))  # noqa: PTH116, PTH118 - a hundred for each run
                yield name, said.st_size, said.st_mtime_ns
            except OSError:
                yield name, 0, 0


def _look_again(inputs: Inputs) -> Inputs | None:
    """Give the inputs as they are now, None where one has changed; where a quick look is not enough, the bytes decide."""
    before = time.time_ns()
    files = {}
    try:
        for path, stamp in inputs.files.items():
            files[path] = stamp if unchanged(stamp, look(path), before) else stamp_file(path)
            if files[path].digest != stamp.digest:
                return None
        if any(os.path.isfile(path) for path in inputs.missing):  # noqa: PTH113 - beside what os gives
            return None
        if any(names_in(path) != names for path, names in inputs.listed.items()):
            return None
    except OSError:
        return None
    if any(origin_of(module) != origin for module, origin in inputs.modules.items()):
        return None
    return inputs._replace(files=files)


def origin_of(module: str) -> str:
    """Say which file the import of a module would find; a name without a dot is looked for without running anything."""
    from importlib.util import find_spec  # few plans have plug-ins

    try:
        found = find_spec(module)
    except (ImportError, ValueError):
        return ""
    return str(found and found.origin)


def names_in(folder: str) -> bytes:
    """Give a digest of the names in a folder; raises OSError."""
    names = sorted(name for name in os.listdir(folder or ".") if name != "__pycache__")  # noqa: PTH208 - names
    return content_digest("\0".join(names).encode("utf-8", "surrogatepass"))


def pack_inputs(digest: str, inputs: Inputs) -> list[bytes]:
    """Give the parts of what is kept of a plan."""
    stamps = list(inputs.files.values())
    rows = [stamp[:4] for stamp in stamps]
    numbers = {name: array("q", [row[at] for row in rows]) for at, name in enumerate(_NUMBERS)}
    return pack_columns(
        {
            "plan": [digest.encode()],
            "file": _encoded(inputs.files),
            "content": [stamp.digest for stamp in stamps],
            "missing": _encoded(inputs.missing),
            "folder": _encoded(inputs.listed),
            "names": list(inputs.listed.values()),
            "module": _encoded(inputs.modules),
            "origin": _encoded(inputs.modules.values()),
            **numbers,
        }
    )


def _unpack(columns: dict[str, Column]) -> tuple[str, Inputs]:
    try:
        digest = "".join(_decoded(columns, "plan"))
        numbers = [columns[name] for name in _NUMBERS]
        stamps = [Stamp(*row) for row in zip(*numbers, _bytes(columns, "content"), strict=True)]
        files = dict(zip(_decoded(columns, "file"), stamps, strict=True))
        listed = dict(zip(_decoded(columns, "folder"), _bytes(columns, "names"), strict=True))
        modules = dict(zip(_decoded(columns, "module"), _decoded(columns, "origin"), strict=True))
        return digest, Inputs(files, tuple(_decoded(columns, "missing")), listed, modules)
    except (KeyError, ValueError, TypeError):
        raise CacheError("not what a plan was compiled from") from None


def _encoded(texts: Iterable[str]) -> list[bytes]:
    return [os.fsencode(text) for text in texts]


def _decoded(columns: dict[str, Column], name: str) -> list[str]:
    return [os.fsdecode(text) for text in _bytes(columns, name)]


def _bytes(columns: dict[str, Column], name: str) -> ByteColumn:
    column = columns[name]
    if not isinstance(column, ByteColumn):
        raise CacheError(f"{name} is a column of numbers")
    return column
