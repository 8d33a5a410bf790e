"""The W3C validation report (SHACL, section 3.6) as a graph, in any RDF syntax."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import blake2b

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from exporter.rdf.syntaxes import GRAPH_SYNTAXES
from exporter.rdf.terms import RDF_FIRST, RDF_REST, RDF_TYPE, SH, XSD, Term
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.model import ValidationResult
from exporter.validation.results.unfolding import parse_term
from exporter.validation.shapes.graph import SKOLEM, ShapesGraph


def report_graph(results: Sequence[ValidationResult], shapes: ShapesGraph, name: str) -> bytes:
    """Write the report of a run's results in the syntax called `name`, one of `GRAPH_SYNTAXES`; the same bytes for the same results.

    >>> b"sh:conforms true" in report_graph([], ShapesGraph([]), "turtle")
    True
    """
    syntax = next(syntax for syntax in GRAPH_SYNTAXES if syntax.name == name)
    declared = {"sh": SH, "xsd": XSD, **{prefix: space for prefix, space in shapes.prefixes.items() if prefix}}
    prefixes = {"turtle": declared, "xml": {"sh": SH}}.get(syntax.family)
    data = serialize(report_triples(results, shapes), format=syntax.of_engine, prefixes=prefixes)
    assert data is not None  # None only where a file is given to write to
    if syntax.family == "turtle":
        # pyoxigraph writes prefixes in the order of a hash map.
        lines = data.splitlines(keepends=True)
        data = b"".join(sorted(line for line in lines if line.startswith(b"@prefix ")))
        data += b"".join(line for line in lines if not line.startswith(b"@prefix "))
    return data


def report_triples(results: Sequence[ValidationResult], shapes: ShapesGraph) -> Iterator[Triple]:
    """Yield the report's triples. Blank shapes are blank again; a complex path comes with what it is made of."""
    report = BlankNode("report")
    boolean = NamedNode(XSD + "boolean")
    yield Triple(report, RDF_TYPE, NamedNode(SH + "ValidationReport"))
    yield Triple(report, NamedNode(SH + "conforms"), Literal("false" if results else "true", datatype=boolean))
    nodes = [BlankNode(f"result{number}") for number in range(1, len(results) + 1)]
    for node in nodes:
        yield Triple(report, NamedNode(SH + "result"), node)
    paths: dict[Term, None] = {}
    for node, result in zip(nodes, results, strict=True):
        yield Triple(node, RDF_TYPE, NamedNode(SH + "ValidationResult"))
        for name, value in _properties(result, shapes):
            yield Triple(node, NamedNode(SH + name), value)
            if name == "resultPath":
                paths.setdefault(value)
    yield from _structures(list(paths), shapes)


def _properties(result: ValidationResult, shapes: ShapesGraph) -> Iterator[tuple[str, Term]]:
    yield "focusNode", parse_term(result.focus_node)
    if result.path is not None:
        plain = result.path.startswith("<") and result.path.count("<") == 1 and result.path.endswith(">")
        yield "resultPath", _path_node(NamedNode(result.path[1:-1]) if plain else shapes.value(shape_term(result.source_shape), "path"))
    if result.value is not None:
        yield "value", parse_term(result.value)
    yield "resultSeverity", NamedNode(result.severity)
    yield "sourceConstraintComponent", NamedNode(result.component)
    yield "sourceShape", _blank_again(shape_term(result.source_shape))
    for message in result.messages:
        yield "resultMessage", Literal(message)


def _path_node(node: Term | None) -> Term:
    return node if node is not None else BlankNode("unknown")


def _structures(nodes: list[Term], shapes: ShapesGraph) -> Iterator[Triple]:
    """Copy what complex paths are made of; their blank nodes keep the names that they have in the shapes graph."""
    done: set[Term] = set()
    for node in nodes:
        if node in done or not isinstance(node, BlankNode):
            continue
        done.add(node)
        for triple in shapes.about(node):
            if triple.predicate in (RDF_FIRST, RDF_REST) or triple.predicate.value.endswith("Path"):
                yield Triple(node, triple.predicate, triple.object)
                nodes.append(triple.object)


def _blank_again(shape: Term) -> Term:
    if isinstance(shape, NamedNode) and shape.value.startswith(SKOLEM):
        return BlankNode("shape" + blake2b(shape.value.encode(), digest_size=6).hexdigest())
    return shape
