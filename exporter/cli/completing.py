"""What a shell completes as the value of an option or argument: names from the program's own tables, imported when a shell asks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from exporter.errors import ExporterError

Complete = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def completing(names: Callable[[], Iterable[tuple[str, str]]]) -> Complete:
    """Make a completion of names, each with what is said of it."""

    def complete(_ctx: click.Context, _param: click.Parameter, typed: str) -> list[CompletionItem]:
        return [CompletionItem(name, help=said or None) for name, said in names() if name.casefold().startswith(typed.casefold())]

    return complete


def reports(graph_formats: Iterable[str] = (), *, of_files: bool = False) -> Callable[[], Iterable[tuple[str, str]]]:
    """Name the reports; `of_files` with the colon that a file's name follows."""

    def names() -> Iterable[tuple[str, str]]:
        from exporter.reports import REPORTS

        colon = ":" if of_files else ""
        yield from ((row.name + colon, row.purpose) for row in REPORTS.values())
        yield from ((name + colon, "the W3C validation report") for name in graph_formats)

    return names


def codes() -> Iterable[tuple[str, str]]:
    """Name the problem codes."""
    from exporter.explanations import explanations

    return ((entry.code, entry.title) for entry in explanations().values())


def saved_queries() -> Iterable[tuple[str, str]]:
    """Name the saved queries of the project that the user stands in."""
    from exporter.settings import load_settings
    from exporter.sparql.queries.saved import list_saved, read_saved

    try:
        paths = list_saved(Path(load_settings().queries))
    except (ExporterError, OSError):
        return
    for path in paths:
        # A shell puts a name into the line as it is: `$(…)` in that of a stranger's file would be run with the line.
        if not re.fullmatch(r"[\w.][\w.-]*", path.stem):
            continue
        try:
            yield path.stem, " ".join(read_saved(path).title.split())
        except (ExporterError, OSError):
            yield path.stem, ""


def graph_syntaxes() -> Iterable[tuple[str, str]]:
    """Name the formats of a graph."""
    from exporter.writers.formats import FORMATS

    return ((entry.name, entry.label) for entry in FORMATS)


def results_formats() -> Iterable[tuple[str, str]]:
    """Name the formats of an answer."""
    from exporter.sparql.results.formats import ROWS_FORMATS

    return (*((entry.name, entry.purpose) for entry in ROWS_FORMATS), *graph_syntaxes())
