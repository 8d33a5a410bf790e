"""Running one engine or both, and what to say where one can't or the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from exporter.errors import ShapesError
from exporter.problems import Location, Problem
from exporter.validation.codes import SEVERITIES
from exporter.validation.describing import plain
from exporter.validation.engines import Engine, EngineError, choose, make_engine
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results import Result, ordered
from exporter.validation.shapes import ShapesGraph


def run_engines(
    data: bytes | Path, shapes: ShapesGraph, name: str, *, advanced: bool = False
) -> tuple[tuple[Engine, ...], tuple[Result, ...], list[Problem]]:
    """Run the chosen engines; where there are two, every result that only one gives is a problem."""
    engines = tuple(make_engine(chosen) for chosen in choose(name, shapes))
    outcomes = [_run(engine, data, shapes, advanced) for engine in engines]
    problems = _differences(engines, outcomes, shapes) if len(outcomes) > 1 else []
    return engines, outcomes[0], problems


def _run(engine: Engine, data: bytes | Path, shapes: ShapesGraph, advanced: bool) -> tuple[Result, ...]:
    try:
        # Two targets of a shape may give one focus node, and each result twice.
        return ordered(list(dict.fromkeys(engine.run(data, shapes, advanced=advanced))))
    except EngineError as error:
        place = Location(shapes.files[0] if shapes.files else "")
        code = "SHAPES-ENGINE"
        if error.shape is not None:
            place, code = shapes.location(shape_term(error.shape), "pattern"), "SHAPES-PATTERN-SLOW"
        message = f"{engine.name} can't run the shapes: {error}"
        raise ShapesError(f"{place}: {message}", [Problem(code, place, message, help="try another engine with --engine")]) from error


def _differences(engines: Sequence[Engine], outcomes: Sequence[tuple[Result, ...]], shapes: ShapesGraph) -> list[Problem]:
    found = []
    for engine, mine, others in zip(engines, outcomes, reversed(outcomes), strict=True):
        missing = {_comparable(result) for result in others}
        for result in mine:
            if _comparable(result) not in missing:
                place = shapes.location(shape_term(result.source_shape))
                terms = " ".join(filter(None, (result.focus_node, result.path, result.value)))
                message = f"only {engine.name} finds {plain(f'<{result.component}>', shapes)} at {terms}"
                found.append(Problem("SHAPES-ENGINES-DIFFER", place, message, SEVERITIES["SHAPES-ENGINES-DIFFER"]))
    return found


def _comparable(result: Result) -> tuple[str, ...]:
    """A result without what engines may write in their own way: the labels of blank nodes, and filled-in messages."""

    def label(term: str | None) -> str:
        return "_:" if term and term.startswith("_:") else term or ""

    return (label(result.focus_node), result.path or "", label(result.value), result.component, result.severity, result.source_shape)
