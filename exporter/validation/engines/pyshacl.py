"""The reference engine: pySHACL, on rdflib. Slow, but it has SHACL-SPARQL and the advanced features whole."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import rdflib
from pyshacl import validate
from rdflib import RDF, Graph
from rdflib.namespace import SH as RSH
from rdflib.term import BNode, Identifier, Node, URIRef
from rdflib.term import Literal as RLiteral

from exporter.validation.engines.apart import run_apart
from exporter.validation.engines.deadline import SlowPatternError, can_watch, has_timers, watched
from exporter.validation.engines.model import EngineError
from exporter.validation.engines.normalising import normalised
from exporter.validation.paths import format_path
from exporter.validation.results import Result, ordered
from exporter.validation.shapes import ShapesGraph

_SWITCHES = rb"uniqueLang|closed|deactivated|qualifiedValueShapesDisjoint|optional"
_UNTRUE = re.compile(rb"(<http://www.w3.org/ns/shacl#(?:" + _SWITCHES + rb')> )"1"(\^\^<http://www.w3.org/2001/XMLSchema#boolean> \.)')
"""A switch is on where its value is the term `true`; "1" is equal in value and another term, which rdflib can't tell."""

_FLAGS = {"i": re.IGNORECASE, "m": re.MULTILINE}


class ReferenceEngine:
    """pySHACL behind our interface. `pattern_seconds` bounds the match of one regular expression with one value."""

    name = "pyshacl"

    def __init__(self, pattern_seconds: float = 2.0) -> None:
        self.pattern_seconds = pattern_seconds

    def run(self, data: bytes | Path, shapes: ShapesGraph, *, advanced: bool = False) -> tuple[Result, ...]:
        """Validate N-Triples; `advanced` switches SHACL-AF on. Nothing is fetched, nothing is logged."""
        if has_timers() and not can_watch() and shapes.has("pattern"):
            return run_apart(data, shapes, advanced=advanced, pattern_seconds=self.pattern_seconds)
        with _quiet():
            graph, shapes_graph = _graph(data), _graph(_UNTRUE.sub(rb'\1"false"\2', shapes.ntriples))
            try:
                with watched(self.pattern_seconds):
                    _, report, text = validate(graph, shacl_graph=shapes_graph, advanced=advanced, do_owl_imports=False)
            except SlowPatternError as error:
                raise EngineError(str(error), shape=error.shape) from error
            except Exception as error:
                raise EngineError(_reason(error)) from error
        if not isinstance(report, Graph):
            raise EngineError(_reason(report) if isinstance(report, Exception) else text)
        return ordered([_result(report, node, shapes) for node in report.objects(None, RSH.result)])

    def pattern_error(self, pattern: str, flags: str) -> str | None:
        """Compile the pattern as pySHACL does, with Python's `re`."""
        try:
            re.compile(pattern, sum(_FLAGS[flag] for flag in set(flags) if flag in _FLAGS))
        except re.error as error:
            return str(error)
        return None


def _reason(error: BaseException) -> str:
    return " ".join(str(getattr(error, "message", "") or error).split()) or type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence what the two libraries log: tracebacks for each ill-typed literal, and each step of a run."""
    loggers = [logging.getLogger(name) for name in ("rdflib.term", "pyshacl-validate", "pyshacl.constraints")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def _graph(data: bytes | Path) -> Graph:
    """Make an rdflib graph term by term: its own parser would rewrite literals (`01` to `1`) and rename blank nodes."""
    graph = Graph()
    triples = ox.parse(
        data if isinstance(data, bytes) else None, path=data if isinstance(data, Path) else None, format=ox.RdfFormat.N_TRIPLES
    )
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


def _result(report: Graph, node: Node, shapes: ShapesGraph) -> Result:
    def text(predicate: URIRef) -> str:
        return str(report.value(node, predicate) or "")

    path, value, shape = report.value(node, RSH.resultPath), report.value(node, RSH.value), report.value(node, RSH.sourceShape)
    return normalised(
        shapes,
        focus_node=_ntriples(report.value(node, RSH.focusNode)),
        path=None if path is None else format_path(_ReportPaths(report), _back(path)),
        value=None if value is None else _ntriples(value),
        component=text(RSH.sourceConstraintComponent),
        severity=text(RSH.resultSeverity),
        source_shape=f"_:{shape}" if isinstance(shape, BNode) else str(shape),
        messages=[str(message) for message in report.objects(node, RSH.resultMessage)],
    )


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
