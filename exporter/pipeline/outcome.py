"""What became of each file, in a form that travels between processes cheaply."""

from __future__ import annotations

from typing import NamedTuple

from exporter.problems import KeyPath, Problem

SharedText = tuple[str, tuple[str, ...]]
"""A shared resource as its writer puts it: the subject, and one text for each statement."""


class Outcome(NamedTuple):
    """One file's fate: exported (`iri` is set), skipped (with the reason) or rejected (with problems).

    `text` is the record's own part of the output, `shared` the resources that other records may make too, `named` what was typed for
    their IRIs where several texts may make one.
    """

    path: str
    iri: str | None = None
    class_name: str = ""
    text: bytes = b""
    triples: int = 0
    shared: tuple[SharedText, ...] = ()
    references: tuple[tuple[str, KeyPath], ...] = ()
    unmapped: tuple[KeyPath, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: str | None = None
    named: tuple[tuple[str, str, KeyPath, str], ...] = ()
