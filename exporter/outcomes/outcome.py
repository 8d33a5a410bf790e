"""What became of a file: a pure function of its bytes, its path and the plan, in a form that travels between processes cheaply.

Nothing in an outcome depends on what was read before, on the process or on time, so it can be made anywhere, kept, and thrown away.
"""

from __future__ import annotations

from typing import NamedTuple

from exporter.mapping.model import Answers, Hole, Named, Reference
from exporter.problems import KeyPath, Problem
from exporter.writers.gaps import Parts

SharedText = tuple[str, tuple[str, ...]]
"""A shared resource as a writer puts it: the subject, and one text for each statement."""

Contribution = tuple[str, tuple[str, ...]]
"""What is said of a shared resource or a cell of its lists: the subject, then predicate and object of each statement, in N-Triples."""


class Text(NamedTuple):
    """A record in one format: `record` is its own part of the output, `shared` the resources that other records may make too.

    `triples` counts the statements of its own part. A record with holes has `parts`, text and gaps, instead of `record` until it is
    settled. Where a format can't hold a value, `problems` say so, and there is nothing else.
    """

    record: bytes = b""
    shared: tuple[SharedText, ...] = ()
    triples: int = 0
    problems: tuple[Problem, ...] = ()
    parts: Parts = ()


class RecordOutcome(NamedTuple):
    """One record's fate: exported where it has an IRI, skipped with a reason, or else rejected, with problems.

    All but `text` are facts, which no format has a part in. `answers` is what the record answers to, and `holes` are what it looks up: the
    statements of a hole are neither in `contributions` nor in the text. `named` is what was typed for the IRIs of shared resources where
    several texts may make one.
    """

    iri: str | None = None
    class_name: str = ""
    skipped: str | None = None
    references: tuple[Reference, ...] = ()
    contributions: tuple[Contribution, ...] = ()
    unmapped: tuple[KeyPath, ...] = ()
    named: tuple[Named, ...] = ()
    problems: tuple[Problem, ...] = ()
    text: Text | None = None
    answers: tuple[Answers, ...] = ()
    holes: tuple[Hole, ...] = ()

    @property
    def written(self) -> Text:
        """The text of a record that was made with one."""
        assert self.text is not None
        return self.text


class Outcome(NamedTuple):
    """One file's fate: that of its records, and what is wrong with the file. One that can't be read is one record that is rejected.

    `content` is the digest of the bytes that it was made of, where it is to be kept, and empty where the file could not be read.
    """

    path: str
    records: tuple[RecordOutcome, ...]
    problems: tuple[Problem, ...] = ()
    content: bytes = b""
