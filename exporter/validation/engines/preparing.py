"""Shapes as an engine is given them: the same meaning, said so that this engine gets it right.

What an engine only gets wrong in one way of writing is written in another one here; what it gets wrong in every way is a row of `features`.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from exporter.rdf.lexer import Token, tokens
from exporter.rdf.terms import SH, XSD, Term
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph, to_ntriples
from exporter.validation.shapes.patterns import ShapePatternError, python_pattern, rust_pattern
from exporter.validation.shapes.queries import QUERIES, declared_prefixes

Statement = tuple[Term, Term, Term]

_SWITCHES = frozenset(SH + name for name in ("uniqueLang", "closed", "deactivated", "qualifiedValueShapesDisjoint", "optional"))
_QUERIES = frozenset(SH + name for name in QUERIES)
_TRUE = Literal("true", datatype=NamedNode(XSD + "boolean"))
_FALSE = Literal("false", datatype=NamedNode(XSD + "boolean"))


def prepared(shapes: ShapesGraph, engine: str) -> bytes:
    """Write the shapes as N-Triples for an engine."""
    return to_ntriples(_statements(shapes, engine))


def _statements(shapes: ShapesGraph, engine: str) -> Iterator[Statement]:
    for triple in shapes.triples:
        if not (isinstance(triple.subject, NamedNode) and triple.subject.value.startswith(SH)):
            # A copy of SHACL's vocabulary would declare what engines have a second time.
            yield from _written(shapes, triple, engine)
    for shape in shapes.shapes:
        if shapes.is_class(shape) and isinstance(shape, NamedNode):
            # Each engine knows an implicit class target (SHACL, section 2.1.3.3) by another type.
            yield shape, NamedNode(SH + "targetClass"), shape


def _written(shapes: ShapesGraph, triple: PlacedTriple, engine: str) -> Iterator[Statement]:
    name, value = triple.predicate.value, triple.object
    if name == SH + "sparql" and shapes.switched_on(value, "deactivated"):
        return
    if name == SH + "flags" and shapes.about(triple.subject, SH + "pattern"):
        return
    if name == SH + "pattern" and isinstance(value, Literal):
        value = Literal(_pattern(shapes, triple, value.value, engine))
    elif name in _SWITCHES and isinstance(value, Literal):
        # A switch is on where its value is the term `true`; "1" is equal in value and another term, which rdflib can't tell.
        value = _TRUE if value == _TRUE else _FALSE if value.datatype.value == XSD + "boolean" else value
    elif name in _QUERIES and isinstance(value, Literal):
        if triple.subject in shapes.idle_validators:
            return
        query = _query(value.value) if engine == "pyshacl" else value.value
        value = Literal(_prologue(shapes, triple.subject) + query)
    elif name == SH + "prefixes":
        return
    yield triple.subject, triple.predicate, value


def _pattern(shapes: ShapesGraph, triple: PlacedTriple, pattern: str, engine: str) -> str:
    flags = next((term.value for term in shapes.values(triple.subject, "flags") if isinstance(term, Literal)), "")
    try:
        return rust_pattern(pattern, flags) if engine == "shacl" else python_pattern(pattern, flags)
    except ShapePatternError:
        return pattern  # the engine says what it thinks of it


_JUDGED = ("MINUS", "VALUES", "SERVICE", "SELECT")
_SUSPICIOUS = ("AS", "PATH", *_JUDGED)


def _prologue(shapes: ShapesGraph, subject: Term) -> str:
    """Write the prefixes that `sh:prefixes` gives: no engine follows every import."""
    return "".join(f"PREFIX {prefix}: <{space}> " for prefix, space in declared_prefixes(shapes, subject).items())


def _query(text: str) -> str:
    """Write a query so that pySHACL, which looks for words and variables with regular expressions, finds them.

    A space stands before every variable, comments are gone, and a letter of a name that only looks like a keyword is an escape.
    """
    parts = []
    end = 0
    for token in tokens(text):
        # A language or a datatype must stay with its string.
        parts.append(" " * (token.start > end or token.kind == "var") + _harmless(token))
        end = token.end
    return "".join(parts)


def _harmless(token: Token) -> str:
    if token.kind in {"word", "open", "close", "punct", "number", "lang"}:
        return token.text
    if token.kind == "var" and token.text[1:] in {"this", "value", "PATH", "shapesGraph", "currentShape"}:
        return token.text
    text = token.text
    for word in _SUSPICIOUS:
        at = text.upper().find(word.upper())
        while at >= 0:
            text = f"{text[:at]}\\u{ord(text[at]):04x}{text[at + 1 :]}"
            at = text.upper().find(word.upper(), at + 6)
    return text.replace("#", "\\u0023") if token.kind == "iri" else text
