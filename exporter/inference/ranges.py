"""What a key's values become: a datatype, an address, or text; each decision with its evidence.

A hint (what the key is called) needs less evidence than a guess. Digits are numbers only where nobody would mind the loss of a leading
zero: not for codes, telephone numbers and versions.
"""

from __future__ import annotations

import fnmatch
import posixpath
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from exporter.inference.facts import KeyFacts
from exporter.inference.kinds import ADDRESSES, DAY_FIRST, DAYS, EITHER, FORM, LINKS, MONTH_FIRST, NUMBERS, PATHS, TIMES, kind_of
from exporter.inference.terms import words_of
from exporter.sites.other_files import is_media

GUESSED, HINTED, COUNTED = 0.9, 0.5, 0.97
"""The share of the values that has to be of a kind: of any key, of one whose name says so, and for numbers."""

_CODES = frozenset(
    [
        "zip",
        "zipcode",
        "postcode",
        "postal",
        "plz",
        "phone",
        "telephone",
        "tel",
        "fax",
        "mobile",
        "isbn",
        "issn",
        "ean",
        "gtin",
        "upc",
        "sku",
        "version",
        "release",
        "edition",
        "room",
        "code",
        "codes",
        "pin",
        "iban",
        "ssn",
        "vat",
        "account",
        "serial",
        "orcid",
        "doi",
        "hash",
        "commit",
        "color",
        "colour",
        "revision",
    ]
)
_ENDING = re.compile(r"[#?|)]|\]\]")
_YEARS = frozenset({"year", "years", "jahr", "annee", "ano"})


@dataclass(frozen=True, slots=True)
class RangeGuess:
    """The ranges for a key, what stands beside them, which kinds fit, and what these are called."""

    ranges: tuple[str, ...]
    fitting: frozenset[str] = frozenset()
    called: str = ""
    extras: tuple[tuple[str, str], ...] = ()
    is_node: bool = False
    doubt: str = ""


TEXT = RangeGuess(("xsd:string",))


def guess_range(key: str, facts: KeyFacts, holds: str = "", *, base: str | None = None, files: Collection[str] = ()) -> RangeGuess:
    """Decide on the range of a key's scalars; `holds` is what its standard term says, `base` what relative addresses count from.

    `files` are the names of the files that are there beside pages.
    """
    words = words_of(key).split()
    dates = _dates(facts, HINTED if holds == "date" or {"date", "datetime"} & set(words) else GUESSED)
    if dates:
        return dates
    if facts.share("boolean") >= (HINTED if holds == "boolean" else GUESSED):
        return RangeGuess(("xsd:boolean",), frozenset({"boolean"}), "true or false")
    address = _addresses(facts, HINTED if holds in {"image", "address"} else GUESSED, base, files)
    if address:
        return address
    return _numbers(words, facts, holds) or _others(facts) or TEXT


def _dates(facts: KeyFacts, share: float) -> RangeGuess | None:
    told = [form for form in (DAY_FIRST, MONTH_FIRST) if facts.kinds[FORM + form]]
    if facts.kinds[FORM + EITHER] and len(told) != 1:
        return None  # 03/04/2020 is in March or in April
    forms = sorted(
        (kind for kind in facts.kinds if kind.startswith(FORM) and kind != FORM + EITHER), key=lambda kind: (-facts.kinds[kind], kind)
    )
    timed = [kind for kind in facts.kinds if kind in TIMES or (kind.startswith(FORM) and "%H" in kind)]
    days = [kind for kind in facts.kinds if kind in DAYS or (kind.startswith(FORM) and "%H" not in kind)]
    if not (timed or days) or facts.share(*timed, *days) < share:
        return None
    extras = (("map:dateFormat", one_or_list([f'"{form.removeprefix(FORM)}"' for form in forms])),) if forms else ()
    fitting = frozenset((*timed, *days))
    if timed and days:
        return RangeGuess(("xsd:dateTime", "xsd:date"), fitting, "dates", (*extras, ("map:convert", "map:timestamp")))
    if timed:
        typed = facts.kinds["timestamp"] or forms
        return RangeGuess(
            ("xsd:dateTime",), fitting, "dates with a time", (*extras, *((("map:convert", "map:timestamp"),) if typed else ()))
        )
    return RangeGuess(("xsd:date",), fitting, "dates", (*extras, *((("map:convert", "map:day"),) if forms else ())))


def one_or_list(objects: Sequence[str]) -> str:
    """Write one object, or several whose order decides as an RDF list."""
    return objects[0] if len(objects) == 1 else f"( {' '.join(objects)} )"


def _addresses(facts: KeyFacts, share: float, base: str | None, files: Collection[str]) -> RangeGuess | None:
    kinds = ADDRESSES | PATHS
    if not facts.share(*kinds) or facts.share(*kinds) < share:
        return None
    if names_files(facts, files) and not any(kind_of(text) in PATHS and not is_media(_ENDING.split(text)[0]) for text in facts.values):
        return RangeGuess(("map:File",), kinds, "addresses or files", is_node=True)
    convert = []
    if facts.share(*PATHS):
        convert.append("map:relativeIri")
    if facts.kinds["address with blanks"]:
        convert.append("map:encodeIri")
    extras: tuple[tuple[str, str], ...] = (("map:convert", one_or_list(convert)),) if convert else ()
    if facts.share(*PATHS) and base:
        extras += (("map:base", f'"{base}"'),)
    called = "addresses" if not facts.share(*PATHS) else "addresses or paths" if facts.share(*ADDRESSES) else "paths"
    return RangeGuess(("rdfs:Resource",), kinds, called, extras, is_node=True)


def names_files(facts: KeyFacts, files: Collection[str]) -> bool:
    """Say whether a key's values name files that are not pages, by their paths or by links, and most of these are there."""
    typed = [unquote(_ENDING.split(text, maxsplit=1)[0]) for text in facts.values if kind_of(text) in PATHS | LINKS]
    names = [posixpath.basename(text).lstrip("[!") for text in typed if is_media(text)]
    there = [name for name in names if name in files or ("*" in name and fnmatch.filter(files, name))]
    return bool(there) and len(there) >= HINTED * len(names)


def _numbers(words: Sequence[str], facts: KeyFacts, holds: str) -> RangeGuess | None:
    is_code = not _CODES.isdisjoint(words) or holds in {"text", "email", "concept"}
    if is_code or facts.kinds["digits"]:
        return None
    kinds = [kind for kind in facts.kinds if kind in NUMBERS]
    if not kinds or facts.share(*kinds) < (HINTED if holds == "number" else COUNTED):
        return None
    if kinds == ["integer"]:
        if not _YEARS.isdisjoint(words) and all(len(text) == 4 for text in facts.values):
            return RangeGuess(("xsd:gYear",), frozenset(kinds), "years")
        return RangeGuess(("xsd:integer",), frozenset(kinds), "whole numbers")
    return RangeGuess(("xsd:double" if "double" in kinds else "xsd:decimal",), NUMBERS, "numbers")


def _others(facts: KeyFacts) -> RangeGuess | None:
    whole = [text for text in facts.values if len(text) == 8 and text[2:3] == ":"]
    if facts.share("time") == 1 and len(whole) == len(facts.values):
        return RangeGuess(("xsd:time",), frozenset({"time"}), "times")
    return None
