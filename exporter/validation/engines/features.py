"""What each engine is known to get wrong, and how shapes and data show that they ask for it.

`auto` reads this table: it takes the first engine without a row that matches. Where each has one, or the user named the engine, what it
gets wrong is a problem of the run (SHAPES-ENGINE-WRONG): a result that nobody can trust is never silent. Each row has a test that fails
where its engine has become right, and a fuzzer (`tests/fuzz/fuzz_engines.py`) looks for rows that are missing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from exporter.problems import Location
from exporter.rdf.lexer import tokens
from exporter.rdf.terms import RDF, RDF_TYPE, SH, XSD
from exporter.validation.engines.literals import fast_in_queries, misjudged_forms, misjudged_order, reference_in_queries
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph, is_library
from exporter.validation.shapes.patterns import backtracks
from exporter.validation.shapes.vocabulary import ADVANCED

Blocks = Callable[[], Iterable[bytes]]
"""Gives the data, N-Triples, in parts of whole lines; as often as it is asked."""


def no_data() -> Iterable[bytes]:
    """Stand for the data where there is none yet."""
    return ()


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that shapes may ask for and that `engine` does not give; `find` yields where the shapes ask.

    With `conforms` only what a result says is wrong, never whether there is one.
    """

    name: str
    engine: str
    reason: str
    find: Callable[[ShapesGraph, Blocks], Iterator[Location]]
    conforms: bool = False


def unsuited(engine: str, shapes: ShapesGraph, data: Blocks = no_data) -> list[tuple[Feature, Location]]:
    """Give what `shapes` ask for and `engine` is known to get wrong, with the first place of each."""
    found = ((feature, next(feature.find(shapes, data), None)) for feature in FEATURES if feature.engine == engine)
    return [(feature, place) for feature, place in found if place is not None]


class Suitability:
    """What `shapes` and `data` ask for that engines get wrong; the data is looked through once for each engine that is asked about."""

    def __init__(self, shapes: ShapesGraph, data: Blocks = no_data) -> None:
        self.shapes, self._data = shapes, data
        self._found: dict[str, list[tuple[Feature, Location]]] = {}

    def unsuited(self, engine: str) -> list[tuple[Feature, Location]]:
        """Give what an engine is known to get wrong, with the first place of each."""
        if engine not in self._found:
            self._found[engine] = unsuited(engine, self.shapes, self._data)
        return self._found[engine]


Finder = Callable[[ShapesGraph, Blocks], Iterator[Location]]


def _where(test: Callable[[ShapesGraph, PlacedTriple], bool], *names: str) -> Finder:
    """Find the triples with one of `sh:name` as predicate that pass a test."""
    wanted = frozenset(SH + name for name in names)

    def find(shapes: ShapesGraph, _data: Blocks) -> Iterator[Location]:
        return (t.predicate_at for t in shapes.triples if t.predicate.value in wanted and test(shapes, t))

    return find


def _any(_shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    return not is_library(triple.subject)


def _used(shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    return triple.subject not in shapes.idle_validators


def _has_path(shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    return shapes.value(triple.subject, "path") is not None and shapes.switched_on(triple.subject, "closed")


def _backtracks(shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    flags = next((term.value for term in shapes.values(triple.subject, "flags") if isinstance(term, Literal)), "")
    return isinstance(triple.object, Literal) and backtracks(triple.object.value, flags)


def _mentions(name: str) -> Callable[[ShapesGraph, PlacedTriple], bool]:
    """Say whether a query has a variable."""

    def test(_shapes: ShapesGraph, triple: PlacedTriple) -> bool:
        text = triple.object.value if isinstance(triple.object, Literal) else ""
        return name in text and any(token.kind == "var" and token.text[1:] == name for token in tokens(text))

    return test


def _lonely_filter(_shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    """Look for a group inside another that begins with its FILTER, as in `{ FILTER(…) } UNION { … }`."""
    before, depth = "", 0
    for token in tokens(triple.object.value if isinstance(triple.object, Literal) else ""):
        if before == "{" and depth > 1 and token.upper == "FILTER":
            return True
        depth += (token.text == "{") - (token.text == "}")
        before = token.text
    return False


def _functions(shapes: ShapesGraph, _data: Blocks) -> Iterator[Location]:
    kinds = {NamedNode(SH + name) for name in ("SPARQLFunction", "JSFunction", "SPARQLTargetType")}
    declared = (t for t in shapes.triples if t.predicate == RDF_TYPE and t.object in kinds and not is_library(t.subject))
    return (triple.object_at for triple in declared)


def _advanced(shapes: ShapesGraph, data: Blocks) -> Iterator[Location]:
    yield from _where(_any, *ADVANCED)(shapes, data)
    yield from _functions(shapes, data)


def _many_values(shapes: ShapesGraph, _data: Blocks) -> Iterator[Location]:
    for component, users in shapes.components.items():
        for parameter in shapes.values(component, "parameter"):
            for path in shapes.values(parameter, "path"):
                for user in (user for user in users if not is_library(user)):
                    if len(several := shapes.about(user, path.value)) > 1:
                        yield several[1].predicate_at


_LONG_NUMBER = re.compile(rb'"[+-]?[0-9.]{19,}"\^\^')
_NUMBERS = frozenset(
    XSD + sign + size
    for sign, sizes in (
        ("", "decimal integer long int short byte positiveInteger negativeInteger"),
        ("unsigned", "Long Int Short Byte"),
        ("non", "NegativeInteger PositiveInteger"),
    )
    for size in sizes.split()
)
_COMPARING = ("minInclusive", "maxInclusive", "minExclusive", "maxExclusive", "lessThan", "lessThanOrEquals")


def _counts(_shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    return triple.predicate.value != SH + "datatype" or (isinstance(triple.object, NamedNode) and triple.object.value in _NUMBERS)


def _long_numbers(shapes: ShapesGraph, data: Blocks) -> Iterator[Location]:
    for place in _where(_counts, "datatype", *_COMPARING)(shapes, data):
        limits = shapes.ntriples
        if _LONG_NUMBER.search(limits) or any(_LONG_NUMBER.search(block) for block in data()):
            yield place
        return


def _met(find: Callable[[ShapesGraph, Iterable[bytes]], Iterator[Location]]) -> Finder:
    """Look where shapes and data meet."""
    return lambda shapes, data: find(shapes, data())


_TEXTS = frozenset({XSD + "string", XSD + "anyURI", RDF + "langString"})


def _text_order(shapes: ShapesGraph, data: Blocks) -> Iterator[Location]:
    """Find bounds that are texts, and comparisons with a property that has texts."""
    for triple in shapes.triples:
        name, value = triple.predicate.value, triple.object
        if name in {SH + bound for bound in _COMPARING[:4]} and isinstance(value, Literal) and value.datatype.value in _TEXTS:
            yield triple.object_at
        elif name in {SH + pair for pair in _COMPARING[4:]} and isinstance(value, NamedNode):
            kinds = rb"(?:@| \.|\^\^<" + (XSD + "anyURI>").encode() + rb")"
            text = re.compile(rb" " + re.escape(str(value).encode()) + rb' "(?:[^"\\]|\\.)*+"' + kinds)
            if any(text.search(block) for block in data()):
                yield triple.object_at


def _is_zero(_shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    return isinstance(triple.object, Literal) and set(triple.object.value) <= set("+-0")


def _is_sequence(shapes: ShapesGraph, triple: PlacedTriple) -> bool:
    return len(shapes.items(triple.object)) > 1


def _shape_in_data(shapes: ShapesGraph, data: Blocks) -> Iterator[Location]:
    if any(b" <http://www.w3.org/ns/shacl#shape> " in block for block in data()):
        yield from (shapes.location(shape) for shape in shapes.shapes[:1])


FEATURES: tuple[Feature, ...] = (
    Feature("advanced", "shacl", "has targets, rules and expressions of its own, which are not those of SHACL-AF", _advanced),
    Feature(
        "closed-values",
        "shacl",
        "looks at the focus node for sh:closed in a property shape, not at its values",
        _where(_has_path, "closed"),
    ),
    Feature(
        "backtracking",
        "shacl",
        "has no look-around, back-references and possessive repeats",
        _where(_backtracks, "pattern"),
    ),
    Feature("parameter-values", "shacl", "sees one value of a component's parameter where a shape has several", _many_values),
    Feature("long-numbers", "shacl", "can't hold numbers of more than 18 digits", _long_numbers),
    Feature("shape-in-data", "shacl", "validates what has sh:shape in the data, which SHACL does not ask for", _shape_in_data),
    Feature("text-order", "shacl", "compares texts in a language, and xsd:anyURI, as strings", _text_order),
    Feature("literal-forms", "shacl", "does not know the form of this datatype as XML Schema 1.1 says it", _met(misjudged_forms)),
    Feature("literal-order", "shacl", "can't put such dates, times and durations in order", _met(misjudged_order)),
    Feature(
        "query-values",
        "shacl",
        "does not compare dates, times, durations and numbers of more than 18 digits in SPARQL",
        _met(fast_in_queries),
    ),
    Feature(
        "query-values-of-far-years",
        "pyshacl",
        "does not compare times, durations, and dates before year 1 or after year 9999 in SPARQL",
        _met(reference_in_queries),
    ),
    Feature("min-length-zero", "pyshacl", "lets blank nodes pass sh:minLength 0", _where(_is_zero, "minLength")),
    Feature("inverse-of-sequence", "pyshacl", "inverts the steps of a sequence but not their order", _where(_is_sequence, "inversePath")),
    Feature("parameter-values", "pyshacl", "sees one value of a component's parameter where a shape has several", _many_values),
    Feature("lonely-filter", "pyshacl", "does not see $this in a group that begins with a FILTER", _where(_lonely_filter, "select", "ask")),
    Feature("shapes-graph", "pyshacl", "has no $shapesGraph in SPARQL", _where(_mentions("shapesGraph"), "select", "ask", "construct")),
    Feature("ask-value", "pyshacl", "gives results of SPARQL ASK validators without their value", _where(_used, "ask"), conforms=True),
)
"""One row for each known fault; `auto` prefers the fast engine where both are right."""
