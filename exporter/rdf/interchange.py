"""The one border between pyoxigraph's terms and rdflib's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.term import Identifier, Node

from exporter.rdf.terms import XSD, Term

RdflibGraph: TypeAlias = Graph


def to_rdflib(term: Term | ox.Triple) -> Identifier:
    """Turn a term into rdflib's, the characters of a literal as they are.

    >>> to_rdflib(ox.Literal("01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))).n3()
    '"01"^^<http://www.w3.org/2001/XMLSchema#integer>'
    """
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        if term.datatype.value == XSD + "string":
            return Literal(term.value)
        # rdflib would write "01" as 1: what the author typed stays
        return Literal(term.value, datatype=URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"rdflib has no triple terms, found {term}")


def from_rdflib(term: Node) -> Term:
    """Turn rdflib's term into pyoxigraph's.

    >>> from_rdflib(Literal("a", lang="en"))
    <Literal value=a language=en>
    """
    if isinstance(term, URIRef):
        return ox.NamedNode(str(term))
    if isinstance(term, BNode):
        return ox.BlankNode(str(term))
    if isinstance(term, Literal):
        if term.language:
            return ox.Literal(str(term), language=term.language)
        return ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype)) if term.datatype else None)
    raise TypeError(f"{term!r} is not an RDF term")


def add_triples(graph: RdflibGraph, triples: Iterable[tuple[Term, Term, Term | ox.Triple]]) -> None:
    """Add triples to a graph of rdflib's term by term: its own parser would rewrite literals (`01` to `1`) and rename blank nodes."""
    graph.addN((to_rdflib(s), to_rdflib(p), to_rdflib(o), graph) for s, p, o in triples)
