"""The predicates that a SPARQL query in a shape can see, where it names them all (SPARQL 1.1, section 18.2.2).

A query meets the graph in its triple patterns and property paths, and nowhere else once `GRAPH`, `FROM` and `SERVICE` are out. A pattern
whose predicate is an IRI sees triples of this predicate; a path sees those of the IRIs in it. Four things see more: a variable as
predicate, a negated property set (`!ex:p`), and the paths `ex:p*` and `ex:p?`, which hold between every node of the graph and itself.
So the IRIs of a query that has none of the four are all that it can see; those that are no predicates only make the answer larger.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from exporter.rdf.lexer import Token, tokens
from exporter.rdf.terms import RDF_TYPE, Term
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.queries import declared_prefixes

_UNSURE = frozenset(
    (
        *("GRAPH", "SERVICE", "FROM", "DESCRIBE", "CONSTRUCT", "BASE"),
        # What these give may depend on the order in which a store gives its triples, or on nothing at all.
        *("LIMIT", "OFFSET", "REDUCED", "SAMPLE", "GROUP_CONCAT", "SUM", "AVG", "RAND", "NOW", "UUID", "STRUUID", "BNODE"),
    )
)
_MOST = 40
"""How many variables a query may have that is tried out: each is parsed once."""


class SeesMoreError(Exception):
    """A query may see more than it names; the text says why."""


def seen_predicates(shapes: ShapesGraph, holder: Term, query: Term, path: Sequence[str]) -> frozenset[str]:
    """Give what `query`, a value of `sh:select` or `sh:ask` of `holder`, can see: IRIs in N-Triples syntax.

    `path` are those that stand in the place of `$PATH`. Raises `SeesMoreError` for a query that may see more than it names.
    """
    text = query.value if isinstance(query, Literal) else ""
    read = list(tokens(text))
    if ("\\" in text and any("\\" in token.text for token in read if token.kind != "string")) or "\\u" in text or "\\U" in text:
        raise SeesMoreError("its query has escapes")
    for token in read:
        if token.kind == "word" and token.upper in _UNSURE:
            raise SeesMoreError(f"its query has {token.upper}")
        if token.kind == "var" and token.text[1:] in {"shapesGraph", "currentShape"}:
            raise SeesMoreError(f"its query has {token.text}")
    _refuse_open_paths(read)
    prefixes = declared_prefixes(shapes, holder)
    _refuse_variable_predicates(text, read, prefixes)
    named = frozenset(_named(read, prefixes))
    return named | frozenset(path) if _has_path(read) else named


def _has_path(read: Sequence[Token]) -> bool:
    return any(token.kind == "var" and token.text[1:] == "PATH" for token in read)


def _refuse_open_paths(read: Sequence[Token]) -> None:
    before = [Token("space", "", 0), Token("space", "", 0), *read]
    for (first, second), token, after in zip(pairwise(before), read, [*read[1:], Token("space", "", 0)], strict=False):
        counts = second.upper in {"SELECT", "DISTINCT"} or (second.text == "(" and first.upper == "COUNT")
        if token.kind != "punct":
            continue
        if token.text == "?" or (token.text == "*" and not counts):
            raise SeesMoreError(f"its query has a {token.text!r} that may belong to a path")
        if token.text == "!" and (after.kind in {"iri", "pname"} or after.text in {"(", "^", "a"}):
            raise SeesMoreError("its query has a '!' that may belong to a path")


def _refuse_variable_predicates(text: str, read: Sequence[Token], prefixes: Mapping[str, str]) -> None:
    """Find a variable in the place of a predicate: the only place where `^<p:p>`, a path, can stand in its stead."""
    variables = [token for token in read if token.kind == "var"]
    if len(variables) > _MOST:
        raise SeesMoreError("its query has many variables")
    if not _parses(_replaced(text, variables, None), prefixes):
        raise SeesMoreError("its query can't be read")
    if any(_parses(_replaced(text, variables, token), prefixes) for token in variables if token.text[1:] != "PATH"):
        raise SeesMoreError("a variable stands for a property in its query")


def _replaced(text: str, variables: Sequence[Token], tried: Token | None) -> str:
    parts, end = [], 0
    for token in variables:
        if token is tried or token.text[1:] == "PATH":
            parts += [text[end : token.start], " ^<p:p> " if token is tried else " <p:p> "]
            end = token.end
    return "".join((*parts, text[end:]))


def _parses(text: str, prefixes: Mapping[str, str]) -> bool:
    try:
        ox.Store().query(text, prefixes=dict(prefixes))
    except SyntaxError:
        return False
    except (OSError, ValueError, RuntimeError):
        return True  # it is SPARQL, and can't be run on an empty store
    return True


def _named(read: Sequence[Token], prefixes: Mapping[str, str]) -> Iterator[str]:
    """Yield the IRIs of a query as it names them."""
    known = dict(prefixes)
    for index, token in enumerate(read):
        if token.kind == "pname" and index and read[index - 1].upper == "PREFIX" and index + 1 < len(read):
            known[token.text[:-1]] = read[index + 1].text[1:-1]
        elif token.kind == "pname":
            prefix, _, local = token.text.partition(":")
            if prefix not in known:
                raise SeesMoreError(f"its query has the prefix {prefix}:, which is not declared")
            yield _term(known[prefix] + local)
        elif token.kind == "iri":
            yield _term(token.text[1:-1])
        elif token.kind == "word" and token.text == "a":
            yield str(RDF_TYPE)


def _term(iri: str) -> str:
    try:
        return str(NamedNode(iri))
    except ValueError:
        raise SeesMoreError(f"its query has {iri!r}, a relative IRI") from None
