"""`owltype gen`: what else the ontology says, written for other tools."""

from __future__ import annotations

import json

import click

from exporter.cli.common import ProjectOptions, common_options, paths_argument, project_options
from exporter.cli.completing import completing
from exporter.cli.ending import say_unread
from exporter.cli.generating import Target, class_names, find_class, load_described, target_options
from exporter.cli.policies import choose_policy, settle
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.text import enumerate_names, plural, quote


@click.group()
def command() -> None:
    """Generate files for other tools from the ontology.

    \b
    Example:
      owltype gen context -o context.jsonld
    """  # noqa: D301 - click's mark for lines to leave as they are


@command.command()
@common_options
@target_options()
@project_options()
def context(session: Session, target: Target, options: ProjectOptions, /) -> int:
    """Write the JSON-LD context that exports in JSON-LD use.

    \b
    Example:
      owltype gen context --ontology ontology/ -o context.jsonld
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.outcomes.vocabulary import vocabulary
    from exporter.writers.context import jsonld_context

    plan = load_described(options.make(session))
    return target.publish(session, json.dumps({"@context": jsonld_context(vocabulary(plan))}, ensure_ascii=False, indent=2) + "\n")


@command.command()
@click.option("--closed/--open", default=True, help="Warn of properties that the ontology does not give a class.")
@common_options
@target_options()
@project_options()
def shapes(session: Session, target: Target, options: ProjectOptions, /, *, closed: bool) -> int:
    """Write SHACL shapes that say what the ontology says: datatypes, classes, how many values.

    \b
    Example:
      owltype gen shapes --ontology ontology/ -o shapes/default.ttl
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.generate.shapes import generate_shapes

    plan = load_described(options.make(session))
    return target.publish(session, generate_shapes(plan, closed=closed))


@command.command()
@common_options
@target_options()
@project_options()
def ontology(session: Session, target: Target, options: ProjectOptions, /) -> int:
    """Write the ontology as plain OWL, without the annotations that map records.

    The rows of a class (map:reads) become restrictions of it; classes of others get none.

    \b
    Example:
      owltype gen ontology -o plain.ttl
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.generate.plain_ontology import plain_ontology

    return target.publish(session, plain_ontology(load_described(options.make(session)).ontology))


@command.command("json-schema")
@click.option(
    "--class",
    "class_name",
    metavar="NAME",
    shell_complete=completing(class_names),
    help="The class whose schema is written: a label, an IRI, or how its IRI ends. Without it, all classes of records.",
)
@common_options
@target_options("FILE|DIR")
@project_options("shapes")
def json_schema(session: Session, target: Target, options: ProjectOptions, /, *, class_name: str | None) -> int:
    """Write JSON Schemas of records, for editors, CMSs and checkers of whole-file YAML and JSON.

    One for each class of records, into the folder that -o names; --class writes one, to a file or standard output. Closed sets,
    required keys, patterns and bounds come from the shapes. With unmapped = "fail" keys that the ontology doesn't know are refused.

    \b
    Examples:
      owltype gen json-schema -o schemas/
      owltype gen json-schema --class Recipe > recipe.schema.json
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.generate.schemas import json_schema as writing
    from exporter.pages.ontology import describe_classes

    project = options.make(session)
    plan = load_described(project)
    classes, closed = describe_classes(project, plan), project.unmapped == "fail"
    chosen = [find_class(plan, class_name)] if class_name is not None else list(plan.record_classes)
    if target.is_folder or (target.output != "-" and class_name is None and len(chosen) > 1):
        return target.publish_all(session, writing.json_schemas(classes, chosen, closed=closed))
    if len(chosen) > 1:
        names = enumerate_names([quote(of.name) for of in chosen], "or")
        raise UsageError(f"there are {len(chosen)} classes of records: name a folder with -o, or one of them with --class: {names}")
    return target.publish(session, writing.write_json(writing.json_schema(classes, chosen[0], closed=closed)))


@command.command()
@paths_argument
@common_options
@target_options()
@project_options("shapes", "default_class", "records")
def docs(session: Session, target: Target, options: ProjectOptions, /, *, paths: tuple[str, ...]) -> int:
    """Write a page for those who write records: classes, keys, what they take, and examples from the records of PATH.

    PATH is a folder or a record; without one the settings say, and without these the page has no examples. It is one HTML file that
    asks for nothing from elsewhere.

    \b
    Example:
      owltype gen docs content/ -o docs/records.html
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.generate.pages.documentation import write_documentation
    from exporter.pages.ontology import describe_classes
    from exporter.pipeline.looking import unread
    from exporter.pipeline.sampling import take_samples

    project = options.make(session, paths)
    classes = describe_classes(project, load_described(project))
    if not project.paths:
        return target.publish(session, write_documentation(classes))
    session.say_outside(project)
    with session.progress("records read") as progress:
        sampled = take_samples(project, classes, progress.update)
    status = target.publish(session, write_documentation(classes, sampled.samples))
    left_out = unread(settle(project, choose_policy(session, None), sampled.problems).problems)
    others = {problem.location.path for problem in sampled.problems} - {problem.location.path for problem in left_out}
    if others:
        session.say(f"{plural(len(others), 'file')} with problems; `owltype export` shows them")
    return max(status, say_unread(session, left_out, project.tree))


@command.command()
@click.option(
    "-f", "--format", "syntax", type=click.Choice(["mermaid", "svg"]), default="mermaid", show_default=True, help="How it is drawn."
)
@common_options
@target_options()
@project_options("shapes")
def diagram(session: Session, target: Target, options: ProjectOptions, /, *, syntax: str) -> int:
    """Draw the classes, what is said of them, and the properties that lead from one to another.

    Counts come from the ontology's cardinalities and the shapes.

    \b
    Examples:
      owltype gen diagram -o diagram.mmd
      owltype gen diagram -f svg -o diagram.svg
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.generate.diagrams.drawing import draw, mermaid
    from exporter.generate.diagrams.svg import svg
    from exporter.generate.pages.documentation import describe_ontology
    from exporter.pages.ontology import describe_classes

    project = options.make(session)
    plan = load_described(project)
    drawn = draw(describe_classes(project, plan))
    if syntax == "mermaid":
        return target.publish(session, mermaid(drawn))
    return target.publish(session, svg(drawn, describe_ontology(plan.ontology)[0] or "Classes"))
