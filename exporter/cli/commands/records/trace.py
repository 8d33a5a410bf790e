"""`owltype trace`: from a resource of the graph back to the lines that made it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import click

from exporter.cli.common import ProjectOptions, common_options, project_options
from exporter.cli.session import Session
from exporter.errors import UsageError
from exporter.problems import Location
from exporter.text import nearest, plural, quote

if TYPE_CHECKING:
    from exporter.plan.model import Plan
    from exporter.rdf.prefixes import Prefixes
    from exporter.tracing.model import Origins, Traced
    from exporter.tracing.tracing import Tracer


@click.command()
@click.argument("resource", metavar="RESOURCE")
@click.argument("property_", metavar="[PROPERTY]", required=False)
@click.option("-d", "--data", metavar="PATH", multiple=True, help="A folder or record; may be repeated. By default the settings say.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How it is said.")
@common_options
@project_options("shapes", "default_class", "unmapped", "records", "cache", "jobs")
def command(session: Session, options: ProjectOptions, /, *, resource: str, property_: str | None, data: tuple[str, ...], form: str) -> int:
    """Say where the statements about a resource come from: file, line and key, the row of the ontology, and the shapes that check it.

    RESOURCE is an IRI, a prefixed name, or the path of a record; PROPERTY shows the statements of one property: an IRI, a prefixed name,
    or its last part.

    \b
    Examples:
      owltype trace content/news/opening.md
      owltype trace https://www.medigy.com/topics/symplur/telehealth/
      owltype trace content/news/opening.md headline --format json
    """  # noqa: D301 - click's mark for lines to leave as they are
    from exporter.rdf.prefixes import prefixes_for_people
    from exporter.tracing.tracing import Tracer  # what maps records is imported when a command needs it

    project = options.make(session, data)
    session.say_outside(project)
    tracer = Tracer(project)
    traced = _with_property(tracer.trace(_find(tracer, resource)), property_, tracer.plan)
    if not traced.statements and not traced.missing:
        raise UsageError(_nothing(traced, tracer.iris))
    names = prefixes_for_people(tracer.plan.prefixes)
    lines = [json.dumps(_as_json(traced), ensure_ascii=False, indent=2)] if form == "json" else _as_text(traced, names)
    for line in lines:
        click.echo(line)
    return 0


def _find(tracer: Tracer, resource: str) -> str:
    """Give the IRI that is meant."""
    if resource.startswith("<") and resource.endswith(">"):
        return resource[1:-1]
    prefix, colon, local = resource.partition(":")
    if colon and not local.startswith("//") and prefix in tracer.plan.prefixes:
        return tracer.plan.prefixes[prefix] + local
    if colon and "/" not in prefix:
        return resource
    iris = tracer.of_file(resource)
    if not iris:
        raise UsageError(f"{quote(resource)} is not an IRI, and not the path of a record that is exported; a full IRI begins with https://")
    if len(iris) > 1:
        shown = ", ".join(f"<{iri}>" for iri in iris[:3])
        raise UsageError(f"{quote(resource)} has {len(iris):,} records: name one of their IRIs, such as {shown}")
    return iris[0]


def _with_property(traced: Traced, property_: str | None, plan: Plan) -> Traced:
    """Give the statements of one property alone; raises UsageError for one that is not there."""
    from dataclasses import replace

    if property_ is None or not (traced.statements or traced.missing):
        return traced
    said = dict.fromkeys([*(each.predicate[1:-1] for each in traced.statements), *(iri for iri, _ in traced.missing)])
    prefix, colon, local = property_.partition(":")
    meant = property_.strip("<>") if "//" in property_ else plan.prefixes.get(prefix, prefix + ":") + local if colon else ""
    chosen = {iri for iri in said if iri == meant or (not colon and _last(iri) == property_)}
    if not chosen:
        near = nearest(local or property_, map(_last, said))
        advice = f"did you mean {near}?" if near else f"it has {', '.join(map(_last, said))}"
        raise UsageError(f"<{traced.iri}> has no property {quote(property_)}; {advice}")
    return replace(
        traced,
        statements=tuple(each for each in traced.statements if each.predicate[1:-1] in chosen),
        missing=tuple((iri, rule) for iri, rule in traced.missing if iri in chosen),
    )


def _last(iri: str) -> str:
    return iri.replace("#", "/").rstrip("/").rpartition("/")[2]


def _nothing(traced: Traced, iris: Iterable[str]) -> str:
    if traced.named:
        return f"nothing is said of <{traced.iri}>: {plural(traced.named, 'statement')} of records name it, and that is all"
    near = nearest(traced.iri, iris)
    return f"the graph does not have <{traced.iri}>" + (f"; did you mean <{near}>?" if near else "")


def _as_text(traced: Traced, names: Prefixes) -> Iterator[str]:
    yield f"<{traced.iri}>"
    for each in traced.statements:
        yield f"  {names.show(each.predicate[1:-1])} {names.show_all(each.object)}"
        yield from (f"    {line}" for line in _ways(each))
    for iri, rule in traced.missing:
        yield f"  {names.show(iri)}: not there"
        yield f"    {_place(rule.place)}: {rule.severity}: {rule.text}"


def _ways(each: Origins) -> Iterator[str]:
    from exporter.tracing.tracing import key_text

    for written in each.written:
        yield f"{_place(written.place)}: {key_text(written.key_path)}"
    for row in each.rows:
        yield f"{_place(row.place)}: {row.text}"
    if not each.rows:
        yield "no row of the ontology: the key is not known to it, and is kept as it is"
    for rule in each.rules:
        yield f"{_place(rule.place)}: {rule.severity}: {rule.text}"


def _place(place: Location) -> str:
    return f"{place.path}:{place.line}:{place.column}"


def _as_json(traced: Traced) -> Mapping[str, object]:
    from exporter.tracing.tracing import key_text

    return {
        "resource": traced.iri,
        "statements": [
            {
                "predicate": each.predicate,
                "object": each.object,
                "written": [{**_json_place(written.place), "key": key_text(written.key_path)} for written in each.written],
                "rows": [{**_json_place(row.place), "row": row.text} for row in each.rows],
                "rules": [{**_json_place(rule.place), "severity": rule.severity, "constraints": rule.text} for rule in each.rules],
            }
            for each in traced.statements
        ],
        "missing": [
            {"predicate": f"<{iri}>", **_json_place(rule.place), "severity": rule.severity, "constraints": rule.text}
            for iri, rule in traced.missing
        ],
        "named": traced.named,
    }


def _json_place(place: Location) -> dict[str, object]:
    return {"file": place.path, "line": place.line, "column": place.column}
