"""What shapes say of single properties, for those who tell authors beforehand: JSON Schemas, documentation.

Only what a value alone can keep or break is read: a shape's targets by class, its property shapes with one property as path, and what it
takes over by `sh:node` and `sh:and`. All else is a rule in the shape's own words, where it has some.
"""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode

from exporter.generate.constraints import Bound, ClassConstraints, Constraint, Constraints, Rule
from exporter.problems import Severity
from exporter.rdf.terms import SH, Term
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.patterns import ShapePatternError, python_pattern

_SEVERITIES = {SH + "Warning": Severity.WARNING, SH + "Info": Severity.INFO}


def read_constraints(graph: ShapesGraph) -> Constraints:
    """Read what a shapes graph says of each class that it targets; shapes that are deactivated say nothing.

    >>> from exporter.validation.shapes.loading import load_shapes
    >>> read_constraints(load_shapes("shapes"))["https://schema.org/WebPage"].properties["https://schema.org/url"][0].most
    1
    """
    found: dict[str, tuple[dict[str, list[Constraint]], list[Rule]]] = {}
    for shape in graph.shapes:
        targets = [*graph.values(shape, "targetClass"), *([shape] if graph.is_class(shape) else [])]
        for target in targets:
            if isinstance(target, NamedNode):
                properties, rules = found.setdefault(target.value, ({}, []))
                for iri, said in _of_node(graph, shape, set()):
                    if isinstance(said, Rule):
                        rules += [said] if said not in rules else []
                    else:
                        properties.setdefault(iri, []).append(said)
    return {
        target: ClassConstraints({iri: tuple(said) for iri, said in properties.items()}, tuple(rules))
        for target, (properties, rules) in found.items()
    }


def _of_node(graph: ShapesGraph, shape: Term, seen: set[Term]) -> Iterator[tuple[str, Constraint | Rule]]:
    """Yield what a node shape says: constraints by property, and rules, whose property is the empty string."""
    if shape in seen or graph.switched_on(shape, "deactivated"):
        return
    seen.add(shape)
    for part in graph.values(shape, "property"):
        if not graph.switched_on(part, "deactivated"):
            path = graph.value(part, "path")
            if isinstance(path, NamedNode):
                yield path.value, _constraint(graph, part)
            else:
                yield from (("", rule) for rule in _rules(graph, part))
    yield from (("", rule) for rule in _rules(graph, shape))
    for other in (*graph.values(shape, "node"), *(item for head in graph.values(shape, "and") for item in graph.items(head))):
        yield from _of_node(graph, other, seen)


def _rules(graph: ShapesGraph, shape: Term) -> Iterator[Rule]:
    sparql = [text for constraint in graph.values(shape, "sparql") for text in _messages(graph, constraint)]
    for text in (*_messages(graph, shape), *sparql):
        yield Rule(text, _severity(graph, shape))


def _messages(graph: ShapesGraph, shape: Term) -> tuple[str, ...]:
    """Give a shape's messages, those in English or without a language where there are such; one with placeholders needs a result."""
    messages = [message for message in graph.values(shape, "message") if isinstance(message, Literal) and "{" not in message.value]
    english = [message for message in messages if (message.language or "en").startswith("en")]
    return tuple(message.value for message in english or messages)


def _severity(graph: ShapesGraph, shape: Term) -> Severity:
    said = graph.value(shape, "severity")
    return _SEVERITIES.get(said.value, Severity.ERROR) if isinstance(said, NamedNode) else Severity.ERROR


def _constraint(graph: ShapesGraph, shape: Term) -> Constraint:
    heads = graph.values(shape, "in")
    flags = _text(graph, shape, "flags") or ""
    return Constraint(
        least=_number(graph, shape, "minCount") or 0,
        most=_number(graph, shape, "maxCount"),
        allowed=tuple(graph.items(heads[0])) if heads else None,
        patterns=tuple(_python(term.value, flags) for term in graph.values(shape, "pattern") if isinstance(term, Literal)),
        shortest=_number(graph, shape, "minLength") or 0,
        longest=_number(graph, shape, "maxLength"),
        low=_bound(graph, shape, "min"),
        high=_bound(graph, shape, "max"),
        severity=_severity(graph, shape),
        messages=_messages(graph, shape),
    )


def _python(pattern: str, flags: str) -> tuple[str, str]:
    """Give a pattern with what Python has for it; one that no engine takes limits nothing, and loading the shapes for a run says so."""
    try:
        return pattern, python_pattern(pattern, flags)
    except ShapePatternError:
        return pattern, ""


def _bound(graph: ShapesGraph, shape: Term, end: str) -> Bound | None:
    for name, inclusive in ((f"{end}Inclusive", True), (f"{end}Exclusive", False)):
        text = _text(graph, shape, name)
        if text is not None:
            return Bound(text, inclusive)
    return None


def _text(graph: ShapesGraph, shape: Term, name: str) -> str | None:
    value = graph.value(shape, name)
    return value.value if isinstance(value, Literal) else None


def _number(graph: ShapesGraph, shape: Term, name: str) -> int | None:
    text = _text(graph, shape, name)
    return int(text) if text is not None and text.isascii() and text.isdigit() else None
