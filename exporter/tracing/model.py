"""What is known of a statement: where it was written, which row of the ontology made it, and which shapes look at it."""

from __future__ import annotations

from dataclasses import dataclass

from exporter.problems import KeyPath, Location


@dataclass(frozen=True, slots=True)
class WrittenPlace:
    """A place in a record that a statement comes from; `key_path` is empty for what comes from the record as a whole, such as its name."""

    place: Location
    key_path: KeyPath


@dataclass(frozen=True, slots=True)
class OntologyRow:
    """What the ontology says about it, and where."""

    place: Location
    text: str


@dataclass(frozen=True, slots=True)
class CheckingRule:
    """A shape that looks at it: its severity in one word, its constraints in short, and where it stands."""

    place: Location
    severity: str
    text: str


@dataclass(frozen=True, slots=True)
class Origins:
    """A statement of the graph, its terms as N-Triples has them, with all places that make it: several records may say the same."""

    subject: str
    predicate: str
    object: str
    written: tuple[WrittenPlace, ...] = ()
    rows: tuple[OntologyRow, ...] = ()
    rules: tuple[CheckingRule, ...] = ()


@dataclass(frozen=True, slots=True)
class Traced:
    """A resource with the statements about it, in the order of an export. `missing` are shapes about properties that it does not have.

    `named` counts the statements in which others name it.
    """

    iri: str
    statements: tuple[Origins, ...]
    named: int
    missing: tuple[tuple[str, CheckingRule], ...] = ()
