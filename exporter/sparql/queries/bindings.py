"""Values bound to a query's variables before it runs.

A value is a term from beginning to end and is never read as SPARQL: it goes into the query as one row of `VALUES`, written by the term
itself. `substitutions=` of pyoxigraph (SEP-0007) would bind it too, but only a variable that SELECT projects, and a parameter mostly
stands in a FILTER. A `VALUES` in each group that names the variable reaches every FILTER, and joins of equal rows change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exporter.rdf.lexer import Token
from exporter.rdf.terms import Term
from exporter.sparql.queries.text import QueryText, refuse
from exporter.text import enumerate_names, nearest


def bind(query: QueryText, bindings: Mapping[str, str]) -> str:
    """Give the text of the query with each variable of `bindings` bound to its term, in N-Triples syntax.

    >>> from pyoxigraph import Literal
    >>> bind(QueryText("ASK { ?s ?p ?o FILTER(?o > ?n) }"), bindings_text({"n": Literal(3)}))
    'ASK { VALUES ?n { "3"^^<http://www.w3.org/2001/XMLSchema#integer> } ?s ?p ?o FILTER(?o > ?n) }'

    Raises `RefusedError` for a name that the query doesn't have.
    """
    if not bindings:
        return query.text
    groups = _groups(query.tokens)
    _check_names(query, bindings)
    parts: list[str] = []
    last = 0
    for brace, names in groups:
        rows = "".join(f" VALUES ?{name} {{ {bindings[name]} }}" for name in sorted(names & bindings.keys()))
        parts += [query.text[last : brace.end], rows]
        last = brace.end
    return "".join(parts) + query.text[last:]


def bindings_text(bindings: Mapping[str, Term]) -> dict[str, str]:
    """Write terms in N-Triples syntax, as `bind` takes them."""
    return {name: str(term) for name, term in bindings.items()}


def _check_names(query: QueryText, bindings: Mapping[str, str]) -> None:
    names = {token.text[1:] for token in query.tokens if token.kind == "var"}
    for name in bindings:
        if name not in names:
            near = nearest(name, names)
            advice = f"did you mean {near}?" if near else f"it has {enumerate_names(sorted(names), 'and')}" if names else None
            raise refuse("QUERY-PARAMETER", query.end(), f"the query has no variable ?{name}", advice)


@dataclass(slots=True)
class _Scope:
    """An open bracket: what it holds, and the variables that stand in it."""

    holds: str
    names: set[str]


def _groups(words: tuple[Token, ...]) -> list[tuple[Token, set[str]]]:
    """List the groups of patterns, each with the variables that stand directly in it.

    A variable outside the groups (in SELECT, GROUP BY, a template) counts for the outermost group of its query or subquery.
    """
    found: list[tuple[Token, set[str]]] = []
    stack = [_Scope("query", set())]
    for index, token in enumerate(words):
        if token.kind == "open":
            stack.append(_open(words, index, stack[-1]))
            if stack[-1].holds == "group" and token.text == "{":
                found.append((token, stack[-1].names))
        elif token.kind == "close" and len(stack) > 1:
            stack.pop()
        elif token.kind == "var":
            stack[-1].names.add(token.text[1:])
    return found


def _open(words: tuple[Token, ...], index: int, parent: _Scope) -> _Scope:
    if words[index].text != "{":
        return _Scope(parent.holds, parent.names)
    if words[index - 1].upper == "CONSTRUCT":
        return _Scope("template", parent.names)
    if index + 1 < len(words) and words[index + 1].upper == "SELECT":
        return _Scope("query", set())
    if _is_data(words, index):
        return _Scope("data", set())
    return _Scope("group", parent.names if parent.holds == "query" else set())


def _is_data(words: tuple[Token, ...], index: int) -> bool:
    """Tell the block of rows of `VALUES ?x {` and `VALUES (?x ?y) {`."""
    at = index - 1
    while at > 0 and (words[at].kind == "var" or words[at].text in {"(", ")"}):
        at -= 1
    return words[at].upper == "VALUES"
