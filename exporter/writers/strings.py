"""Strings in Turtle (section 6.4).

What a reader can't see is escaped, and a text of several lines keeps them, so that an edited line is one changed line.
"""

from __future__ import annotations

import re

# Controls, the line ends that only some editors know, and marks that turn the direction of the text around them.
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_PLAIN = bytes([9, 10, *range(32, 127)])  # tab, newline and the printable characters of ASCII
_SHORT = {"\b": "\\b", "\f": "\\f", "\r": "\\r"}


def escape_unseen(text: str) -> str:
    r"""Write characters that do not show as escapes; tab and newline stay.

    >>> print(escape_unseen("a\u0085b\rc"))
    a\u0085b\rc
    """
    # Measured on a body of 2,000 characters: a regular expression over all of it takes 7 µs, over what is left of its bytes 1 µs.
    rest = text.encode().translate(None, _PLAIN)
    if not rest or not _UNSEEN.search(rest.decode()):
        return text
    return _UNSEEN.sub(_escape, text)


_OPENING = re.compile(r"\{(?=[{%#])")


def escape_in_page(text: str) -> str:
    r"""Escape in JSON what could end a `<script>` (HTML, section 4.12.1.3), or be an expression of a site's templates.

    >>> print(escape_in_page('{"name": "</script>{{x}}"}'))
    {"name": "\u003c/script\u003e\u007b{x}}"}
    """
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return _OPENING.sub(r"\\u007b", text)


def long_string(text: str) -> str:
    r"""Write a text of several lines between three quotes.

    >>> long_string('a\nb') == '"' * 3 + 'a\nb' + '"' * 3
    True
    """
    text = text.replace("\\", "\\\\")
    if '"' in text:
        inner = text.rstrip('"')
        text = inner.replace('"""', '""\\"') + '\\"' * (len(text) - len(inner))
    return f'"""{escape_unseen(text)}"""'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    return _SHORT.get(character) or f"\\u{ord(character):04X}"
