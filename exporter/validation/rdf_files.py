"""RDF files as the data of a run, taken as they are, and where a statement stands in them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from exporter.errors import UsageError
from exporter.ontology.positions import PlacedStatement, Span, TurtlePositions, turtle_positions
from exporter.problems import Location
from exporter.rdf.base import file_iri
from exporter.rdf.star import ADVICE, REFUSAL, quoted_triple
from exporter.resources import given
from exporter.terms import RDF_TYPE, Subject, Term
from exporter.text import parser_reason
from exporter.validation.blank_nodes import pair_blank_nodes
from exporter.validation.jsonld_places import jsonld_positions
from exporter.validation.results import Result
from exporter.validation.shapes import to_ntriples
from exporter.validation.xml_places import xml_positions

SYNTAXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".owl": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_BLANK = re.compile(rb"(?m)^_:|(?<= )_:(?=[^ ]+ \.$)")
"""Where a blank node's label begins, as subject or object; no literal ends without its quotes, a tag or a datatype."""
_DEEPEST_JSON = 200
"""Oxigraph's JSON-LD parser overflows the stack at some thousand levels."""


def _quads_positions(text: str, base: str) -> TurtlePositions:
    return turtle_positions(text, base, graphs=True)


_WALKERS: dict[ox.RdfFormat, Callable[[str, str], TurtlePositions]] = {
    ox.RdfFormat.TURTLE: turtle_positions,
    ox.RdfFormat.N_TRIPLES: turtle_positions,
    ox.RdfFormat.N_QUADS: _quads_positions,
    ox.RdfFormat.TRIG: _quads_positions,
    ox.RdfFormat.RDF_XML: xml_positions,
    ox.RdfFormat.JSON_LD: jsonld_positions,
}
"""What says where the triples of a syntax stand."""


def is_rdf(path: str) -> bool:
    """Tell an RDF file by its name.

    >>> is_rdf("graph.ttl"), is_rdf("page.md")
    (True, False)
    """
    return Path(path).suffix.lower() in SYNTAXES


Triple = tuple[Subject, ox.NamedNode, Term]


@dataclass(eq=False)
class RdfFile:
    """A file of triples; a dataset's graphs are taken together.

    `mark` begins the labels of its blank nodes in `data`, so that those of two files stay apart.
    """

    path: str
    text: str
    data: bytes
    mark: str = ""

    @property
    def _syntax(self) -> ox.RdfFormat:
        return SYNTAXES[Path(self.path).suffix.lower()]

    @cached_property
    def _positions(self) -> TurtlePositions | None:
        try:
            return _WALKERS[self._syntax](self.text, file_iri(self.path))
        except (ValueError, LookupError, AssertionError, RecursionError):
            return None  # a text that the parser takes and the walker doesn't: the problem still names the file

    @cached_property
    def prefixes(self) -> dict[str, str]:
        """The prefixes that the file declares."""
        return dict(self._positions.prefixes) if self._positions else {}

    @cached_property
    def _by_subject(self) -> dict[str, list[PlacedStatement]]:
        found: dict[str, list[PlacedStatement]] = {}
        for statement in self._positions.statements if self._positions else ():
            found.setdefault(str(statement.subject), []).append(statement)
        return found

    @cached_property
    def _spans_of_objects(self) -> dict[str, PlacedStatement]:
        """For each node the first statement that leads to it, which is where one stands of which nothing is said."""
        found: dict[str, PlacedStatement] = {}
        for statement in self._positions.statements if self._positions else ():
            if not isinstance(statement.object, ox.Literal):
                found.setdefault(str(statement.object), statement)
        return found

    @cached_property
    def _walked_label(self) -> dict[str, str]:
        """For each blank node of `data` its label in `_positions`."""
        if self._positions is None:
            return {}
        ours: list[Triple] = [(t.subject, t.predicate, t.object) for t in ox.parse(self.data, format=ox.RdfFormat.N_TRIPLES)]
        walked = [statement[:3] for statement in self._positions.statements]
        # A label of the text stands behind the mark.
        known = {self.mark + "n" + label: name for label, name in self._positions.labels.items()}
        return pair_blank_nodes(ours, walked, known)

    def node(self, term: str) -> str:
        """Give the name of a node in `_positions`."""
        return "_:" + self._walked_label.get(term[2:], "") if term.startswith("_:") else term

    def holds(self, node: str) -> bool:
        """Say whether the file says something of a node, or names it."""
        if node.startswith("_:"):
            return bool(self.mark) and node.startswith(f"_:{self.mark}n")
        return node.encode() + b" " in self.data

    def locate(self, result: Result) -> Location | None:
        """Say where a result stands: its value, else the property, else the focus node; None where the file has none of it."""
        if not self.holds(result.focus_node):
            return None
        if self._positions is None:
            return Location(self.path)
        focus = self.node(result.focus_node)
        statements = self._by_subject.get(focus)
        if not statements:
            leading = self._spans_of_objects.get(focus) or self._literal(focus)
            return self._at(leading.object_span) if leading else Location(self.path)
        value = self.node(result.value) if result.value is not None else None
        best = max(statements, key=lambda statement: _closeness(statement, result.path, value))
        closeness = _closeness(best, result.path, value)
        span = best.object_span if closeness > 1 else best.predicate_span if closeness else statements[0].subject_span
        return self._at(span)

    def _literal(self, focus: str) -> PlacedStatement | None:
        """Give the first statement with a literal, which a shape may be about, too."""
        statements = self._positions.statements if self._positions else ()
        return next((s for s in statements if str(s.object) == focus), None) if focus.startswith('"') else None

    def values(self, focus_node: str, path: str) -> list[tuple[str, Location]]:
        """Give the values of a node at a path of one property, perhaps an inverse one, in the order of the file, each with its place."""
        if self._positions is None:
            return []
        inverse, focus = path.startswith("^"), self.node(focus_node)
        found = self._positions.statements if inverse else self._by_subject.get(focus, ())
        return [
            (str(s.subject), self._at(s.object_span)) if inverse else (str(s.object), self._at(s.object_span))
            for s in found
            if str(s.predicate) == path.removeprefix("^") and (not inverse or str(s.object) == focus)
        ]

    def label(self, node: str) -> str | None:
        """Give the label that a blank node has in the text; None for one that stands in brackets."""
        name = self.node(node)[2:]
        return next((label for label, walked in self._positions.labels.items() if walked == name), None) if self._positions else None

    def holder(self, node: str) -> PlacedStatement | None:
        """Give the first statement that leads to a node."""
        return self.holder_of(self.node(node))

    def holder_of(self, walked: str) -> PlacedStatement | None:
        """Give the first statement that leads to a node of `_positions`."""
        return self._spans_of_objects.get(walked)

    def about(self, node: str) -> list[PlacedStatement]:
        """Give what is said of a node."""
        return self._by_subject.get(self.node(node), [])

    def _at(self, span: Span) -> Location:
        assert self._positions is not None
        return self._positions.location(self.path, span)


def read_rdf(path: str, mark: str = "f0") -> RdfFile:
    """Read an RDF file, blank nodes with labels that begin with `mark`; raises UsageError with the place of what can't be read."""
    syntax = SYNTAXES[Path(path).suffix.lower()]
    try:
        data = given(path)
        text = (Path(path).read_bytes() if data is None else data).decode("utf-8-sig")
        if syntax is ox.RdfFormat.JSON_LD and _depth(text) > _DEEPEST_JSON:
            raise UsageError(f"{path}: the JSON is nested more than {_DEEPEST_JSON} levels deep")
        quads = ox.parse(text.encode(), format=syntax, base_iri=file_iri(path))
        return RdfFile(path, text, _marked(to_ntriples((q.subject, q.predicate, q.object) for q in quads), mark), mark)
    except _QuotedError:
        raise _quoted(path, text) from None
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file is not UTF-8") from None
    except SyntaxError as error:
        if syntax in _MARKED and quoted_triple(path, text):
            raise _quoted(path, text) from None
        raise UsageError(f"{path}:{error.lineno or 1}:{error.offset or 1}: {parser_reason(str(error.msg))}") from None


_MARKED = frozenset({ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES, ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG})


class _QuotedError(Exception):
    """A file has a triple about a triple."""


def _quoted(path: str, text: str) -> UsageError:
    """Say where a file quotes a triple; the whole file where its syntax has another way to write one."""
    marked = SYNTAXES[Path(path).suffix.lower()] in _MARKED
    place = quoted_triple(path, text) if marked else None
    return UsageError(f"{place or path}: {REFUSAL}; {ADVICE}")


def _marked(data: bytes, mark: str) -> bytes:
    """Mark the labels of blank nodes in N-Triples: a label is the file's own."""
    if b"_:" not in data:
        return data
    return _BLANK.sub(b"_:" + mark.encode() + b"n", data)


def _closeness(statement: PlacedStatement, path: str | None, value: str | None) -> int:
    same_value = value is not None and str(statement.object) == value
    if path is not None and str(statement.predicate) == path:
        return 3 if same_value or value is None else 1
    return 2 if same_value and (path is not None or statement.predicate != RDF_TYPE) else 0


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in re.finditer(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[{]|[\]}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        deepest = max(deepest, depth)
    return deepest
