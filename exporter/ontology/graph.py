"""An ontology's triples by subject and predicate, in the order of the files."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import OWL, RDF, RDF_TYPE, RDFS, Statement, Subject, Term


class OntologyGraph:
    """Look triples up; every answer keeps the files' order."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        self.by_subject: dict[Subject, dict[str, list[Term]]] = {}
        self.by_type: dict[str, dict[Subject, None]] = {}
        for subject, predicate, value in statements:
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
        """The best literal for a person: English or without a language first."""
        literals = [o for o in self.objects(subject, predicate) if isinstance(o, Literal)]
        literals.sort(key=lambda o: (o.language or "") not in ("", "en"))
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
