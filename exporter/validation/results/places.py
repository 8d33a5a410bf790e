"""Where in a record a result stands: from focus node, path and value to a key path.

A value is found by following the path through the statements that the record makes; a missing one by following it as far as it goes,
and asking the plan which key would lead on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from pyoxigraph import NamedNode

from exporter.mapping.model import Origin
from exporter.problems import KeyPath, Location, key_names
from exporter.rdf.terms import KEY, SH, Term
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.model import ValidationResult
from exporter.validation.results.tracing import Reached, TracedRecord
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.paths import path_steps
from exporter.validation.shapes.vocabulary import SHAPE_LISTS

Span = tuple[int, int]

_OTHERS = {SH + name[0].upper() + name[1:] + "ConstraintComponent": name for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals")}
_COUNTED_OUT = {SH + "MaxCountConstraintComponent": "maxCount", SH + "QualifiedMaxCountConstraintComponent": "qualifiedMaxCount"}
_OF_THE_IRI = frozenset(SH + name + "ConstraintComponent" for name in ("Pattern", "MinLength", "MaxLength", "In"))
_LACKING = frozenset(SH + name + "ConstraintComponent" for name in ("MinCount", "HasValue", "QualifiedMinCount"))
_CLOSED = SH + "ClosedConstraintComponent"


@dataclass(frozen=True, slots=True)
class Place:
    """A key path, with the part of its scalar that is meant.

    `missing` says that nothing stands there: the location is the map that should hold it, or with `empty` the key without a value.
    `found` counts the values at the path; `more` are further places of the same value, `typed` is its text as it stands there.
    `other_key` and `other_values` are those of the property that a value is compared with. `syntax` is that of the record. `detail` gives
    the place of a leaf cause.
    """

    key_path: KeyPath = ()
    span: Span | None = None
    missing: bool = False
    empty: bool = False
    on_key: bool = False
    found: int = 0
    more: tuple[Origin, ...] = ()
    other_key: KeyPath = ()
    other_values: tuple[str, ...] = ()
    syntax: str = ""
    typed: str | None = None
    finder: Callable[[ValidationResult], Place] | None = None

    def detail(self, leaf: ValidationResult) -> Place:
        """Find the place of a leaf cause in the same record."""
        return self.finder(leaf) if self.finder else Place()

    def location(self, traced: TracedRecord) -> Location:
        """Say where this is in the file."""
        return traced.positions.locate(self.key_path, key=self.on_key, span=self.span)


def find_place(result: ValidationResult, traced: TracedRecord, shapes: ShapesGraph) -> Place:
    """Find a result in a record that describes its focus node, or that a result around it is about."""

    def finder(leaf: ValidationResult) -> Place:
        return find_place(leaf, traced, shapes)

    return _Search(result, traced, shapes, finder).place()


def other_parameter(result: ValidationResult) -> str | None:
    """Give the parameter that names the property which a value is compared with, for a constraint that compares."""
    return _OTHERS.get(result.component)


@dataclass(frozen=True, slots=True)
class _Search:
    result: ValidationResult
    traced: TracedRecord
    shapes: ShapesGraph
    finder: Callable[[ValidationResult], Place]

    def place(self) -> Place:
        result, traced = self.result, self.traced
        home = traced.home(result.focus_node)
        if home is None:
            # A literal, or a resource that another record describes: it stands where the result around it stands.
            return find_place(result.within, traced, self.shapes) if result.within else Place(finder=self.finder)
        path = self._path()
        if path is None:
            return self._whole(home)
        reached = traced.follow(self.shapes, path, result.focus_node)
        if result.value is not None:
            return self._value(reached) or self._as_far_as_it_goes(path, home)
        return self._counted(reached) if reached else self._missing(path)

    def _whole(self, home: Origin) -> Place:
        """Place a result without a path: at a value that it names, the first cause, a key that its shapes speak of, or the node."""
        if mentioned := self._mentioned():
            return self._at(mentioned)
        if home.key_path == ():
            places = [self.finder(leaf) for group in self.result.details for leaf in group]
            best = next((place for place in places if not place.missing and place.key_path), next(iter(places), None))
            if best is not None and best.key_path:
                return best
            if spoken_of := self._spoken_of():
                return self._at(spoken_of[:1])
        return self._at([self._own_key(home)])

    def _spoken_of(self) -> list[Origin]:
        """The values at the paths of the shapes that a logical constraint lists."""
        inner = self._logical(shape_term(self.result.source_shape))
        for member in inner:
            inner += [shape for shape in (*self._logical(member), *self.shapes.values(member, "property")) if shape not in inner]
        paths = [path for member in inner for path in self.shapes.values(member, "path")]
        return [end.origin for path in paths for end in self.traced.follow(self.shapes, path, self.result.focus_node)]

    def _path(self) -> Term | None:
        path = self.result.path
        if path is None:
            return None
        if path.startswith("<") and path.count("<") == 1 and path.endswith(">"):
            return NamedNode(path[1:-1])
        return self.shapes.value(shape_term(self.result.source_shape), "path")

    def _at(self, origins: Sequence[Origin], found: int = 0, other_key: KeyPath | None = None, *, on_key: bool = False) -> Place:
        first, *more = origins
        return Place(
            first.key_path,
            first.span,
            on_key=on_key or self.result.component == _CLOSED,
            found=found,
            more=tuple(more),
            other_key=self._other() if other_key is None else other_key,
            other_values=self._other_values() if other_key is None else (),
            typed=self.traced.typed(first),
            finder=self.finder,
        )

    def _mentioned(self) -> list[Origin]:
        """A node shape's result may name a value of the focus node, as `sh:sparql` does."""
        value = self.result.value
        if value is None or value == self.result.focus_node:
            return []
        return [origin for _, term, origin in self.traced.pairs(self.result.focus_node) if term == value]

    def _logical(self, shape: Term) -> list[Term]:
        lists = [head for name in SHAPE_LISTS for head in self.shapes.values(shape, name)]
        return [*self.shapes.values(shape, "not"), *(item for head in lists for item in self.shapes.items(head))]

    def _own_key(self, home: Origin) -> Origin:
        """Point at the key that makes a record's IRI where that is what the result is about."""
        if home.key_path or self.result.component not in _OF_THE_IRI:
            return home
        return Origin(self.traced.iri_key())

    def _value(self, reached: list[Reached]) -> Place | None:
        value = self.result.value or ""
        hits = [end.origin for end in reached if end.node == value or (value.startswith("_:") and end.node.startswith("_:"))]
        if hits:
            return self._at(hits, len(reached))
        other = self._other_predicate()
        there = self.traced.find(self.result.focus_node, other, value) if other else []
        return self._at(there, other_key=self._first_key(self.result.path or "")) if there else None

    def _as_far_as_it_goes(self, path: Term, home: Origin) -> Place:
        """The value stands in another record: point at what leads there."""
        ends = [Reached(self.result.focus_node, "", "", home)]
        for step in path_steps(self.shapes, path):
            ends = [reached for end in ends for reached in self.traced.one_step(end, step)] or ends
        return self._at([ends[0].origin])

    def _counted(self, reached: list[Reached]) -> Place:
        """Some values, and too few or too many: the first one too many, or the key of all of them."""
        if self.result.component in _LACKING:
            first = reached[0].origin.key_path
            return self._at([Origin(first[:-1] if first and isinstance(first[-1], int) else first)], len(reached), on_key=True)
        parameter = _COUNTED_OUT.get(self.result.component)
        allowed = self.shapes.value(shape_term(self.result.source_shape), parameter) if parameter else None
        index = int(allowed.value) if allowed is not None and allowed.value.isdigit() else len(reached) - 1
        chosen = reached[min(index, len(reached) - 1)]
        return self._at([chosen.origin], len(reached))

    def _missing(self, path: Term) -> Place:
        """Follow the path as far as it goes; the plan says which key would lead on."""
        ends = [Reached(self.result.focus_node, "", "", self.traced.home(self.result.focus_node) or Origin(()))]
        for step in path_steps(self.shapes, path):
            following = [reached for end in ends for reached in self.traced.one_step(end, step)]
            if not following:
                return self._missing_at(ends[0], step[0])
            ends = following
        return self._at([ends[0].origin])

    def _missing_at(self, end: Reached, predicates: frozenset[str]) -> Place:
        home = self.traced.home(end.node)
        if home is None:
            return self._at([end.origin])
        keys = [key for predicate in sorted(predicates) for key in self._keys(end.node, predicate)]
        for key in keys:
            full = (*home.key_path, *key)
            if self.traced.holds(full):
                return Place(full, missing=True, empty=True, finder=self.finder)
        if not keys or home.span is not None or str(keys[0][0]).startswith("@"):
            special = keys and keys[0] == ("@body",)
            return Place(("@body",) if special else home.key_path, home.span, missing=bool(special), finder=self.finder)
        return Place((*home.key_path, *keys[0]), missing=True, syntax=self.traced.record.syntax, finder=self.finder)

    def _keys(self, node: str, predicate: str) -> list[KeyPath]:
        if predicate.startswith("<" + KEY):
            return [tuple(map(unquote, predicate[1 + len(KEY) : -1].split(".")))]
        return self.traced.keys(node, predicate)

    def _other_predicate(self) -> str | None:
        parameter = other_parameter(self.result)
        term = self.shapes.value(shape_term(self.result.source_shape), parameter) if parameter else None
        return None if term is None else str(term)

    def _other(self) -> KeyPath:
        """The key of the property that a value is compared with."""
        other = self._other_predicate()
        return self._first_key(other) if other else ()

    def _other_values(self) -> tuple[str, ...]:
        other = self._other_predicate()
        return tuple(value for p, value, _ in self.traced.pairs(self.result.focus_node) if p == other) if other else ()

    def _first_key(self, other: str) -> KeyPath:
        origins = self.traced.find(self.result.focus_node, other)
        if origins:
            return key_names(origins[0].key_path)
        home = self.traced.home(self.result.focus_node) or Origin(())
        return next(((*home.key_path, *key) for key in self._keys(self.result.focus_node, other)), ())
