"""`owltype test`: competency questions in CI."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from exporter.cli.common import baseline_option, common_options, constants_option, discovery_options, jobs_option, ontology_option
from exporter.cli.datasets import DatasetOptions, dataset_options, limit_options
from exporter.cli.ending import say_skipped
from exporter.cli.policies import choose_policy, settle
from exporter.cli.reporting import Reporting, report_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.reports import ReportContext
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.sparql.competency import Verdict


@click.command()
@click.argument("folder", metavar="[DIR]", required=False)
@click.option("--update", is_flag=True, help="Write the rows that the questions expect, for review.")
@dataset_options
@limit_options
@ontology_option
@constants_option
@baseline_option
@discovery_options
@jobs_option
@common_options
@report_options()
def command(
    session: Session,
    reporting: Reporting,
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
    ontology: tuple[str, ...],
    constants: Mapping[str, str],
    baseline: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    follow_symlinks: bool | None,
    jobs: int | None,
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
    from exporter.sparql.saved import list_saved, read_saved

    place = Path(folder or session.settings.queries)
    paths = [place] if place.is_file() else list_saved(place)
    if not paths:
        raise UsageError(f"there are no questions in {place}: no file there ends in .rq")
    questions = [read_saved(path) for path in paths]
    if not any(map(expectation_of, questions)):
        advice = "write `# expect: at least 1 row`, or `# expect: rows` and --update"
        raise UsageError(f"nothing to ask: no query in {place} says what it expects; {advice}")
    policy = choose_policy(session, baseline)
    limits = Limits(timeout, max_rows, max_size * MEGABYTE)
    options = DatasetOptions(data, store, refresh, ontology, constants, include, exclude, follow_symlinks, jobs)
    with options.open(session, Powers(1, max_memory * MEGABYTE, allow_remote)) as dataset:
        verdicts = [examine(question, dataset, limits, update=update) for question in questions]
        of_data = unread(dataset.problems) + [problem for problem in dataset.problems if problem.code.startswith("QUERY-")]
        skipped = dataset.skipped
    settled = settle(session, policy, [*of_data, *(problem for verdict in verdicts for problem in verdict.problems)])
    files = [verdict.question.path for verdict in verdicts]
    context = ReportContext(noun="question", checked=len(verdicts), files=files, notes=settled.notes)
    status = reporting.publish(session, settled.problems, context)
    session.say(summarize(verdicts))
    say_skipped(session, skipped)
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
