"""`owltype test`: competency questions in CI."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, baseline_option, common_options, project_options
from exporter.cli.datasets import DatasetOptions, dataset_options, limit_options
from exporter.cli.ending import say_skipped
from exporter.cli.policies import choose_policy, settle
from exporter.cli.reporting import Reporting, report_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.policy.sources import read_source
from exporter.reports import ReportContext
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.sparql.competency import Verdict


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--update", is_flag=True, help="Write the rows that the questions expect, for review.")
@dataset_options
@limit_options
@baseline_option
@common_options
@report_options()
@project_options("records", "cache", "jobs")
def command(
    session: Session,
    reporting: Reporting,
    options: ProjectOptions,
    /,
    *,
    folder: str | None,
    update: bool,
    data: tuple[str, ...],
    store: str | None,
    refresh: bool,
    allow_remote: bool,
    timeout: float,
    max_memory: int,
    max_rows: int | None,
    max_size: int,
    baseline: str | None,
) -> int:
    """Ask saved queries what they are expected to answer.

    DIR is a folder of .rq files, or one of them; without it the setting `queries`. A query expects the rows in
    NAME.expected.tsv beside it, or what its comments say: `# expect: at least 3 rows`, or `# expect: empty`.

    \b
    Examples:
      owltype test queries/ -d content/
      owltype test -d content/ --report junit:questions.xml
      owltype test -d content/ --update
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.pipeline.looking import unread
    from exporter.sparql.competency import examine, expectation_of
    from exporter.sparql.limits import MEGABYTE, Limits, Powers
    from exporter.sparql.queries.saved import list_saved, read_saved

    place = Path(folder or session.settings.queries)
    paths = [place] if place.is_file() else list_saved(place)
    if not paths:
        raise UsageError(f"no questions in {place}: no file there ends in .rq")
    questions = [read_saved(path) for path in paths]
    if not any(map(expectation_of, questions)):
        advice = "write `# expect: at least 1 row`, or `# expect: rows` and --update"
        raise UsageError(f"nothing to ask: no query in {place} says what it expects; {advice}")
    policy = choose_policy(session, baseline)
    limits = Limits(timeout, max_rows, max_size * MEGABYTE)
    chosen = DatasetOptions(data, store, refresh, options)
    with chosen.open(session, Powers(1, max_memory * MEGABYTE, allow_remote)) as dataset:
        verdicts = [examine(question, dataset, limits, update=update) for question in questions]
        of_data = unread(dataset.problems) + [problem for problem in dataset.problems if problem.code.startswith("QUERY-")]
        skipped, project, cache = dataset.skipped, dataset.project, dataset.cache
    tree = project.tree
    found = [tree.relocate(problem) for problem in (*of_data, *(problem for verdict in verdicts for problem in verdict.problems))]
    settled = settle(project, policy, found)
    files = [tree.project_path(str(path)) for path in paths]
    context = ReportContext(
        noun="question", checked=len(verdicts), files=files, notes=settled.notes, source=partial(read_source, tree=tree), shown=tree.shown
    )
    status = reporting.publish(session, settled.problems, context)
    session.say(summarize(verdicts))
    say_skipped(session, skipped, cache=cache)
    return status


def summarize(verdicts: Sequence[Verdict]) -> str:
    """Give the account of a run in a line."""
    asked = [verdict for verdict in verdicts if verdict.expectation is not None]
    failed = sum(1 for verdict in asked if verdict.problems)
    parts = [f"asked {plural(len(asked), 'question')}: {len(asked) - failed:,} as expected, {failed:,} not"]
    if updated := sum(verdict.updated for verdict in asked):
        parts.append(f"expected rows of {plural(updated, 'question')} written")
    if rest := len(verdicts) - len(asked):
        parts.append(f"{plural(rest, 'query', 'queries')} without an expectation")
    return "; ".join(parts)
