"""Where each triple of an RDF file stands, in any syntax: line and column of its subject, predicate and object."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from typing import NamedTuple, cast

from pyoxigraph import NamedNode

from exporter.problems import Location
from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import Subject, Term

Span = tuple[int, int]
"""Characters `[start, end)` of the text."""


class PlacedStatement(NamedTuple):
    """A triple and the spans of its three terms; a list's cell stands where its item stands, `[` stands for the node it makes."""

    subject: Subject
    predicate: NamedNode
    object: Term
    subject_span: Span
    predicate_span: Span
    object_span: Span


@dataclass(frozen=True, slots=True)
class PlacedText:
    """The statements of a text in its order, its prefixes, and the way from a span to a location."""

    text: str
    statements: list[PlacedStatement]
    prefixes: dict[str, str]
    prefix_spans: dict[str, list[Span]]
    line_starts: list[int] = field(repr=False)
    labels: dict[str, str] = field(default_factory=dict)
    """For each blank node that the text gives a label, the name that it has in `statements`."""

    def location(self, path: str, span: Span) -> Location:
        r"""Say where `span` stands, as a place in the file `path`.

        >>> from exporter.rdf.turtle_places import turtle_positions
        >>> found = turtle_positions("@prefix : <http://e/> .\n:s :p :o .")
        >>> str(found.location("a.ttl", found.statements[0].object_span))
        'a.ttl:2:7'
        """
        (line, column), (end_line, end_column) = self._place(span[0]), self._place(span[1])
        return Location(path, line, column, end_line, end_column)

    def _place(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1


_WALKERS = {
    "turtle": "turtle_places:turtle_positions",
    "ntriples": "turtle_places:turtle_positions",
    "nquads": "turtle_places:quads_positions",
    "trig": "turtle_places:quads_positions",
    "n3": "turtle_places:turtle_positions",
    "rdfxml": "xml_places:xml_positions",
    "jsonld": "jsonld_places:jsonld_positions",
    "jsonldl": "jsonld_places:jsonld_lines_positions",
}
"""What says where the triples of each syntax stand, imported when a place is asked for."""


def line_starts(text: str) -> list[int]:
    """Give where each line of a text begins."""
    return [0, *(match.end() for match in re.finditer(r"\r\n?|\n", text))]


def walk(text: str, syntax: Syntax, base: str) -> PlacedText | None:
    """Say where every triple of a text stands that a parser has read; None for a text that is beyond the walkers, such as RDF 1.2.

    The text is nested less deep than readers allow (`exporter.rdf.reading`).
    """
    module, _, name = _WALKERS[syntax.name].partition(":")
    walker = cast("Callable[[str, str], PlacedText]", getattr(import_module(f"exporter.rdf.{module}"), name))
    try:
        return walker(text, base)
    except (ValueError, LookupError, AssertionError, RecursionError):
        return None
