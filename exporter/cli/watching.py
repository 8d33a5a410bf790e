"""`--watch`: the same call again whenever what it depends on has changed, in one process that keeps what it has loaded."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import click

from exporter.errors import UsageError
from exporter.system.processes import python_command
from exporter.system.undoing import undo_all
from exporter.text import enumerate_names, plural
from exporter.tree import STANDARD_INPUT

if TYPE_CHECKING:
    from exporter.cli.session import Session
    from exporter.project import Project
    from exporter.tree import Tree
    from exporter.watching.notices import Watcher
    from exporter.watching.watched import Watched

F = TypeVar("F", bound=Callable[..., object])
_NAMED = 3
"""How many of the files that changed are named."""
_CODE = (".py", ".so", ".pyd")
_GOES_ON = frozenset({0, 1, 2})
"""Exit statuses after which the files can still be put right: nobody reads any more, or the run was interrupted, where it is another."""
_POLLS = ", again and again, because the system gives no notices for so many"


@dataclass(frozen=True, slots=True)
class _Noted:
    """What the run that went before said of itself; `ask` tells anew what it depends on."""

    session: Session
    tree: Tree
    ask: Callable[[], Watched]
    watcher: Watcher


_noted: list[_Noted] = []


def watch_option(function: F) -> F:
    """Give a command `--watch`."""
    return click.option("--watch", is_flag=True, help="Run again whenever a file that counts has changed, until Ctrl-C.")(function)


def refuse_beside_watch(session: Session, refused: Mapping[str, object], *, document: bool) -> None:
    """Raise UsageError for what can't be done again and again; `refused` are options by their names, with what was given for them."""
    given = [name for name, value in refused.items() if value]
    if session.overlays:
        given.append("standard input")
    if given:
        raise UsageError(f"--watch can't go with {enumerate_names(given, 'and')}: leave one of them out")
    if document:
        raise UsageError("--watch can't write one document after another to the same stream: name a file with --report NAME:FILE")


def note_watched(session: Session, project: Project, products: Sequence[str], files: Sequence[str | None] = ()) -> None:
    """Watch what the run depends on from now on, before it reads: the project, and further `files`; `products` is what it writes."""
    from exporter.watching.notices import Watcher
    from exporter.watching.watched import watched_by

    said = [file for file in (*files, session.settings.file) if file is not None]
    ask = partial(watched_by, project, [path for path in products if path != STANDARD_INPUT], said)
    watched = ask()
    watcher = _noted[0].watcher if _noted else Watcher(watched)
    watcher.watch(watched)
    _noted[:] = [_Noted(session, project.tree, ask, watcher)]


def is_watching() -> bool:
    """Say whether the run that went before is to be made again."""
    return bool(_noted)


def keep_watching(run: Callable[[], int], arguments: Sequence[str], status: int) -> int:
    """Make the run again after each burst of changes, until it can't go on, and give the last exit status."""
    watcher = _noted[0].watcher
    watcher.watch(_noted[0].ask())  # the run has found what its plan is compiled from
    _noted[0].session.say(f"watching {plural(watcher.folders, 'folder')}{_POLLS * watcher.polls}; Ctrl-C ends it")
    for changed in watcher.changes():
        before = _noted[0]
        if status not in _GOES_ON:
            break
        before.session.say(f"{time.strftime('%H:%M:%S')} {_describe(before.tree, changed)}")
        if any(path.endswith(_CODE) for path in changed):
            _start_anew(before.session, arguments)
        began = time.monotonic()
        status = run()
        _noted[0].session.say(f"done in {time.monotonic() - began:.2f} s")
        watcher.watch(_noted[0].ask())
    return status


def _describe(tree: Tree, changed: Sequence[str]) -> str:
    """Name what has changed, as far as a line has room for it.

    >>> from exporter.tree import Tree
    >>> _describe(Tree("/site", "/site"), ["/site/a.md", "/site/b.md"])
    'a.md and b.md have changed'
    """
    names = [tree.shown(tree.project_path(path)) for path in changed]
    more = len(names) - _NAMED
    told = names if more <= 1 else [*names[:_NAMED], f"{more:,} more"]
    return f"{enumerate_names(told, 'and')} {'has' if len(told) == 1 else 'have'} changed"


def _start_anew(session: Session, arguments: Sequence[str]) -> None:
    """Put a new process in place of this one: Python has loaded code that is not what it was."""
    session.say("the code of a handler or conversion may have changed, so the program is started anew")
    undo_all()
    sys.stdout.flush()
    command = python_command("exporter.cli", arguments)
    os.execv(command[0], command)  # noqa: S606 - our own
