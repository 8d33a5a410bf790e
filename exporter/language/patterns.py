r"""Patterns (`map:pattern`): regular expressions whose named groups turn a scalar into a small map.

Python's `re` runs them, so `\w`, `\d` and `\b` mean letters, digits and words of every script. What it may cost is known before a record
is read: a pattern that could take exponentially many steps is refused, and one that could take many is tried on values up to a length
that follows from the pattern alone.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

STEPS_OF_LONG_VALUES = 300_000
"""What a value that is longer than its pattern may be tried on blindly may take; most take some thousand."""
_LONGEST = 2_000  # characters of a pattern


class PatternError(ValueError):
    """A pattern that can't be used, because it `backtracks` too much or otherwise; `instead` is how to write it, if that is known.

    `same` says that this reads what the pattern reads.
    """

    def __init__(self, message: str, *, backtracks: bool = False, instead: str | None = None, same: bool = False) -> None:
        super().__init__(message)
        self.backtracks = backtracks
        self.instead = instead
        self.same = same


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that may run: on any value of at most `longest` characters (None: of any length), on longer ones with care."""

    compiled: re.Pattern[str]
    longest: int | None = None

    @property
    def text(self) -> str:
        """The pattern as it is written."""
        return self.compiled.pattern

    def reads(self, value: str) -> bool:
        """Say whether a value may be tried: it is short enough, or it takes few steps, which are counted in a slower matcher."""
        if self.longest is None or len(value) <= self.longest:
            return True
        from exporter.language.stepping import Stepping, TooManyStepsError

        try:
            Stepping.of(self.text, STEPS_OF_LONG_VALUES).match(value.strip())
        except TooManyStepsError:
            return False
        return True

    def match(self, value: str) -> re.Match[str] | None:
        """Match a whole value; white space around it does not count."""
        within = self.longest is None or len(value) <= self.longest  # most are: to ask `reads` costs as much as the match
        return self.compiled.fullmatch(value.strip()) if within or self.reads(value) else None


@contextmanager
def _silenced() -> Iterator[None]:
    """Print nothing of what `[[` may mean in a later Python: it would stand among our sentences, with a line of ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)
        yield


@lru_cache(maxsize=256)  # the checks of an ontology, its effects and its plan each ask for the same patterns
def parse_pattern(text: str) -> Pattern:
    """Compile a pattern; raises PatternError with a sentence.

    >>> parse_pattern("(?P<name>.+?) @(?P<domain>.+)").match("Vinit @maxinovip.com")["domain"]
    'maxinovip.com'
    """
    if len(text) > _LONGEST:
        raise PatternError(f"the pattern has {len(text):,} characters, at most {_LONGEST:,} are allowed")
    try:
        with _silenced():
            compiled = re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        raise PatternError(f"the pattern {text!r} is not a valid regular expression: {error}") from None
    if not compiled.groupindex:
        raise PatternError(f"the pattern {text!r} has no named group: write (?P<name>…) around the parts")
    return Pattern(compiled, longest(text, stripped=True))


def file_groups(text: str) -> tuple[str, ...]:
    """Give the names of a pattern's groups; none for one that does not compile, which is told elsewhere."""
    try:
        return tuple(parse_pattern(text).compiled.groupindex)
    except PatternError:
        return ()


def longest(text: str, *, stripped: bool = False) -> int | None:
    """Give the length up to which a regular expression may be tried; raises PatternError where it can backtrack too much."""
    # these take 20 ms to import, and most ontologies have no pattern
    from exporter.language.backtracking import LEAST_LENGTH, STEPS_AT_MOST, WAYS_AT_MOST, cost
    from exporter.language.regex import UnknownPartError, parse

    try:
        with _silenced():
            found = cost(parse(text, stripped=stripped))
    except (UnknownPartError, RecursionError) as error:
        raise PatternError(f"the pattern {text!r} has a part that can't be checked: {error}") from None
    if found.is_bounded:
        return found.longest
    if not found.known:
        raise PatternError(f"the pattern {text!r} is too large to be checked: its repeats stand for too many characters")
    if found.degree is None:
        message = f"the pattern {text!r} can backtrack without bound: the steps double with each further character of a value"
    elif found.degree <= 1:
        message = f"the pattern {text!r} can backtrack too much: it can read one value in more than {WAYS_AT_MOST} ways"
    else:
        message = (
            f"the pattern {text!r} can backtrack too much: a value of {LEAST_LENGTH} characters can take more than {STEPS_AT_MOST:,} steps"
        )
    from exporter.language.rewriting import rewritten  # needed for a message only

    instead, same = rewritten(text, stripped=stripped) or (None, False)
    raise PatternError(message, backtracks=True, instead=instead, same=same)
