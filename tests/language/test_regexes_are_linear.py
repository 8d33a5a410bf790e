"""Every regular expression of the program reads a text in steps that grow with its length: they see what users write.

Most are proven linear by their automaton. The others run on hostile texts of n characters and of 2n, and the steps are counted, not the
seconds. A new expression is found by itself; one that is made at run time has to be listed here, with what it is made of.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import islice, product

import pytest

from exporter.language.backtracking import cost
from exporter.language.datatypes import LEXICAL
from exporter.language.dates import date_form
from exporter.language.regex import Char, Concatenation, Node, Repeat, parse, walk
from exporter.language.rewriting import sample
from exporter.language.stepping import Stepping, TooManyStepsError
from exporter.rdf.prefixes import local_name
from exporter.sites.profile import load_profiles
from tests.language.regexes import Regex, regexes

CHECKED = "checked by exporter.language.patterns before it runs"
ONE_CHARACTER = "one character or an anchor of a pattern, tried at one place"


def compiled(module: str, name: str) -> tuple[str, ...]:
    """The patterns of a table."""
    table = vars(import_module(module))[name]
    found = [one.pattern for one in (table.values() if isinstance(table, dict) else table)]
    return tuple(one.decode("latin-1") if isinstance(one, bytes) else one for one in found)


MADE: dict[str, str | tuple[str, ...]] = {
    "exporter.dataset.exact: pattern": compiled("exporter.dataset.exact", "_PATTERNS"),
    "exporter.dataset.suspects: before": compiled("exporter.dataset.suspects", "_TAGS"),
    "exporter.dataset.suspects: pattern": compiled("exporter.dataset.suspects", "_SUSPECTS"),
    "exporter.discovery: map name re": "names with stars, as globs' parts: tests/test_globs.py",
    "exporter.globs: self": "a set of characters: one at one place",
    "exporter.globs: text": "with two ** and two * in a name at most: tests/test_globs.py",
    "exporter.language.dates: pattern": tuple(
        date_form(form).pattern.pattern for form in ("%a, %d %b %Y %I:%M:%S %p %z %Z", "%j%y%H%M%S.%f", "%A %s")
    ),
    "exporter.language.datatypes: LEXICAL name": tuple(LEXICAL.values()),
    "exporter.language.patterns: text": CHECKED,
    "exporter.language.rewriting: changed": CHECKED,
    "exporter.language.rewriting: pattern": CHECKED,
    "exporter.language.regex: letters text": ONE_CHARACTER,
    "exporter.language.stepping: node": ONE_CHARACTER,
    "exporter.generate.suggestions: prefix re": (r"(?<![\w:<\"])prefix:[^/]",),
    "exporter.settings.loading: name re": (r"\s*+(?P<key>[\"']?name[\"']?)\s*+[.=]",),
    "exporter.validation.engines.features: kinds re str value": "N-Triples that the program wrote: each quote is closed on its line",
    "exporter.validation.engines.literals: XSD _USUAL name re": "N-Triples that the program wrote: each quote is closed on its line",
    "exporter.validation.engines.literals: before forms": "N-Triples that the program wrote: each quote is closed on its line",
    "exporter.validation.shapes.patterns: written": CHECKED,
    "exporter.validation.data.rdf_files: predicate re value": (r"(?m)^(\S+) <p> <v> \.$",),
    "exporter.inference.building: pattern": "as those of exporter.sites.addressing; only its groups are looked at",
    "exporter.inference.references: spelled": tuple(each.reference for each in load_profiles().values() if each.reference),
    "exporter.inference.building: address": "as those of exporter.sites.addressing",
    "exporter.recovery.inverses: pattern": "a repeat for each variable; texts in which two of them meet are tried up to a length alone",
    "exporter.sites.addressing: self": "as the next",
    "exporter.sites.addressing: rule": "where tools put pages, over the paths of files: tests/sites/",
    "exporter.sites.addressing: map names re": (r"(?:a|b\-c)",),
    "exporter.sites.eleventy: alias re": (r"(?<=[{+])entry\.(?=\w)", r"(?<=[{+])entry(?=[|}])"),
    "exporter.sites.hugo: language re": (r"(?:(?<=[._-])|^)de(?=[._-]|$)",),
    "exporter.rdf.prefixes: LETTER inner": (local_name().pattern,),
}
"""What is compiled at run time: the module and the names in it, then the patterns that are made, or why none has to be tried."""

MATCHED = frozenset(
    {
        "exporter.records.framing",
        "exporter.records.near_front_matter",
        "exporter.records.other_metadata",
        "exporter.records.toml.nodes",
        "exporter.validation.engines.comparing",
    }
)
"""Modules with tables of expressions, or functions that take one, which match them at one place."""

_SIZES = (30, 60)
_RATIO = 2.5
_MOST = 30_000
_SMALL = 300  # steps that say nothing yet
_PUMPS = 20
_LARGE = 60  # parts of an expression

FOUND = tuple(regexes())


def searched(node: Node) -> Node:
    """The expression as it is tried from every place."""
    return Concatenation((Repeat(parse("(?s:.)"), 0, None, "?"), node))


def is_proven(pattern: str, *, is_searched: bool) -> bool:
    node = parse(pattern)
    found = cost(searched(node) if is_searched else node)
    return found.is_bounded and found.degree in {0, 1}


def hostile(node: Node) -> Iterator[tuple[str, str, str]]:
    """Give beginnings, what is to be repeated, and ends: of the characters that tell the expression's parts from each other."""
    masks = {part.mask for part in walk(node) if isinstance(part, Char)}
    kinds: dict[tuple[bool, ...], str] = {}
    for code in (*range(0x61, 0x7B), 0x22, 0x27, 0x5C, *range(0x20, 0x61), 0x0A, 0x09, 0x7B, 0x7D, 0x7E):
        kinds.setdefault(tuple(bool(mask >> code & 1) for mask in masks), chr(code))
    letters = list(kinds.values())[:6]
    samples = [sample(node, seed) for seed in range(12)]
    starts = ["", *dict.fromkeys(text[: 1 + at % 5] for at, text in enumerate(samples) if text)][:3]
    parts = {text[at : at + size] for text in samples for size in (2, 3, 4, 6) for at in range(min(len(text), 8))}
    pumps = [*letters, *islice(sorted(parts), 8), *("".join(pair) for pair in product(letters, repeat=2))]
    few = sum(1 for _ in walk(node)) > _LARGE  # each step takes its time
    for start in starts[: 1 if few else None]:
        for pump in dict.fromkeys(pumps[: _PUMPS // 3 if few else _PUMPS]):
            yield start, pump, "\x01"


def steps(pattern: str, text: str, *, is_searched: bool) -> int:
    stepping = Stepping.of(pattern, _MOST)
    if is_searched:
        stepping.find_all(text)
    else:
        stepping.match(text, whole=False)
        stepping.match(text)
    return stepping.steps


def growth(pattern: str, *, is_searched: bool) -> tuple[float, str]:
    """Give the greatest ratio of steps when a hostile text is twice as long, and that text."""
    worst = (0.0, "")
    for start, pump, end in hostile(parse(pattern)):
        short, long = (start + pump * (size // len(pump)) + end for size in _SIZES)
        try:
            few, many = steps(pattern, short, is_searched=is_searched), steps(pattern, long, is_searched=is_searched)
        except TooManyStepsError:
            return float(_MOST), long
        if many > _SMALL:
            worst = max(worst, (many / few, long))
    return worst


def test_expressions_are_found() -> None:
    assert len(FOUND) > 100


def test_what_is_made_at_run_time_is_listed() -> None:
    made = {f"{regex.place.partition(':')[0]}: {regex.argument}" for regex in FOUND if regex.pattern is None}
    assert made == set(MADE)


@pytest.mark.slow
@pytest.mark.parametrize("regex", [regex for regex in FOUND if regex.pattern is not None], ids=lambda regex: regex.place)
def test_steps_grow_with_the_text(regex: Regex) -> None:
    assert regex.pattern is not None
    is_searched = regex.is_searched or not (regex.methods or regex.place.partition(":")[0] in MATCHED)
    if not is_proven(regex.pattern, is_searched=is_searched):
        ratio, text = growth(regex.pattern, is_searched=is_searched)
        assert ratio < _RATIO, (regex.pattern, text)


@pytest.mark.parametrize("pattern", [pattern for made in MADE.values() if isinstance(made, tuple) for pattern in made])
def test_steps_of_what_is_made_grow_with_the_text(pattern: str) -> None:
    is_searched = pattern in compiled("exporter.dataset.suspects", "_SUSPECTS") + compiled("exporter.dataset.suspects", "_TAGS")
    if not is_proven(pattern, is_searched=is_searched):
        ratio, text = growth(pattern, is_searched=is_searched)
        assert ratio < _RATIO, (pattern, text)


BAD = [("(a+)+b", False), ('"(?:[^"\\\\]|\\\\.)*"', True), (r"\s+$", True), ("<[^>]*>", True)]


@pytest.mark.parametrize(("pattern", "is_searched"), BAD)
def test_what_is_not_linear_is_found(pattern: str, is_searched: bool) -> None:
    assert not is_proven(pattern, is_searched=is_searched)
    assert growth(pattern, is_searched=is_searched)[0] >= _RATIO
