"""What keys take, and what constraints ask for, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from exporter.generate.constraints import Constraint
from exporter.generate.typed_keys import KeyReading, TypedClass, TypedClasses
from exporter.language.conversions import concept, day_of, from_json, relative_iri, split, timestamp
from exporter.language.templates import Template
from exporter.plan.model import MatchKey, ValuePlan
from exporter.problems import Severity, format_key_path
from exporter.rdf.prefixes import Prefixes
from exporter.text import enumerate_names, plural


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a sentence; with `of` the IRI of the class that it is about."""

    text: str
    of: str | None = None


def takes(reading: KeyReading, classes: TypedClasses) -> list[Words]:
    """Say what may stand at a key: its kinds of values, joined by "or"."""
    parts: list[Words] = [Words("a map with any keys, each with ")] if reading.step.entries else []
    for value in reading.step.values:
        found = list(_kind(reading, value, classes))
        if not set(found) <= set(parts):
            parts += [*([Words(" or ")] if len(parts) > reading.step.entries else []), *found]
    return parts


def _kind(reading: KeyReading, value: ValuePlan, classes: TypedClasses) -> Iterator[Words]:
    conversions = reading.step.conversions
    if concept in conversions:
        yield Words("the label of a concept")
    elif from_json in conversions:
        yield Words("a list, or JSON in a text")
    elif timestamp in conversions or day_of in conversions:
        yield Words("a date and time such as 2026-08-16 12:05:34" if timestamp in conversions else "a date such as 2026-08-16")
    elif value.of is not None:
        yield from _resource(value, classes)
    elif value.datatype is None:
        yield Words("an address" if relative_iri in conversions else "an address such as https://example.org/page")
    elif value.date_forms:
        yield Words(f"{value.datatype.expected}, or written as {enumerate_names(value.date_forms)}")
    elif value.datatype.is_json:
        yield Words("anything")
    elif value.datatype.check is None:
        yield Words("text")
    else:
        yield Words(value.datatype.expected)
    if split in conversions:
        yield Words(f", several separated by “{reading.step.options.separator}”")


def _resource(value: ValuePlan, classes: TypedClasses) -> Iterator[Words]:
    assert value.of is not None
    of = classes.of(value.of)
    name = Words(of.label, of.of.iri.value)
    if value.kind == "reference":
        yield from (Words(f"{_named_by(of)} of a record: "), name)
    elif of.by_text and of.by_map:
        yield from (name, Words(", as a map or a text"))
    else:
        yield from (name, Words(", as a text" if of.by_text else ", as a map"))


def _named_by(of: TypedClass) -> str:
    """Say what a record is referred to by."""
    if of.of.match:
        return f"the {enumerate_names(map(name_source, of.of.match))}"
    variable = of.of.template.single_variable if of.of.template else None
    if variable is None:
        return "the keys of the address"
    if variable.scope == "file":
        return {"stem": "the file's name", "parent": "the folder's name", "path": "the path"}.get(str(variable.path[0]), "the name")
    return f"the {format_key_path(variable.path)}"


def name_source(path: MatchKey) -> str:
    """Name a key for people; a special key as what it stands for.

    >>> name_source(("@file", "page")), name_source(("@title",)), name_source(("a", "b"))
    ('file name', 'first heading', 'a.b')
    """
    if isinstance(path, Template):
        return path.text
    key = format_key_path(path)
    return {"@file.page": "file name", "@file.stem": "file name", "@title": "first heading", "@file.path": "path"}.get(key, key)


def how_many(reading: KeyReading) -> list[str]:
    """Say how many values a key has, and what stands in for one.

    >>> from exporter.plan.compiling import load_plan
    >>> step = load_plan(["examples/obofoundry/ontology.ttl"]).record_classes[0].steps[0]
    >>> how_many(KeyReading(step, Constraint(least=2, most=4)))
    ['at least 2 values', 'at most 4 values']
    """
    least, most = reading.limits.least, reading.limits.most
    words = [f"“{reading.step.default.text}” where it is missing"] if reading.step.default is not None else []
    if most == 1 and reading.is_only:
        return ["one value", *words]
    least_words = [f"at least {plural(least, 'value')}"] if least > 1 and reading.is_only else []
    most_words = [f"at most {plural(most, 'value')}"] if most is not None and reading.is_only else []
    return [*least_words, *most_words, *words]


def rules(reading: KeyReading, prefixes: Prefixes) -> list[tuple[str, Severity]]:
    """Say what shapes ask for: in their own words, and else in ours."""
    found: dict[tuple[str, Severity], None] = {}
    for constraint in reading.said:
        texts = constraint.messages or tuple(in_words(constraint, prefixes))
        found |= dict.fromkeys((text, constraint.severity) for text in texts)
    return list(found)


def in_words(constraint: Constraint, prefixes: Prefixes) -> Iterator[str]:
    """Say what a constraint asks of each value; how many there are is said elsewhere, but for what is only a warning.

    >>> list(in_words(Constraint(shortest=3, patterns=(("^[a-z]+$", ""),)), Prefixes()))
    ['at least 3 characters', 'matches ^[a-z]+$']
    """
    if constraint.severity is not Severity.ERROR:
        yield from ([f"at least {plural(constraint.least, 'value')}"] if constraint.least else [])
        yield from ([f"at most {plural(constraint.most, 'value')}"] if constraint.most is not None else [])
    if constraint.allowed is not None:
        names = [term.value if isinstance(term, Literal) else prefixes.show(term.value) for term in constraint.allowed]
        yield f"one of {enumerate_names(names, limit=40)}" if names else "no value at all"
    if constraint.shortest:
        yield f"at least {plural(constraint.shortest, 'character')}"
    if constraint.longest is not None:
        yield f"at most {plural(constraint.longest, 'character')}"
    if constraint.low is not None:
        yield f"{constraint.low.text} or more" if constraint.low.inclusive else f"more than {constraint.low.text}"
    if constraint.high is not None:
        yield f"{constraint.high.text} or less" if constraint.high.inclusive else f"less than {constraint.high.text}"
    for pattern, _ in constraint.patterns:
        yield f"matches {pattern}"
