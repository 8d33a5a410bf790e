"""What records hold at the keys of each class, as examples for documentation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from exporter.problems import KeyPath


@dataclass(frozen=True, slots=True)
class Sample:
    """A key of a class: in how many maps it stands, and some values as their authors typed them, each with the record's path.

    A map is written as JSON; `of_maps` says that one of the examples is one.
    """

    count: int = 0
    examples: tuple[tuple[str, str], ...] = ()
    of_maps: bool = False


@dataclass(frozen=True, slots=True)
class ExampleRecord:
    """A record of a class that shows many of its keys: its path, and the front matter as it stands there."""

    path: str
    text: str
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Samples:
    """The samples of a run: maps counted by class, keys by class and key path without list positions, an example record by class.

    `unread` counts the files that gave no record.
    """

    maps: Mapping[str, int] = field(default_factory=dict)
    keys: Mapping[tuple[str, KeyPath], Sample] = field(default_factory=dict)
    records: Mapping[str, ExampleRecord] = field(default_factory=dict)
    read: int = 0
    unread: int = 0

    def of(self, class_iri: str, path: KeyPath) -> Sample:
        """Give what records hold at a key of a class."""
        return self.keys.get((class_iri, path), Sample())
