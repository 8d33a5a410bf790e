"""Go to what a value names or a key comes from, and find all places that name a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.errors import ExporterError
from exporter.language.keypaths import is_special
from exporter.language_server.index import IndexedRecord
from exporter.language_server.resolving import RecordSpot, find_spot, named_by, own_iri
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.mapping.model import Span
from exporter.ontology.places import Places
from exporter.plan.model import ClassPlan, key_paths
from exporter.problems import KeyPath, Location, key_names
from exporter.rdf.terms import KEY, MAP, RDF_TYPE
from exporter.records.locating import BODY
from exporter.records.record import Record
from exporter.tracing.rules import Rules

_TYPE = str(RDF_TYPE)


def find_definitions(workspace: Workspace, path: str, offset: int) -> list[Location]:
    """Give the record that a value names; of a key the lines of the ontology and of the shapes. Paths are those of this machine."""
    spot = find_spot(workspace, path, offset)
    if spot is None:
        return []
    found = [] if spot.is_key else [*_of_value(workspace, spot)]
    return list(dict.fromkeys(found or _of_key(workspace, spot)))


def _of_value(workspace: Workspace, spot: RecordSpot) -> Iterator[Location]:
    """Yield the records, or else the concepts of the ontology, that a value names."""
    index = workspace.index
    described = {subject.value for subject, _, _ in workspace.plan.ontology.statements if hasattr(subject, "value")}
    for iri in named_by(workspace, spot):
        record = index.by_iri.get(iri)
        if record is not None:
            yield _home(workspace, record)
        elif iri in described:
            yield _in_ontology(workspace, Places(workspace.plan.ontology.sources).find(iri))


def _home(workspace: Workspace, record: IndexedRecord) -> Location:
    """Give the place where a record says what it is called, or its beginning."""
    place = Location(workspace.place(record.path))
    read = workspace.reader.record(record.path, record.item)
    if read is None:
        return place
    label = next((path for path in name_keys(workspace, record) if path[0] in read.front_matter), None)
    found = read.locate(label or (), key=label is None)
    return replace(found, path=workspace.place(record.path))


def name_keys(workspace: Workspace, record: IndexedRecord) -> list[KeyPath]:
    """Give the keys that a record of this class is called by: those of `map:match`, those of its label, those of its address."""
    of = class_named(workspace, record.class_name)
    if of is None:
        return []
    matched = [path for match in of.match for path in key_paths(match)]
    address = [variable.path for variable in of.template.variables if variable.scope == "map"] if of.template else []
    return [path for path in dict.fromkeys((*matched, ("title",), ("name",), *address)) if isinstance(path[0], str) and path[0][:1] != "@"]


def class_named(workspace: Workspace, name: str) -> ClassPlan | None:
    """Give the class of records that has a name."""
    return next((of for of in workspace.plan.record_classes if of.name == name), None)


def _of_key(workspace: Workspace, spot: RecordSpot) -> Iterator[Location]:
    """Yield where the ontology maps a key, and where shapes ask something of its property."""
    plan, places = workspace.plan, Places(workspace.plan.ontology.sources)
    if spot.of is None:
        return
    if spot.path == plan.type_path:
        yield _in_ontology(workspace, places.find(spot.of.iri.value, MAP + "owlType", spot.text if not spot.is_key else None))
        return
    predicates: dict[str, None] = {}
    if spot.record is not None:
        traced = workspace.traced(spot.record)
        predicates |= dict.fromkeys(predicate[1:-1] for _, predicate, _, _ in traced.said_at(spot.path) if predicate != _TYPE)
    for reading, _, _ in spot.known.values() if spot.known else ():
        predicates[reading.step.predicate.value] = None
    classes = {of.iri.value for of in plan.classes.values()}
    rows = [row for of in classes for row in plan.ontology.rows.get(of, ()) if row.property in predicates]
    names = key_names(spot.path)
    for row in {id(row): row for row in rows}.values():
        if any(key.split(".")[-1] == names[-1] for key in row.mapping.source_keys):
            yield _in_ontology(workspace, places.find(row.about, MAP + "key"))
    yield from _of_shapes(workspace, spot, {predicate for predicate in predicates if not predicate.startswith(KEY)})


def _of_shapes(workspace: Workspace, spot: RecordSpot, predicates: set[str]) -> Iterator[Location]:
    assert spot.of is not None
    inner = {value.of.iri.value for _, value, _ in spot.known.values() if value.of is not None} if spot.known else set()
    classes = {above for iri in (spot.of.iri.value, *inner) for above in workspace.plan.ontology.ancestors(iri)}
    try:
        rules = list(Rules(workspace.project).about(own_iri(workspace, spot) or "", classes, predicates))
    except ExporterError:
        return
    for predicate, rule in rules:
        if predicate in predicates:
            yield _in_ontology(workspace, rule.place)


def _in_ontology(workspace: Workspace, place: Location) -> Location:
    """Give a place in a file that is not a record as one of this machine."""
    return replace(place, path=str(Path(workspace.project.tree.here, place.path)))


def find_references(workspace: Workspace, path: str, offset: int, *, declaration: bool = True) -> list[Location]:
    """Give all places that name what a value names, or else the record that is open; with the `declaration` where that says its name."""
    target = target_at(workspace, path, offset)
    if target is None:
        return []
    found = [replace(place, path=workspace.place(place.path)) for place in (each.place for each in naming_places(workspace, target))]
    record = workspace.index.by_iri.get(target)
    own = [_home(workspace, record)] if declaration and record is not None else []
    return list(dict.fromkeys((*own, *found)))


def target_at(workspace: Workspace, path: str, offset: int) -> str | None:
    """Give the IRI that a place is about: what its value names, or else the record itself."""
    spot = find_spot(workspace, path, offset)
    if spot is None:
        return None
    index = workspace.index
    named = [] if spot.is_key else named_by(workspace, spot)
    known = [iri for iri in named if iri in index.by_iri or index.has_shared(iri) or iri in workspace.plan.ontology.individuals]
    return next(iter(known), None) or own_iri(workspace, spot)


@dataclass(frozen=True, slots=True)
class NamingPlace:
    """A place where a record names a resource: with the text that was typed there, its key path, and which characters of it."""

    record: IndexedRecord
    read: Record
    place: Location
    typed: str
    key_path: KeyPath
    span: Span | None

    @property
    def in_body(self) -> bool:
        """Whether it is a link of the body."""
        return is_special(self.key_path)


def naming_places(workspace: Workspace, iri: str) -> Iterator[NamingPlace]:
    """Yield the places of records whose values name a resource; one that makes several statements once."""
    for known in workspace.index.naming(iri):
        record = workspace.reader.record(known.path, known.item)
        if record is None:
            continue
        traced = workspace.traced(record)
        named = [origin for _, _, value, origin in traced.said_at(()) if value == f"<{iri}>" and origin.key_path]
        for origin in dict.fromkeys(named):
            place = traced.positions.locate(origin.key_path, span=origin.span)
            if not is_special(origin.key_path):
                typed = traced.typed(origin)
            else:
                typed = record.text[slice(*BufferText(record.text).range_of(place))] if origin.key_path != (BODY,) else None
            if typed is not None:
                yield NamingPlace(known, record, place, typed, origin.key_path, origin.span)
