"""The terms of schema.org: names alone, with what its JSON-LD context says of them.

The list is package data (`terms.json`), with the release, its date, and the licence that it stands under; `docs/schema_org.py`
writes it from a release. `http://schema.org/` and `https://schema.org/` are one vocabulary (https://schema.org/docs/faq.html#19).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal as OneOf

CONTEXT = "https://schema.org"
NAMESPACES = ("https://schema.org/", "http://schema.org/")
Coercion = OneOf["", "@id", "Date"]
"""What the context makes of a property's strings: texts, addresses, or dates."""


@dataclass(frozen=True, slots=True)
class SchemaOrg:
    """One release: each property with what its strings are, each class with those above it."""

    version: str
    date: str
    source: str
    license: str
    properties: Mapping[str, Coercion]
    classes: Mapping[str, tuple[str, ...]]

    def above(self, name: str) -> frozenset[str]:
        """Every class above one.

        >>> sorted(schema_org().above("BlogPosting"))
        ['Article', 'CreativeWork', 'SocialMediaPosting', 'Thing']
        """
        found: dict[str, None] = {}
        queue = [name]
        for below in queue:
            for parent in self.classes.get(below, ()):
                if parent not in found:
                    found[parent] = None
                    queue.append(parent)
        return frozenset(found)


@cache
def schema_org() -> SchemaOrg:
    """Read the list once.

    >>> schema_org().properties["datePublished"], "Recipe" in schema_org().classes
    ('Date', True)
    """
    said = json.loads(Path(__file__).with_name("terms.json").read_text("utf-8"))
    properties = {name: coercion for coercion, names in said["properties"].items() for name in names}
    classes = {name: tuple(above) for name, above in said["classes"].items()}
    return SchemaOrg(said["version"], said["date"], said["source"], said["license"], properties, classes)


def schema_name(iri: str) -> str | None:
    """Give the name of an IRI in schema.org's namespace, with http or https.

    >>> schema_name("http://schema.org/name"), schema_name("https://schema.org/"), schema_name("https://example.org/name")
    ('name', None, None)
    """
    for namespace in NAMESPACES:
        if iri.startswith(namespace):
            name = iri[len(namespace) :]
            return name if name and name.isalnum() else None
    return None
