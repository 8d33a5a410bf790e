"""A shapes graph with positions: what its files say, where each triple stands, and a name for every blank shape.

Blank shapes get an IRI before an engine sees them, because engines give a blank node's label back only by luck (the Rust
engine renames it). Whatever names a shape to people goes through `ShapesGraph.label`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.problems import Location
from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.rdf.terms import OWL, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, RDFS, SH, XSD, Subject, Term
from exporter.validation.shapes.paths import format_path
from exporter.validation.shapes.vocabulary import PARAMETERS, SHAPE_LISTS, SHAPE_VALUES, TARGETS

_OF_COMPONENTS = frozenset(SH + name for name in ("parameter", "validator", "nodeValidator", "propertyValidator"))
SKOLEM = "urn:owltype:shape:"
"""What the IRIs of blank shapes begin with; `ShapesGraph` maps them back."""


_LIBRARIES = (SH, "http://datashapes.org/dash#", "http://datashapes.org/graphql#", "http://datashapes.org/js#", "http://topbraid.org/tosh#")


def is_library(term: Term) -> bool:
    """Say whether a term is of SHACL's own vocabulary or a library beside it, which declares more than any shapes use."""
    return isinstance(term, NamedNode) and term.value.startswith(_LIBRARIES)


class PlacedTriple(NamedTuple):
    """A triple of a shapes file, and where its subject, predicate and object stand."""

    subject: Subject
    predicate: NamedNode
    object: Term
    subject_at: Location
    predicate_at: Location
    object_at: Location


@dataclass(frozen=True, slots=True)
class Nesting:
    """How a shape is used by another: through `sh:property`, `sh:node`, an item of `sh:or`."""

    parent: Subject
    parameter: str


@dataclass(eq=False)
class ShapesGraph:
    """Shapes from any number of files, as one graph.

    `prefixes` are those of the files, to shorten IRIs for people; the first file that binds a prefix wins. `missing_imports` are the
    statements with `owl:imports` that nothing loaded answers, `imported` those of the files that others import.
    """

    triples: list[PlacedTriple]
    prefixes: dict[str, str] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    missing_imports: tuple[PlacedTriple, ...] = ()
    imported: frozenset[str] = frozenset()

    @cached_property
    def _by_subject(self) -> dict[Subject, list[PlacedTriple]]:
        index: dict[Subject, list[PlacedTriple]] = {}
        for triple in self.triples:
            index.setdefault(triple.subject, []).append(triple)
        return index

    def about(self, subject: Term, predicate: str | None = None) -> list[PlacedTriple]:
        """Give the triples of `subject`, perhaps only those with the predicate IRI `predicate`."""
        found = [] if isinstance(subject, Literal) else self._by_subject.get(subject, [])
        return found if predicate is None else [triple for triple in found if triple.predicate.value == predicate]

    def values(self, subject: Term, name: str) -> list[Term]:
        """Give the values of `sh:name`."""
        return [triple.object for triple in self.about(subject, SH + name)]

    def value(self, subject: Term, name: str) -> Term | None:
        """Give the first value of `sh:name`, or None."""
        return next(iter(self.values(subject, name)), None)

    def has(self, *names: str) -> bool:
        """Say whether any triple has one of `sh:name` as predicate."""
        wanted = {SH + name for name in names}
        return any(triple.predicate.value in wanted for triple in self.triples)

    def items(self, head: Term) -> list[Term]:
        """Give the items of a list; a broken or circular one ends where it breaks."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != RDF_NIL and head not in seen:
            seen.add(head)
            firsts = self.about(head, RDF_FIRST.value)
            rests = self.about(head, RDF_REST.value)
            if not firsts:
                break
            found.append(firsts[0].object)
            head = rests[0].object if rests else RDF_NIL
        return found

    @cached_property
    def nestings(self) -> dict[Term, list[Nesting]]:
        """For each shape, the shapes that use it."""
        found: dict[Term, list[Nesting]] = {}
        for triple in self.triples:
            name = triple.predicate.value.removeprefix(SH)
            members = [triple.object] if name in SHAPE_VALUES else self.items(triple.object) if name in SHAPE_LISTS else []
            if triple.predicate.value.startswith(SH):
                for member in members:
                    found.setdefault(member, []).append(Nesting(triple.subject, name))
        return found

    @cached_property
    def shapes(self) -> tuple[Subject, ...]:
        """Every shape (SHACL, section 2.1), in the order of the files."""
        return tuple(subject for subject in self._by_subject if self._is_shape(subject))

    def _is_shape(self, subject: Subject) -> bool:
        if subject in self.nestings:
            return True
        for triple in self._by_subject[subject]:
            name = triple.predicate.value.removeprefix(SH) if triple.predicate.value.startswith(SH) else ""
            if name in TARGETS or (name in PARAMETERS and subject not in self._declared_parameters):
                return True
            if triple.predicate == RDF_TYPE and triple.object in (NamedNode(SH + "NodeShape"), NamedNode(SH + "PropertyShape")):
                return True
        return False

    @cached_property
    def _declared_parameters(self) -> frozenset[Term]:
        """A component's `sh:parameter` nodes: they may carry `sh:datatype` and the like, and are not shapes."""
        return frozenset(triple.object for triple in self.triples if triple.predicate.value == SH + "parameter")

    def switched_on(self, subject: Term, name: str) -> bool:
        """Say whether `sh:name` is the term `true`."""
        return Literal("true", datatype=NamedNode(XSD + "boolean")) in self.values(subject, name)

    @cached_property
    def metaclasses(self) -> frozenset[Term]:
        """The types that make a node a class: `rdfs:Class`, `owl:Class`, and what this graph puts below them."""
        below: dict[Term, list[Term]] = {}
        for triple in self.triples:
            if triple.predicate.value == RDFS + "subClassOf":
                below.setdefault(triple.object, []).append(triple.subject)
        found: list[Term] = [NamedNode(RDFS + "Class"), NamedNode(OWL + "Class")]
        for class_ in found:
            found.extend(child for child in below.get(class_, ()) if child not in found)
        return frozenset(found)

    def is_class(self, shape: Term) -> bool:
        """Say whether a shape is also a class, and so targets its instances (SHACL, section 2.1.3.3)."""
        return any(triple.object in self.metaclasses for triple in self.about(shape, RDF_TYPE.value))

    @cached_property
    def components(self) -> dict[Subject, frozenset[Subject]]:
        """The constraint components that are declared here, and for each the nodes that use one of its parameters.

        Those of SHACL itself, which a copy of its vocabulary declares again, count as used by nobody: engines have them.
        """
        users: dict[str, set[Subject]] = {}
        for triple in self.triples:
            users.setdefault(triple.predicate.value, set()).add(triple.subject)
        found: dict[Subject, frozenset[Subject]] = {}
        for component in {t.subject for t in self.triples if t.predicate.value in _OF_COMPONENTS}:
            own = not (isinstance(component, NamedNode) and component.value.startswith(SH))
            paths = [path.value for parameter in self.values(component, "parameter") for path in self.values(parameter, "path")]
            found[component] = frozenset().union(*(users.get(path, ()) for path in paths)) if own else frozenset()
        return found

    @cached_property
    def idle_validators(self) -> frozenset[Term]:
        """The validators of components that no shape uses: libraries such as DASH declare many."""
        names = ("validator", "nodeValidator", "propertyValidator")
        idle = (component for component, users in self.components.items() if not users)
        return frozenset(validator for component in idle for name in names for validator in self.values(component, name))

    def path(self, shape: Term) -> str | None:
        """Write a property shape's path; None for a node shape."""
        node = self.value(shape, "path")
        return None if node is None else format_path(self, node)

    def root(self, shape: Term) -> Term:
        """Give the nearest shape around `shape` that its author named, or `shape` itself."""
        seen: set[Term] = set()
        while isinstance(shape, BlankNode) or (isinstance(shape, NamedNode) and shape.value.startswith(SKOLEM)):
            if shape in seen or shape not in self.nestings:
                break
            seen.add(shape)
            shape = self.nestings[shape][0].parent
        return shape

    def label(self, shape: Term) -> str:
        """Name a shape for people: its IRI with a prefix of the files, for a blank shape the named one around it."""
        root = self.root(shape)
        if not isinstance(root, NamedNode) or root.value.startswith(SKOLEM):
            return f"the shape at {self.location(root)}"
        return self.shorten(root)

    def shorten(self, iri: NamedNode) -> str:
        """Write an IRI with a prefix of the files, where one fits."""
        return self.names.show(iri.value)

    @cached_property
    def names(self) -> Prefixes:
        """The prefixes of the files."""
        return prefixes_for_people(self.prefixes)

    def location(self, subject: Term, name: str | None = None, value: Term | None = None) -> Location:
        """Say where a shape stands, or its parameter `sh:name`, or one value of that."""
        for triple in self.about(subject):
            if name is None:
                return triple.subject_at
            if triple.predicate.value == SH + name and value in (None, triple.object):
                return triple.object_at
        return self.location(subject) if name is not None and self.about(subject) else Location(self.files[0] if self.files else "")

    @cached_property
    def ntriples(self) -> bytes:
        """The graph as an engine reads it."""
        return to_ntriples((triple.subject, triple.predicate, triple.object) for triple in self.triples)


def to_ntriples(statements: Iterable[tuple[Term, Term, Term]]) -> bytes:
    """Write triples as N-Triples, exactly as the terms are."""
    return "".join(f"{s} {p} {o} .\n" for s, p, o in statements).encode()


def named(triples: list[PlacedTriple]) -> Iterator[PlacedTriple]:
    """Give every blank shape and blank SPARQL constraint of the triples an IRI; other blank nodes (paths, lists) stay."""
    graph = ShapesGraph(triples)
    constraints = [triple.object for triple in triples if triple.predicate.value == SH + "sparql"]
    names: dict[Term, NamedNode] = {}
    for node in (*graph.shapes, *constraints):
        if isinstance(node, BlankNode):
            names.setdefault(node, NamedNode(SKOLEM + node.value))
    for t in triples:
        subject, value = names.get(t.subject, t.subject), names.get(t.object, t.object)
        yield PlacedTriple(subject, t.predicate, value, t.subject_at, t.predicate_at, t.object_at)
