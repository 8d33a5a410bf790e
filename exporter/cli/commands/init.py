"""`owltype init`: a starting ontology, shapes and settings from the records themselves."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from exporter.cli.common import common_options
from exporter.cli.ending import say_skipped
from exporter.cli.session import Session
from exporter.text import enumerate_names, plural

if TYPE_CHECKING:
    from exporter.inference.inferring import Inference, Inferring

_ASKED_AT_MOST = 7


@click.command()
@click.argument("content", required=False, type=click.Path())
@click.option("--profile", metavar="NAME", default="auto", show_default=True, help="The tool that makes a site of the records.")
@click.option("--yes", is_flag=True, help="Take every guess without a question.")
@common_options
def command(session: Session, /, *, content: str | None, profile: str, yes: bool) -> int:
    """Look at records, and write a starting ontology, shapes and settings from what they hold.

    Nothing is overwritten: where files are there already, what they lack for the records is shown as a diff, which `git apply`
    takes and which only adds lines, and the exit status is 1.

    \b
    Example:
      owltype init content/ --yes
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.inference.inferring import Inferring
    from exporter.inference.writing.proposing import write_new
    from exporter.project import make_project

    project = make_project(content or (), settings=session.settings)
    look = Inferring(project, profile)
    with session.progress("records read") as progress:
        start = look.infer({}, progress.update)
    _say_what_was_seen(session, start)
    if not yes and sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty():
        start = _ask(look, start)
    written = write_new(start.root, start.files)
    for file in start.files:
        if file.is_changed:
            click.echo(file.diff(), nl=False)
    _say_what_was_written(session, start, written)
    return int(any(file.is_changed for file in start.files))


def _say_what_was_seen(session: Session, start: Inference) -> None:
    site = start.site
    found = f", as {site.configuration.path} says" if site.configuration.path and not site.problems else ""
    session.say(f"{plural(start.records, 'record')} of {site.profile.title}{found}")
    for problem in site.problems:
        session.say(f"{problem.location}: {problem.message}; nothing in the file counts")
    session.say(f"classes: {start.model.reason}")
    of_records = [each for each in start.model.classes if each.is_of_records]
    session.say(f"  {enumerate_names([f'{each.name} ({each.count:,})' for each in of_records], 'and', limit=20)}")
    say_skipped(session, start.skipped)
    paths = {problem.location.path for problem in start.problems}
    if paths:
        session.say(f"{plural(len(paths), 'file')} with problems; `owltype export` shows them")


def _ask(look: Inferring, start: Inference) -> Inference:
    """Ask about the least certain guesses, and make the start anew where an answer is another."""
    answers: dict[str, str] = {}
    for question in start.questions[:_ASKED_AT_MOST]:
        click.echo(question.text, err=True)
        answer = click.prompt("  taken as", type=click.Choice(question.choices), default=question.taken, err=True)
        if answer != question.taken:
            answers[question.name] = answer
    return look.infer(answers) if answers else start


def _say_what_was_written(session: Session, start: Inference, written: list[str]) -> None:
    if start.questions:
        session.say("least certain:")
        for question in start.questions:
            session.say(f"  {question.text}: taken as {question.taken}")
    changed = [file.path for file in start.files if file.is_changed]
    if written:
        session.say(f"wrote {enumerate_names(written, 'and')}")
    if changed:
        session.say(f"the diff adds to {enumerate_names(changed, 'and')}; nothing is changed until `git apply` takes it")
    if not (written or changed):
        session.say("nothing to propose: the files say it already")
    for note in start.notes:
        session.say(note)
    if not start.model.site_known:
        session.say(f"last: the ontology says site={start.model.site}; change it to where your pages stand")
