"""Claims about terms of others: axioms that redefine a term for everyone who reads the ontology together with other data.

The vocabularies that many share (schema.org, Dublin Core and the like) are others' wherever an ontology speaks of them. Where an ontology
has an IRI, its own terms lie below that IRI, in the namespace of a class that records answer to, or are defined by it
(`rdfs:isDefinedBy`), and all else is others'. A file that is nothing but a vocabulary may say what its own terms mean.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import BlankNode, NamedNode

from exporter.ontology.graph import CLASS_TYPES, PROPERTY_TYPES, OntologyGraph
from exporter.rdf.terms import MAP, OWL, RDF, RDF_TYPE, RDFS, SH, SKOS, XSD, Statement

SHARED = (
    *("https://schema.org/", "http://schema.org/", SKOS, "http://www.w3.org/2008/05/skos-xl#", "http://xmlns.com/foaf/0.1/"),
    *("http://purl.org/dc/terms/", "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/dcmitype/", "http://www.w3.org/ns/dcat#"),
    *("http://www.w3.org/ns/prov#", "http://www.w3.org/2006/vcard/ns#", "http://www.w3.org/2006/time#", "http://www.w3.org/ns/org#"),
    *("http://www.w3.org/ns/locn#", "http://www.w3.org/ns/adms#", "http://www.w3.org/ns/dqv#", "http://www.w3.org/ns/oa#"),
    *("http://www.w3.org/ns/odrl/2/", "http://www.w3.org/ns/ssn/", "http://www.w3.org/ns/sosa/", "http://purl.org/linked-data/cube#"),
    *("http://rdfs.org/ns/void#", "http://rdfs.org/sioc/ns#", "http://usefulinc.com/ns/doap#", "http://purl.org/ontology/bibo/"),
    *("http://www.w3.org/2003/01/geo/wgs84_pos#", "http://www.opengis.net/ont/geosparql#", "http://purl.org/goodrelations/v1#"),
    *("http://creativecommons.org/ns#", "http://purl.org/vocab/vann/", "http://ogp.me/ns#", "https://www.w3.org/ns/activitystreams#"),
    *("http://dbpedia.org/ontology/", "http://www.wikidata.org/", "http://purl.org/spar/", "http://purl.org/stuff/rev#"),
    *(RDF, RDFS, OWL, XSD, SH, MAP),
)
"""The namespaces of vocabularies that many share."""

_AXIOMS = frozenset(
    (
        *(RDFS + name for name in ("domain", "range", "subClassOf", "subPropertyOf")),
        *(OWL + name for name in ("equivalentClass", "equivalentProperty", "disjointWith", "propertyDisjointWith", "disjointUnionOf")),
        *(OWL + name for name in ("inverseOf", "propertyChainAxiom", "hasKey", "unionOf", "intersectionOf", "complementOf", "oneOf")),
    )
)
_CHARACTERISTICS = frozenset(
    OWL + f"{name}Property"
    for name in ("Functional", "InverseFunctional", "Transitive", "Symmetric", "Asymmetric", "Reflexive", "Irreflexive")
)
_ONTOLOGY = NamedNode(OWL + "Ontology")


@dataclass(frozen=True, slots=True)
class Redefinition:
    """Axioms of one file about the terms of one namespace: the terms in their order, the kinds of axioms, and where the first stands."""

    namespace: str
    terms: tuple[str, ...]
    kinds: tuple[str, ...]
    predicate: str
    value: str | None


def find_claims(files: Iterable[Sequence[Statement]], graph: OntologyGraph) -> Iterator[Redefinition]:
    """Yield what the files claim of others' terms."""
    own = OwnTerms(graph)
    for statements in files:
        vocabulary = own.vocabulary(statements)
        found: dict[str, list[tuple[str, Statement]]] = {}
        for statement in statements:
            term = _claimed(statement)
            if term is not None and not own.holds(term) and (space := namespace(term)) != vocabulary:
                found.setdefault(space, []).append((term, statement))
        for space, claims in found.items():
            _, predicate, value = claims[0][1]
            kinds = dict.fromkeys(_kind(statement) for _, statement in claims)
            terms = dict.fromkeys(term for term, _ in claims)
            yield Redefinition(space, tuple(terms), tuple(kinds), predicate.value, None if isinstance(value, BlankNode) else value.value)


def _claimed(statement: Statement) -> str | None:
    """Give the term that a statement is an axiom about."""
    subject, predicate, value = statement
    if predicate.value == OWL + "annotatedSource":
        return value.value if isinstance(value, NamedNode) else None
    if isinstance(subject, NamedNode) and (predicate.value in _AXIOMS or (predicate == RDF_TYPE and value.value in _CHARACTERISTICS)):
        return subject.value
    return None


def _kind(statement: Statement) -> str:
    """Name what sort of axiom a statement is."""
    _, predicate, value = statement
    return OWL + "Axiom" if predicate.value == OWL + "annotatedSource" else str(value.value) if predicate == RDF_TYPE else predicate.value


def namespace(iri: str) -> str:
    """Give an IRI up to its last `#` or `/`.

    >>> namespace("https://schema.org/name"), namespace("http://www.w3.org/2004/02/skos/core#Concept")
    ('https://schema.org/', 'http://www.w3.org/2004/02/skos/core#')
    """
    return iri[: max(iri.rfind("#"), iri.rfind("/")) + 1]


class OwnTerms:
    """Which terms are the loaded ontologies' own."""

    def __init__(self, graph: OntologyGraph) -> None:
        self._graph = graph

    @cached_property
    def _ontologies(self) -> list[str]:
        return [node.value for node in self._graph.subjects(OWL + "Ontology") if isinstance(node, NamedNode)]

    @cached_property
    def _spaces(self) -> frozenset[str]:
        """The namespaces of classes that records answer to."""
        return frozenset(
            namespace(s.value) for s, said in self._graph.by_subject.items() if MAP + "owlType" in said or MAP + "files" in said
        )

    def holds(self, term: str) -> bool:
        """Say whether a term is one of them."""
        if any(_is_below(term, iri) for iri in self._ontologies):
            return True
        if term.startswith(SHARED):
            return False
        defined = self._graph.iris(NamedNode(term), RDFS + "isDefinedBy")
        return not self._ontologies or namespace(term) in self._spaces or not frozenset(self._ontologies).isdisjoint(defined)

    def vocabulary(self, statements: Sequence[Statement]) -> str | None:
        """Give the namespace whose vocabulary a file is: that of most terms that it declares, if it is nothing else by its own word."""
        if any(value == _ONTOLOGY or predicate.value.startswith(MAP) for _, predicate, value in statements):
            return None
        declared = {
            s.value for s, p, o in statements if p == RDF_TYPE and isinstance(s, NamedNode) and o.value in (*CLASS_TYPES, *PROPERTY_TYPES)
        }
        spaces = Counter(map(namespace, sorted(declared)))
        return spaces.most_common(1)[0][0] if spaces else None


def _is_below(term: str, ontology: str) -> bool:
    """Whether a term's IRI goes on from an ontology's."""
    base = ontology.rstrip("#/")
    return term.startswith((f"{base}#", f"{base}/")) and bool(base)
