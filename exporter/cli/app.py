"""The `owltype` command: a table of subcommands that are imported when they are used, and how a run ends."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from exporter.errors import ExporterError

COMMANDS: dict[str, str] = {}
"""Each subcommand and the one line that `owltype --help` says of it; its module is `exporter.cli.NAME` and holds `command`."""

CLEAN, PROBLEMS, CANNOT_RUN, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141


class LazyGroup(click.Group):
    """A group that imports a subcommand when it is used, and not to list it."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the subcommands in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the subcommand's module."""
        if cmd_name not in COMMANDS:
            return None
        command = import_module(f"exporter.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=LazyGroup)
@click.version_option(package_name="owltype", message="%(prog)s %(version)s")
def app() -> None:
    """Turn a folder of records with front matter into a knowledge graph, check it, and ask it."""


def run(arguments: Sequence[str]) -> int:
    """Run `owltype` and give its exit status; nothing that goes wrong leaves as a traceback."""
    try:
        status = app.main(list(arguments), prog_name="owltype", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return CANNOT_RUN
    except ExporterError as error:
        click.echo(f"owltype: {error}", err=True)
        return CANNOT_RUN
    except click.Abort:
        click.echo("owltype: interrupted", err=True)
        return INTERRUPTED
    except OSError as error:
        return _end_on_os_error(error)
    return status if isinstance(status, int) else CLEAN


def _end_on_os_error(error: OSError) -> int:
    if error.errno == errno.EPIPE:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE_CLOSED
    click.echo(f"owltype: {error.strerror or error}: {error.filename or 'standard output'}", err=True)
    return CANNOT_RUN
