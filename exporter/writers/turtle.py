"""Turtle for people and diffs (RDF 1.1 Turtle): one block a resource, class first, one statement a line.

TriG with only a default graph is the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import RDF_NIL, RDF_TYPE, XSD, Block, KeptPairs, Term, read_hole
from exporter.writers.gaps import Filling, Parts, encoded, mark_gap, split_gaps
from exporter.writers.lists import NO_CELLS, Cells, list_items, take_cells
from exporter.writers.model import UNRANKED, Vocabulary
from exporter.writers.names import PrefixedNames, TextsOf
from exporter.writers.strings import escape_unseen, long_string

# Values that Turtle writes without quotes; only canonical ones, so that no reader is tempted to change them.
_BARE = {
    f"<{XSD}integer>": re.compile(r'"(?:0|-?[1-9][0-9]*)"').fullmatch,
    f"<{XSD}boolean>": re.compile('"(?:true|false)"').fullmatch,
}
_LIST_WIDTH = 100
_REMEMBERED = 5_000


class TurtleWriter:
    """Writes Turtle as text: pyoxigraph's serializer knows neither blocks nor `( … )`, and needs triples that cost 1.5 µs each to make."""

    inline_shared = False
    separator = b"\n"

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names = PrefixedNames(vocabulary.prefixes)
        ranks = vocabulary.ranks()
        known = [*vocabulary.classes, *vocabulary.individuals, *ranks]
        self._known = {iri: self._names[iri] for iri in known}
        self._known[RDF_NIL] = "()"
        self._datatypes: dict[str, str] = {}
        self._kept: dict[int, tuple[str, Sequence[tuple[NamedNode, Term]]]] = {}
        predicates = PrefixedNames(vocabulary.prefixes)
        predicates[RDF_TYPE] = "a"
        self._beginnings = TextsOf(lambda predicate: f" ;\n    {predicates[predicate]} ")
        self._sorted = TextsOf(lambda predicate: f"{ranks.get(predicate, UNRANKED):06d}\t{predicates[predicate]}\t")

    def head(self) -> bytes:
        """Declare every prefix of the ontology, sorted: what a file uses is not known before its end."""
        lines = [f"@prefix {prefix}: {NamedNode(space)} .\n" for prefix, space in self._names.prefixes]
        return "".join([*lines, "\n"] if lines else lines).encode()

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:  # noqa: ARG002  # shared resources have a section of their own
        """Write the record's block and those of its nested resources, an empty line between them."""
        return self._record(blocks).encode()

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:  # noqa: ARG002  # as for `record`
        """Write the same with gaps."""
        return encoded(split_gaps(self._record(blocks)))

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Write objects into the gaps, and further blocks behind."""
        text = b"".join([part if isinstance(part, bytes) else self._filled(fillings[part.hole]).encode() for part in parts])
        return text + (self.separator + self.record(made) if made else b"")

    def _filled(self, filling: Filling) -> str:
        if filling.ordered:
            return self._list(filling.predicate, filling.values, NO_CELLS) if filling.values else "()"
        return " ,\n        ".join([self._object(filling.predicate, value) for value in filling.values])

    def _record(self, blocks: Sequence[Block]) -> str:
        resources, cells = take_cells(blocks)
        return "\n".join([self._block(subject, pairs, cells) for subject, pairs in resources])

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:
        """Give `rank TAB predicate TAB object` for each statement."""
        _, known_cells = take_cells(cells)
        beginnings = self._sorted
        texts = [f"{beginnings[predicate]}{self._object(predicate, value, known_cells)}" for predicate, value in block.pairs]
        return str(block.subject), texts

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:
        """Write a shared resource's block."""
        return _join(subject, (text.split("\t", 2)[1:] for text in statements)).encode()

    def tail(self) -> bytes:
        """Give nothing: a Turtle file ends with its last block."""
        return b""

    def _block(self, subject: Term, pairs: Sequence[tuple[NamedNode, Term]], cells: Cells) -> str:
        if type(pairs) is not KeptPairs:
            return f"{subject}{self._statements(pairs, cells)}"
        kept = self._kept.get(id(pairs))
        if kept is None:
            if len(self._kept) >= _REMEMBERED:
                self._kept.clear()
            # the pairs themselves are kept too, so that no others can get their id
            kept = self._kept[id(pairs)] = (self._statements(pairs, cells), pairs)
        return f"{subject}{kept[0]}"

    def _statements(self, pairs: Sequence[tuple[NamedNode, Term]], cells: Cells) -> str:
        """Write what follows the subject."""
        parts = []
        beginnings, known = self._beginnings, self._known
        last = None
        for predicate, value in pairs:
            # The common values are written here: one call more for each costs a fifth of the record's time.
            if type(value) is NamedNode:
                text = known.get(value) or (self._names[value] if predicate == RDF_TYPE else str(value))
            elif type(value) is Literal:
                text = str(value)
                if "\\" in text or not text.isascii():
                    text = self._literal(value, text)
                elif text[-1] == ">":
                    text = self._typed(text)
            else:
                text = self._object(predicate, value, cells)
            if predicate == last:
                parts.append(f" ,\n        {text}")
            else:
                parts.append(f"{beginnings[predicate]}{text}")
                last = predicate
        parts.append(" .\n")
        return "".join(parts).replace(" ;\n    ", " ", 1)  # which stands before the first one too

    def _object(self, predicate: NamedNode, value: Term, cells: Cells = NO_CELLS) -> str:
        if isinstance(value, NamedNode):
            return self._names[value] if predicate == RDF_TYPE else self._known.get(value) or str(value)
        if isinstance(value, BlankNode):
            hole = read_hole(value)
            if hole is not None:
                return mark_gap(hole[0])
            return self._list(predicate, list_items(value, cells), cells)
        return self._literal(value, str(value))

    def _literal(self, literal: Literal, text: str) -> str:
        """Write a literal, given its N-Triples form."""
        value = literal.value
        if "\n" in value:
            text = long_string(value) + text[text.rindex('"') + 1 :]
        elif not (text.isascii() or text.isprintable()):
            text = escape_unseen(text)
        return self._typed(text) if text[-1] == ">" else text

    def _typed(self, text: str) -> str:
        """Shorten the datatype of a literal's N-Triples form; work on text, for looking up a `NamedNode` costs three times as much."""
        quoted, _, datatype = text.rpartition("^^")
        is_bare = _BARE.get(datatype)
        if is_bare is not None and is_bare(quoted):
            return quoted[1:-1]
        name = self._datatypes.get(datatype)
        if name is None:
            name = self._datatypes[datatype] = self._names[NamedNode(datatype[1:-1])]
        return f"{quoted}^^{name}"

    def _list(self, predicate: NamedNode, items: Iterable[Term], cells: Cells) -> str:
        texts = [self._object(predicate, item, cells) for item in items]
        line = f"( {' '.join(texts)} )"
        if len(line) <= _LIST_WIDTH and "\n" not in line:
            return line
        return "(\n            " + "\n            ".join(texts) + "\n        )"


def _join(subject: str, pairs: Iterable[Sequence[str]]) -> str:
    """Lay out a block of texts as `TurtleWriter.record` does."""
    parts = [subject]
    before, last = " ", None
    for predicate, text in pairs:
        if predicate == last:
            parts.append(f" ,\n        {text}")
        else:
            parts.append(f"{before}{predicate} {text}")
            before, last = " ;\n    ", predicate
    return "".join([*parts, " .\n"])
