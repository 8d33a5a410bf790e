"""Inverses: what a conversion makes of what its inverse gives is the same again, over the values of real sites."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter import Record, read
from exporter.language.conversions import BUILT_IN, Conversion, ConversionOptions, concept, split, strip_markup
from exporter.language.datatypes import json_text, lexical_form
from exporter.language.patterns import parse_pattern
from exporter.rdf.terms import MAP
from exporter.records.values import Value, leaves
from exporter.recovery.inverses import GIVES_BACK, INVERSES, NoInverseError, captures, conversion_name, invert, write_pattern
from tests.data import OBOFOUNDRY, needs
from tests.running import ROOT

OPTIONS = ConversionOptions(
    base="https://www.example.org/",
    record="https://www.example.org/news/x/",
    concepts={"news": "https://www.example.org/#news"},
    labels={"https://www.example.org/#news": "News"},
)
TYPED = [
    '["a","b"]',
    '{"a":1.10}',
    "a, b",
    "/news/",
    "#",
    "x.png",
    "https://e.org/a",
    "2014-03-13 14:32:42 -0400",
    "1.234,50",
    "12,5",
    "News",
]
USUAL = {
    MAP + "json": lambda text, made: text == json_text(made),
    MAP + "split": lambda text, made: text == ", ".join(made),
    MAP + "words": lambda text, made: text == " ".join(made),
    MAP + "relativeIri": lambda text, made: (
        text[:1] == "/" and text == made.removeprefix("https://www.example.org") and text[:6] != "/news/"
    ),
    MAP + "trim": lambda text, made: text == made,
    MAP + "decimalComma": lambda text, made: text.replace(",", ".") == made,
}
"""Which texts are in the usual notation, by the name of a conversion that gives the characters back."""


@cache
def typed() -> tuple[str, ...]:
    """The texts that real sites have in their front matter, with some that all conversions take."""
    folders = [ROOT / "examples" / "medigy" / "content", *([OBOFOUNDRY / "ontology"] if OBOFOUNDRY.exists() else [])]
    texts = [lexical_form(value) for folder in folders for value in _scalars(str(folder))]
    return tuple(dict.fromkeys([*TYPED, *texts]))


def _scalars(folder: str) -> Iterator[str | int]:
    for record in read(folder):
        if isinstance(record, Record):
            yield from (value for _, value in leaves(record.front_matter) if isinstance(value, (str, int)) and value != "")


def _made(conversion: Conversion, text: str) -> Value:
    try:
        return conversion(text, OPTIONS)
    except ValueError:
        return None


def test_each_conversion_has_an_inverse_but_one_that_drops_markup() -> None:
    assert set(BUILT_IN.values()) - set(INVERSES) == {strip_markup}
    assert {MAP + conversion_name(conversion).removeprefix("map:") for conversion in GIVES_BACK} == set(USUAL)


@needs(OBOFOUNDRY)
@pytest.mark.parametrize("conversion", INVERSES, ids=conversion_name)
def test_what_an_inverse_gives_makes_the_same_again(conversion: Conversion) -> None:
    tried = back = 0
    usual = USUAL.get(MAP + conversion_name(conversion).removeprefix("map:"))
    for text in typed():
        made = _made(conversion, text)
        if made is None or made == []:
            continue
        try:
            inverse = invert((conversion,), made, OPTIONS)
        except NoInverseError:
            continue
        tried += 1
        assert isinstance(inverse, str)
        assert conversion(inverse, OPTIONS) == made
        if usual is not None and usual(text, made):
            back += 1
            assert inverse == text
    assert tried
    assert back or usual is None


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=8), min_size=1, max_size=5))
def test_a_list_is_joined_only_where_it_is_split_into_the_same(items: list[str]) -> None:
    try:
        joined = invert((split,), [*items], ConversionOptions())
    except NoInverseError:
        return
    assert isinstance(joined, str)
    assert split(joined, ConversionOptions()) == items


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(?P<scheme>[^:]+): (?P<label>.+)", "Health: Diabetes"),
        ("(?P<name>[^@]*[^@ ]) *@(?P<domain>[^@ ]+)", "Vinit Sharma @maxinovip.com"),
        (r"(?P<number>[0-9]+)\. (?P<name>\w+)(?: \((?P<note>[^)]+)\))?", "12. Soup (hot)"),
        ("(?:wp|page)-(?P<n>[0-9]{2})", "wp-07"),
    ],
)
def test_pattern_is_written_with_its_groups(pattern: str, text: str) -> None:
    parsed = parse_pattern(pattern)
    groups = captures(parsed, text)
    assert groups
    assert write_pattern(parsed, groups)[0] == text


def test_pattern_that_leaves_letters_open_is_not_written() -> None:
    assert write_pattern(parse_pattern("[a-z]+-(?P<kind>news|page)"), {"kind": "news"}) == []


def test_a_concept_comes_back_as_the_ontology_writes_it() -> None:
    assert invert((concept,), "https://www.example.org/#news", OPTIONS) == "News"
