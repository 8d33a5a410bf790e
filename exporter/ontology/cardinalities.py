"""How many values a class has, by the cardinalities of an ontology (https://www.w3.org/TR/owl2-syntax/, section 8.3 and 8.5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from exporter.ontology.model import Ontology
from exporter.rdf.terms import OWL, RDF_TYPE, RDFS, Term

BOUNDS = {
    "minCardinality": (True, False),
    "maxCardinality": (False, True),
    "cardinality": (True, True),
    "minQualifiedCardinality": (True, False),
    "maxQualifiedCardinality": (False, True),
    "qualifiedCardinality": (True, True),
}
"""The terms of OWL that bound how many values there are: from below, from above, or both."""


@dataclass(frozen=True, slots=True)
class Cardinality:
    """So many values of a property, all together or, with `of`, of one class or datatype."""

    property: str
    least: int | None
    most: int | None
    of: str | None = None
    of_datatype: bool = False


class Cardinalities:
    """The cardinalities that an ontology states, by class."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._about: dict[Term, list[tuple[str, Term]]] = {}
        for subject, predicate, value in ontology.statements:
            self._about.setdefault(subject, []).append((predicate.value, value))

    def of_class(self, class_iri: str) -> list[Cardinality]:
        """Give those of a class and of its superclasses, and of its functional properties."""
        stated = [found for iri in self._ontology.ancestors(class_iri) for found in self._stated(iri)]
        return [*stated, *(Cardinality(iri, None, 1) for iri in self._functional())]

    def _functional(self) -> Iterator[str]:
        functional = (RDF_TYPE.value, NamedNode(OWL + "FunctionalProperty"))
        return (subject.value for subject, said in self._about.items() if functional in said and isinstance(subject, NamedNode))

    def _stated(self, class_iri: str) -> Iterator[Cardinality]:
        for predicate, restriction in self._about.get(NamedNode(class_iri), ()):
            if predicate in (RDFS + "subClassOf", OWL + "equivalentClass"):
                yield from self._read(restriction)

    def _read(self, restriction: Term) -> Iterator[Cardinality]:
        said = dict(self._about.get(restriction, ()))
        on = said.get(OWL + "onProperty")
        if not isinstance(on, NamedNode):
            return
        of = said.get(OWL + "onClass") or said.get(OWL + "onDataRange")
        named = of.value if isinstance(of, NamedNode) and of.value not in (OWL + "Thing", RDFS + "Literal") else None
        for name, (is_least, is_most) in BOUNDS.items():
            count = said.get(OWL + name)
            if isinstance(count, Literal) and count.value.isdigit() and (of is None or named is not None or "ualified" in name):
                number = int(count.value)
                yield Cardinality(on.value, number if is_least else None, number if is_most else None, named, OWL + "onDataRange" in said)
