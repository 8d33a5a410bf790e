"""What each engine is known to get wrong, and how a shapes graph shows that it asks for it.

`auto` reads this table: it takes the first engine without a row that matches, and so is never one that is known to be wrong. Each
row has a test that fails where its engine has become right.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from exporter.problems import Location
from exporter.terms import OWL, SH
from exporter.validation.shapes import ShapesGraph


@dataclass(frozen=True, slots=True)
class Feature:
    """Something that shapes may ask for and that `engine` does not give; `find` yields where the shapes ask."""

    name: str
    engine: str
    reason: str
    find: Callable[[ShapesGraph], Iterator[Location]]


def unsuited(engine: str, shapes: ShapesGraph) -> list[tuple[Feature, Location]]:
    """Give what `shapes` ask for and `engine` is known to get wrong, with the first place of each."""
    found = ((feature, next(feature.find(shapes), None)) for feature in FEATURES if feature.engine == engine)
    return [(feature, place) for feature, place in found if place is not None]


def _texts(shapes: ShapesGraph, *names: str) -> Iterator[tuple[str, Location]]:
    wanted = {SH + name for name in names}
    for triple in shapes.triples:
        if triple.predicate.value in wanted and isinstance(triple.object, Literal):
            yield triple.object.value, triple.object_at


def _matching(pattern: str, *names: str) -> Callable[[ShapesGraph], Iterator[Location]]:
    compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)

    def find(shapes: ShapesGraph) -> Iterator[Location]:
        return (place for text, place in _texts(shapes, *names) if compiled.search(text))

    return find


def _imported_prefixes(shapes: ShapesGraph) -> Iterator[Location]:
    for triple in shapes.triples:
        if triple.predicate.value == SH + "prefixes" and shapes.about(triple.object, OWL + "imports"):
            yield triple.object_at


def _ask_validators(shapes: ShapesGraph) -> Iterator[Location]:
    return (triple.predicate_at for triple in shapes.triples if triple.predicate.value == SH + "ask")


_QUERIES = ("select", "ask", "construct")

FEATURES: tuple[Feature, ...] = (
    Feature(
        "nested-select",
        "shacl",
        "runs a nested SELECT that does not give $this, which SHACL forbids",
        _matching(r"\{\s*select\b", *_QUERIES),
    ),
    Feature(
        "lookaround",
        "shacl",
        "has no look-around and no back-references in regular expressions",
        _matching(r"\(\?<?[=!]|\\[1-9]", "pattern"),
    ),
    Feature("shapes-graph", "pyshacl", "has no $shapesGraph in SPARQL", _matching(r"[?$]shapesGraph\b", *_QUERIES)),
    Feature("imported-prefixes", "pyshacl", "does not follow owl:imports to sh:declare", _imported_prefixes),
    Feature("ask-value", "pyshacl", "gives results of SPARQL ASK validators without their value", _ask_validators),
    Feature("pattern-flags", "pyshacl", "ignores the flags s, x and q", _matching(r"[sxq]", "flags")),
    Feature("pattern-end", "pyshacl", "lets $ match before a last newline", _matching(r"\$", "pattern")),
)
"""One row for each known fault; `auto` prefers the fast engine where both are right."""
