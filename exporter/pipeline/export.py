"""`export`: a graph from records; where nothing has changed since the last time, it is known without reading any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from exporter.cache.folder import Cache, CacheAccount, Note, open_cache
from exporter.cache.inputs import recall_digest
from exporter.cache.last_run import LastRun, last_run_name, look_at_output, read_last_run, write_last_run
from exporter.cache.listing import Listing
from exporter.discovery import Selection, discover
from exporter.errors import CacheError
from exporter.paths import Paths
from exporter.pipeline.account import Export, Progress, pack_account, unpack_account
from exporter.project import Project, choose_project
from exporter.records.data.claims import ClaimedFiles

if TYPE_CHECKING:
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
    progress: Progress | None = None,
) -> Export:
    """Export the records below `paths` to one graph, and give the account of the run.

    `output` is a file, `-` for standard output, or a graph in memory: an `rdflib.Graph`, a `pyoxigraph.Store` or a list, which
    takes triples of pyoxigraph terms. With `split` it is a folder, of one file per record or class; with the `context` "schema.org" too,
    of a JSON-LD document for the page of each record. `ontology` names files and
    folders, by default those of the project's `ontology/`, `handlers` front-matter handlers as `module:Class`. `duplicate_keys` says what a
    key is that stands twice in one map: a reason to reject the record, or, with equal values, a warning. `jobs` processes read and map,
    0 for as many as there are processors. With `check` nothing is written, and `Export.fresh` says whether the file is what would be
    written. Raises OntologyError, OutputError and UsageError; findings about records are in `Export.problems`.

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
    last = None if split or context else _Last(project, cache, output, format)
    if last is not None and (account := last.recall(check=check)) is not None:
        return account
    from exporter.pipeline.exporting import run_export  # 0.1 s with what maps and writes

    listing = last.begin() if last else None
    run, account = run_export(
        project, output, format=format, split=split, context=context, check=check, progress=progress, cache=cache, listing=listing
    )
    if last is not None and listing is not None and run.references is None:  # what is looked up may be answered by other files, too
        last.keep(run.digest, run.plan.data_files, listing, account)
    return account


class _Last:
    """What the last export of a project to the same file left."""

    def __init__(self, project: Project, cache: Cache, output: str | Path | Target, format: str | None) -> None:  # noqa: A002 - as in `export`
        self._project = project
        self._cache = cache
        self._output = Path(project.tree.here, output) if isinstance(output, (str, Path)) and str(output) != "-" else None
        self._name = last_run_name(project, str(output), format)

    @property
    def _can_be(self) -> bool:
        return self._cache.is_on and self._output is not None and not self._project.tree.overlays

    def recall(self, *, check: bool) -> Export | None:
        """Give the account of that run, if nothing has changed since; None where that can't be told."""
        last = read_last_run(self._cache, self._name) if self._can_be else None
        if last is None or self._output is None or look_at_output(self._output) != last.output:
            return None
        if recall_digest(self._project, self._cache) != last.plan:
            return None
        project, listing = self._project, Listing(self._project.tree)
        for found in discover(project.required_paths, project.selection, listing.add, project.tree, last.data_files):
            listing.add(found)
        if listing.digest != last.listing:
            return None
        try:
            account = unpack_account(last.account)
        except CacheError:
            return None
        self._cache.finish(account.files, 0)
        said = Note("nothing has changed since the last run, so the file is left as it is", 1)
        return replace(account, fresh=True if check else None, cache=CacheAccount(account.files, 0, (*self._cache.notes, said)))

    def begin(self) -> Listing | None:
        """Forget that run: what comes out from now on is another one's."""
        if not self._can_be:
            return None
        self._cache.remove(self._name)
        return Listing(self._project.tree)

    def keep(self, plan: str, data_files: Sequence[ClaimedFiles], listing: Listing, account: Export) -> None:
        """Keep what a run left, where a change after it would show."""
        output = look_at_output(self._output) if self._output is not None and account.fresh is not False else None
        if output is not None and listing.digest is not None and plan:
            kept = LastRun(plan, listing.digest, output, tuple(data_files), b"".join(pack_account(account)))
            write_last_run(self._cache, self._name, kept)
