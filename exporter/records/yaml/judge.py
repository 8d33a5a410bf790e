"""The strict parser beside the lenient one: py-yaml12 refuses what YAML 1.2 refuses and libyaml lets pass.

It passes the whole of the YAML test suite, but it gives values without places or typed characters, so it only judges here.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from yaml12 import parse_yaml

_REFUSAL = re.compile(r"YAML parse error: (?P<reason>.*) at byte (?P<at>\d+) line \d+ column \d+\Z", re.DOTALL)


class Refusal(NamedTuple):
    """What is wrong with a text in the parser's words, and at which character."""

    reason: str
    at: int


def complete(source: str) -> str:
    r"""End the last line, which a file need not do: a text means the same with and without the line break at its end.

    >>> complete("a: |\n  b"), complete("a: 1\n")
    ('a: |\n  b\n', 'a: 1\n')
    """
    return source if source.endswith(("\n", "\r")) or not source else source + "\n"


def find_refusal(source: str) -> Refusal | None:
    """Say why a text is not YAML 1.2, or None where it is. For text without aliases, of which each would copy what it stands for.

    >>> find_refusal('a: "b"# c')
    Refusal(reason='comments must be separated from other tokens by whitespace', at=6)
    """
    # A tab may stand between a colon and the value (section 6.2); py-yaml12 0.2 wants a space there.
    judged = source.replace(":\t", ": ")
    try:
        parse_yaml(judged, multi=True)
    except ValueError as error:
        found = _REFUSAL.match(str(error))
        return Refusal(found["reason"], int(found["at"])) if found else None
    return None
