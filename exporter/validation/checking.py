"""What a validation does with its data: it runs the engines, and makes problems of what they find."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from exporter.cache.answers import KeptAnswers
from exporter.cache.folder import CacheAccount, open_cache
from exporter.digests import content_digest
from exporter.outcomes.workers import default_jobs
from exporter.plan.model import Plan
from exporter.problems import Problem, Severity
from exporter.project import Project
from exporter.rdf.syntaxes import part_rdf
from exporter.rdf.terms import Subject
from exporter.references.settling import References
from exporter.system.versions import build
from exporter.validation.batches.running import Batching, Parts
from exporter.validation.batches.split import Split
from exporter.validation.data.graphs import DataGraph, known_terms
from exporter.validation.data.neighbourhoods import Neighbourhoods
from exporter.validation.engines.features import Suitability
from exporter.validation.engines.running import known_faults, open_engines, run_engines
from exporter.validation.rechecking import CheckedParts, note_parts
from exporter.validation.results.kept_places import KeptPlaces
from exporter.validation.results.locating import Locator
from exporter.validation.results.model import ValidationResult
from exporter.validation.results.unfolding import Known, unfold, without_cascades
from exporter.validation.shapes.checking import CheckOptions, check_shapes
from exporter.validation.shapes.generated import without_generated
from exporter.validation.shapes.graph import ShapesGraph, is_library
from exporter.validation.shapes.targets import idle_problem, targeted


@dataclass(frozen=True, slots=True)
class ValidationOptions:
    """What runs the shapes, and how; and how the records were made that it runs on."""

    engine: str
    advanced: bool
    timeout: float
    project: Project
    first: Collection[str] = ()
    batching: Batching = field(default_factory=Batching)


@dataclass(frozen=True, slots=True)
class MappedData:
    """The data of a run, and what making it found."""

    graph: DataGraph
    problems: tuple[Problem, ...]
    checked: int
    skipped: Mapping[str, int]
    references: References | None = None
    cache: CacheAccount | None = None
    digest: str = ""
    rows: Mapping[str, int] | None = None
    unlisted: Mapping[Severity, int] = field(default_factory=dict)


def check(
    mapped: MappedData, shapes: ShapesGraph, plan: Plan | None, options: ValidationOptions
) -> tuple[tuple[str, ...], Split | None, tuple[ValidationResult, ...], list[Problem], CheckedParts | None]:
    """Run the engines and give their names, how the shapes were split, the results of the first, the problems, and what was checked."""
    graph, jobs = mapped.graph, options.project.jobs or default_jobs()
    suited = Suitability(shapes, lambda: (block for _, block in graph.data.blocks()))
    starts = (*graph.starts, graph.end_of_records)
    with (
        open_engines(options.engine, suited, options.timeout) as engines,
        Parts(graph.data, shapes, _batching(mapped, options), advanced=options.advanced, starts=starts) as parts,
    ):
        known = known_faults(engines, suited)
        kept = kept_results(options.project, shapes)
        results, differences = run_engines(engines, lambda engine: parts.check(engine, jobs, kept), shapes)
        if kept is not None:
            kept.save()
        near = Neighbourhoods(graph)

        def ask(aimed: ShapesGraph, nodes: Sequence[str]) -> tuple[ValidationResult, ...]:
            data = None if options.advanced else parts.around(nodes, aimed)
            return engines[0].run(near.around(nodes, aimed) if data is None else data, aimed, advanced=options.advanced)

        asked: Known = {}
        leaves = unfold(results, shapes, ask, asked)
        located = locate(graph, leaves, shapes, plan, options, mapped.references, mapped.digest)
        alone = mapped.rows and len(engines) == 1 and not known and plan is not None and not plan.looks_up
        noted = note_parts(graph, parts, mapped.rows, asked) if alone and mapped.rows is not None else None
    return tuple(engine.name for engine in engines), parts.split, results, [*known, *differences, *located], noted


def locate(
    graph: DataGraph,
    leaves: Sequence[ValidationResult],
    shapes: ShapesGraph,
    plan: Plan | None,
    options: ValidationOptions,
    references: References | None,
    digest: str,
) -> list[Problem]:
    """Make problems of results."""
    project = options.project
    places = _kept_places(project, shapes, plan, graph, digest)
    locator = Locator(graph, shapes, plan, project.reader(plan), options.first, references, places)
    located = locator.problems(without_cascades(leaves), project.jobs or default_jobs())
    if places is not None:
        places.save()
    return located


def kept_results(project: Project, shapes: ShapesGraph) -> KeptAnswers | None:
    """Give the results that are kept for these shapes; None where nothing is kept between runs."""
    cache = open_cache(project)
    return KeptAnswers(cache, kept_names(shapes)[0]) if cache.is_on else None


def kept_names(shapes: ShapesGraph) -> tuple[str, str]:
    """Name what is kept for shapes: the results, and the problems that are made of them."""
    digest = content_digest(shapes.ntriples).hex()
    return f"results-{digest}", f"places-{digest}"


def _kept_places(project: Project, shapes: ShapesGraph, plan: Plan | None, graph: DataGraph, digest: str) -> KeptPlaces | None:
    """Give the problems that are kept for these shapes; None where nothing is kept, or where a place may follow from other files."""
    if plan is None or plan.looks_up or graph.files or not digest:
        return None
    kept = KeptAnswers(open_cache(project), kept_names(shapes)[1])
    return KeptPlaces(kept, project.tree, build(), digest, project.root, shapes.triples, shapes.prefixes)


def _batching(mapped: MappedData, options: ValidationOptions) -> Batching:
    """Say how the data is cut; an engine that takes no triples about triples says so wherever they stand."""
    starred = any(b" <<(" in file.data for file in mapped.graph.files)
    return replace(options.batching, whole=options.batching.whole or starred)


def find_faults(shapes: ShapesGraph, plan: Plan | None, options: ValidationOptions) -> Sequence[Problem]:
    """Check the shapes themselves; the terms of the ontology count as known where no record writes JSON-LD of its own."""
    known = known_terms(plan) if plan and not plan.policies.reading.json_ld else None
    return check_shapes(shapes, CheckOptions(known, options.engine, options.advanced))


def gather_problems(
    project: Project,
    shapes: ShapesGraph,
    of_shapes: Sequence[Problem],
    unmet: Sequence[str],
    results: Sequence[ValidationResult],
    found: Sequence[Problem],
) -> tuple[Problem, ...]:
    """Put the problems of a run together: of the shapes, of those that check nothing, and of the records."""
    silent = []
    if project.shapes:
        idle = set(unmet)
        silent = _silent([(shape, idle_problem(shapes, shape)) for shape in shapes.shapes if str(shape) in idle], shapes, results)
    return tuple(map(project.tree.relocate, without_generated((*of_shapes, *silent, *found))))


def is_idle(project: Project, shapes: ShapesGraph, unmet: Sequence[str], results: Sequence[ValidationResult]) -> bool:
    """Say whether no shape has a focus node, in a run that looked at more than records that were named one by one."""
    nothing = not results and len(unmet) == targeted(shapes)
    return is_whole(project.paths) and nothing and bool(project.shapes or shapes.shapes)


def _silent(idle: Sequence[tuple[Subject, Problem]], shapes: ShapesGraph, results: Sequence[ValidationResult]) -> list[Problem]:
    """Give the problems of shapes that someone wrote and that have no focus node."""
    return [problem for shape, problem in idle if not (is_library(shape) or shape in shapes.nestings or _speaks(shape, shapes, results))]


def _speaks(shape: Subject, shapes: ShapesGraph, results: Sequence[ValidationResult]) -> bool:
    """Say whether a shape gave a result: a node that the data does not name is a focus node where the shape names it."""
    nodes = {str(node) for node in shapes.values(shape, "targetNode")}
    return any(result.focus_node in nodes or result.source_shape == shape.value for result in results)


def is_whole(paths: Sequence[str]) -> bool:
    """Say whether a run looks at more than records that were named one by one: only then a shape without a focus node is worth a word."""
    return bool(part_rdf(paths)[1]) or any(Path(path).is_dir() for path in paths)
