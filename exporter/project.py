"""A project: everything that a run is about, made once from settings, environment and options.

Commands and the Python API take it, and nobody else merges settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

from exporter.discovery import TAKES_RDF, Discovered, Enter, LeaveOut, Selection, discover, named_files
from exporter.errors import UsageError
from exporter.paths import Paths, path_names, texts
from exporter.rdf.syntaxes import part_rdf
from exporter.resources import own_folder, require_ontology, resolve_names
from exporter.settings.loading import load_settings
from exporter.settings.model import Settings
from exporter.text import enumerate_names, quote
from exporter.tree import Tree, open_tree

if TYPE_CHECKING:
    from exporter.plan.model import Ambiguous, Plan, Unclaimed, UnmappedKeys
    from exporter.records.reading import Reader
    from exporter.records.rules import ReadingRules
    from exporter.records.values import DuplicateKeys


@dataclass(frozen=True, slots=True)
class Caching:
    """Where results are kept between runs, seen from where the user stands, and how many megabytes; without a folder at the root."""

    folder: str | None = None
    megabytes: int = 2000


@dataclass(frozen=True, slots=True)
class Project:
    """What is read, with what: `paths` as the user names them, the `tree` they are in, and all that decides what records become.

    Without `cache` nothing is kept between runs.

    >>> project = make_project("examples/medigy/content", ontology="ontology")
    >>> next(project.files()).startswith("examples/medigy/content/communities/")
    True
    """

    paths: tuple[str, ...] = ()
    tree: Tree = field(default_factory=open_tree)
    selection: Selection = field(default_factory=Selection)
    jobs: int = 0
    ontology: tuple[str, ...] = ()
    shapes: tuple[str, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    default_class: str | None = None
    unmapped: UnmappedKeys = "keep"
    handlers: tuple[str, ...] = ()
    duplicate_keys: DuplicateKeys = "reject"
    ambiguous_references: Ambiguous = "problem"
    reading: ReadingRules | None = None
    unclaimed: Unclaimed | None = None
    file_addresses: tuple[tuple[str, str], ...] = ()
    cache: Caching | None = None

    @property
    def root(self) -> str:
        """The folder that project paths begin at."""
        return self.tree.root

    def plan(self) -> Plan:
        """Load the plan; raises OntologyError, and UsageError where there is no ontology."""
        from exporter.plan.compiling import load_plan  # a store is asked without an ontology, and without records
        from exporter.plan.model import Policies
        from exporter.records.rules import ReadingRules

        records, rdf = part_rdf(self.paths)
        if rdf and not records and not self.ontology:
            raise UsageError(f"{enumerate_names(map(quote, rdf), 'and')} {'holds' if len(rdf) == 1 else 'hold'} RDF: {TAKES_RDF}")
        if not (self.reading and self.reading.json_ld):  # records with a context need none
            require_ontology(self.ontology, self.tree)
        files = [Path(path) for path in self.plan_files()]  # paths, even where they look like a name of what comes with owltype
        reading = self.reading or ReadingRules()
        policies = Policies(
            self.unmapped, self.duplicate_keys, self.handlers, self.ambiguous_references, reading, self.unclaimed, self.file_addresses
        )
        return load_plan(files, dict(self.constants), default_class=self.default_class, policies=policies)

    def plan_files(self) -> list[str]:
        """Give the ontology's files and folders, as they are opened."""
        return [self.tree.named(path) for path in self.ontology]

    def shapes_files(self) -> list[str]:
        """Give the files and folders of the shapes, as they are opened; without any, shapes are generated from the ontology."""
        return [self.tree.named(path) for path in self.shapes]

    def reader(self, plan: Plan | None = None) -> Reader:
        """Give what reads the records, with its handlers and a plan's data files; raises UsageError for a handler that can't be loaded."""
        from exporter.records.plugging import load_handlers
        from exporter.records.reading import Reader

        handlers = load_handlers(self.handlers, self.duplicate_keys)
        return Reader(self.tree, handlers, plan.data_files, plan.reshaping) if plan else Reader(self.tree, handlers)

    def discover(self, leave_out: LeaveOut | None = None, plan: Plan | None = None, enter: Enter | None = None) -> Iterator[Discovered]:
        """Yield the files below the PATHs, those that are not records with the reason; raises UsageError where nothing is named.

        Tables are among them where a class of the plan says that their rows are records.
        """
        return discover(self.required_paths, self.selection, leave_out, self.tree, plan.data_files if plan else (), enter)

    def files(self, plan: Plan | None = None) -> Iterator[str]:
        """Yield the project paths of the files with records, in their order."""
        return (found.path for found in self.discover(plan=plan) if found.is_record)

    def named_files(self) -> frozenset[str]:
        """Give the records that are named themselves, and not a folder of theirs."""
        return named_files(self.paths, self.tree)

    @property
    def required_paths(self) -> tuple[str, ...]:
        """The PATHs; raises UsageError where there are none."""
        if not self.paths:
            raise UsageError("nothing to read: name a folder or a record, or set `paths` in [tool.owltype]")
        return self.paths

    def with_paths(self, paths: Sequence[str]) -> Project:
        """Give the project with some of its PATHs alone, or others."""
        return replace(self, paths=tuple(paths), tree=self.tree.mount(paths))


def make_project(  # noqa: PLR0913 - the one place where options and settings meet
    paths: Paths = (),
    *,
    config: str | None = None,
    settings: Settings | None = None,
    ontology: Paths | None = None,
    shapes: Paths | None = None,
    imports: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    default_class: str | None = None,
    unmapped: str | None = None,
    handlers: str | Sequence[str] = (),
    duplicate_keys: str | None = None,
    include: str | Sequence[str] = (),
    exclude: str | Sequence[str] = (),
    follow_symlinks: bool | None = None,
    gitignore: bool | None = None,
    jobs: int | None = None,
    cache: bool | None = None,
    overlays: Mapping[str, bytes] | None = None,
) -> Project:
    """Make a project of the settings, with what is said here in place of what they say; constants are added to theirs.

    Settings are those of `config`, or of the nearest file upward from the current folder. `overlays` are bytes in place of files, by
    their paths. Raises UsageError.

    >>> make_project("examples/medigy/content", unmapped="drop").unmapped
    'drop'
    """
    settings = load_settings(config) if settings is None else settings
    said = overlays or {}
    caches = settings.cache if cache is None else cache
    names = path_names(paths) or settings.paths
    tree = open_tree(settings.file)
    of_ontology = resolve_names(ontology or (), "ontology") or settings.ontology or own_folder(tree, "ontology")
    of_shapes = resolve_names(shapes or (), "shapes") or settings.shapes or own_folder(tree, "shapes")
    tree = tree.mount((*names, *of_ontology, *of_shapes, *said))
    follow = settings.follow_symlinks if follow_symlinks is None else follow_symlinks
    ignore = settings.gitignore if gitignore is None else gitignore
    return Project(
        paths=names,
        tree=replace(tree, overlays={tree.project_path(path): data for path, data in said.items()}),
        selection=Selection(texts(include) or settings.include, texts(exclude) or settings.exclude, follow, ignore, settings.endings),
        jobs=settings.jobs if jobs is None else jobs,
        ontology=of_ontology,
        shapes=of_shapes,
        imports=tuple((imports or dict(settings.imports)).items()),
        constants=tuple(sorted({**settings.constant_map, **(constants or {})}.items())),
        default_class=default_class or settings.default_class,
        unmapped=cast("UnmappedKeys", unmapped or settings.unmapped),
        handlers=texts(handlers) or settings.handlers,
        duplicate_keys=cast("DuplicateKeys", duplicate_keys or settings.duplicate_keys),
        ambiguous_references=cast("Ambiguous", settings.ambiguous_references),
        reading=_reading_rules(settings, tree),
        unclaimed=cast("Unclaimed | None", settings.unclaimed),
        file_addresses=settings.file_addresses,
        cache=Caching(settings.cache_dir, settings.cache_size) if caches else None,
    )


def _reading_rules(settings: Settings, tree: Tree) -> ReadingRules | None:
    """Give the rules of reading; None for the usual ones, which cost no import."""
    said = (settings.key_case, settings.drafts, settings.without_front_matter)
    if said == ("exact", "include", "skip") and not settings.json_ld:
        return None
    from exporter.records.rules import ReadingRules

    contexts = tuple(_contexts(settings, tree)) if settings.json_ld else ()
    return ReadingRules(*said, settings.json_ld, contexts)  # type: ignore[arg-type]  # one of the choices each


def _contexts(settings: Settings, tree: Tree) -> Iterator[tuple[str, str]]:
    """Yield the JSON of each context by what records call it, and by the project path of its file; raises UsageError."""
    for name, path in settings.contexts:
        try:
            document = json.loads(Path(path).read_text("utf-8"))
        except OSError as error:
            raise UsageError(f"the context {quote(name)}: {quote(path)}: {(error.strerror or str(error)).lower()}") from None
        except (ValueError, RecursionError) as error:
            raise UsageError(f"the context {quote(name)}: {quote(path)} is not valid JSON: {error}") from None
        text = json.dumps(document.get("@context", document) if isinstance(document, dict) else document)
        yield name, text
        yield tree.project_path(path), text


def choose_project(  # noqa: PLR0913 - the few arguments that a project is made from in the Python API
    project: Project | None,
    paths: Paths = (),
    *,
    ontology: Paths | None = None,
    shapes: Paths | None = None,
    imports: Mapping[str, str] | None = None,
    constants: Mapping[str, str] | None = None,
    default_class: str | None = None,
    unmapped: UnmappedKeys = "keep",
    handlers: str | Sequence[str] = (),
    duplicate_keys: DuplicateKeys = "reject",
    selection: Selection | None = None,
    jobs: int = 0,
) -> Project:
    """Give the project, or one that is made of arguments, without settings; PATHs beside a project stand in place of its own."""
    if project is not None:
        said = (
            ontology,
            shapes,
            imports,
            constants,
            default_class,
            handlers,
            selection,
            unmapped != "keep",
            duplicate_keys != "reject",
            jobs,
        )
        if any(said):
            raise UsageError("give a project, or what one is made from, and not both")
        names = path_names(paths)
        return project.with_paths(names) if names else project
    chosen = selection or Selection()
    return make_project(
        paths,
        settings=Settings(),
        ontology=ontology,
        shapes=shapes,
        imports=imports,
        constants=constants,
        default_class=default_class,
        unmapped=unmapped,
        handlers=handlers,
        duplicate_keys=duplicate_keys,
        include=chosen.include,
        exclude=chosen.exclude,
        follow_symlinks=chosen.follow_symlinks,
        gitignore=chosen.gitignore,
        jobs=jobs,
        cache=False,  # a call of a function leaves nothing behind
    )
