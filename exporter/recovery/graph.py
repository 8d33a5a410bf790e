"""A graph as recovery asks it: what is said of a subject, by property, and the items of RDF lists."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Statement, Subject, Term

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


def _position(term: Term) -> tuple[str, int]:
    """The place of a resource in its list, by the end of its fragment: `#author`, `#author/2`."""
    if not isinstance(term, NamedNode) or "#" not in term.value:
        return "", 0
    match = _POSITION.search(term.value)
    return (term.value[: match.start()], int(match[1])) if match else (term.value, 1)
