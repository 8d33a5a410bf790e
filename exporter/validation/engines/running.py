"""Running one engine or both, and what to say where one can't or the two differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from exporter.errors import ShapesError
from exporter.problems import Location, Problem
from exporter.problems.codes import CODES
from exporter.validation.engines import Engine, EngineError, choose_suited, make_engine
from exporter.validation.engines.features import Suitability
from exporter.validation.engines.model import TimeoutEngineError
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.case import plain
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph

Check = Callable[[Engine], tuple[ValidationResult, ...]]
"""Gives an engine's results over the data of a run. Raises EngineError."""


def run_engines(engines: Sequence[Engine], check: Check, shapes: ShapesGraph) -> tuple[tuple[ValidationResult, ...], list[Problem]]:
    """Run the engines and give the results of the first; where there are two, every result that only one gives is a problem."""
    outcomes = [_run(engine, check, shapes) for engine in engines]
    problems = _differences(engines, outcomes, shapes) if len(outcomes) > 1 else []
    return outcomes[0], problems


@contextmanager
def open_engines(name: str, suited: Suitability, seconds: float) -> Iterator[tuple[Engine, ...]]:
    """Make the engines for `--engine name`, and close them at the end of the block."""
    engines = tuple(make_engine(chosen, seconds) for chosen in choose_suited(name, suited))
    try:
        yield engines
    finally:
        for engine in engines:
            engine.close()


def known_faults(engines: Sequence[Engine], suited: Suitability) -> list[Problem]:
    """Say what an engine that runs alone is known to get wrong with these shapes and data."""
    if len(engines) > 1:
        return []
    code = "SHAPES-ENGINE-WRONG"
    return [
        Problem(code, place, f"{engine.name} {feature.reason}", CODES[code].severity, "say it in another way, or take another --engine")
        for engine in engines
        for feature, place in suited.unsuited(engine.name)
        if not feature.conforms
    ]


def _run(engine: Engine, check: Check, shapes: ShapesGraph) -> tuple[ValidationResult, ...]:
    try:
        return check(engine)
    except EngineError as error:
        place = Location(shapes.files[0] if shapes.files else "")
        message = f"{engine.name} can't run the shapes: {error}"
        advice = "--timeout gives it more time" if isinstance(error, TimeoutEngineError) else "try another engine with --engine"
        raise ShapesError(f"{place}: {message}", [Problem("SHAPES-ENGINE", place, message, help=advice)]) from error


def _differences(engines: Sequence[Engine], outcomes: Sequence[tuple[ValidationResult, ...]], shapes: ShapesGraph) -> list[Problem]:
    found = []
    for engine, mine, others in zip(engines, outcomes, reversed(outcomes), strict=True):
        missing = {_comparable(result) for result in others}
        for result in mine:
            if _comparable(result) not in missing:
                place = shapes.location(shape_term(result.source_shape))
                terms = " ".join(filter(None, (result.focus_node, result.path, result.value)))
                message = f"only {engine.name} finds {plain(f'<{result.component}>', shapes)} at {terms}"
                found.append(Problem("SHAPES-ENGINES-DIFFER", place, message, CODES["SHAPES-ENGINES-DIFFER"].severity))
    return found


def _comparable(result: ValidationResult) -> tuple[str, ...]:
    """A result without what engines may write in their own way: the labels of blank nodes, and filled-in messages."""

    def label(term: str | None) -> str:
        return "_:" if term and term.startswith("_:") else term or ""

    return (label(result.focus_node), result.path or "", label(result.value), result.component, result.severity, result.source_shape)
