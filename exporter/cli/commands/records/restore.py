"""`owltype restore`: a graph that was edited elsewhere, back into the records."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, project_options
from exporter.cli.reporting import Reporting, report_options
from exporter.cli.session import Session
from exporter.policy.sources import read_source
from exporter.reports import ReportContext
from exporter.reports.snippets import visible
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.recovery.restoring import Restoration


@click.command()
@click.argument("graph", metavar="GRAPH")
@click.option("-o", "--output", metavar="DIR", required=True, help="The folder of the records; new ones are made below it.")
@click.option("--write", is_flag=True, help="Write the files; without it the differences are shown.")
@common_options
@report_options(beside=True)
@project_options("default_class", "unmapped", "records")
def command(session: Session, reporting: Reporting, options: ProjectOptions, /, *, graph: str, output: str, write: bool) -> int:
    """Bring a graph that was edited elsewhere back into the records that it was made of.

    GRAPH is an RDF file of any syntax, as an export is. Records are edited where what they say differs, and nothing else of a file
    changes; new ones are made where their class says so (map:newFile). What can't come back is named, and then nothing is written.

    \b
    Examples:
      owltype restore graph.ttl -o content/
      owltype restore graph.ttl -o content/ --write
      owltype restore edited.rdf -o content/ --ontology site.ttl
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.recovery.restoring import restore  # engines are imported when a command needs them

    project = options.make(session, (output,))
    session.say_outside(project)
    found = restore(graph, output, project=project)
    for line in _differences(found):
        click.echo(visible(line))
    report = ReportContext(counted=False, source=partial(read_source, tree=project.tree), shown=project.tree.shown)
    status = reporting.publish(session, found.problems, report)
    if write and not found.problems:
        found.write(project, output)
    _say(session, found, written=write and not found.problems)
    return status


def _differences(found: Restoration) -> Iterator[str]:
    """Write the edits as a unified diff, as git does."""
    from exporter.edits.differences import difference

    for file in found.edited:
        yield from difference(file)
    for file in found.new:
        yield from difference(file, is_new=True)


def _say(session: Session, found: Restoration, *, written: bool) -> None:
    if found.declared:
        session.say(f"left out: {plural(found.declared, 'statement')} that declare terms for OWL, which no record says")
    changed = f"{plural(len(found.edited), 'file')} edited, {len(found.new):,} new"
    if found.problems:
        session.say("nothing is written, because a part of the graph can't come back")
    elif not (found.edited or found.new):
        session.say("the records say what the graph says")
    else:
        session.say(changed if written else f"{changed}: nothing is written without --write")
