"""The validation run: map, check the shapes, run the engines, and turn results into problems with a place."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from exporter.cache.folder import CacheAccount, open_cache
from exporter.discovery import Selection, gives_nothing
from exporter.errors import ShapesError, UsageError
from exporter.paths import Paths
from exporter.pipeline.account import Progress
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.patching import left_problems, problems_of
from exporter.plan.model import Plan, UnmappedKeys
from exporter.problems import Problem, Severity
from exporter.project import Project, choose_project
from exporter.rdf.syntaxes import part_rdf
from exporter.records.reading import Reader
from exporter.records.values import DuplicateKeys
from exporter.resources import missing_folder
from exporter.system.versions import build, version_of
from exporter.text import enumerate_names, quote
from exporter.tree import open_tree
from exporter.validation.batches.running import Batching
from exporter.validation.batches.split import Split, split_shapes
from exporter.validation.checking import (
    MappedData,
    ValidationOptions,
    check,
    find_faults,
    gather_problems,
    is_idle,
    is_whole,
    kept_names,
    kept_results,
    locate,
)
from exporter.validation.data.data_file import DataFile
from exporter.validation.data.graphs import DataGraph, PartialDataError
from exporter.validation.data.rdf_files import read_rdf
from exporter.validation.engines import SECONDS
from exporter.validation.engines.features import Suitability
from exporter.validation.engines.running import known_faults, open_engines
from exporter.validation.rechecking import Recheck, texts_of
from exporter.validation.remembering import Found, LastValidation
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.generated import generated_shapes
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import load_shapes
from exporter.validation.shapes.targets import idle_shapes

if TYPE_CHECKING:
    from exporter.wide.exporting import ClusterOptions, MappedParts


@dataclass(frozen=True, slots=True, repr=False)
class Validation:
    """What a run found. `results` are the engine's, in order; `problems` are those with a place, and what reading and mapping found.

    `checked` counts records and RDF files, `files` names them. `engines` ran. `suppressed` counts problems that the records suppress.
    `whole` says that the run looked at more than records that were named one by one, `idle` that no shape has a focus node.
    `skipped` counts files that gave no record, by the reason. `reader` reads them again, `cache` says what was kept from earlier runs.
    `split` says how the shapes were split, where they were not all checked at once. A run over a cluster lists so many problems of reading
    and mapping; `unlisted` are the others, by severity.

    >>> validate("examples/medigy/content", engine="shacl").engines
    ('shacl',)
    """

    problems: tuple[Problem, ...]
    results: tuple[ValidationResult, ...]
    shapes: ShapesGraph
    engines: tuple[str, ...]
    checked: int
    files: tuple[str, ...]
    suppressed: int = 0
    whole: bool = False
    idle: bool = False
    split: Split | None = None
    skipped: Mapping[str, int] = field(default_factory=dict)
    prefixes: Mapping[str, str] = field(default_factory=dict)
    reader: Reader = field(default_factory=lambda: Reader(open_tree()))
    cache: CacheAccount | None = None
    unlisted: Mapping[Severity, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        counts = f"checked={self.checked}, problems={len(self.problems)}, results={len(self.results)}, suppressed={self.suppressed}"
        return f"Validation(conforms={self.conforms}, {counts}, engines={self.engines})"

    @property
    def conforms(self) -> bool:
        """Whether SHACL says that the data conforms: no result at all."""
        return not self.results


def validate(  # noqa: PLR0913 - the options of `owltype validate`, each with the default that most want
    paths: Paths = (),
    *,
    project: Project | None = None,
    shapes: Paths | None = None,
    ontology: Paths | None = None,
    imports: Mapping[str, str] | None = None,
    engine: str = "auto",
    advanced: bool = False,
    timeout: float = SECONDS,
    batching: Batching | None = None,
    unmapped: UnmappedKeys = "keep",
    jobs: int = 0,
    constants: Mapping[str, str] | None = None,
    default_class: str | None = None,
    handlers: str | Sequence[str] = (),
    duplicate_keys: DuplicateKeys = "reject",
    selection: Selection | None = None,
    allow_nothing: bool = False,
    first: Collection[str] = (),
    progress: Progress | None = None,
    cluster: ClusterOptions | None = None,
) -> Validation:
    """Validate records, or RDF files as they are, against SHACL shapes, and give every problem at its place.

    `shapes` and `ontology` name files and folders, by default the project's `shapes/` and `ontology/`, and `medigy` those that come
    with owltype; without shapes those are used that follow from the ontology. `handlers` names front-matter handlers as
    `module:Class`, `duplicate_keys` says what a key is that stands twice in one map, as for `export`, `imports` names a file for each
    IRI that shapes import, `timeout` says how many seconds a run of pySHACL may take, `batching` how the data is cut. A run without a
    single record ends with a UsageError, unless `allow_nothing`. Where records share what is wrong, those of the files `first`, absolute
    paths, are named first. With `cluster` the executors of Spark map the records, and all is checked here. The problems are all that were
    found: `exporter.validate` leaves out what records suppress.
    Raises ShapesError for shapes that can't be run, OntologyError and UsageError.

    >>> found = validate("examples/medigy/content")
    >>> found.checked > 0
    True
    """
    project = choose_project(
        project,
        paths,
        ontology=ontology,
        shapes=shapes,
        imports=imports,
        constants=constants,
        default_class=default_class,
        unmapped=unmapped,
        handlers=handlers,
        duplicate_keys=duplicate_keys,
        selection=selection,
        jobs=jobs,
    )
    options = ValidationOptions(engine, advanced, timeout, project, first, batching or Batching())
    return _validate(project, options, progress, cluster, allow_nothing=allow_nothing)


def _validate(
    project: Project, options: ValidationOptions, progress: Progress | None, cluster: ClusterOptions | None, *, allow_nothing: bool
) -> Validation:
    records, rdf = part_rdf(project.required_paths)
    cache = open_cache(project)
    last = None
    if project.shapes and records and not rdf and cluster is None:
        loaded = _load_shapes(project)
        said = (options.engine, options.timeout, options.batching, sorted(options.first), allow_nothing, _versions())
        last = LastValidation(project, cache, loaded, *said, advanced=options.advanced)
        if (known := _recalled(project, last, loaded, options)) is not None:
            return known
    plan = project.plan() if records else None
    if last is not None and plan is not None and (known := _rechecked(project, last, loaded, plan, options)) is not None:
        return known
    if last is None:
        loaded = _load_shapes(project) if project.shapes else generated_shapes(plan or _plan_of(project))
    of_shapes, listing = find_faults(loaded, plan, options), last.begin() if last is not None else None
    with DataFile() as data, ExitStack() as stack:
        run = source = None
        if plan is not None and cluster is not None:
            source = stack.enter_context(_over_cluster(project.with_paths(records), plan, cluster, allow_nothing=allow_nothing))
        elif plan is not None:
            run = Exporting(project.with_paths(records), plan, progress, allow_nothing=allow_nothing, cache=cache, listing=listing)
        mapped = _map(DataGraph(data), plan, run or source, [*map(project.tree.named, rdf)], project)
        engines, split, results, problems, parts = check(mapped, loaded, plan, options)
        unmet = [str(shape) for shape, _ in idle_shapes(data, loaded)] if is_whole(project.paths) else []
    found = Found(
        problems=gather_problems(project, loaded, [*of_shapes], unmet, results, (*mapped.problems, *problems)),
        results=results,
        engines=engines,
        checked=mapped.checked,
        skipped=mapped.skipped,
        files=(*mapped.graph.paths, *(project.tree.project_path(file.path) for file in mapped.graph.files)),
        idle=is_idle(project, loaded, unmet, results),
        split=None if split is None else tuple(split.lines()),
        prefixes={**(plan.prefixes if plan else {}), **loaded.prefixes},
        mapped=mapped.problems,
        unmet=tuple(unmet),
    )
    if last is not None and listing is not None and run is not None:
        last.keep(run, listing, found, parts, kept_names(loaded))
    return replace(_validation(found, loaded, project, plan, split, mapped.cache), unlisted=mapped.unlisted)


def _load_shapes(project: Project) -> ShapesGraph:
    """Load the shapes that are named; of an ontology that can't be loaded either, it is said first."""
    try:
        return load_shapes(project.shapes_files(), dict(project.imports))
    except (ShapesError, OSError):
        if part_rdf(project.required_paths)[0]:
            project.plan()
        raise


def _rechecked(project: Project, last: LastValidation, shapes: ShapesGraph, plan: Plan, options: ValidationOptions) -> Validation | None:
    """Check again what some edits can have changed; None where a whole run has to tell."""
    edits = None if plan.looks_up or options.advanced else last.edits()
    split = split_shapes(shapes) if edits is not None and edits.found.split is not None else None
    if edits is None or split is None or tuple(split.lines()) != edits.found.split or split.far:
        return None
    cache, answers = open_cache(project), kept_results(project, shapes)
    recheck = Recheck(project, plan, shapes, split, options.batching.size)
    made = recheck.find_changes(cache, edits.last, edits.looks, edits.looked_at_ns)
    if made is None or answers is None:
        return None
    kept, changes = made
    mapped = left_problems(edits.found.mapped, changes)
    paths = {change.now.path for change in changes}
    if any(place.path in paths for problem in mapped for place in (problem.location, *problem.related)):
        return None
    suited = Suitability(shapes, lambda: texts_of(changes))
    with DataFile() as data, open_engines(options.engine, suited, options.timeout) as engines:
        if tuple(engine.name for engine in engines) != edits.found.engines or len(engines) > 1 or known_faults(engines, suited):
            return None
        again = recheck.check(engines[0], edits.parts, kept, changes, answers, data)
    if again is None:
        return None
    try:
        located = locate(again.graph, again.leaves, shapes, plan, options, None, edits.last.plan)
    except PartialDataError:
        return None
    mapped = sorted((*mapped, *problems_of(change.now for change in changes)), key=lambda problem: problem.sort_key)
    of_shapes = find_faults(shapes, plan, options)
    found = edits.found._replace(
        problems=gather_problems(project, shapes, of_shapes, edits.found.unmet, again.results, (*mapped, *located)),
        results=again.results,
        idle=is_idle(project, shapes, edits.found.unmet, again.results),
        mapped=tuple(mapped),
    )
    replaced = [kept.replace(change.row, change.seen, change.now) for change in changes]
    kept.save()
    answers.save()
    last.begin()
    if all(replaced):
        last.keep_edited(edits, kept, found, again.parts)
    return _validation(found, shapes, project, plan, split, kept.account())


def _validation(
    found: Found, shapes: ShapesGraph, project: Project, plan: Plan | None, split: Split | None, cache: CacheAccount | None
) -> Validation:
    return Validation(
        problems=found.problems,
        results=found.results,
        shapes=shapes,
        engines=found.engines,
        checked=found.checked,
        skipped=found.skipped,
        files=found.files,
        whole=is_whole(project.paths),
        split=split,
        idle=found.idle,
        prefixes=found.prefixes,
        reader=project.reader(plan),
        cache=cache,
    )


def _recalled(project: Project, last: LastValidation, shapes: ShapesGraph, options: ValidationOptions) -> Validation | None:
    """Give what the last run found, if nothing has changed since."""
    known = last.recall()
    if known is None:
        return None
    found, cache = known
    split = None if found.split is None else split_shapes(shapes, advanced=options.advanced)
    if split is not None and tuple(split.lines()) != found.split:  # the data had a say in it
        return None
    return _validation(found, shapes, project, None, split, cache)


def _versions() -> tuple[str, ...]:
    return (build(), *map(version_of, ("shacl", "pyshacl", "rdflib", "pyoxigraph")))


def _over_cluster(project: Project, plan: Plan, cluster: ClusterOptions, *, allow_nothing: bool) -> AbstractContextManager[MappedParts]:
    from exporter.wide.exporting import map_over_cluster  # Spark is there for few

    return map_over_cluster(project, plan, cluster, allow_nothing=allow_nothing)


def _map(graph: DataGraph, plan: Plan | None, source: Exporting | MappedParts | None, rdf: Sequence[str], project: Project) -> MappedData:
    problems: tuple[Problem, ...] = ()
    checked = 0
    skipped: Mapping[str, int] = {}
    references = cache = None
    digest, rows = "", None
    unlisted: Mapping[Severity, int] = {}
    if source is not None and plan is not None:
        if isinstance(source, Exporting):
            graph.add_records(source, plan)
            digest, rows = source.digest, source.kept_rows
        else:
            graph.add_parts(source)
        graph.add_ontology(plan)
        account = source.account("") if isinstance(source, Exporting) else source.account
        references, cache, unlisted = source.references, account.cache, account.unlisted
        problems, checked, skipped = account.problems, account.exported + account.rejected, account.skipped
    empty = []
    for number, name in enumerate(rdf):
        file = read_rdf(name, f"f{number}", project.tree.data(project.tree.project_path(name)))
        graph.add_file(file)
        empty += [] if file.data else [gives_nothing(name, "it has no triples", "leave it out")]
    checked += len(rdf) - len(empty)
    if empty and not checked:
        raise UsageError(f"nothing to check: no triples in {enumerate_names(map(quote, rdf), 'or')}", empty)
    return MappedData(graph, (*problems, *empty), checked, skipped, references, cache, digest, rows, unlisted)


def _plan_of(project: Project) -> Plan:
    """Load the ontology that shapes are generated from; raises UsageError where there are neither."""
    if not project.ontology:
        raise UsageError(
            f"there are no shapes to check against: name some with --shapes, set `shapes` in the settings, or put them into "
            f"{missing_folder(project.tree, 'shapes')}; there is no ontology to generate them from, either"
        )
    return project.plan()
