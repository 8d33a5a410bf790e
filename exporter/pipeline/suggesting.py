"""Lines for the ontology that would map a key: a start to paste and to think about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from pyoxigraph import NamedNode

from exporter.pipeline.coverage import KeyCoverage
from exporter.plan.model import Plan
from exporter.records.values import Plain, Value
from exporter.terms import MAP, OWL, RDF_TYPE, RDFS, XSD
from exporter.text import plural

_SHAPES = (
    (re.compile(r"https?://\S+"), None),
    (re.compile(r"\d{4}-\d\d-\d\d"), "xsd:date"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?"), "xsd:dateTime"),
)
"""What strings look like, and the datatype to suggest; None is a reference by its address."""

_LEAVES = 12
_ONTOLOGY = NamedNode(OWL + "Ontology")


def prefixes(plan: Plan) -> Iterator[str]:
    """Yield the prefixes that suggested lines need and the ontology's files may not declare."""
    prefix, namespace = own_prefix(plan)
    for name, iri in {prefix: namespace, "map": MAP, "owl": OWL, "rdfs": RDFS, "xsd": XSD}.items():
        if plan.prefixes.get(name) != iri:
            yield f"@prefix {name}: <{iri}> ."


def suggest(key: KeyCoverage, plan: Plan) -> Iterator[str]:
    """Yield the Turtle lines that would map an unmapped key on its class: a comment, then a property, or one for each key of a map."""
    prefix, _ = own_prefix(plan)
    domain = class_name(key.class_name, plan)
    yield f"# {key.key}: in {plural(key.count, 'record')}, first at {key.example}"
    for path, value in _leaves(key.key, key.value):
        yield _property(prefix, domain, path, value)


def own_prefix(plan: Plan) -> tuple[str, str]:
    """Give a prefix for terms of the ontology's own, and its namespace: one that the ontology declares at its own address, or else `ex`."""
    homes = [_home(iri) for iri in _ontology_iris(plan)]
    for home in homes:
        for prefix, namespace in plan.prefixes.items():
            if prefix and _home(namespace) == home:
                return prefix, namespace
    return "ex", next((iri.rstrip("#/") + "#" for iri in _ontology_iris(plan)), "https://example.org/ns#")


def _ontology_iris(plan: Plan) -> list[str]:
    found = [
        subject.value
        for subject, predicate, value in plan.ontology.statements
        if predicate == RDF_TYPE and value == _ONTOLOGY and isinstance(subject, NamedNode)
    ]
    return [iri for iri in found if not MAP.startswith(iri)]


def _home(iri: str) -> str:
    """The address that an ontology and its terms share."""
    return iri.rstrip("#/")


def class_name(name: str, plan: Plan) -> str:
    """Write the class of this name with a prefix, or as a whole IRI."""
    iri = next(of.iri.value for of in plan.record_classes if of.name == name)
    for prefix, namespace in plan.prefixes.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"\w+", local):
            return f"{prefix}:{local}"
    return f"<{iri}>"


def _leaves(key: str, value: Value) -> Iterator[tuple[str, Value]]:
    """Walk into a map, a few keys of it, and into the first item of a list; the rest is for the user to see."""
    yield from islice(_walk(key, value), _LEAVES)


def _walk(key: str, value: Value) -> Iterator[tuple[str, Value]]:
    if isinstance(value, dict) and value:
        for name, inner in value.items():
            yield from _walk(f"{key}.{name}", inner)
    elif isinstance(value, list) and value:
        yield from _walk(key, value[0])
    else:
        yield key, value


def _property(prefix: str, domain: str, path: str, value: Value) -> str:
    datatype = _datatype(value)
    kind = "owl:ObjectProperty" if datatype is None else "owl:DatatypeProperty"
    text = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'{prefix}:{_local_name(path)} a {kind} ; rdfs:domain {domain} ; rdfs:range {datatype or "rdfs:Resource"} ; map:key "{text}" .'


def _datatype(value: Value) -> str | None:
    if isinstance(value, bool):
        return "xsd:boolean"
    if isinstance(value, int):
        return "xsd:integer"
    if isinstance(value, Plain):
        return f"xsd:{value.core}"
    text = value if isinstance(value, str) else ""
    return next((datatype for shape, datatype in _SHAPES if shape.fullmatch(text)), "xsd:string")


def _local_name(path: str) -> str:
    """Make a property's name of a key path: `featuredImage.alt-text` is `featuredImageAltText`."""
    words = re.findall(r"[^\W_]+", path)
    name = "".join([words[0][:1].lower() + words[0][1:], *(word[:1].upper() + word[1:] for word in words[1:])]) if words else "key"
    return name if not name[0].isdigit() else "key" + name
