"""Results to problems: each at the place where its author can mend it.

Only the records that a result is about are read again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from exporter.mapping.mapping import Mapper, UnmappedKeys
from exporter.pipeline.workers import run_here_or_forked
from exporter.plan.model import Plan
from exporter.problems import Location, Problem, Severity, ShaclDetail
from exporter.records.handlers import DEFAULT, Handler
from exporter.records.reading import read_file
from exporter.terms import SH, Term
from exporter.text import plural
from exporter.validation.describing import describe
from exporter.validation.engines.normalising import shape_term
from exporter.validation.graphs import DataGraph
from exporter.validation.labels import allowed_labels
from exporter.validation.places import Place, find_place
from exporter.validation.results import SEVERITIES, Result
from exporter.validation.shapes import ShapesGraph
from exporter.validation.tracing import TracedRecord
from exporter.validation.vocabulary import component_code

_IN = SH + "InConstraintComponent"
_PLACES = 3
"""How many places of a shared resource a problem names."""


@dataclass(frozen=True, slots=True)
class _Found:
    """The results of one record: with each the records that describe what it is about, this one first."""

    path: str
    results: list[tuple[Result, list[int]]]

    def __str__(self) -> str:
        return self.path


@dataclass(eq=False)
class Locator:
    """Finds the places of a run's results. `handlers` are those that read the records."""

    graph: DataGraph
    shapes: ShapesGraph
    plan: Plan | None = None
    unmapped: UnmappedKeys = "keep"
    handlers: Sequence[Handler] = DEFAULT
    _traced: dict[int, TracedRecord | None] = field(default_factory=dict)

    @cached_property
    def _mapper(self) -> Mapper:
        assert self.plan is not None
        return Mapper(self.plan, unmapped=self.unmapped)

    @cached_property
    def _labels(self) -> Mapping[Term, str]:
        return allowed_labels(self.shapes, self.plan.ontology.statements if self.plan else ())

    def problems(self, results: Sequence[Result], jobs: int = 1) -> list[Problem]:
        """Make problems of results, sorted by place; with more than one job the records are read in as many processes."""
        homes = self._homes(results)
        by_record: dict[int, list[tuple[Result, list[int]]]] = {}
        found: list[Problem] = []
        for result in results:
            numbers = homes[_anchor(result)]
            if numbers:
                by_record.setdefault(numbers[0], []).append((result, numbers))
            else:
                found.append(self._elsewhere(result))
        records = [_Found(self.graph.paths[number], by_record[number]) for number in sorted(by_record)]
        for problems in run_here_or_forked(self, records, jobs):
            found += problems
        return sorted(dict.fromkeys(found), key=lambda problem: problem.sort_key)

    def run(self, records: Sequence[_Found], /) -> list[list[Problem]]:
        """Make the problems of some records; each is read once for all its results."""
        found: list[list[Problem]] = []
        for record in records:
            found.append([self._in_record(result, numbers) for result, numbers in record.results])
            self._traced.clear()
        return found

    def _homes(self, results: Sequence[Result]) -> dict[str, list[int]]:
        """For each node that a result is about, the records that describe it."""
        homes: dict[str, list[int]] = {}
        shared: list[str] = []
        for anchor in dict.fromkeys(map(_anchor, results)):
            number = self.graph.record_of(anchor)
            homes[anchor] = [] if number is None else [number]
            if number is None and anchor.startswith("<") and self.graph.paths:
                shared.append(anchor)
        if shared:
            homes.update(self.graph.mentions(shared))
        return homes

    def _in_record(self, result: Result, numbers: list[int]) -> Problem:
        traced = self._trace(numbers[0])
        if traced is None:
            return self._problem(result, Place(), Location(self.graph.paths[numbers[0]]), ())
        place = find_place(result, traced, self.shapes)
        related = [*self._more(place, traced), *(found for number in numbers[1:_PLACES] for found in self._place_in(result, number))]
        return self._problem(result, place, place.location(traced), related[: _PLACES - 1], len(numbers) - 1)

    def _more(self, place: Place, traced: TracedRecord) -> Iterator[Location]:
        for origin in place.more:
            yield traced.positions.locate(origin.key_path, key=place.on_key, span=origin.span)

    def _place_in(self, result: Result, number: int) -> Iterator[Location]:
        traced = self._trace(number)
        if traced is not None:
            yield find_place(result, traced, self.shapes).location(traced)

    def _trace(self, number: int) -> TracedRecord | None:
        if number not in self._traced:
            record = read_file(self.graph.paths[number], handlers=self.handlers).record
            if record is None or self.plan is None:
                self._traced[number] = None
            else:
                self._traced[number] = TracedRecord(record, self._mapper.map(record, traced=True), self.plan)
        return self._traced[number]

    def _elsewhere(self, result: Result) -> Problem:
        """A result about what no record describes: it stands in an RDF file, in the ontology, or only in the shapes."""
        about = result
        while about.focus_node.startswith('"') and about.within is not None:
            about = about.within
        for file in self.graph.files:
            if place := file.locate(about):
                return self._problem(result, Place(), place, ())
        return self._problem(result, Place(), self.shapes.location(shape_term(result.source_shape)), ())

    def _problem(self, result: Result, place: Place, location: Location, related: Sequence[Location], others: int = 0) -> Problem:
        shape = shape_term(result.source_shape)
        labels = self._labels if result.component == _IN else None
        message, advice = describe(result, self.shapes, place, labels=labels)
        if others:
            # Not in the message: a baseline should not change with the number of records.
            advice = f"{advice or 'mend it'}; {plural(others, 'more record')} {'says' if others == 1 else 'say'} the same"
        return Problem(
            code=component_code(result.component),
            location=location,
            message=message,
            severity=Severity(SEVERITIES.get(result.severity, "error")),
            help=advice,
            key_path=place.key_path,
            related=tuple(place for place in dict.fromkeys(related) if place != location),
            shacl=ShaclDetail(
                focus_node=result.focus_node,
                component=f"<{result.component}>",
                path=result.path,
                value=result.value,
                shape=str(self.shapes.root(shape)),
                shape_location=self.shapes.location(shape, _parameter(result)),
            ),
        )


def _parameter(result: Result) -> str | None:
    """The parameter that a core component is named after, to point at it in the shapes file."""
    name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    return None if not result.component.startswith(SH) or name in ("SPARQL", "JS") else name[0].lower() + name[1:]


def _anchor(result: Result) -> str:
    """The node that has a place: a literal has that of the result around it."""
    while not result.focus_node.startswith("<") and result.within is not None:
        result = result.within
    return result.focus_node
