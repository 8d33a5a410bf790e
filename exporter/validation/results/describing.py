"""Results in words: one sentence for each constraint component, and what to do about it.

The sentence is ours, the same for every engine. It speaks of keys where a record has one, else of nodes and property paths. The shape's own
`sh:message` becomes the advice, or the whole sentence where only its author knows what is wrong (`sh:sparql`, a component of one's own,
`sh:or`, `sh:not`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.problems import format_key_path, key_names
from exporter.rdf.terms import SH, XSD, Term
from exporter.text import enumerate_names, nearest, plural, quote, shorten, write_pair
from exporter.validation.results.case import Case, Tell, datatype_of, plain, plain_datatype, tell_nothing
from exporter.validation.results.model import ValidationResult
from exporter.validation.results.places import Place
from exporter.validation.results.subjects import plural_noun
from exporter.validation.results.unfolding import parse_term
from exporter.validation.shapes.graph import ShapesGraph


def describe(
    result: ValidationResult,
    shapes: ShapesGraph,
    place: Place,
    *,
    tell: Tell = tell_nothing,
    whole_key: bool = False,
    labels: Mapping[Term, str] | None = None,
) -> tuple[str, str | None]:
    """Give a result's message and help.

    `tell` says what a result is about that has no key, `whole_key` names keys with the maps around them, `labels` say what people call
    IRIs.

    The author's message stands first where it says more than ours could.
    """
    case = Case(result, shapes, place, tell, whole_key, labels or {})
    name = result.component.removeprefix(SH).removesuffix("ConstraintComponent")
    own = " · ".join(" ".join(message.split()) for message in result.messages) or None
    sentence, advice = _SENTENCES.get(name, _unknown)(case)
    if own and (name in _AUTHOR_FIRST or not result.component.startswith(SH)):
        return own + case.where, advice
    context = " · ".join(" ".join(message.split()) for message in result.context) or None
    return sentence, own or advice or context


_AUTHOR_FIRST = frozenset({"SPARQL", "JS", "Expression", "Or", "Xone", "Not", "QualifiedMinCount", "QualifiedMaxCount"})

Sentence = tuple[str, str | None]


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _required(count: int) -> str:
    return f"at least {count} {_be(count)} required"


def _allowed(count: int) -> str:
    return f"at most {count} {_be(count)} allowed" if count else "none is allowed"


def _times(count: int) -> str:
    return "not referred to" if count == 0 else "referred to once" if count == 1 else f"referred to {count:,} times"


def _unknown(case: Case) -> Sentence:
    return f"{case.value} does not conform to {case.shapes.label(case.shape)}{case.where}", None


def _min_count(case: Case) -> Sentence:
    wanted = case.number("minCount")
    if case.place.missing:
        if case.place.empty:
            return f"required key {case.key!r} is empty", f"write a value for {case.key!r}"
        more = f", at least {wanted} values are required" if wanted > 1 else ""
        return f"required {case.holder} is missing{more}", _addition(case)
    if case.about and case.about.referring:
        times = _times(case.about.count or 0)
        return f"{case.node} is {times} by {case.about.property}, at least {plural(wanted, 'reference')} {_be(wanted)} required", None
    count = case.about.count if case.about and case.about.count is not None else case.place.found
    if count == 0 and case.key is None:
        more = f", at least {wanted} values are required" if wanted > 1 else ""
        return f"required {case.holder} is missing{more}", None
    if not count:
        return f"the value of {case.holder} has no {case.path}, {_required(wanted)}", None
    if count >= wanted:
        return f"{case.has(plural(count, 'value'))}, and not {wanted} that count, {_required(wanted)}", None
    return f"{case.has(plural(count, 'value'))}, {_required(wanted)}", None


def _addition(case: Case) -> str | None:
    """How to add a missing key, in the syntax of its file."""
    names = key_names(case.place.key_path)
    if not names or names[-1].startswith("@"):
        return None
    return f"add `{write_pair(shorten(names[-1]), syntax=case.place.syntax)}`"


def _max_count(case: Case) -> Sentence:
    allowed = case.number("maxCount")
    about = case.about
    count = about.count if about and about.count is not None else case.place.found
    values = f", {enumerate_names(about.values, 'and', limit=5)}" if about and about.values else ""
    if about and about.referring:
        listed = f" ({values.removeprefix(', ')})" if values else ""
        return f"{about.node} is {_times(count)} by {about.property}{listed}, {_allowed(allowed)}", None
    if about and about.noun:
        return f"{about.node} has {plural(count, about.noun, plural_noun(about.noun))}{values}, {_allowed(allowed)}", None
    found = plural(count, "value") if count > allowed else "too many values"
    return f"{case.has(found)}{values}, {_allowed(allowed)}", None


def _datatype(case: Case) -> Sentence:
    term = case.shapes.value(case.shape, "datatype")
    name = term.value.removeprefix(XSD) if isinstance(term, NamedNode) else "value"
    wanted = _DATATYPES.get(name)
    if wanted is None:
        return f"{case.value} is not a valid {case.parameter('datatype')}{case.where}", None
    if datatype_of(case.result.value) in (XSD + "string", XSD + name) or case.about is None:
        return f"{case.value} is not {wanted}{case.where}", _EXAMPLES.get(name)
    kind = plain_datatype(case.result.value, case.shapes)
    return f"{case.value} is not {wanted}, but {kind}{case.where}", _EXAMPLES.get(name)


_DATATYPES = {
    "date": "a valid date",
    "dateTime": "a valid date with time",
    "integer": "a valid whole number",
    "decimal": "a valid decimal number",
    "double": "a valid number",
    "boolean": "true or false",
    "anyURI": "a valid web address",
    "string": "plain text",
    "gYear": "a valid year",
}
_EXAMPLES = {
    "date": "write it as 2026-01-31",
    "dateTime": "write it as 2026-01-31T09:30:00Z",
    "boolean": "write true or false",
    "gYear": "write it as 2026",
}


def _class(case: Case) -> Sentence:
    return f"{case.value} is not of class {case.parameter('class')}{case.where}", "name one that the data or the ontology describes"


_KINDS = {
    "IRI": "an IRI",
    "Literal": "text or a number",
    "BlankNode": "a nested list",
    "IRIOrLiteral": "an IRI, text or a number",
    "BlankNodeOrIRI": "an IRI or a nested list",
    "BlankNodeOrLiteral": "text or a nested list",
}
_KINDS_OF_TERM = {
    "IRI": "an IRI",
    "Literal": "a literal",
    "BlankNode": "a blank node",
    "IRIOrLiteral": "an IRI or a literal",
    "BlankNodeOrIRI": "a blank node or an IRI",
    "BlankNodeOrLiteral": "a blank node or a literal",
}


def _node_kind(case: Case) -> Sentence:
    term = case.shapes.value(case.shape, "nodeKind")
    kinds = _KINDS if case.about is None else _KINDS_OF_TERM
    return f"{case.value} is not {kinds.get(term.value.removeprefix(SH) if term else '', 'of the required kind')}{case.where}", None


def _pattern(case: Case) -> Sentence:
    # A pattern is shown as it would be typed between the quotes of a search box: its backslashes are its own.
    patterns = case.shapes.values(case.shape, "pattern")
    pattern = enumerate_names(quote(term.value, 120).replace("\\\\", "\\") for term in patterns)
    if case.result.value is not None and case.result.value.startswith("_:"):
        return f"{case.value} has no text that could match {pattern}{case.where}", None
    return f"{case.value} does not match {pattern}{case.where}", None


def _length(parameter: str, limit: Callable[[int], str]) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        parsed = parse_term(case.result.value) if case.result.value else None
        if isinstance(parsed, BlankNode):
            return f"{case.value} has no text whose length could be checked{case.where}", None
        length = plural(len(parsed.value), "character") if parsed is not None else "another number of characters"
        return f"{case.value} has {length}, {limit(case.number(parameter))}{case.where}", None

    return sentence


def _bound(words: str, parameter: str) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        bound = case.shapes.value(case.shape, parameter)
        kinds = {_comparable(case.result.value), _comparable(str(bound))}
        said = words if len(kinds) == 1 and None not in kinds else "can't be compared with"
        return f"{case.value} {said} {case.parameter(parameter)}{case.where}", None

    return sentence


_DERIVED_INTEGERS = (
    *("long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_NUMBERS = frozenset(XSD + name for name in ("decimal", "integer", "double", "float", *_DERIVED_INTEGERS))
_TIMES = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp", "time", "gYear", "gYearMonth"))


def _comparable(term: str | None) -> str | None:
    datatype = datatype_of(term)
    return "number" if datatype in _NUMBERS else datatype


def _in(case: Case) -> Sentence:
    allowed = case.items("in")
    near = nearest(case.text, allowed)
    advice = f"did you mean {quote(near)}?" if near else None
    return f"{case.value} is not one of {enumerate_names([quote(item) for item in allowed])}{case.where}", advice


def _has_value(case: Case) -> Sentence:
    wanted = case.quoted("hasValue")
    if case.key is not None:
        return f"key {case.key!r} lacks the required value {wanted}", f"add {wanted}"
    of = f" of {case.about.property}" if case.about and case.about.property else ""
    return f"{case.node} lacks the required value {wanted}{of}", f"add {wanted}"


def _language_in(case: Case) -> Sentence:
    parsed = parse_term(case.result.value) if case.result.value else None
    language = parsed.language if isinstance(parsed, Literal) else None
    found = f"is in the language {quote(language)}" if language else "has no language"
    return f"{case.value} {found}, not in {enumerate_names(quote(item) for item in case.items('languageIn'))}{case.where}", None


def _unique_lang(case: Case) -> Sentence:
    languages = "one language" if case.result.times == 1 else f"each of {case.result.times} languages"
    return f"{case.has('two texts')} in {languages}", None


def _other(case: Case, parameter: str) -> str:
    """Name the property that a value is compared with."""
    return f"key {format_key_path(case.place.other_key)!r}" if case.place.other_key else case.parameter(parameter)


def _equals(case: Case) -> Sentence:
    return f"{case.value} is a value of only one of {case.holder} and {_other(case, 'equals')}, which must have the same values", None


def _disjoint(case: Case) -> Sentence:
    return f"{case.value} must not be a value of {_other(case, 'disjoint')}, too{case.where}", None


def _order(parameter: str, number: str, time: str) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        words = time if datatype_of(case.result.value) in _TIMES else number
        other = _other(case, parameter)
        shown = [quote(plain(value, case.shapes)) for value in case.place.other_values]
        compared = f"{enumerate_names(shown, limit=3)}, the value of {other}" if shown else other
        return f"{case.value} {words} {compared}{case.where}", None

    return sentence


def _closed(case: Case) -> Sentence:
    shape = case.shapes.label(case.shape)
    advice = "remove it, or fix its spelling"
    if case.key is None and case.about and case.about.property:
        return f"property {case.about.property} of {case.node} is not allowed by {shape}", advice
    return f"{case.holder} is not allowed by {shape}", advice


def _whole(case: Case) -> str:
    """The value or the node that a logical constraint is about."""
    if case.place.key_path:
        return f"the value of {format_key_path(case.place.key_path)!r}"
    return case.value + case.where if case.about and case.about.property and case.result.value else case.node


def _alternatives(words: str) -> Callable[[Case], Sentence]:
    def sentence(case: Case) -> Sentence:
        groups = [group for group in case.result.details if group]
        causes = [" and ".join(_cause(leaf, case) for leaf in group) for group in groups]
        return f"{_whole(case)} {words}", enumerate_names(causes, "or, else,", limit=6) or None

    return sentence


def _cause(leaf: ValidationResult, case: Case) -> str:
    place = case.place.detail(leaf)
    message, _ = describe(leaf, case.shapes, place, tell=case.tell, whole_key=True, labels=case.labels)
    return f"{format_key_path(place.key_path)}: {message}" if place.key_path and message.startswith('"') else message


def _xone(case: Case) -> Sentence:
    if any(case.result.details) and all(case.result.details):
        return _alternatives("conforms to none of the shapes, exactly one is required")(case)
    return f"{_whole(case)} conforms to more than one of the shapes, exactly one is required", None


def _not(case: Case) -> Sentence:
    return f"{_whole(case)} conforms to a shape that it must not conform to", None


def _qualified_min(case: Case) -> Sentence:
    wanted = case.number("qualifiedMinCount")
    causes = [_cause(leaf, case) for group in case.result.details for leaf in group]
    advice = enumerate_names(causes, "and", limit=3) or _addition(case)
    return f"{case.has('too few values')} that conform, {_required(wanted)}", advice


def _qualified_max(case: Case) -> Sentence:
    return f"{case.has('too many values')} that conform, {_allowed(case.number('qualifiedMaxCount'))}", None


_SENTENCES: dict[str, Callable[[Case], Sentence]] = {
    "MinCount": _min_count,
    "MaxCount": _max_count,
    "Datatype": _datatype,
    "Class": _class,
    "NodeKind": _node_kind,
    "Pattern": _pattern,
    "MinLength": _length("minLength", _required),
    "MaxLength": _length("maxLength", _allowed),
    "MinInclusive": _bound("is less than the minimum", "minInclusive"),
    "MaxInclusive": _bound("is greater than the maximum", "maxInclusive"),
    "MinExclusive": _bound("is not greater than", "minExclusive"),
    "MaxExclusive": _bound("is not less than", "maxExclusive"),
    "In": _in,
    "HasValue": _has_value,
    "LanguageIn": _language_in,
    "UniqueLang": _unique_lang,
    "Equals": _equals,
    "Disjoint": _disjoint,
    "LessThan": _order("lessThan", "is not less than", "is not before"),
    "LessThanOrEquals": _order("lessThanOrEquals", "is greater than", "is after"),
    "Closed": _closed,
    "Or": _alternatives("conforms to none of the shapes, at least one is required"),
    "Xone": _xone,
    "Not": _not,
    "QualifiedMinCount": _qualified_min,
    "QualifiedMaxCount": _qualified_max,
    "SPARQL": lambda case: (f"{_whole(case)} violates the constraint of {case.shapes.label(case.shape)}", None),
}
