"""A dataset that answers queries, and the answer of one query as a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

from exporter.dataset.index import RecordIndex, locate_iri, split_entry
from exporter.problems import Location, Problem
from exporter.project import Project
from exporter.rdf.terms import Term
from exporter.sparql.limits import Limits
from exporter.sparql.processes.query_pool import QueryPool
from exporter.sparql.processes.reply import Reply, Request
from exporter.sparql.queries.bindings import bindings_text
from exporter.sparql.queries.text import UNNAMED
from exporter.sparql.results.model import Result, Row, parse_rows, parse_triples

if TYPE_CHECKING:
    from exporter.cache.folder import CacheAccount
    from exporter.records.reading import Reader
    from exporter.records.record import Record


@dataclass(slots=True)
class Dataset:
    """A graph that is loaded and ready to be asked, from any thread. Close it, or use it in a `with` statement.

    `problems` are those of the records that were mapped for it, or say that a store is older than its sources. `prefixes` need no
    declaration in a query. `triples` counts what is loaded. `project` says how records are read again.
    `skipped` counts files that gave no record, by the reason. `cache` says what was kept from earlier runs.
    """

    pool: QueryPool
    index: RecordIndex
    triples: int
    prefixes: Mapping[str, str]
    problems: tuple[Problem, ...] = ()
    project: Project = field(default_factory=Project)
    resources: ExitStack = field(default_factory=ExitStack)
    skipped: Mapping[str, int] = field(default_factory=dict)
    cache: CacheAccount | None = None
    _reader: Reader | None = field(default=None, init=False, repr=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """End the processes, and let go of the store."""
        self.resources.close()

    def change(self, lines: Iterable[str]) -> None:
        """Change the graph for all that ask from now on, by lines as `exporter.dataset.sources.change` takes them.

        Queries that run go on with what it was. Raises `QueryError` where it can't be changed; then it has to be opened anew.
        """
        self.triples = self.pool.change(lines)

    def ask(self, request: Request, limits: Limits | None = None) -> Reply:
        """Start a query whose result is wanted as bytes in some format."""
        return self.pool.ask(request, limits)

    def query(self, query: str, bindings: Mapping[str, Term] | None = None, *, limits: Limits | None = None, path: str = UNNAMED) -> Result:
        """Answer a query, with variables bound to terms beforehand.

        Raises `QueryError` if it is refused, fails, or reaches a limit. `path` is the file that the query stands in, for errors.

        >>> from exporter.sparql.opening import open_dataset
        >>> with open_dataset(triples=[b'<https://e.org/a> <https://e.org/size> "3" .']) as dataset:
        ...     result = dataset.query("SELECT ?size { ?thing <https://e.org/size> ?size }")
        >>> result.rows[0][0].value
        '3'
        """
        request = Request(query, "tsv", "ntriples", bindings_text(bindings or {}), path)
        with self.ask(request, limits) as reply:
            data = reply.read()
        assert reply.outcome is not None
        outcome = reply.outcome
        variables = tuple(reply.variables)
        return Result(
            reply.kind,
            variables,
            tuple([Row(variables, row) for row in parse_rows(data)]) if reply.kind == "solutions" else (),
            reply.value,
            parse_triples(data) if reply.kind == "graph" else (),
            outcome.cut,
            outcome.problems,
        )

    def locator(self) -> Callable[[str], Location | None]:
        """Give a function from an IRI to the place of the record behind it, which remembers what it read."""
        return lru_cache(maxsize=10_000)(lambda iri: locate_iri(iri, self.index, self.read_record))

    def read_record(self, entry: str) -> Record | None:
        """Read a record again by its entry in the index; it has been judged, so equal values of one key are not a fault."""
        path, item = split_entry(entry)
        project = replace(self.project, duplicate_keys="warn-if-equal")
        if item is None:
            return project.reader().read(path).record
        if self._reader is None:
            self._reader = project.reader(project.plan())  # only the plan says which files are data files
        return self._reader.record(path, item)
