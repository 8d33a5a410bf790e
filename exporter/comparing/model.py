"""A state of the graph as records with what they say, and how two states differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Said = Mapping[tuple[str, str], frozenset[str]]
"""What a record says: by the part of it (empty for itself, else its fragment) and the property, the values in N-Triples syntax.

A list is one value, in brackets. The IRI of the record itself is `<>`, so that a record with another IRI may say the same.
"""


@dataclass(frozen=True, slots=True)
class ComparedRecord:
    """A record of one state; `path` is empty for a resource of an RDF file."""

    iri: str
    classes: tuple[str, ...]
    path: str
    said: Said


@dataclass(frozen=True, slots=True)
class StateOfRecords:
    """One state: records by IRI, resources that they share, labels of all that has one, and problems of reading, mapping and shapes."""

    records: Mapping[str, ComparedRecord]
    shared: Mapping[str, Said] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    problems: frozenset[tuple[str, str, str]] = frozenset()
    """Code, file, and what is said there."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A property of a record that has other values: those that are gone and those that came, as people read them."""

    key: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What became of a record: `added`, `removed`, `renamed` (then `was` is its IRI before), or `changed`."""

    kind: str
    iri: str
    label: str
    path: str
    was: str = ""
    values: tuple[ValueChange, ...] = ()


@dataclass(frozen=True, slots=True)
class StateComparison:
    """How two states differ. `new_problems` and `gone_problems` are sentences with their places, broken and healed references among them.

    `by_ontology` says which properties the ontology's own change gives other values, and in how many records.
    """

    records: tuple[RecordChange, ...]
    shared: tuple[RecordChange, ...]
    new_problems: tuple[str, ...]
    gone_problems: tuple[str, ...]
    by_ontology: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    """Statements of the old state alone, as N-Triples."""
    added: tuple[str, ...] = ()
    """Statements of the new state alone, as N-Triples."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing differs."""
        return not (self.records or self.shared or self.new_problems or self.gone_problems or self.by_ontology)
