"""The page of a resource: its statements in words, its parts, what names it, where it comes from; and the same as Turtle and JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from pyoxigraph import NamedNode

from exporter.digests import content_digest
from exporter.generate.templating import markup
from exporter.outcomes.vocabulary import schema_org_types, vocabulary
from exporter.pages.addresses import anchor_of, page_iri, relative
from exporter.pages.classes import class_file
from exporter.pages.graph import RecordPlace
from exporter.pages.layout import SiteLayout, SitePage
from exporter.pages.values import Presenter, Shown
from exporter.pages.view import MENTIONS, Described, read_blocks
from exporter.plan.model import Plan
from exporter.problems import Problem
from exporter.rdf.terms import Block
from exporter.schema_org.documents import SchemaOrgWriter, page_text, says_nothing
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import Vocabulary
from exporter.writers.strings import escape_in_page

_VALUES = 200
"""How many values of a property a page shows."""
_NEIGHBOURS = 60


@dataclass(frozen=True, slots=True)
class PropertyRow:
    """A property of a resource as its page shows it; `more` counts values that are not shown.

    `line` is where it stands in the record's file, 0 where that is not known, and `source` where that can be seen.
    """

    predicate: str
    label: str
    shown: tuple[Shown, ...]
    more: int = 0
    line: int = 0
    source: str = ""


@dataclass(frozen=True, slots=True)
class ResourcePart:
    """A part of a resource (a fragment of its IRI) as the page shows it."""

    anchor: str
    title: str
    kinds: tuple[Shown, ...]
    rows: tuple[PropertyRow, ...]


@dataclass(frozen=True, slots=True)
class Alternate:
    """The same in another syntax: what it is called, its media type, and where it is."""

    name: str
    media_type: str
    href: str


FindLines = Callable[[RecordPlace, list[str]], Mapping[tuple[str, str], int]]
"""Gives the lines of statements by IRIs of subject and property: of the record at a place, about some subjects."""


class ResourcePages:
    """Makes the pages of resources. `problems` are those of each record by its IRI, where they are shown, and so are `lines`."""

    def __init__(
        self,
        layout: SiteLayout,
        plan: Plan | None = None,
        problems: Mapping[str, Sequence[Problem]] | None = None,
        prefixes: Mapping[str, str] | None = None,
        lines: FindLines | None = None,
    ) -> None:
        self._find_lines = lines
        self._layout = layout
        self._view = layout.view
        self._problems = problems or {}
        names = vocabulary(plan) if plan is not None else Vocabulary(prefixes or {})
        self._turtle = make_writer(find_format("turtle").format, names)
        self._lines = make_writer(find_format("jsonldl").format, names)
        self._schema_org = SchemaOrgWriter(schema_org_types(plan)) if plan is not None else None

    def key(self, iri: str, file: str) -> bytes:
        """Give a digest of all that the page of an IRI depends on, besides the site as a whole."""
        graph, view = self._view.graph, self._view
        mentions, total = graph.mentions(iri, MENTIONS)
        near = [(other, label, digest, view.address(other), self._layout.has_image(other)) for other, label, digest in graph.around(iri)]
        named = [(*mention, view.label(mention.subject), view.address(mention.subject)) for mention in mentions]
        problems = [(str(problem.location), _problem(problem)) for problem in self._problems.get(iri, ())]
        parts = (file, graph.content(iri), near, named, total, graph.record(iri), problems)
        return content_digest(repr(parts).encode("utf-8", "surrogatepass"))

    def files(self, iri: str, file: str) -> Iterator[SitePage]:
        """Make the page of an IRI, and beside it what it is in other syntaxes."""
        blocks = self._view.blocks(iri)
        stem = file.removesuffix(".html").removesuffix(".htm")
        alternates = []
        if blocks:
            yield SitePage(f"{stem}.ttl", self._turtle.head() + self._turtle.record(blocks))
            yield SitePage(f"{stem}.jsonld", self._lines.record(blocks))
            here = relative(stem, file)
            alternates = [Alternate("Turtle", "text/turtle", f"{here}.ttl"), Alternate("JSON-LD", "application/ld+json", f"{here}.jsonld")]
        yield self._page(iri, file, blocks, alternates)

    def _page(self, iri: str, file: str, blocks: Sequence[Block], alternates: Sequence[Alternate]) -> SitePage:
        described, presenter = self._view.described(iri), self._layout.presenter(file)
        mentions = [
            {"predicate": of.predicate, "label": of.label, "shown": [presenter.link(subject) for subject in of.subjects]}
            for of in described.mentions
        ]
        lines: Mapping[tuple[str, str], int] = {}
        if described.place is not None and self._find_lines is not None:
            lines = self._find_lines(described.place, [iri, *(part.iri for part in described.parts)])
        values = {
            "iri": iri,
            "kinds": self._kinds(described.classes, presenter),
            "rows": self._rows(described, described, presenter, lines),
            "parts": [
                ResourcePart(
                    anchor_of(part.iri), part.label, self._kinds(part.classes, presenter), self._rows(described, part, presenter, lines)
                )
                for part in described.parts
            ],
            "mentions": mentions,
            "mentioned": described.mentioned,
            "listed": sum(len(of.subjects) for of in described.mentions),
            "alternates": alternates,
            "document": self._document(blocks),
            "source": self._source(described),
            "problems": [_problem(problem) for problem in self._problems.get(iri, ())],
            "neighbours": self._neighbours(described, presenter),
        }
        return self._layout.page("resource.html.jinja", file, described.label, values)

    def _kinds(self, classes: Sequence[str], presenter: Presenter) -> tuple[Shown, ...]:
        return tuple(Shown("link", self._view.term_label(iri), presenter.own(class_file(iri)), title=iri) for iri in classes)

    def _rows(self, page: Described, of: Described, presenter: Presenter, lines: Mapping[tuple[str, str], int]) -> tuple[PropertyRow, ...]:
        pattern, path = self._layout.options.sources, page.place.path if page.place is not None else ""
        rows = []
        for said in of.statements:
            line = lines.get((of.iri, said.predicate), 0)
            source = source_address(pattern, path, line) if pattern and line else ""
            shown, more = tuple(map(presenter.show, said.values[:_VALUES])), max(0, len(said.values) - _VALUES)
            rows.append(PropertyRow(said.predicate, said.label, shown, more, line, source))
        return tuple(rows)

    def _document(self, blocks: Sequence[Block]) -> object:
        """Write what schema.org has words for, with what is said of the resources that are named."""
        if not blocks or self._schema_org is None:
            return None
        named = dict.fromkeys(value.value for block in blocks for _, value in block.pairs if isinstance(value, NamedNode))
        beside = [
            block for iri in named if self._view.graph.record(page_iri(iri)) is None for block in read_blocks(self._view.graph.lines(iri))
        ]
        document, _, _ = json.loads(self._schema_org.record(blocks, beside))
        return None if says_nothing(document) else markup(page_text(document))

    def _source(self, described: Described) -> object:
        """Say which file a record is in, where files are shown."""
        pattern, place = self._layout.options.sources, described.place
        if pattern is None or place is None:
            return None
        href = source_address(pattern, place.path, 1)
        return {"text": place.path, "href": href}

    def _neighbours(self, described: Described, presenter: Presenter) -> object:
        """Give what is around a resource, for the drawing of it."""
        nodes: dict[str, dict[str, str]] = {}
        edges = []
        for source, predicate, target in _edges(described):
            other = target if source == described.iri else source
            shown = presenter.link(other)
            if self._view.address(other) is None or len(nodes) >= _NEIGHBOURS:
                continue
            nodes.setdefault(other, {"id": other, "label": shown.text, "href": shown.href})
            edges.append({"source": source, "target": target, "label": self._view.term_label(predicate)})
        if not edges:
            return None
        center = {"id": described.iri, "label": described.label, "href": ""}
        return markup(escape_in_page(json.dumps({"nodes": [center, *nodes.values()], "edges": edges}, ensure_ascii=False)))


def _edges(described: Described) -> Iterator[tuple[str, str, str]]:
    """Yield what leads from a resource to another, and to it."""
    for of in described.statements:
        for value in of.values:
            if isinstance(value, NamedNode) and page_iri(value.value) != described.iri:
                yield described.iri, of.predicate, value.value
    for mentions in described.mentions:
        for subject in mentions.subjects:
            yield subject, mentions.predicate, described.iri


def _problem(problem: Problem) -> dict[str, str]:
    place = f"line {problem.location.line}"
    return {
        "severity": problem.severity.value,
        "code": problem.code,
        "place": f"{place}, {problem.key}" if problem.key else place,
        "message": problem.message,
        "help": problem.help or "",
    }


def source_address(pattern: str, path: str, line: int) -> str:
    """Fill the address at which a file can be seen.

    >>> source_address("https://git.example.org/blob/main/{path}#L{line}", "content/a b.md", 3)
    'https://git.example.org/blob/main/content/a%20b.md#L3'
    """
    return pattern.replace("{path}", quote(path)).replace("{line}", str(line))
