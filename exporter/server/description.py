"""The service description (https://www.w3.org/TR/sparql11-service-description/): what the endpoint is, as RDF."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from exporter.rdf.syntaxes import GRAPH_SYNTAXES
from exporter.rdf.terms import RDF_TYPE, XSD, Block, Term
from exporter.sparql.results.formats import ROWS_FORMATS
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import Vocabulary

SD, FORMATS, VOID = "http://www.w3.org/ns/sparql-service-description#", "http://www.w3.org/ns/formats/", "http://rdfs.org/ns/void#"
_NAMES = {
    "turtle": "Turtle",
    "ntriples": "N-Triples",
    "nquads": "N-Quads",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdfxml": "RDF_XML",
    "csv": "SPARQL_Results_CSV",
    "tsv": "SPARQL_Results_TSV",
    "json": "SPARQL_Results_JSON",
    "xml": "SPARQL_Results_XML",
}


def describe_service(endpoint: str, triples: int, syntax: str = "turtle") -> bytes:
    """Describe an endpoint at an address, in a syntax by its name."""
    service, dataset, graph = (NamedNode(f"{endpoint}{part}") for part in ("", "#dataset", "#default-graph"))
    names = [*(syntax.name for syntax in GRAPH_SYNTAXES), *(row.name for row in ROWS_FORMATS if row.write is None)]
    pairs: list[tuple[NamedNode, Term]] = [
        (RDF_TYPE, NamedNode(SD + "Service")),
        (NamedNode(SD + "endpoint"), service),
        (NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query")),
        *((NamedNode(SD + "resultFormat"), NamedNode(FORMATS + _NAMES[name])) for name in names),
        (NamedNode(SD + "defaultDataset"), dataset),
    ]
    blocks = [
        Block(service, pairs),
        Block(dataset, [(RDF_TYPE, NamedNode(SD + "Dataset")), (NamedNode(SD + "defaultGraph"), graph)]),
        Block(
            graph,
            [
                (RDF_TYPE, NamedNode(SD + "Graph")),
                (NamedNode(VOID + "triples"), Literal(str(triples), datatype=NamedNode(XSD + "integer"))),
            ],
        ),
    ]
    writer = make_writer(find_format(syntax).format, Vocabulary({"sd": SD, "formats": FORMATS, "void": VOID, "xsd": XSD}))
    return writer.head() + writer.record(blocks) + writer.tail()
