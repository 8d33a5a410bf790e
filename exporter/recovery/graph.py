"""A graph as recovery asks it: what is said of a subject, by property, and the items of RDF lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, Store, Triple

from exporter.errors import UsageError
from exporter.rdf.reading import RdfError, read_rdf_text
from exporter.rdf.syntaxes import known_extensions, syntax_of
from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Statement, Subject, Term
from exporter.text import quote

if TYPE_CHECKING:
    from exporter.rdf.interchange import RdflibGraph

_POSITION = re.compile(r"/([0-9]+)$")


class GraphIndex:
    """The statements of a graph, by subject and property.

    A graph is a set, so the values of a property are in an order of their own, of their texts, and `backward` in the opposite one: what
    is the same both ways has its order from the graph.
    """

    def __init__(self, statements: Iterable[Statement], *, backward: bool = False) -> None:
        self._of: dict[Subject, dict[NamedNode, list[Term]]] = {}
        for s, p, o in dict.fromkeys(statements):
            self._of.setdefault(s, {}).setdefault(p, []).append(o)
        for values in (values for said in self._of.values() for values in said.values() if len(values) > 1):
            values.sort(key=str, reverse=backward)

    def subjects(self) -> Iterable[Subject]:
        """Give the subjects, in the order in which they were first said something of."""
        return self._of

    def about(self, subject: Term) -> Mapping[NamedNode, Sequence[Term]]:
        """Give what is said of a resource, by property."""
        return self._of.get(subject, {}) if not isinstance(subject, Literal) else {}

    def values(self, subject: Term, predicate: NamedNode) -> Sequence[Term]:
        """Give the values of a property of a resource; resources of a list's positions in the order of these."""
        values = self.about(subject).get(predicate, ())
        return sorted(values, key=_position) if len(values) > 1 else values

    def types(self, subject: Term) -> frozenset[str]:
        """Give the IRIs of the classes that a resource is of."""
        return frozenset(term.value for term in self.values(subject, RDF_TYPE) if isinstance(term, NamedNode))

    def items(self, head: Term) -> list[Term]:
        """Give the items of an RDF list; a list that is cut off or goes in a circle ends there."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != RDF_NIL and head not in seen:
            seen.add(head)
            found += self.values(head, RDF_FIRST)[:1]
            head = next(iter(self.values(head, RDF_REST)), RDF_NIL)
        return found


def read_graph(graph: str | Path | RdflibGraph | Store | Iterable[Statement]) -> list[Statement]:
    """Give the statements of an RDF file, or of a graph in memory; raises UsageError for a file that can't be read as RDF."""
    if isinstance(graph, (str, Path)):
        return _read_file(str(graph))
    if isinstance(graph, Store):
        return [(quad.subject, quad.predicate, quad.object) for quad in graph if not isinstance(quad.object, Triple)]
    said: list[Statement] = []
    for s, p, o in graph:
        if isinstance(p, NamedNode):
            said.append((s, p, o))  # type: ignore[arg-type]  # terms of one kind
            continue
        from exporter.rdf.interchange import from_rdflib  # rdflib takes a while to import

        said.append((from_rdflib(s), from_rdflib(p), from_rdflib(o)))  # type: ignore[arg-type]  # terms of one kind
    return said


def _read_file(path: str) -> list[Statement]:
    syntax = syntax_of(path)
    if syntax is None:
        raise UsageError(f"{quote(path)} is not a graph by its name: it ends in {known_extensions()}")
    try:
        return list(read_rdf_text(path, syntax).statements())
    except RdfError as error:
        raise UsageError(str(error)) from None


def _position(term: Term) -> tuple[str, int]:
    """The place of a resource in its list, by the end of its fragment: `#author`, `#author/2`."""
    if not isinstance(term, NamedNode) or "#" not in term.value:
        return "", 0
    match = _POSITION.search(term.value)
    return (term.value[: match.start()], int(match[1])) if match else (term.value, 1)
