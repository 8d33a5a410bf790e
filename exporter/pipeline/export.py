"""`export`: a graph from records; where nothing has changed since the last time, it is known without reading any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from exporter.cache.folder import Cache, CacheAccount, Note, open_cache
from exporter.cache.inputs import recall_digest
from exporter.cache.last_run import (
    LastRun,
    Spans,
    last_run_name,
    look_at_output,
    read_spans,
    spans_name,
    write_last_run,
    write_spans,
)
from exporter.cache.listing import Listing
from exporter.cache.recalling import Recall, looked_in
from exporter.cache.stamps import Look
from exporter.discovery import Selection
from exporter.errors import CacheError
from exporter.paths import Paths
from exporter.pipeline.account import Export, Progress, pack_account, unpack_account
from exporter.project import Project, choose_project

if TYPE_CHECKING:
    from exporter.pipeline.exporting import Exporting
    from exporter.pipeline.sinks import Target
    from exporter.pipeline.splitting import Split
    from exporter.plan.model import UnmappedKeys
    from exporter.records.values import DuplicateKeys


def export(  # noqa: PLR0913 - the options of `owltype export`, each with the default that most want
    paths: Paths = (),
    output: str | Path | Target = "-",
    *,
    project: Project | None = None,
    ontology: Paths | None = None,
    format: str | None = None,  # noqa: A002 - the word that the option has
    unmapped: UnmappedKeys = "keep",
    split: Split | None = None,
    context: str | None = None,
    check: bool = False,
    jobs: int = 0,
    constants: Mapping[str, str] | None = None,
    default_class: str | None = None,
    selection: Selection | None = None,
    handlers: str | Sequence[str] = (),
    duplicate_keys: DuplicateKeys = "reject",
    graphs: str | None = None,
    provenance: bool = False,
    progress: Progress | None = None,
) -> Export:
    """Export the records below `paths` to one graph, and give the account of the run.

    `output` is a file, `-` for standard output, or a graph in memory: an `rdflib.Graph`, a `pyoxigraph.Store` or a list, which
    takes triples of pyoxigraph terms. With `split` it is a folder, of one file per record or class; with the `context` "schema.org" too,
    of a JSON-LD document for the page of each record. `ontology` names files and
    folders, by default those of the project's `ontology/`, `handlers` front-matter handlers as `module:Class`. `duplicate_keys` says what a
    key is that stands twice in one map: a reason to reject the record, or, with equal values, a warning. `jobs` processes read and map,
    0 for as many as there are processors. With `graphs` "record" the statements of each record stand in a graph of their own, its IRI and
    `#graph` (N-Quads and TriG); with `provenance` it is said of each from which bytes it was made. With `check` nothing is written, and
    `Export.fresh` says whether the file is what would be written. Raises OntologyError, OutputError and UsageError; findings about records
    are in `Export.problems`.

    >>> triples = []
    >>> export("examples/medigy/content", triples).exported == len({s for s, p, o in triples if p.value == "https://schema.org/headline"})
    True
    """
    project = choose_project(
        project,
        paths,
        ontology=ontology,
        constants=constants,
        default_class=default_class,
        unmapped=unmapped,
        handlers=handlers,
        duplicate_keys=duplicate_keys,
        selection=selection,
        jobs=jobs,
    )
    project.required_paths  # noqa: B018 - it refuses to be without
    cache = open_cache(project)
    last = None if split or context or graphs or provenance else _Last(project, cache, output, format)
    if last is not None and (account := last.recall(check=check)) is not None:
        return account
    if last is not None and not check and (account := last.patch()) is not None:
        return account
    from exporter.pipeline.exporting import run_export  # 0.1 s with what maps and writes

    listing = last.begin() if last else None
    from exporter.pipeline.provenance import DataOrigins

    run, account = run_export(
        project,
        output,
        format=format,
        split=split,
        context=context,
        check=check,
        progress=progress,
        cache=cache,
        listing=listing,
        origins=DataOrigins(graphs, provenance),
    )
    if last is not None and listing is not None:
        last.keep(run, listing, account)
    return account


_NOWHERE = Look(0, 0, 0, 0)


class _Last:
    """What the last export of a project to the same file left."""

    def __init__(self, project: Project, cache: Cache, output: str | Path | Target, format: str | None) -> None:  # noqa: A002 - as in `export`
        self._project = project
        self._cache = cache
        self._output = Path(project.tree.here, output) if isinstance(output, (str, Path)) and str(output) != "-" else None
        self._format = format
        self._name = last_run_name(project, str(output), format)
        self._recall = Recall(project, cache, self._name)

    @property
    def _can_be(self) -> bool:
        return self._cache.is_on and self._output is not None and not self._project.tree.overlays

    def recall(self, *, check: bool) -> Export | None:
        """Give the account of that run, if nothing has changed since; None where that can't be told."""
        last = self._recall.read() if self._can_be else None
        if last is None or self._output is None or look_at_output(self._output) != last.output:
            return None
        account = _account(last) if self._recall.is_unchanged() else None
        if account is None:
            return None
        self._cache.finish(account.files, 0)
        said = Note("nothing has changed since the last run, so the file is left as it is", 1)
        return replace(account, fresh=True if check else None, cache=CacheAccount(account.files, 0, (*self._cache.notes, said)))

    def patch(self) -> Export | None:
        """Write what changed since into the file that is there, and give the account; None where more than some files have changed."""
        last, now, rows = self._recall.last, self._recall.now, self._recall.rows
        account = _account(last) if last is not None else None
        if last is None or now is None or rows is None or self._output is None or account is None:
            return None
        if recall_digest(self._project, self._cache) != last.plan or not self._recall.finds_the_same():
            return None
        from exporter.pipeline.patching import Patching  # 0.1 s with what maps and writes

        patching = Patching(self._project, self._cache, last, account, str(self._output), self._format)
        changed = patching.find_changes(now, rows, self._recall.looked_at_ns)
        spans = read_spans(self._cache, self._name, last) if changed is not None else None
        if changed is None or spans is None or not patching.fits(changed, spans):
            return None
        self.begin()
        done, index, spans = patching.write(changed, spans)
        known = LastRun(last.plan, now, index, last.output, last.data_files, b"", last.folders, uses=patching.uses)
        self._keep(known, spans, done)
        return done

    def begin(self) -> Listing | None:
        """Forget that run: what comes out from now on is another one's."""
        if not self._can_be:
            return None
        self._recall.forget()
        return self._recall.listing()

    def keep(self, run: Exporting, listing: Listing, account: Export) -> None:
        """Keep what a run left."""
        folders = looked_in(run.references, self._project.tree)
        if run.digest and account.fresh is None and folders is not None:
            data_files = tuple(run.plan.data_files)
            self._keep(
                LastRun(run.digest, listing.listed(), run.kept_digest, _NOWHERE, data_files, b"", folders, uses=run.uses),
                run.spans,
                account,
            )

    def _keep(self, known: LastRun, spans: Spans, account: Export) -> None:
        output = look_at_output(self._output) if self._output is not None else None
        if output is not None:
            packed = b"".join(pack_account(account))
            known = known._replace(spans=write_spans(self._cache, self._name, spans), uses=(*known.uses, spans_name(self._name)))
            write_last_run(self._cache, self._name, known._replace(output=output, account=packed))


def _account(last: LastRun) -> Export | None:
    try:
        return unpack_account(last.account)
    except CacheError:
        return None
