"""N-Triples in its canonical form, one triple a line; N-Quads with only a default graph is the same text.

The form is that of RDF 1.2 N-Triples, section 4, which RDFC-1.0 hashes: the sorted lines of a file without lists are its canonical graph.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pyoxigraph import BlankNode

from exporter.rdf.terms import Block, read_hole
from exporter.writers.gaps import Filling, Parts, encoded, mark_gap, split_gaps
from exporter.writers.lists import CellLabels, take_cells
from exporter.writers.model import UNRANKED, Vocabulary
from exporter.writers.names import TextsOf


class NTriplesWriter:
    """Writes N-Triples: the text of pyoxigraph's terms is already canonical."""

    inline_shared = False
    separator = b""

    def __init__(self, vocabulary: Vocabulary) -> None:
        ranks = vocabulary.ranks()
        self._predicates = TextsOf(lambda predicate: f" {predicate} ")
        self._sorted = TextsOf(lambda predicate: f"{ranks.get(predicate, UNRANKED):06d}\t")

    def head(self) -> bytes:
        """Give nothing: N-Triples has no prefixes."""
        return b""

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:  # noqa: ARG002  # shared resources have a section of their own
        """Write the blocks' triples, in their order; the cells of a list follow the triple that uses it."""
        return self._record(blocks).encode()

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:  # noqa: ARG002  # as for `record`
        """Write the same with gaps."""
        return encoded(split_gaps(self._record(blocks)))

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Write triples into the gaps, and further ones behind."""
        return b"".join([part if isinstance(part, bytes) else self._filled(fillings[part.hole]) for part in parts]) + self.record(made)

    def _filled(self, filling: Filling) -> bytes:
        block, cells = filling.blocks()
        return self.record([block, *cells])

    def _record(self, blocks: Sequence[Block]) -> str:
        resources, cells = take_cells(blocks)
        labels = CellLabels(cells)
        predicates = self._predicates
        parts: list[str] = []
        for subject, pairs in resources:
            text = str(subject)
            for predicate, value in pairs:
                if type(value) is BlankNode:
                    hole = read_hole(value)
                    if hole is not None:
                        parts.append(mark_gap(hole[0]))
                        continue
                    parts += labels.triples(text, predicate, value)
                else:
                    parts += (text, predicates[predicate], str(value), " .\n")
        return "".join(parts)

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:
        """Give `rank TAB triple` for each statement; a list's cells follow in the same text."""
        _, known_cells = take_cells(cells)
        labels = CellLabels(known_cells)
        subject = str(block.subject)
        texts = []
        for predicate, value in block.pairs:
            if isinstance(value, BlankNode):
                text = "".join(labels.triples(subject, predicate, value))
            else:
                text = f"{subject}{self._predicates[predicate]}{value} .\n"
            texts.append(f"{self._sorted[predicate]}{text}")
        return subject, texts

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:  # noqa: ARG002  # each statement names its subject
        """Write a shared resource's triples."""
        return "".join([text.split("\t", 1)[1] for text in statements]).encode()

    def tail(self) -> bytes:
        """Give nothing: N-Triples ends with its last line."""
        return b""
