"""How a run ends: an exit status, and a sentence where it could not run; never a traceback that nobody asked for."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from exporter.cli.app import ReaderGone, app
from exporter.cli.streams import STANDARD_OUTPUT, close_output, drop_output
from exporter.cli.watching import is_watching, keep_watching
from exporter.errors import ExporterError
from exporter.reports.snippets import visible
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.cache.folder import CacheAccount
    from exporter.cli.session import Session
    from exporter.problems import Problem
    from exporter.tree import Tree

CLEAN, PROBLEMS, CANNOT_RUN, INTERRUPTED = 0, 1, 2, 130
PIPE_CLOSED = 141  # as a shell says of a program that SIGPIPE ended
_LISTED = 20


def run(arguments: Sequence[str]) -> int:
    """Run `owltype` and give its exit status; nothing that goes wrong leaves as a traceback."""
    status = _run(arguments)
    if is_watching():
        status = keep_watching(partial(_run_and_flush, arguments), arguments, status)
    try:
        close_output()
    except BrokenPipeError:
        return status or PIPE_CLOSED
    except OSError as error:
        return status or _end_on_os_error(error)
    return status


def _run_and_flush(arguments: Sequence[str]) -> int:
    status = _run(arguments)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        return PIPE_CLOSED
    return status


def _run(arguments: Sequence[str]) -> int:
    try:
        status = _invoke(list(arguments))
    except (click.Abort, KeyboardInterrupt):
        return _end("interrupted", INTERRUPTED)
    except (ReaderGone, SystemExit) as error:
        # click exits with 0 when it has completed a line, and with 1 where nobody reads its help
        return CLEAN if isinstance(error, SystemExit) and not error.code else _end_on_closed_pipe()
    except click.ClickException as error:
        error.show()
        return CANNOT_RUN
    except ExporterError as error:
        return _end_on_failure(error)
    except OSError as error:
        return _end_on_os_error(error)
    except (ImportError, MemoryError) as error:
        return _end_on_lack(error, arguments)
    except Exception as error:  # noqa: BLE001 - a defect ends in a sentence, too
        return _end_on_defect(error, arguments)
    return status


def say_unread(session: Session, problems: Sequence[Problem], tree: Tree) -> int:
    """Name the files that were not looked at, however little the user wants said, and give the exit status: a part is not the whole."""
    for problem in problems[:_LISTED]:
        session.say(f"{tree.shown_place(problem.location)}: {problem.severity} {problem.code} {problem.message}", verbosity=-1)
    if len(problems) > _LISTED:
        session.say(f"and {len(problems) - _LISTED:,} more", verbosity=-1)
    if problems:
        session.say(f"this is without {plural(len(problems), 'file')} that could not be read", verbosity=-1)
    return PROBLEMS if problems else CLEAN


def say_skipped(session: Session, skipped: Mapping[str, int], *, counted: bool = False, cache: CacheAccount | None = None) -> None:
    """Say how many files were not read, and why, unless that is `counted` already; what would read them; and why the cache was not used."""
    from exporter.pipeline.looking import advise_skipped, list_skipped

    if skipped and not counted:
        session.say(f"{plural(sum(skipped.values()), 'file')} not read: {list_skipped(skipped)}")
    for advice in advise_skipped(skipped):
        session.say(f"  {advice}")
    session.say_cache(cache)


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
    reason = (error.strerror or str(error)).lower()
    if error.filename == STANDARD_OUTPUT:
        drop_output()
        return _end(f"can't write standard output: {reason}", CANNOT_RUN)
    if error.filename is None and _is_gone():
        return _end("the current folder does not exist any more: go to another one", CANNOT_RUN)
    return _end(visible(f"{reason}: {os.fsdecode(error.filename)}" if isinstance(error.filename, (str, bytes)) else reason), CANNOT_RUN)


def _is_gone() -> bool:
    try:
        os.getcwd()  # noqa: PTH109 - as Path.cwd, without another import
    except OSError:
        return True
    return False


def _end_on_lack(error: ImportError | MemoryError, arguments: Sequence[str]) -> int:
    """Memory, open files or a broken installation: what a part of the program needs to be loaded, or to go on."""
    if isinstance(error, MemoryError):
        return _end("there is not enough memory to go on", CANNOT_RUN)
    _show_where(error, arguments)
    return _end(visible(f"a part of the program can't be loaded: {error}"), CANNOT_RUN)


def _end_on_closed_pipe() -> int:
    drop_output()
    return PIPE_CLOSED


def _end_on_defect(error: Exception, arguments: Sequence[str]) -> int:
    _show_where(error, arguments)
    sentence = f"internal error ({type(error).__name__}: {error}); please report it, with what `-v` shows"
    return _end(visible(sentence), CANNOT_RUN)


def _show_where(error: Exception, arguments: Sequence[str]) -> None:
    if "-v" in arguments or "--verbose" in arguments:
        import traceback

        traceback.print_exception(error)
