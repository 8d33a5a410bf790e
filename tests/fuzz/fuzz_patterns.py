"""Patterns of users and hostile texts: what is accepted stays within its steps, what is shown instead is accepted. Slugs keep letters."""

from __future__ import annotations

import math
import random
import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress

from exporter.language.backtracking import Cost, cost
from exporter.language.patterns import PatternError, longest
from exporter.language.regex import parse, write
from exporter.language.rewriting import rewritten
from exporter.language.slugs import slug
from exporter.language.stepping import Stepping, TooManyStepsError
from tests.fuzz.harness import Finding, Rounds

SMOKE = 40
_ATOMS = ["a", "b", "[ab]", "[^a]", r"\w", ".", " ", r"\s", r"\d", "-", ","]
_QUANTIFIERS = ["*", "+", "?", "*?", "+?", "*+", "++", "?+", "{1,3}", "{2}", "{0,2}?", "{3,}"]
_MOST = 400_000
_PER_CHARACTER = 60  # steps of the counting matcher for one of the bound's, for each character of the pattern
_LETTERS = "abcèñßøΐωйиßकखगिीुू्กขิัคลகிிமカガかが한글עבאבمِّحة一①２- +#.\u200c\u200d\ufe0f✏🚗"


def fuzz(rounds: Rounds) -> Iterator[Finding]:
    """Make a pattern and texts, and a pair of texts to make slugs of."""
    for chance in rounds:
        yield from _try_pattern(chance)
        yield from _try_slug(chance)


def _try_pattern(chance: random.Random) -> Iterator[Finding]:
    pattern = _pattern(chance, 0)
    try:
        re.compile(pattern)
    except re.error:
        return
    node = parse(pattern)
    found = cost(node)
    if cost(parse(write(node))).is_bounded != found.is_bounded:
        yield Finding("a pattern that is written again is judged otherwise", f"{pattern}\n{write(node)}")
    if found.is_bounded:
        yield from _check_steps(pattern, found, chance)
    else:
        yield from _check_instead(pattern)


def _pattern(chance: random.Random, depth: int) -> str:
    kind = chance.random()
    if depth > 3 or kind < 0.3:
        return chance.choice(_ATOMS)
    inner = _pattern(chance, depth + 1)
    if kind < 0.5:
        return inner + _pattern(chance, depth + 1)
    if kind < 0.6:
        return f"(?:{inner}|{_pattern(chance, depth + 1)})"
    if kind < 0.88:
        return f"(?:{inner}){chance.choice(_QUANTIFIERS)}"
    return chance.choice(["(?>", "(?=", "(?!", f"(?P<n{chance.randrange(10**9)}>"]) + inner + ")"


def _check_steps(pattern: str, found: Cost, chance: random.Random) -> Iterator[Finding]:
    assert found.degree is not None
    for _ in range(4):
        start, pump, end = ("".join(chance.choice("ab 1,-\n") for _ in range(chance.randint(0, most))) for most in (2, 4, 2))
        text = start + (pump or "a") * 24 + end
        bound = _PER_CHARACTER * len(pattern) * found.factor * max(len(text), 2) ** found.degree / math.factorial(found.degree)
        stepping = Stepping.of(pattern, _MOST)
        with suppress(TooManyStepsError):
            stepping.match(text)
        if stepping.steps > bound:
            yield Finding("an accepted pattern takes more steps than its bound", f"{pattern}\n{text!r}\n{found} {stepping.steps} {bound}")


def _check_instead(pattern: str) -> Iterator[Finding]:
    instead = rewritten(pattern)
    if instead is None:
        return
    try:
        longest(instead[0])
    except PatternError as error:
        yield Finding("a pattern that is shown instead is refused itself", f"{pattern}\n{instead[0]}\n{error}")


def _try_slug(chance: random.Random) -> Iterator[Finding]:
    text = "".join(chance.choice(_LETTERS) for _ in range(chance.randint(1, 8)))
    made = slug(text)
    if slug(made) != made:
        yield Finding("the slug of a slug is another one", f"{text!r} {made!r} {slug(made)!r}")
    if made != unicodedata.normalize("NFC", made) or made.startswith("-") or made.endswith("-"):
        yield Finding("a slug is not in its normal form", f"{text!r} {made!r}")
    if slug(unicodedata.normalize("NFD", text)) != made:
        yield Finding("the slug depends on how a text is normalised", f"{text!r} {made!r}")
