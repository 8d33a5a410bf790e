"""`owltype check`: where ontology, shapes, settings and content have grown apart."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, baseline_option, common_options, paths_argument, project_options
from exporter.cli.ending import say_skipped
from exporter.cli.policies import choose_policy
from exporter.cli.reporting import Reporting, report_options
from exporter.cli.session import Session
from exporter.policy.sources import read_source
from exporter.reports import ReportContext
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.project import Project


@click.command()
@paths_argument
@click.option("--unreferenced", is_flag=True, help="Tell records that no other refers to, too.")
@baseline_option
@common_options
@report_options()
@project_options("shapes", "default_class", "records", "cache", "jobs")
def command(
    session: Session,
    reporting: Reporting,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    unreferenced: bool,
    baseline: str | None,
) -> int:
    """Hold ontology, shapes, settings and content against each other, and tell what has grown apart.

    Properties that no record has, keys that no property reads, classes nobody uses, shapes without a focus node,
    names in two spellings, titles used twice, stale suppressions. What nothing uses is told of whole projects.

    \b
    Example:
      owltype check content/
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.drift.checking import measure_drift, of_drift

    project, policy = options.make(session, paths), choose_policy(session, baseline)
    session.say_outside(project)
    whole = is_whole(session, options, project)
    with session.progress("records read") as progress:
        found = measure_drift(project, whole=whole, unreferenced=unreferenced, engine=session.settings.engine, progress=progress.update)
    settled = policy.settle(found.problems, found.run)
    problems = of_drift(settled.problems)
    rest = len(settled.problems) - len(problems)
    notes = [*settled.notes, *([f"{plural(rest, 'problem')} of other kinds; `owltype validate` shows them"] if rest else [])]
    context = ReportContext(
        checked=found.checked,
        files=found.files,
        prefixes={},
        notes=notes,
        source=partial(read_source, tree=project.tree),
        shown=project.tree.shown,
    )
    status = reporting.publish(session, problems, context)
    say_skipped(session, found.skipped, cache=found.cache)
    if not whole:
        session.say("a part of the project was read: what nothing uses (classes, properties, shapes, suppressions) can't be told of it")
    return status


def is_whole(session: Session, options: ProjectOptions, project: Project) -> bool:
    """Say whether a run reads what the settings name, or without that whole folders."""
    from exporter.drift.checking import is_narrow

    if options.include or options.exclude:
        return False
    if not session.settings.paths:
        return not any(map(is_narrow, project.required_paths))
    tree = project.tree
    read = [Path(tree.project_path(path)) for path in project.required_paths]
    return all(any(Path(tree.project_path(path)).is_relative_to(folder) for folder in read) for path in session.settings.paths)
