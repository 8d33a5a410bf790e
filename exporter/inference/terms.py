"""Standard terms for keys and kinds of records, from a table that is package data (`terms.toml`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from exporter.generate.names import local_name

_TABLE = Path(__file__).with_name("terms.toml")
_PARTS = re.compile(r"[^\W_]+")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CREATIVE = frozenset(
    {
        "schema:BlogPosting",
        "schema:Article",
        "schema:NewsArticle",
        "schema:CreativeWork",
        "schema:WebPage",
        "schema:Recipe",
        "schema:Book",
        "schema:Movie",
        "schema:Course",
        "schema:Review",
        "schema:SoftwareApplication",
        "schema:Dataset",
        "schema:ImageObject",
        "schema:Question",
    }
)
"""What schema.org knows as a work: terms of works need nothing else said of their class."""


@dataclass(frozen=True, slots=True)
class StandardTerm:
    """A standard term for some keys: what its values are, and what it is in classes of some kind."""

    property: str
    holds: str
    of_class: Mapping[str, str]
    only: tuple[str, ...]
    map_class: str | None

    def in_class(self, kind: str | None) -> str | None:
        """Give the property for a class of this kind, None where the term says nothing of such a class."""
        if self.only:
            return self.property if kind in self.only else None
        if kind is not None and kind in self.of_class:
            return self.of_class[kind]
        if kind in _CREATIVE or "" not in self.of_class:
            return self.property
        return self.of_class[""]


@dataclass(frozen=True, slots=True)
class TermTable:
    """The terms by the words of their keys, the standard classes by the words of their names, and the prefixes."""

    terms: Mapping[str, StandardTerm]
    classes: Mapping[str, str]
    prefixes: Mapping[str, str]
    called: Mapping[str, str]

    def find(self, key: str) -> StandardTerm | None:
        """Give the term for a key, whatever its case and how its words are parted.

        >>> load_terms().find("Pub-Date").property
        'schema:datePublished'
        """
        return self.terms.get(words_of(key)) or self.terms.get(words_of(key).replace(" ", ""))

    def standard_class(self, name: str) -> str | None:
        """Give the standard class for what a type or a folder is called.

        >>> load_terms().standard_class("_posts"), load_terms().standard_class("blog-post"), load_terms().standard_class("zebra")
        ('schema:BlogPosting', 'schema:BlogPosting', None)
        """
        words = words_of(name)
        return self.classes.get(words) or self.classes.get(singular(words))


@cache
def load_terms() -> TermTable:
    """Read the table."""
    table = tomllib.loads(_TABLE.read_text("utf-8"))
    terms: dict[str, StandardTerm] = {}
    for row in table["term"]:
        term = StandardTerm(row["property"], row["is"], row.get("in", {}), tuple(row.get("only", ())), row.get("class"))
        for key in row["keys"]:
            terms.setdefault(words_of(key), term)
    classes = {words_of(name): row["is"] for row in table["class"] for name in row["names"]}
    called = {words_of(name): row["called"] for row in table["class"] if "called" in row for name in row["names"]}
    return TermTable(terms, classes, table["prefixes"], called)


def words_of(name: str) -> str:
    """Give the words of a name, in lower case, with blanks between.

    >>> words_of("lastModifiedAt"), words_of("_cover-image"), words_of("URL")
    ('last modified at', 'cover image', 'url')
    """
    return " ".join(_PARTS.findall(_HUMP.sub(" ", name))).lower()


_IRREGULAR = {"people": "person", "children": "child", "men": "man", "women": "woman", "criteria": "criterion", "indices": "index"}
_ALIKE = frozenset(
    {"news", "series", "species", "media", "data", "status", "analysis", "basis", "address", "business", "faqs", "canvas", "atlas"}
)


def singular(words: str) -> str:
    """Give the singular of the last word, as English mostly makes it.

    >>> [singular(words) for words in ("authors", "case studies", "news", "classes", "boxes", "people", "status")]
    ['author', 'case study', 'news', 'class', 'box', 'person', 'status']
    """
    before, blank, last = words.rpartition(" ")
    if last in _IRREGULAR:
        last = _IRREGULAR[last]
    elif last in _ALIKE or last.endswith(("ss", "us", "is")) or len(last) < 4:
        pass
    elif last.endswith("ies") and len(last) > 4:
        last = last[:-3] + "y"
    elif last.endswith(("sses", "xes", "ches", "shes", "zzes")):
        last = last[:-2]
    elif last.endswith("s"):
        last = last[:-1]
    return before + blank + last


def class_name(text: str) -> str:
    """Make the name of a class of what a type or a folder is called.

    >>> class_name("ontology_detail"), class_name("_posts"), class_name("case-studies"), class_name("2019 trip")
    ('OntologyDetail', 'Post', 'CaseStudy', 'The2019Trip')
    """
    name = local_name(("x " + singular(words_of(text)),))[1:]
    if not name:
        return "Thing"
    return name if name[0].isalpha() else "The" + name
