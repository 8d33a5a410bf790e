"""The options that say what a query runs on and within which limits, and the dataset that they mean."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from exporter.cli.common import ProjectOptions, stdin_option
from exporter.cli.session import Session

if TYPE_CHECKING:
    from exporter.pipeline.account import Export
    from exporter.project import Project
    from exporter.sparql.asking import Dataset
    from exporter.sparql.limits import Powers

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
    project: ProjectOptions

    def open(self, session: Session, powers: Powers) -> Dataset:
        """Open the dataset; what only records need is not imported for a store."""
        from exporter.sparql.opening import gather_input, open_input, open_store

        folder = self.store or (session.settings.store if not self.data else None)
        project = self.project.make(session, self.data)
        session.say_outside(project)
        if folder is None:
            project.required_paths  # noqa: B018 - it refuses to be without
        source = gather_input(project)
        with session.progress("records read") as progress:
            if folder is not None:
                return open_store(Path(folder), source, powers, progress.update, refresh=self.refresh)
            return open_input(source, powers, progress.update)


def store_records(session: Session, project: Project, store: str) -> Export:
    """Make a store of records, whether or not there is one, and give the account of the run."""
    from exporter.errors import UsageError
    from exporter.sparql.opening import gather_input, make_store

    source = gather_input(project.with_paths(project.required_paths))
    with session.progress("records read") as progress:
        account, found = make_store(Path(store), source, progress.update)
    if account is None:
        raise UsageError("no records to export; `owltype query --store` makes a store of RDF files, too")
    return replace(account, output=store, problems=(*account.problems, *found))
