"""A read-only view of the graph for pages: resources with their statements in labels, what names them, and the classes that they are of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from exporter.pages.addresses import Address, Addresses, page_iri
from exporter.pages.graph import GraphFile, RecordPlace
from exporter.plan.model import Plan
from exporter.rdf.prefixes import prefixes_for_people
from exporter.rdf.terms import LABELS, RDF_NIL, RDF_TYPE, Block, Term
from exporter.text import shorten
from exporter.writers.lists import list_items, take_cells

_LABEL_LENGTH = 160
MENTIONS = 200
"""How many of the resources that name another one are listed on its page."""
_RANKS = {iri: rank for rank, iri in enumerate(LABELS)}
_DAYS = {name: rank for rank, name in enumerate(("datePublished", "issued", "date", "dateCreated", "created", "published"))}
"""How properties end that say of which day a thing is, the best first."""
_DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])|[^\W_]+")


@dataclass(frozen=True, slots=True)
class Statements:
    """The values of one property of a resource, in the order in which they were exported."""

    predicate: str
    label: str
    values: tuple[Term | tuple[Term, ...], ...]
    """A tuple is a list, in its order."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Resources that name another one with a property: their IRIs."""

    predicate: str
    label: str
    subjects: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Described:
    """What is known of a resource: its statements but for the classes, and of a page the resources that are parts of it (fragments)."""

    iri: str
    label: str
    classes: tuple[str, ...]
    statements: tuple[Statements, ...]
    parts: tuple[Described, ...] = ()
    mentions: tuple[Mentions, ...] = ()
    mentioned: int = 0
    """How many mentions there are; not all of them are listed."""
    place: RecordPlace | None = None


@dataclass(frozen=True, slots=True)
class ClassCount:
    """A class with the number of its instances."""

    iri: str
    label: str
    instances: int


class View:
    """The graph as pages see it. `plan` gives labels and order; without one, labels are those of the graph alone."""

    def __init__(self, graph: GraphFile, addresses: Addresses, plan: Plan | None = None, prefixes: Mapping[str, str] | None = None) -> None:
        self.graph = graph
        self.addresses = addresses
        self.label = lru_cache(maxsize=50_000)(self._label)
        """Gives what a resource is called, or else a readable end of its IRI."""
        self._prefixes = prefixes_for_people(plan.prefixes if plan else prefixes or {})
        self._terms = _term_labels(plan) if plan else {}

    def classes(self) -> list[ClassCount]:
        """Give the classes that have instances, the largest first."""
        return [ClassCount(iri, self.term_label(iri), count) for iri, count in self.graph.classes()]

    def pages(self) -> Iterator[tuple[str, str]]:
        """Yield the IRI that each page is about, with the page's file, by IRI."""
        yield from sorted(self.addresses.pages.items())

    def address(self, iri: str) -> Address | None:
        """Say where a resource of the graph stands; None for what the graph only names."""
        return self.addresses.of(iri)

    def described(self, iri: str) -> Described:
        """Describe what stands on the page of an IRI without fragment."""
        found, total = self.graph.mentions(iri, MENTIONS)
        grouped: dict[str, list[str]] = {}
        for subject, predicate in found:
            if page_iri(subject) != iri:
                grouped.setdefault(predicate, []).append(subject)
        mentions = tuple(Mentions(predicate, self.term_label(predicate), tuple(subjects)) for predicate, subjects in grouped.items())
        own = self._statements(iri)
        parts = tuple(Described(part, self.label(part), *self._statements(part)) for part in self.graph.below(iri))
        return Described(iri, self.label(iri), *own, parts, mentions, total, self.graph.record(iri))

    def statements(self, iri: str) -> tuple[Statements, ...]:
        """Give what is said of a resource, its classes left out."""
        return self._statements(iri)[1]

    def _statements(self, iri: str) -> tuple[tuple[str, ...], tuple[Statements, ...]]:
        """Give the classes of a resource and its other statements."""
        blocks = read_blocks(self.graph.lines(iri))
        resources, cells = take_cells(blocks)
        gathered: dict[NamedNode, dict[Term | tuple[Term, ...], None]] = {}
        for block in resources:
            for predicate, value in block.pairs:
                shown = tuple(list_items(value, cells)) if isinstance(value, BlankNode) or value == RDF_NIL else value
                gathered.setdefault(predicate, {})[shown] = None
        classes = tuple(value.value for value in gathered.pop(RDF_TYPE, ()) if isinstance(value, NamedNode))
        rows = (Statements(predicate.value, self.term_label(predicate.value), tuple(values)) for predicate, values in gathered.items())
        return classes, tuple(rows)

    def blocks(self, page: str) -> list[Block]:
        """Give all that a page says as blocks, as writers take them: the resource first, then its parts."""
        return [block for iri in (page, *self.graph.below(page)) for block in read_blocks(self.graph.lines(iri))]

    def _label(self, iri: str) -> str:
        named = self.graph.name(iri)
        return named[0] if named and named[0] else self.term_label(iri)

    def term_label(self, iri: str) -> str:
        """Give what the ontology calls a class or a property, or else its name in words."""
        return self._terms.get(iri) or in_words(iri)

    def knows(self, iri: str) -> bool:
        """Say whether the ontology has a label for a term."""
        return iri in self._terms

    def show(self, iri: str) -> str:
        """Write an IRI as people read it: with a prefix where one fits."""
        return self._prefixes.show(iri).strip("<>")


def name_of(lines: str) -> tuple[str, str]:
    r"""Give what a resource is called, by the best of the properties that name things, and the day that it is of; empty where none is.

    >>> name_of('<ex:a> <http://xmlns.com/foaf/0.1/name> "Mira" .\n<ex:a> <https://schema.org/datePublished> "2026-08-16" .\n')
    ('Mira', '2026-08-16')
    """
    best: tuple[int, int, str] | None = None
    day, day_rank = "", len(_DAYS)
    for block in read_blocks(lines):
        for predicate, value in block.pairs:
            if not isinstance(value, Literal):
                continue
            rank = _RANKS.get(predicate.value)
            if rank is not None and value.value.strip():
                found = (rank, 0 if value.language in {None, "en"} else 1, " ".join(value.value.split()))
                best = min(best, found, key=lambda each: each[:2]) if best else found
            else:
                rank = _DAYS.get(predicate.value.rpartition("/")[2], len(_DAYS))
                if rank < day_rank and _DAY.match(value.value):
                    day, day_rank = value.value, rank
    return shorten(best[2], _LABEL_LENGTH) if best else "", day


def _term_labels(plan: Plan) -> dict[str, str]:
    """Give the labels of classes and properties; of a property without one, what all rows that have a label call it."""
    ontology = plan.ontology
    said: dict[str, set[str]] = {}
    for row in (row for rows in ontology.rows.values() for row in rows):
        if row.label:
            said.setdefault(row.property, set()).add(row.label)
    rows = {iri: min(labels) for iri, labels in said.items() if len(labels) == 1}
    properties = {known.iri: known.label for known in ontology.properties.values() if known.label}
    return rows | properties | {known.iri: known.label for known in ontology.classes.values() if known.label}


def read_blocks(lines: str) -> list[Block]:
    r"""Read N-Triples as blocks, in their order, each list cell as a block of its own.

    >>> [str(block.subject) for block in read_blocks('<ex:a> <ex:p> "1" .\n<ex:a> <ex:q> _:c .\n')]
    ['<ex:a>']
    """
    blocks: dict[object, Block] = {}
    for quad in parse(lines.encode(), format=RdfFormat.N_TRIPLES):
        assert not isinstance(quad.subject, (Literal,))
        blocks.setdefault(quad.subject, Block(quad.subject, [])).pairs.append((quad.predicate, quad.object))
    return list(blocks.values())


def in_words(iri: str) -> str:
    """Make words of how an IRI ends.

    >>> in_words("https://schema.org/datePublished"), in_words("https://e.org/topics/remote-care/"), in_words("https://e.org/")
    ('date published', 'remote-care', 'https://e.org/')
    """
    tail = re.split("[/#:]", iri.rstrip("/#"))[-1]
    if not tail or iri.rstrip("/#").endswith("//" + tail):
        return iri
    if re.fullmatch("[A-Za-z0-9]+", tail) and not tail.isupper() and not tail.isdigit():
        return " ".join(word if word.isupper() else word.lower() for word in _WORDS.findall(tail)) or tail
    return tail


def sorted_by_label(view: View, iris: Sequence[str]) -> list[str]:
    """Sort resources as people look for them."""
    return sorted(iris, key=lambda iri: (view.label(iri).casefold(), iri))
