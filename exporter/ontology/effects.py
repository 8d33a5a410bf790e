"""Annotations that have no effect where they stand: each says something that nothing will ever ask for, so it is a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode

from exporter.language.patterns import PatternError, parse_pattern
from exporter.language.templates import parse_template
from exporter.ontology.graph import CLASS_TYPES, PROPERTY_TYPES, OntologyGraph
from exporter.ontology.model import About, KeyMapping, Ontology, OntologyClass, OntologyProperty
from exporter.rdf.terms import MAP, RDF, RDFS, XSD
from exporter.text import enumerate_names

_OF_CLASSES = ("owlType", "files", "iri", "pattern", "filePattern", "records", "match", "ignore", "type", "reads")
_OF_ROWS = ("property", "range")
_OF_PROPERTIES = ("key", "value", "each", "convert", "separator", "base", "ordered", "language")
_TAKE_A_LANGUAGE = frozenset({RDF + "langString", XSD + "string", RDFS + "Literal", RDF + "PlainLiteral"})


class WithoutEffect(NamedTuple):
    """An annotation: why nothing comes of it, what it is said of, and what to do."""

    message: str
    subject: About
    predicate: str
    value: str | None
    help: str


def without_effect(ontology: Ontology, graph: OntologyGraph) -> Iterator[WithoutEffect]:
    """Yield every annotation of the loaded files that has no effect where it stands."""
    elsewhere = list(misplaced(graph))
    yield from elsewhere
    told = {(found.subject, found.predicate) for found in elsewhere}
    for known in ontology.classes.values():
        if (known.iri, MAP + "pattern") not in told:
            yield from _pattern(ontology, known)
        if known.records is not None and not known.files and (known.iri, MAP + "records") not in told:
            message = "map:records has no effect without map:files: only files that a glob claims are data files"
            yield WithoutEffect(message, known.iri, MAP + "records", None, 'add map:files "…", or remove it')
        if known.file_pattern is not None and not _has_records(ontology, known) and (known.iri, MAP + "filePattern") not in told:
            message = "map:filePattern has no effect: no record is of this class or one below it"
            yield WithoutEffect(message, known.iri, MAP + "filePattern", None, "say it of the class that the records are of, or remove it")
        if known.match and not _has_records(ontology, known) and (known.iri, MAP + "match") not in told:
            message = "map:match has no effect: no record is of this class or one below it"
            yield WithoutEffect(message, known.iri, MAP + "match", None, "give the class a map:owlType or map:files, or remove it")
    for prop in ontology.properties.values():
        for mapping in (prop.mapping, *prop.by_domain.values()):
            yield from _mapping(prop.iri, mapping, _ranges(ontology, prop))
    for known in ontology.classes.values():
        for row in known.rows:
            yield from _mapping(row.about, row.mapping, {*(row.ranges or ontology.ranges(row.property, known.iri))})
    yield from _unread(graph)


def misplaced(graph: OntologyGraph) -> Iterator[WithoutEffect]:
    """Terms of classes on properties, and the other way round; what is both, or declared as neither, may have either."""
    for subject, said in graph.by_subject.items():
        if not isinstance(subject, NamedNode):
            continue
        is_class, is_property = (not graph.types(subject).isdisjoint(types) for types in (CLASS_TYPES, PROPERTY_TYPES))
        if is_class == is_property:
            continue  # both, or a term that others declare
        told = [(name, "say it of a class") for name in _OF_CLASSES]
        if is_class:
            told = [(name, "say it of a property") for name in _OF_PROPERTIES]
            told += [(name, "write it in a row: map:reads [ … ]") for name in _OF_ROWS]
        elif subject not in graph.rows:
            told.append(("range", "write rdfs:range, or a row of the class"))
        for name, help_ in told:
            if MAP + name in said:
                message = f"map:{name} has no effect on a {'class' if is_class else 'property'}"
                yield WithoutEffect(message, subject.value, MAP + name, None, help_)


def _unread(graph: OntologyGraph) -> Iterator[WithoutEffect]:
    """Rows that no class reads."""
    read = {row for _, row in graph.row_order}
    for subject in graph.by_subject:
        if subject in graph.rows and subject not in read:
            for of in graph.iris(subject, MAP + "property")[:1]:
                message = "no class reads this row"
                yield WithoutEffect(message, graph.about(subject), MAP + "property", of, "name it in map:reads of a class, or remove it")


def _pattern(ontology: Ontology, known: OntologyClass) -> Iterator[WithoutEffect]:
    if known.pattern is None:
        return
    try:
        groups = set(parse_pattern(known.pattern).compiled.groupindex)
    except PatternError:
        return  # told elsewhere
    if groups and groups.isdisjoint(_names_read(ontology, known)):
        parts = enumerate_names(sorted(groups), "and")
        message = f"nothing reads what map:pattern captures ({parts}): neither map:iri nor a key of a property of the class"
        yield WithoutEffect(message, known.iri, MAP + "pattern", None, "use the names of its groups, or remove it")


def _has_records(ontology: Ontology, known: OntologyClass) -> bool:
    return any(other.makes_records and known.iri in ontology.ancestors(other.iri) for other in ontology.classes.values())


def _names_read(ontology: Ontology, known: OntologyClass) -> set[str]:
    """The first parts of the keys that resources of a class read, or of a subclass, in templates and rows."""
    heirs = [iri for iri in ontology.classes if known.iri in ontology.ancestors(iri)]
    mappings = [row.mapping for iri in heirs for row in ontology.rows.get(iri, ())]
    texts = [*(text for iri in heirs for text in ontology.templates(iri)), *(text for m in mappings for text in (m.value, m.base))]
    names = {_first(key) for m in mappings for key in (*m.keys, *m.each)}
    for text in filter(None, texts):
        try:
            template = parse_template(text, ontology.constants)
        except ValueError:
            continue  # told elsewhere
        names |= {str(variable.path[0]) for variable in template.variables if variable.scope == "map" and variable.path}
    return names


def _first(key: str) -> str:
    return re.split(r"[.\[]", key, maxsplit=1)[0].strip('"')


def _mapping(about: About, mapping: KeyMapping, ranges: set[str]) -> Iterator[WithoutEffect]:
    said: Mapping[str, bool] = {
        "convert": bool(mapping.conversions),
        "separator": mapping.separator is not None,
        "base": mapping.base is not None,
        "ordered": mapping.ordered,
        "language": mapping.language is not None,
    }
    if not mapping.has_source:
        for name in (name for name, is_said in said.items() if is_said):
            message = f"map:{name} has no effect without map:key, map:each or map:value"
            yield WithoutEffect(message, about, MAP + name, None, 'say where the values come from: map:key "…"')
        return
    for name, conversion in (("separator", "split"), ("base", "relativeIri")):
        if said[name] and MAP + conversion not in mapping.conversions:
            message = f"map:{name} has no effect without map:convert map:{conversion}"
            yield WithoutEffect(message, about, MAP + name, None, f"add map:convert map:{conversion}")
    if said["ordered"] and mapping.value is not None:
        message = "map:ordered has no effect beside map:value, which makes one value"
        yield WithoutEffect(message, about, MAP + "ordered", None, "remove it")
    if said["language"] and ranges and _TAKE_A_LANGUAGE.isdisjoint(ranges):
        message = "map:language has no effect: no range of the property is a text"
        range_ = "add rdfs:range" if isinstance(about, str) else "write map:range"
        yield WithoutEffect(message, about, MAP + "language", None, f"remove it, or {range_} rdf:langString")


def _ranges(ontology: Ontology, prop: OntologyProperty) -> set[str]:
    restricted = {r.all_values_from for known in ontology.classes.values() for r in known.restrictions if r.property == prop.iri}
    return {*prop.ranges, *(range_ for range_ in restricted if range_)}
