"""Patterns (`map:pattern`): regular expressions whose named groups turn a scalar into a small map."""

from __future__ import annotations

import re


def parse_pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern; raises ValueError with a sentence.

    >>> parse_pattern("(?P<name>.+?) @(?P<domain>.+)").fullmatch("Vinit @maxinovip.com")["domain"]
    'maxinovip.com'
    """
    try:
        compiled = re.compile(text)
    except re.error as error:
        raise ValueError(f"the pattern {text!r} is no regular expression: {error}") from None
    if not compiled.groupindex:
        raise ValueError(f"the pattern {text!r} has no named group: write (?P<name>…) around the parts")
    return compiled
