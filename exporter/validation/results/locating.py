"""Results to problems: each at the place where its author can fix it.

Only the records that a result is about are read again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import Literal

from exporter.mapping.holes import settle_mapped
from exporter.mapping.mapping import Mapper
from exporter.mapping.model import Origin
from exporter.outcomes.workers import run_here_or_forked
from exporter.plan.model import Plan
from exporter.problems import Location, Problem, Severity, ShaclDetail, format_key_path, key_names
from exporter.rdf.base import shown_iris
from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.rdf.terms import SH, Term
from exporter.records.reading import Reader
from exporter.references.settling import References
from exporter.text import enumerate_names, plural, quote
from exporter.tree import open_tree
from exporter.validation.data.graphs import DataGraph
from exporter.validation.data.rdf_files import RdfFile
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.case import Tell, plain
from exporter.validation.results.describing import describe
from exporter.validation.results.kept_places import AboutRecord, KeptPlaces
from exporter.validation.results.model import SEVERITIES, ValidationResult
from exporter.validation.results.places import Place, find_place, other_parameter
from exporter.validation.results.subjects import About, TermLabels, allowed_labels, identify_node, inverse_predicate, name_node
from exporter.validation.results.tracing import TracedRecord
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.vocabulary import component_code

_IN = SH + "InConstraintComponent"
_CLOSED = SH + "ClosedConstraintComponent"
_MAX_COUNT = SH + "MaxCountConstraintComponent"
_PLACES = 3
"""How many places of a shared resource a problem names."""
_COUNTED = 50
"""In how many records the values of a shared resource are looked up."""
_SHOWN = 5
"""How many values a sentence names."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The results of one record: with each the records that describe what it is about, this one first."""

    path: str
    results: list[tuple[ValidationResult, list[int]]]

    def __str__(self) -> str:
        return self.path


@dataclass(eq=False)
class Locator:
    """Finds the places of a run's results. `reader` reads the records again, `references` settle what they look up.

    Where records share what is wrong, those of the files `first`, absolute paths, are named before the others. `kept` has problems that
    earlier runs made.
    """

    graph: DataGraph
    shapes: ShapesGraph
    plan: Plan | None = None
    reader: Reader = field(default_factory=lambda: Reader(open_tree()))
    first: Collection[str] = ()
    references: References | None = None
    kept: KeptPlaces | None = None
    _mentions: dict[str, list[int]] = field(default_factory=dict)
    _traced: dict[int, TracedRecord | None] = field(default_factory=dict)

    @cached_property
    def _mapper(self) -> Mapper:
        assert self.plan is not None
        return Mapper(self.plan)

    @cached_property
    def _labels(self) -> Mapping[Term, str]:
        return allowed_labels(self.shapes, self.plan.ontology.statements if self.plan else ())

    @cached_property
    def _names(self) -> TermLabels:
        return TermLabels(self.plan.ontology if self.plan else None)

    @cached_property
    def _prefixes(self) -> Prefixes:
        declared = (self.shapes.prefixes, self.plan.prefixes if self.plan else {}, *(file.prefixes for file in self.graph.files))
        return prefixes_for_people(*declared)

    def problems(self, results: Sequence[ValidationResult], jobs: int = 1) -> list[Problem]:
        """Make problems of results, sorted by place; with more than one job the records are read in as many processes."""
        homes = self._homes(results)
        by_record: dict[int, list[tuple[ValidationResult, list[int]]]] = {}
        found: list[Problem] = []
        for result in results:
            numbers = homes[_anchor(result)]
            if inverse_predicate(result.path):
                numbers = self._referring(result) or numbers
            if numbers:
                numbers = self._first(numbers)
                by_record.setdefault(numbers[0], []).append((result, numbers))
            else:
                found.append(self._elsewhere(result))
        for problems in self._in_records([_Found(self.graph.paths[number], by_record[number]) for number in sorted(by_record)], jobs):
            found += problems
        return sorted(dict.fromkeys(found), key=lambda problem: problem.sort_key)

    def _in_records(self, records: Sequence[_Found], jobs: int) -> Iterator[list[Problem]]:
        """Yield the problems of each record: those that are kept, and then those that have to be made."""
        keys = [
            self.kept.key([(result, self._about(result, numbers)) for result, numbers in of.results]) if self.kept else None
            for of in records
        ]
        known = [self.kept.find(key) if self.kept else None for key in keys]
        yield from (problems for problems in known if problems is not None)
        asked = [number for number, problems in enumerate(known) if problems is None]
        for number, problems in zip(asked, run_here_or_forked(self, [records[number] for number in asked], jobs), strict=True):
            if self.kept is not None:
                self.kept.keep(keys[number], problems)
            yield problems

    def _about(self, result: ValidationResult, numbers: Sequence[int]) -> list[AboutRecord]:
        """Give the records that a problem is made from, how many there are, and whether its focus node is of one alone."""
        counted = [("", len(numbers)), ("", int(self.graph.record_of(result.focus_node) is not None))]
        return [*((self.graph.paths[number], self.graph.items[number]) for number in numbers[:_COUNTED]), *counted]

    def _first(self, numbers: list[int]) -> list[int]:
        if not self.first or len(numbers) == 1:
            return numbers
        place, paths = self.reader.tree.place, self.graph.paths
        return sorted(numbers, key=lambda number: str(Path(place(paths[number])).resolve()) not in self.first)

    def run(self, records: Sequence[_Found], /) -> list[list[Problem]]:
        """Make the problems of some records; each is read once for all its results."""
        found: list[list[Problem]] = []
        for record in records:
            found.append([self._in_record(result, numbers) for result, numbers in record.results])
            self._traced.clear()
        return found

    def _homes(self, results: Sequence[ValidationResult]) -> dict[str, list[int]]:
        """For each node that a result is about, the records that describe it."""
        homes: dict[str, list[int]] = {}
        shared: list[str] = []
        for anchor in dict.fromkeys(map(_anchor, results)):
            number = self.graph.record_of(anchor)
            homes[anchor] = [] if number is None else [number]
            if number is None and anchor.startswith("<") and self.graph.paths:
                shared.append(anchor)
        backwards = [result.focus_node for result in results if inverse_predicate(result.path) and result.value is None]
        if shared or (backwards and self.graph.paths):
            self._mentions = self.graph.mentions({*shared, *backwards})
            homes.update((node, self._mentions[node]) for node in shared)
        return homes

    def _referring(self, result: ValidationResult) -> list[int]:
        """Give the records that refer to a focus node by a path that goes backwards: that is where its author can do something."""
        if result.value is not None:
            number = self.graph.record_of(result.value)
            return [] if number is None else [number]
        return self._mentions.get(result.focus_node, [])

    def _in_record(self, result: ValidationResult, numbers: list[int]) -> Problem:
        traced = self._trace(numbers[0])
        if traced is None:
            return self._problem(result, Place(), Location(self.graph.paths[numbers[0]]), ())
        predicate = inverse_predicate(result.path)
        if predicate is not None and (references := self._references(result, predicate, numbers)):
            return self._at_reference(result, references)
        shared = self.graph.record_of(result.focus_node) is None
        place = find_place(result, traced, self.shapes)
        related = [*self._more(place, traced), *(found for number in numbers[1:_PLACES] for found in self._place_in(result, number))]
        tell = self._tell_shared(result, traced, numbers) if shared and result.component == _MAX_COUNT else self._tell
        return self._problem(result, place, place.location(traced), related[: _PLACES - 1], len(numbers) - 1, tell)

    def _references(self, result: ValidationResult, predicate: str, numbers: Sequence[int]) -> list[tuple[TracedRecord, Origin]]:
        """Give the places where records refer to the focus node."""
        return [
            (traced, origin)
            for number in numbers[:_COUNTED]
            if (traced := self._trace(number)) is not None
            for origin in traced.referring(predicate, result.focus_node, result.value)
        ]

    def _at_reference(self, result: ValidationResult, references: list[tuple[TracedRecord, Origin]]) -> Problem:
        """Place a result at the value that refers to its focus node, the first one too many where they are counted."""
        places = [traced.positions.locate(origin.key_path, span=origin.span) for traced, origin in references]
        first = self._first_too_many(result, len(places))
        traced, origin = references[first]
        typed = traced.typed(origin)
        keys = list(dict.fromkeys(format_key_path(key_names(o.key_path)) for _, o in references))
        node = quote(typed) if typed is not None else self._prefixes.show_all(result.focus_node)
        about = About(node, f"key {enumerate_names(map(repr, keys))}", count=len(places), referring=True)
        related = [place for place in places if place != places[first]][: _PLACES - 1]
        place = Place(origin.key_path, origin.span, typed=typed)
        return self._problem(result, place, places[first], related, tell=lambda _result, _place: about)

    def _first_too_many(self, result: ValidationResult, count: int) -> int:
        """Say which of the values that are counted is the first one too many; the first of all where they aren't."""
        allowed = self.shapes.value(shape_term(result.source_shape), "maxCount")
        number = int(allowed.value) if isinstance(allowed, Literal) and allowed.value.isdigit() else 0
        return min(number, count - 1) if result.component == _MAX_COUNT else 0

    def _tell_shared(self, result: ValidationResult, traced: TracedRecord, numbers: Sequence[int]) -> Tell:
        """Say which values a resource has by several records, each with its first place."""
        path = self.shapes.value(shape_term(result.source_shape), "path")
        values: dict[str, str] = {}
        for number in numbers[:_COUNTED]:
            record = self._trace(number)
            for reached in record.follow(self.shapes, path, result.focus_node) if record and path is not None else ():
                if reached.node not in values:
                    at = record.positions.locate(reached.origin.key_path, span=reached.origin.span) if record else None
                    values[reached.node] = f"{quote(plain(reached.node, self.shapes))} ({at.path}:{at.line})" if at else ""
        types = traced.types(result.focus_node)
        node = f"the {self._names.noun(types[-1][1:-1])}" if types else self._prefixes.show_all(result.focus_node)
        noun = self._names.noun(result.path[1:-1]) if result.path and not inverse_predicate(result.path) else "value"
        about = About(node, count=len(values), values=tuple(values.values()), noun=noun)
        return lambda _result, _place: about

    def _tell(self, result: ValidationResult, place: Place) -> About | None:
        """Say what a result is about that has no key: the record, or a node of an RDF file, at a property path."""
        if place.key_path:
            return None
        node = "the record" if self.graph.paths else self._prefixes.show_all(result.focus_node)
        if (predicate := inverse_predicate(result.path)) is not None and result.value is None:  # with references it stands at one of these
            return About(node, self._prefixes.show_all(predicate), count=0, referring=True)
        return About(node, self._prefixes.show_all(result.path) if result.path else None)

    def _tell_node(self, result: ValidationResult, _place: Place) -> About:
        """Say which node of an RDF file a result is about, its value and how many values there are."""
        files = self.graph.files
        path = _closed_property(result, files) if result.component == _CLOSED and result.path is None else result.path
        value = None if result.value is None else self._show(result.value)
        if value is not None and value.startswith(("the blank", "a blank")):
            value = "the blank node"
        found = [
            (value, place)
            for file in files
            for value, place in file.values(result.focus_node, result.path or "")
            if file.holds(result.focus_node)
        ]
        distinct = dict(reversed(found))
        in_files = len({place.path for place in distinct.values()}) > 1
        shown = [f"{self._show(value)} ({place.path}:{place.line})" if in_files else self._show(value) for value, place in found[:_SHOWN]]
        return About(
            self._show(result.focus_node),
            self._prefixes.show_all(inverse_predicate(path) or path) if path else None,
            count=len(distinct) if _is_simple(result.path) else None,
            values=tuple(dict.fromkeys(shown)) if len(distinct) <= _SHOWN else (),
            referring=inverse_predicate(result.path) is not None,
            value=value,
        )

    def _shown(self, term: str) -> str:
        return shown_iris(term, self.reader.tree.root)

    def _show(self, term: str) -> str:
        """Write a term of an RDF file for people."""
        if term.startswith('"'):
            return quote(plain(term, self.shapes)) + (f"@{term.rpartition('@')[2]}" if re.search(r'"@[\w-]+$', term) else "")
        return name_node(term, self.graph.files, self._prefixes)

    def _more(self, place: Place, traced: TracedRecord) -> Iterator[Location]:
        for origin in place.more:
            yield traced.positions.locate(origin.key_path, key=place.on_key, span=origin.span)

    def _place_in(self, result: ValidationResult, number: int) -> Iterator[Location]:
        traced = self._trace(number)
        if traced is not None:
            yield find_place(result, traced, self.shapes).location(traced)

    def _trace(self, number: int) -> TracedRecord | None:
        if number not in self._traced:
            record = self.reader.record(self.graph.paths[number], self.graph.items[number])
            if record is None or self.plan is None:
                self._traced[number] = None
            else:
                mapped = self._mapper.map(record, traced=True)
                if self.references is not None and mapped.iri is not None:
                    mapped = settle_mapped(mapped, self.references.settle_as(record.path, mapped.iri.value))
                self._traced[number] = TracedRecord(record, mapped, self.plan)
        return self._traced[number]

    def _elsewhere(self, result: ValidationResult) -> Problem:
        """A result about what no record describes: it stands in an RDF file, in the ontology, or only in the shapes."""
        if (value_node := self._closed_node(result)) is not None:
            shown = self._elsewhere(replace(result, focus_node=value_node))
            return replace(shown, shacl=self._detail(result, shape_term(result.source_shape)))
        about = result
        while about.focus_node.startswith('"') and about.within is not None:
            about = about.within
        if inverse_predicate(result.path) and result.value is None:
            places = [place for file in self.graph.files for _, place in file.values(result.focus_node, result.path or "")]
            if places:
                first = places[self._first_too_many(result, len(places))]
                return self._problem(result, Place(), first, [p for p in places if p != first][: _PLACES - 1], tell=self._tell_node)
        for file in self.graph.files:
            if place := file.locate(about):
                return self._problem(result, Place(other_values=self._compared(result)), place, (), tell=self._tell_node)
        tell = self._tell_node if self.graph.files else self._tell
        return self._problem(result, Place(), self.shapes.location(shape_term(result.source_shape)), (), tell=tell)

    def _closed_node(self, result: ValidationResult) -> str | None:
        """Give the node that has too much, where `sh:closed` in a property shape is about a value and not about the focus node."""
        path = self.shapes.path(shape_term(result.source_shape)) if result.component == _CLOSED else None
        if path is None or result.path is None or result.value is None:
            return None
        found = (file.bearers(result.focus_node, path, result.path, result.value) for file in self.graph.files)
        node = next((nodes[0] for nodes in found if nodes), None)
        return None if node == result.focus_node else node

    def _compared(self, result: ValidationResult) -> tuple[str, ...]:
        """Give the values that a result's value is compared with."""
        parameter = other_parameter(result)
        other = self.shapes.value(shape_term(result.source_shape), parameter) if parameter else None
        if other is None:
            return ()
        return tuple(value for file in self.graph.files for value, _ in file.values(result.focus_node, str(other)))

    def _problem(
        self,
        result: ValidationResult,
        place: Place,
        location: Location,
        related: Sequence[Location],
        others: int = 0,
        tell: Tell | None = None,
    ) -> Problem:
        shape = shape_term(result.source_shape)
        labels = self._labels if result.component == _IN else None
        message, advice = describe(result, self.shapes, place, tell=tell or self._tell, labels=labels)
        if others and tell in (None, self._tell):
            # Not in the message: a baseline should not change with the number of records.
            advice = f"{advice or 'fix it'}; {plural(others, 'more record')} {'says' if others == 1 else 'say'} the same"
        return Problem(
            code=component_code(result.component),
            location=location,
            message=message,
            severity=Severity(SEVERITIES.get(result.severity, "error")),
            help=advice,
            key_path=place.key_path,
            related=tuple(place for place in dict.fromkeys(related) if place != location),
            shacl=self._detail(result, shape),
        )

    def _detail(self, result: ValidationResult, shape: Term) -> ShaclDetail:
        """Give what SHACL says, without what is of this machine or of this run."""
        return ShaclDetail(
            focus_node=self._shown(identify_node(result.focus_node, self.graph.files)),
            component=f"<{result.component}>",
            path=self._shown(result.path) if result.path else None,
            value=self._shown(identify_node(result.value, self.graph.files)) if result.value else result.value,
            shape=self._shown(str(self.shapes.root(shape))),
            shape_location=self.shapes.location(shape, _parameter(result)),
        )


def _closed_property(result: ValidationResult, files: Sequence[RdfFile]) -> str | None:
    """A result of sh:closed without a path: the property that leads to its value."""
    return next((str(s.predicate) for file in files for s in file.about(result.focus_node) if str(s.object) == result.value), None)


def _is_simple(path: str | None) -> bool:
    return path is not None and path.count("<") == 1 and path.removeprefix("^").startswith("<") and path.endswith(">")


def _parameter(result: ValidationResult) -> str | None:
    """The parameter that a core component is named after, to point at it in the shapes file."""
    name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    return None if not result.component.startswith(SH) or name in ("SPARQL", "JS") else name[0].lower() + name[1:]


def _anchor(result: ValidationResult) -> str:
    """The node that has a place: a literal has that of the result around it."""
    while not result.focus_node.startswith("<") and result.within is not None:
        result = result.within
    return result.focus_node
