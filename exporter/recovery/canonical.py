"""Graphs side by side: what is said in both, whatever other programs have made of lists, labels and the notation of numbers."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TypeAlias

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import OWL, RDF, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, XSD, Statement, Term, make_list
from exporter.recovery.graph import GraphIndex

Key: TypeAlias = tuple[object, ...]
"""A statement as it is compared: a list by its items, a literal by its value."""

_WHOLE = frozenset(XSD + name for name in ("decimal", "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"))
_FLOATING = frozenset({XSD + "double", XSD + "float"})


class ComparedGraph:
    """The statements of a graph by their keys, each as the graph says it; the cells of lists are in the statement that has the list."""

    def __init__(self, statements: Iterable[Statement]) -> None:
        said = [statement for statement in statements if not _is_declaration(statement)]
        self._index = GraphIndex(said)
        cells = {s for s, p, _ in said if p in {RDF_FIRST, RDF_REST} and isinstance(s, BlankNode)}
        self.said: dict[Key, Statement] = {}
        self.about: dict[str, list[Key]] = {}
        for s, p, o in said:
            if s not in cells and (key := (str(s), p.value, self._key(o))) not in self.said:
                self.said[key] = (s, p, o)
                self.about.setdefault(str(s), []).append(key)

    @staticmethod
    def leaves_out(statement: Statement) -> bool:
        """Whether a statement is not compared: it declares a term for OWL, as Protégé writes of each, and says nothing of records."""
        return _is_declaration(statement)

    def _key(self, term: Term) -> object:
        if isinstance(term, Literal):
            return _value(term), term.datatype.value, (term.language or "").lower()
        if term == RDF_NIL or (isinstance(term, BlankNode) and self._index.values(term, RDF_FIRST)):
            return "list", tuple(self._key(item) for item in self._index.items(term))
        return str(term)

    def statements(self, key: Key, mark: str) -> Iterator[Statement]:
        """Yield a statement, with the cells of its list, whose labels begin with `mark`."""
        s, p, o = self.said[key]
        if not isinstance(o, BlankNode) or not self._index.values(o, RDF_FIRST):
            yield s, p, o
            return
        head, cells = make_list(self._index.items(o), mark)
        yield s, p, head
        for cell, pairs in cells:
            yield from ((cell, predicate, value) for predicate, value in pairs)


def with_known_notation(wanted: ComparedGraph, known: ComparedGraph) -> list[Statement]:
    """Give the statements of a graph; those that another says too, in the notation that they have there."""
    found: list[Statement] = []
    for number, key in enumerate(wanted.said):
        found += known.statements(key, f"k{number}") if key in known.said else wanted.statements(key, f"w{number}")
    return found


def show(statement: Statement, prefixes: Mapping[str, str]) -> str:
    """Write a statement for a person, its terms with the prefixes of the ontology."""
    subject, predicate, value = statement
    return " ".join(
        (
            "a blank node" if isinstance(subject, BlankNode) else _shown(subject, prefixes),
            _shown(predicate, prefixes),
            "with a list" if isinstance(value, BlankNode) else _shown(value, prefixes),
        )
    )


def _shown(term: Term, prefixes: Mapping[str, str]) -> str:
    if isinstance(term, NamedNode):
        for prefix, space in prefixes.items():
            if term.value.startswith(space) and term.value[len(space) :].isidentifier():
                return f"{prefix}:{term.value[len(space) :]}"
    text = str(term)
    return text if len(text) <= 200 else f"{text[:200]}…"


def _is_declaration(statement: Statement) -> bool:
    """Whether a statement declares a term for OWL, as Protégé writes of each: of records it says nothing."""
    _, predicate, value = statement
    return predicate == RDF_TYPE and isinstance(value, NamedNode) and value.value.startswith(OWL) and value.value != OWL + "Thing"


def _value(term: Literal) -> object:
    """Give the value of a literal where other programs may write it otherwise, and its characters else."""
    text, datatype = term.value, term.datatype.value
    try:
        if datatype in _WHOLE:
            return Decimal(text).normalize() + 0
        if datatype in _FLOATING:
            return "NaN" if text == "NaN" else float(text.replace("INF", "inf"))
        if datatype == XSD + "dateTime":
            return datetime.fromisoformat(text).isoformat()
        if datatype == RDF + "JSON":
            return json.dumps(json.loads(text), sort_keys=True)
    except (ValueError, InvalidOperation, RecursionError):
        return text
    return {"1": "true", "0": "false"}.get(text, text) if datatype == XSD + "boolean" else text
