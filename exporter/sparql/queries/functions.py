"""What rewritten queries call: the value of a literal that is kept as it is written, and MIN and MAX in the order of ORDER BY."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from exporter.dataset.exact import INTEGERS, XSD, datatype, restore, value
from exporter.sparql.queries.rewriting import FUNCTIONS

if TYPE_CHECKING:
    from pyoxigraph import AggregateFunctionAccumulator  # stands in its stubs alone

Term = NamedNode | BlankNode | Literal | Triple
Key = tuple[int | float | str | Decimal | tuple[int, ...], ...]
_DAY = r"(-?[0-9]{4,})-([0-9]{2})-([0-9]{2})"
_TIME = r"(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?)?"
_MOMENT = re.compile(_DAY + _TIME + r"(?:Z|([+-])([0-9]{2}):([0-9]{2}))?")
_PLACES = 30


def functions(tags: Mapping[str, str]) -> dict[NamedNode, Callable[..., Term | None]]:
    """Give the functions that rewritten queries call; `tags` says how language tags are written."""

    def language(term: Term) -> Literal | None:
        if not isinstance(term, Literal):
            return None
        return Literal(tags.get(term.language, term.language) if term.language else "")

    named: dict[str, Callable[..., Term | None]] = {"value": value, "datatype": datatype, "lang": language}
    return {NamedNode(FUNCTIONS + name): function for name, function in named.items()}


class _Extreme:
    """The least or the greatest term of a group."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self._best: Term | None = None
        self._key: Key = ()

    def accumulate(self, element: Term) -> None:
        """Take a term."""
        key = order(element)
        if self._best is None or (key < self._key if self._sign < 0 else key > self._key):
            self._best, self._key = element, key

    def finish(self) -> Term | None:
        """Give the term, None where there is none."""
        return self._best


AGGREGATES: dict[NamedNode, Callable[[], AggregateFunctionAccumulator]] = {
    NamedNode(FUNCTIONS + "min"): lambda: _Extreme(-1),
    NamedNode(FUNCTIONS + "max"): lambda: _Extreme(1),
}


def order(term: Term) -> Key:
    """Give a key that sorts as ORDER BY does (SPARQL 1.1, section 15.1), numbers before texts and texts before what has another type.

    >>> [term.value for term in sorted([Literal("2"), Literal(10), Literal(3)], key=order)]
    ['3', '10', '2']
    """
    if isinstance(term, BlankNode):
        return 0, term.value
    if isinstance(term, NamedNode):
        return 1, term.value
    if isinstance(term, Triple):
        return 7, str(term)
    literal = restore(term)
    assert isinstance(literal, Literal)
    name = literal.datatype.value.removeprefix(XSD)
    number = _number(literal.value, name)
    if number is not None:
        return (3, 0) if isinstance(number, float) and math.isnan(number) else (2, number)
    if literal.language is not None or name == "string":
        return 4, literal.value, literal.language or ""
    moment = _moment(literal.value) if name in {"date", "dateTime", "dateTimeStamp"} else None
    return (5, name, moment) if moment is not None else (6, name, literal.value)


def _number(lexical: str, name: str) -> int | float | Decimal | None:
    try:
        if name in INTEGERS:
            return int(lexical)
        if name == "decimal":
            return Decimal(lexical)
        if name in {"double", "float"}:
            return float(lexical.replace("INF", "inf"))
    except (ValueError, InvalidOperation):
        return None
    return None


def _moment(lexical: str) -> tuple[int, ...] | None:
    """Give seconds and fraction of a date on the time line; a day without a zone counts as one in UTC."""
    found = _MOMENT.fullmatch(lexical)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(part or 0) for part in found.groups()[:6])
    # Days since 1970 in the proleptic Gregorian calendar, for any year; the year begins in March, so that a leap day ends it.
    year -= month <= 2
    of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    days = 365 * year + year // 4 - year // 100 + year // 400 + of_year - 719_468
    zone = int(found[9] or 0) * 60 + int(found[10] or 0)
    minutes = hour * 60 + minute - (zone if found[8] != "-" else -zone)
    return days * 86_400 + minutes * 60 + second, int((found[7] or "").ljust(_PLACES, "0")[:_PLACES])
