"""What is inferred: classes with their rows, what each rests on, and the guesses that a person should look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RowDraft:
    """A row of `map:reads`: its keys, property and ranges, what stands beside these, and the evidence as comments.

    `held` counts the maps that have the key, of `maps`; `many` is set where one has several values. `closed` lists all values where
    there are few. `ranges` and `term`, the property, are prefixed names, and `extras` terms with their objects as Turtle; `reads` is the
    term that names the keys.
    """

    keys: tuple[str, ...]
    term: str
    ranges: tuple[str, ...]
    extras: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    held: int = 0
    maps: int = 0
    many: bool = False
    closed: tuple[str, ...] = ()
    is_node: bool = False
    reads: str = "map:key"

    @property
    def meaning(self) -> tuple[object, ...]:
        """What the row says, without what it rests on."""
        return self.reads, self.keys, self.term, self.ranges, self.extras


@dataclass(frozen=True, slots=True)
class InferredClass:
    """A class to write: what claims its records (nothing, where it stands in records), how it gets its IRI, and its rows.

    `shaped` are the rows that its own records have, wherever these are written.
    """

    name: str
    label: str
    count: int
    kind: str | None = None
    parent: str | None = None
    labels: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    file_pattern: str | None = None
    match: tuple[str, ...] = ()
    rows: tuple[RowDraft, ...] = ()
    shaped: tuple[RowDraft, ...] = ()
    ignored: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    extras: tuple[tuple[str, str], ...] = ()

    @property
    def is_of_records(self) -> bool:
        """Whether records answer to it."""
        return bool(self.labels or self.files)


@dataclass(frozen=True, slots=True)
class Question:
    """A guess to look at: what was taken and why, and the other choices; `name` is what an answer is given by."""

    name: str
    text: str
    choices: tuple[str, ...]
    taken: str
    doubt: float = 0.0


@dataclass(frozen=True, slots=True)
class InferredModel:
    """All that is written: the classes in their order, what selects them and why, the prefixes, and the constant `site`."""

    name: str
    namespace: str
    title: str
    site: str
    site_known: bool
    type_key: str | None
    reason: str
    records: int
    classes: tuple[InferredClass, ...]
    questions: tuple[Question, ...]
    prefixes: Mapping[str, str]
    settings: Mapping[str, object] = field(default_factory=dict)
