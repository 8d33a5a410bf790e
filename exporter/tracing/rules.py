"""Which shapes look at a statement: the property shapes about its property, of the shapes whose targets its subject is."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from pyoxigraph import NamedNode

from exporter.project import Project
from exporter.rdf.terms import SH, Term
from exporter.tracing.model import CheckingRule
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import load_shapes
from exporter.validation.shapes.vocabulary import PARAMETERS, SHAPE_LISTS, SHAPE_VALUES

_SILENT = {"property", "node", *SHAPE_LISTS, *SHAPE_VALUES}
_ALL_OF = {"property", "node", "and"}
_LONGEST = 60


class Rules:
    """The shapes of a project, asked by subject and property."""

    def __init__(self, project: Project) -> None:
        self._graph: ShapesGraph | None = load_shapes(project.shapes_files(), dict(project.imports)) if project.shapes else None

    def about(self, subject: str, classes: Collection[str], predicates: Collection[str]) -> Iterator[tuple[str, CheckingRule]]:
        """Yield the properties that shapes look at, with the shapes; of an IRI with its classes and those above, and its properties."""
        graph = self._graph
        for shape in graph.shapes if graph is not None else ():
            path = graph.value(shape, "path") if graph is not None else None
            if graph is None or not isinstance(path, NamedNode) or graph.switched_on(shape, "deactivated"):
                continue
            for holder, within in _holders(graph, shape):
                if _is_target(graph, holder, subject, classes, predicates):
                    text = f"{_constraints(graph, shape)} (within sh:{within})" if within else _constraints(graph, shape)
                    yield path.value, CheckingRule(graph.location(shape), _severity(graph, shape), text)
                    break


def _holders(graph: ShapesGraph, shape: Term) -> Iterator[tuple[Term, str]]:
    """Yield a shape and those around it that look at the same node, with the word that makes it a part of a choice, if one does."""
    waiting, seen = [(shape, "")], {shape}
    for holder, within in waiting:
        yield holder, within
        for nesting in graph.nestings.get(holder, ()):
            if nesting.parent not in seen and graph.value(nesting.parent, "path") is None:
                seen.add(nesting.parent)
                waiting.append((nesting.parent, within or ("" if nesting.parameter in _ALL_OF else nesting.parameter)))


def _is_target(graph: ShapesGraph, shape: Term, subject: str, classes: Collection[str], predicates: Collection[str]) -> bool:
    """Say whether a node is a target of a shape (SHACL, section 2.1.3), as far as that can be said of the node alone."""

    def names(target: str) -> set[str]:
        return {value.value for value in graph.values(shape, target) if isinstance(value, NamedNode)}

    if graph.switched_on(shape, "deactivated"):
        return False
    implicit = {shape.value} if isinstance(shape, NamedNode) and graph.is_class(shape) else set()
    return bool((names("targetClass") | implicit) & set(classes) or names("targetSubjectsOf") & set(predicates)) or subject in names(
        "targetNode"
    )


def _severity(graph: ShapesGraph, shape: Term) -> str:
    found = graph.value(shape, "severity")
    return found.value.removeprefix(SH).lower() if isinstance(found, NamedNode) else "violation"


def _constraints(graph: ShapesGraph, shape: Term) -> str:
    """Write the constraints of a property shape in short: `minCount 1, maxLength 110`."""
    found = []
    for triple in graph.about(shape):
        name = triple.predicate.value.removeprefix(SH)
        if not triple.predicate.value.startswith(SH) or name not in PARAMETERS:
            continue
        if name in _SILENT or name == "in":
            found.append(name)
        else:
            value = triple.object
            text = graph.shorten(value) if isinstance(value, NamedNode) else str(getattr(value, "value", ""))
            found.append(f"{name} {text[:_LONGEST]}".rstrip())
    return ", ".join(dict.fromkeys(found))
