"""Names for the blank nodes of one document, and its triples as blocks: lists in cells as all lists are, all else by IRI."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple
from urllib.parse import quote as percent_encode

from pyoxigraph import BlankNode, NamedNode, Triple

from exporter.digests import short_digest
from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Block, Subject, Term, make_list

_LAST_PART = re.compile(r"[^#/:]*\Z")


class Named(NamedTuple):
    """What is said of a resource, or in a cell of a list; types come first."""

    subject: Subject
    pairs: list[tuple[NamedNode, Term]]
    is_cell: bool = False


def name_nodes(triples: Sequence[Triple], address: str) -> list[Named]:
    """Give triples by their subjects, in the order of the document; the node that nothing leads to is the one at `address`."""
    return _Document(triples, address).blocks()


class _Document:
    def __init__(self, triples: Sequence[Triple], address: str) -> None:
        self._said: dict[Subject, list[tuple[NamedNode, Term]]] = {}
        self._leading: dict[BlankNode, tuple[Subject, NamedNode]] = {}
        for subject, predicate, value in triples:
            assert isinstance(subject, (NamedNode, BlankNode))
            self._said.setdefault(subject, []).append((predicate, value))
            if isinstance(value, BlankNode):
                self._leading.setdefault(value, (subject, predicate))
        self._cells = {node for node, pairs in self._said.items() if isinstance(node, BlankNode) and _is_cell(pairs)}
        self._names: dict[BlankNode, NamedNode] = {}
        self._counted: dict[tuple[str, str], int] = {}
        self._address = address
        self._roots = 0

    def blocks(self) -> list[Named]:
        """Name what has no name, and put lists behind the resource that they are of."""
        found: list[Named] = []
        for node, pairs in self._said.items():
            if node in self._cells:
                continue
            subject = self._name(node)
            cells: list[Block] = []
            named = [(predicate, self._value(value, subject, predicate, cells)) for predicate, value in pairs]
            named.sort(key=lambda pair: pair[0] != RDF_TYPE)
            found.append(Named(subject, named))
            found += [Named(cell.subject, cell.pairs, is_cell=True) for cell in cells]
        return found

    def _name(self, node: Subject) -> NamedNode:
        if isinstance(node, NamedNode):
            return node
        assert isinstance(node, BlankNode)
        known = self._names.get(node)
        if known is None:
            self._names[node] = NamedNode(f"{self._address}#_")  # a circle comes back to it
            known = self._names[node] = self._new_name(node)
        return known

    def _new_name(self, node: BlankNode) -> NamedNode:
        leading = self._leading.get(node)
        while leading is not None and leading[0] in self._cells:
            leading = self._leading.get(leading[0])  # type: ignore[arg-type]  # cells are blank nodes
        if leading is None:
            self._roots += 1
            return NamedNode(self._address if self._roots == 1 else f"{self._address}#_{self._roots}")
        owner = self._name(leading[0]).value
        part = percent_encode(_LAST_PART.search(leading[1].value.rstrip("#/:"))[0], safe="")  # type: ignore[index]  # it always matches
        count = self._counted[owner, part] = self._counted.get((owner, part), 0) + 1
        return NamedNode(f"{owner}{'.' if '#' in owner else '#'}{part}{f'/{count}' if count > 1 else ''}")

    def _value(self, value: Term, subject: NamedNode, predicate: NamedNode, cells: list[Block]) -> Term:
        if not isinstance(value, BlankNode):
            return value
        if value not in self._cells:
            return self._name(value)
        items: list[Term] = []
        inner: list[Block] = []
        node: Term = value
        seen: set[Term] = set()
        while node != RDF_NIL and node not in seen and isinstance(node, BlankNode):
            seen.add(node)
            said: Mapping[NamedNode, Term] = dict(self._said[node])
            items.append(self._value(said[RDF_FIRST], subject, predicate, inner))
            node = said[RDF_REST]
        name = short_digest(" ".join([str(subject), str(predicate), *map(str, items)])).hex()
        head, made = make_list(items, name)
        cells += [*made, *inner]
        return head


def _is_cell(pairs: Sequence[tuple[NamedNode, Term]]) -> bool:
    """Whether this is all that is said of a node, so that it is a cell of a list and nothing else."""
    return sorted(predicate.value for predicate, _ in pairs) == [RDF_FIRST.value, RDF_REST.value]
