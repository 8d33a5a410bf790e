"""RDF files as the data of a run, taken as they are, and where a statement stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from exporter.errors import UsageError
from exporter.ontology.positions import PlacedStatement, TurtlePositions, turtle_positions
from exporter.problems import Location
from exporter.validation.results import Result
from exporter.validation.shapes import to_ntriples

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
_PLACED = (ox.RdfFormat.TURTLE, ox.RdfFormat.N_TRIPLES)
_BASE = "https://w3id.org/owltype/local/"
_DEEPEST_JSON = 200
"""Oxigraph's JSON-LD parser overflows the stack at some thousand levels."""


def is_rdf(path: str) -> bool:
    """Tell an RDF file by its name.

    >>> is_rdf("graph.ttl"), is_rdf("page.md")
    (True, False)
    """
    return Path(path).suffix.lower() in SYNTAXES


@dataclass(eq=False)
class RdfFile:
    """A file of triples; a dataset's graphs are taken together."""

    path: str
    text: str
    data: bytes

    @cached_property
    def _positions(self) -> TurtlePositions | None:
        if SYNTAXES[Path(self.path).suffix.lower()] not in _PLACED:
            return None
        try:
            return turtle_positions(self.text, _BASE + Path(self.path).name)
        except ValueError:
            return None

    @cached_property
    def _by_subject(self) -> dict[str, list[PlacedStatement]]:
        found: dict[str, list[PlacedStatement]] = {}
        for statement in self._positions.statements if self._positions else ():
            found.setdefault(str(statement.subject), []).append(statement)
        return found

    def locate(self, result: Result) -> Location | None:
        """Say where a result stands: its value, else the property, else the focus node; None where the file has none of it."""
        statements = self._by_subject.get(result.focus_node)
        if self._positions is None or not statements:
            return Location(self.path) if result.focus_node.encode() + b" " in self.data else None
        best = max(statements, key=lambda statement: _closeness(statement, result))
        closeness = _closeness(best, result)
        span = best.object_span if closeness > 1 else best.predicate_span if closeness else statements[0].subject_span
        return self._positions.location(self.path, span)


def read_rdf(path: str) -> RdfFile:
    """Read an RDF file; raises UsageError with the place of what can't be read."""
    syntax = SYNTAXES[Path(path).suffix.lower()]
    try:
        text = Path(path).read_bytes().decode("utf-8-sig")
        if syntax is ox.RdfFormat.JSON_LD and _depth(text) > _DEEPEST_JSON:
            raise UsageError(f"{path}: the JSON is nested more than {_DEEPEST_JSON} levels deep")
        quads = ox.parse(text.encode(), format=syntax, base_iri=_BASE + Path(path).name)
        return RdfFile(path, text, to_ntriples((q.subject, q.predicate, q.object) for q in quads))
    except OSError as error:
        raise UsageError(f"{path}: {(error.strerror or str(error)).lower()}") from None
    except UnicodeDecodeError:
        raise UsageError(f"{path}: the file is not UTF-8") from None
    except SyntaxError as error:
        raise UsageError(f"{path}:{error.lineno or 1}:{error.offset or 1}: {error.msg}") from None


def _closeness(statement: PlacedStatement, result: Result) -> int:
    same_value = result.value is not None and str(statement.object) == result.value
    if result.path is not None and str(statement.predicate) == result.path:
        return 3 if same_value or result.value is None else 1
    return 2 if same_value else 0


def _depth(text: str) -> int:
    depth = deepest = 0
    for mark in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        deepest = max(deepest, depth)
    return deepest
