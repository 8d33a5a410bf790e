"""RDF files as the data of a run, taken as they are, and where a statement stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from exporter.errors import UsageError
from exporter.problems import Location, Problem
from exporter.rdf.base import file_iri
from exporter.rdf.blank_nodes import pair_blank_nodes
from exporter.rdf.compression import read_unpacked
from exporter.rdf.places import PlacedStatement, PlacedText, Span, walk
from exporter.rdf.reading import RdfError, read_rdf_text
from exporter.rdf.syntaxes import Syntax, syntax_of
from exporter.rdf.terms import RDF_TYPE, Subject, Term
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import to_ntriples

_BLANK = re.compile(rb"(?m)^_:|(?<= )_:(?=[^ ]+ \.$)")
"""Where a blank node's label begins, as subject or object; no literal ends without its quotes, a tag or a datatype."""
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

    @cached_property
    def _positions(self) -> PlacedText | None:
        return walk(self.text, _syntax(self.path), file_iri(self.path))

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

    def locate(self, result: ValidationResult) -> Location | None:
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

    def bearers(self, focus_node: str, path: str, predicate: str, value: str) -> list[str]:
        """Give the nodes that have a value at a property: those to which `path` leads from the focus node, else all."""
        said = re.compile(rb"(?m)^(\S+) " + re.escape(f"{predicate} {value} .".encode()) + b"$")
        nodes = [match[1].decode() for match in said.finditer(self.data)]
        return [node for node in nodes if f"{focus_node} {path} {node} .\n".encode() in self.data] or nodes

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


def read_rdf(path: str, mark: str = "f0", data: bytes | None = None) -> RdfFile:
    """Read an RDF file, or `data` in its stead, blank nodes with labels that begin with `mark`.

    Raises UsageError with the place of what can't be read.
    """
    try:
        read = read_rdf_text(path, _syntax(path), None if data is None else read_unpacked(path, data))
        return RdfFile(path, read.text, _marked(to_ntriples(read.statements()), mark), mark)
    except OSError as error:
        raise _unreadable(Location(path), f"the file can't be read: {(error.strerror or str(error)).lower()}") from None
    except RdfError as error:
        raise _unreadable(error.place, error.message, error.advice) from None


def _unreadable(place: Location, message: str, advice: str | None = None) -> UsageError:
    return UsageError(f"{place}: {message}", [Problem("READ-RDF", place, message, help=advice)])


def _syntax(path: str) -> Syntax:
    found = syntax_of(path)
    assert found is not None  # what is not RDF by its name is read as a record
    return found


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
