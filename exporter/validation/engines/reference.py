"""pySHACL, on rdflib, as the process behind `ReferenceEngine` runs it (`child`); nothing else imports this module."""

from __future__ import annotations

import logging
import warnings

import pyoxigraph as ox
from pyshacl import validate
from rdflib import RDF, Graph
from rdflib.namespace import SH as RSH
from rdflib.term import BNode, Node, URIRef

from exporter.rdf.interchange import add_triples, from_rdflib, to_rdflib
from exporter.rdf.terms import Term
from exporter.validation.engines.corrections import install
from exporter.validation.engines.messages import Row
from exporter.validation.engines.model import EngineError
from exporter.validation.shapes.paths import format_path

for _name in ("rdflib.term", "pyshacl-validate", "pyshacl.constraints", "pyshacl.validator"):
    # They log a traceback for each ill-typed literal, and each step of a run.
    logging.getLogger(_name).disabled = True
install()


def run_reference(data: bytes, shapes: bytes, *, advanced: bool) -> list[Row]:
    """Validate N-Triples against shapes in N-Triples; `advanced` switches SHACL-AF on. Nothing is fetched."""
    warnings.simplefilter("ignore")
    _, report, text = validate(_graph(data), shacl_graph=_graph(shapes), advanced=advanced, do_owl_imports=False)
    if not isinstance(report, Graph):
        raise report if isinstance(report, Exception) else EngineError(text)
    return [_row(report, node) for node in report.objects(None, RSH.result)]


def _graph(data: bytes) -> Graph:
    graph = Graph()
    try:
        quads = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
        add_triples(graph, ((q.subject, q.predicate, q.object) for q in quads))
    except TypeError:
        raise EngineError("the data holds a triple about a triple") from None
    return graph


def _row(report: Graph, node: Node) -> Row:
    def text(predicate: URIRef) -> str | None:
        found = report.value(node, predicate)
        return None if found is None else f"_:{found}" if isinstance(found, BNode) else str(found)

    path, value = report.value(node, RSH.resultPath), report.value(node, RSH.value)
    return [
        _ntriples(report.value(node, RSH.focusNode)),
        None if path is None else format_path(_ReportPaths(report), from_rdflib(path)),
        None if value is None else _ntriples(value),
        text(RSH.sourceConstraintComponent),
        text(RSH.resultSeverity),
        text(RSH.sourceShape),
        _ntriples(report.value(node, RSH.sourceConstraint)),
        [str(message) for message in report.objects(node, RSH.resultMessage)],
    ]


class _ReportPaths:
    """The report graph as a source of property paths."""

    def __init__(self, report: Graph) -> None:
        self.report = report

    def value(self, subject: Term, name: str) -> Term | None:
        found = self.report.value(to_rdflib(subject), RSH[name])
        return None if found is None else from_rdflib(found)

    def items(self, head: Term) -> list[Term]:
        node = to_rdflib(head)
        return [from_rdflib(item) for item in self.report.items(node)] if (node, RDF.first, None) in self.report else []


def _ntriples(node: Node | None) -> str:
    return "" if node is None else str(from_rdflib(node))
