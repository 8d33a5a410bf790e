"""How a run ends: an exit status, and a sentence where it could not run; never a traceback that nobody asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from exporter.cli.app import ReaderGone, app
from exporter.errors import ExporterError
from exporter.reports.snippets import visible
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.cli.session import Session
    from exporter.problems import Problem

CLEAN, PROBLEMS, CANNOT_RUN, INTERRUPTED = 0, 1, 2, 130
PIPE_CLOSED = 141  # as a shell says of a program that SIGPIPE ended
_LISTED = 20


def run(arguments: Sequence[str]) -> int:
    """Run `owltype` and give its exit status; nothing that goes wrong leaves as a traceback."""
    try:
        status = _invoke(list(arguments))
    except (click.Abort, KeyboardInterrupt):
        return _end("interrupted", INTERRUPTED)
    except ReaderGone:
        return _end_on_closed_pipe()
    except click.ClickException as error:
        error.show()
        return CANNOT_RUN
    except ExporterError as error:
        return _end_on_failure(error)
    except OSError as error:
        return _end_on_os_error(error)
    except Exception as error:  # noqa: BLE001 - a defect ends in a sentence, too
        return _end_on_defect(error, arguments)
    return status


def say_unread(session: Session, problems: Sequence[Problem]) -> int:
    """Name the files that were not looked at, however little the user wants said, and give the exit status: a part is not the whole."""
    for problem in problems[:_LISTED]:
        session.say(f"{problem.location}: {problem.severity} {problem.code} {problem.message}", verbosity=-1)
    if len(problems) > _LISTED:
        session.say(f"and {len(problems) - _LISTED:,} more", verbosity=-1)
    if problems:
        session.say(f"this is without {plural(len(problems), 'file')} that could not be read", verbosity=-1)
    return PROBLEMS if problems else CLEAN


def _invoke(arguments: list[str]) -> int:
    status = app.main(arguments, prog_name="owltype", standalone_mode=False)
    return status if isinstance(status, int) else CLEAN


def _end(sentence: str, status: int) -> int:
    click.echo(f"owltype: {sentence}", err=True)
    return status


def _end_on_failure(error: ExporterError) -> int:
    from exporter.writers.files import PipeClosed  # importing writers is not needed for `--version`

    if isinstance(error, PipeClosed):
        return _end_on_closed_pipe()
    if error.problems:
        from exporter.cli.session import Session
        from exporter.reports import ReportContext, render
        from exporter.settings import Settings

        context = ReportContext(counted=False, color=Session(Settings()).colors(sys.stderr))
        click.echo(render("full", error.problems, context), err=True, nl=False)
    return _end(str(error), CANNOT_RUN)


def _end_on_os_error(error: OSError) -> int:
    if error.filename is None:
        _drop_standard_output()
    return _end(f"{error.strerror or error}: {error.filename or 'standard output'}", CANNOT_RUN)


def _end_on_closed_pipe() -> int:
    _drop_standard_output()
    return PIPE_CLOSED


def _drop_standard_output() -> None:
    """Let what is left for standard output go: Python would write it once more at exit, fail again, and complain with status 120."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _end_on_defect(error: Exception, arguments: Sequence[str]) -> int:
    if "-v" in arguments or "--verbose" in arguments:
        import traceback

        traceback.print_exception(error)
    sentence = f"internal error ({type(error).__name__}: {error}); please report it, with what `-v` shows"
    return _end(visible(sentence), CANNOT_RUN)
