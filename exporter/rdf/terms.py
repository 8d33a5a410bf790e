"""The RDF terms that everything here is made of: pyoxigraph's, and blocks of them.

A mapped record is a list of blocks: one resource each, the record's own first. Plain tuples carry the
statements, because making a `pyoxigraph.Triple` costs 1.5 µs and a record has fifty.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
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
FILE = MAP + "File"
"""The range of what names a file that is not a record."""

LABELS = (
    *(SKOS + "prefLabel", RDFS + "label", "http://purl.org/dc/terms/title", "http://purl.org/dc/elements/1.1/title"),
    *(space + name for name in ("headline", "name", "title") for space in ("https://schema.org/", "http://schema.org/")),
    "http://xmlns.com/foaf/0.1/name",
)
"""Properties that name a thing, the best first."""

RDF_TYPE = NamedNode(RDF + "type")
RDF_FIRST = NamedNode(RDF + "first")
RDF_REST = NamedNode(RDF + "rest")
RDF_NIL = NamedNode(RDF + "nil")


class Block(NamedTuple):
    """One resource and what is said of it, in the plan's order, `rdf:type` first.

    The only blank nodes are the cells of an `rdf:List` (`map:ordered`): each cell is a block of its own that follows the block
    it is used in; and holes, which stand for values that are not known yet (`hole_node`).
    """

    subject: Subject
    pairs: list[tuple[NamedNode, Term]]


def make_list(items: Sequence[Term], name: str) -> tuple[Term, list[Block]]:
    """Make the cells of an RDF list (RDF 1.1 Semantics, section D.3), and give its head; `name` begins their labels."""
    nodes = [BlankNode(f"l{name}x{number}") for number in range(len(items))]
    rests: list[Term] = [*nodes[1:], RDF_NIL]
    cells = [Block(node, [(RDF_FIRST, item), (RDF_REST, rest)]) for node, item, rest in zip(nodes, items, rests, strict=False)]
    return (nodes[0] if nodes else RDF_NIL), cells


_HOLE = re.compile(r"hole-([0-9]+)(-list)?")
"""Cells of lists have other names."""


def hole_node(number: int, *, ordered: bool) -> BlankNode:
    """Make the node that stands for the values of a property until they are looked up."""
    return BlankNode(f"hole-{number}-list" if ordered else f"hole-{number}")


def read_hole(node: Term) -> tuple[int, bool] | None:
    """Give the number of the hole that a node stands for, and whether it is a list; None for all other terms.

    >>> read_hole(hole_node(3, ordered=True)), read_hole(BlankNode("l0x1"))
    ((3, True), None)
    """
    match = _HOLE.fullmatch(node.value) if type(node) is BlankNode else None
    return (int(match[1]), match[2] is not None) if match else None


class KeptPairs(list[tuple[NamedNode, Term]]):
    """What is said of resources that come again and again: the same object each time, which nobody adds to.

    A writer may keep its text.
    """


def statements(blocks: Iterable[Block]) -> Iterator[Statement]:
    """Yield the blocks' triples, in their order."""
    for subject, pairs in blocks:
        for predicate, value in pairs:
            yield subject, predicate, value


def split_statement(line: str) -> tuple[str, str, str]:
    r"""Part a line of N-Triples into subject, predicate and object, as they are written.

    >>> split_statement('<ex:s> <ex:p> "a b ." .\n')
    ('<ex:s>', '<ex:p>', '"a b ."')
    """
    subject, predicate, rest = line.rstrip("\n").split(" ", 2)
    return subject, predicate, rest.removesuffix(" .")
