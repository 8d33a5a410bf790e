"""Results in front-matter words: one sentence for each constraint component, and what to do about it.

The sentence is ours, the same for every engine; the shape's own `sh:message` becomes the advice, or the whole sentence where only
its author knows what is wrong (`sh:sparql`, a component of one's own, `sh:or`, `sh:not`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from exporter.problems import format_key_path
from exporter.terms import SH, XSD, Term
from exporter.text import enumerate_names, nearest, plural, quote, shorten
from exporter.validation.engines.normalising import shape_term
from exporter.validation.places import Place
from exporter.validation.results import Result
from exporter.validation.shapes import ShapesGraph
from exporter.validation.unfolding import parse_term


@dataclass(frozen=True, slots=True)
class Case:
    """A result with what its sentence needs: the shape's parameters and the place that was found."""

    result: Result
    shapes: ShapesGraph
    place: Place
    whole_key: bool = False
    labels: Mapping[Term, str] = field(default_factory=dict)

    @property
    def shape(self) -> Term:
        """The shape's term."""
        return shape_term(self.result.source_shape)

    @property
    def text(self) -> str:
        """The value: as its author typed it where an IRI was made of it."""
        if self.place.typed is not None and (self.result.value or "<").startswith("<"):
            return self.place.typed
        return plain(self.result.value, self.shapes)

    @property
    def value(self) -> str:
        """The value, quoted and shortened."""
        return quote(self.text) if self.text or self.result.value else "the value"

    @property
    def key(self) -> str:
        """The key as an author writes it, without the maps around it unless the sentence stands beside another key."""
        if self.whole_key and self.place.key_path:
            return format_key_path(self.place.key_path)
        names = [part for part in self.place.key_path if isinstance(part, str)]
        return names[-1] if names else "the record"

    def parameter(self, name: str) -> str:
        """A parameter's values as a person reads them."""
        return enumerate_names(plain(str(term), self.shapes) for term in self.shapes.values(self.shape, name))

    def number(self, name: str) -> int:
        """A parameter that counts."""
        value = self.shapes.value(self.shape, name)
        return int(value.value) if isinstance(value, Literal) and value.value.lstrip("+-").isdigit() else 0

    def items(self, name: str) -> list[str]:
        """The items of a list parameter, by their labels where they have some."""
        return [
            self.labels.get(item) or plain(str(item), self.shapes)
            for head in self.shapes.values(self.shape, name)
            for item in self.shapes.items(head)
        ]


def plain(term: str | None, shapes: ShapesGraph) -> str:
    """Show a term without RDF's syntax.

    >>> plain('"5"^^<http://www.w3.org/2001/XMLSchema#integer>', ShapesGraph([]))
    '5'
    """
    if term is None:
        return ""
    parsed = parse_term(term)
    if isinstance(parsed, NamedNode):
        return shapes.shorten(parsed).strip("<>")
    return parsed.value if isinstance(parsed, Literal) else "a list"


def describe(
    result: Result, shapes: ShapesGraph, place: Place, *, whole_key: bool = False, labels: Mapping[Term, str] | None = None
) -> tuple[str, str | None]:
    """Give a result's message and help; `whole_key` names keys with the maps around them, `labels` say what people call IRIs.

    The author's message stands first where it says more than ours could.
    """
    case = Case(result, shapes, place, whole_key, labels or {})
    name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    own = " · ".join(" ".join(message.split()) for message in result.messages) or None
    sentence, advice = _SENTENCES.get(name, _unknown)(case)
    if own and (name in _AUTHOR_FIRST or not result.component.startswith(SH)):
        return own, advice
    context = " · ".join(" ".join(message.split()) for message in result.context) or None
    return sentence, own or advice or context


_AUTHOR_FIRST = frozenset({"SPARQL", "JS", "Expression", "Or", "Xone", "Not", "QualifiedMinCount", "QualifiedMaxCount"})

Sentence = tuple[str, str | None]


def _unknown(case: Case) -> Sentence:
    return f"{case.value} does not fit the shape {case.shapes.label(case.shape)}", None


def _min_count(case: Case) -> Sentence:
    wanted = case.number("minCount")
    if case.place.missing:
        more = f", and {wanted} values of it are wanted" if wanted > 1 else ""
        return f"the key {case.key!r} is missing{more}: add {_line(case)}", None
    if not case.place.found:
        return f"the key {case.key!r} has no value that counts here", None
    return f"the key {case.key!r} has {plural(case.place.found, 'value')}, and at least {wanted} are wanted", None


def _line(case: Case) -> str:
    """The line that adds a missing key."""
    names = [part for part in case.place.key_path if isinstance(part, str)]
    return quote(f"{names[-1]}: …") if names and not names[-1].startswith("@") else "it"


def _max_count(case: Case) -> Sentence:
    allowed = case.number("maxCount")
    found = f"{case.place.found} values" if case.place.found else "more values"
    return f"the key {case.key!r} has {found}, and at most {allowed} {'is' if allowed == 1 else 'are'} allowed", None


def _datatype(case: Case) -> Sentence:
    term = case.shapes.value(case.shape, "datatype")
    name = term.value.removeprefix(XSD) if isinstance(term, NamedNode) else "value"
    return f"{case.value} is no {_DATATYPES.get(name, case.parameter('datatype'))}", _EXAMPLES.get(name)


_DATATYPES = {
    "date": "date",
    "dateTime": "date with time",
    "integer": "whole number",
    "decimal": "decimal number",
    "double": "number",
    "boolean": "true or false",
    "anyURI": "web address",
    "string": "plain text",
    "gYear": "year",
}
_EXAMPLES = {
    "date": "write it as 2026-01-31",
    "dateTime": "write it as 2026-01-31T09:30:00Z",
    "boolean": "write true or false",
    "gYear": "write it as 2026",
}


def _class(case: Case) -> Sentence:
    return f"{case.value} is no {case.parameter('class')}", "name one that a record or the ontology describes"


_KINDS = {
    "IRI": "an IRI",
    "Literal": "text or a number",
    "BlankNode": "a nested list",
    "IRIOrLiteral": "an IRI, text or a number",
    "BlankNodeOrIRI": "an IRI or a nested list",
    "BlankNodeOrLiteral": "text or a nested list",
}


def _node_kind(case: Case) -> Sentence:
    term = case.shapes.value(case.shape, "nodeKind")
    wanted = _KINDS.get(term.value.removeprefix(SH) if term else "", "of another kind")
    return f"{case.value} is not {wanted}", None


def _pattern(case: Case) -> Sentence:
    return f"{case.value} does not match {shorten(case.parameter('pattern'), 120)}", None


def _length(word: str, parameter: str) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        length = len(plain(case.result.value, case.shapes))
        return f"{case.value} has {plural(length, 'character')}, and at {word} {case.number(parameter)} are wanted", None

    return sentence


def _bound(words: str, parameter: str) -> Callable[[Case], Sentence]:
    return lambda case: (f"{case.value} is not {words} {case.parameter(parameter)}", None)


def _in(case: Case) -> Sentence:
    allowed = case.items("in")
    near = nearest(case.text, allowed)
    advice = f"did you mean {quote(near)}?" if near else None
    return f"{case.value} is none of {enumerate_names([quote(item) for item in allowed], 'and')}", advice


def _has_value(case: Case) -> Sentence:
    return f"the key {case.key!r} lacks the value {quote(case.parameter('hasValue'))}", f"add {case.parameter('hasValue')}"


def _language_in(case: Case) -> Sentence:
    return f"{case.value} is not in the language {enumerate_names(case.items('languageIn'))}", None


def _unique_lang(case: Case) -> Sentence:
    return f"the key {case.key!r} has two texts in one language", None


def _pair(words: str, parameter: str) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        other = case.place.other_key
        name = format_key_path(other) if other else case.parameter(parameter)
        return f"{case.value} {words} {name}", None

    return sentence


def _closed(case: Case) -> Sentence:
    return f"the key {case.key!r} is not one of those that {case.shapes.label(case.shape)} allows", "take it out, or mend its spelling"


def _alternatives(words: str) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        groups = [group for group in case.result.details if group]
        causes = [" and ".join(_cause(leaf, case) for leaf in group) for group in groups]
        return f"{case.place.subject} {words}", enumerate_names(causes, "or, else,", limit=6) or None

    return sentence


def _cause(leaf: Result, case: Case) -> str:
    place = case.place.detail(leaf)
    message, _ = describe(leaf, case.shapes, place, whole_key=True, labels=case.labels)
    return message if message.startswith("the ") or not place.key_path else f"{format_key_path(place.key_path)} {message}"


def _xone(case: Case) -> Sentence:
    if any(case.result.details) and all(case.result.details):
        return _alternatives("fits none of the shapes, and must fit one")(case)
    return f"{case.place.subject} fits more than one of the shapes, and must fit just one", None


def _not(case: Case) -> Sentence:
    return f"{case.place.subject} fits a shape that it must not fit", None


def _qualified_min(case: Case) -> Sentence:
    wanted = case.number("qualifiedMinCount")
    causes = [_cause(leaf, case) for group in case.result.details for leaf in group]
    advice = enumerate_names(causes, "and", limit=3) or f"add {_line(case)}"
    return f"the key {case.key!r} has too few values that fit, at least {wanted} wanted", advice


def _qualified_max(case: Case) -> Sentence:
    return f"the key {case.key!r} has more than {plural(case.number('qualifiedMaxCount'), 'value')} of the kind", None


_SENTENCES: dict[str, Callable[[Case], Sentence]] = {
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "Datatype": _datatype,
    "Class": _class,
    "NodeKind": _node_kind,
    "Pattern": _pattern,
    "MinLength": _length("least", "minLength"),
    "MaxLength": _length("most", "maxLength"),
    "MinInclusive": _bound("at least", "minInclusive"),
    "MaxInclusive": _bound("at most", "maxInclusive"),
    "MinExclusive": _bound("more than", "minExclusive"),
    "MaxExclusive": _bound("less than", "maxExclusive"),
    "In": _in,
    "HasValue": _has_value,
    "LanguageIn": _language_in,
    "UniqueLang": _unique_lang,
    "Equals": _pair("stands on one side only: the values must be those of", "equals"),
    "Disjoint": _pair("must not be a value of", "disjoint"),
    "LessThan": _pair("is not before", "lessThan"),
    "LessThanOrEquals": _pair("is after", "lessThanOrEquals"),
    "Closed": _closed,
    "Or": _alternatives("fits none of the shapes, and must fit one at least"),
    "Xone": _xone,
    "Not": _not,
    "QualifiedMinCount": _qualified_min,
    "QualifiedMaxCount": _qualified_max,
    "SPARQL": lambda case: (f"{case.place.subject} breaks the rule of {case.shapes.label(case.shape)}", None),
}
