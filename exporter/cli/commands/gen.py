"""`owltype gen`: what else the ontology says, written for other tools."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, project_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.text import enumerate_names, quote

if TYPE_CHECKING:
    from exporter.plan.model import Plan


@click.group()
def command() -> None:
    """Generate files for other tools from the ontology.

    \b
    Example:
      owltype gen context -o context.jsonld
    """  # noqa: D301 - click's mark for lines to leave as they are


@command.command()
@click.option("-o", "--output", metavar="FILE", default="-", help="Where it goes; by default standard output.")
@common_options
@project_options()
def context(session: Session, options: ProjectOptions, /, *, output: str) -> int:
    """Write the JSON-LD context that exports in JSON-LD use.

    \b
    Example:
      owltype gen context --ontology ontology/ -o context.jsonld
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.outcomes.vocabulary import vocabulary
    from exporter.writers.context import jsonld_context

    plan = _plan(session, options)
    _write(output, json.dumps({"@context": jsonld_context(vocabulary(plan))}, ensure_ascii=False, indent=2) + "\n")
    return 0


@command.command()
@click.option("-o", "--output", metavar="FILE", default="-", help="Where they go; by default standard output.")
@click.option("--closed/--open", default=True, help="Warn of properties that the ontology does not give a class.")
@common_options
@project_options()
def shapes(session: Session, options: ProjectOptions, /, *, output: str, closed: bool) -> int:
    """Write SHACL shapes that say what the ontology says: datatypes, classes, how many values.

    \b
    Example:
      owltype gen shapes --ontology ontology/ -o shapes/default.ttl
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.generate.shapes import generate_shapes

    plan = _plan(session, options)
    _write(output, generate_shapes(plan, closed=closed))
    return 0


def _plan(session: Session, options: ProjectOptions) -> Plan:
    """Load the ontology; raises UsageError for one from which nothing could be generated."""
    project = options.make(session)
    plan = project.plan()
    if not (plan.classes or plan.properties):
        raise UsageError(f"nothing to generate: no class or property in {enumerate_names(map(quote, project.plan_files()), 'or')}")
    return plan


def _write(output: str, text: str) -> None:
    from exporter.writers.files import open_output

    with open_output(output) as file:
        file.write(text.encode())
