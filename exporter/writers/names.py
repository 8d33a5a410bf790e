"""Prefixed names: which IRIs may be written with a declared prefix, and how (Turtle, section 6.5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache

from pyoxigraph import NamedNode

# PN_CHARS_BASE of Turtle, which is NameStartChar of XML without `_` and `:`.
LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_ASCII_LOCAL = re.compile(r"[A-Za-z_0-9](?:[A-Za-z_0-9.-]*[A-Za-z_0-9-])?")
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")

_REMEMBERED = 10_000  # unmapped keys make properties without end; a run must not grow with them


@cache
def local_name() -> re.Pattern[str]:
    """What a local name may hold without an escape, less the colon, which is legal and hard to read. It takes 7 ms to compile."""
    inner = f"{LETTER}_0-9\u00b7\u0300-\u036f\u203f\u2040"
    return re.compile(rf"[{LETTER}_0-9](?:[{inner}.-]*[{inner}-])?")


class TextsOf(dict[NamedNode, str]):
    """IRI -> a text made of it, made when it is first asked for: for the predicates, which are few and come again with each record.

    >>> texts = TextsOf(lambda iri: f" {iri} ")
    >>> texts[NamedNode("ex:a")], len(texts)
    (' <ex:a> ', 1)
    """

    def __init__(self, make: Callable[[NamedNode], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, iri: NamedNode) -> str:
        text = self._make(iri)
        if len(self) < _REMEMBERED:
            self[iri] = text
        return text


class PrefixedNames(dict[NamedNode, str]):
    """IRI -> how Turtle writes it: a prefixed name where a declared prefix fits, else `<…>`. Looked up like a dict, filled on demand.

    >>> names = PrefixedNames({"schema": "https://schema.org/"})
    >>> names[NamedNode("https://schema.org/name")], names[NamedNode("https://schema.org/a/b")]
    ('schema:name', '<https://schema.org/a/b>')
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        usable = [(space, prefix) for prefix, space in prefixes.items() if _PREFIX.fullmatch(prefix)]
        self._spaces = sorted(usable, key=lambda pair: (-len(pair[0]), pair[1]))

    def __missing__(self, iri: NamedNode) -> str:
        name = self._shorten(iri.value) or str(iri)
        if len(self) < _REMEMBERED:
            self[iri] = name
        return name

    @property
    def prefixes(self) -> list[tuple[str, str]]:
        """The prefixes that are used, with their namespaces, sorted."""
        return sorted((prefix, space) for space, prefix in self._spaces)

    def _shorten(self, iri: str) -> str | None:
        for space, prefix in self._spaces:
            if iri.startswith(space):
                local = iri[len(space) :]
                if _ASCII_LOCAL.fullmatch(local) or (not local.isascii() and local_name().fullmatch(local)):
                    return f"{prefix}:{local}"
        return None
