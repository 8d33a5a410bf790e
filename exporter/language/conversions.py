"""Named conversions (`map:convert`): small functions from one scalar to a value that fits its range.

A conversion takes the scalar and its options and returns a value, or raises ValueError with a sentence that
says what it expected. Others plug in as entry points of the group `owltype.conversions`, named by the IRI that an ontology uses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple
from urllib.parse import quote, urljoin

from exporter.language.datatypes import fits, next_day
from exporter.language.slugs import slug
from exporter.rdf.terms import MAP
from exporter.records.depth import too_deep
from exporter.records.nodes import MAX_DEPTH
from exporter.records.values import Plain, Value
from exporter.text import nearest


class ConversionOptions(NamedTuple):
    """What stands beside `map:convert`: `map:separator`, `map:base`, the record's IRI, and the concepts of the range by label."""

    separator: str = ","
    base: str = ""
    record: str = ""
    concepts: Mapping[str, str] = MappingProxyType({})


Conversion = Callable[[str, ConversionOptions], Value]


def from_json(text: str, _options: ConversionOptions) -> Value:
    """Read JSON in a string; numbers keep their typed digits.

    >>> from_json('["a", 1.10]', ConversionOptions())
    ['a', '1.10']
    """
    if too_deep(text, 0, len(text)) is not None:  # ours to say: how deep Python's own parser goes differs from version to version
        raise ValueError(f"expected JSON, found one that is nested more than {MAX_DEPTH} deep")
    try:
        return _JSON.decode(text)  # type: ignore[no-any-return]
    except json.JSONDecodeError as error:
        raise ValueError(f"expected JSON, found a fault at character {error.pos + 1}: {error.msg[:1].lower()}{error.msg[1:]}") from None


def _double(text: str) -> Plain:
    return Plain(text, "double")


def _integer(text: str) -> Value:
    return Plain(text, "integer") if len(text) > 18 or text == "-0" else int(text)


def _no_constant(name: str) -> Value:
    raise ValueError(f"expected JSON, found {name}, which JSON does not have")


_JSON = json.JSONDecoder(
    parse_float=_double, parse_int=_integer, parse_constant=_no_constant
)  # making one takes longer than reading a list


def split(text: str, options: ConversionOptions) -> Value:
    """Split at `map:separator` (a comma if none is given); blanks around the parts and empty parts are dropped.

    >>> split("a, b,,c", ConversionOptions())
    ['a', 'b', 'c']
    """
    return [part for part in map(str.strip, text.split(options.separator)) if part]


# A file name beside a page of an ordinary address: RFC 3986 section 5.2.3 puts it behind the last slash.
_FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_PAGE = re.compile(r"(https?://[A-Za-z0-9._:-]+/(?:[A-Za-z0-9_~-][A-Za-z0-9._~%-]*/)*)[A-Za-z0-9._~%-]*")


def relative_iri(text: str, options: ConversionOptions) -> Value:
    """Resolve against `map:base` (the record's IRI if none is given), RFC 3986 section 5; `#` is the record itself.

    >>> relative_iri("/news/", ConversionOptions(base="https://www.medigy.com/a/"))
    'https://www.medigy.com/news/'
    """
    text = text.strip()
    if text == "#":
        return options.record
    base = options.base or options.record
    if text.startswith("/") and not text.startswith("//") and "/." not in text:
        # the common case of section 5.2.2, an absolute path: urljoin takes 15 times as long
        scheme, _, rest = base.partition("://")
        return f"{scheme}://{rest.partition('/')[0].partition('?')[0].partition('#')[0]}{text}"
    if _FILE_NAME.fullmatch(text) and (page := _PAGE.fullmatch(base)):
        return page[1] + text  # and the next common one, which urljoin takes 10 times as long for
    return urljoin(base, text)


def encode_iri(text: str, _options: ConversionOptions) -> Value:
    """Percent-encode the characters that an IRI can't hold, such as spaces.

    >>> encode_iri("https://e.org/a b", ConversionOptions())
    'https://e.org/a%20b'
    """
    return "".join(quote(c) if c in ' <>"{}|\\^`' else c for c in text.strip())


def strip_markup(text: str, _options: ConversionOptions) -> Value:
    """Drop HTML tags and read character references; white space is folded.

    >>> strip_markup("<p>Barriers &amp; <b>more</b></p>", ConversionOptions())
    'Barriers & more'
    """
    from exporter.language.markup import text_of  # html.parser takes 3 ms to import

    return text_of(text)


def to_slug(text: str, _options: ConversionOptions) -> Value:
    """Make a slug.

    >>> to_slug("Chronic Care", ConversionOptions())
    'chronic-care'
    """
    return slug(text)


def lower_case(text: str, _options: ConversionOptions) -> Value:
    """Write in lower case.

    >>> lower_case("News", ConversionOptions())
    'news'
    """
    return text.lower()


def trim(text: str, _options: ConversionOptions) -> Value:
    """Drop white space at both ends.

    >>> trim(" a ", ConversionOptions())
    'a'
    """
    return text.strip()


_TIMESTAMP = re.compile(
    r"(?P<day>-?[0-9]{4,18}-[0-9]{2}-[0-9]{2})"
    r"(?:(?:[Tt]|[ \t]++)(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}(?:\.[0-9]++)?))?"
    r"(?:[ \t]*+(?P<zone>[Zz]|[+-][0-9]{2}(?::?[0-9]{2})?))?)?"
)


def timestamp(text: str, _options: ConversionOptions) -> Value:
    """Write a date and time as sites type it (`2014-03-13 14:32:42 -0400`) the way xsd:dateTime wants it.

    >>> timestamp("2014-03-13 14:32:42 -0400", ConversionOptions()), timestamp("2014-03-13 14:32", ConversionOptions())
    ('2014-03-13T14:32:42-04:00', '2014-03-13T14:32:00')
    """
    written, has_time = _date_and_time(text)
    if written is None or not has_time:
        alone = ", found a date alone, which is for map:day and the range xsd:date" if written else ""
        raise ValueError(f"expected a date and time such as 2026-08-16 12:05:34 +0000{alone}")
    return written


def day_of(text: str, _options: ConversionOptions) -> Value:
    """Take the day out of a date and time; 24:00 is the beginning of the next one (XML Schema 1.1, part 2, section 3.3.7).

    >>> day_of("2026-08-16T12:05:34Z", ConversionOptions()), day_of("2026-12-31 24:00", ConversionOptions())
    ('2026-08-16', '2027-01-01')
    """
    written, _ = _date_and_time(text)
    if written is None:
        raise ValueError("expected a date, or a date and time such as 2026-08-16T12:05:34Z")
    day, _, time = written.partition("T")
    return next_day(day) if time.startswith("24") else day


def is_timestamp(text: str) -> bool:
    """Whether a text is a date and time that `map:timestamp` and `map:day` read.

    >>> is_timestamp("2014-03-13 14:32:42 -0400"), is_timestamp("2014-03-13")
    (True, False)
    """
    written, has_time = _date_and_time(text)
    return written is not None and has_time


def _date_and_time(text: str) -> tuple[str | None, bool]:
    """Write a date, or a date and time, as XML Schema does, and say whether it has a time; None where there is no such day or time."""
    text = text.strip()
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return (text if fits("date", text) else None), False  # a date may have a zone
    day, hour, minute, second, zone = match.groups()
    if hour is None:
        return (day if fits("date", day) else None), False
    zone = (zone or "").upper()
    if zone and zone != "Z":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        zone = f"{zone[0]}{digits[:2]}:{digits[2:]}"
    written = f"{day}T{hour.zfill(2)}:{minute}:{second or '00'}{zone}"
    return (written if fits("dateTime", written) else None), True


def concept(text: str, options: ConversionOptions) -> Value:
    """Find the concept of the range class whose label or notation this is, whatever its case.

    >>> concept(" NEWS", ConversionOptions(concepts={"news": "https://e.org/news"}))
    'https://e.org/news'
    """
    iri = options.concepts.get(" ".join(text.split()).casefold())
    if iri is None:
        near = nearest(text.casefold(), options.concepts)
        raise ValueError("expected the label of a concept in the ontology" + (f"; did you mean {near!r}?" if near else ""))
    return iri


BUILT_IN: dict[str, Conversion] = {
    MAP + "json": from_json,
    MAP + "split": split,
    MAP + "relativeIri": relative_iri,
    MAP + "encodeIri": encode_iri,
    MAP + "stripMarkup": strip_markup,
    MAP + "slug": to_slug,
    MAP + "lowerCase": lower_case,
    MAP + "trim": trim,
    MAP + "timestamp": timestamp,
    MAP + "day": day_of,
    MAP + "concept": concept,
}


KEEPING = frozenset({from_json, split, relative_iri, encode_iri, lower_case, trim, concept})
"""Conversions that make one text of several only where these say the same. All others, those that are plugged in too, may merge texts."""


def find_conversion(iri: str) -> Conversion:
    """Look a conversion up, first here and then among the entry points; raises ValueError naming the near one."""
    if iri in BUILT_IN:
        return BUILT_IN[iri]
    from importlib.metadata import entry_points  # takes 20 ms to import, and hardly an ontology needs it

    for entry in entry_points(group="owltype.conversions", name=iri):
        try:
            found: object = entry.load()
        except Exception as error:  # noqa: BLE001 - whatever an installed module does while it is imported
            raise ValueError(f"the conversion {iri} of {entry.value} can't be imported: {error}") from None
        if not callable(found):
            raise ValueError(f"the conversion {iri} of {entry.value} is not a function")
        return found
    near = nearest(iri, BUILT_IN)
    raise ValueError(f"no conversion is called {iri}" + (f"; did you mean map:{near.removeprefix(MAP)}?" if near else ""))
