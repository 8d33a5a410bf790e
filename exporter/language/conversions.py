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

from exporter.language.datatypes import next_day
from exporter.language.dates import or_forms, read_date
from exporter.language.filters import Pairs, replaced
from exporter.language.slugs import slug
from exporter.rdf.terms import MAP
from exporter.records.depth import too_deep
from exporter.records.nodes import MAX_DEPTH
from exporter.records.values import Plain, Value
from exporter.text import nearest


class ConversionOptions(NamedTuple):
    """What a conversion needs beside the text: the annotations beside it, the record's IRI, and the concepts of the range.

    `concepts` are IRIs by case-folded label, `labels` are what each is called, as the ontology writes it.
    """

    separator: str = ","
    base: str = ""
    record: str = ""
    concepts: Mapping[str, str] = MappingProxyType({})
    labels: Mapping[str, str] = MappingProxyType({})
    date_forms: tuple[str, ...] = ()
    replace: Pairs = ()
    days: bool = False
    """Whether the range takes days beside dates with a time."""


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


def words(text: str, _options: ConversionOptions) -> Value:
    """Split at white space; an item of a list is one name, whatever is in it.

    >>> words("soup  quick", ConversionOptions())
    ['soup', 'quick']
    """
    return list(text.split())


WHOLE_IN_LISTS = frozenset({from_json, words})
"""Conversions that make several values of a text, and leave an item of a list what it is."""


# A file name beside a page of an ordinary address: RFC 3986 section 5.2.3 puts it behind the last slash.
FILE_NAME = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
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
    if FILE_NAME.fullmatch(text) and (page := _PAGE.fullmatch(base)):
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
    from exporter.records.body.markup import text_of  # html.parser takes 3 ms to import

    return text_of(text)


def to_slug(text: str, options: ConversionOptions) -> Value:
    """Make a slug, after `map:replace`.

    >>> to_slug("Chronic Care", ConversionOptions())
    'chronic-care'
    """
    return slug(replaced(text, options.replace))


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


def timestamp(text: str, options: ConversionOptions) -> Value:
    """Write a date and time as sites type it (`2014-03-13 14:32:42 -0400`) the way xsd:dateTime wants it; a day where days fit too.

    >>> timestamp("2014-03-13 14:32:42 -0400", ConversionOptions()), timestamp("2014-03-13 14:32", ConversionOptions())
    ('2014-03-13T14:32:42-04:00', '2014-03-13T14:32:00')
    """
    written, has_time = read_date(text, options.date_forms)
    if written is None or not (has_time or options.days):
        alone = ", found a date alone, which is for map:day and the range xsd:date" if written else ""
        raise ValueError(f"expected a date and time such as 2026-08-16 12:05:34 +0000{or_forms(options.date_forms)}{alone}")
    return written


def day_of(text: str, options: ConversionOptions) -> Value:
    """Take the day out of a date and time; 24:00 is the beginning of the next one (XML Schema 1.1, part 2, section 3.3.7).

    >>> day_of("2026-08-16T12:05:34Z", ConversionOptions()), day_of("2026-12-31 24:00", ConversionOptions())
    ('2026-08-16', '2027-01-01')
    """
    written, _ = read_date(text, options.date_forms)
    if written is None:
        raise ValueError(f"expected a date, or a date and time such as 2026-08-16T12:05:34Z{or_forms(options.date_forms)}")
    day, _, time = written.partition("T")
    return next_day(day) if time.startswith("24") else day


_GROUPED = re.compile(r"(?P<sign>[+\u2212-]?)(?P<whole>[0-9]{1,3}(?:[.' \u00a0\u2009\u202f\u2019][0-9]{3})+|[0-9]*)(?:,(?P<part>[0-9]+))?")

_WITH_POINT = re.compile(r"[+\u2212-]?[0-9,' \u00a0\u2009\u202f\u2019]*+\.[0-9]+")


def decimal_comma(text: str, _options: ConversionOptions) -> Value:
    """Write a number with a decimal comma as XML Schema does; points, blanks and apostrophes part its thousands.

    >>> decimal_comma("1.234,50", ConversionOptions()), decimal_comma("-1 234", ConversionOptions())
    ('1234.50', '-1234')
    """
    match = _GROUPED.fullmatch(text.strip())
    signs = {character for character in match["whole"] if not character.isdigit()} if match else set()
    if match is None or len(signs) > 1 or not (match["whole"] or match["part"]):
        other = ", found one with a decimal point" if _WITH_POINT.fullmatch(text.strip()) else ""
        raise ValueError(f"expected a number with a decimal comma such as 1.234,50{other}")
    whole = "".join(character for character in match["whole"] if character.isdigit())
    return match["sign"].replace("\u2212", "-") + whole + (f".{match['part']}" if match["part"] else "")


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
    MAP + "words": words,
    MAP + "relativeIri": relative_iri,
    MAP + "encodeIri": encode_iri,
    MAP + "stripMarkup": strip_markup,
    MAP + "slug": to_slug,
    MAP + "lowerCase": lower_case,
    MAP + "trim": trim,
    MAP + "timestamp": timestamp,
    MAP + "day": day_of,
    MAP + "decimalComma": decimal_comma,
    MAP + "concept": concept,
}


KEEPING = frozenset({from_json, split, words, relative_iri, encode_iri, lower_case, trim, concept, decimal_comma})
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
