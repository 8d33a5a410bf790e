"""What each term of the mapping vocabulary takes: texts, IRIs or a list of them, once or several times."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.ontology.graph import OntologyGraph
from exporter.ontology.model import About
from exporter.rdf.terms import MAP, Term
from exporter.text import plural, quote


@dataclass(frozen=True, slots=True)
class Annotation:
    """One term: what each of its values has to be, in words and as a test.

    `several` values may stand there, where their order means nothing; `listed`, they may be an RDF list, because their order does.
    """

    expected: str
    fits: Callable[[Term, OntologyGraph], bool]
    several: bool = False
    listed: bool = False
    help: str = "see docs/mapping.md for what it takes"


class Misused(NamedTuple):
    """A value that a term does not take: said of `about` with `predicate`, and what to do."""

    about: About
    predicate: str
    value: str | None
    message: str
    help: str = "see docs/mapping.md for what it takes"


def _is_text(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, Literal)


def _is_boolean(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, Literal) and term.value in ("true", "false", "1", "0")


def _is_iri(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, NamedNode)


def _is_constant(term: Term, _graph: OntologyGraph) -> bool:
    return isinstance(term, Literal) and bool(term.value.partition("=")[0].strip()) and "=" in term.value


def _is_pair(term: Term, graph: OntologyGraph) -> bool:
    items = graph.items(term) if graph.is_list(term) else []
    return len(items) == 2 and all(isinstance(item, Literal) for item in items) and bool(items[0].value)


def _is_row(term: Term, graph: OntologyGraph) -> bool:
    return not isinstance(term, Literal) and term in graph.by_subject and not graph.is_list(term)


_TEXT, _TEXTS = Annotation("a text", _is_text), Annotation("texts", _is_text, several=True)

ANNOTATIONS: dict[str, Annotation] = {
    "owlType": _TEXTS,
    "files": _TEXTS,
    "typeKey": _TEXT,
    "constant": Annotation('texts of the form "name=value"', _is_constant, several=True),
    "iri": Annotation("a template, or a list of templates", _is_text, listed=True),
    "type": Annotation("classes", _is_iri, several=True),
    "pattern": _TEXT,
    "filePattern": _TEXT,
    "records": _TEXT,
    "match": Annotation("a key path or template, or a list of these", _is_text, listed=True),
    "newFile": _TEXT,
    "ignore": _TEXTS,
    "reads": Annotation(
        "rows, each with map:property, a map:key and a map:range",
        _is_row,
        several=True,
        help='write map:reads [ map:property … ; map:key "…" ; map:range … ], with commas between several',
    ),
    "property": Annotation("a property", _is_iri),
    "range": Annotation("classes and datatypes", _is_iri, several=True, listed=True),
    "key": Annotation("texts", _is_text, several=True, listed=True),
    "value": _TEXT,
    "each": Annotation("a key path, or a list of key paths", _is_text, listed=True),
    "entries": _TEXT,
    "default": _TEXT,
    "convert": Annotation("a conversion, or a list of conversions", _is_iri, listed=True),
    "separator": _TEXT,
    "base": _TEXT,
    "ordered": Annotation("true or false", _is_boolean),
    "language": Annotation("a language tag, a template, or a list of these", _is_text, listed=True),
    "dateFormat": Annotation("a form of dates, or a list of forms", _is_text, listed=True),
    "replace": Annotation(
        "a list of pairs of texts", _is_pair, listed=True, help='write a list of pairs: map:replace ( ( "C++" "cpp" ) ( "C#" "c-sharp" ) )'
    ),
}
"""Each annotation of the vocabulary, in the order of `ontology/map.ttl`."""

VOCABULARY = (*ANNOTATIONS, "Conversion", "File")


def misused(graph: OntologyGraph) -> Iterator[Misused]:
    """Yield every value that its term does not take."""
    for subject, said in graph.by_subject.items():
        for name, annotation in ANNOTATIONS.items():
            if values := said.get(MAP + name):
                yield from _misused(graph, graph.about(subject), name, annotation, values)
        keys = said.get(MAP + "key", [])
        if len(keys) > 1 and any(value.value in ("true", "1") for value in said.get(MAP + "ordered", [])):
            yield without_order(graph.about(subject), "key", [str(key) for key in keys], keys[1].value)


def _misused(graph: OntologyGraph, about: About, name: str, annotation: Annotation, values: Sequence[Term]) -> Iterator[Misused]:
    said: list[Term] = []
    wrong = False
    for value in values:
        items = graph.items(value) if annotation.listed and graph.is_list(value) else [value]
        said += items
        for item in [item for item in items if not annotation.fits(item, graph)] or ([] if items else [value]):
            wrong = True
            shown = "an empty list" if not items else _shown(item, graph)
            text = None if isinstance(item, BlankNode) else item.value
            yield Misused(about, MAP + name, text, f"map:{name} takes {annotation.expected}, and not {shown}", annotation.help)
    if len(values) < 2 or annotation.several or wrong:
        return
    second = None if isinstance(values[1], BlankNode) else values[1].value
    if annotation.listed:
        yield without_order(about, name, [str(value) for value in said], second)
    else:
        yield Misused(about, MAP + name, second, f"map:{name} stands here {plural(len(values), 'time')}, and only one can hold")


def _shown(term: Term, graph: OntologyGraph) -> str:
    if graph.is_list(term):
        return "a list" if graph.items(term) else "an empty list"
    if isinstance(term, BlankNode):
        return "a node without a name" if term in graph.by_subject else "an empty node"
    return str(term)


def without_order(about: About, name: str, values: Sequence[str], second: str | None = None) -> Misused:
    """Say that the order of values counts, and show the list to write."""
    message = f"map:{name} has {len(values)} values whose order counts, and statements have none"
    return Misused(about, MAP + name, second, message, f"write a list: map:{name} ( {' '.join(values)} )")


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
