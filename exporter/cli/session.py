"""What every command has: the settings, how much to say, and whether there is a terminal to say it on."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TextIO

import click

from exporter.errors import ExporterError
from exporter.reports.snippets import visible
from exporter.settings import Settings
from exporter.text import plural

if TYPE_CHECKING:
    from exporter.cache.folder import CacheAccount
    from exporter.project import Project

_PATIENCE = 1.0  # seconds; a count for less only flickers
_PAUSE = 0.1
_CLEAR = "\r\x1b[K"  # back to the first column, and erase the line (ECMA-48)


@dataclass(frozen=True, slots=True)
class Session:
    """One run of a command. `verbosity` is -1 for `-q`, and counts the `-v` else; `color` is auto, always or never.

    `failure` is what kept the settings from being loaded, of a command with reports, which have to say it.
    `overlays` is what standard input gave, by its path.
    """

    settings: Settings
    verbosity: int = 0
    color: str = "auto"
    failure: ExporterError | None = None
    overlays: Mapping[str, bytes] = field(default_factory=dict)

    def say(self, sentence: str, verbosity: int = 0) -> None:
        """Write a line to standard error, unless the user wants less said."""
        if self.verbosity >= verbosity:
            click.echo(visible(sentence), err=True)

    def say_outside(self, project: Project) -> None:
        """Say what files outside the root are called."""
        for mount in project.tree.outside(project.paths):
            self.say(f"{mount.shown} is outside the project's folder {project.root}: its project path is {mount.path}")

    def say_cache(self, account: CacheAccount | None) -> None:
        """Say why the cache is not used, and with `-v` what it saved."""
        for note in account.notes if account else ():
            self.say(note.text, note.verbosity)
        if account and account.kept + account.made:
            self.say(f"{plural(account.kept, 'file')} taken from the cache, {account.made:,} read and mapped", verbosity=1)

    def colors(self, stream: TextIO) -> bool:
        """Say whether to write colours to this stream (https://no-color.org)."""
        if self.color != "auto":
            return self.color == "always"
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    @contextmanager
    def progress(self, label: str) -> Iterator[Progress]:
        """Show a count on the terminal, after a second, while the block runs; none in a pipe, under CI or with `-q`."""
        progress = Progress(label, shown=self.verbosity >= 0 and sys.stderr.isatty() and not os.environ.get("CI"))
        try:
            yield progress
        finally:
            progress.close()


class Progress:
    """A count that shows how far a run is; it takes its time to appear, and `update` may be called as often as one likes."""

    def __init__(self, label: str, *, shown: bool) -> None:
        self._label = label
        self._shown = shown
        self._next = time.monotonic() + _PATIENCE
        self._visible = False

    def update(self, done: int, total: int | None = None) -> None:
        """Say that `done` are done, of `total` where that is known."""
        if not self._shown or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _PAUSE
        self._visible = True
        of = f" of {total:,}" if total is not None else ""
        click.echo(f"{_CLEAR}{done:,}{of} {self._label}", err=True, nl=False)

    def close(self) -> None:
        """Leave the line to what comes next."""
        if self._visible:
            click.echo(_CLEAR, err=True, nl=False)
            self._visible = False
