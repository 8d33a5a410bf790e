"""RDF lists (`map:ordered`): their cells are the only blank nodes, and writers turn them into a syntax's own list or into stable labels.

RDF 1.1 Semantics, section D.3, says what a cell is: one `rdf:first` and one `rdf:rest`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from pyoxigraph import BlankNode, NamedNode

from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, Block, Term

Cells: TypeAlias = Mapping[BlankNode, tuple[Term, Term]]
"""List cell -> its item and the rest of the list."""

NO_CELLS: Cells = {}


def take_cells(blocks: Sequence[Block]) -> tuple[Sequence[Block], Cells]:
    """Part the resources from the list cells among `blocks`.

    Raises ValueError for a blank node that is not a list cell: a mapped record has none.
    """
    if not any(type(block[0]) is BlankNode for block in blocks):
        return blocks, NO_CELLS
    resources: list[Block] = []
    cells: dict[BlankNode, tuple[Term, Term]] = {}
    for block in blocks:
        if not isinstance(block.subject, BlankNode):
            resources.append(block)
            continue
        pairs = dict(block.pairs)
        if len(block.pairs) != 2 or RDF_FIRST not in pairs or RDF_REST not in pairs or block.subject in cells:
            raise ValueError(f"the blank node {block.subject} is not a cell of a list")
        cells[block.subject] = pairs[RDF_FIRST], pairs[RDF_REST]
    return resources, cells


def list_items(head: Term, cells: Cells) -> list[Term]:
    """Follow a list from its first cell and give its items.

    >>> from pyoxigraph import Literal
    >>> a, b = BlankNode("a"), BlankNode("b")
    >>> [item.value for item in list_items(a, {a: (Literal("1"), b), b: (Literal("2"), RDF_NIL)})]
    ['1', '2']
    """
    items: list[Term] = []
    while isinstance(head, BlankNode):
        if head not in cells or len(items) > len(cells):
            raise ValueError(f"the list at {head} has no end")
        item, head = cells[head]
        items.append(item)
    if head != RDF_NIL:
        raise ValueError(f"a list ends in {head} instead of rdf:nil")
    return items


class CellLabels:
    """Labels of list cells that depend on nothing but subject, property and items, so that records written apart can stand in one file.

    The same list said twice of one subject and property, as RDF allows, gets two labels.
    """

    def __init__(self, cells: Cells) -> None:
        self._cells = cells
        self._seen: dict[str, int] = {}

    def triples(self, subject: str, predicate: NamedNode, head: BlankNode) -> list[str]:
        """Write `subject predicate list` and the list's cells as lines of N-Triples."""
        from hashlib import blake2s  # takes 3 ms to import, and few ontologies order a list

        content = f"{subject} {predicate} {self._content(head)}"
        count = self._seen[content] = self._seen.get(content, 0) + 1
        digest = blake2s(f"{content} {count}".encode(), digest_size=10).hexdigest()
        items = list_items(head, self._cells)
        names = [f"_:l{digest}n{number}" for number in range(1, len(items) + 1)]
        lines = [f"{subject} {predicate} {names[0]} .\n"]
        for name, item, rest in zip(names, items, [*names[1:], str(RDF_NIL)], strict=True):
            if isinstance(item, BlankNode):
                lines += self.triples(name, RDF_FIRST, item)
            else:
                lines.append(f"{name} {RDF_FIRST} {item} .\n")
            lines.append(f"{name} {RDF_REST} {rest} .\n")
        return lines

    def _content(self, term: Term) -> str:
        if not isinstance(term, BlankNode):
            return str(term)
        return f"({' '.join(self._content(item) for item in list_items(term, self._cells))})"
