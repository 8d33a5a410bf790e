"""Literals that an engine judges otherwise than XML Schema does: where shapes ask for their form or their order, and data has them.

The fast engine holds seconds and numbers with 18 digits after the point, knows the form of few datatypes, and orders neither years, months
nor most durations. What it thinks of a form is asked of the engine itself, about the literals that are written in an unusual way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from exporter.language.datatypes import LEXICAL, is_ill_typed
from exporter.problems import Location
from exporter.rdf.lexer import tokens
from exporter.rdf.terms import SH, XSD, Term
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph
from exporter.validation.shapes.queries import declared_prefixes

_ZONE = r"(?:Z|[+-](?:0\d|1[0-3]):[0-5]\d)?"
_DATE = r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])"
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?"
_NUMBER = r"-?\d{1,15}(?:\.\d{1,15})?"
_USUAL = {
    "integer": r"-?\d{1,18}",
    **dict.fromkeys(("int", "long", "unsignedInt", "unsignedLong"), r"\d{1,9}"),
    **dict.fromkeys(("nonNegativeInteger", "positiveInteger"), r"[1-9]\d{0,17}"),
    **dict.fromkeys(("decimal", "double", "float"), _NUMBER),
    "boolean": "true|false",
    "date": _DATE + _ZONE,
    "dateTime": f"{_DATE}T{_TIME}{_ZONE}",
    "time": _TIME + _ZONE,
    "gYear": r"[12]\d{3}",
}
"""Spellings that are right and that every engine takes; they are passed over without a look by Python."""

_UNORDERED = frozenset(
    XSD + name
    for name in (
        *("gYear", "gYearMonth", "gMonth", "gMonthDay", "gDay"),
        *("duration", "yearMonthDuration", "dayTimeDuration", "dateTimeStamp"),
    )
)
_MOMENTS = frozenset(XSD + name for name in ("date", "dateTime", "time"))
_NO_ORDER = rb"[^\"]*\"\^\^<http://www\.w3\.org/2001/XMLSchema#(?:g(?:Year|Month|Day)[A-Za-z]*|[A-Za-z]*[dD]uration|dateTimeStamp)>"
_FINE = rb"[-0-9T:]*\.\d{19,}[-+Z0-9:]*\"\^\^<http://www\.w3\.org/2001/XMLSchema#(?:dateTime|time)>"
_LONG = rb"[+-]?[0-9.]{19,}\"\^\^"
_EARLY = rb"(?:-\d{4,}|0000|\d{5,})-\d\d-[-+TZ0-9:.]*\"\^\^<http://www\.w3\.org/2001/XMLSchema#date"
_NO_MOMENT = rb"[^\"]*\"\^\^<http://www\.w3\.org/2001/XMLSchema#(?:date|time)>"
_LATE = rb"[^\"]*\"\^\^<http://www\.w3\.org/2001/XMLSchema#time>"
_BEYOND_FAST = re.compile(rb'"(?:' + b"|".join((_NO_ORDER, _FINE)) + b")")
_BOUNDS = frozenset(SH + name for name in ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive"))
_PAIRS = frozenset(SH + name for name in ("lessThan", "lessThanOrEquals"))
_COMPARING = frozenset({"<", ">", "<=", ">=", "=", "!=", "IN", "MIN", "MAX"})


def misjudged_forms(shapes: ShapesGraph, data: Iterable[bytes]) -> Iterator[Location]:
    """Yield the place of each `sh:datatype` of which the data has a literal that the fast engine takes for well-formed wrongly, or not."""
    asked: dict[str, Location] = {}
    for triple in shapes.triples:
        if triple.predicate.value == SH + "datatype" and isinstance(triple.object, NamedNode):
            name = triple.object.value.removeprefix(XSD)
            if name not in {triple.object.value, "anyURI"} and (name in LEXICAL or name in _USUAL or is_ill_typed(name, "")):
                asked.setdefault(name, triple.object_at)
    if not asked:
        return
    unusual = _unusual(asked, chain((shapes.ntriples,), data))
    for name, place in asked.items():
        if unusual[name] and _differ(name, sorted(unusual[name])):
            yield place


def _unusual(names: Iterable[str], blocks: Iterable[bytes]) -> dict[str, set[bytes]]:
    """Collect the literals of some datatypes that are not written as usual, as N-Triples has them."""
    forms = {
        name: re.compile(
            (rf'"(?!(?:{_USUAL[name]})")' if name in _USUAL else '"').encode()
            + rb'[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"\^\^<'
            + re.escape(XSD + name).encode()
            + b">"
        )
        for name in names
    }
    found: dict[str, set[bytes]] = {name: set() for name in forms}
    for block in blocks:
        for name, form in forms.items():
            if f"#{name}>".encode() in block:
                found[name].update(form.findall(block))
    return found


def _differ(name: str, literals: list[bytes]) -> bool:
    from exporter.validation.engines.shacl import ill_formed  # the engine, which not every run needs

    lines = b"".join(b"<urn:n%d> <urn:p> %s .\n" % (number, literal) for number, literal in enumerate(literals))
    ill_typed = {
        number
        for number, triple in enumerate(parse(lines, format=RdfFormat.N_TRIPLES))
        if isinstance(triple.object, Literal) and is_ill_typed(name, triple.object.value)
    }
    return ill_typed != ill_formed(XSD + name, lines)


def misjudged_order(shapes: ShapesGraph, data: Iterable[bytes]) -> Iterator[Location]:
    """Yield the bounds and comparisons that meet a literal which the fast engine can't put in order."""
    bounds = [t for t in shapes.triples if t.predicate.value in _BOUNDS and isinstance(t.object, Literal)]
    for triple in bounds:
        if triple.object.datatype.value in _UNORDERED or _BEYOND_FAST.search(str(triple.object).encode()):  # type: ignore[union-attr]
            yield triple.object_at
    moments = [t for t in bounds if isinstance(t.object, Literal) and t.object.datatype.value in _MOMENTS]
    pairs = [t for t in shapes.triples if t.predicate.value in _PAIRS and isinstance(t.object, NamedNode)]
    if not moments and not pairs:
        return
    compared = {t: _of({t.object, *shapes.values(t.subject, "path")}, (_NO_ORDER, _FINE)) for t in pairs}
    for block in data:
        if moments and _BEYOND_FAST.search(block):
            yield moments[0].object_at
        yield from (triple.object_at for triple, literal in compared.items() if literal.search(block))


def _of(predicates: Iterable[Term] | None, forms: Iterable[bytes]) -> re.Pattern[bytes]:
    """Match a literal of some forms, as the value of some properties; of any where they are not known."""
    names = None if predicates is None else sorted(re.escape(str(p)).encode() for p in predicates if isinstance(p, NamedNode))
    before = b"" if names is None else b" (?:" + b"|".join(names or [b"(?!)"]) + b") "
    return re.compile(before + b'"(?:' + b"|".join(forms) + b")")


def fast_in_queries(shapes: ShapesGraph, data: Iterable[bytes]) -> Iterator[Location]:
    """Yield the queries that compare literals which the fast engine does not: days, times of day, durations, and numbers of many digits."""
    return _in_queries(shapes, data, (_NO_ORDER, _FINE, _LONG, _NO_MOMENT))


def reference_in_queries(shapes: ShapesGraph, data: Iterable[bytes]) -> Iterator[Location]:
    """Yield the queries that compare literals which pySHACL does not: years before 1 and after 9999, times of day, durations."""
    return _in_queries(shapes, data, (_NO_ORDER, _EARLY, _LATE))


def _in_queries(shapes: ShapesGraph, data: Iterable[bytes], forms: tuple[bytes, ...]) -> Iterator[Location]:
    asked = []
    for triple in shapes.triples:
        if triple.predicate.value in {SH + "select", SH + "ask"} and triple.subject not in shapes.idle_validators:
            compares, predicates = _compared(shapes, triple)
            if compares:
                asked.append((triple, _of(predicates, forms)))
    if not asked:
        return
    for block in data:
        yield from (triple.predicate_at for triple, literal in asked if literal.search(block))


def _compared(shapes: ShapesGraph, triple: PlacedTriple) -> tuple[bool, set[Term] | None]:
    """Say whether a query compares, and the IRIs that it names; None where its properties may be any."""
    read = list(tokens(triple.object.value if isinstance(triple.object, Literal) else ""))
    compares = any(token.upper in _COMPARING for token in read)
    prefixes = declared_prefixes(shapes, triple.subject)
    named = {NamedNode(token.text[1:-1]) for token in read if token.kind == "iri"}
    for prefix, _, local in (token.text.partition(":") for token in read if token.kind == "pname"):
        if prefix in prefixes:
            named.add(NamedNode(prefixes[prefix] + local))
    # A validator gets its values from the shape that uses it, and a path is put in the place of $PATH.
    open_ = triple.predicate.value == SH + "ask" or any(token.kind == "var" and token.text[1:] == "PATH" for token in read)
    return compares, None if open_ or not named else {*named}
