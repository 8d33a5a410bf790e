"""`owltype fix`: what can be repaired in the records, shown as differences, and written when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, paths_argument, project_options
from exporter.cli.completing import codes as known_codes
from exporter.cli.completing import completing
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.problems.codes import unknown_code
from exporter.reports.snippets import visible
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.fixes.fixing import Fixing
    from exporter.project import Project


@click.command()
@paths_argument
@click.option("--write", is_flag=True, help="Write the files; without it the differences are shown.")
@click.option(
    "--select", metavar="CODE", multiple=True, shell_complete=completing(known_codes), help="Only problems of this code; may be repeated."
)
@click.option("--unsafe", is_flag=True, help="Make fixes that are guesses, too, such as a default for a value that is missing.")
@common_options
@project_options("shapes", "default_class", "unmapped", "records", "cache", "jobs")
def command(
    session: Session, options: ProjectOptions, /, *, paths: tuple[str, ...], write: bool, select: tuple[str, ...], unsafe: bool
) -> int:
    """Repair what can only have been meant otherwise: misspelt keys and names, dates in other notations, tabs, links without quotes.

    PATH is a folder or a record; without one the settings say. Each change is proven before it is shown: the record reads as before but
    for it, the problem is gone, no other has come, and the graph says the same but for the statements of that key. Ends with 1 where there
    is something to write, and with 0 when it is written.

    \b
    Examples:
      owltype fix content/
      owltype fix content/ --write
      owltype fix --select SH-IN --select MAP-UNMAPPED
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.edits.differences import difference
    from exporter.fixes.fixing import find_fixes  # engines are imported when a command needs them

    _check(select)
    project = options.make(session, paths)
    session.say_outside(project)
    found = find_fixes(project, select=frozenset(select), unsafe=unsafe)
    for file in found.files:
        for line in difference(file.edited) if not write else ():
            click.echo(visible(line))
    failed = _write(session, project, found) if write else 0
    _say(session, found, written=write, failed=failed)
    return int(failed > 0 if write else bool(found.files))


def _check(select: tuple[str, ...]) -> None:
    for code in select:
        if (wrong := unknown_code(code)) is not None:
            raise UsageError(wrong)


def _write(session: Session, project: Project, found: Fixing) -> int:
    """Write the files, and count those that could not be."""
    from exporter.edits.outline import EditError
    from exporter.edits.writing import write_edited
    from exporter.errors import OutputError

    failed = 0
    for file in found.files:
        try:
            write_edited(project.tree, file.edited)
        except (EditError, OutputError) as error:
            session.say(str(error), -1)
            failed += 1
    return failed


def _say(session: Session, found: Fixing, *, written: bool, failed: int) -> None:
    for fix, reason in found.left:
        session.say(f"{fix.problem.location}: {fix.problem.code} is left: {reason}")
    if found.unsafe:
        session.say(f"left out because they are guesses, {plural(len(found.unsafe), 'fix', 'fixes')}; --unsafe takes them:")
        for fix in found.unsafe:
            session.say(f"  {fix.problem.location}: {fix.problem.code}: {fix.title}")
    count = sum(len(file.fixes) for file in found.files)
    what = f"{plural(count, 'fix', 'fixes')} in {plural(len(found.files) - failed, 'file')}"
    rest = (
        f"{plural(len(found.remaining), 'problem')} without a fix: `owltype validate` shows them"
        if found.remaining
        else "no problem is left"
    )
    if not found.files:
        session.say(f"nothing to fix; {rest}")
    else:
        session.say(f"{what} written; {rest}" if written else f"{what}; nothing is written without --write; {rest}")
