"""What a shape can see: how far its verdict on a focus node reaches into the data, read from the shapes graph alone.

A verdict of SHACL Core (https://www.w3.org/TR/shacl/) is a function of the triples that its definition reads, and each parameter's
definition says which these are. So a shape is walked once, with the set of distances at which a node may stand that it is asked about:

- A path that is an IRI `p`, asked at a node, reads the triples `(node p ?)`, and the values stand one step further. A sequence does so
  once after another; of an alternative and of `sh:zeroOrOnePath` every distance counts that any branch leads to.
- `sh:equals`, `sh:disjoint`, `sh:lessThan`, `sh:lessThanOrEquals` read the triples of their property at the focus node. `sh:class` reads
  `rdf:type` at the values and `rdfs:subClassOf` anywhere; `sh:closed` reads every triple of the focus node, and of the values, since
  engines differ. Everything that judges values alone (`sh:datatype`, counts, `sh:pattern`, `sh:in`, `sh:hasValue`, `sh:uniqueLang` …)
  reads nothing more than the path did.
- `sh:node`, `sh:property`, `sh:not`, `sh:and`, `sh:or`, `sh:xone` and `sh:qualifiedValueShape` ask another shape at the values, and
  `sh:qualifiedValueShapesDisjoint` those of the siblings as well.
- `sh:targetClass` and a shape that is a class read `rdf:type` of the focus node, `sh:targetSubjectsOf` reads the property, and
  `sh:targetNode` nothing.

By induction over the shapes that a shape is made of, a verdict depends on `layers` only: the triples whose subject is reached from the
focus node by i steps along predicates of the layers before, and whose predicate is in layer i. Of two graphs that agree in these (and in
`rdfs:subClassOf`), one a part of the other, both give the same results. That is a **local** shape.

What looks backward (an inverse path, `sh:targetObjectsOf`), without bound (`sh:zeroOrMorePath`), or by SPARQL that names each predicate
depends on triples of the predicates that it names, wherever they stand: **crossing**. Whatever is not in these tables is **far**: it may
see everything. A term that SHACL gets tomorrow, or a library that an engine knows, so never makes a verdict wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, RDFS, SH, Subject, Term
from exporter.validation.batches.queries import SeesMoreError, seen_predicates
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph, is_library
from exporter.validation.shapes.paths import path_predicates
from exporter.validation.shapes.vocabulary import SHAPE_LISTS, SHAPE_VALUES, TARGETS

EVERY = "*"
"""Stands for every predicate in a layer."""
TYPE = str(RDF_TYPE)
SUBCLASS = f"<{RDFS}subClassOf>"

_OF_VALUES = """
    datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength pattern flags languageIn
    uniqueLang hasValue in qualifiedMinCount qualifiedMaxCount ignoredProperties path
"""
_FOR_PEOPLE = "name description order group defaultValue message severity deactivated prefixes declare"
_VALUES_ALONE = frozenset((*_OF_VALUES.split(), *_FOR_PEOPLE.split()))
"""Parameters that judge values alone, and what is said for people."""
_PAIRS = frozenset(("equals", "disjoint", "lessThan", "lessThanOrEquals"))
_UNBOUNDED = ("zeroOrMorePath", "oneOrMorePath")
_FORMS = ("inversePath", "alternativePath", *_UNBOUNDED, "zeroOrOnePath")
_IRI = re.compile(r"<[^<>]*>")
_DEEPEST = 40
_MOST_STEPS = 12
"""A shape that takes more steps is as well checked over the whole."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a verdict of a shape depends on. `predicates` are N-Triples terms, or `EVERY`; so are those of `layers`, one for each step.

    `crossing` and `far` say why it is not local: why it looks beyond `layers`, and why it may see everything.
    """

    layers: tuple[frozenset[str], ...] = ()
    crossing: tuple[str, ...] = ()
    far: tuple[str, ...] = ()
    hierarchy: bool = False

    @property
    def predicates(self) -> frozenset[str]:
        """Every predicate that it sees."""
        return frozenset().union(*self.layers, [SUBCLASS] if self.hierarchy else [])


def look(shapes: ShapesGraph, shape: Subject) -> Sight:
    """Say what a shape with targets can see."""
    walk = _Walk(shapes)
    walk.targets(shape)
    walk.shape(shape, frozenset({0}), ())
    count = max(walk.layers, default=-1) + 1
    if count > _MOST_STEPS:
        walk.crossing.setdefault(f"it takes {count} steps")
    if walk.crossing and any(EVERY in layer for layer in walk.layers.values()):
        walk.far.setdefault("sh:closed, beside what looks further")
    layers = tuple(frozenset(walk.layers.get(number, ())) for number in range(count))
    return Sight(layers, tuple(walk.crossing), tuple(walk.far), walk.hierarchy)


@dataclass(slots=True)
class _Walk:
    """One walk through a shape and what it is made of; dictionaries keep reasons in the order in which they are met."""

    shapes: ShapesGraph
    layers: dict[int, set[str]] = field(default_factory=dict)
    crossing: dict[str, None] = field(default_factory=dict)
    far: dict[str, None] = field(default_factory=dict)
    hierarchy: bool = False
    _done: set[tuple[Term, frozenset[int]]] = field(default_factory=set)

    def _see(self, distances: Iterable[int], predicate: Term | str) -> None:
        if not isinstance(predicate, (NamedNode, str)):
            self.far.setdefault(f"{predicate} is not a property")
        for distance in distances:
            self.layers.setdefault(distance, set()).add(str(predicate))

    def _see_class(self, distances: Iterable[int]) -> None:
        self._see(distances, TYPE)
        self.hierarchy = True

    def targets(self, shape: Subject) -> None:
        """Take the targets of a shape."""
        if self.shapes.is_class(shape):
            self._see_class([0])
        for triple in self.shapes.about(shape):
            name = _shacl_name(triple)
            if name == "targetClass":
                self._see_class([0])
            elif name in {"targetSubjectsOf", "targetObjectsOf"}:
                self._see([0], triple.object)
            if name == "targetObjectsOf":
                self.crossing.setdefault("sh:targetObjectsOf")
            elif name == "target":
                self.far.setdefault("sh:target")
            elif name == "targetNode" and isinstance(triple.object, BlankNode):
                self.far.setdefault("a blank node as target")

    def shape(self, shape: Term, at: frozenset[int], trail: tuple[Term, ...]) -> None:
        """Take a shape that is asked about nodes at some distances."""
        if shape in trail:
            self.far.setdefault("the shape is recursive")
        elif len(trail) > _DEEPEST:
            self.far.setdefault("shapes are nested deep")
        elif (shape, at) not in self._done:
            self._done.add((shape, at))
            paths = self.shapes.values(shape, "path")
            values = at
            for path in paths:
                values = self.path(path, at, 0)
            if len(paths) > 1:
                self.far.setdefault("a shape has several paths")
            for triple in self.shapes.about(shape):
                self._parameter(triple, at, values, (*trail, shape))

    def path(self, node: Term, at: frozenset[int], depth: int) -> frozenset[int]:
        """Take a property path from nodes at some distances, and give the distances of its ends."""
        forms = [(name, inner) for name in _FORMS for inner in self.shapes.values(node, name)]
        listed = bool(self.shapes.about(node, RDF_FIRST.value))
        if depth > _DEEPEST or len(forms) + listed > 1 or ((forms or listed) and isinstance(node, NamedNode)):
            self.far.setdefault("a path is not understood")
            return at
        if listed:
            for item in self._items(node):
                at = self.path(item, at, depth + 1)
            return at
        if not forms:
            self._see(at, node)
            return frozenset(distance + 1 for distance in at)
        ((name, inner),) = forms
        if name == "alternativePath":
            return frozenset().union(*(self.path(item, at, depth + 1) for item in self._items(inner)))
        if name == "inversePath":
            self.crossing.setdefault("sh:inversePath")
        elif name in _UNBOUNDED:
            self.crossing.setdefault(f"sh:{name}")
        return at | self.path(inner, at, depth + 1)

    def _items(self, head: Term) -> list[Term]:
        """Give a list's items; one that is broken may mean anything."""
        items = self.shapes.items(head)
        node = head
        for _ in items:
            firsts, rests = self.shapes.about(node, RDF_FIRST.value), self.shapes.about(node, RDF_REST.value)
            if len(firsts) != 1 or len(rests) != 1:
                break
            node = rests[0].object
        if node != RDF_NIL:
            self.far.setdefault("a list is broken")
        return items

    def _parameter(self, triple: PlacedTriple, at: frozenset[int], values: frozenset[int], trail: tuple[Term, ...]) -> None:
        name, value = _shacl_name(triple), triple.object
        if name is None:
            self._other(triple)
        elif name in SHAPE_VALUES or name in SHAPE_LISTS:
            for asked in self._items(value) if name in SHAPE_LISTS else [value]:
                self.shape(asked, values, trail)
        elif name in _PAIRS:
            self._see(at, value)
        elif name == "class":
            self._see_class(values)
        elif name == "closed":
            self._closed(triple.subject, value, at | values)
        elif name == "sparql":
            self._queries(value, triple.subject)
        elif name == "qualifiedValueShapesDisjoint":
            for inner in self._siblings(triple.subject):
                self.shape(inner, values, trail)
        else:
            self._rest(name)

    def _rest(self, name: str) -> None:
        if name not in _VALUES_ALONE and name not in TARGETS:
            self.far.setdefault(f"sh:{name}")

    def _closed(self, shape: Subject, value: Term, at: Iterable[int]) -> None:
        if self.shapes.switched_on(shape, "closed"):
            self._see(at, EVERY)
        elif not (isinstance(value, Literal) and value.value in {"false", "0"}):
            self.far.setdefault("sh:closed")

    def _siblings(self, shape: Subject) -> Iterator[Term]:
        for nesting in self.shapes.nestings.get(shape, ()):
            for sibling in self.shapes.values(nesting.parent, "property"):
                yield from self.shapes.values(sibling, "qualifiedValueShape")

    def _other(self, triple: PlacedTriple) -> None:
        """Take a property that is not SHACL's: a note for people, or a parameter of a component that the shapes declare."""
        known = False
        for component, users in self.shapes.components.items():
            paths = [path for parameter in self.shapes.values(component, "parameter") for path in self.shapes.values(parameter, "path")]
            if triple.subject in users and triple.predicate in paths:
                known = True
                names = ("validator", "nodeValidator", "propertyValidator")
                for validator in (validator for name in names for validator in self.shapes.values(component, name)):
                    self._queries(validator, triple.subject)
        if not known and is_library(triple.predicate):
            self.far.setdefault(f"{self.shapes.shorten(triple.predicate)}, which may be a constraint")

    def _queries(self, holder: Term, shape: Term) -> None:
        path = self.shapes.value(shape, "path")
        queries = [query for name in ("select", "ask") for query in self.shapes.values(holder, name)]
        if not queries:
            self.far.setdefault("what is not a query in SPARQL")
        between = _IRI.sub("", self.shapes.path(shape) or "")
        for query in queries:
            try:
                seen = seen_predicates(self.shapes, holder, query, [*map(str, path_predicates(self.shapes, path))] if path else [])
            except SeesMoreError as error:
                self.far.setdefault(str(error))
                return
            if "*" in between or "?" in between:
                self.far.setdefault("SPARQL over a path that may be empty")
            self._see([0], TYPE)
            for predicate in seen:
                self._see([0], predicate)
        self.crossing.setdefault("SPARQL")


def _shacl_name(triple: PlacedTriple) -> str | None:
    predicate = triple.predicate.value
    return predicate.removeprefix(SH) if predicate.startswith(SH) else None
