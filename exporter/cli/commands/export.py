"""`owltype export`: records in, a graph out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote

import click

from exporter.cli.clusters import RUNNERS, describe_unlisted, export_wide
from exporter.cli.common import ProjectOptions, baseline_option, common_options, paths_argument, project_options
from exporter.cli.completing import completing, graph_syntaxes
from exporter.cli.datasets import store_records
from exporter.cli.policies import choose_policy, settle
from exporter.cli.reporting import Reporting, repairing, report_options
from exporter.cli.session import Session
from exporter.cli.verifying import describe_verification, verify_export
from exporter.cli.watching import note_watched, refuse_beside_watch, watch_option
from exporter.errors import UsageError
from exporter.policy.sources import read_source
from exporter.problems import Location, Problem
from exporter.reports import ReportContext
from exporter.reports.snippets import visible
from exporter.settings.model import CONTEXTS, SPLITS, fails
from exporter.text import plural, quote

if TYPE_CHECKING:
    from exporter.pipeline.account import Export
    from exporter.pipeline.splitting import Split
    from exporter.policy.ending import Policy
    from exporter.project import Project
    from exporter.recovery.verifying import Verification
    from exporter.tree import Tree

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
@click.option("--split", type=click.Choice(SPLITS), help="Write a file per record or per class.")
@click.option("--context", type=click.Choice(CONTEXTS), help="With --split record -f jsonld: documents for web pages in this context.")
@click.option("--graphs", type=click.Choice(["record"]), help="Put each record into a named graph: its IRI and #graph (N-Quads, TriG).")
@click.option(
    "--provenance", is_flag=True, help="Say in the data from which file each record was made (PROV-O), and what the whole is (VoID)."
)
@click.option("--check", is_flag=True, help="Write nothing; exit 1 when the file is not what would be written.")
@click.option("--verify", is_flag=True, help="Say which values of the front matter the graph would not give back, and why.")
@click.option("--store", metavar="DIR", help="Make a persistent store for `owltype query --store`, instead of a file.")
@click.option("--runner", type=click.Choice(RUNNERS), default="processes", help="What makes the records: processes here, or Apache Spark.")
@click.option(
    "--spark-master", metavar="URL", help="With --runner spark: its master; by default what Spark's own settings say, or local[*]."
)
@watch_option
@baseline_option
@common_options
@report_options(beside=True)
@project_options("unmapped", "default_class", "records", "cache", "jobs")
def command(
    session: Session,
    reporting: Reporting,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    output: str | None,
    syntax: str | None,
    split: str | None,
    context: str | None,
    graphs: str | None,
    provenance: bool,
    check: bool,
    verify: bool,
    store: str | None,
    runner: str,
    spark_master: str | None,
    watch: bool,
    baseline: str | None,
) -> int:
    """Export records to a graph.

    PATH is a folder or a record; without one the settings say.

    \b
    Examples:
      owltype export content/ -o graph.ttl
      owltype export content/ -f ntriples | sort | uniq -c
      owltype export content/ -o graph.ttl --check
      owltype export content/ -o graph.ttl --verify
      owltype export content/ -o graph.ttl --watch
      owltype export content/ -o graph.trig --graphs record --provenance
      owltype export content/ --store .owltype/store
      owltype export content/ -o graph -f nt.zst --runner spark
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.pipeline.export import export  # engines are imported when a command needs them

    settings, policy = session.settings, choose_policy(session, baseline)
    if reporting.is_document:  # it has standard error for itself
        session = replace(session, verbosity=-1)
    project = options.make(session, paths)
    session.say_outside(project)
    if watch:
        spark = "--runner spark" if runner == "spark" else ""
        _watch(session, reporting, project, output or settings.output, baseline, {"--check": check, "--store": store, spark: spark})
    beside: dict[str, object] = {"--split": split or settings.split, "--context": context or settings.context}
    beside |= {"--check": check, "--graphs": graphs, "--provenance": provenance}
    if runner == "spark":
        beside["--store"] = store
        result = export_wide(session, project, output or settings.output, syntax or settings.format, spark_master, beside)
    elif spark_master is not None:
        raise UsageError("--spark-master is for --runner spark")
    elif store is not None:
        result = store_records(session, project, _without_graphs(store, beside))
    else:
        with session.progress("records read") as progress:
            result = export(
                (),
                output or settings.output,
                project=project,
                format=syntax or settings.format,
                split=cast("Split | None", beside["--split"]),
                context=cast("str | None", beside["--context"]),
                graphs=graphs,
                provenance=provenance,
                check=check,
                progress=progress.update,
            )
    verification = verify_export(session, project) if verify else None
    return _report(session, reporting, project, policy, result, verification)


def _without_graphs(store: str, beside: Mapping[str, object]) -> str:
    """Give the folder of a store, which has the records' statements in its default graph and no others."""
    for option in ("--graphs", "--provenance"):
        if beside[option]:
            raise UsageError(f"{option} can't go with --store: export to a file")
    return store


def _watch(
    session: Session, reporting: Reporting, project: Project, output: str, baseline: str | None, beside: Mapping[str, object]
) -> None:
    refuse_beside_watch(session, {**beside, "standard output (name a file with -o)": output == "-"}, document=reporting.is_document)
    note_watched(session, project, [output, *reporting.files], [baseline or session.settings.baseline])


def _report(
    session: Session, reporting: Reporting, project: Project, policy: Policy, result: Export, verification: Verification | None
) -> int:
    """Say how a run ended, and give the exit status."""
    from exporter.pipeline.looking import advise_skipped

    found = (*result.problems, *(verification.problems if verification else ()))
    settled, tree = settle(project, policy, found), project.tree
    advice = map("  {}".format, advise_skipped(result.skipped))
    left = [*_describe_unmapped(result, tree), *settled.notes, *_describe_lookups(result), *describe_unlisted(result)]
    notes = [*left, summarize(result), *advice, *_describe_pages(result), *describe_verification(verification, tree)]
    said = notes if reporting.is_document else ()
    report = ReportContext(checked=result.seen, counted=False, notes=said, source=partial(read_source, tree=tree), shown=tree.shown)
    report = replace(report, repair=repairing(project))
    problems = [*settled.problems, *_stale(result)] if reporting.is_document else settled.problems
    status = reporting.publish(session, problems, report)
    status = max(status, int(any(fails(reporting.fail_on, severity) for severity in result.unlisted)))
    if reporting.is_document:
        return max(status, int(result.fresh is False))
    for note in notes:
        session.say(note)
    session.say_cache(result.cache)
    return max(status, _say_stale(session, result))


def summarize(result: Export) -> str:
    """Give the account of a run in a line."""
    from exporter.pipeline.looking import list_skipped

    reasons = f" ({list_skipped(result.skipped)})" if result.skipped else ""
    parts = [f"{result.exported:,} exported", f"{sum(result.skipped.values()):,} skipped{reasons}", f"{result.rejected:,} rejected"]
    target = "standard output" if result.output == "-" else result.output
    arrow = "->" if result.fresh is None else "compared with"
    read = plural(result.seen, "record") + (f" of {plural(result.files, 'file')}" if result.files < result.seen else "")
    return f"read {read}: {', '.join(parts)}; {plural(result.triples, 'triple')} {arrow} {target}"


def _describe_pages(result: Export) -> Iterator[str]:
    """Say what schema.org had no words for, the most frequent first."""
    pages = result.pages
    if pages is None:
        return
    from exporter.schema_org.terms import schema_org

    if pages.without_page:
        records = plural(pages.without_page, "record")
        yield f"{records} without a document, because none of the properties is one of schema.org"
    if pages.left_out:
        it = "it" if len(pages.left_out) == 1 else "them"
        yield f"{plural(len(pages.left_out), 'term')} left out, because schema.org (release {schema_org().version}) does not have {it}:"
        yield from (f"  {_shown(term)} ({plural(count, 'record')})" for term, count in pages.left_out[:_LISTED])
        if len(pages.left_out) > _LISTED:
            yield f"  and {len(pages.left_out) - _LISTED} more"
    if pages.untyped:
        yield f"  a class has a type where it is below one of schema.org, as in <{pages.untyped[0]}> rdfs:subClassOf schema:Article"


def _shown(term: str) -> str:
    """Show a key that is kept unmapped as the author typed it, any other term as an IRI."""
    from exporter.rdf.terms import KEY

    return f"the key {unquote(term.removeprefix(KEY))}" if term.startswith(KEY) else f"<{term}>"


def _describe_lookups(result: Export) -> Iterator[str]:
    """Say how many references were looked up, and how many of them no record answers to, or several do."""
    found = result.lookups
    if found is not None and found.looked_up:
        yield f"looked up {plural(found.looked_up, 'reference')}: {found.dangling:,} dangling, {found.ambiguous:,} ambiguous"


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


def _describe_unmapped(result: Export, tree: Tree) -> Iterator[str]:
    """List the keys that the ontology doesn't know, the most frequent first."""
    keys = result.unmapped
    if not keys:
        return
    number = len(keys) + result.unlisted_keys
    yield f"{plural(number, 'key')} that the ontology doesn't know; `owltype coverage` says how to map them:"
    for key in keys[:_LISTED]:
        near = f", did you mean {quote(key.near)}?" if key.near else ""
        yield (f"  {key.key} ({key.class_name}, {plural(key.count, 'record')}, {tree.shown_place(key.example)}){near}")
    if number > _LISTED:
        yield f"  and {number - _LISTED} more"
