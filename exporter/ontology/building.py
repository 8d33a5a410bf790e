"""From an ontology's triples to its model (OWL 2, https://www.w3.org/TR/owl2-syntax/)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.ontology.cardinalities import BOUNDS
from exporter.ontology.checking import check, find_idle
from exporter.ontology.claims import Redefinition, find_claims
from exporter.ontology.graph import CLASS_TYPES, PROPERTY_TYPES, OntologyGraph
from exporter.ontology.loading import load_files
from exporter.ontology.model import Ontology, OntologyClass, OntologyProperty, Restriction, find_superclasses
from exporter.ontology.places import Places
from exporter.ontology.rows import Inheritance, own_rows, read_mapping, read_pairs
from exporter.problems import Problem, Severity
from exporter.rdf.base import file_path, shown_iri
from exporter.rdf.prefixes import prefixes_for_people
from exporter.rdf.terms import MAP, OWL, RDFS, SKOS, Subject, Term
from exporter.text import enumerate_names, plural

SCHEMA_DOMAINS = ("https://schema.org/domainIncludes", "http://schema.org/domainIncludes")
SCHEMA_RANGES = ("https://schema.org/rangeIncludes", "http://schema.org/rangeIncludes")
_DOMAINS = frozenset((RDFS + "domain", *SCHEMA_DOMAINS))
_DEFAULT_TYPE_KEY = "owlType"
_CLASS_TERMS = tuple(
    MAP + name for name in ("owlType", "files", "iri", "pattern", "filePattern", "records", "match", "newFile", "ignore", "reads")
)
_PROPERTY_TERMS = tuple(MAP + name for name in ("key", "value", "each", "entries", "convert", "ordered"))
_CALLED = (*(SKOS + name for name in ("prefLabel", "notation", "altLabel", "hiddenLabel")), RDFS + "label")


def load_ontology(paths: Sequence[str | Path], constants: Mapping[str, str] | None = None) -> Ontology:
    """Load ontology files and folders into one model, and check that it can be compiled.

    `constants` override the ontology's own `map:constant`. Raises OntologyError with a located problem for everything that can't work.
    """
    files = load_files(paths)
    statements = tuple(statement for file in files for statement in file.statements)
    graph = OntologyGraph(statements)
    prefixes: dict[str, str] = {}
    for file in files:
        for name, namespace in file.prefixes.items():
            prefixes.setdefault(name, namespace)
    classes = {c.iri: c for c in (_class(graph, s) for s in _class_nodes(graph))}
    axioms: dict[str, list[Subject]] = {}
    for axiom in graph.subjects(OWL + "Axiom"):
        for source in graph.iris(axiom, OWL + "annotatedSource"):
            axioms.setdefault(source, []).append(axiom)
    properties = {s.value: _property(graph, s, axioms) for s in _property_nodes(graph)}
    known = classes.keys() | properties.keys()
    described = {s.value for s in graph.by_subject if isinstance(s, NamedNode) and s not in graph.rows}
    ontology = Ontology(
        sources=tuple(file.source for file in files),
        statements=statements,
        prefixes=prefixes,
        classes=classes,
        properties=properties,
        datatypes=_datatypes(graph),
        individuals=frozenset(described - known),
        constants={**_constants(graph), **(constants or {})},
        above=find_superclasses(classes),
        type_key=next((t for s in graph.by_subject for t in graph.texts(s, MAP + "typeKey")), _DEFAULT_TYPE_KEY),
        problems=tuple(problem for file in files for problem in file.problems),
    )
    check(ontology, graph)
    ontology = replace(ontology, rows=Inheritance(ontology).rows())
    claims = _claims(ontology, find_claims([file.statements for file in files], graph))
    return replace(ontology, problems=(*ontology.problems, *find_idle(ontology, graph), *_of_this_machine(ontology), *claims))


def _claims(ontology: Ontology, claims: Iterable[Redefinition]) -> Iterator[Problem]:
    """Warn of axioms that redefine terms of others."""
    names = prefixes_for_people(ontology.prefixes)
    for claim in claims:
        kinds = enumerate_names(map(names.show, claim.kinds), "and")
        terms = enumerate_names(map(names.show, claim.terms), "and", limit=3)
        verb = "redefines" if len(claim.kinds) == 1 else "redefine"
        message = f"{kinds} {verb} {terms} for everyone, and the namespace {claim.namespace} is not this ontology's"
        help_ = "let your classes read it by rows (map:reads); counts and kinds of values stand in shapes"
        place = Places(ontology.sources).find(claim.terms[0], claim.predicate, claim.value)
        yield Problem("ONT-CLAIM", place, message, Severity.WARNING, help_)


def no_ontology(constants: Mapping[str, str] | None = None) -> Ontology:
    """Give the ontology that says nothing, for records that say themselves what they mean."""
    return Ontology((), (), {}, {}, {}, {}, frozenset(), dict(constants or {}), _DEFAULT_TYPE_KEY)


def _of_this_machine(ontology: Ontology) -> list[Problem]:
    """Warn of names that hold the folder of this machine: on another one the same records would give another graph."""
    named = [iri for iri in (*ontology.classes, *ontology.properties) if file_path(iri) is not None]
    if not named:
        return []
    others = f" and of {plural(len(named) - 1, 'other')}" if len(named) > 1 else ""
    message = f"the IRI of <{shown_iri(named[0])}>{others} is made of the folder of this file, so the graph differs between machines"
    place = Places(ontology.sources).find(named[0])
    return [Problem("ONT-BASE", place, message, Severity.WARNING, "begin the file with `@base <https://…> .`")]


def _class_nodes(graph: OntologyGraph) -> list[NamedNode]:
    return [
        s
        for s, said in graph.by_subject.items()
        if isinstance(s, NamedNode) and (not graph.types(s).isdisjoint(CLASS_TYPES) or any(term in said for term in _CLASS_TERMS))
    ]


def _property_nodes(graph: OntologyGraph) -> list[NamedNode]:
    annotated = [t for a in graph.subjects(OWL + "Axiom") for t in graph.objects(a, OWL + "annotatedSource") if isinstance(t, NamedNode)]
    found = dict.fromkeys(
        s
        for s, said in graph.by_subject.items()
        if isinstance(s, NamedNode)
        and (not graph.types(s).isdisjoint(PROPERTY_TYPES) or any(term in said for term in _PROPERTY_TERMS) or RDFS + "domain" in said)
        and not s.value.startswith(MAP)
        and s not in graph.rows
    )
    return list(found | dict.fromkeys(a for a in annotated if a in graph.by_subject))


def _class(graph: OntologyGraph, node: NamedNode) -> OntologyClass:
    parents = graph.objects(node, RDFS + "subClassOf") + graph.objects(node, OWL + "equivalentClass")
    concepts, labels = _concepts(graph, node)
    return OntologyClass(
        iri=node.value,
        label=graph.text(node, RDFS + "label"),
        comment=graph.text(node, RDFS + "comment"),
        superclasses=graph.iris(node, RDFS + "subClassOf"),
        owl_types=graph.texts(node, MAP + "owlType"),
        files=graph.texts(node, MAP + "files"),
        templates=graph.text_sequence(node, MAP + "iri"),
        pattern=next(iter(graph.texts(node, MAP + "pattern")), None),
        file_pattern=next(iter(graph.texts(node, MAP + "filePattern")), None),
        records=next(iter(graph.texts(node, MAP + "records")), None),
        match=graph.text_sequence(node, MAP + "match"),
        new_file=next(iter(graph.texts(node, MAP + "newFile")), None),
        languages=graph.text_sequence(node, MAP + "language"),
        replace=read_pairs(graph, node),
        ignored=graph.texts(node, MAP + "ignore"),
        types=graph.iris(node, MAP + "type"),
        rows=own_rows(graph, node),
        restrictions=tuple(r for parent in parents if isinstance(parent, BlankNode) for r in _restrictions(graph, parent)),
        concepts=concepts,
        labels=labels,
    )


def _restrictions(graph: OntologyGraph, node: BlankNode) -> list[Restriction]:
    nodes: list[Term] = [node]
    for intersection in graph.objects(node, OWL + "intersectionOf"):
        nodes += graph.items(intersection)
    found = []
    for part in nodes:
        if isinstance(part, Literal):
            continue
        for prop in graph.iris(part, OWL + "onProperty"):
            ranges = graph.iris(part, OWL + "allValuesFrom") or graph.iris(part, OWL + "onClass") or graph.iris(part, OWL + "onDataRange")
            low, high = _cardinality(graph, part)
            if graph.objects(part, OWL + "someValuesFrom") and low is None:
                low = 1
            found.append(Restriction(prop, next(iter(ranges), None), low, high))
    return found


def _cardinality(graph: OntologyGraph, node: Subject) -> tuple[int | None, int | None]:
    low = high = None
    for name, (is_low, is_high) in BOUNDS.items():
        for text in graph.texts(node, OWL + name):
            if text.isdecimal():
                low = int(text) if is_low else low
                high = int(text) if is_high else high
    return low, high


def _concepts(graph: OntologyGraph, node: NamedNode) -> tuple[dict[str, str], dict[str, str]]:
    """The class's individuals by what they are called, and the first of the names of each, as it is written.

    Where two are called the same, a preferred label goes first, then the IRI.
    """
    concepts: dict[str, str] = {}
    labels: dict[str, str] = {}
    individuals = sorted((s for s in graph.subjects(node.value) if isinstance(s, NamedNode)), key=lambda s: s.value)
    for predicate in _CALLED:
        for subject in individuals:
            for text in graph.texts(subject, predicate):
                label = " ".join(text.split())
                if concepts.setdefault(label.casefold(), subject.value) == subject.value:
                    labels.setdefault(subject.value, label)
    return concepts, labels


def _property(graph: OntologyGraph, node: NamedNode, axioms: Mapping[str, Sequence[Subject]]) -> OntologyProperty:
    domains = list(graph.objects(node, RDFS + "domain"))
    ranges = list(graph.objects(node, RDFS + "range"))
    for predicate in SCHEMA_DOMAINS:
        domains += graph.objects(node, predicate)
    for predicate in SCHEMA_RANGES:
        ranges += graph.objects(node, predicate)
    by_domain = {
        target: read_mapping(graph, axiom)
        for axiom in axioms.get(node.value, ())
        if not _DOMAINS.isdisjoint(graph.iris(axiom, OWL + "annotatedProperty"))
        for target in graph.iris(axiom, OWL + "annotatedTarget")
    }
    named = dict.fromkeys(graph.named_or_union(domains))
    return OntologyProperty(
        iri=node.value,
        label=graph.text(node, RDFS + "label"),
        comment=graph.text(node, RDFS + "comment"),
        domains=tuple(named | dict.fromkeys(by_domain)),
        ranges=graph.named_or_union(ranges),
        mapping=read_mapping(graph, node),
        by_domain=by_domain,
        functional=OWL + "FunctionalProperty" in graph.types(node),
        order=graph.subject_order[node],
    )


def _datatypes(graph: OntologyGraph) -> dict[str, str]:
    """Each `rdfs:Datatype` that the ontology declares, and the datatype that it restricts (or itself)."""
    found: dict[str, str] = {}
    for node in graph.subjects(RDFS + "Datatype"):
        if not isinstance(node, NamedNode):
            continue
        bases = list(graph.iris(node, OWL + "onDatatype"))
        for definition in graph.objects(node, OWL + "equivalentClass"):
            if isinstance(definition, BlankNode):
                bases += graph.iris(definition, OWL + "onDatatype")
        found[node.value] = next(iter(bases), node.value)
    return found


def _constants(graph: OntologyGraph) -> dict[str, str]:
    pairs = (text.partition("=") for s in graph.by_subject for text in graph.texts(s, MAP + "constant"))
    return {name.strip(): value.strip() for name, _, value in pairs}
