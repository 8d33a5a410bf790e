"""Graphs for the writers' tests: a vocabulary, strategies that make hostile records, and one canonical form for what two parsers read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyoxigraph as ox
import rdflib
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import KEY, RDF, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, SKOS, XSD, Block, Term, statements
from exporter.writers.formats import make_writer
from exporter.writers.model import Property, Vocabulary, Writer, group_shared

SCHEMA = "https://schema.org/"
TERMS = "http://purl.org/dc/terms/"
EX = "http://example.org/ns#"

NAME = NamedNode(SCHEMA + "name")
ABOUT = NamedNode(SCHEMA + "about")
URL = NamedNode(SCHEMA + "url")
DATE = NamedNode(SCHEMA + "dateCreated")
SIZE = NamedNode(EX + "size")
STEPS = NamedNode(EX + "steps")
TITLE = NamedNode(TERMS + "title")
SCHEMA_TITLE = NamedNode(SCHEMA + "title")
VALID = NamedNode(EX + "valid")
BODY = NamedNode(EX + "body")
MIXED = NamedNode(EX + "mixed")
ALT = NamedNode(EX + "größe")
UNMAPPED = NamedNode(KEY + "herf")
KEYWORD = NamedNode(KEY + "@type")
ARTICLE = NamedNode(SCHEMA + "Article")
TOPIC = NamedNode(SKOS + "Concept")
DRAFT = NamedNode(EX + "draft")

VOCABULARY = Vocabulary(
    {"schema": SCHEMA, "dcterms": TERMS, "ex": EX, "xsd": XSD, "skos": SKOS, "rdf": RDF, "key": KEY, "": "http://example.org/empty/"},
    (
        Property(NAME, 0),
        Property(TITLE, 1, language="en"),
        Property(SCHEMA_TITLE, 2),
        Property(DATE, 3, datatype=XSD + "date"),
        Property(SIZE, 4, datatype=XSD + "integer"),
        Property(VALID, 5, datatype=XSD + "boolean"),
        Property(ABOUT, 6, kind="resource"),
        Property(URL, 7, kind="iri"),
        Property(STEPS, 8, ordered=True),
        Property(BODY, 9, datatype=RDF + "HTML"),
        Property(MIXED, 10, datatype=XSD + "date"),
        Property(MIXED, 11, kind="iri"),
        Property(ALT, 12),
    ),
    (ARTICLE, TOPIC),
    (DRAFT,),
)
PREDICATES = (NAME, TITLE, SCHEMA_TITLE, DATE, SIZE, VALID, ABOUT, URL, BODY, MIXED, ALT, UNMAPPED, NamedNode("urn:x:y"))

_HOSTILE = "\"'\\\r\n\t`<>&{}[]()@^.;,#:/_-% aé\u0085\u00a0\u2028\u202e\ufeff\U0001f600\u0661nu"
_text = st.one_of(
    st.text(st.sampled_from(_HOSTILE), max_size=12),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn"]), max_size=12),
    st.sampled_from(['"""', 'a\n"""', '\n"', '\n""""', '\n\\"', "\n\\", "\\", '"', "a\\nb\nc", "]]>\n", "\n", "</script>"]),
    st.sampled_from(["01", "1", "-0", "true", "1.10", "1e3", "@id", "@graph", "_:b", "schema:name"]),
)
_datatypes = [
    *(XSD + name for name in ("string", "integer", "boolean", "double", "decimal", "date")),
    RDF + "JSON",
    RDF + "HTML",
    "urn:d:t",
    EX + "dt",
]
_literals = st.one_of(
    _text.map(Literal),
    st.builds(lambda text, datatype: Literal(text, datatype=NamedNode(datatype)), _text, st.sampled_from(_datatypes)),
    st.builds(lambda text, tag: Literal(text, language=tag), _text, st.sampled_from(["en", "de-at"])),
    st.sampled_from(["0", "1", "-7", "007", "+1", "9007199254740993", "12345678901234567890123"]).map(
        lambda text: Literal(text, datatype=NamedNode(XSD + "integer"))
    ),
)
_PLAIN_IRIS = ["http://a.example", "http://a.example/x/", "http://a.example//x", "https://schema.org/name", EX + "draft", EX, RDF + "nil"]
_ODD_IRIS = [
    "http://a.example/é'()!*,;=$&?q=1#f",
    "http://a.example/a/../b/./c",
    "schema:Person",
    "name:x",
    "url:about",
    "mailto:a@b.example",
    "https:x",
]
_iris = st.sampled_from([*_PLAIN_IRIS, *_ODD_IRIS, "urn:x-y:z", "ex:steps", "key:herf"]).map(NamedNode)
RECORD = NamedNode("http://a.example/records/one")


@st.composite
def records(draw: st.DrawFn) -> list[Block]:
    """A record as mapping makes it: its own block, nested resources, and an ordered list now and then."""
    nested = [NamedNode(f"{RECORD.value}#n{number}") for number in range(draw(st.integers(0, 3)))]
    values = st.one_of(_literals, _iris, st.sampled_from(nested) if nested else _iris)
    blocks: list[Block] = []
    for subject in (RECORD, *nested):
        pairs: list[tuple[NamedNode, Term]] = [(RDF_TYPE, draw(st.sampled_from([ARTICLE, TOPIC, NamedNode("http://other.example/Class")])))]
        predicates = sorted(draw(st.lists(st.sampled_from(PREDICATES), max_size=6)), key=str)
        pairs += [(predicate, draw(values)) for predicate in predicates]
        cells: list[Block] = []
        for number in range(draw(st.integers(0, 2))):
            statement, *more = ordered(draw(st.sampled_from([STEPS, NAME])), draw(st.lists(values, max_size=3)), f"c{len(blocks)}x{number}")
            pairs += statement.pairs
            cells += more
        blocks += [Block(subject, pairs), *cells]
    return blocks


def ordered(predicate: NamedNode, items: Sequence[Term], label: str = "c") -> list[Block]:
    """A statement with a list as value, and after it the list's cells."""
    ends: list[BlankNode | NamedNode] = [*(BlankNode(f"{label}n{number}") for number in range(len(items))), RDF_NIL]
    cells = [Block(cell, [(RDF_FIRST, item), (RDF_REST, rest)]) for cell, item, rest in zip(ends, items, ends[1:], strict=False)]
    return [Block(RECORD, [(predicate, ends[0])]), *cells]


def write(form: Syntax, parts: Iterable[Sequence[Block]], shared: Sequence[Block] = (), vocabulary: Vocabulary = VOCABULARY) -> bytes:
    """Write a whole file as an export does: head, records, shared resources merged and sorted, tail."""
    writer = make_writer(form, vocabulary)
    texts = [writer.record(blocks, shared) for blocks in parts]
    if not writer.inline_shared:
        texts += merge(writer, shared)
    return writer.head() + writer.separator.join(texts) + writer.tail()


def merge(writer: Writer, shared: Sequence[Block]) -> list[bytes]:
    """Merge shared resources by subject, as an export does."""
    merged: dict[str, set[str]] = {}
    for block, cells in group_shared(shared):
        subject, texts = writer.statements(block, cells)
        merged.setdefault(subject, set()).update(texts)
    return [writer.resource(subject, sorted(texts)) for subject, texts in sorted(merged.items())]


def canonical_blocks(parts: Iterable[Sequence[Block]]) -> list[str]:
    """The canonical graph of blocks, as sorted lines."""
    return canonical(ox.Quad(*statement) for blocks in parts for statement in statements(blocks))


def canonical(quads: Iterable[ox.Quad]) -> list[str]:
    """RDFC-1.0, as sorted lines of N-Quads."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(str(quad) for quad in dataset)


def read_pyoxigraph(form: Syntax, text: bytes) -> list[str]:
    """Parse with pyoxigraph; JSON-LD lines one by one."""
    if form.name == "jsonldl":
        return canonical(quad for line in text.splitlines() for quad in ox.parse(line, format=ox.RdfFormat.JSON_LD))
    return canonical(ox.Quad(*quad) if isinstance(quad, ox.Triple) else quad for quad in ox.parse(text, format=_OXIGRAPH[form.name]))


def read_rdflib(form: Syntax, text: bytes) -> list[str]:
    """Parse with rdflib, which must not rewrite literals, and pass the triples on without a serializer."""
    rdflib.NORMALIZE_LITERALS = False
    try:
        graph = rdflib.Dataset(default_union=True) if form.name in {"nquads", "trig"} else rdflib.Graph()
        for document in text.splitlines() if form.name == "jsonldl" else [text]:
            graph.parse(data=document, format=_RDFLIB[form.name])
        return canonical(ox.Quad(*map(_from_rdflib, triple)) for triple in graph.triples((None, None, None)))  # type: ignore[arg-type]
    finally:
        rdflib.NORMALIZE_LITERALS = True


_OXIGRAPH = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "nquads": ox.RdfFormat.N_QUADS,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
_RDFLIB = {
    "turtle": "turtle",
    "ntriples": "nt11",
    "nquads": "nquads",
    "trig": "trig",
    "jsonld": "json-ld",
    "jsonldl": "json-ld",
    "rdfxml": "xml",
}


def _from_rdflib(term: rdflib.term.Node) -> Term:
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode("b" + "".join(f"{ord(character):x}" for character in term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype))) if term.datatype else Literal(str(term))
