"""`owltype lsp`: what the terminal says, in an editor."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, paths_argument, project_options
from exporter.cli.session import Session
from exporter.errors import UsageError

if TYPE_CHECKING:
    from exporter.policy.ending import Policy
    from exporter.project import Project


@click.command()
@paths_argument
@click.option(
    "--trust", is_flag=True, help="Load the handlers that the settings name, where the editor does not say whether it trusts them."
)
@common_options
@project_options("unmapped", "shapes", "default_class", "records", "cache", "jobs")
def command(session: Session, options: ProjectOptions, /, *, paths: tuple[str, ...], trust: bool) -> int:
    """Serve an editor: problems while one types, completion, hover, definitions, references, renames and fixes.

    An editor starts it and talks to it over standard input and output (the Language Server Protocol). PATH is a folder or a record;
    without one the settings of the folder that is open say, and else it is that folder. Code that the settings name is loaded only where
    the editor trusts the folder (the initialization option `trusted`), or with --trust.

    \b
    Examples:
      owltype lsp
      owltype lsp content/ --ontology ontology/
    """  # noqa: D301 - click's mark for lines to leave as they are
    try:
        from exporter.language_server.running import run_server
        from exporter.language_server.session import MakeProject
    except ModuleNotFoundError as error:
        raise UsageError(f"lsp needs the package {error.name}: pip install 'owltype[lsp]'") from None

    def make(trusts: bool) -> MakeProject:
        return lambda config: _make(session, options, paths, config, trusts=trusts)

    run_server(make, trusts=trust)
    return 0


def _make(session: Session, options: ProjectOptions, paths: tuple[str, ...], config: str | None, *, trusts: bool) -> tuple[Project, Policy]:
    """Make the project of a folder; its settings are read again, for the folder that is open may be another one than when it began."""
    from pathlib import Path

    from exporter.cli.policies import choose_policy
    from exporter.settings import load_settings

    settings = load_settings(config or click.get_current_context().params.get("config"))
    if not trusts:
        settings = replace(settings, handlers=tuple(name for name in settings.handlers if ":" not in name))
    here = replace(session, settings=settings)
    default = str(Path(config).parent) if config else "."
    project = options.make(here, paths or settings.paths or (default,))
    if not trusts:
        project = replace(project, handlers=tuple(name for name in project.handlers if ":" not in name))
    return project, choose_policy(here, None)
