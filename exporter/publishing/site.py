"""A site: all its pages, made from the graph on disk when they are asked for."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
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
from exporter.publishing.data import LIMIT_MB, browser_data, download, names_index, query_data, size_of
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


class PageBatch(NamedTuple):
    """Files that are made together; those with a `key` are the same whenever it is, and need not be made where they are there."""

    make: Callable[[], Iterable[SitePage]]
    key: bytes | None = None


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
        parts = (build(), plan_digest(self._plan) if self._plan else "", self._site, are_built(), templates)
        return content_digest(repr(parts).encode("utf-8", "surrogatepass"))

    def _whole(self) -> Iterator[SitePage]:
        packed = gzip.compress(self._text.read_bytes(), 9, mtime=0)
        downloads = []
        for found, page in self._downloads(packed):
            downloads.append(found)
            yield page
        yield from self._own_pages(downloads)
        yield from self._query_files(packed)
        if self._plan is not None:
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
        yield download("graph.ttl.gz", "Turtle, compressed", "text/turtle", self._written("graph.ttl.gz"))
        yield download("graph.jsonld.gz", "JSON-LD, compressed", "application/ld+json", self._written("graph.jsonld.gz"))

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
            return gzip.compress(written, 9, mtime=0) if compression else written
        with tempfile.TemporaryDirectory(prefix="owltype-") as work:
            export(output=Path(work, name), project=self._project)
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
            data = markup(query_data(self.view, dict(self._prefixes), len(scripts), self._account.triples, asset(ENGINE)))
        yield query_page(layout if data is not None else self._layout, self._questions, data, note)

    def _resources(self) -> ResourcePages:
        problems: dict[str, list[Problem]] = {}
        record_of = {place.path: iri for iri, place in self._graph.records()} if self.problems else {}
        for problem in self.problems:
            if problem.location.path in record_of:
                problems.setdefault(record_of[problem.location.path], []).append(problem)
        scripts = (asset(SITE_SCRIPT), asset(GRAPH_SCRIPT)) if are_built() else ()
        return ResourcePages(replace_scripts(self._layout, scripts), self._plan, problems, self._prefixes, self._lines)


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
