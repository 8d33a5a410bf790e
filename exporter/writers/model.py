"""What a writer is, and what it has to know of the ontology: names, order and kinds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from pyoxigraph import BlankNode, NamedNode

from exporter.rdf.terms import RDF_TYPE, Block
from exporter.writers.gaps import Filling, Parts

Kind = Literal["literal", "iri", "resource"]

UNRANKED = 999_999
"""The place of a property that the ontology does not know: after all that it does."""


@dataclass(frozen=True, slots=True)
class Property:
    """One property as the ontology declares it: `kind` is what its values are, `datatype` an IRI, `rank` its place in the plan's order."""

    iri: NamedNode
    rank: int
    kind: Kind = "literal"
    datatype: str | None = None
    language: str | None = None
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The ontology as writers see it: prefixes, properties, classes, and the individuals that may be written as prefixed names.

    A property that has several ranges comes once for each; JSON-LD then writes its values in full.

    >>> from pyoxigraph import NamedNode
    >>> name = NamedNode("https://schema.org/name")
    >>> Vocabulary({"schema": "https://schema.org/"}, (Property(name, 0),)).rank(name)
    1
    """

    prefixes: Mapping[str, str] = field(default_factory=dict)
    properties: tuple[Property, ...] = ()
    classes: tuple[NamedNode, ...] = ()
    individuals: tuple[NamedNode, ...] = ()

    def ranks(self) -> dict[NamedNode, int]:
        """Give each property's place, from 1; `rdf:type` is 0, before all others."""
        ranks: dict[NamedNode, int] = {}
        for entry in self.properties:
            ranks.setdefault(entry.iri, entry.rank + 1)
        ranks[RDF_TYPE] = 0
        return ranks

    def rank(self, iri: NamedNode) -> int:
        """Give one property's place; a property that the ontology does not know comes last."""
        return self.ranks().get(iri, UNRANKED)


class Writer(Protocol):
    """Writes one syntax.

    A file is `head`, then parts (records, then shared resources) with `separator` between any two of them, then `tail`.
    """

    inline_shared: bool
    """Whether a record's text holds its shared resources, so that no section of them follows."""
    separator: bytes

    def head(self) -> bytes:
        """Give what stands before the first part."""

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:
        """Write one record's own blocks. `shared` are the shared resources it makes; only writers with `inline_shared` use them."""

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:
        """Write a record that has holes, as `record` does, with gaps where their values belong."""

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Write the values into the gaps: what comes out is what `record` writes where it knows them.

        `made` are further resources of the record that the values are.
        """

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:
        """Give a shared resource's subject and one text per statement.

        Texts of equal statements are equal and sort in the plan's order, so several records' can be merged.
        `cells` are the list cells that follow the block (`group_shared`).
        """

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:
        """Write a shared resource from its subject and its merged, sorted, distinct statements."""

    def tail(self) -> bytes:
        """Give what stands after the last part."""


def group_shared(blocks: Iterable[Block]) -> Iterator[tuple[Block, list[Block]]]:
    """Pair each shared resource with the list cells that follow it, as `Writer.statements` takes them.

    >>> from exporter.rdf.terms import RDF_FIRST
    >>> topic, cell = Block(NamedNode("ex:topic"), []), Block(BlankNode("c"), [])
    >>> [(str(block.subject), len(cells)) for block, cells in group_shared([topic, cell, topic])]
    [('<ex:topic>', 1), ('<ex:topic>', 0)]
    """
    current: Block | None = None
    cells: list[Block] = []
    for block in blocks:
        if isinstance(block.subject, BlankNode):
            cells.append(block)
            continue
        if current is not None:
            yield current, cells
        current, cells = block, []
    if current is not None:
        yield current, cells
