"""What every SHACL engine looks like from here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from exporter.validation.results import Result
from exporter.validation.shapes import ShapesGraph


class EngineError(Exception):
    """An engine can't run these shapes; the text is the engine's reason, `shape` the shape's IRI where it is known."""

    def __init__(self, message: str, shape: str | None = None) -> None:
        super().__init__(message)
        self.shape = shape


class Engine(Protocol):
    """A SHACL engine behind our interface."""

    name: str

    def run(self, data: bytes | Path, shapes: ShapesGraph, *, advanced: bool = False) -> tuple[Result, ...]:
        """Validate N-Triples, a text or a file, against shapes and give the sorted results.

        Blank nodes of `data` keep their labels where the engine lets them. Raises `EngineError` where the shapes are ill-formed,
        ask for what the engine does not have, or take unbounded time.
        """
        ...

    def pattern_error(self, pattern: str, flags: str) -> str | None:
        """Say why the engine can't use a regular expression, or None where it can."""
        ...
