"""The JSON-LD context that the ontology gives (JSON-LD 1.1, section 9.15): a short name for each property and class.

It has no prefixes: a record's value `schema:Person` is an IRI with the scheme `schema`, and a prefix of that name would
change it into another.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, Union

from pyoxigraph import NamedNode

from exporter.rdf.prefixes import LETTER
from exporter.rdf.terms import RDF, XSD
from exporter.writers.model import Property, Vocabulary
from exporter.writers.names import PrefixedNames

Json: TypeAlias = Union[str, int, bool, list["Json"], dict[str, "Json"], None]

_PLAIN = {XSD + "string", RDF + "langString"}  # a text without a language is a string, and each with one says which
_LOCAL_NAME = re.compile(rf"[{LETTER}_][{LETTER}_0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class JsonTerm:
    """How a property stands in JSON: its key, and what its strings are: text (no type), `@id`, or literals of one datatype or language."""

    key: str
    type: str | None = None
    language: str | None = None
    ordered: bool = False

    def definition(self, iri: str) -> Json:
        """Write the term's entry in the context, a bare IRI where nothing else is to be said."""
        entry: dict[str, Json] = {"@id": iri}
        if self.type:
            entry["@type"] = self.type
        if self.language:
            entry["@language"] = self.language
        if self.ordered:
            entry["@container"] = "@list"
        return entry if len(entry) > 1 else iri


def jsonld_context(vocabulary: Vocabulary) -> dict[str, Json]:
    """Generate the context: what stands under `@context`, keys sorted.

    >>> from pyoxigraph import NamedNode
    >>> url = Property(NamedNode("https://schema.org/url"), 0, kind="iri")
    >>> jsonld_context(Vocabulary({}, (url,), (NamedNode("https://schema.org/Article"),)))
    {'Article': 'https://schema.org/Article', 'url': {'@id': 'https://schema.org/url', '@type': '@id'}}
    """
    entries: dict[str, Json] = {name: iri.value for iri, name in class_names(vocabulary).items()}
    entries |= {term.key: term.definition(iri.value) for iri, term in property_terms(vocabulary).items()}
    # A name that is an IRI stands for itself; it needs no entry and has none of the settings that one could give.
    return {name: entries[name] for name in sorted(entries) if not _is_iri(name)}


def property_terms(vocabulary: Vocabulary) -> dict[NamedNode, JsonTerm]:
    """Give each property its term; one with several ranges, or without a short name, writes its values in full."""
    names = _short_names(vocabulary)
    declared: dict[NamedNode, set[JsonTerm]] = {}
    for entry in vocabulary.properties:
        declared.setdefault(entry.iri, set()).add(_term(entry, names[entry.iri]))
    return {
        iri: next(iter(terms)) if len(terms) == 1 and not _is_iri(names[iri]) else JsonTerm(names[iri]) for iri, terms in declared.items()
    }


def class_names(vocabulary: Vocabulary) -> dict[NamedNode, str]:
    """Give each class its short name."""
    names = _short_names(vocabulary)
    return {iri: names[iri] for iri in vocabulary.classes}


def _term(entry: Property, key: str) -> JsonTerm:
    if entry.kind != "literal":
        return JsonTerm(key, "@id", ordered=entry.ordered)
    datatype = None if entry.language or entry.datatype in _PLAIN else entry.datatype
    return JsonTerm(key, datatype, entry.language, entry.ordered)


def _short_names(vocabulary: Vocabulary) -> dict[NamedNode, str]:
    """Local names where only one term has them; `prefix_name` for each of several; the IRI where neither is free."""
    terms = dict.fromkeys([*(entry.iri for entry in vocabulary.properties), *vocabulary.classes])
    prefixed = PrefixedNames(vocabulary.prefixes)
    locals_ = {iri: _local_name(iri.value) for iri in terms}
    shared = _repeated(name for name in locals_.values() if name)
    names: dict[NamedNode, str] = {}
    for iri, local in locals_.items():
        name = local if local not in shared else prefixed[iri].replace(":", "_")
        names[iri] = name if name and not name.startswith(("<", "_")) else iri.value
    doubled = _repeated(names.values())
    return {iri: iri.value if name in doubled else name for iri, name in names.items()}


def _local_name(iri: str) -> str | None:
    name = re.split("[/#:]", iri)[-1]
    return name if _LOCAL_NAME.match(name) else None


def _repeated(names: Iterable[str]) -> set[str]:
    return {name for name, count in Counter(names).items() if count > 1}


def _is_iri(name: str) -> bool:
    return ":" in name
