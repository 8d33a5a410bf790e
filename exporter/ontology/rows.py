"""Rows: what each class says that it reads, and what it reads after inheritance.

A row is written as `map:reads`, or as a property with a domain, which is a row of that class. A class that has rows for a property reads
it by these; else by those of the nearest superclass that has some.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode

from exporter.language.datatypes import TEXT_WIDTH, is_datatype, width
from exporter.language.filters import Pairs
from exporter.ontology.graph import OntologyGraph
from exporter.ontology.model import ClassRow, KeyMapping, Ontology, OntologyClass
from exporter.rdf.terms import MAP, OWL, RDFS, Subject

ANYTHING = (OWL + "Thing", RDFS + "Resource")
"""Domains that every record is in."""


def read_mapping(graph: OntologyGraph, node: Subject) -> KeyMapping:
    """Read what a property, a row or an annotated axiom says of its values' source."""
    return KeyMapping(
        keys=graph.text_sequence(node, MAP + "key"),
        value=next(iter(graph.texts(node, MAP + "value")), None),
        each=graph.text_sequence(node, MAP + "each"),
        entries=next(iter(graph.texts(node, MAP + "entries")), None),
        default=next(iter(graph.texts(node, MAP + "default")), None),
        conversions=tuple(term.value for term in graph.sequence(node, MAP + "convert") if isinstance(term, NamedNode)),
        separator=next(iter(graph.texts(node, MAP + "separator")), None),
        base=next(iter(graph.texts(node, MAP + "base")), None),
        ordered=any(text in ("true", "1") for text in graph.texts(node, MAP + "ordered")),
        languages=graph.text_sequence(node, MAP + "language"),
        date_forms=graph.text_sequence(node, MAP + "dateFormat"),
        replace=read_pairs(graph, node),
    )


def read_pairs(graph: OntologyGraph, node: Subject) -> Pairs:
    """Read `map:replace`; what is not a pair is told elsewhere."""
    pairs = ([item.value for item in graph.items(pair)] for pair in graph.sequence(node, MAP + "replace"))
    return tuple((pair[0], pair[1]) for pair in pairs if len(pair) == 2)


def own_rows(graph: OntologyGraph, node: NamedNode) -> tuple[ClassRow, ...]:
    """Read the rows of a class as they are written; one that names no property is none."""
    return tuple(
        ClassRow(
            property=property_,
            mapping=read_mapping(graph, row),
            ranges=tuple(term.value for term in graph.sequence(row, MAP + "range") if isinstance(term, NamedNode)),
            listed=any(map(graph.is_list, graph.objects(row, MAP + "range"))),
            label=graph.text(row, RDFS + "label"),
            comment=graph.text(row, RDFS + "comment"),
            about=graph.row_about(node, row),
            order=graph.row_order[node, row],
        )
        for row in graph.objects(node, MAP + "reads")
        if not isinstance(row, Literal)
        for property_ in graph.iris(row, MAP + "property")[:1]
    )


class Conflict(NamedTuple):
    """A property that `of` reads in two ways, and where both are said; one class, or two that it inherits from."""

    of: OntologyClass
    one: ClassRow
    other: ClassRow
    classes: tuple[str, ...]


class Inheritance:
    """What the classes of an ontology read after inheritance."""

    def __init__(self, ontology: Ontology) -> None:
        self._ontology = ontology
        self._own: dict[str, dict[str, tuple[ClassRow, ...]]] = {}
        self._readers: dict[str, dict[str, None]] = {}
        for known in ontology.classes.values():
            for row in known.rows:
                self._add(known.iri, row)
        for prop in ontology.properties.values():
            for domain in prop.domains:
                mapping = prop.mapping_on(domain)
                if mapping.has_source:
                    self._add(domain, ClassRow(prop.iri, mapping, about=prop.iri, order=prop.order, short=True))

    def _add(self, of: str, row: ClassRow) -> None:
        rows = self._own.setdefault(of, {})
        rows[row.property] = (*rows.get(row.property, ()), row)
        self._readers.setdefault(row.property, {})[of] = None

    def rows(self) -> dict[str, tuple[ClassRow, ...]]:
        """Give the rows of each class in the order of a written block, with their ranges."""
        return {iri: rows for iri in self._ontology.classes if (rows := tuple(self._resolved(iri)))}

    def conflicts(self) -> Iterator[Conflict]:
        """Yield what a class reads in two ways that nothing decides between."""
        for known in self._ontology.classes.values():
            for rows in self._own.get(known.iri, {}).values():
                mixed = {row.short: row for row in rows}
                if len(mixed) > 1:
                    yield Conflict(known, mixed[False], mixed[True], (known.iri,))
            for property_ in self._properties(known):
                near = self._nearest(known, property_)
                first, *others = near.items()
                for iri, rows in others:
                    if self._said(known, rows) != self._said(known, first[1]):
                        yield Conflict(known, first[1][0], rows[0], (first[0], iri))

    def _said(self, known: OntologyClass, rows: tuple[ClassRow, ...]) -> set[tuple[KeyMapping, tuple[str, ...]]]:
        return {(row.mapping, self._ranges(known, row)) for row in rows}

    def _resolved(self, iri: str) -> Iterator[ClassRow]:
        known = self._ontology.classes[iri]
        for property_ in self._properties(known):
            rows = next(iter(self._nearest(known, property_).values()))
            yield from (replace(row, ranges=self._ranges(known, row)) for row in rows)

    def _properties(self, known: OntologyClass) -> list[str]:
        """Give the properties that a class reads, each where it appears first, a superclass's before its subclass's."""
        found: dict[str, None] = {}
        for iri in (*(ANYTHING if known.makes_records else ()), *self._ontology.lineage(known.iri)):
            own = self._own.get(iri, {})
            found |= dict.fromkeys(sorted(own, key=lambda name: min(row.order for row in own[name])))
        return list(found)

    def _nearest(self, known: OntologyClass, property_: str) -> dict[str, tuple[ClassRow, ...]]:
        """Give the rows that a class has for a property, by the class that says them: several where they may not agree."""
        readers, lineage = self._readers[property_], self._ontology.ancestors(known.iri)
        said = [iri for iri in lineage if iri in readers] if known.iri not in readers else [known.iri]
        near = self._ontology.nearest_of(known.iri, {iri: self._own[iri][property_] for iri in said})
        if not near:
            return {iri: self._own[iri][property_] for iri in ANYTHING if property_ in self._own.get(iri, {})}
        written = {iri: rows for iri, rows in near.items() if not rows[0].short}
        return written or near

    def _ranges(self, known: OntologyClass, row: ClassRow) -> tuple[str, ...]:
        """Give the ranges in the order in which they are tried: a list's own, but what takes every text comes last."""
        ranges = row.ranges or self._ontology.ranges(row.property, known.iri)
        if len(ranges) < 2:
            return ranges
        return tuple(sorted(ranges, key=self._coarse if row.listed else self._fine))

    def _coarse(self, range_: str) -> int:
        base = self._ontology.datatypes.get(range_, range_)
        if range_ not in self._ontology.datatypes and not is_datatype(base):
            return 0
        return 1 + max(0, width(base) - TEXT_WIDTH + 1)

    def _fine(self, range_: str) -> tuple[int, int, str]:
        """A class that takes only what its pattern reads goes before others, a class before any resource, a datatype before a wider one."""
        coarse, base = self._coarse(range_), self._ontology.datatypes.get(range_, range_)
        if coarse:
            return coarse, width(base), range_
        known = range_ in self._ontology.classes
        return 0, 0 if known and self._ontology.pattern(range_) else 1 if known and range_ not in ANYTHING else 2, range_
