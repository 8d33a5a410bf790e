"""The SPARQL inside shapes: what would leave the machine, what SHACL forbids there, and what is not SPARQL at all.

Every judgement is on terminals, so `ex:from`, `?service`, the word MINUS in a string or a comment are what they are in SPARQL: names and
text. An engine may read escapes before it reads terminals (SPARQL 1.1, section 19.2), so texts with escapes are judged in both forms.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox
from pyoxigraph import NamedNode

from exporter.problems import Location
from exporter.rdf.lexer import Token, place, tokens
from exporter.rdf.remote import is_service
from exporter.rdf.terms import OWL, SH, Term
from exporter.sparql.queries.syntax import syntax_problem
from exporter.sparql.queries.text import QueryText
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph

Finding = tuple[str, Location, str, str]
"""Code, place, message, advice."""

QUERIES = ("select", "ask", "construct", "update")
"""The properties whose values are SPARQL."""

_MAX_DEPTH = 200
"""Oxigraph's parser overflows the stack somewhere above 1,500 nested brackets."""
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_PREFIX = re.compile(r"(?:[^\W\d_](?:[\w.\-\u00b7]*[\w\-\u00b7])?)?")
_NAMESPACE = re.compile(r'[^<>"{}|^`\\\x00-\x20]*')
_BOUND = frozenset({"this", "shapesGraph", "currentShape", "PATH"})
"""Variables that SHACL binds before a query runs (section 5.3.1)."""


def check_queries(shapes: ShapesGraph) -> Iterator[Finding]:
    """Check every SPARQL text of the shapes, and the prefixes that are declared for them."""
    yield from _check_prefixes(shapes)
    targets = {triple.object for triple in shapes.triples if triple.predicate.value == SH + "target"}
    for triple in shapes.triples:
        name = triple.predicate.value.removeprefix(SH)
        if triple.predicate.value.startswith(SH) and name in QUERIES and isinstance(triple.object, ox.Literal):
            query = _Query(shapes, triple, name, prebound=triple.subject not in targets and name != "update")
            if triple.subject in shapes.idle_validators:
                yield from _first(_check_remote(query))
                continue
            yield from _first(_check_remote(query), _check_forbidden(query), _check_star(query), _check_depth(query), _check_syntax(query))


def projection(text: str) -> Iterator[Token]:
    """Give the terminals between the first SELECT and its pattern.

    >>> [token.text for token in projection("SELECT $this (COUNT(?x) AS ?n) WHERE { $this ?p ?x }")][:2]
    ['$this', '(']
    """
    within = False
    for token in tokens(text):
        if within and (token.text == "{" or token.upper == "WHERE"):
            return
        if within:
            yield token
        within = within or token.upper == "SELECT"


def unescaped(text: str) -> str:
    r"""Replace codepoint escapes, as an engine may do before anything else.

    >>> unescaped(r"\u0053ERVICE")
    'SERVICE'
    """
    return _ESCAPE.sub(_character, text)


def _character(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else match[0]


@dataclass(frozen=True)
class _Query:
    """One text: which property it is the value of, and whether SHACL binds variables in it before it runs."""

    shapes: ShapesGraph
    triple: PlacedTriple
    name: str
    prebound: bool

    @cached_property
    def text(self) -> str:
        return self.triple.object.value if isinstance(self.triple.object, ox.Literal) else ""

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return tuple(tokens(self.text))

    @cached_property
    def readings(self) -> tuple[tuple[Token, ...], ...]:
        """The terminals as they stand, and, where there are escapes, as they are after these have been read."""
        plain = unescaped(self.text)
        return (self.tokens,) if plain == self.text else (self.tokens, tuple(tokens(plain)))

    @cached_property
    def prefixes(self) -> dict[str, str]:
        return declared_prefixes(self.shapes, self.triple.subject)

    @property
    def bound(self) -> frozenset[str]:
        return _BOUND | {"value"} if self.name == "ask" else _BOUND

    def at(self, token: Token) -> Location:
        return inside(self.triple.object_at, self.text, token.start, token.end)


def _first(*checks: Iterator[Finding]) -> Iterator[Finding]:
    """Give the finding of the first check that has one: what follows from it is not worth a word."""
    for check in checks:
        found = next(check, None)
        if found is not None:
            yield found
            return


def inside(literal: Location, text: str, start: int, end: int) -> Location:
    r"""Say where characters of a literal's text stand in its file; the literal's own place where escapes make that unknown.

    >>> str(inside(Location("s.ttl", 4, 10, 6, 7), "\nASK {\n?s", 8, 10))
    's.ttl:6:2'
    """
    first, last = place(text, start), place(text, end)
    quotes = _quotes(literal, text)
    if literal.end_line is None or quotes is None:
        return literal
    shift = literal.column - 1 + quotes
    return Location(
        literal.path,
        literal.line + first.line - 1,
        first.column + (shift if first.line == 1 else 0),
        literal.line + last.line - 1,
        last.column + (shift if last.line == 1 else 0),
    )


def _quotes(literal: Location, text: str) -> int | None:
    """Say how many quotation marks a literal begins with; None where it has escapes or a datatype, and places in it can't be told."""
    if literal.end_line is None or literal.end_column is None or literal.end_line - literal.line != text.count("\n"):
        return None
    if "\n" in text:
        return 3
    return {2: 1, 6: 3}.get(literal.end_column - literal.column - len(text))


def _check_remote(query: _Query) -> Iterator[Finding]:
    for reading in query.readings:
        for index, token in enumerate(reading):
            word = "SERVICE" if is_service(reading, index) else token.upper if token.kind == "word" else ""
            if word in {"SERVICE", "FROM", "LOAD"}:
                where = query.at(token) if reading is query.tokens else query.triple.object_at
                message = f"the query has {word}, which would leave the machine; nothing is ever fetched"
                yield "SHAPES-SERVICE", where, message, f"remove {word}"


def _check_forbidden(query: _Query) -> Iterator[Finding]:
    """What a query with variables that SHACL binds must not have (section 5.3.1)."""
    if not query.prebound:
        return
    words = query.tokens
    for index, token in enumerate(words):
        following = words[index + 1] if index + 1 < len(words) else None
        if token.kind != "word" or following is None:
            continue
        advice = "write it with FILTER NOT EXISTS or UNION"
        if token.upper in {"MINUS", "VALUES"}:
            yield "SHAPES-SPARQL", query.at(token), f"the query has {token.upper}, which SHACL does not allow", advice
        elif token.upper == "AS" and following.kind == "var" and following.text[1:] in query.bound:
            message = f"the query has AS {following.text}, and SHACL binds that variable itself"
            yield "SHAPES-SPARQL", query.at(token), message, "use another name after AS"
        elif token.upper == "SELECT" and index and words[index - 1].text == "{" and not _gives_this(words[index + 1 :]):
            message = "a nested SELECT does not give $this, which SHACL asks for"
            yield "SHAPES-SPARQL", query.at(token), message, "add $this to its variables"


def _gives_this(words: tuple[Token, ...]) -> bool:
    for token in words:
        if token.text == "{" or token.upper == "WHERE":
            return False
        if token.text == "*" or token.text in {"$this", "?this"}:
            return True
    return False


def _check_star(query: _Query) -> Iterator[Finding]:
    words = query.tokens
    for index, token in enumerate(words):
        annotation = token.text == "|" and index > 0 and words[index - 1].text == "{"
        if token.text == "<<" or annotation:
            message = "the query has a quoted triple (RDF-star, RDF 1.2), which is not supported"
            yield "SHAPES-SPARQL", query.at(token), message, "ask for the triple itself"


def _check_depth(query: _Query) -> Iterator[Finding]:
    depth = 0
    for token in query.tokens:
        depth += (token.kind == "open") - (token.kind == "close")
        if depth > _MAX_DEPTH:
            message = f"the query is nested more than {_MAX_DEPTH} brackets deep"
            yield "SHAPES-SPARQL", query.at(token), message, "take it apart into several constraints"


def _check_syntax(query: _Query) -> Iterator[Finding]:
    yield from _undeclared(query)
    # `$PATH` stands for a property path that SHACL puts in; a variable of the same length keeps every place.
    text = "".join(_without_path(query))
    store = ox.Store()
    try:
        store.update(text, prefixes=query.prefixes) if query.name == "update" else store.query(text, prefixes=query.prefixes)
    except SyntaxError as error:
        found = syntax_problem(QueryText(text), str(error), query.prefixes)
        where = query.triple.object_at
        start = _offset(text, found.location.line, found.location.column)
        if len(text) == len(query.text):
            where = inside(where, query.text, start, start + 1)
        yield "SHAPES-SPARQL", where, f"the query is not valid SPARQL: {found.message}", found.help or "correct the query"
    except (OSError, ValueError, RuntimeError):
        return


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    return starts[line - 1] + column - 1


def _without_path(query: _Query) -> Iterator[str]:
    done = 0
    for token in query.tokens:
        if token.kind == "var" and token.text[1:] == "PATH":
            yield query.text[done : token.start] + "<p:p>"
            done = token.end
    yield query.text[done:]


def _undeclared(query: _Query) -> Iterator[Finding]:
    known = set(query.prefixes)
    words = query.tokens
    for index, token in enumerate(words):
        if token.kind != "pname":
            continue
        prefix = token.text.partition(":")[0]
        if index and words[index - 1].upper == "PREFIX":
            known.add(prefix)
        elif query.text.startswith("://", token.start + len(prefix)):
            message = f"the IRI at {query.text[token.start :].split()[0]!r} does not stand in angle brackets"
            yield "SHAPES-SPARQL", query.at(token), message, f"write <{query.text[token.start :].split()[0]}>"
        elif prefix not in known:
            space = query.shapes.prefixes.get(prefix, "…")
            message = f"prefix {prefix}: is not declared (sh:prefixes)"
            advice = f"a query does not see the prefixes of the file: use sh:prefixes, or begin it with PREFIX {prefix}: <{space}>"
            yield "SHAPES-SPARQL", query.at(token), message, advice


def _check_prefixes(shapes: ShapesGraph) -> Iterator[Finding]:
    """Check what `sh:declare` declares: it becomes a part of queries, so it must be a name and an IRI and nothing else."""
    for triple in shapes.triples:
        if not isinstance(triple.object, ox.Literal):
            continue
        text = triple.object.value
        if triple.predicate.value == SH + "prefix" and not _PREFIX.fullmatch(text):
            yield (
                "SHAPES-SPARQL",
                triple.object_at,
                f"{text!r} is not a valid prefix name",
                'write the name without the colon: sh:prefix "ex"',
            )
        if triple.predicate.value == SH + "namespace" and not _NAMESPACE.fullmatch(text):
            message = f"{text!r} is not a valid IRI, so no query can use it as a namespace"
            yield "SHAPES-SPARQL", triple.object_at, message, "write the IRI without angle brackets and spaces"


def declared_prefixes(shapes: ShapesGraph, subject: Term) -> dict[str, str]:
    """Give the prefixes that `sh:prefixes` gives a query, imports followed (SHACL, section 5.2.1)."""
    found: dict[str, str] = {}
    homes = shapes.values(subject, "prefixes")
    for home in homes:
        homes.extend(t.object for t in shapes.about(home, OWL + "imports") if t.object not in homes)
        for declared in shapes.values(home, "declare"):
            prefix, namespace = shapes.value(declared, "prefix"), shapes.value(declared, "namespace")
            if isinstance(prefix, ox.Literal) and isinstance(namespace, ox.Literal):
                found[prefix.value] = namespace.value
    if NamedNode(SH) in homes or NamedNode(SH.rstrip("#")) in homes:
        found.setdefault("sh", SH)  # SHACL's own vocabulary declares it, and is never loaded
    return found
