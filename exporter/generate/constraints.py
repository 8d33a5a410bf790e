"""What shapes and axioms say of the values of a class's properties, as far as a key alone can keep or break it.

Shapes are read elsewhere (`exporter.validation.shapes.constraints`); here is what generators take, and how several constraints become one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from exporter.problems import Severity
from exporter.rdf.terms import Term


@dataclass(frozen=True, slots=True)
class Rule:
    """What a shape asks for, in its author's words, and how bad it is not to follow it."""

    text: str
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class Bound:
    """The least or greatest value: its characters, and whether it is allowed itself."""

    text: str
    inclusive: bool = True


@dataclass(frozen=True, slots=True)
class Constraint:
    """What one property shape says of a property's values, or several together: counts, a closed set, lengths, bounds.

    `patterns` are regular expressions that a value has to match, as written and as Python has them; `messages` are the shape's own words.
    """

    least: int = 0
    most: int | None = None
    allowed: tuple[Term, ...] | None = None
    patterns: tuple[tuple[str, str], ...] = ()
    shortest: int = 0
    longest: int | None = None
    low: Bound | None = None
    high: Bound | None = None
    severity: Severity = Severity.ERROR
    messages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassConstraints:
    """What shapes say of a class: of its properties by their IRI, and `rules` that speak of more than one property."""

    properties: Mapping[str, tuple[Constraint, ...]] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()


Constraints = Mapping[str, ClassConstraints]
"""By the IRI of the class that shapes target."""


def together(constraints: Iterable[Constraint]) -> Constraint:
    """Give what holds where several constraints do; of those that are only warnings nothing is taken.

    >>> both = together([Constraint(least=1, most=4), Constraint(most=2), Constraint(most=1, severity=Severity.WARNING)])
    >>> both.least, both.most
    (1, 2)
    """
    found = Constraint()
    for one in constraints:
        if one.severity is Severity.ERROR:
            found = _narrowed(found, one)
    return found


def _narrowed(one: Constraint, other: Constraint) -> Constraint:
    allowed = other.allowed if one.allowed is None else one.allowed
    if one.allowed is not None and other.allowed is not None:
        allowed = tuple(term for term in one.allowed if term in other.allowed)
    return replace(
        one,
        least=max(one.least, other.least),
        most=_smaller(one.most, other.most),
        allowed=allowed,
        patterns=tuple(dict.fromkeys((*one.patterns, *other.patterns))),
        shortest=max(one.shortest, other.shortest),
        longest=_smaller(one.longest, other.longest),
        # of two bounds of one kind the first stands: to order their values is the business of SHACL
        low=one.low or other.low,
        high=one.high or other.high,
    )


def _smaller(one: int | None, other: int | None) -> int | None:
    return one if other is None else other if one is None else min(one, other)
