"""Ways to a dataset: records mapped on the fly, RDF files, triples at hand, or a store folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode

from exporter.dataset.index import SqliteIndex, write_index
from exporter.dataset.sources import Sources
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
from exporter.paths import Paths, path_names
from exporter.problems import Location, Problem, Severity
from exporter.problems.json import from_json
from exporter.rdf.syntaxes import part_rdf
from exporter.resources import bundled, files_below
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Powers
from exporter.sparql.pool import Pool
from exporter.sparql.wire import Message
from exporter.terms import MAP
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.pipeline.exporting import Export, Progress, Source
    from exporter.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Input:
    """What a dataset is made of: records (with the ontology that maps them), RDF files, and bytes of N-Triples.

    Without records `ontology` is for its prefixes and terms alone.
    """

    records: Source | None = None
    files: tuple[str, ...] = ()
    triples: Iterable[bytes] = ()
    ontology: tuple[str, ...] = ()
    constants: Mapping[str, str] = field(default_factory=dict)

    @property
    def handlers(self) -> tuple[str, ...]:
        """The further handlers that read the records."""
        return () if self.records is None else self.records.job.handlers

    @property
    def paths(self) -> tuple[str, ...]:
        """The records and files, as they were named."""
        return (*(self.records.paths if self.records is not None else ()), *self.files)

    def plan(self) -> Plan | None:
        """Load the ontology, if there is one."""
        if self.records is not None:
            return self.records.job.load()
        if not self.ontology:
            return None
        from exporter.plan.compiling import load_plan  # a store is asked without it

        return load_plan(self.ontology, self.constants)

    def names(self) -> list[str]:
        """List the files that the dataset is made of, the ontology's included."""
        records = [] if self.records is None else [*self.records.found()]
        ontology = self.records.job.ontology if self.records is not None else self.ontology
        return [*records, *self.files, *_files_below(ontology)]


def open_dataset(
    *paths: Paths,
    ontology: Paths = (),
    triples: Iterable[bytes] = (),
    store: str | Path | None = None,
    powers: Powers | None = None,
) -> Dataset:
    """Open record folders, records, RDF files in any syntax, bytes of N-Triples, or a store folder, as one graph to be asked.

    Each of `paths` is a path or a sequence of paths.
    Records are mapped by `ontology`, or by the one that comes with owltype. With `store` that folder is asked, and made first
    if there is none. Raises `QueryError` or `OntologyError` for what can't be loaded.

    >>> with open_dataset(triples=[b'<https://e.org/a> <https://e.org/b> "c" .']) as dataset:
    ...     dataset.triples
    1
    """
    source = gather_input([name for each in paths for name in path_names(each)], path_names(ontology), triples)
    return open_input(source, powers or Powers()) if store is None else open_store(Path(store), source, powers or Powers())


def gather_input(paths: Sequence[str], ontology: tuple[str, ...], triples: Iterable[bytes] = ()) -> Input:
    """Part RDF files from records."""
    from exporter.pipeline.exporting import Source  # a store is asked without them
    from exporter.pipeline.task import Job

    records, files = part_rdf(paths)
    job = Job(ontology or (str(bundled("ontology")),), "ntriples")
    return Input(Source(records, job) if records else None, files, triples, ontology)


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
        return Dataset(pool, index, ready["triples"], ready["prefixes"], problems, source.handlers, resources.pop_all(), skipped)


def open_store(folder: Path, source: Input, powers: Powers, progress: Progress | None = None, *, refresh: bool = False) -> Dataset:
    """Open a store folder, made from `source` first if there is none or with `refresh`; say so if it is older than its sources."""
    problems: tuple[Problem, ...] = ()
    if refresh or not is_store(folder):
        if source.records is None and not source.files:
            raise store_error(folder, "the folder holds no store, and there is nothing to make one from", "name records or RDF files")
        account, loading = make_store(folder, source, progress)
        problems = (*(account.problems if account is not None else ()), *loading)
    with ExitStack() as resources:
        resources.enter_context(reading(folder))
        pool = resources.enter_context(_pool(powers))
        manifest = read_manifest(folder)
        named = source.names() if source.records is not None or source.files else [path for path in manifest.files if Path(path).exists()]
        stale = staleness(folder, manifest, named)
        index = SqliteIndex(folder / INDEX)
        resources.callback(index.close)
        terms = frozenset(manifest.terms)
        sources = Sources(store=str(folder / GRAPH), prefixes=manifest.prefixes, terms=terms, exact=manifest.exact, tags=manifest.tags)
        pool.load(sources)
        beyond = numbers_beyond(manifest.beyond, (str(folder),))
        said = (*(problems or left_out(manifest)), *beyond, *([stale] if stale else []))
        return Dataset(pool, index, manifest.triples, manifest.prefixes, said, source.handlers, resources.pop_all())


def make_store(folder: Path, source: Input, progress: Progress | None = None) -> tuple[Export | None, tuple[Problem, ...]]:
    """Make a store folder from records and RDF files; give the account of the records, if there are any, and the problems of loading."""
    from exporter.pipeline.looking import unread  # a store is asked without it

    plan = source.plan()
    names = source.names()
    index: dict[str, str] = {}
    with rebuilding(folder) as new:
        sources = _sources(source, plan, build=str(new / GRAPH))
        before = states(names)
        with Pool(sources) as pool:
            account = _feed(source, plan, pool, index, progress)
            ready = pool.wait()
        write_index(new / INDEX, index)
        ontology = source.records.job.ontology if source.records is not None else source.ontology
        missing = {problem.location.path: problem.message for problem in unread(_problems(account, ready))}
        terms, found = tuple(sorted(sources.terms)), ready["found"]
        Manifest(source.paths, tuple(ontology), before, ready["prefixes"], terms, ready["triples"], missing, **found).write(new)
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


def _pool(powers: Powers) -> Pool:
    return Pool(workers=powers.workers, memory=powers.memory, allow_remote=powers.allow_remote)


def _sources(source: Input, plan: Plan | None, build: str | None = None) -> Sources:
    prefixes = dict(plan.prefixes) if plan else {}
    terms = (
        frozenset(term.value for row in plan.ontology.statements for term in row if isinstance(term, NamedNode))
        if plan
        else frozenset[str]()
    )
    # An export writes language tags in small letters; the ontology knows how they are spelt.
    tags = {tag.lower(): tag for tag in (_languages(plan) if plan else ()) if tag != tag.lower()}
    return Sources(source.files, stream=True, build=build, prefixes=prefixes, terms=terms, tags=tags)


def _languages(plan: Plan) -> Iterator[str]:
    for _, predicate, value in plan.ontology.statements:
        if predicate.value == f"{MAP}language" and isinstance(value, Literal):
            yield value.value


def _feed(source: Input, plan: Plan | None, pool: Pool, index: dict[str, str], progress: Progress | None) -> Export | None:
    for chunk in source.triples:
        pool.feed(chunk if chunk.endswith(b"\n") else chunk + b"\n")
    if source.records is None or plan is None:
        return None
    from exporter.dataset.records import feed_records  # a store is asked without it

    return feed_records(source.records, plan, pool.feed, index, progress)


def _files_below(paths: Iterable[str]) -> list[str]:
    found: list[str] = []
    for path in map(Path, paths):
        found += [str(file) for file in files_below(path)] if path.is_dir() else [str(path)]
    return found
