"""Datatypes: whether the typed characters are in a datatype's lexical space (XSD 1.1 Part 2), never a new spelling.

The exceptions are what YAML and TOML spell differently from XSD: `True`, `0x1F`, `1_000`, `.inf`, a date and time with a blank.
A range that takes the typed characters gets those.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from pyoxigraph import Literal, NamedNode

from exporter.rdf.terms import RDF, RDFS, XSD
from exporter.records.values import Plain, Value

Check = Callable[[str], bool]

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_INTEGER = r"[+-]?\d+"
_DECIMAL = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_NAME_START = (  # XML 1.0, section 2.3
    r"A-Z_a-z\xC0-\xD6\xD8-\xF6\xF8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C\u200D\u2070-\u218F"
    r"\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_NAME = _NAME_START + r"\-.0-9\xB7\u0300-\u036F\u203F\u2040"

LEXICAL: dict[str, str] = {
    "boolean": r"true|false|1|0",
    "decimal": _DECIMAL,
    "integer": _INTEGER,
    "double": rf"{_DECIMAL}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": rf"{_DECIMAL}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "date": rf"(?P<year>{_YEAR})-(?P<month>{_MONTH})-(?P<day>{_DAY}){_ZONE}",
    "dateTime": rf"(?P<year>{_YEAR})-(?P<month>{_MONTH})-(?P<day>{_DAY})T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"(?P<year>{_YEAR})-(?P<month>{_MONTH})-(?P<day>{_DAY})T{_TIME}{_ZONE[:-1]}",
    "time": rf"{_TIME}{_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": rf"--{_MONTH}{_ZONE}",
    "gDay": rf"---{_DAY}{_ZONE}",
    "gMonthDay": rf"--(?P<month>{_MONTH})-(?P<day>{_DAY}){_ZONE}",
    "duration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "dayTimeDuration": r"-?P(?=.)(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?",
    "yearMonthDuration": r"-?P(?=.)(?:\d+Y)?(?:\d+M)?",
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    "base64Binary": (
        r"(?:(?:[A-Za-z0-9+/] ?){4})*"
        r"(?:(?:[A-Za-z0-9+/] ?){3}[A-Za-z0-9+/]|(?:[A-Za-z0-9+/] ?){2}[AEIMQUYcgkosw048] ?=|[A-Za-z0-9+/] ?[AQgw] ?= ?=)?"
    ),
    "anyURI": r"[^\s<>\"{}|\\^`]*",
    "token": r"\S+(?: \S+)*|",
    "normalizedString": r"[^\t\n\r]*",
    "NMTOKEN": rf"[:{_NAME}]+",
    "Name": rf"[:{_NAME_START}][:{_NAME}]*",
    "NCName": rf"[{_NAME_START}][{_NAME}]*",
}

_BOUNDS: dict[str, tuple[int | None, int | None]] = {
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-128, 127),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 255),
}


def bounds(name: str) -> tuple[int | None, int | None]:
    """Give the least and the greatest value of a whole-number datatype; None where there is none, and for both of any other datatype.

    >>> bounds("byte"), bounds("integer")
    ((-128, 127), (None, None))
    """
    return _BOUNDS.get(name, (None, None))


_EXPECTED = {
    "date": "a date such as 2026-08-16",
    "dateTime": "a date and time such as 2026-08-16T12:05:34Z",
    "boolean": "true or false",
    "decimal": "a number such as 12.5",
    "double": "a number such as 12.5, 1.5E3 or INF",
    "float": "a number such as 12.5, 1.5E3 or INF",
    "integer": "a whole number",
    "positiveInteger": "a whole number from 1 on",
    "nonNegativeInteger": "a whole number from 0 on",
    "negativeInteger": "a whole number up to -1",
    "nonPositiveInteger": "a whole number up to 0",
    "dateTimeStamp": "a date and time with a zone such as 2026-08-16T12:05:34Z",
    "time": "a time such as 12:05:34",
    "gYear": "a year such as 2026",
    "gYearMonth": "a year and month such as 2026-08",
    "gMonth": "a month such as --08",
    "gMonthDay": "a month and day such as --08-16",
    "gDay": "a day of the month such as ---16",
    "duration": "a duration such as P3D or PT1H30M",
    "dayTimeDuration": "a duration such as P3D or PT1H30M",
    "yearMonthDuration": "a duration such as P1Y6M",
    "anyURI": "an address without spaces",
    "language": "a language tag such as en or pt-BR",
    "hexBinary": "pairs of the digits 0-9 and A-F",
    "base64Binary": "base64, four characters for each three bytes",
    "token": "a text without line breaks, tabs, double spaces, or spaces at its ends",
    "normalizedString": "a text without line breaks and tabs",
    "langString": "a text",
    "NCName": "a name of letters, digits, '.', '-' and '_' that starts with a letter or '_'",
    "Name": "a name of letters, digits, '.', '-', '_' and ':' that starts with a letter, '_' or ':'",
    "NMTOKEN": "letters, digits, '.', '-', '_' and ':', without spaces",
}

_TEXT_RANGES = frozenset({XSD + "string", RDF + "HTML", RDF + "XMLLiteral", RDFS + "Literal", RDF + "langString", RDF + "PlainLiteral"})
LANG_STRING = RDF + "langString"
TAKE_A_LANGUAGE = frozenset({LANG_STRING, XSD + "string", RDFS + "Literal", RDF + "PlainLiteral"})
"""The ranges whose literals may be in a language."""
TAKE_A_DATE = frozenset(XSD + name for name in ("date", "dateTime", "dateTimeStamp"))
"""The ranges whose values are read by the forms of dates that a site writes."""
_DIGITS_AT_MOST = 4000  # int() refuses more, and a bound is decided by the length long before


@dataclass(frozen=True, slots=True)
class Datatype:
    """A range that makes literals: its IRI, and the test of its lexical space (None: every string is in it)."""

    iri: str
    check: Check | None
    node: NamedNode | None

    @property
    def expected(self) -> str:
        """What a fitting value looks like, for messages."""
        name = self.iri.rpartition("#")[2]
        low, high = _BOUNDS.get(name, (None, None))
        if name not in _EXPECTED and low is not None and high is not None:
            return f"a whole number from {low} to {high}"
        return _EXPECTED.get(name, f"a value of the datatype {name}")

    @property
    def is_text(self) -> bool:
        """Whether every text is a plain string literal of it."""
        return self.node is None and self.check is None

    @property
    def is_json(self) -> bool:
        """Whether whole maps and lists fit."""
        return self.iri == RDF + "JSON"


def _day_exists(match: re.Match[str]) -> bool:
    if match["day"] <= "28":
        return True
    # XSD's years may be longer than Python's; the calendar repeats every 400 years. A day without a year may be the leap day.
    year = int(match.groupdict().get("year", "2000")[-8:]) % 400 + 2000
    try:
        date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        return False
    return True


def _in_bounds(text: str, low: int | None, high: int | None) -> bool:
    if len(text) > _DIGITS_AT_MOST:
        return False
    number = int(text)
    return (low is None or number >= low) and (high is None or number <= high)


@cache
def _check(name: str) -> Check | None:
    if name in _BOUNDS:
        low, high = _BOUNDS[name]
        whole = re.compile(_INTEGER, re.ASCII)
        return lambda text: whole.fullmatch(text) is not None and _in_bounds(text, low, high)
    if name not in LEXICAL:
        return None
    matcher = re.compile(LEXICAL[name], re.ASCII)
    if "(?P<day>" in LEXICAL[name]:
        return lambda text: (match := matcher.fullmatch(text)) is not None and _day_exists(match)
    return lambda text: matcher.fullmatch(text) is not None


def fits(name: str, text: str) -> bool:
    """Whether a text is in the lexical space of a datatype of XML Schema.

    >>> fits("dateTime", "2026-08-16T24:00:00"), fits("dateTime", "2026-08-16T23:59:60"), fits("date", "2026-02-29")
    (True, False, False)
    """
    check = _check(name)
    return check is None or check(text)


def is_ill_typed(name: str, text: str) -> bool:
    """Whether a text is outside the lexical space of a datatype of XML Schema; every text is in that of anyURI (XSD 1.1, 3.3.17).

    >>> is_ill_typed("gYear", "26"), is_ill_typed("anyURI", "a b"), is_ill_typed("byte", "128")
    (True, False, True)
    """
    return name != "anyURI" and not fits(name, text)


def next_day(day: str) -> str:
    """The day after one.

    >>> next_day("2024-02-28"), next_day("9999-12-31")
    ('2024-02-29', '10000-01-01')
    """
    year = int(day[:-6])
    following = date(year % 400 + 2000, int(day[-5:-3]), int(day[-2:])) + timedelta(1)  # the calendar repeats every 400 years
    year += following.month == following.day == 1
    return f"{'-' * (year < 0)}{abs(year):04}-{following.month:02}-{following.day:02}"


def is_datatype(iri: str) -> bool:
    """Whether the IRI names a datatype that this module knows (XSD 1.1 and RDF 1.1, section 5)."""
    if iri in _TEXT_RANGES or iri == RDF + "JSON":
        return True
    name = iri.removeprefix(XSD)
    return name != iri and (name in LEXICAL or name in _BOUNDS)


_WIDENING = (
    *("gYear", "unsignedByte", "byte", "unsignedShort", "short", "unsignedInt", "int", "unsignedLong", "long"),
    *("positiveInteger", "negativeInteger", "nonNegativeInteger", "nonPositiveInteger", "integer", "decimal", "double", "float"),
    *("boolean", "dateTimeStamp", "dateTime", "date", "time", "gYearMonth", "gMonthDay", "gMonth", "gDay"),
    *("dayTimeDuration", "yearMonthDuration", "duration", "language", "hexBinary", "base64Binary"),
    *("NCName", "Name", "NMTOKEN", "anyURI", "token", "normalizedString"),
)


def width(iri: str) -> int:
    """Say how much a datatype takes beside others: of several that a value may have, the narrow ones are tried first, then text, then JSON.

    >>> sorted([RDF + "JSON", XSD + "string", XSD + "decimal", XSD + "integer"], key=width)[0].rpartition("#")[2]
    'integer'
    """
    if iri == RDF + "JSON":
        return len(_WIDENING) + 1
    name = iri.removeprefix(XSD)
    return _WIDENING.index(name) if name != iri and name in _WIDENING else len(_WIDENING)


TEXT_WIDTH = len(_WIDENING)
"""The width of datatypes that take every text."""


def datatype(iri: str) -> Datatype:
    """Make the datatype of an IRI; one that is not known takes every string.

    >>> datatype("http://www.w3.org/2001/XMLSchema#date").check("2026-02-30")
    False
    """
    plain = iri in (XSD + "string", RDFS + "Literal", RDF + "langString")
    return Datatype(iri, _check(iri.removeprefix(XSD)) if iri.startswith(XSD) else None, None if plain else NamedNode(iri))


def known_datatype_names() -> list[str]:
    """The IRIs of the datatypes with a lexical test, for the nearest-name guess."""
    return [*sorted(XSD + name for name in {*LEXICAL, *_BOUNDS, "string"}), RDF + "HTML", RDF + "JSON", RDF + "langString"]


def lexical_form(value: str | int | bool) -> str:
    """The characters of a scalar, as typed.

    >>> lexical_form(Plain("0x1F", "integer")), lexical_form(True), lexical_form(Plain("1.10", "double"))
    ('0x1F', 'true', '1.10')
    """
    if value is True:
        return "true"
    if value is False:
        return "false"
    return str.__str__(value) if isinstance(value, str) else str(value)


_SPECIAL_DOUBLES = {"inf": "INF", "+inf": "INF", "-inf": "-INF", "nan": "NaN", "+nan": "NaN", "-nan": "NaN"}


def xsd_spelling(value: Plain) -> str:
    """Spell as XSD does what YAML or TOML spell otherwise; all else stays as typed.

    >>> [xsd_spelling(Plain(*typed)) for typed in (("0x1F", "integer"), ("1_000", "integer"), ("-.inf", "double"), ("True", "boolean"))]
    ['31', '1000', '-INF', 'true']
    """
    text = lexical_form(value)
    if value.core == "boolean":
        return text.lower()
    if value.core == "integer" and text[:2].lower() in ("0x", "0o", "0b") and len(text) <= _DIGITS_AT_MOST:
        return str(int(text, 0))
    if value.core in ("integer", "double"):
        return _SPECIAL_DOUBLES.get(text.lower().replace(".", "")) or text.replace("_", "")
    if value.core == "dateTime":
        return text.replace(" ", "T").upper()
    return text


_CANONICAL_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_JSON_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

_XSD_NODES = {name: NamedNode(XSD + name) for name in ("boolean", "integer", "double", "date", "dateTime", "time")}


def core_literal(value: str | int | bool) -> Literal:
    """A literal of the datatype that the syntax alone suggests, for keys that the ontology does not know."""
    if isinstance(value, bool):
        return Literal("true" if value else "false", datatype=_XSD_NODES["boolean"])
    if isinstance(value, int):
        return Literal(str(value), datatype=_XSD_NODES["integer"])
    if type(value) is Plain:
        text = xsd_spelling(value)
        check = _check(value.core)
        return Literal(text, datatype=_XSD_NODES[value.core]) if check is None or check(text) else Literal(lexical_form(value))
    return Literal(value)


def json_text(value: Value) -> str:
    """Write a map or list as JSON; numbers keep their typed digits where JSON can say them.

    >>> json_text({"a": [Plain("1.10", "double"), None, "x"]})
    '{"a":[1.10,null,"x"]}'
    """
    if isinstance(value, dict):
        return "{" + ",".join(f"{json_text(k)}:{json_text(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(json_text, value)) + "]"
    if type(value) is Plain and value.core in ("integer", "double", "boolean"):
        text = xsd_spelling(value)
        if value.core == "boolean" or _JSON_NUMBER.fullmatch(text):
            return text
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return json.dumps(str(value) if isinstance(value, str) else value, ensure_ascii=False)
