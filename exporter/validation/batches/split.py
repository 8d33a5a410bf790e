"""Which shapes are checked in batches, which over a part of the whole graph, and which over all of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from exporter.rdf.terms import Subject
from exporter.text import plural
from exporter.validation.batches.sight import EVERY, Sight, look
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.targets import is_target


@dataclass(frozen=True)
class Split:
    """The shapes with targets, each with what it can see, in the order of their files. Every one is in one of the three groups."""

    shapes: ShapesGraph
    sights: Mapping[Subject, Sight]

    @cached_property
    def local(self) -> dict[Subject, Sight]:
        """Those whose verdicts depend on what is some steps ahead of a focus node."""
        return {shape: sight for shape, sight in self.sights.items() if not (sight.crossing or sight.far)}

    @cached_property
    def crossing(self) -> dict[Subject, Sight]:
        """Those whose verdicts depend on triples of some predicates, wherever they stand."""
        return {shape: sight for shape, sight in self.sights.items() if sight.crossing and not sight.far}

    @cached_property
    def far(self) -> dict[Subject, Sight]:
        """Those whose verdicts may depend on anything."""
        return {shape: sight for shape, sight in self.sights.items() if sight.far}

    @cached_property
    def layers(self) -> tuple[frozenset[str], ...]:
        """What local shapes see together, step by step."""
        sights = self.local.values()
        count = max((len(sight.layers) for sight in sights), default=0)
        return tuple(frozenset().union(*(sight.layers[i] for sight in sights if i < len(sight.layers))) for i in range(count))

    def lines(self) -> Iterable[str]:
        """Say for people in which group each shape is, and why."""
        local, crossing, far = len(self.local), len(self.crossing), len(self.far)
        yield f"{plural(local, 'shape')} checked in batches, {crossing} over the properties that they name, {far} over everything"
        for shape, sight in self.sights.items():
            name = self.shapes.label(shape)
            if sight.far:
                yield f"  far: {name}, because of {sight.far[0]}"
            elif sight.crossing:
                yield f"  crossing: {name}, because of {sight.crossing[0]}"
            else:
                yield f"  local: {name}, {plural(len(sight.layers), 'step')}"

    def all_far(self, reason: str) -> Split:
        """Move all shapes to those that may see everything."""
        return Split(self.shapes, dict.fromkeys(self.sights, Sight(far=(reason,))))

    def with_crossing(self, shapes: Collection[Subject], reason: str) -> Split:
        """Move some local shapes to those that cross; one that sees everything moves on to the far ones."""
        return Split(self.shapes, {shape: _moved(sight, reason) if shape in shapes else sight for shape, sight in self.sights.items()})


def _moved(sight: Sight, reason: str) -> Sight:
    far = (reason,) if EVERY in sight.predicates else ()
    return Sight(sight.layers, (*sight.crossing, reason), (*sight.far, *far), sight.hierarchy)


def split_shapes(shapes: ShapesGraph, *, advanced: bool = False) -> Split:
    """Split the shapes that have targets; with SHACL's Advanced Features rules may make any triple, and so all of them are far."""
    aimed = [shape for shape in shapes.shapes if any(is_target(shapes, triple) for triple in shapes.about(shape))]
    if advanced:
        return Split(shapes, dict.fromkeys(aimed, Sight())).all_far("--advanced")
    return Split(shapes, {shape: look(shapes, shape) for shape in aimed})


def only(shapes: ShapesGraph, kept: Collection[Subject]) -> ShapesGraph:
    """Give the shapes graph in which no shapes but `kept` have targets; nothing else is taken out."""
    every = set(shapes.shapes)
    triples = [t for t in shapes.triples if t.subject in kept or t.subject not in every or not is_target(shapes, t)]
    return ShapesGraph(triples, shapes.prefixes, shapes.files)
