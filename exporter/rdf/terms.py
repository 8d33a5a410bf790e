"""The RDF terms that everything here is made of: pyoxigraph's, and blocks of them.

A mapped record is a list of blocks: one resource each, the record's own first. Plain tuples carry the
statements, because making a `pyoxigraph.Triple` costs 1.5 µs and a record has fifty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

Subject: TypeAlias = NamedNode | BlankNode
Term: TypeAlias = NamedNode | BlankNode | Literal
Statement: TypeAlias = tuple[Subject, NamedNode, Term]

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
SH = "http://www.w3.org/ns/shacl#"
MAP = "https://w3id.org/owltype/map#"
KEY = "https://w3id.org/owltype/key#"

RDF_TYPE = NamedNode(RDF + "type")
RDF_FIRST = NamedNode(RDF + "first")
RDF_REST = NamedNode(RDF + "rest")
RDF_NIL = NamedNode(RDF + "nil")


class Block(NamedTuple):
    """One resource and what is said of it, in the plan's order, `rdf:type` first.

    The only blank nodes are the cells of an `rdf:List` (`map:ordered`): each cell is a block of its own that follows the block
    it is used in.
    """

    subject: Subject
    pairs: list[tuple[NamedNode, Term]]


class KeptPairs(list[tuple[NamedNode, Term]]):
    """What is said of resources that come again and again: the same object each time, which nobody adds to.

    A writer may keep its text.
    """


def statements(blocks: Iterable[Block]) -> Iterator[Statement]:
    """Yield the blocks' triples, in their order."""
    for subject, pairs in blocks:
        for predicate, value in pairs:
            yield subject, predicate, value
