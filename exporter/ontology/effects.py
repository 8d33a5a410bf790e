"""Annotations that have no effect where they stand: each says something that nothing will ever ask for, so it is a slip."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from pyoxigraph import NamedNode

from exporter.language.datatypes import LANG_STRING, TAKE_A_DATE, TAKE_A_LANGUAGE
from exporter.language.patterns import PatternError, parse_pattern
from exporter.language.templates import parse_templates
from exporter.ontology.graph import CLASS_TYPES, PROPERTY_TYPES, OntologyGraph
from exporter.ontology.model import About, KeyMapping, Ontology, OntologyClass, OntologyProperty
from exporter.rdf.terms import MAP
from exporter.text import enumerate_names

_OF_CLASSES = ("owlType", "files", "iri", "pattern", "filePattern", "records", "match", "newFile", "ignore", "type", "reads")
_OF_ROWS = ("property", "range")
_OF_PROPERTIES = ("key", "value", "each", "entries", "default", "convert", "separator", "base", "ordered", "dateFormat")
_DATES = frozenset({MAP + "day", MAP + "timestamp"})


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
        yield from _of_class(ontology, known)
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
    heirs = ontology.heirs(known.iri)
    mappings = [row.mapping for iri in heirs for row in ontology.rows.get(iri, ())]
    texts = [
        *(text for iri in heirs for text in ontology.templates(iri)),
        *(text for m in mappings for text in (*_templates(m), *m.languages)),
    ]
    names = {_first(key) for m in mappings for key in m.source_keys}
    names |= {_first(key.removeprefix("@file.")) for key in ontology.match(known.iri)}
    for text in filter(None, texts):
        try:
            template = parse_templates([text], ontology.constants)
        except ValueError:
            continue  # told elsewhere
        variables = template.variables if template else ()
        names |= {str(variable.path[0]) for variable in variables if variable.scope in {"map", "file"} and variable.path}
    return names


def _first(key: str) -> str:
    return re.split(r"[.\[]", key, maxsplit=1)[0].strip('"')


def _mapping(about: About, mapping: KeyMapping, ranges: set[str]) -> Iterator[WithoutEffect]:
    said: Mapping[str, bool] = {
        "convert": bool(mapping.conversions),
        "separator": mapping.separator is not None,
        "base": mapping.base is not None,
        "ordered": mapping.ordered,
        "language": bool(mapping.languages),
        "default": mapping.default is not None,
        "dateFormat": bool(mapping.date_forms),
        "replace": bool(mapping.replace),
    }
    if not mapping.has_source:
        for name in (name for name, is_said in said.items() if is_said):
            message = f"map:{name} has no effect without map:key, map:entries, map:each or map:value"
            yield WithoutEffect(message, about, MAP + name, None, 'say where the values come from: map:key "…"')
        return
    for name, conversion in (("separator", "split"), ("base", "relativeIri")):
        if said[name] and MAP + conversion not in mapping.conversions:
            message = f"map:{name} has no effect without map:convert map:{conversion}"
            yield WithoutEffect(message, about, MAP + name, None, f"add map:convert map:{conversion}")
    if said["ordered"] and mapping.value is not None:
        message = "map:ordered has no effect beside map:value, which makes one value"
        yield WithoutEffect(message, about, MAP + "ordered", None, "remove it")
    yield from _of_values(about, mapping, ranges)


def _of_values(about: About, mapping: KeyMapping, ranges: set[str]) -> Iterator[WithoutEffect]:
    """What is said of values of a kind that there are none of."""
    range_ = "add rdfs:range" if isinstance(about, str) else "write map:range"
    if mapping.languages and ranges and TAKE_A_LANGUAGE.isdisjoint(ranges):
        message = "map:language has no effect: no range of the property is a text"
        yield WithoutEffect(message, about, MAP + "language", None, f"remove it, or {range_} rdf:langString")
    yield from _after_a_fixed_one(about, mapping.languages)
    if mapping.default is not None and mapping.each:
        message = "map:default has no effect beside map:each, which makes something of each position"
        yield WithoutEffect(message, about, MAP + "default", None, "say it in a row of the class that the positions are of")
    if mapping.date_forms and _DATES.isdisjoint(mapping.conversions) and ranges and TAKE_A_DATE.isdisjoint(ranges):
        message = "map:dateFormat has no effect: the property reads no dates"
        yield WithoutEffect(message, about, MAP + "dateFormat", None, f"add map:convert map:day, or {range_} xsd:date")
    if mapping.replace and not _makes_slugs(mapping):
        message = "map:replace has no effect: no slug is made here"
        yield WithoutEffect(message, about, MAP + "replace", None, "say it of the class whose map:iri has |slug, or remove it")


def _after_a_fixed_one(about: About, languages: Sequence[str]) -> Iterator[WithoutEffect]:
    fixed = next((number for number, text in enumerate(languages) if "{" not in text), len(languages))
    for after in languages[fixed + 1 :]:
        message = f"the language {after!r} has no effect: the one before it is always complete"
        yield WithoutEffect(message, about, MAP + "language", after, "write a tag without variables last")


def _makes_slugs(mapping: KeyMapping) -> bool:
    return MAP + "slug" in mapping.conversions or any(map(_has_slug, _templates(mapping)))


def _has_slug(template: str) -> bool:
    return any(f"|{name}" in template.replace(" ", "") for name in ("slug", "dashes"))


def _templates(mapping: KeyMapping) -> list[str]:
    return [text for text in (mapping.value, mapping.base, mapping.default) if text is not None]


def _of_class(ontology: Ontology, known: OntologyClass) -> Iterator[WithoutEffect]:
    """What a class says of texts and slugs that neither it nor one below it has."""
    if not (known.languages or known.replace):
        return
    heirs = ontology.heirs(known.iri)
    rows = [row for iri in heirs for row in ontology.rows.get(iri, ())]
    if known.languages and not any(LANG_STRING in row.ranges and not row.mapping.languages for row in rows):
        message = "map:language has no effect: no row of the class has the range rdf:langString and no language of its own"
        yield WithoutEffect(message, known.iri, MAP + "language", None, "remove it, or write map:range rdf:langString in a row")
    yield from _after_a_fixed_one(known.iri, known.languages)
    templates = [text for iri in heirs for text in ontology.templates(iri)]
    if known.replace and not (any(map(_has_slug, templates)) or any(_makes_slugs(row.mapping) for row in rows)):
        message = "map:replace has no effect: no slug is made of the class"
        yield WithoutEffect(message, known.iri, MAP + "replace", None, "write |slug in map:iri, or remove it")


def _ranges(ontology: Ontology, prop: OntologyProperty) -> set[str]:
    restricted = {r.all_values_from for known in ontology.classes.values() for r in known.restrictions if r.property == prop.iri}
    return {*prop.ranges, *(range_ for range_ in restricted if range_)}
