"""Lexical spaces are those of XML Schema 1.1: held against the xmlschema package, which nobody here wrote."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from exporter.language import datatypes
from exporter.language.datatypes import datatype, known_datatype_names
from exporter.rdf.terms import XSD

NAMES = sorted(iri.removeprefix(XSD) for iri in known_datatype_names() if iri.startswith(XSD) and datatype(iri).check is not None)
STRICTER = {"anyURI": "XSD takes any text; RDF 1.1 wants what an IRI can hold, so blanks and angle brackets are refused"}
"""Datatypes where we take less than XSD, with the reason."""

TEXTS = Path(__file__).with_name("texts.txt").read_text("utf-8").split("\n")
"""Texts at the borders of some lexical space, one a line, the empty one last."""


@cache
def oracle(name: str) -> Any:  # noqa: ANN401 - xmlschema has no public type for it
    return xmlschema.XMLSchema11.builtin_types()[name]


def allowed(name: str, text: str) -> bool | None:
    """Ask the oracle; None where it has no answer, or is known to be wrong."""
    if re.search(r"\s\s|^\s|\s$|[\t\r\n]", text):
        return None  # white space is folded before XSD looks at a text, and stays in RDF
    if "_" in text and set(text) <= set("+-0123456789_"):
        return None  # Python's int() takes 1_000, XSD does not
    if " " in text and name == "decimal":
        return None  # 0 0 is taken
    if (re.search(r"\d{17}", text) and "uration" in name) or re.match(r"-?\d{5,}-02-29T24", text):
        return None  # numbers beyond what it can count
    if name == "dayTimeDuration" and set("YM") & set(text.partition("T")[0]):
        return None  # P0Y is taken, against the pattern of XSD 1.1, section 3.4.27
    try:
        return bool(oracle(name).is_valid(text))
    except OverflowError:
        return None


def agrees(name: str, text: str) -> None:
    check = datatype(XSD + name).check
    assert check is not None
    expected = allowed(name, text)
    if expected is None:
        return
    assert check(text) == expected or (name in STRICTER and expected), f"{text!r} as {name}: we say {check(text)}"


def test_every_datatype_of_the_table_is_one_of_xsd() -> None:
    assert len(NAMES) >= 35
    assert set(NAMES) <= set(xmlschema.XMLSchema11.builtin_types())


@pytest.mark.parametrize("name", NAMES)
def test_known_texts_are_judged_as_xmlschema_does(name: str) -> None:
    for text in TEXTS:
        agrees(name, text)


@pytest.mark.parametrize("name", NAMES)
def test_texts_of_the_right_characters_are_judged_as_xmlschema_does(name: str) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.one_of(st.sampled_from(TEXTS), st.text("0123456789-+:.TZPYMDHSeE aFz=_", max_size=12)), st.text("019-+:.TZ", max_size=3))
    @example("2026-08-16", "Z")
    def judge(text: str, end: str) -> None:
        agrees(name, text + end)

    judge()


@pytest.mark.parametrize("name", [name for name in NAMES if "N" not in name])  # Name and its like have too many characters to draw from
def test_texts_that_the_table_allows_are_allowed(name: str) -> None:
    pattern = datatypes.LEXICAL.get(name, r"[+-]?[0-9]{1,20}")

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
    @given(st.from_regex(pattern, fullmatch=True, alphabet=st.characters(codec="ascii")))
    def judge(text: str) -> None:
        agrees(name, text)

    judge()
