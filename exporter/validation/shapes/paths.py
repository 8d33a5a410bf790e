"""SHACL property paths (https://www.w3.org/TR/shacl/#property-paths) written in SPARQL's syntax, one way for every engine."""

from __future__ import annotations

from typing import Protocol

from pyoxigraph import NamedNode

from exporter.rdf.terms import Term

_SUFFIXES = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


class PathSource(Protocol):
    """What a path is read from: a graph with `sh:` properties and lists."""

    def value(self, subject: Term, name: str) -> Term | None:
        """Give the first value of `sh:name`."""
        ...

    def items(self, head: Term) -> list[Term]:
        """Give a list's items; none where `head` is not a list."""
        ...


def format_path(graph: PathSource, node: Term, *, nested: bool = False) -> str:
    """Write the path that starts at `node`; a sequence or alternative inside another path stands in parentheses.

    A node that is a list is a sequence, whatever else is said of it (SHACL, section 2.3.1.2).
    """
    if items := graph.items(node):
        return _joined(graph, items, "/", nested)
    if (inner := graph.value(node, "inversePath")) is not None:
        return "^" + format_path(graph, inner, nested=True)
    if (alternatives := graph.value(node, "alternativePath")) is not None:
        return _joined(graph, graph.items(alternatives), "|", nested)
    for name, suffix in _SUFFIXES.items():
        if (inner := graph.value(node, name)) is not None:
            return format_path(graph, inner, nested=True) + suffix
    return str(node)


def _joined(graph: PathSource, parts: list[Term], separator: str, nested: bool) -> str:
    text = separator.join(format_path(graph, part, nested=True) for part in parts)
    return f"({text})" if nested else text


def path_predicates(graph: PathSource, node: Term) -> list[NamedNode]:
    """Give every predicate that a path mentions, in its order."""
    parts = graph.items(node) or graph.items(graph.value(node, "alternativePath") or node)
    if not parts:
        parts = [inner for name in ("inversePath", *_SUFFIXES) if (inner := graph.value(node, name)) is not None]
    if parts:
        return [predicate for part in parts for predicate in path_predicates(graph, part)]
    return [node] if isinstance(node, NamedNode) else []


def path_steps(graph: PathSource, node: Term) -> list[tuple[frozenset[str], bool]]:
    """Read a path as steps forward: at each the predicates that lead on (N-Triples syntax), and whether they may be repeated.

    Good enough to find places in one record: an inverse step leads to another record and counts as none, and an alternative of longer
    paths is taken for an alternative of all their predicates, repeated.
    """
    if items := graph.items(node):
        return [step for item in items for step in path_steps(graph, item)]
    if graph.value(node, "inversePath") is not None:
        return []
    repeated = any(graph.value(node, name) is not None for name in _SUFFIXES)
    predicates = frozenset(str(predicate) for predicate in path_predicates(graph, node))
    return [(predicates, repeated or len(predicates) > 1)] if predicates else []
