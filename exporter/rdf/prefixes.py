"""Prefixed names: which IRIs may be written with a declared prefix, and how (Turtle, section 6.5), for writers and for people alike."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from exporter.rdf.base import shown_iri
from exporter.rdf.terms import OWL, RDF, RDFS, SH, XSD

# PN_CHARS_BASE of Turtle, which is NameStartChar of XML without `_` and `:`. `\w` has other letters, and none of U+200C, which Persian has.
LETTER = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff"
    "\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
WELL_KNOWN: Mapping[str, str] = {"rdf": RDF, "rdfs": RDFS, "owl": OWL, "xsd": XSD, "sh": SH}
"""What everybody calls these namespaces."""

_ASCII_LOCAL = re.compile(r"[A-Za-z_0-9](?:[A-Za-z_0-9.-]*[A-Za-z_0-9-])?")
_PREFIX = re.compile(r"(?:[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9_-])?)?")
_IRI = re.compile(r"<([^<>]*)>")


@cache
def local_name() -> re.Pattern[str]:
    """What a local name may hold without an escape, less the colon, which is legal and hard to read. It takes 7 ms to compile."""
    inner = f"{LETTER}_0-9\u00b7\u0300-\u036f\u203f\u2040"
    return re.compile(rf"[{LETTER}_0-9](?:[{inner}.-]*[{inner}-])?")


class Prefixes:
    """Prefixes that are bound, the first of each name, and the prefixed names that they give.

    >>> names = Prefixes({"schema": "https://schema.org/", "a": "https://schema.org/a#"})
    >>> names.short("https://schema.org/name"), names.short("https://schema.org/a#b"), names.short("https://schema.org/a/b")
    ('schema:name', 'a:b', None)
    """

    def __init__(self, *declared: Mapping[str, str]) -> None:
        bound: dict[str, str] = {}
        for prefixes in declared:
            for prefix, space in prefixes.items():
                bound.setdefault(prefix, space)
        usable = [(space, prefix) for prefix, space in bound.items() if space and _PREFIX.fullmatch(prefix)]
        self._spaces = sorted(usable, key=lambda pair: (-len(pair[0]), pair[1]))

    @property
    def bound(self) -> list[tuple[str, str]]:
        """The prefixes that can be written, with their namespaces, sorted."""
        return sorted((prefix, space) for space, prefix in self._spaces)

    def split(self, iri: str) -> tuple[str, str] | None:
        """Part an IRI in a prefix and a local name: the longest namespace that leaves one."""
        for space, prefix in self._spaces:
            if iri.startswith(space):
                local = iri[len(space) :]
                if _ASCII_LOCAL.fullmatch(local) or (not local.isascii() and local_name().fullmatch(local)):
                    return prefix, local
        return None

    def short(self, iri: str) -> str | None:
        """Write an IRI as a prefixed name; None where no prefix fits."""
        found = self.split(iri)
        return f"{found[0]}:{found[1]}" if found else None

    def show(self, iri: str) -> str:
        """Write an IRI for people: with a prefix, or in angle brackets, one of a file as it is seen from the current folder."""
        return self.short(iri) or f"<{shown_iri(iri)}>"

    def show_all(self, text: str) -> str:
        """Write each `<…>` of a term or a property path for people.

        >>> Prefixes({"e": "http://e/"}).show_all("^<http://e/a>/<http://f/b>")
        '^e:a/<http://f/b>'
        """
        return _IRI.sub(lambda match: self.show(match[1]), text)


def prefixes_for_people(*declared: Mapping[str, str]) -> Prefixes:
    """Bind prefixes for what is only read: what everybody calls RDF's own namespaces, too, where the name means nothing else.

    >>> prefixes_for_people({"owl": "https://birds.example/"}).show("http://www.w3.org/2002/07/owl#Class")
    '<http://www.w3.org/2002/07/owl#Class>'
    """
    return Prefixes(*declared, WELL_KNOWN)
