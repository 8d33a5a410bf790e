"""Markup: the text and the tags of a piece of HTML, in one pass.

Python's `html.parser` goes back to the first of many tags that are not closed, again and again: 15,000 times `<a href="` took 17 seconds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_OPENING = re.compile(r"<(?=[A-Za-z/!?])")
_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)?(?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+')?+)*+>")
_ANY_TAG = re.compile(r"<(?P<slash>/?)(?P<name>[A-Za-z][^\s/>]*+)?[^>]*+>")
_ZEROS = re.compile(r"&#0++(?=[0-9])")
_LARGE = re.compile(r"&#[0-9]{8,}+;?")  # beyond Unicode, and perhaps beyond what int() takes
_BLOCKS = frozenset({"p", "br", "div", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_RAW = {"script": re.compile("</script", re.IGNORECASE), "style": re.compile("</style", re.IGNORECASE)}
_SECTIONS = (("<!--", "-->"), ("<![", "]]>"), ("<!", ">"), ("<?", ">"))


_ATTRIBUTE = re.compile(
    r"(?<![^\s=/>\"'])(?P<name>[^\s=/>\"']++)\s*+=\s*+(?:\"(?P<double>[^\"]*+)\"|'(?P<single>[^']*+)'|(?P<bare>[^\s>\"']++))"
)


class Tag(NamedTuple):
    """A tag: its name in lower case, whether it closes an element, and where it stands."""

    name: str
    closes: bool
    start: int
    end: int


def tags_of(markup: str) -> Iterator[Tag]:
    """Yield the tags in their order; comments, declarations, and what is in a script or a style have none.

    >>> [(tag.name, tag.closes) for tag in tags_of("<p>a <!-- <b> --> c</p>")]
    [('p', False), ('p', True)]
    """
    return _Reader(markup).tags()


def attribute(markup: str, tag: Tag, name: str) -> tuple[str, int, int] | None:
    """Give the value of a tag's attribute, with the place where it is typed.

    >>> markup = '<a class=x href="/a?b&amp;c">'
    >>> attribute(markup, next(tags_of(markup)), "href")
    ('/a?b&c', 17, 27)
    """
    for found in _ATTRIBUTE.finditer(markup, tag.start + 1 + len(tag.name), tag.end):
        if found["name"].lower() == name:
            group = next(group for group in ("double", "single", "bare") if found[group] is not None)
            return characters(found[group]), *found.span(group)
    return None


def characters(text: str) -> str:
    """Read the character references of a text without tags.

    >>> characters("a &amp; b")
    'a & b'
    """
    return unescape(_LARGE.sub("\ufffd", _ZEROS.sub("&#", text))) if "&" in text else text


def text_of(markup: str) -> str:
    """Drop HTML tags and read character references; white space is folded.

    >>> text_of("<p>Barriers &amp; <b>more</b></p>"), text_of("a < b, <i")
    ('Barriers & more', 'a < b, <i')
    """
    return " ".join("".join(_Reader(markup).texts()).split())


class _Reader:
    """Reads from the first character to the last. What has been looked for in vain is not looked for again."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._missing: set[str] = set()
        self._tag = _TAG
        self._found: list[str] = []

    def texts(self) -> list[str]:
        """Give the texts between the tags."""
        at = start = 0
        while (opening := _OPENING.search(self._markup, at)) is not None:
            end = self._end(opening.start())
            if end < 0:
                at = opening.end()
                continue
            self._take(start, opening.start())
            at = start = self._after(opening.start(), end)
        self._take(start, len(self._markup))
        return self._found

    def tags(self) -> Iterator[Tag]:
        """Yield the tags."""
        at = 0
        while (opening := _OPENING.search(self._markup, at)) is not None:
            end = self._end(opening.start())
            if end < 0:
                at = opening.end()
                continue
            tag = _ANY_TAG.match(self._markup, opening.start(), end)
            if tag is not None and tag["name"]:
                yield Tag(tag["name"].lower(), bool(tag["slash"]), opening.start(), end)
            at = self._after(opening.start(), end)

    def _take(self, start: int, end: int) -> None:
        self._found.append(characters(self._markup[start:end]))

    def _end(self, start: int) -> int:
        """Where the tag, comment or declaration at a place ends; -1 where it does not."""
        for opening, closing in _SECTIONS:
            if self._markup.startswith(opening, start):
                return self._find(closing, start + len(opening))
        if self._find(">", start) < 0:
            return -1
        tag = self._tag.match(self._markup, start)
        if tag is None:
            self._tag = _ANY_TAG  # a quote that is never closed: from here on a tag ends at the first >
            tag = self._tag.match(self._markup, start)
        return tag.end() if tag else -1

    def _find(self, closing: str, start: int) -> int:
        at = -1 if closing in self._missing else self._markup.find(closing, start)
        if at < 0:
            self._missing.add(closing)
            return -1
        return at + len(closing)

    def _after(self, start: int, end: int) -> int:
        """Go on behind a tag: a block begins with a blank, and what is in a script or a style is text as it stands."""
        tag = _ANY_TAG.match(self._markup, start, end)
        name = (tag["name"] or "").lower() if tag else ""
        if tag is None or tag["slash"]:
            return end
        if name in _BLOCKS:
            self._found.append(" ")
        if name not in _RAW or self._markup.endswith("/>", start, end):
            return end
        closing = _RAW[name].search(self._markup, end)
        stop = closing.start() if closing else len(self._markup)
        self._found.append(self._markup[end:stop])
        return stop
