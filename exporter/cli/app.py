"""The `owltype` command: a table of subcommands that are imported when they are used."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from exporter.text import nearest

COMMANDS: dict[str, str] = {
    "init": "Start an ontology, shapes and settings from the records themselves.",
    "export": "Export records to a graph.",
    "restore": "Bring a graph that was edited elsewhere back into the records.",
    "validate": "Check records against SHACL shapes.",
    "check": "Tell where ontology, shapes, settings and content have grown apart.",
    "query": "Ask the graph in SPARQL.",
    "publish": "Write the graph as a site of static pages.",
    "fix": "Repair in the records what can only have been meant otherwise.",
    "diff": "Compare two states of the records: folders, revisions or graphs.",
    "trace": "Say where the statements about a resource come from.",
    "serve": "Serve the graph as pages and as a SPARQL endpoint.",
    "test": "Ask saved queries what they are expected to answer.",
    "lsp": "Serve an editor: problems, completion, hover, renames and fixes.",
    "mcp": "Give assistants read-only tools over the graph.",
    "gen": "Generate files for other tools from the ontology.",
    "coverage": "List what the ontology says of the keys that records have.",
    "cache": "Show what is kept between runs, or remove it.",
    "explain": "Say what a problem code means, with a bad and a good example.",
}
"""Each subcommand and the line that `owltype --help` says of it; `command` in `exporter.cli.commands.NAME` is the command."""
_ON_RECORDS = frozenset({"diff", "fix", "lsp", "restore", "trace"})
"""Those that stand one folder below, in `records`."""

_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class ReaderGone(Exception):  # noqa: N818 - a quiet end, no error
    """Nobody reads standard output any more; click would make status 1 of it, which says that there are problems."""


class LazyGroup(click.Group):
    """A group that imports a subcommand when it is used, and not to list it."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand, and write out what it printed."""
        try:
            status = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise ReaderGone from None
        return status

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Name the subcommands in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the subcommand's module."""
        if cmd_name not in COMMANDS:
            return None
        home = "exporter.cli.commands.records" if cmd_name in _ON_RECORDS else "exporter.cli.commands"
        command = import_module(f"{home}.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the subcommand, and name the near one where there is none."""
        near = nearest(args[0], COMMANDS) if args[0] not in COMMANDS else None
        if near and not args[0].startswith("-"):
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near!r}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the subcommands from the table, without importing one."""
        if COMMANDS:
            with formatter.section("Commands"):
                formatter.write_dl(list(COMMANDS.items()))


def _show_version(ctx: click.Context, _param: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from exporter.system.versions import version

        click.echo(f"owltype {version()}")
        ctx.exit()


@click.group(cls=LazyGroup, context_settings=_HELP)
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version and exit.")
def app() -> None:
    """Turn a folder of records with front matter into a knowledge graph, check it, and ask it.

    Exit status: 0 clean, 1 problems, 2 could not run, 130 interrupted
    (143 and 129 by SIGTERM and SIGHUP).
    """
