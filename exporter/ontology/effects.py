"""Annotations that have no effect where they stand: each says something that nothing will ever ask for, so it is a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import NamedNode

from exporter.language.patterns import PatternError, parse_pattern
from exporter.language.templates import parse_template
from exporter.ontology.graph import CLASS_TYPES, PROPERTY_TYPES, OntologyGraph
from exporter.ontology.model import KeyMapping, Ontology, OntologyClass, OntologyProperty
from exporter.rdf.terms import MAP, RDF, RDFS, XSD
from exporter.text import enumerate_names

_OF_CLASSES = ("owlType", "files", "iri", "pattern", "filePattern", "records", "ignore", "type")
_OF_PROPERTIES = ("key", "value", "each", "convert", "separator", "base", "ordered", "language")
_TAKE_A_LANGUAGE = frozenset({RDF + "langString", XSD + "string", RDFS + "Literal", RDF + "PlainLiteral"})


class WithoutEffect(NamedTuple):
    """An annotation: why nothing comes of it, what it is said of, and what to do."""

    message: str
    subject: str
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
    for prop in ontology.properties:
        for mapping in (prop.mapping, *prop.by_domain.values()):
            yield from _mapping(ontology, prop, mapping)


def misplaced(graph: OntologyGraph) -> Iterator[WithoutEffect]:
    """Terms of classes on properties, and the other way round; what is both, or declared as neither, may have either."""
    for subject, said in graph.by_subject.items():
        if not isinstance(subject, NamedNode):
            continue
        is_class, is_property = (not graph.types(subject).isdisjoint(types) for types in (CLASS_TYPES, PROPERTY_TYPES))
        if is_class == is_property:
            continue
        names, kind, other = (_OF_PROPERTIES, "class", "property") if is_class else (_OF_CLASSES, "property", "class")
        for name in names:
            if MAP + name in said:
                message = f"map:{name} has no effect on a {kind}"
                yield WithoutEffect(message, subject.value, MAP + name, None, f"say it of a {other}")


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
    """The first parts of the keys that resources of a class read, in templates and properties."""
    mappings = [prop.mapping_on(iri) for prop in ontology.properties for iri in ontology.ancestors(known.iri) if iri in prop.domains]
    texts = [known.template, *(text for m in mappings for text in (m.value, m.base))]
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


def _mapping(ontology: Ontology, prop: OntologyProperty, mapping: KeyMapping) -> Iterator[WithoutEffect]:
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
            yield WithoutEffect(message, prop.iri, MAP + name, None, 'say where the values come from: map:key "…"')
        return
    for name, conversion in (("separator", "split"), ("base", "relativeIri")):
        if said[name] and MAP + conversion not in mapping.conversions:
            message = f"map:{name} has no effect without map:convert map:{conversion}"
            yield WithoutEffect(message, prop.iri, MAP + name, None, f"add map:convert map:{conversion}")
    if said["ordered"] and mapping.value is not None:
        message = "map:ordered has no effect beside map:value, which makes one value"
        yield WithoutEffect(message, prop.iri, MAP + "ordered", None, "remove it")
    ranges = _ranges(ontology, prop)
    if said["language"] and ranges and _TAKE_A_LANGUAGE.isdisjoint(ranges):
        message = "map:language has no effect: no range of the property is a text"
        yield WithoutEffect(message, prop.iri, MAP + "language", None, "remove it, or add rdfs:range rdf:langString")


def _ranges(ontology: Ontology, prop: OntologyProperty) -> set[str]:
    restricted = {r.all_values_from for known in ontology.classes.values() for r in known.restrictions if r.property == prop.iri}
    return {*prop.ranges, *(range_ for range_ in restricted if range_)}
