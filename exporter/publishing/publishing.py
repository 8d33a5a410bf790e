"""A site from a project: the records are exported once, into a graph on disk, from which all pages, downloads and lists are made."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from exporter.cache.answers import KeptAnswers
from exporter.cache.folder import open_cache
from exporter.digests import content_digest
from exporter.errors import QueryError
from exporter.generate.pages.documentation import describe_ontology
from exporter.generate.templating import markup
from exporter.pages.addresses import Addresses, common_site
from exporter.pages.assets import ENGINE, GRAPH_SCRIPT, QUERY_SCRIPT, SITE_SCRIPT, are_built, asset, read_assets
from exporter.pages.classes import ClassPages
from exporter.pages.gathering import gather_graph
from exporter.pages.graph import GraphFile
from exporter.pages.layout import HOME, ONTOLOGY, QUERY, REPORT, SEARCH, SHAPES, SiteLayout, SiteOptions, SitePage
from exporter.pages.ontology import describe_classes, ontology_pages, shapes_page
from exporter.pages.own import (
    Answered,
    Download,
    about_page,
    home_page,
    is_home_free,
    not_found_page,
    query_page,
    question_page,
    report_page,
    search_page,
)
from exporter.pages.resources import ResourcePages
from exporter.pages.view import View
from exporter.paths import Paths
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.export import export
from exporter.plan.digest import plan_digest
from exporter.plan.model import Plan
from exporter.problems import Problem
from exporter.project import Project, choose_project
from exporter.publishing.data import LIMIT_MB, browser_data, download, names_index, query_data, size_of
from exporter.publishing.describing import describe_dataset, sitemaps
from exporter.publishing.images import SiteImages
from exporter.publishing.leaving_out import PublishOptions, describe_held, describe_left_out, published_project
from exporter.sparql.limits import Limits
from exporter.sparql.opening import open_dataset
from exporter.sparql.queries.saved import list_saved, read_saved
from exporter.system.versions import build
from exporter.validation.shapes.loading import load_shapes
from exporter.validation.validating import validate
from exporter.writers.split import SITE, SplitFolder

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Publication:
    """What became of a site: `pages` of resources, `files` in all, of which `written` are new or have changed.

    `export` is the account of the records, `problems` are those that are shown. `left_out` are sentences about what is not in the site,
    `failures` those about saved queries that gave no answer. `scripted` says whether its pages have scripts.
    """

    output: str
    pages: int
    files: int
    written: int
    export: Export
    problems: tuple[Problem, ...]
    left_out: tuple[str, ...]
    failures: tuple[str, ...]
    scripted: bool


def publish(  # noqa: PLR0913 - the options of `owltype publish`, each with the default that most want
    paths: Paths = (),
    output: str | Path = "site",
    *,
    project: Project | None = None,
    ontology: Paths | None = None,
    shapes: Paths | None = None,
    jobs: int = 0,
    site: str = "",
    title: str = "",
    with_problems: bool = False,
    with_sources: str | None = None,
    with_unmapped: bool = False,
    images: Collection[str] = (),
    queries: str = "",
    templates: str = "",
    progress: Progress | None = None,
) -> Publication:
    """Write the graph of records as a folder of pages for any static host, and give the account of the run.

    The folder is one that an earlier run made, is empty, or is made; files that have changed take their places one by one, and those of
    earlier runs that this one does not write are removed. The same records give the same bytes. `site` is where addresses begin whose pages
    have their path, by default scheme and host of most records. Without `with_problems` there are no problems, without `with_sources` (an
    address with `{path}` and perhaps `{line}`) no paths of files, without `with_unmapped` no keys that the ontology does not know.
    `images` are hosts whose images are shown, `queries` is the folder of saved queries, and `templates` one of templates that come before
    ours. `progress` is told how many records are read, and then how many files are made. Raises OutputError for a folder of somebody else,
    OntologyError and UsageError.

    >>> import tempfile
    >>> publish("examples/medigy/content", tempfile.mkdtemp(), ontology="medigy").export.exported
    13
    """
    project = choose_project(project, paths, ontology=ontology, shapes=shapes, jobs=jobs)
    options = PublishOptions(site, title, with_problems, with_sources, with_unmapped, frozenset(images), queries, templates)
    shown = published_project(project, options)
    plan = shown.plan()
    told = progress or (lambda _done: None)
    with SplitFolder(output, nested=True, manifest=SITE, own=True) as folder, tempfile.TemporaryDirectory(prefix="owltype-") as work:
        text = Path(work, "graph.nt")
        with text.open("wb") as sink:
            graph, account = gather_graph(shown, plan, Path(work), sink, told)
        with closing(graph):
            made = _Site(shown, plan, graph, account, text, options)
            files, written = _write(folder, made.batches(), KeptAnswers(open_cache(project), "site"), told)
            pages = len(made.view.addresses.pages)
    said, failures = tuple(made.left_out), tuple(made.failures)
    return Publication(str(output), pages, files, written, account, tuple(made.problems), said, failures, are_built())


class PageBatch(NamedTuple):
    """Files that are made together; those with a `key` are the same whenever it is, and need not be made where they are there."""

    make: Callable[[], Iterable[SitePage]]
    key: bytes | None = None


def _write(folder: SplitFolder, batches: Iterable[PageBatch], kept: KeptAnswers, told: Progress) -> tuple[int, int]:
    """Write the files, and say how many there are, and how many are new or have changed."""
    files = written = 0
    for batch in batches:
        known = kept.find(batch.key) if batch.key is not None else None
        listed = _unpack(known) if known is not None else None
        if listed is not None and folder.keep(listed):
            files += len(listed)
        else:
            made = [(page.file, folder.put(*page), content_digest(page.content)) for page in batch.make()]
            files, written = files + len(made), written + sum(new for _, new, _ in made)
            if batch.key is not None:
                kept.add(batch.key, _pack([(file, digest) for file, _, digest in made]))
        told(files)
    kept.save()
    return files, written


def _pack(files: Sequence[tuple[str, bytes]]) -> bytes:
    return json.dumps([[file, digest.hex()] for file, digest in files]).encode()


def _unpack(packed: bytes) -> list[tuple[str, bytes]] | None:
    """Give the names and digests of files; None for what is not that."""
    try:
        return [(str(file), bytes.fromhex(digest)) for file, digest in json.loads(packed)]
    except (ValueError, TypeError):
        return None


class _Site:
    """Makes all files of a site."""

    def __init__(self, project: Project, plan: Plan, graph: GraphFile, account: Export, text: Path, options: PublishOptions) -> None:
        self._project, self._plan, self._graph, self._options = project, plan, graph, options
        self._account, self._text = account, text
        address = options.address or plan.ontology.constants.get("site") or common_site(iri for iri, _ in graph.records())
        address += "" if not address or address.endswith("/") else "/"
        self.view = View(graph, Addresses(address or "about:blank", graph.subjects()), plan)
        self.problems = list(validate(project=project).problems) if options.with_problems else []
        self.failures: list[str] = []
        self._questions = list(self._ask())
        self._shapes = _read_shapes(project)
        title, about = describe_ontology(plan.ontology)
        self._site = SiteOptions(
            title=options.title or title or "Knowledge graph",
            about=about or "",
            address=address,
            images=options.images,
            sources=options.with_sources,
            scripts=(asset(SITE_SCRIPT),) if are_built() else (),
            menu=self._menu(),
            footer="Made with owltype from the files of the site.",
            templates=(Path(options.templates),) if options.templates else (),
        )
        self._images = SiteImages(project, address)
        self._layout = SiteLayout(self.view, self._site, self._images.has)
        self.left_out = describe_left_out(account, options, self._project)

    def _menu(self) -> tuple[tuple[str, str], ...]:
        pages = [("Home", HOME), ("Search", SEARCH), ("Query", QUERY), ("Ontology", ONTOLOGY)]
        pages += [("Shapes", SHAPES)] if self._project.shapes else []
        return (*pages, *([("Report", REPORT)] if self._options.with_problems else []))

    def batches(self) -> Iterator[PageBatch]:
        """Give the files of the site, the pages of resources last."""
        yield PageBatch(self._whole)
        said = self._said()
        classes = ClassPages(self._layout, self._plan)
        for of in self.view.classes():
            yield PageBatch(partial(classes.files, of.iri), content_digest(said + classes.key(of.iri)))
        resources = self._resources()
        for iri, file in self.view.pages():
            yield PageBatch(partial(resources.files, iri, file), content_digest(said + resources.key(iri, file)))

    def _said(self) -> bytes:
        """Give a digest of what all pages depend on."""
        templates = (
            [path.read_bytes() for path in sorted(Path(self._options.templates).rglob("*")) if path.is_file()]
            if self._options.templates
            else []
        )
        parts = (build(), plan_digest(self._plan), self._site, are_built(), templates)
        return content_digest(repr(parts).encode("utf-8", "surrogatepass"))

    def _whole(self) -> Iterator[SitePage]:
        packed = gzip.compress(self._text.read_bytes(), 9, mtime=0)
        downloads = []
        for found, page in self._downloads(packed):
            downloads.append(found)
            yield page
        yield from self._own_pages(downloads)
        yield from self._query_files(packed)
        yield from ontology_pages(self._layout, describe_classes(self._project, self._plan))
        yield from read_assets()
        if are_built():
            yield names_index(self.view)
        files = [file for iri, file in self.view.pages() if self._site.address and iri.startswith(self._site.address)]
        yield from sitemaps(self._site.address, files)
        yield from filter(None, map(self._images.file, self._graph.named(self._site.address) if self._site.address else ()))
        yield SitePage(".nojekyll", b"")

    def _downloads(self, packed: bytes) -> Iterator[tuple[Download, SitePage]]:
        yield download("graph.nt.gz", "N-Triples, compressed", "application/n-triples", packed)
        with tempfile.TemporaryDirectory(prefix="owltype-") as work:
            for name, label, media_type in (
                ("graph.ttl.gz", "Turtle, compressed", "text/turtle"),
                ("graph.jsonld.gz", "JSON-LD, compressed", "application/ld+json"),
            ):
                export(output=Path(work, name), project=self._project)
                yield download(name, label, media_type, Path(work, name).read_bytes())

    def _own_pages(self, downloads: Sequence[Download]) -> Iterator[SitePage]:
        layout = self._layout
        problems = f"{len(self.problems):,} found by the last validation" if self._options.with_problems else None
        for file in [HOME, *(["index.html"] if is_home_free(layout) else [])]:
            yield home_page(layout, file, self._questions, downloads, problems)
        yield search_page(layout, indexed=are_built())
        yield about_page(layout, describe_held(self._account, self.view), self.left_out)
        yield not_found_page(layout, urlsplit(self._site.address).path or "/")
        for answered in self._questions:
            yield question_page(layout, answered)
        if self._shapes:
            yield shapes_page(layout, self._shapes)
        if self._options.with_problems:
            record_of = {place.path: iri for iri, place in self._graph.records()}
            yield report_page(layout, self.problems, record_of, [path for path, _ in self._shapes])
        counts = (self._account.triples, self._graph.counts[1])
        yield describe_dataset(self._site.title, self._site.about, self._site.address, counts, self.view.classes(), downloads)

    def _query_files(self, packed: bytes) -> Iterator[SitePage]:
        size, data = self._text.stat().st_size, None
        note = f"{self._account.triples:,} triples, which your browser loads when you ask the first query ({size_of(len(packed))})."
        layout = replace_scripts(self._layout, (asset(SITE_SCRIPT), asset(QUERY_SCRIPT)))
        if size > LIMIT_MB * _MEGABYTE:
            note = (
                f"With {self._account.triples:,} triples the graph is too large for a browser: download it, and ask it with owltype query."
            )
        elif are_built():
            scripts = list(browser_data(packed))
            yield from scripts
            data = markup(query_data(self.view, dict(self._plan.used_prefixes), len(scripts), self._account.triples, asset(ENGINE)))
        yield query_page(layout if data is not None else self._layout, self._questions, data, note)

    def _resources(self) -> ResourcePages:
        problems: dict[str, list[Problem]] = {}
        record_of = {place.path: iri for iri, place in self._graph.records()} if self.problems else {}
        for problem in self.problems:
            if problem.location.path in record_of:
                problems.setdefault(record_of[problem.location.path], []).append(problem)
        scripts = (asset(SITE_SCRIPT), asset(GRAPH_SCRIPT)) if are_built() else ()
        return ResourcePages(replace_scripts(self._layout, scripts), self._plan, problems)

    def _ask(self) -> Iterator[Answered]:
        """Ask the saved queries; one that fails is said, and has a page that says so."""
        paths = list_saved(Path(self._options.queries)) if self._options.queries else []
        if not paths:
            return
        with self._text.open("rb") as text, open_dataset(project=Project(), triples=text) as dataset:
            prefixes = dict(self._plan.prefixes)
            for path in paths:
                query = read_saved(path)
                try:
                    result = dataset.query(query.text, query.bindings({}, prefixes), limits=Limits(), path=query.path)
                    yield Answered(query, result)
                except QueryError as error:
                    said = "; ".join(problem.message for problem in error.problems)
                    self.failures.append(f"{query.path}: {said}")
                    yield Answered(query, failure=said)


def _read_shapes(project: Project) -> list[tuple[str, str]]:
    """Give each file of shapes by its project path, with its text."""
    files = load_shapes(project.shapes_files(), dict(project.imports)).files if project.shapes else ()
    return [(project.tree.project_path(file), Path(file).read_text("utf-8")) for file in files]


def replace_scripts(layout: SiteLayout, scripts: tuple[str, ...]) -> SiteLayout:
    """Give the layout of pages that have other scripts."""
    return SiteLayout(layout.view, replace(layout.options, scripts=scripts), layout.has_image)
