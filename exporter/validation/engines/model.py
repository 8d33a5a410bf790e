"""What every SHACL engine looks like from here."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph


class EngineError(Exception):
    """An engine can't run these shapes; the text is the engine's reason."""


class TimeoutEngineError(EngineError):
    """An engine took too long and was ended."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"it was ended after {seconds:g} seconds")


class Engine(Protocol):
    """A SHACL engine behind our interface. `apart` says that it has a process of its own, which serves one caller at a time."""

    name: str
    apart: bool

    def run(self, data: bytes | Path, shapes: ShapesGraph, *, advanced: bool = False) -> tuple[ValidationResult, ...]:
        """Validate N-Triples, a text or a file, against shapes and give the sorted results.

        Blank nodes of `data` keep their labels where the engine lets them. Raises `EngineError` where the shapes are ill-formed,
        ask for what the engine does not have, or take too long.
        """
        ...

    def pattern_error(self, pattern: str, flags: str) -> str | None:
        """Say why the engine can't use a regular expression, or None where it can."""
        ...

    def close(self) -> None:
        """Give back what the engine holds; it can be asked again, and takes it anew."""
        ...
