"""Where statements come from, in the data itself: a named graph for each record, and what PROV-O and VoID have words for.

https://www.w3.org/TR/prov-o/, https://www.w3.org/TR/void/. Nothing of it depends on time or machine.
"""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from exporter.errors import UsageError
from exporter.ontology.graph import OntologyGraph
from exporter.outcomes.outcome import RecordOutcome
from exporter.plan.model import Plan
from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import OWL, RDF_TYPE, RDFS, XSD, Block, Term
from exporter.records.reading import Reader
from exporter.text import quote
from exporter.writers.formats import make_writer
from exporter.writers.model import Vocabulary, Writer

GRAPHS = ("record",)
"""What `--graphs` takes."""
PROV, VOID = "http://www.w3.org/ns/prov#", "http://rdfs.org/ns/void#"
_PREFIXES = {"prov": PROV, "rdfs": RDFS, "void": VOID}
_QUADS, _WITH_PREFIXES = ("nquads", "trig"), ("turtle", "trig")
_DERIVED = NamedNode(PROV + "wasDerivedFrom")


def graph_of(iri: str) -> NamedNode:
    """Name the graph of a record: its IRI with `#graph`; of one that has a fragment already, with `-graph`.

    >>> graph_of("https://e.org/a/").value, graph_of("https://e.org/a#me").value
    ('https://e.org/a/#graph', 'https://e.org/a#me-graph')
    """
    return NamedNode(f"{iri}-graph" if "#" in iri else f"{iri}#graph")


def in_graph(text: bytes, iri: str, format: Syntax) -> bytes:  # noqa: A002 - as in `export`
    """Put the text of a record into its graph."""
    name = str(graph_of(iri)).encode()
    if format.name == "nquads":
        return text.replace(b" .\n", b" %b .\n" % name)  # a line feed in a literal is written as \n
    return b"%b {\n%b}\n" % (name, text)


@dataclass(frozen=True, slots=True)
class DataOrigins:
    """What an export says in the data of where it comes from: `graphs` puts each record into a graph, `provenance` adds statements."""

    graphs: str | None = None
    provenance: bool = False

    def __bool__(self) -> bool:
        """Say whether there is anything."""
        return self.graphs is not None or self.provenance

    def check(self, format: Syntax, beside: Mapping[str, object]) -> None:  # noqa: A002 - as in `export`
        """Raise UsageError for a syntax that has no named graphs, and for what does not go `beside` it."""
        for name, value in beside.items():
            if self and value:
                raise UsageError(f"{'--graphs' if self.graphs else '--provenance'} can't go with {name}: leave one of them out")
        if self.graphs is not None and self.graphs not in GRAPHS:
            raise UsageError(f"unknown graphs {quote(self.graphs)}; there is record, a graph for each record")
        if self.graphs is not None and format.name not in _QUADS:
            raise UsageError(f"{format.label} is written without named graphs: take N-Quads (-f nquads) or TriG (-f trig)")

    def placed(self, record: RecordOutcome, format: Syntax) -> RecordOutcome:  # noqa: A002 - as in `export`
        """Give a record with its text in its graph, if that is asked for."""
        if self.graphs is None:
            return record
        text = in_graph(record.written.record, record.iri or "", format)
        return record._replace(text=record.written._replace(record=text))


class Provenance:
    """Gathers what there is to say of the records of a run. With `graphs` it is said of their graphs, else of the records."""

    def __init__(self, plan: Plan, reader: Reader, *, graphs: bool) -> None:
        self._plan, self._reader, self._graphs = plan, reader, graphs
        self._records: list[tuple[str, str]] = []
        self._classes: Counter[str] = Counter()

    def add(self, path: str, record: RecordOutcome) -> None:
        """Take a record that was written."""
        self._records.append((record.iri or "", path))
        self._classes[record.class_name] += 1

    def written(self, triples: int, format: Syntax, writer: Writer) -> Iterator[tuple[bytes, int]]:  # noqa: A002 - as in `export`
        """Yield what is said as texts, each with the number of its triples; Turtle first declares the prefixes for it."""
        if format.name in _WITH_PREFIXES:
            known = self._plan.used_prefixes  # those that the head declares
            new = {name: space for name, space in _PREFIXES.items() if name not in known and space not in known.values()}
            if new:
                yield make_writer(format, Vocabulary(new)).head().rstrip(b"\n") + b"\n", 0
            writer = make_writer(format, Vocabulary({**known, **new}))
        for blocks in self._blocks(triples):
            yield writer.record(blocks), sum(len(block.pairs) for block in blocks)

    def _blocks(self, triples: int) -> Iterator[Sequence[Block]]:
        """Yield what is said, by resource: of each record from which bytes it was made, where these stand, and what the whole is.

        Bytes are named by their digest (RFC 6920). `triples` are those of the graph without these.
        """
        sources: dict[str, NamedNode] = {}
        for iri, path in self._records:
            if path not in sources:
                sources[path] = _named_bytes(self._reader.data(path))
            subject = graph_of(iri) if self._graphs else NamedNode(iri)
            yield [Block(subject, [(_DERIVED, sources[path])])]
        named: dict[NamedNode, list[str]] = {}
        for path, name in sources.items():
            named.setdefault(name, []).append(path)
        for name, paths in named.items():
            labels = [(NamedNode(RDFS + "label"), Literal(path)) for path in paths]
            yield [Block(name, [(RDF_TYPE, NamedNode(PROV + "Entity")), *labels])]
        yield self._whole(triples)

    def _whole(self, triples: int) -> list[Block]:
        site = self._plan.ontology.constants.get("site")
        me = NamedNode(f"{site.rstrip('/')}/#dataset" if site else "urn:owltype:dataset")
        pairs: list[tuple[NamedNode, Term]] = [
            (RDF_TYPE, NamedNode(VOID + "Dataset")),
            (NamedNode(VOID + "triples"), _number(triples)),
            (NamedNode(VOID + "entities"), _number(len(self._records))),
        ]
        graph = OntologyGraph(self._plan.ontology.statements)
        ontologies = [subject for subject in graph.subjects(OWL + "Ontology") if isinstance(subject, NamedNode)]
        pairs += [(_DERIVED, ontology) for ontology in ontologies]
        blocks = [Block(me, pairs)]
        iris = {of.name: of.iri for of in self._plan.record_classes}
        known = [(iris[name], count) for name, count in self._classes.items() if name in iris]
        for number, (of, count) in enumerate(sorted(known, key=lambda each: str(each[0])), 1):
            part = NamedNode(f"{me.value}-class-{number}")
            pairs.append((NamedNode(VOID + "classPartition"), part))
            blocks.append(Block(part, [(NamedNode(VOID + "class"), of), (NamedNode(VOID + "entities"), _number(count))]))
        return blocks


def _named_bytes(data: bytes) -> NamedNode:
    digest = urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode("ascii")
    return NamedNode(f"ni:///sha-256;{digest}")


def _number(value: int) -> Literal:
    return Literal(str(value), datatype=NamedNode(XSD + "integer"))
