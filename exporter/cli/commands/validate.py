"""`owltype validate`: SHACL over records, with each result at the line to fix."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from exporter.cli.clusters import RUNNERS, cluster_of, describe_unlisted
from exporter.cli.common import ProjectOptions, baseline_option, common_options, paths_argument, project_options
from exporter.cli.ending import CANNOT_RUN, say_skipped
from exporter.cli.policies import choose_policy
from exporter.cli.reporting import Reporting, repairing, report_options
from exporter.cli.scopes import ListingCommand, choose_scope_of
from exporter.cli.session import Session
from exporter.cli.watching import note_watched, refuse_beside_watch, watch_option
from exporter.errors import UsageError
from exporter.policy.sources import read_source
from exporter.problems import Problem
from exporter.rdf.syntaxes import GRAPH_SYNTAXES
from exporter.reports import ReportContext
from exporter.settings.model import ENGINES, fails
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.project import Project
    from exporter.tree import Tree
    from exporter.validation.validating import Validation

_GRAPH_FORMATS = tuple(syntax.name for syntax in GRAPH_SYNTAXES)


@click.command(cls=ListingCommand)
@paths_argument
@click.option("--engine", type=click.Choice(ENGINES), help="What runs the shapes; both runs the two, and fails on any difference.")
@click.option("--advanced", is_flag=True, help="Run SHACL's Advanced Features, too: rules, SPARQL targets, expressions.")
@click.option(
    "--timeout", metavar="SECONDS", type=click.FloatRange(min=0.1), default=600.0, show_default=True, help="End pySHACL after this time."
)
@click.option("--whole", is_flag=True, help="Run all shapes over all data at once, not in batches.")
@watch_option
@baseline_option
@click.option("--update-baseline", is_flag=True, help="Write the baseline file with the problems there are, and exit 0.")
@click.option(
    "--only", metavar="FILE...", multiple=True, type=click.Path(), help="Read everything, and report the problems of these files alone."
)
@click.option("--changed-since", metavar="REV", help="Report the problems that the merge base with REV does not have (git).")
@click.option("--runner", type=click.Choice(RUNNERS), default="processes", help="What maps the records: processes here, or Apache Spark.")
@click.option(
    "--spark-master", metavar="URL", help="With --runner spark: its master; by default what Spark's own settings say, or local[*]."
)
@common_options
@report_options(graph_formats=_GRAPH_FORMATS)
@project_options("shapes", "unmapped", "default_class", "records", "cache", "jobs")
def command(
    session: Session,
    reporting: Reporting,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    engine: str | None,
    advanced: bool,
    timeout: float,
    whole: bool,
    watch: bool,
    baseline: str | None,
    update_baseline: bool,
    only: tuple[str, ...],
    changed_since: str | None,
    runner: str,
    spark_master: str | None,
) -> int:
    """Check records against SHACL shapes.

    PATH is a folder, a record, or an RDF file, which is taken as it is; without one the settings say.
    An RDF syntax as format gives the W3C validation report.

    \b
    Examples:
      owltype validate content/
      owltype validate content/ --report sarif:owltype.sarif --report junit:owltype.xml
      owltype validate content/ --watch
      owltype validate content/ --baseline known.json --update-baseline
      owltype validate graph.ttl -s shapes.ttl --output-format turtle
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.policy.ending import FinishedRun
    from exporter.validation.batches.running import Batching
    from exporter.validation.results.report_graph import report_graph
    from exporter.validation.validating import validate

    settings = session.settings
    cluster = cluster_of(session, runner, spark_master, {"--watch": watch, "--changed-since": changed_since, "--only": only})
    project = options.make(session, paths)
    session.say_outside(project)
    if watch:
        beside = {"--update-baseline": update_baseline, "--changed-since": changed_since}
        refuse_beside_watch(session, beside, document=reporting.is_document or reporting.output_format in _GRAPH_FORMATS)
        note_watched(session, project, reporting.files, [baseline or settings.baseline])
    if project.ontology and not project.shapes:
        session.say("there are no shapes, so those that follow from the ontology are used (`owltype gen shapes` writes them)")
    written = _baseline_to_write(baseline or settings.baseline) if update_baseline else None
    scope = choose_scope_of(session, only, changed_since, project)
    policy = choose_policy(session, baseline, scope, known=not update_baseline)
    with session.progress("records read") as progress:
        found = validate(
            project=project,
            engine=engine or settings.engine,
            advanced=advanced,
            timeout=timeout,
            batching=Batching(whole=whole),
            allow_nothing=scope is not None,
            first=(scope.files or ()) if scope is not None else (),
            progress=progress.update,
            cluster=cluster,
        )
    _say_split(session, found, advanced=advanced)
    tree = project.tree
    settled = policy.settle(found.problems, FinishedRun(found.files, complete=True, whole=found.whole, reader=found.reader))
    if written is not None:
        return _update_baseline(session, written, settled.problems, tree)
    context = _context(found, settled.notes, project)
    status = reporting.publish(session, settled.problems, context, graph=lambda name: report_graph(found.results, found.shapes, name))
    say_skipped(session, found.skipped, cache=found.cache)
    return _finish(session, reporting, found, status, scoped=scope is not None)


def _finish(session: Session, reporting: Reporting, found: Validation, status: int, *, scoped: bool) -> int:
    """Say what a reader of the report has to know besides, and give the exit status."""
    for note in describe_unlisted(found):
        session.say(note)
    status = max(status, int(any(fails(reporting.fail_on, severity) for severity in found.unlisted)))
    if not found.idle or scoped:
        return status
    session.say("nothing was checked: no shape has a focus node in the data", verbosity=-1)
    return CANNOT_RUN


def _say_split(session: Session, found: Validation, *, advanced: bool) -> None:
    """Say how each shape is checked, or would be with more data."""
    from exporter.validation.batches.split import split_shapes

    if session.verbosity < 1:
        return
    if found.split is None:
        session.say("all shapes were checked over everything at once; with more data (8 MB of triples), and without --whole:", verbosity=1)
    for line in (found.split or split_shapes(found.shapes, advanced=advanced)).lines():
        session.say(line, verbosity=1)


def _context(found: Validation, notes: Sequence[str], project: Project) -> ReportContext:
    tree = project.tree
    return ReportContext(
        checked=found.checked,
        files=found.files,
        prefixes=found.prefixes,
        notes=notes,
        source=partial(read_source, tree=tree),
        shown=tree.shown,
        repair=repairing(project, found.shapes),
    )


def _baseline_to_write(file: str | None) -> str:
    from exporter.writers.files import check_writable

    if file is None:
        raise UsageError("--update-baseline needs the file to write: name it with --baseline, or set `baseline`")
    check_writable(file)
    return file


def _update_baseline(session: Session, file: str, problems: Sequence[Problem], tree: Tree) -> int:
    """Write the file; what stands in it counts as known from now on."""
    from exporter.policy.baseline import write_baseline
    from exporter.policy.fingerprints import fingerprints
    from exporter.writers.files import open_output

    with open_output(file) as target:
        target.write(write_baseline(problems, fingerprints(problems, partial(read_source, tree=tree))))
    session.say(f"{plural(len(problems), 'problem')} -> {file}")
    return 0
