"""A site: all its pages, made from the graph on disk when they are asked for."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from pyoxigraph import RdfFormat, parse, serialize

from exporter.digests import content_digest
from exporter.errors import QueryError
from exporter.generate.pages.documentation import describe_ontology
from exporter.generate.templating import markup
from exporter.pages.addresses import Addresses, common_site
from exporter.pages.assets import ENGINE, GRAPH_SCRIPT, QUERY_SCRIPT, SITE_SCRIPT, are_built, asset, read_assets
from exporter.pages.classes import ClassPages
from exporter.pages.gathering import GatheredGraph
from exporter.pages.graph import RecordPlace
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
from exporter.pipeline.export import export
from exporter.plan.digest import plan_digest
from exporter.problems import Problem
from exporter.project import Project
from exporter.publishing.data import LIMIT_MB, NAMES, browser_data, names_index, query_data, scripts_of, size_of
from exporter.publishing.describing import describe_dataset, sitemaps
from exporter.publishing.images import SiteImages
from exporter.publishing.leaving_out import PublishOptions, describe_held, describe_left_out
from exporter.rdf.syntaxes import part_rdf, split_compression, syntax_of
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Limits
from exporter.sparql.queries.saved import list_saved, read_saved
from exporter.system.versions import build
from exporter.validation.shapes.loading import load_shapes

_MEGABYTE = 1_000_000
_LEVEL = 6
"""How hard gzip tries; 9 takes twice as long for one part in a hundred."""
_NTRIPLES, _TURTLE, _JSONLD = (f"_/data/graph.{ending}.gz" for ending in ("nt", "ttl", "jsonld"))
_DOWNLOADS = (
    (_NTRIPLES, "N-Triples, compressed", "application/n-triples"),
    (_TURTLE, "Turtle, compressed", "text/turtle"),
    (_JSONLD, "JSON-LD, compressed", "application/ld+json"),
)


class PageBatch(NamedTuple):
    """Files that are made together; those with a `key` are the same whenever it is, and need not be made where they are there."""

    make: Callable[[], Iterable[SitePage]]
    key: Callable[[], bytes] | None = None


class SiteSource(NamedTuple):
    """What a site is made from: a project, what was gathered of it, and its text as N-Triples."""

    project: Project
    gathered: GatheredGraph
    text: Path


class PublishedSite:
    """Makes all files of a site: those of the whole, and the pages of classes and resources.

    `questions` are saved queries with their answers, `problems` those that its pages show, `left_out` sentences about what is not in it.
    `known` are addresses of a site that is much the same.
    """

    def __init__(
        self,
        source: SiteSource,
        options: PublishOptions,
        questions: Sequence[Answered] = (),
        problems: Sequence[Problem] = (),
        known: Addresses | None = None,
    ) -> None:
        self._options, self._questions, self.problems = options, questions, problems
        self._project, (graph, plan, account, prefixes), self._text = source
        self._plan, self._graph, self._account, self._prefixes = plan, graph, account, prefixes
        address = options.address or (plan.ontology.constants.get("site") if plan else None) or common_site(graph.main_subjects())
        address += "" if not address or address.endswith("/") else "/"
        self.view = View(graph, Addresses(address or "about:blank", graph.subjects(), known), plan, prefixes)
        self._shapes = _read_shapes(self._project)
        title, about = describe_ontology(plan.ontology) if plan else (None, None)
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
            events=self.events,
        )
        self._images = SiteImages(self._project, address)
        self._layout = SiteLayout(self.view, self._site, self._images.has)
        self.left_out = describe_left_out(account, options, self._project)

    def _lines(self, place: RecordPlace, subjects: list[str]) -> Mapping[tuple[str, str], int]:  # noqa: ARG002 - for those that show lines
        """Give no line: a published site is read by visitors."""
        return {}

    events = ""
    """Where a server tells of changes."""

    def _menu(self) -> tuple[tuple[str, str], ...]:
        pages = [("Home", HOME), ("Search", SEARCH), ("Query", QUERY), *([("Ontology", ONTOLOGY)] if self._plan else [])]
        pages += [("Shapes", SHAPES)] if self._project.shapes else []
        return (*pages, *([("Report", REPORT)] if self._options.with_problems else []))

    def large_batches(self) -> list[PageBatch]:
        """Give what takes long and can be made at once: downloads, the index of the search, and pages of classes."""
        said = self._said
        graph = content_digest(said + content_digest(self._text.read_bytes()))
        parts: list[tuple[str, Callable[[], Iterable[SitePage]]]] = [
            (_TURTLE, partial(self._packed, _TURTLE)),
            (_JSONLD, partial(self._packed, _JSONLD)),
            (_NTRIPLES, self._packed_triples),
            (NAMES, lambda: [names_index(self.view)] if are_built() else []),
        ]
        classes = ClassPages(self._layout, self._plan)
        return [
            *(PageBatch(make, partial(content_digest, graph + name.encode())) for name, make in parts),
            *(PageBatch(partial(classes.files, of.iri), partial(_key, said, classes, of.iri)) for of in self.view.classes()),
        ]

    def batches(self) -> list[PageBatch]:
        """Give the pages of resources."""
        said, resources = self._said, self._resources()
        return [
            PageBatch(partial(resources.files, iri, file), partial(_key, said, resources, iri, file)) for iri, file in self.view.pages()
        ]

    @cached_property
    def _said(self) -> bytes:
        """The digest of what all pages depend on."""
        templates = (
            [path.read_bytes() for path in sorted(Path(self._options.templates).rglob("*")) if path.is_file()]
            if self._options.templates
            else []
        )
        parts = (build(), plan_digest(self._plan) if self._plan else "", self._site, are_built(), templates)
        return content_digest(repr(parts).encode("utf-8", "surrogatepass"))

    def whole(self, sizes: Mapping[str, int]) -> Iterator[SitePage]:
        """Make the files of the site as a whole; `sizes` are the bytes of the files that were made before, by their names."""
        downloads = [Download(file, label, media_type, size_of(sizes[file])) for file, label, media_type in _DOWNLOADS]
        yield from self._own_pages(downloads)
        yield self._query_page_of(sizes[_NTRIPLES])
        if self._plan is not None:
            yield from ontology_pages(self._layout, describe_classes(self._project, self._plan))
        yield from read_assets()
        files = [file for iri, file in self.view.pages() if self._site.address and iri.startswith(self._site.address)]
        yield from sitemaps(self._site.address, files)
        yield from filter(None, map(self._images.file, self._graph.named(self._site.address) if self._site.address else ()))
        yield SitePage(".nojekyll", b"")

    def _packed(self, file: str) -> list[SitePage]:
        return [SitePage(file, self._written(file.rpartition("/")[2]))]

    def _packed_triples(self) -> Iterator[SitePage]:
        packed = gzip.compress(self._text.read_bytes(), _LEVEL, mtime=0)
        yield SitePage(_NTRIPLES, packed)
        if self._is_for_browser:
            yield from browser_data(packed)

    @property
    def _is_for_browser(self) -> bool:
        return are_built() and self._text.stat().st_size <= LIMIT_MB * _MEGABYTE

    def _download(self, file: str) -> SitePage | None:
        """Write the whole graph in the syntax that a file's name says."""
        if not file.endswith((".nt", ".ttl", ".jsonld")):
            return None
        return SitePage(file, self._written(file.rpartition("/")[2]))

    def _written(self, name: str) -> bytes:
        """Write the graph as an export does; with RDF files, which exports don't take, as the engine does."""
        if part_rdf(self._project.paths)[1]:
            bare, compression = split_compression(name)
            syntax = syntax_of(bare)
            assert syntax is not None
            quads = parse(self._text.read_bytes(), format=RdfFormat.N_TRIPLES)
            written = serialize((quad.triple for quad in quads), format=syntax.of_engine, prefixes=dict(self._prefixes)) or b""
            return gzip.compress(written, _LEVEL, mtime=0) if compression else written
        with tempfile.TemporaryDirectory(prefix="owltype-") as work:
            export(output=Path(work, name), project=replace(self._project, jobs=1))  # it may be one of several processes
            return Path(work, name).read_bytes()

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
        yield describe_dataset(self._site, counts, self.view.classes(), downloads, self._options.endpoint)

    def _query_page_of(self, packed: int) -> SitePage:
        """Make the page of queries, where the graph is so large in its compressed form."""
        triples, data = f"{self._account.triples:,} triples", None
        note = f"{triples}, which your browser loads when you ask the first query ({size_of(packed)})."
        layout = self._layout
        if self._text.stat().st_size > LIMIT_MB * _MEGABYTE:
            note = f"With {triples} the graph is too large for a browser."
        elif self._is_for_browser:
            layout = replace_scripts(layout, (asset(SITE_SCRIPT), asset(QUERY_SCRIPT)))
            data = markup(query_data(self.view, dict(self._prefixes), scripts_of(packed), self._account.triples, asset(ENGINE)))
        return query_page(layout, self._questions, data, note, self._options.endpoint)

    def _resources(self) -> ResourcePages:
        problems: dict[str, list[Problem]] = {}
        record_of = {place.path: iri for iri, place in self._graph.records()} if self.problems else {}
        for problem in self.problems:
            if problem.location.path in record_of:
                problems.setdefault(record_of[problem.location.path], []).append(problem)
        scripts = (asset(SITE_SCRIPT), asset(GRAPH_SCRIPT)) if are_built() else ()
        return ResourcePages(replace_scripts(self._layout, scripts), self._plan, problems, self._prefixes, self._lines)


def _key(said: bytes, pages: ClassPages | ResourcePages, *of: str) -> bytes:
    return content_digest(said + pages.key(*of))


def ask_saved(dataset: Dataset, folder: str) -> Iterator[Answered]:
    """Ask the saved queries of a folder with their default parameters; one that fails says why."""
    for path in list_saved(Path(folder)) if folder else ():
        query = read_saved(path)
        try:
            yield Answered(query, dataset.query(query.text, query.bindings({}, dataset.prefixes), limits=Limits(), path=query.path))
        except QueryError as error:
            yield Answered(query, failure="; ".join(problem.message for problem in error.problems))


def _read_shapes(project: Project) -> list[tuple[str, str]]:
    """Give each file of shapes by its project path, with its text."""
    files = load_shapes(project.shapes_files(), dict(project.imports)).files if project.shapes else ()
    return [(project.tree.project_path(file), Path(file).read_text("utf-8")) for file in files]


def replace_scripts(layout: SiteLayout, scripts: tuple[str, ...]) -> SiteLayout:
    """Give the layout of pages that have other scripts."""
    return SiteLayout(layout.view, replace(layout.options, scripts=scripts), layout.has_image)
