"""`owltype export`: records in, a graph out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import click

from exporter.cli.common import (
    baseline_option,
    common_options,
    constants_option,
    discovery_options,
    jobs_option,
    ontology_option,
    paths_argument,
    unmapped_option,
)
from exporter.cli.completing import completing, graph_syntaxes
from exporter.cli.datasets import DatasetOptions
from exporter.cli.inputs import choose_paths, choose_selection
from exporter.cli.policies import choose_policy, settle
from exporter.cli.reporting import Reporting, report_options
from exporter.cli.session import Session
from exporter.problems import Location, Problem
from exporter.reports import ReportContext
from exporter.reports.snippets import visible
from exporter.settings.model import SPLITS
from exporter.text import plural, quote

if TYPE_CHECKING:
    from exporter.mapping.mapping import UnmappedKeys
    from exporter.pipeline.exporting import Export
    from exporter.pipeline.ledger import UnmappedKey
    from exporter.pipeline.splitting import Split
    from exporter.records.values import DuplicateKeys

_LISTED = 20


@click.command()
@paths_argument
@click.option("-o", "--output", metavar="FILE", help="Where the graph goes: a file, - for standard output, or with --split a folder.")
@click.option(
    "-f",
    "--format",
    "syntax",
    metavar="FORMAT",
    shell_complete=completing(graph_syntaxes),
    help="The graph's syntax: a name, an extension or a media type.",
)
@ontology_option
@constants_option
@unmapped_option
@click.option("--split", type=click.Choice(SPLITS), help="Write a file per record or per class.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when the file is not what would be written.")
@click.option("--store", metavar="DIR", help="Make a persistent store for `owltype query --store`, instead of a file.")
@click.option("--default-class", metavar="NAME", help="The class of records that name none: a label, or an IRI.")
@baseline_option
@discovery_options
@jobs_option
@common_options
@report_options(beside=True)
def command(
    session: Session,
    reporting: Reporting,
    /,
    *,
    paths: tuple[str, ...],
    output: str | None,
    syntax: str | None,
    ontology: tuple[str, ...],
    constants: Mapping[str, str],
    unmapped: str | None,
    split: str | None,
    check: bool,
    store: str | None,
    default_class: str | None,
    baseline: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    follow_symlinks: bool | None,
    jobs: int | None,
) -> int:
    """Export records to a graph.

    PATH is a folder or a record; without one the settings say.

    \b
    Examples:
      owltype export content/ -o graph.ttl
      owltype export content/ -f ntriples | sort | uniq -c
      owltype export content/ -o graph.ttl --check
      owltype export content/ --store .owltype/store
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.pipeline.exporting import export  # engines are imported when a command needs them

    settings, policy = session.settings, choose_policy(session, baseline)
    if reporting.is_document:  # it has standard error for itself
        session = replace(session, verbosity=-1)
    if store is not None:
        options = DatasetOptions(paths, store, True, ontology, constants, include, exclude, follow_symlinks, jobs, unmapped, default_class)
        result = options.store_records(session)
    else:
        with session.progress("records read") as progress:
            result = export(
                choose_paths(session, paths),
                output or settings.output,
                ontology=ontology or settings.ontology or None,
                format=syntax or settings.format,
                unmapped=cast("UnmappedKeys", unmapped or settings.unmapped),
                split=cast("Split | None", split or settings.split),
                check=check,
                jobs=settings.jobs if jobs is None else jobs,
                constants={**settings.constant_map, **constants},
                default_class=default_class or settings.default_class,
                selection=choose_selection(session, include, exclude, follow_symlinks),
                handlers=settings.handlers,
                duplicate_keys=cast("DuplicateKeys", settings.duplicate_keys),
                progress=progress.update,
            )
    from exporter.pipeline.looking import advise_skipped

    settled = settle(session, policy, result.problems)
    advice = map("  {}".format, advise_skipped(result.skipped))
    notes = [*_describe_unmapped(result.unmapped), *settled.notes, summarize(result), *advice]
    context = ReportContext(checked=result.seen, counted=False, notes=notes if reporting.is_document else ())
    problems = [*settled.problems, *_stale(result)] if reporting.is_document else settled.problems
    status = reporting.publish(session, problems, context)
    if reporting.is_document:
        return max(status, int(result.fresh is False))
    for note in notes:
        session.say(note)
    return max(status, _say_stale(session, result))


def summarize(result: Export) -> str:
    """Give the account of a run in a line."""
    from exporter.pipeline.looking import list_skipped

    reasons = f" ({list_skipped(result.skipped)})" if result.skipped else ""
    parts = [f"{result.exported:,} exported", f"{sum(result.skipped.values()):,} skipped{reasons}", f"{result.rejected:,} rejected"]
    target = "standard output" if result.output == "-" else result.output
    arrow = "->" if result.fresh is None else "compared with"
    return f"read {plural(result.seen, 'record')}: {', '.join(parts)}; {plural(result.triples, 'triple')} {arrow} {target}"


def _say_stale(session: Session, result: Export) -> int:
    """Say of a check what it found, and give its exit status."""
    if result.fresh is None:
        return 0
    if result.fresh:
        session.say(f"{result.output} is what would be written")
        return 0
    for stale in _stale(result):
        place = f"{stale.location.path}:{stale.location.line}"
        click.echo(visible(f"{place}: error: {stale.message}; {stale.help}"), err=True)
    return 1


def _stale(result: Export) -> list[Problem]:
    """Make a problem of a file that is not what would be written."""
    stale = result.stale
    if stale is None:
        return []
    return [Problem("EXPORT-STALE", Location(stale.path, stale.line), stale.message, help="export it again without --check")]


def _describe_unmapped(keys: Sequence[UnmappedKey]) -> Iterator[str]:
    """List the keys that the ontology doesn't know, the most frequent first."""
    if not keys:
        return
    yield f"{plural(len(keys), 'key')} that the ontology doesn't know; `owltype coverage` says how to map them:"
    for key in keys[:_LISTED]:
        near = f", did you mean {quote(key.near)}?" if key.near else ""
        yield (f"  {key.key} ({key.class_name}, {plural(key.count, 'record')}, {key.example}){near}")
    if len(keys) > _LISTED:
        yield f"  and {len(keys) - _LISTED} more"
