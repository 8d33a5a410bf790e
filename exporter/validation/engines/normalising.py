"""One form for every engine's results: our path syntax, and the shape's own messages only."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import SH, Term
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph


def normalised(
    shapes: ShapesGraph,
    *,
    focus_node: str,
    path: str | None,
    value: str | None,
    component: str,
    severity: str,
    source_shape: str,
    messages: Iterable[str],
) -> ValidationResult:
    """Make a result. A path that is not a plain IRI is written from the shape, because each engine has its own way to write it.

    A core constraint's messages are its shape's `sh:message`, which we have; only a SPARQL-based one fills its message in.
    """
    shape = shape_term(source_shape)
    if path is not None and not _is_plain(path):
        path = shapes.path(shape) or path
    filled_in = not component.startswith(SH) or component == SH + "SPARQLConstraintComponent"
    own = tuple(sorted(messages)) if filled_in else shape_messages(shapes, shape)
    return ValidationResult(focus_node, path, value, component, severity, source_shape, own if filled_in or own else ())


def shape_term(source_shape: str) -> Term:
    """Give the term that a result's `source_shape` names."""
    return BlankNode(source_shape[2:]) if source_shape.startswith("_:") else NamedNode(source_shape)


def shape_messages(shapes: ShapesGraph, shape: Term) -> tuple[str, ...]:
    """Give a shape's messages: English or without a language first."""
    found = [term for term in shapes.values(shape, "message") if isinstance(term, Literal)]
    return tuple(literal.value for literal in sorted(found, key=_language_rank))


def _language_rank(literal: Literal) -> tuple[bool, str, str]:
    language = literal.language or ""
    return not (language == "" or language.split("-")[0] == "en"), language, literal.value


def _is_plain(path: str) -> bool:
    return path.startswith("<") and path.endswith(">") and path.count("<") == 1
