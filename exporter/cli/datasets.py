"""The options that say what a query runs on and within which limits, and the dataset that they mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from exporter.cli.inputs import choose_paths
from exporter.cli.session import Session
from exporter.discovery import Selection

if TYPE_CHECKING:
    from exporter.sparql.asking import Dataset
    from exporter.sparql.limits import Powers
    from exporter.sparql.opening import Input

F = TypeVar("F", bound=Callable[..., object])


def dataset_options(function: F) -> F:
    """Give a command `-d`, `--store`, `--refresh` and `--allow-remote`."""
    data = click.option(
        "-d", "--data", metavar="PATH", multiple=True, help="A folder of records, a record, or an RDF file; may be repeated."
    )
    store = click.option("--store", metavar="DIR", help="Ask this persistent store; it is made first if there is none.")
    refresh = click.option("--refresh", is_flag=True, help="Make the store again first.")
    remote = click.option("--allow-remote", is_flag=True, help="Let SERVICE and FROM <http…> send requests to other machines.")
    return data(store(refresh(remote(function))))


def limit_options(function: F) -> F:
    """Give a command `--timeout`, `--max-memory`, `--max-rows` and `--max-size`."""
    seconds = click.FloatRange(min=0, min_open=True)
    timeout = click.option(
        "--timeout", type=seconds, default=60.0, show_default=True, metavar="SECONDS", help="End a query after this time."
    )
    memory = click.option(
        "--max-memory", type=click.IntRange(16), default=1024, show_default=True, metavar="MB", help="… at this much memory."
    )
    rows = click.option("--max-rows", type=click.IntRange(1), metavar="N", help="Cut the answer after this many rows or triples.")
    size = click.option("--max-size", type=click.IntRange(1), default=256, show_default=True, metavar="MB", help="… at this size.")
    return timeout(memory(rows(size(function))))


def open_from(
    session: Session,
    data: tuple[str, ...],
    store: str | None,
    ontology: tuple[str, ...],
    constants: Mapping[str, str],
    selection: Selection,
    jobs: int | None,
    powers: Powers,
    *,
    refresh: bool,
) -> Dataset:
    """Open the dataset that the options and the settings name."""
    from exporter.sparql.opening import Input, open_input, open_store

    folder = store or (session.settings.store if not data else None)
    paths = data or (session.settings.paths if folder else choose_paths(session, ()))
    source = _input(session, paths, ontology, constants, selection, jobs) if paths else Input()
    with session.progress("records read") as progress:
        if folder is not None:
            return open_store(Path(folder), source, powers, progress.update, refresh=refresh)
        return open_input(source, powers, progress.update)


def _input(
    session: Session,
    paths: tuple[str, ...],
    ontology: tuple[str, ...],
    constants: Mapping[str, str],
    selection: Selection,
    jobs: int | None,
) -> Input:
    from exporter.dataset.sources import is_rdf
    from exporter.pipeline.exporting import Source
    from exporter.pipeline.task import Job
    from exporter.pipeline.workers import default_jobs
    from exporter.resources import bundled
    from exporter.sparql.opening import Input

    settings = session.settings
    chosen = ontology or settings.ontology
    files = tuple(path for path in paths if is_rdf(path))
    records = tuple(path for path in paths if not is_rdf(path))
    named = {**settings.constant_map, **constants}
    job = Job(
        tuple(chosen) or (str(bundled("ontology")),),
        "ntriples",
        tuple(sorted(named.items())),
        settings.default_class,
        "drop" if settings.unmapped == "drop" else "keep",
        settings.handlers,
    )
    count = (settings.jobs if jobs is None else jobs) or default_jobs()
    return Input(Source(records, job, selection, count) if records else None, files, (), tuple(chosen), named)
