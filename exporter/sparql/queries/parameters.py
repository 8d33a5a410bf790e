"""Typed parameters of saved queries: what a user types becomes a term, or a problem that says what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from exporter.language.datatypes import datatype
from exporter.rdf.terms import XSD, Term
from exporter.text import enumerate_names, nearest, quote

_DATATYPES = ("integer", "decimal", "double", "boolean", "date", "dateTime", "gYear", "gYearMonth")
TYPES = ("string", "iri", *_DATATYPES)
_LANGUAGE = re.compile(r"string@([A-Za-z]+(?:-[A-Za-z0-9]+)*)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter as a saved query declares it: `# param topic: string = Telehealth`."""

    name: str
    type: str
    default: str | None = None


def check_type(name: str) -> None:
    """Raise ValueError for a type that parameters can't have."""
    if name not in TYPES and not _LANGUAGE.fullmatch(name):
        near = nearest(name, TYPES)
        advice = f"did you mean {near}?" if near else f"types: {enumerate_names(TYPES, limit=20)}, or string@en"
        raise ValueError(f"no parameter can be of type {quote(name)}; {advice}")


def make_term(text: str, type_: str, prefixes: Mapping[str, str]) -> Term:
    r"""Make the term that a parameter is bound to; raises ValueError with a sentence if the text is not of the type.

    >>> print(make_term('Tele"health', "string", {}), make_term("schema:about", "iri", {"schema": "https://schema.org/"}))
    "Tele\"health" <https://schema.org/about>
    """
    if type_ == "iri":
        return _make_iri(text, prefixes)
    if language := _LANGUAGE.fullmatch(type_):
        return Literal(text, language=language[1])
    if type_ == "string":
        return Literal(text)
    of = datatype(XSD + type_)
    if of.check is not None and not of.check(text):
        raise ValueError(f"{quote(text)} is not {of.expected}")
    return Literal(text, datatype=of.node)


def _make_iri(text: str, prefixes: Mapping[str, str]) -> NamedNode:
    if text.startswith("<") and text.endswith(">"):
        text = text[1:-1]
    else:
        prefix, colon, local = text.partition(":")
        if colon and prefix in prefixes and not local.startswith("//"):
            text = prefixes[prefix] + local
    try:
        return NamedNode(text)
    except ValueError as error:
        raise ValueError(f"{quote(text)} is not an IRI: {error}") from error
