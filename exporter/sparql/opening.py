"""Ways to a dataset: records mapped on the fly, RDF files, triples at hand, or a store folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from exporter.dataset.index import SqliteIndex, write_index
from exporter.dataset.sources import DatasetSources
from exporter.dataset.store import (
    GRAPH,
    INDEX,
    Manifest,
    is_store,
    left_out,
    read_manifest,
    reading,
    rebuilding,
    staleness,
    states,
    store_error,
)
from exporter.errors import OntologyError, UsageError
from exporter.paths import Paths
from exporter.problems import Location, Problem, Severity
from exporter.problems.json import from_json
from exporter.project import Project, choose_project
from exporter.rdf.syntaxes import part_rdf
from exporter.rdf.terms import MAP
from exporter.resources import files_below, own_folder
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Powers
from exporter.sparql.processes.messages import Message
from exporter.sparql.processes.query_pool import QueryPool
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.pipeline.account import Export, Progress
    from exporter.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Input:
    """What a dataset is made of: records (the PATHs of `project`), RDF files, and bytes of N-Triples.

    Without records the project's ontology is for its prefixes and terms alone.
    """

    project: Project = field(default_factory=Project)
    files: tuple[str, ...] = ()
    triples: Iterable[bytes] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """The records and files, as they were named."""
        return (*self.project.paths, *self.files)

    def plan(self) -> Plan | None:
        """Load the ontology, if there is one; RDF needs none, so one that nobody named and that can't be loaded is none."""
        project = self.project
        if not (project.paths or project.ontology):
            return None
        try:
            return project.plan()
        except OntologyError:
            if project.paths or project.ontology != own_folder(project.tree, "ontology"):
                raise
            return None

    def names(self) -> list[str]:
        """List the project paths of the files that the dataset is made of, the ontology's included."""
        project = self.project
        records = [*project.files(self.plan())] if project.paths else []
        return [*records, *map(project.tree.project_path, (*self.files, *_files_below(project)))]


def open_dataset(
    paths: Paths = (),
    *,
    project: Project | None = None,
    ontology: Paths = (),
    triples: Iterable[bytes] = (),
    store: str | Path | None = None,
    powers: Powers | None = None,
) -> Dataset:
    """Open record folders, records, RDF files in any syntax, bytes of N-Triples, or a store folder, as one graph to be asked.

    Records are mapped by `ontology`, by default the project's `ontology/`; or they are those of a `project`. With `store` that folder
    is asked, and made first if there is none. Raises `QueryError` or `OntologyError` for what can't be loaded.

    >>> with open_dataset(triples=[b'<https://e.org/a> <https://e.org/b> "c" .']) as dataset:
    ...     dataset.triples
    1
    """
    chosen = choose_project(project, paths, ontology=ontology)
    source = gather_input(chosen, triples)
    return open_input(source, powers or Powers()) if store is None else open_store(Path(store), source, powers or Powers())


def gather_input(project: Project, triples: Iterable[bytes] = ()) -> Input:
    """Part a project's RDF files from its records."""
    records, files = part_rdf(project.paths)
    if any(project.tree.data(project.tree.project_path(path)) is not None for path in files):
        raise UsageError("only records are asked from standard input; save the RDF file, and name it")
    return Input(project.with_paths(records), files, triples)


def open_input(source: Input, powers: Powers, progress: Progress | None = None) -> Dataset:
    """Load a dataset into memory."""
    with ExitStack() as resources:
        pool = resources.enter_context(_pool(powers))
        plan = source.plan()
        index: dict[str, str] = {}
        pool.load(_sources(source, plan))
        account = _feed(source, plan, pool, index, progress)
        ready = pool.wait()
        problems = (*_problems(account, ready), *numbers_beyond(ready["found"]["beyond"], source.paths))
        skipped = account.skipped if account is not None else {}
        cache = account.cache if account is not None else None
        return Dataset(pool, index, ready["triples"], ready["prefixes"], problems, source.project, resources.pop_all(), skipped, cache)


def open_store(folder: Path, source: Input, powers: Powers, progress: Progress | None = None, *, refresh: bool = False) -> Dataset:
    """Open a store folder, made from `source` first if there is none or with `refresh`; say so if it is older than its sources."""
    problems: tuple[Problem, ...] = ()
    if refresh or not is_store(folder):
        if not source.paths:
            raise store_error(folder, "the folder holds no store, and there is nothing to make one from", "name records or RDF files")
        account, loading = make_store(folder, source, progress)
        problems = (*(account.problems if account is not None else ()), *loading)
    with ExitStack() as resources:
        resources.enter_context(reading(folder))
        pool = resources.enter_context(_pool(powers))
        manifest = read_manifest(folder)
        tree = source.project.tree.mount(manifest.paths)  # its records may lie outside the root
        named = source.names() if source.paths else [path for path in manifest.files if Path(tree.place(path)).exists()]
        stale = staleness(folder, manifest, named, tree)
        index = SqliteIndex(folder / INDEX)
        resources.callback(index.close)
        terms = frozenset(manifest.terms)
        sources = DatasetSources(
            store=str(folder / GRAPH), prefixes=manifest.prefixes, terms=terms, exact=manifest.exact, tags=manifest.tags
        )
        pool.load(sources)
        beyond = numbers_beyond(manifest.beyond, (str(folder),))
        said = (*(problems or left_out(manifest)), *beyond, *([stale] if stale else []))
        return Dataset(pool, index, manifest.triples, manifest.prefixes, said, replace(source.project, tree=tree), resources.pop_all())


def make_store(folder: Path, source: Input, progress: Progress | None = None) -> tuple[Export | None, tuple[Problem, ...]]:
    """Make a store folder from records and RDF files; give the account of the records, if there are any, and the problems of loading."""
    from exporter.pipeline.looking import unread  # a store is asked without it

    plan = source.plan()
    names = source.names()
    index: dict[str, str] = {}
    with rebuilding(folder) as new:
        sources = _sources(source, plan, build=str(new / GRAPH))
        before = states(names, source.project.tree)
        with QueryPool(sources) as pool:
            account = _feed(source, plan, pool, index, progress)
            ready = pool.wait()
        write_index(new / INDEX, index)
        ontology = tuple(map(source.project.tree.project_path, source.project.ontology))
        missing = {problem.location.path: problem.message for problem in unread(_problems(account, ready))}
        terms, found = tuple(sorted(sources.terms)), ready["found"]
        Manifest(source.paths, ontology, before, ready["prefixes"], terms, ready["triples"], missing, **found).write(new)
    return account, _problems(None, ready)


def numbers_beyond(count: int, paths: Sequence[str]) -> tuple[Problem, ...]:
    """Say that some numbers are larger or longer than those that the engine calculates with."""
    if not count:
        return ()
    message = f"{plural(count, 'value')} {'is' if count == 1 else 'are'} beyond the numbers that a query calculates with"
    advice = "they match and show exactly, and are rounded in calculations; `owltype explain QUERY-NUMBERS` says which"
    return (Problem("QUERY-NUMBERS", Location(paths[0] if paths else "-"), message, Severity.INFO, advice),)


def _problems(account: Export | None, ready: Message) -> tuple[Problem, ...]:
    """Join what is wrong with the records and what was found while loading."""
    found = [from_json(message) for message in ready.get("problems", ())]
    return (*(account.problems if account is not None else ()), *found)


def _pool(powers: Powers) -> QueryPool:
    return QueryPool(workers=powers.workers, memory=powers.memory, allow_remote=powers.allow_remote)


def _sources(source: Input, plan: Plan | None, build: str | None = None) -> DatasetSources:
    prefixes = dict(plan.prefixes) if plan else {}
    terms = (
        frozenset(term.value for row in plan.ontology.statements for term in row if isinstance(term, NamedNode))
        if plan
        else frozenset[str]()
    )
    # An export writes language tags in small letters; the ontology knows how they are spelt.
    tags = {tag.lower(): tag for tag in (_languages(plan) if plan else ()) if tag != tag.lower()}
    return DatasetSources(source.files, stream=True, build=build, prefixes=prefixes, terms=terms, tags=tags)


def _languages(plan: Plan) -> Iterator[str]:
    for _, predicate, value in plan.ontology.statements:
        if predicate.value == f"{MAP}language" and isinstance(value, Literal):
            yield value.value


def _feed(source: Input, plan: Plan | None, pool: QueryPool, index: dict[str, str], progress: Progress | None) -> Export | None:
    for chunk in source.triples:
        pool.feed(chunk if chunk.endswith(b"\n") else chunk + b"\n")
    if not source.project.paths or plan is None:
        return None
    from exporter.dataset.records import feed_records  # a store is asked without it

    return feed_records(source.project, plan, pool.feed, index, progress)


def _files_below(project: Project) -> list[str]:
    found: list[str] = []
    for path in map(Path, project.plan_files()):
        found += [str(file) for file in files_below(path)] if path.is_dir() else [str(path)]
    return found
