"""pySHACL, on rdflib, as the process behind `ReferenceEngine` runs it (`child`); nothing else imports this module."""

from __future__ import annotations

import logging
import warnings

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from rdflib import RDF, Graph
from rdflib.namespace import SH as RSH
from rdflib.term import BNode, Identifier, Node, URIRef
from rdflib.term import Literal as RLiteral

from exporter.validation.engines.mending import mend
from exporter.validation.engines.model import EngineError
from exporter.validation.engines.wire import Row
from exporter.validation.paths import format_path

for _name in ("rdflib.term", "pyshacl-validate", "pyshacl.constraints", "pyshacl.validator"):
    # They log a traceback for each ill-typed literal, and each step of a run.
    logging.getLogger(_name).disabled = True
mend()


def run_reference(data: bytes, shapes: bytes, *, advanced: bool) -> list[Row]:
    """Validate N-Triples against shapes in N-Triples; `advanced` switches SHACL-AF on. Nothing is fetched."""
    warnings.simplefilter("ignore")
    _, report, text = validate(_graph(data), shacl_graph=_graph(shapes), advanced=advanced, do_owl_imports=False)
    if not isinstance(report, Graph):
        raise report if isinstance(report, Exception) else EngineError(text)
    return [_row(report, node) for node in report.objects(None, RSH.result)]


def _graph(data: bytes) -> Graph:
    """Make an rdflib graph term by term: its own parser would rewrite literals (`01` to `1`) and rename blank nodes."""
    graph = Graph()
    triples = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
    graph.addN((_term(t.subject), _term(t.predicate), _term(t.object), graph) for t in triples)
    return graph


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Identifier:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Triple):
        raise EngineError("the data holds a triple about a triple")
    if term.language:
        return RLiteral(term.value, lang=term.language)
    if term.datatype.value == str(rdflib.XSD.string):
        return RLiteral(term.value)
    return RLiteral(term.value, datatype=URIRef(term.datatype.value), normalize=False)


def _row(report: Graph, node: Node) -> Row:
    def text(predicate: URIRef) -> str | None:
        found = report.value(node, predicate)
        return None if found is None else f"_:{found}" if isinstance(found, BNode) else str(found)

    path, value = report.value(node, RSH.resultPath), report.value(node, RSH.value)
    return [
        _ntriples(report.value(node, RSH.focusNode)),
        None if path is None else format_path(_ReportPaths(report), _back(path)),
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

    def value(self, subject: ox.NamedNode | ox.BlankNode | ox.Literal, name: str) -> ox.NamedNode | ox.BlankNode | ox.Literal | None:
        found = self.report.value(_term(subject), RSH[name])
        return None if found is None else _back(found)

    def items(self, head: ox.NamedNode | ox.BlankNode | ox.Literal) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        node = _term(head)
        return [_back(item) for item in self.report.items(node)] if (node, RDF.first, None) in self.report else []


def _back(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if isinstance(node, RLiteral):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype))) if node.datatype else ox.Literal(str(node))
    return ox.NamedNode(str(node))


def _ntriples(node: Node | None) -> str:
    return "" if node is None else str(_back(node))
