"""`owltype mcp`: the graph for assistants."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from exporter.cli.common import ProjectOptions, common_options, paths_argument, project_options
from exporter.cli.datasets import limit_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.text import plural

_ROWS = 10_000


@click.command()
@paths_argument
@common_options
@limit_options
@project_options("unmapped", "shapes", "default_class", "records", "cache", "jobs")
def command(
    session: Session,
    options: ProjectOptions,
    /,
    *,
    paths: tuple[str, ...],
    timeout: float,
    max_memory: int,
    max_rows: int | None,
    max_size: int,
) -> int:
    """Give assistants read-only tools over the graph, on standard input and output (Model Context Protocol).

    PATH is a folder or a record; without one the settings say. The tools describe the graph, find and get resources, answer SPARQL within
    limits, and list problems with file and line.

    \b
    Example:
      owltype mcp content/
    """  # noqa: D301 - click's mark for lines to leave as they are
    try:
        from exporter.assistants.running import run_tools
    except ModuleNotFoundError as error:
        raise UsageError(f"mcp needs the package {error.name}: pip install 'owltype[mcp]'") from None
    from exporter.publishing.leaving_out import PublishOptions
    from exporter.server.live import Live, ServeOptions, shown_everything
    from exporter.sparql.limits import MEGABYTE, Limits, Powers

    project = options.make(session, paths)
    session.say_outside(project)
    limits = Limits(timeout, max_rows or _ROWS, max_size * MEGABYTE)
    live = Live(lambda: project, ServeOptions(limits, Powers(memory=max_memory * MEGABYTE), shown_everything(PublishOptions())))
    with live.using() as state:
        session.say(f"{plural(state.account.exported, 'record')}, {plural(state.triples, 'triple')}; tools on standard input and output")
    with _own_streams():
        try:
            run_tools(live)
        finally:
            live.close()
    return 0


@contextmanager
def _own_streams() -> Iterator[None]:
    """Give the tools streams of their own: they close what they were given, and the program writes to its own when it ends."""
    before = sys.stdin, sys.stdout
    sys.stdin, sys.stdout = os.fdopen(os.dup(0), encoding="utf-8"), os.fdopen(os.dup(1), "w", encoding="utf-8")
    try:
        yield
    finally:
        sys.stdin, sys.stdout = before
