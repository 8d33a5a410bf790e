"""The W3C SHACL test suite (https://w3c.github.io/data-shapes/data-shapes-test-suite/) as values: what to run and what to expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import BlankNode, NamedNode

from exporter.rdf.terms import RDF_TYPE, Term
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import SKOLEM, ShapesGraph, to_ntriples
from exporter.validation.shapes.loading import join_shapes, read_shapes
from exporter.validation.shapes.paths import format_path
from tests.data import W3C_SHACL as SUITE

BASE = "https://example.org/suite/"
MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

Row = tuple[str, str, str, str, str, str, tuple[str, ...]]
"""Focus node, path, value, component, severity, source shape; messages where the expected report has them."""


@dataclass(frozen=True)
class Case:
    """One test: its name in the suite, the graphs, and the expected rows, or None where a failure is expected."""

    name: str
    data: bytes
    shapes: ShapesGraph
    expected: Counter[Row] | None
    with_messages: bool


def find_cases(area: str) -> list[Path]:
    """Find the files of `core` or `sparql` that hold a test."""
    files = sorted((SUITE / area).rglob("*.ttl")) if SUITE.exists() else []
    return [path for path in files if "sht:Validate" in path.read_text("utf-8")]


def read_case(path: Path) -> Case:
    """Read a test file: manifest, data, shapes and expected report are usually one graph."""
    graph = _read(path)
    entry = next(t.subject for t in graph.triples if t.predicate == RDF_TYPE and t.object == NamedNode(SHT + "Validate"))
    action, result = graph.about(entry, MF + "action")[0].object, graph.about(entry, MF + "result")[0].object
    data, shapes = (_referred(graph, action, name, path) for name in ("dataGraph", "shapesGraph"))
    expected = None if result == NamedNode(SHT + "Failure") else graph.values(result, "result")
    with_messages = any(graph.value(node, "resultMessage") for node in expected or ())
    rows = None if expected is None else Counter(_expected_row(graph, node, with_messages) for node in expected)
    return Case(path.relative_to(SUITE).with_suffix("").as_posix(), _ntriples(data), shapes, rows, with_messages)


def rows(results: Iterable[ValidationResult], with_messages: bool) -> Counter[Row]:
    """Give results the form of expected rows."""
    return Counter(
        (_plain(r.focus_node), r.path or "", _plain(r.value or ""), r.component, r.severity, r.source_shape, r.messages * with_messages)
        for r in results
    )


def _read(path: Path) -> ShapesGraph:
    return join_shapes([read_shapes("suite.ttl", path.read_bytes(), base=BASE + path.name)])


def _referred(graph: ShapesGraph, action: Term, name: str, path: Path) -> ShapesGraph:
    target = graph.about(action, SHT + name)[0].object
    assert isinstance(target, NamedNode)
    file = path.parent / target.value.removeprefix(BASE)
    return graph if file == path else _read(file)


def _ntriples(graph: ShapesGraph) -> bytes:
    """The data as the file says it: blank shapes are blank again where the data graph is the shapes graph."""
    return to_ntriples((_unnamed(t.subject), t.predicate, _unnamed(t.object)) for t in graph.triples)


def _unnamed(term: Term) -> Term:
    return BlankNode(term.value.removeprefix(SKOLEM)) if isinstance(term, NamedNode) and term.value.startswith(SKOLEM) else term


def _expected_row(graph: ShapesGraph, node: Term, with_messages: bool) -> Row:
    def text(name: str) -> str:
        value = graph.value(node, name)
        return "" if value is None else value.value if isinstance(value, NamedNode) else str(value)

    def term(name: str) -> str:
        value = graph.value(node, name)
        return "" if value is None else _plain(str(_unnamed(value)))

    path = graph.value(node, "resultPath")
    messages = tuple(sorted(m.value for m in graph.values(node, "resultMessage"))) if with_messages else ()
    return (
        term("focusNode"),
        "" if path is None else format_path(graph, path),
        term("value"),
        text("sourceConstraintComponent"),
        text("resultSeverity"),
        text("sourceShape"),
        messages,
    )


def _plain(term: str) -> str:
    """One blank node is as good as another: the Rust engine does not keep their labels."""
    return "_:" if term.startswith("_:") else term
