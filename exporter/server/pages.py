"""The pages of a served graph: each is made when it is asked for; those of the site as a whole stay until the problems change."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from urllib.parse import urlsplit

from exporter.generate.templating import markup
from exporter.pages.addresses import OWN
from exporter.pages.assets import QUERY_SCRIPT, SITE_SCRIPT, are_built, asset, read_assets
from exporter.pages.classes import ClassPages, class_file
from exporter.pages.graph import RecordPlace
from exporter.pages.layout import SiteLayout, SitePage
from exporter.pages.ontology import describe_classes, ontology_pages
from exporter.pages.own import Answered, Download, query_page
from exporter.pages.resources import ResourcePages
from exporter.problems import Problem
from exporter.publishing.data import names_index, served_data
from exporter.publishing.leaving_out import PublishOptions
from exporter.publishing.site import PublishedSite, SiteSource, replace_scripts
from exporter.server.lines import find_lines

ENDPOINT = "sparql"
_DOWNLOADS = (
    Download(f"{OWN}/data/graph.nt", "N-Triples", "application/n-triples", ""),
    Download(f"{OWN}/data/graph.ttl", "Turtle", "text/turtle", ""),
    Download(f"{OWN}/data/graph.jsonld", "JSON-LD", "application/ld+json", ""),
)


class ServedPages(PublishedSite):
    """Makes pages when they are asked for, from any thread.

    `ask` asks the saved queries. `before` are the pages until now: their problems are shown until the next validation ends.
    """

    events = f"{OWN}/events"

    def __init__(
        self, source: SiteSource, options: PublishOptions, ask: Callable[[], Sequence[Answered]], version: int, before: ServedPages | None
    ) -> None:
        known, problems = (before.view.addresses, before.problems) if before is not None else (None, ())
        super().__init__(source, options, (), problems, known)
        self._show_version(version)
        self._lock, self._asking = source.gathered.graph.lock, threading.Lock()
        self._ask: Callable[[], Sequence[Answered]] | None = ask
        self._classes: dict[str, str] = {}
        for of in self.view.classes():
            self._classes[class_file(of.iri).removesuffix(".html")] = of.iri
        self._files = {file: iri for iri, file in self.view.pages()}

    def _show_version(self, version: int) -> None:
        self._site = replace(self._site, version=version)
        self._layout = SiteLayout(self.view, self._site, self._images.has)

    def show_problems(self, problems: Sequence[Problem], version: int) -> None:
        """Show other problems from now on, which is another version of the pages."""
        with self._lock:
            self.problems = problems
            self._show_version(version)
            for name in ("_whole_pages", "_resource_pages"):
                self.__dict__.pop(name, None)

    def find(self, file: str) -> SitePage | None:
        """Give a file of the site; None where there is none."""
        with self._lock:
            page = self._resource(file) or self._class(file) or self._data(file)
        if page is not None:
            return page
        self._answer()
        with self._lock:
            return self._whole_pages.get(file)

    def _answer(self) -> None:
        """Ask the saved queries, the first time that a page wants them; other pages do not wait for that."""
        with self._asking:
            if self._ask is not None:
                self._questions, self._ask = self._ask(), None

    def _lines(self, place: RecordPlace, subjects: list[str]) -> Mapping[tuple[str, str], int]:
        return find_lines(self._project, self._plan, place, subjects) if self._plan is not None else {}

    def resource_at(self, path: str) -> tuple[str, str] | None:
        """Give the resource whose IRI has a path below the host of the site, percent-encoded, and the file of its page."""
        found = urlsplit(self._site.address)
        iri = f"{found.scheme}://{found.netloc}{path}"
        file = self.view.addresses.pages.get(iri) if self._site.address else None
        return None if file is None else (iri, file)

    def line_of(self, iri: str, place: RecordPlace) -> int:
        """Give the line at which a record begins to speak of itself; 1 where that is not known."""
        return min(self._lines(place, [iri]).values(), default=1)

    def is_record(self, iri: str) -> bool:
        """Say whether a resource is a record, and so a document."""
        with self._lock:
            return self._graph.record(iri) is not None

    @cached_property
    def _whole_pages(self) -> dict[str, SitePage]:
        pages = [
            *self._own_pages(_DOWNLOADS),
            self._query_page(),
            *(ontology_pages(self._layout, describe_classes(self._project, self._plan)) if self._plan else ()),
        ]
        return {page.file: page for page in (*pages, *read_assets())}

    @cached_property
    def _names(self) -> SitePage:
        return names_index(self.view)

    @cached_property
    def _resource_pages(self) -> ResourcePages:
        return self._resources()

    def _query_page(self) -> SitePage:
        note = f"{self._account.triples:,} triples, asked on this server."
        if not are_built():
            return query_page(self._layout, self._questions, None, note)
        layout = replace_scripts(self._layout, (asset(SITE_SCRIPT), asset(QUERY_SCRIPT)))
        return query_page(layout, self._questions, markup(served_data(self.view, dict(self._prefixes), ENDPOINT)), note)

    def _resource(self, file: str) -> SitePage | None:
        stem, dot, ending = file.rpartition(".")
        name = file if ending in {"html", "htm"} else next((name for name in (f"{stem}.html", f"{stem}.htm") if name in self._files), "")
        if not dot or name not in self._files:
            return None
        made = {page.file: page for page in self._resource_pages.files(self._files[name], name)}
        return made.get(file)

    def _class(self, file: str) -> SitePage | None:
        stem = file.removesuffix(".html")
        iri = self._classes.get(stem) or self._classes.get(stem.rpartition("/")[0])
        if iri is None:
            return None
        return next((page for page in ClassPages(self._layout, self._plan).files(iri) if page.file == file), None)

    def _data(self, file: str) -> SitePage | None:
        if file == f"{OWN}/data/names.js":
            return self._names
        if file.startswith(f"{OWN}/data/graph."):
            return self._download(file)
        return self._images.file(self._site.address + file) if self._site.address else None
