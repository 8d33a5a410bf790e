"""The SPARQL inside shapes: what would leave the machine, what SHACL forbids there, and what is no SPARQL at all."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pyoxigraph as ox

from exporter.problems import Location
from exporter.terms import OWL, SH, Term
from exporter.validation.shapes import PlacedTriple, ShapesGraph

Finding = tuple[str, Location, str, str]
"""Code, place, message, advice."""

_QUERIES = tuple(SH + name for name in ("select", "ask", "construct", "update"))
# Strings, IRIs and comments: the words in them are no syntax (SPARQL 1.1, section 19.8).
_QUIET = re.compile(
    r"""\"{3}(?:[^\\]|\\.)*?\"{3}|'{3}(?:[^\\]|\\.)*?'{3}|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|<[^<>\s]*>|#[^\n]*""",
    re.DOTALL,
)
_MAX_BRACES = 200
"""Oxigraph's parser overflows the stack somewhere above 1,500 nested ones."""
_REMOTE = re.compile(r"\b(SERVICE|LOAD|FROM)\b", re.IGNORECASE)
# SHACL, section 5.2.1: what a query with pre-bound variables must not have.
_FORBIDDEN = (
    (re.compile(r"\bMINUS\b", re.IGNORECASE), "MINUS"),
    (re.compile(r"\bVALUES\b", re.IGNORECASE), "VALUES"),
    (re.compile(r"\b(?i:AS)\s+[?$](?:this|shapesGraph|currentShape|PATH)\b"), "AS with a variable that SHACL binds"),
)
_ASK_VALUE = (re.compile(r"\b(?i:AS)\s+[?$]value\b"), "AS with ?value, which SHACL binds")
_NESTED = re.compile(r"\{\s*SELECT\b(?P<variables>[^{]*)", re.IGNORECASE)


def check_queries(shapes: ShapesGraph) -> Iterator[Finding]:
    """Check every SPARQL text of the shapes."""
    for triple in shapes.triples:
        if triple.predicate.value in _QUERIES and isinstance(triple.object, ox.Literal):
            yield from _check_query(shapes, triple, triple.object.value)


def _check_query(shapes: ShapesGraph, triple: PlacedTriple, text: str) -> Iterator[Finding]:
    place = triple.object_at
    bare = _QUIET.sub(lambda match: " " if match[0].startswith("#") else '""', text)
    if remote := _REMOTE.search(bare):
        word = remote[1].upper()
        yield "SHAPES-SERVICE", place, f"the query has {word}, which would leave the machine; nothing is ever fetched", f"take {word} out"
        return
    if triple.predicate.value in _QUERIES[:2]:
        forbidden = (*_FORBIDDEN, _ASK_VALUE) if triple.predicate.value == SH + "ask" else _FORBIDDEN
        for pattern, name in forbidden:
            if pattern.search(bare):
                yield (
                    "SHAPES-SPARQL",
                    place,
                    f"the query has {name}, which SHACL does not allow",
                    "write it with FILTER NOT EXISTS or UNION",
                )
                return
        for nested in _NESTED.finditer(bare):
            if "*" not in nested["variables"] and not re.search(r"[?$]this\b", nested["variables"]):
                yield "SHAPES-SPARQL", place, "a nested SELECT does not give $this, which SHACL asks for", "add $this to its variables"
                return
    if bare.count("{") > _MAX_BRACES:
        yield "SHAPES-SPARQL", place, f"the query has more than {_MAX_BRACES} opening braces", "take it apart into several constraints"
        return
    if reason := _syntax_error(_prologue(shapes, triple.subject) + text, triple.predicate.value == SH + "update"):
        yield "SHAPES-SPARQL", place, f"the query is no SPARQL: {reason}", "mend it; prefixes come from sh:prefixes"


def _prologue(shapes: ShapesGraph, subject: Term) -> str:
    """The prefixes that `sh:prefixes` give a query, imports followed (SHACL, section 5.2.1.1)."""
    lines: list[str] = []
    homes = shapes.values(subject, "prefixes")
    for home in homes:
        homes.extend(t.object for t in shapes.about(home, OWL + "imports") if t.object not in homes)
        for declared in shapes.values(home, "declare"):
            prefix, namespace = shapes.value(declared, "prefix"), shapes.value(declared, "namespace")
            if isinstance(prefix, ox.Literal) and isinstance(namespace, ox.Literal):
                lines.append(f"PREFIX {prefix.value}: <{namespace.value}> ")
    return "".join(dict.fromkeys(lines))


def _syntax_error(text: str, update: bool) -> str | None:
    store = ox.Store()
    # `$PATH` stands for a property path that SHACL puts in.
    text = re.sub(r"[?$]PATH\b", "<urn:path>", text)
    try:
        store.update(text) if update else store.query(text)
    except SyntaxError as error:
        return " ".join(str(error.msg).split())
    except (OSError, ValueError, RuntimeError):
        return None
    return None
