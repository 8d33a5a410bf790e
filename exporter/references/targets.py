"""What a person types for another record: a link of Markdown, a wiki or a site generator, an address, a path, or a name."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import unquote

from exporter.records.body.templates import language_of, lead_of
from exporter.records.framing import RECORD_SUFFIXES, TEXT_SUFFIXES

_WIKI = re.compile(r"!?\[\[(?P<target>[^\[\]]+)\]\]")
_MARKDOWN = re.compile(
    r"!?\[(?:[^\[\]]|\[[^\[\]]*\])*\]\(\s*(?:<(?P<pointed>[^<>]*)>|(?P<code>\{[{%].*?[%}]\}[^\s()]*)|(?P<target>(?:[^\s()]|\([^\s()]*\))*))"
    r"""(?:\s+(?:"[^"]*"|'[^']*'|\([^()]*\)))?\s*\)"""
)
_POINTED = re.compile(r"<(?P<target>[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*)>")
_FILE_ENDING = re.compile(r"[^\s./]\.(?=[0-9]*[A-Za-z])[A-Za-z0-9]{1,6}\Z")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S")
ENDINGS = (*RECORD_SUFFIXES, *TEXT_SUFFIXES)
"""What files of records end in."""


class LinkTarget(NamedTuple):
    """A text to look for.

    It is `linked` where it was written as a link, a `post` where as Jekyll's `post_url`; `part` is what follows `#`, and `language` the
    one that a reference of Hugo's asks for.
    """

    text: str
    linked: bool = False
    post: bool = False
    part: str = ""
    language: str = ""

    @property
    def is_address(self) -> bool:
        """Whether it begins with a scheme."""
        return _SCHEME.match(self.text) is not None

    @property
    def is_path(self) -> bool:
        """Whether it may name a file: a link does, and a text with a slash or with the ending of a record."""
        return not self.is_address and (self.linked or "/" in self.text or self.text.lower().endswith(ENDINGS))

    @property
    def may_be_file(self) -> bool:
        """Whether it may name a file that is not a record: a link does, and a text with a slash or with an ending."""
        return self.linked or "/" in self.text or _FILE_ENDING.search(self.text) is not None


def read_targets(typed: str, *, linked: bool = False) -> tuple[LinkTarget, ...]:
    """Give the texts that may be meant, the most literal first: a name may hold a `#`, `?` or `%` of its own.

    With `linked` the text is the target of a link.

    >>> [target.text for target in read_targets("[[Notes/Über uns#Team|wir]]")]
    ['Notes/Über uns#Team', 'Notes/Über uns']
    >>> read_targets('{{< ref "a.md" >}}'), read_targets("./a%20b.md?c=d")[-1].text
    ((LinkTarget(text='a.md', linked=True, post=False, part='', language=''),), './a b.md')
    """
    text = typed.strip()
    whole = _read_link(text) or LinkTarget(text, linked)
    if whole.text.startswith("@/"):  # from the content folder (Zola)
        whole = whole._replace(text=whole.text[1:])
    found = [whole, *_without_part(whole)]
    found += [target._replace(text=unquote(target.text)) for target in found if "%" in target.text]
    return tuple(dict.fromkeys(target for target in found if target.text.partition("#")[0]))


def _without_part(target: LinkTarget) -> list[LinkTarget]:
    """Give a target without `#part` and `?query`; one that is nothing else names no record."""
    text, _, part = target.text.partition("#")
    if target.is_address or target.linked or "/" in text or text.partition("?")[0].lower().endswith(ENDINGS):
        text = text.partition("?")[0]
    return [target._replace(text=text.rstrip(), part=part)] if text.strip() else []


def _read_link(text: str) -> LinkTarget | None:
    """Read what is written as a link; None for other texts."""
    if wiki := _WIKI.fullmatch(text):
        return LinkTarget(re.split(r"\\?\|", wiki["target"], maxsplit=1)[0].strip(), linked=True)
    if pointed := _POINTED.fullmatch(text):
        return LinkTarget(pointed["target"], linked=True)
    if markdown := _MARKDOWN.fullmatch(text):
        inner = markdown["pointed"] or markdown["code"] or markdown["target"] or ""
        return _read_code(inner) or LinkTarget(inner.strip(), linked=True)
    return _read_code(text)


def _read_code(text: str) -> LinkTarget | None:
    """Read a shortcode of Hugo, or a tag or filter of Jekyll, that makes an address."""
    lead = lead_of(text) if text.startswith(("{{", "{%")) else None
    return None if lead is None else LinkTarget(lead, linked=True, post="post_url" in text, language=language_of(text))
