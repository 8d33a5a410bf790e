"""An ontology's triples by subject and predicate, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.ontology.model import About, RowPlace
from exporter.rdf.terms import MAP, OWL, RDF, RDF_TYPE, RDFS, Statement, Subject, Term

_READS = MAP + "reads"


class OntologyGraph:
    """Look triples up; every answer keeps the files' order.

    `row_order` and `subject_order` say where a class first names each of its rows, and where something is first spoken of.
    """

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.by_subject: dict[Subject, dict[str, list[Term]]] = {}
        self.by_type: dict[str, dict[Subject, None]] = {}
        self.subject_order: dict[Subject, int] = {}
        self.row_order: dict[tuple[Subject, Term], int] = {}
        for number, (subject, predicate, value) in enumerate(statements):
            self.subject_order.setdefault(subject, number)
            if predicate.value == _READS:
                self.row_order.setdefault((subject, value), number)
            values = self.by_subject.setdefault(subject, {}).setdefault(predicate.value, [])
            if value not in values:
                values.append(value)
            if predicate == RDF_TYPE and isinstance(value, NamedNode):
                self.by_type.setdefault(value.value, {})[subject] = None

    def objects(self, subject: Subject, predicate: str) -> list[Term]:
        """Every object of a subject and predicate."""
        return self.by_subject.get(subject, {}).get(predicate, [])

    def texts(self, subject: Subject, predicate: str) -> tuple[str, ...]:
        """The lexical forms of the literals among the objects."""
        return tuple(o.value for o in self.objects(subject, predicate) if isinstance(o, Literal))

    def text(self, subject: Subject, predicate: str) -> str | None:
        """The best literal for a person: without a language or English first, and of several the first by its letters."""
        literals = [o for o in self.objects(subject, predicate) if isinstance(o, Literal)]
        literals.sort(key=lambda o: ((o.language or "") not in ("", "en"), o.language or "", o.value))
        return literals[0].value if literals else None

    def iris(self, subject: Subject, predicate: str) -> tuple[str, ...]:
        """The IRIs among the objects."""
        return tuple(o.value for o in self.objects(subject, predicate) if isinstance(o, NamedNode))

    def types(self, subject: Subject) -> frozenset[str]:
        """The classes of a subject."""
        return frozenset(self.iris(subject, RDF_TYPE.value))

    def subjects(self, *types: str) -> list[Subject]:
        """Every subject that has one of the types, by type."""
        return list(dict.fromkeys(s for type_ in types for s in self.by_type.get(type_, ())))

    @cached_property
    def row_places(self) -> dict[Term, RowPlace]:
        """The rows without a name, each as the first class that reads it knows it."""
        found: dict[Term, RowPlace] = {}
        for subject, said in self.by_subject.items():
            for index, row in enumerate(said.get(_READS, ())):
                if isinstance(row, BlankNode):
                    of = next(iter(self.iris(row, MAP + "property")), None)
                    found.setdefault(row, RowPlace(subject.value, index, of))
        return found

    @cached_property
    def rows(self) -> frozenset[Term]:
        """Everything that is a row: what a class reads, and what says which property it is about."""
        return frozenset(row for _, row in self.row_order) | {s for s, said in self.by_subject.items() if MAP + "property" in said}

    def about(self, subject: Subject) -> About:
        """Name what a statement speaks of: a term, a row of a class, or the property of an annotated axiom."""
        if isinstance(subject, NamedNode):
            return subject.value
        return self.row_places.get(subject) or next(iter(self.iris(subject, OWL + "annotatedSource")), subject.value)

    def row_about(self, owner: NamedNode, row: Subject) -> About:
        """Name a row as `owner` reads it."""
        if isinstance(row, NamedNode):
            return row.value
        index = self.objects(owner, _READS).index(row)
        return RowPlace(owner.value, index, next(iter(self.iris(row, MAP + "property")), None))

    def is_list(self, term: Term) -> bool:
        """Whether a term is an `rdf:List`."""
        return not isinstance(term, Literal) and (term.value == RDF + "nil" or RDF + "first" in self.by_subject.get(term, ()))

    def sequence(self, subject: Subject, predicate: str) -> list[Term]:
        """Every value, those of a list one by one."""
        return [item for value in self.objects(subject, predicate) for item in (self.items(value) if self.is_list(value) else (value,))]

    def text_sequence(self, subject: Subject, predicate: str) -> tuple[str, ...]:
        """The lexical forms of the literals, those of a list one by one."""
        return tuple(o.value for o in self.sequence(subject, predicate) if isinstance(o, Literal))

    def items(self, cell: Term) -> list[Term]:
        """The items of an `rdf:List`; a list that runs in a circle ends where it began."""
        items: list[Term] = []
        seen: set[Term] = set()
        while isinstance(cell, (NamedNode, BlankNode)) and cell.value != RDF + "nil" and cell not in seen:
            seen.add(cell)
            items += self.objects(cell, RDF + "first")[:1]
            rest = self.objects(cell, RDF + "rest")
            if not rest:
                break
            cell = rest[0]
        return items

    def named_or_union(self, terms: Iterable[Term]) -> tuple[str, ...]:
        """The IRIs among the terms, an `owl:unionOf` counting as its members."""
        found: dict[str, None] = {}
        for term in terms:
            if isinstance(term, NamedNode):
                found[term.value] = None
            elif isinstance(term, BlankNode):
                for union in self.objects(term, OWL + "unionOf"):
                    found.update(dict.fromkeys(i.value for i in self.items(union) if isinstance(i, NamedNode)))
        return tuple(found)


CLASS_TYPES = (OWL + "Class", RDFS + "Class")
PROPERTY_TYPES = (
    OWL + "ObjectProperty",
    OWL + "DatatypeProperty",
    RDF + "Property",
    OWL + "AnnotationProperty",
    OWL + "FunctionalProperty",
)
