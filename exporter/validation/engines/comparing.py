"""Which of two literals is the smaller one, as SPARQL's operators say (SPARQL 1.1, section 17.3), with dates and times beside dateTime.

Numbers compare with numbers, exactly unless a float is among them; strings with strings, never with a text in a language; what has a time
zone compares with what has none only where fourteen hours make no difference (XML Schema, part 2, section 3.2.7.4).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from exporter.language.datatypes import is_ill_typed
from exporter.rdf.terms import XSD

_INTEGERS = frozenset(
    XSD + name
    for name in (
        *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
        *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
    )
)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SPECIAL = {"INF": float("inf"), "+INF": float("inf"), "-INF": float("-inf"), "NaN": float("nan")}
_BOOLEANS = {"true": 1, "1": 1, "false": 0, "0": 0}
_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,}|0[0-9]{3}))"
_MONTH = r"(?P<month>[0-9]{2})"
_MONTHDAY = r"(?P<day>[0-9]{2})"
_DATE = f"{_YEAR}-{_MONTH}-{_MONTHDAY}"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2}(?:\.[0-9]+)?)"
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?"
_MOMENTS = {
    XSD + "dateTime": re.compile(f"{_DATE}T{_TIME}{_ZONE}"),
    XSD + "date": re.compile(f"{_DATE}{_ZONE}"),
    XSD + "time": re.compile(f"{_TIME}{_ZONE}"),
    XSD + "gYear": re.compile(f"{_YEAR}{_ZONE}"),
    XSD + "gYearMonth": re.compile(f"{_YEAR}-{_MONTH}{_ZONE}"),
    XSD + "gMonth": re.compile(f"--{_MONTH}{_ZONE}"),
    XSD + "gMonthDay": re.compile(f"--{_MONTH}-{_MONTHDAY}{_ZONE}"),
    XSD + "gDay": re.compile(f"---{_MONTHDAY}{_ZONE}"),
}
_DURATIONS = frozenset(XSD + name for name in ("duration", "yearMonthDuration", "dayTimeDuration"))
_DURATION = re.compile(
    r"(?P<sign>-?)P(?=.)(?:(?P<years>[0-9]+)Y)?(?:(?P<months>[0-9]+)M)?(?:(?P<days>[0-9]+)D)?"
    r"(?:T(?=[0-9])(?:(?P<hours>[0-9]+)H)?(?:(?P<minutes>[0-9]+)M)?(?:(?P<seconds>[0-9]+(?:\.[0-9]+)?)S)?)?"
)
_REFERENCES = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""The months from whose first day two durations are measured (XML Schema 1.1, part 2, section 3.3.6.1)."""
_DAY = 86_400
_FAR = 14 * 3600


@dataclass(frozen=True, slots=True)
class _Duration:
    """Months, whose length depends on where they begin, and seconds."""

    months: int
    seconds: Fraction


@dataclass(frozen=True, slots=True)
class _Moment:
    """Seconds on a line of their own kind; without a zone they may be fourteen hours off in either direction."""

    seconds: Fraction
    zoned: bool


def order(first: tuple[str, str], second: tuple[str, str]) -> int | None:
    """Compare two literals, each its text and the IRI of its datatype: -1, 0 or 1, or None where they can't be compared.

    >>> order(("2", XSD + "integer"), ("10.0", XSD + "decimal")), order(("2", XSD + "integer"), ("10", XSD + "string"))
    (-1, None)
    """
    (kind, one), (other_kind, other) = _value(*first), _value(*second)
    if kind is None or kind != other_kind:
        return None
    if isinstance(one, _Moment) and isinstance(other, _Moment):
        return _order_moments(one, other)
    if isinstance(one, _Duration) and isinstance(other, _Duration):
        return _order_durations(one, other)
    if isinstance(one, float) or isinstance(other, float):
        one, other = float(one), float(other)  # type: ignore[arg-type]  # numbers both: their kind is one
        if one != one or other != other:  # noqa: PLR0124 - NaN is not equal to itself
            return None
    return (one > other) - (one < other)  # type: ignore[operator]  # as above


def _value(text: str, datatype: str) -> tuple[str | None, Fraction | float | str | _Moment | _Duration]:
    """Give the space that a literal's value is in, None where it has none, and the value."""
    if datatype == XSD + "string":
        return "text", text
    if datatype in _INTEGERS:
        return ("number", Fraction(int(text))) if _INTEGER.fullmatch(text) and len(text) < _LONGEST else (None, "")
    if datatype == XSD + "decimal":
        return ("number", Fraction(Decimal(text))) if _DECIMAL.fullmatch(text) else (None, "")
    if datatype in {XSD + "double", XSD + "float"}:
        number = _SPECIAL.get(text, float(text) if _DOUBLE.fullmatch(text) else None)
        return ("number", number) if number is not None else (None, "")
    if datatype == XSD + "boolean":
        return ("truth", Fraction(_BOOLEANS[text])) if text in _BOOLEANS else (None, "")
    if datatype in _DURATIONS:
        return ("duration", duration) if (duration := _duration(text, datatype)) else (None, "")
    datatype = XSD + "dateTime" if datatype == XSD + "dateTimeStamp" else datatype
    if datatype in _MOMENTS and (match := _MOMENTS[datatype].fullmatch(text)) and (moment := _moment(match)):
        return datatype, moment
    return None, ""


_LONGEST = 4_000
"""Python reads no longer integer."""


def _moment(match: re.Match[str]) -> _Moment | None:
    parts = match.groupdict()
    days = 0
    if parts.keys() & {"year", "month", "day"}:
        # What has no year is in a leap year, as any.
        found = _days(int(parts.get("year") or 1972), int(parts.get("month") or 1), int(parts.get("day") or 1))
        if found is None:
            return None
        days = found
    hour, minute, second = int(parts.get("hour") or 0), int(parts.get("minute") or 0), Fraction(parts.get("second") or 0)
    if minute > 59 or second >= 60 or hour > 24 or (hour == 24 and (minute or second)):
        return None
    offset = _offset(parts["zone"])
    return _Moment(days * _DAY + hour * 3600 + minute * 60 + second - offset, zoned=parts["zone"] is not None)


def _days(year: int, month: int, day: int) -> int | None:
    """Count days; a calendar repeats after 400 years, which are 146,097 days."""
    cycles, within = divmod(year, 400)
    try:
        return cycles * 146_097 + date(within + 400, month, day).toordinal()
    except ValueError:
        return None


def _duration(text: str, datatype: str) -> _Duration | None:
    match = _DURATION.fullmatch(text)
    if match is None or len(text) > _LONGEST:
        return None
    of = {name: Fraction(part or 0) for name, part in match.groupdict().items() if name != "sign"}
    if is_ill_typed(datatype.removeprefix(XSD), text):
        return None
    sign = -1 if match["sign"] else 1
    months = of["years"] * 12 + of["months"]
    return _Duration(sign * int(months), sign * (of["days"] * _DAY + of["hours"] * 3600 + of["minutes"] * 60 + of["seconds"]))


def _order_durations(one: _Duration, other: _Duration) -> int | None:
    """Order two durations where they are in the same order from wherever they begin."""
    found = set()
    for year, month in _REFERENCES:
        ends = []
        for duration in (one, other):
            years, months = divmod(month - 1 + duration.months, 12)
            ends.append((_days(year + years, months + 1, 1) or 0) * _DAY + duration.seconds)
        found.add((ends[0] > ends[1]) - (ends[0] < ends[1]))
    return found.pop() if len(found) == 1 else None


def _offset(zone: str | None) -> int:
    if zone in {None, "Z"}:
        return 0
    hours, minutes = zone[1:].split(":")
    return (-1 if zone[0] == "-" else 1) * (int(hours) * 3600 + int(minutes) * 60)


def _order_moments(one: _Moment, other: _Moment) -> int | None:
    apart = one.seconds - other.seconds
    if one.zoned != other.zoned and abs(apart) <= _FAR:
        return None
    return (apart > 0) - (apart < 0)
