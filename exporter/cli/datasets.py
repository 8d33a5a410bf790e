"""The options that say what a query runs on and within which limits, and the dataset that they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

import click

from exporter.cli.common import stdin_option
from exporter.cli.session import Session

if TYPE_CHECKING:
    from exporter.mapping.mapping import UnmappedKeys
    from exporter.pipeline.exporting import Export
    from exporter.records.values import DuplicateKeys
    from exporter.sparql.asking import Dataset
    from exporter.sparql.limits import Powers
    from exporter.sparql.opening import Input

F = TypeVar("F", bound=Callable[..., object])


def dataset_options(function: F) -> F:
    """Give a command `-d`, `--stdin-path`, `--store`, `--refresh` and `--allow-remote`."""
    text = "A folder of records, a record, or an RDF file; may be repeated."
    data = click.option("-d", "--data", metavar="PATH", multiple=True, help=text)
    store = click.option("--store", metavar="DIR", help="Ask this persistent store; it is made first if there is none.")
    refresh = click.option("--refresh", is_flag=True, help="Make the store again first.")
    remote = click.option("--allow-remote", is_flag=True, help="Let SERVICE and FROM <http…> send requests to other machines.")
    return data(store(refresh(remote(stdin_option("data")(function)))))


def limit_options(function: F) -> F:
    """Give a command `--timeout`, `--max-memory`, `--max-rows` and `--max-size`."""
    seconds, megabytes = click.FloatRange(min=0, min_open=True), click.IntRange(1)
    timeout = click.option(
        "--timeout", type=seconds, default=60.0, show_default=True, metavar="S", help="End a query after so many seconds."
    )
    memory = click.option(
        "--max-memory", type=megabytes, default=1024, show_default=True, metavar="MB", help="End a query at this much memory."
    )
    rows = click.option("--max-rows", type=click.IntRange(1), metavar="N", help="Cut the answer after so many rows or triples.")
    size = click.option("--max-size", type=megabytes, default=256, show_default=True, metavar="MB", help="Cut the answer at this size.")
    return timeout(memory(rows(size(function))))


@dataclass(frozen=True, slots=True)
class DatasetOptions:
    """What the user said of the dataset; the settings say the rest."""

    data: tuple[str, ...]
    store: str | None
    refresh: bool
    ontology: tuple[str, ...]
    constants: Mapping[str, str]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    follow_symlinks: bool | None
    jobs: int | None
    unmapped: str | None = None
    default_class: str | None = None

    def open(self, session: Session, powers: Powers) -> Dataset:
        """Open the dataset; what only records need is not imported for a store."""
        from exporter.sparql.opening import Input, open_input, open_store

        folder = self.store or (session.settings.store if not self.data else None)
        paths = self.data or session.settings.paths
        source = self.gather(session, paths) if paths or folder is None else Input()
        with session.progress("records read") as progress:
            if folder is not None:
                return open_store(Path(folder), source, powers, progress.update, refresh=self.refresh)
            return open_input(source, powers, progress.update)

    def gather(self, session: Session, paths: tuple[str, ...]) -> Input:
        """Part RDF files from records, and say how these are mapped."""
        from exporter.cli.inputs import choose_paths, choose_selection
        from exporter.errors import UsageError
        from exporter.pipeline.exporting import Source
        from exporter.pipeline.task import Job
        from exporter.pipeline.workers import default_jobs
        from exporter.rdf.syntaxes import part_rdf
        from exporter.resources import bundled, given
        from exporter.sparql.opening import Input

        settings = session.settings
        chosen = choose_paths(session, paths)
        ontology = tuple(self.ontology or settings.ontology)
        constants = {**settings.constant_map, **self.constants}
        records, files = part_rdf(chosen)
        if any(given(path) is not None for path in files):
            raise UsageError("only records are asked from standard input; save the RDF file, and name it")
        job = Job(
            ontology or (str(bundled("ontology")),),
            "ntriples",
            tuple(sorted(constants.items())),
            self.default_class or settings.default_class,
            cast("UnmappedKeys", self.unmapped or settings.unmapped),
            settings.handlers,
            duplicate_keys=cast("DuplicateKeys", settings.duplicate_keys),
        )
        jobs = (settings.jobs if self.jobs is None else self.jobs) or default_jobs()
        selection = choose_selection(session, self.include, self.exclude, self.follow_symlinks)
        return Input(Source(records, job, selection, jobs) if records else None, files, (), ontology, constants)

    def store_records(self, session: Session) -> Export:
        """Make a store of records, whether or not there is one, and give the account of the run."""
        from exporter.errors import UsageError
        from exporter.sparql.opening import make_store

        assert self.store is not None
        source = self.gather(session, self.data or session.settings.paths)
        with session.progress("records read") as progress:
            account, found = make_store(Path(self.store), source, progress.update)
        if account is None:
            raise UsageError("there are no records to export; `owltype query --store` makes a store of RDF files, too")
        return replace(account, output=self.store, problems=(*account.problems, *found))
