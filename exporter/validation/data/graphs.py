"""The data graph of a run: N-Triples of all records, which record each part came from, and what the ontology adds."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal

from exporter.outcomes.vocabulary import vocabulary
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.output_file import SharedResources
from exporter.plan.model import Plan
from exporter.rdf.terms import RDF_FIRST, RDF_REST, RDF_TYPE
from exporter.validation.data.data_file import DataFile
from exporter.validation.data.rdf_files import RdfFile
from exporter.validation.shapes.checking import KnownTerms
from exporter.validation.shapes.graph import to_ntriples
from exporter.writers.formats import find_format, make_writer

if TYPE_CHECKING:
    from exporter.wide.exporting import MappedParts

_FEW = 4
"""Up to so many resources, searching the text for each is faster than looking at every object in it."""
_OBJECT = re.compile(rb"(?m) (<[^<>\n]*+>) \.$")


class PartialDataError(Exception):
    """A part of the data does not tell what is asked."""


@dataclass(eq=False)
class DataGraph:
    """Triples as N-Triples in `data`: those of records first, then what they share, the ontology's, and those of RDF files.

    `starts[i]` is where the part of the record of `paths[i]` begins that is number `items[i]` there;
    `records` gives the number of a record's IRI, `mentioned` what `mentions` found last. A `partial` graph has not
    the text of all records.
    """

    data: DataFile
    paths: list[str] = field(default_factory=list)
    items: list[int] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    records: dict[str, int] = field(default_factory=dict)
    end_of_records: int = 0
    end_of_shared: int = 0
    files: list[RdfFile] = field(default_factory=list)
    mentioned: dict[str, list[int]] = field(default_factory=dict)
    partial: bool = False

    def add_records(self, run: Exporting, plan: Plan) -> None:
        """Map every record of the run; resources that records share come after them, once."""
        writer = make_writer(find_format("ntriples").format, vocabulary(plan))
        shared = SharedResources()
        try:
            for path, item, record in run.exported():
                self._enter(path, item, record.iri or "", record.written.record)
                shared.add(record.written.shared)
            self.end_of_records = self.data.size
            for subject, statements in shared.merged():
                self.data.append(writer.resource(subject, statements))
            self.end_of_shared = self.data.size
        finally:
            shared.close()

    def add_parts(self, parts: MappedParts) -> None:
        """Take the records that a cluster mapped, and what they share."""
        for path, item, iri, text in parts.records():
            self._enter(path, item, iri, text)
        self.end_of_records = self.data.size
        for shared in parts.shared():
            self.data.append(shared)
        self.end_of_shared = self.data.size

    def _enter(self, path: str, item: int, iri: str, text: bytes) -> None:
        self.records[iri] = len(self.paths)
        self.paths.append(path)
        self.items.append(item)
        self.starts.append(self.data.size)
        self.data.append(text)

    def add_ontology(self, plan: Plan) -> None:
        """Add what the ontology says by IRI: the hierarchy of classes, and its individuals. Its blank nodes only describe classes."""
        statements = (t for t in plan.ontology.statements if not isinstance(t[0], BlankNode) and not isinstance(t[2], BlankNode))
        self.data.append(to_ntriples(statements))

    def add_file(self, file: RdfFile) -> None:
        """Add the triples of an RDF file."""
        self.files.append(file)
        self.data.append(file.data)

    def record_of(self, focus_node: str) -> int | None:
        """Give the number of the record whose own resources include a node: its IRI is the record's, or that with a fragment."""
        iri = focus_node[1:-1]
        while True:
            if iri in self.records:
                return self.records[iri]
            iri, hash_, _ = iri.rpartition("#")
            if not hash_:
                return None

    def mentions(self, nodes: Iterable[str]) -> dict[str, list[int]]:
        """Give the records that name each of the resources, in their order.

        One look through the text, so the cost is that of reading it, a second for a few hundred megabytes; only where a result is
        about a resource that records share. Raises PartialDataError where the graph has not all of it.
        """
        wanted = {node.encode(): node for node in nodes}
        if self.mentioned.keys() >= set(wanted.values()):
            return {node: self.mentioned[node] for node in wanted.values()}
        if self.partial:
            raise PartialDataError
        found: dict[str, list[int]] = {node: [] for node in wanted.values()}
        for start, block in self.data.blocks(0, self.end_of_records):
            places = _few(block, list(wanted)) if len(wanted) <= _FEW else ((m[1], m.start()) for m in _OBJECT.finditer(block))
            for text, offset in places:
                node = wanted.get(text)
                if node is not None:
                    number = bisect_right(self.starts, start + offset) - 1
                    if not found[node] or found[node][-1] != number:
                        found[node].append(number)
        self.mentioned = found
        return found


def _few(block: bytes, nodes: list[bytes]) -> Iterable[tuple[bytes, int]]:
    for node in nodes:
        at = block.find(b" " + node + b" .\n")
        while at >= 0:
            yield node, at
            at = block.find(b" " + node + b" .\n", at + 1)


def known_terms(plan: Plan) -> KnownTerms:
    """Say which classes and properties a plan makes, superclasses and the ontology's own individuals included."""
    ontology = plan.ontology
    made = {type_.value for of in plan.classes.values() for type_ in of.types}
    made |= {o.value for s, p, o in ontology.statements if p == RDF_TYPE and not isinstance(o, (BlankNode, Literal))}
    classes = {ancestor for iri in made for ancestor in ontology.ancestors(iri)}
    properties = {known.iri.value for known in plan.properties} | {p.value for _, p, _ in ontology.statements} | {RDF_TYPE.value}
    if any(known.ordered for known in plan.properties):
        properties |= {RDF_FIRST.value, RDF_REST.value}
    described = {s.value for s, _, _ in ontology.statements if not isinstance(s, BlankNode)}
    return KnownTerms(frozenset(classes), frozenset(properties), frozenset(described))
