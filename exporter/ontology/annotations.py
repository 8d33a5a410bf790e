"""What each term of the mapping vocabulary takes: texts, IRIs or a list of them, once or several times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.ontology.graph import OntologyGraph
from exporter.rdf.terms import MAP, OWL, Subject, Term
from exporter.text import plural, quote


@dataclass(frozen=True, slots=True)
class Annotation:
    """One term: what its values have to be, in words and as a test, and whether it may stand there several times."""

    expected: str
    fits: Callable[[Term, OntologyGraph], bool]
    several: bool = False


class Misused(NamedTuple):
    """A value that a term does not take: said of `subject` with `predicate`."""

    subject: str
    predicate: str
    value: str | None
    message: str


def _is_text(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, Literal)


def _is_boolean(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, Literal) and term.value in ("true", "false", "1", "0")


def _is_iri(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, NamedNode)


def _is_constant(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, Literal) and bool(term.value.partition("=")[0].strip()) and "=" in term.value


def _is_conversion(term: Term, graph: OntologyGraph) -> bool:
    if isinstance(term, BlankNode):
        items = graph.items(term)
        return bool(items) and all(isinstance(item, NamedNode) for item in items)
    return isinstance(term, NamedNode)


_TEXT, _TEXTS = Annotation("a text", _is_text), Annotation("texts", _is_text, several=True)

ANNOTATIONS: dict[str, Annotation] = {
    "owlType": _TEXTS,
    "files": _TEXTS,
    "typeKey": _TEXT,
    "constant": Annotation('texts of the form "name=value"', _is_constant, several=True),
    "iri": _TEXT,
    "type": Annotation("classes", _is_iri, several=True),
    "pattern": _TEXT,
    "filePattern": _TEXT,
    "records": _TEXT,
    "ignore": _TEXTS,
    "key": _TEXTS,
    "value": _TEXT,
    "each": _TEXTS,
    "convert": Annotation("a conversion, or a list of conversions", _is_conversion),
    "separator": _TEXT,
    "base": _TEXT,
    "ordered": Annotation("true or false", _is_boolean),
    "language": _TEXT,
}
"""Each annotation of the vocabulary, in the order of `ontology/map.ttl`."""

VOCABULARY = (*ANNOTATIONS, "Conversion")


def misused(graph: OntologyGraph) -> Iterator[Misused]:
    """Yield every value that its term does not take."""
    for subject, said in graph.by_subject.items():
        for name, annotation in ANNOTATIONS.items():
            values = said.get(MAP + name, [])
            wrong = [value for value in values if not annotation.fits(value, graph)]
            for value in wrong:
                shown = "a list" if isinstance(value, BlankNode) else str(value)
                yield _misused(graph, subject, name, value, f"map:{name} takes {annotation.expected}, and not {shown}")
            if len(values) > 1 and not annotation.several and not wrong:
                message = f"map:{name} stands here {plural(len(values), 'time')}, and only one can hold"
                yield _misused(graph, subject, name, values[1], message)


def disagreements(graph: OntologyGraph) -> Iterator[Misused]:
    """Yield what several ontologies, or one, say of the whole in two ways: the type key, and constants."""
    said: dict[str, str] = {}
    for subject in graph.by_subject:
        pairs = [("typeKey", "", text) for text in graph.texts(subject, MAP + "typeKey")]
        for text in graph.texts(subject, MAP + "constant"):
            name, _, value = text.partition("=")
            pairs.append(("constant", name.strip(), value.strip()))
        for term, name, text in pairs:
            before = said.setdefault(f"{term} {name}".strip(), text)
            if before != text:
                value = f"{name}={text}" if name else text
                message = f"map:{term} says {quote(text)} of {name or 'the type key'}, and said {quote(before)} before"
                yield Misused(subject.value, MAP + term, value, message)


def _misused(graph: OntologyGraph, subject: Subject, name: str, value: Term, message: str) -> Misused:
    # what an annotated axiom says is said of the property
    about = subject.value if isinstance(subject, NamedNode) else next(iter(graph.iris(subject, OWL + "annotatedSource")), subject.value)
    return Misused(about, MAP + name, None if isinstance(value, BlankNode) else value.value, message)
