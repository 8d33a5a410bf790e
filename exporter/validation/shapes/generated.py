"""The shapes of a project that has none: those that follow from its ontology, as `owltype gen shapes` writes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from exporter.generate.shapes import generate_shapes
from exporter.plan.model import Plan
from exporter.problems import Problem
from exporter.validation.shapes.checking import GENERATED
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import join_shapes, read_shapes


def generated_shapes(plan: Plan) -> ShapesGraph:
    """Generate the shapes of a plan, as a graph.

    >>> from exporter.plan.compiling import load_plan
    >>> len(generated_shapes(load_plan("tests/validation/faults/ontology.ttl")).shapes) > 0
    True
    """
    return join_shapes([read_shapes(GENERATED, generate_shapes(plan).encode())])


def without_generated(problems: Iterable[Problem]) -> Iterator[Problem]:
    """Give the problems without places in generated shapes."""
    for problem in problems:
        detail = problem.shacl
        if detail and detail.shape_location and detail.shape_location.path == GENERATED:
            related = tuple(place for place in problem.related if place.path != GENERATED)
            yield replace(problem, related=related, shacl=replace(detail, shape_location=None))
        else:
            yield problem
