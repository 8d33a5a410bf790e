"""`owltype coverage`: what the ontology says of the keys that records have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, baseline_option, common_options, paths_argument, project_options
from exporter.cli.ending import say_skipped, say_unread
from exporter.cli.policies import choose_policy, settle
from exporter.cli.session import Session
from exporter.reports.snippets import visible
from exporter.text import plural, quote
from exporter.width import columns

if TYPE_CHECKING:
    from exporter.pipeline.coverage import Coverage, KeyCoverage
    from exporter.tree import Tree


@click.command()
@paths_argument
@click.option("--output-format", type=click.Choice(["text", "json", "turtle"]), default="text", show_default=True, help="How it is shown.")
@click.option("--check", is_flag=True, help="Exit 1 when a key is not mapped.")
@baseline_option
@common_options
@project_options("default_class", "records", "cache", "jobs")
def command(
    session: Session,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    output_format: str,
    check: bool,
    baseline: str | None,
) -> int:
    """List the keys of each class of records: mapped, ignored and unmapped ones, with counts, examples and near names.

    For unmapped keys it shows the lines to paste into the ontology; --output-format turtle gives these alone.

    \b
    Example:
      owltype coverage content/ --ontology ontology/
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.pipeline.coverage import measure_coverage  # engines are imported when a command needs them
    from exporter.pipeline.looking import unread

    project, policy = options.make(session, paths), choose_policy(session, baseline)
    session.say_outside(project)
    with session.progress("records read") as progress:
        measured = measure_coverage(project, progress.update)
    writers: dict[str, Callable[[Coverage], Iterator[str]]] = {"text": partial(_text, tree=project.tree), "json": _json, "turtle": _turtle}
    for line in writers[output_format](measured):
        click.echo(line)
    settled = settle(project, policy, measured.problems)
    left_out = unread(settled.problems)
    status = say_unread(session, left_out, project.tree)
    say_skipped(session, measured.skipped, cache=measured.cache)
    paths_of = {problem.location.path for problem in settled.problems}
    if rest := len(paths_of - {problem.location.path for problem in left_out}):
        session.say(f"{plural(rest, 'file')} with problems; `owltype export` shows them")
    for note in settled.notes:
        session.say(note)
    failed = check and (not paths_of.isdisjoint(measured.unread) or any(key.status == "unmapped" for key in measured.keys))
    return max(status, int(failed))


def _text(measured: Coverage, tree: Tree) -> Iterator[str]:
    for name, group in groupby(measured.keys, key=lambda key: key.class_name):
        keys = list(group)
        counts = {status: sum(key.status == status for key in keys) for status in ("mapped", "ignored", "unmapped")}
        listed = ", ".join(f"{count} {status}" for status, count in counts.items())
        yield visible(f"{name}: {plural(measured.classes[name], 'record')}, {plural(len(keys), 'key')}: {listed}")
        width = max(columns(visible(key.key)) for key in keys)
        yield from (_row(key, width, tree) for key in keys)
        yield ""
    lines = list(_turtle(measured))
    if lines:
        yield "To map what is not, change and paste into the ontology:"
        yield ""
        yield from lines


def _row(key: KeyCoverage, width: int, tree: Tree) -> str:
    name = visible(key.key)
    near = f", did you mean {quote(key.near)}?" if key.near else ""
    pad = " " * (width - columns(name))
    return f"  {key.status:<8}  {name}{pad}  {key.count:>6,}  {visible(tree.shown_place(key.example))}{near}"


def _json(measured: Coverage) -> Iterator[str]:
    keys = [
        {
            "class": key.class_name,
            "key": key.key,
            "status": key.status,
            "records": key.count,
            "file": key.example.path,
            "line": key.example.line,
            "column": key.example.column,
            **({"near": key.near} if key.near else {}),
        }
        for key in measured.keys
    ]
    yield json.dumps({"records": measured.seen, "classes": dict(measured.classes), "keys": keys}, ensure_ascii=False, indent=2)


def _turtle(measured: Coverage) -> Iterator[str]:
    from exporter.generate.suggestions import suggest

    yield from suggest(measured.left, measured.plan)
