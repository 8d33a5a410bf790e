"""The last validation of a project: where nothing has changed since, its results and problems are known without reading a record."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from exporter.cache.coding import decode_problems, decode_results, encode_problems, encode_results
from exporter.cache.columns import ByteColumn, pack_columns, unpack_columns
from exporter.cache.folder import Cache, CacheAccount, Note
from exporter.cache.inputs import recall_digest
from exporter.cache.kept import KeptOutcomes
from exporter.cache.last_run import LastRun, digest_of_names, last_run_name, write_last_run
from exporter.cache.listing import Listed, Listing
from exporter.cache.recalling import Recall, looked_in
from exporter.cache.stamps import Look
from exporter.digests import content_digest
from exporter.errors import CacheError
from exporter.pipeline.exporting import Exporting
from exporter.problems import Problem
from exporter.project import Project
from exporter.records.rules import Reshaping
from exporter.validation.batches.running import lasts, result_of, row_of
from exporter.validation.rechecking import CheckedParts
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph

_NO_OUTPUT = Look(0, 0, 0, 0)


class Found(NamedTuple):
    """What a validation found, without what is loaded for it: its shapes, and what reads records.

    `split` are the lines that say how the shapes are. `mapped` are those of the problems that reading and mapping found, and `unmet` the
    shapes without a focus node.
    """

    problems: tuple[Problem, ...]
    results: tuple[ValidationResult, ...]
    engines: tuple[str, ...]
    checked: int
    skipped: Mapping[str, int]
    files: tuple[str, ...]
    idle: bool
    split: tuple[str, ...] | None
    prefixes: Mapping[str, str]
    mapped: tuple[Problem, ...] = ()
    unmet: tuple[str, ...] = ()


class Edits(NamedTuple):
    """What a run left, and how the files look now that look otherwise, by their rows."""

    last: LastRun
    now: Listed
    looks: Mapping[int, Look]
    looked_at_ns: int
    found: Found
    parts: CheckedParts


class LastValidation:
    """What the last validation of the same records, by the same shapes and in the same way, left.

    `said` is all that was asked. Nothing is kept of shapes that ask for the time or for chance, and of unsaved files.
    """

    def __init__(self, project: Project, cache: Cache, shapes: ShapesGraph, *said: object, advanced: bool) -> None:
        self._project, self._cache = project, cache
        loaded = (shapes.triples, shapes.prefixes, shapes.files, shapes.missing_imports, sorted(shapes.imported))
        self._name = last_run_name(project, "validate", advanced, *said, *loaded)
        self._recall = Recall(project, cache, self._name)
        self._can_be = cache.is_on and not project.tree.overlays and lasts(shapes, advanced=advanced)

    def recall(self) -> tuple[Found, CacheAccount] | None:
        """Give what that run found, if nothing has changed since; None where that can't be told."""
        last = self._recall.read() if self._can_be else None
        found = _unpack(last.account) if last is not None and self._recall.is_unchanged() else None
        if found is None:
            return None
        files = self._recall.now.files if self._recall.now is not None else 0
        self._cache.finish(files, 0)
        return found, CacheAccount(files, 0, (*self._cache.notes, Note("nothing has changed since the last run", 1)))

    def begin(self) -> Listing | None:
        """Forget that run: what comes out from now on is another one's."""
        if not self._can_be:
            return None
        self._recall.forget()
        return self._recall.listing()

    def keep(self, run: Exporting, listing: Listing, found: Found, parts: CheckedParts | None, uses: Sequence[str]) -> None:
        """Keep what a run found; not where records are read in a way that only the plan knows, which reading them again would need."""
        folders = looked_in(run.references, self._project.tree)
        if run.digest and folders is not None and not run.plan.data_files and run.plan.reshaping == Reshaping():
            last = LastRun(run.digest, listing.listed(), run.kept_digest, _NO_OUTPUT, (), b"", folders, uses=(*run.uses, *uses))
            self._keep(last, found, parts)

    def _keep(self, last: LastRun, found: Found, parts: CheckedParts | None) -> None:
        packed = b"" if parts is None else parts.pack()
        if packed:
            self._cache.write(self._parts, [packed])
            last = last._replace(spans=content_digest(packed), uses=(*last.uses, self._parts))
        write_last_run(self._cache, self._name, last._replace(account=_pack(found)))

    @property
    def _parts(self) -> str:
        return f"{self._name}-parts"

    def edits(self) -> Edits | None:
        """Give what that run left, where some files look otherwise now, and all else is as it was; None where that can't be told."""
        last, now, rows = self._recall.last, self._recall.now, self._recall.rows
        if last is None or now is None or not rows or not last.spans or recall_digest(self._project, self._cache) != last.plan:
            return None
        if any(digest_of_names(self._project.tree.place(folder)) != names for folder, names in last.folders):
            return None
        found, data = _unpack(last.account), self._cache.read(self._parts)
        try:
            if found is None or data is None or content_digest(data) != last.spans:
                return None
            parts = CheckedParts.unpack(data)
        except CacheError:
            return None
        return Edits(last, now, {row: now.look(row) for row in rows}, self._recall.looked_at_ns, found, parts)

    def keep_edited(self, edits: Edits, kept: KeptOutcomes, found: Found, parts: CheckedParts) -> None:
        """Keep what is found after some edits."""
        uses = dict.fromkeys((*kept.uses, *edits.last.uses))
        self._keep(edits.last._replace(listed=edits.now, rows=kept.digest, uses=tuple(uses)), found, parts)


def _pack(found: Found) -> bytes:
    rest = found._replace(problems=(), results=(), mapped=())
    columns = {
        "problems": [encode_problems(found.problems)],
        "results": [encode_results(list(map(row_of, found.results)))],
        "mapped": [encode_problems(found.mapped)],
    }
    return b"".join(pack_columns({**columns, "rest": [json.dumps(rest).encode("utf-8", "surrogatepass")]}))


def _unpack(data: bytes) -> Found | None:
    try:
        columns = unpack_columns(memoryview(data))
        kept = [column for name in ("problems", "results", "mapped", "rest") if isinstance(column := columns[name], ByteColumn)]
        (problems,), (results,), (mapped,), (rest,) = kept
        _, _, engines, checked, skipped, files, idle, split, prefixes, _, unmet = json.loads(rest)
        return Found(
            decode_problems(problems),
            tuple(map(result_of, decode_results(results))),
            tuple(map(str, engines)),
            int(checked),
            {str(reason): int(count) for reason, count in skipped.items()},
            tuple(map(str, files)),
            bool(idle),
            None if split is None else tuple(map(str, split)),
            {str(prefix): str(namespace) for prefix, namespace in prefixes.items()},
            decode_problems(mapped),
            tuple(map(str, unmet)),
        )
    except (CacheError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return None
