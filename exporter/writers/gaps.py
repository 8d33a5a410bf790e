"""Gaps: the places in a record's text where values belong that have to be looked up among all records first."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeAlias

from pyoxigraph import NamedNode

from exporter.rdf.terms import Block, Term, make_list

_MARK = "\udfff"
"""Half a character: no term holds one, so no text that is made of terms does."""
_MARKED = re.compile(f'(?P<quote>"?){_MARK}(?P<hole>[0-9]+)(?P<kind>[a-z]*){_MARK}(?P=quote)')


class Gap(NamedTuple):
    """Where the values of a hole belong, by its number; `kind` and `indent` are the writer's own."""

    hole: int
    kind: str = ""
    indent: int = 0


Parts: TypeAlias = tuple[bytes | Gap, ...]
"""A record's text with its gaps."""


class Filling(NamedTuple):
    """What belongs into a gap: the values of one property of one subject, which with `ordered` are an RDF list."""

    subject: NamedNode
    predicate: NamedNode
    values: Sequence[Term]
    ordered: bool = False

    @property
    def triples(self) -> int:
        """How many statements these are, those of a list's cells among them."""
        return 1 + 2 * len(self.values) if self.ordered else len(self.values)

    def blocks(self) -> tuple[Block, list[Block]]:
        """Give the statements as a block, and the cells of the list."""
        if not self.ordered:
            return Block(self.subject, [(self.predicate, value) for value in self.values]), []
        head, cells = make_list(self.values, "")
        return Block(self.subject, [(self.predicate, head)]), cells


def mark_gap(hole: int, kind: str = "") -> str:
    """Give what a writer puts into its text where a gap is to be."""
    return f"{_MARK}{hole}{kind}{_MARK}"


def split_gaps(text: str) -> Iterator[str | Gap]:
    """Part a text at its marks; a mark that is a JSON string is taken with its quotes, and says how far its line is indented.

    The kind of one that is the only value of its key in JSON gets a `1`.
    """
    position = 0
    for match in _MARKED.finditer(text):
        start = match.start()
        yield text[position:start]
        line = text[text.rfind("\n", 0, start) + 1 : start]
        alone = "1" if match["quote"] and text.endswith('": ', 0, start) else ""
        yield Gap(int(match["hole"]), match["kind"] + alone, len(line) - len(line.lstrip(" ")))
        position = match.end()
    yield text[position:]


def encoded(parts: Iterator[str | Gap]) -> Parts:
    """Give parts as they are kept."""
    return tuple([part.encode() if isinstance(part, str) else part for part in parts if part != ""])
