"""The validation run: map, check the shapes, run the engines, and turn results into problems with a place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from exporter.discovery import Selection
from exporter.errors import ShapesError
from exporter.mapping.mapping import UnmappedKeys
from exporter.pipeline.exporting import Exporting, Progress, Source
from exporter.pipeline.task import Job
from exporter.pipeline.workers import default_jobs
from exporter.problems import Location, Problem
from exporter.resources import bundled
from exporter.validation.checking import CheckOptions, check_shapes
from exporter.validation.codes import SEVERITIES
from exporter.validation.describing import plain
from exporter.validation.engines import Engine, EngineError, choose, make_engine
from exporter.validation.engines.normalising import shape_term
from exporter.validation.graphs import DataGraph, known_terms
from exporter.validation.loading import load_shapes
from exporter.validation.locating import Locator
from exporter.validation.neighbourhoods import Neighbourhoods
from exporter.validation.rdf_files import is_rdf, read_rdf
from exporter.validation.results import Result, ordered
from exporter.validation.shapes import ShapesGraph
from exporter.validation.targets import idle_shapes
from exporter.validation.unfolding import unfold


@dataclass(frozen=True, slots=True)
class Validation:
    """What a run found. `results` are the engine's, in order; `problems` are those with a place, and what reading and mapping found.

    `checked` counts records and RDF files, `files` names them. `engines` ran.
    """

    problems: tuple[Problem, ...]
    results: tuple[Result, ...]
    shapes: ShapesGraph
    engines: tuple[str, ...]
    checked: int
    files: tuple[str, ...]
    prefixes: Mapping[str, str] = field(default_factory=dict)

    @property
    def conforms(self) -> bool:
        """Whether SHACL says that the data conforms: no result at all."""
        return not self.results


def validate(  # noqa: PLR0913 - the options of `owltype validate`, each with the default that most want
    paths: str | Path | Sequence[str | Path],
    *,
    shapes: Sequence[str | Path] | None = None,
    ontology: Sequence[str | Path] | None = None,
    engine: str = "auto",
    advanced: bool = False,
    unmapped: UnmappedKeys = "keep",
    jobs: int = 0,
    constants: Mapping[str, str] | None = None,
    default_class: str | None = None,
    selection: Selection | None = None,
    changed: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Validation:
    """Validate records, or RDF files as they are, against SHACL shapes, and give every problem at its place.

    `shapes` and `ontology` name files and folders, by default those that come along. With `changed` only problems of those files are
    given, with the whole graph as context. Raises ShapesError for shapes that can't be run, OntologyError and UsageError.

    >>> found = validate("examples/medigy/content")
    >>> found.checked > 0
    True
    """
    names = [str(path) for path in ([paths] if isinstance(paths, (str, Path)) else paths)]
    rdf, records = [name for name in names if is_rdf(name)], [name for name in names if not is_rdf(name)]
    loaded = load_shapes(list(shapes) if shapes else [_shown(bundled("shapes"))])
    graph = DataGraph()
    plan, account = None, _Account()
    if records:
        job = Job(
            ontology=tuple(map(str, ontology)) if ontology else (str(bundled("ontology")),),
            format="ntriples",
            constants=tuple(sorted((constants or {}).items())),
            default_class=default_class,
            unmapped=unmapped,
        )
        plan = job.load()
    options = CheckOptions(known_terms(plan) if plan else None, engine, advanced)
    of_shapes = check_shapes(loaded, options)
    if plan is not None:
        run = Exporting(Source(tuple(records), job, selection or Selection(), jobs or default_jobs()), plan, progress)
        graph.add_records(run, plan)
        graph.add_ontology(plan)
        account = _account(run)
    for name in rdf:
        graph.add_file(read_rdf(name))
    data = bytes(graph.data)
    results, engines, differences = _run_engines(data, loaded, engine, advanced)
    idle = list(idle_shapes(data, loaded)) if _is_whole(names) else []
    near = Neighbourhoods(graph, loaded, data)
    leaves = unfold(results, loaded, lambda aimed, nodes: engines[0].run(near.around(nodes), aimed, advanced=advanced))
    located = Locator(graph, loaded, plan, unmapped).problems(leaves)
    problems = [*of_shapes, *idle, *differences, *account.problems, *located]
    return Validation(
        problems=tuple(sorted(_kept(problems, changed), key=lambda problem: problem.sort_key)),
        results=results,
        shapes=loaded,
        engines=tuple(one.name for one in engines),
        checked=account.seen + len(rdf),
        files=(*graph.paths, *rdf),
        prefixes={**(plan.prefixes if plan else {}), **loaded.prefixes},
    )


def _shown(path: Path) -> Path:
    """Write a path below the current folder without the folder, as a user would."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


@dataclass(frozen=True, slots=True)
class _Account:
    problems: tuple[Problem, ...] = ()
    seen: int = 0


def _account(run: Exporting) -> _Account:
    account = run.account("")
    return _Account(account.problems, account.exported + account.rejected)


def _is_whole(paths: Sequence[str]) -> bool:
    """Say whether a run looks at more than records that were named one by one: only then a shape without a focus node is worth a word."""
    return any(Path(path).is_dir() or is_rdf(path) for path in paths)


def _run_engines(
    data: bytes, shapes: ShapesGraph, name: str, advanced: bool
) -> tuple[tuple[Result, ...], tuple[Engine, ...], list[Problem]]:
    """Run the chosen engines; where there are two, every result that only one gives is a problem."""
    engines = tuple(make_engine(chosen) for chosen in choose(name, shapes))
    outcomes = [_run(engine, data, shapes, advanced) for engine in engines]
    problems = _differences(engines, outcomes, shapes) if len(outcomes) > 1 else []
    return outcomes[0], engines, problems


def _run(engine: Engine, data: bytes, shapes: ShapesGraph, advanced: bool) -> tuple[Result, ...]:
    try:
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


def _kept(problems: Sequence[Problem], changed: Collection[str] | None) -> Sequence[Problem]:
    """Problems of the changed files, and of the shapes themselves."""
    if changed is None:
        return problems
    return [problem for problem in problems if problem.location.path in changed or problem.code.startswith("SHAPES-")]
