"""The reference engine: pySHACL, in a process of its own. Slow, but it has SHACL-SPARQL and the advanced features whole."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode

from exporter.rdf.terms import SH
from exporter.validation.engines.isolated_run import Apart
from exporter.validation.engines.messages import Row
from exporter.validation.engines.normalising import normalised
from exporter.validation.engines.preparing import prepared
from exporter.validation.results.model import ValidationResult, ordered
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.patterns import ShapePatternError, python_pattern


class ReferenceEngine:
    """pySHACL behind our interface. One process serves all runs of an engine; a run that takes longer than `seconds` ends it."""

    name = "pyshacl"
    apart = True

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._apart: Apart | None = None

    def run(self, data: bytes | Path, shapes: ShapesGraph, *, advanced: bool = False) -> tuple[ValidationResult, ...]:
        """Validate N-Triples; `advanced` switches SHACL-AF on. The process can open no connection and no file."""
        if self._apart is None or not self._apart.alive:
            self._apart = Apart()
        text = data if isinstance(data, bytes) else data.read_bytes()
        rows = self._apart.run(text, prepared(shapes, self.name), advanced=advanced, seconds=self.seconds)
        return ordered([_result(row, shapes) for row in rows])

    def pattern_error(self, pattern: str, flags: str) -> str | None:
        """Say why the pattern can't be written in Python's syntax, which pySHACL matches with."""
        try:
            python_pattern(pattern, flags)
        except ShapePatternError as error:
            return str(error)
        return None

    def close(self) -> None:
        """End the process."""
        if self._apart is not None:
            self._apart.close()


def _result(row: Row, shapes: ShapesGraph) -> ValidationResult:
    focus, path, value, component, severity, shape, constraint, messages = row
    assert isinstance(focus, str)
    assert isinstance(component, str)
    assert isinstance(shape, str)
    assert isinstance(messages, list)
    return normalised(
        shapes,
        focus_node=focus,
        path=path if isinstance(path, str) else None,
        value=value if isinstance(value, str) else None,
        component=component,
        severity=_severity(shapes, constraint) or (severity if isinstance(severity, str) else SH + "Violation"),
        source_shape=shape,
        messages=messages,
    )


def _severity(shapes: ShapesGraph, constraint: object) -> str | None:
    """Give the severity of a SPARQL constraint itself, which pySHACL does not look at."""
    if not isinstance(constraint, str) or not constraint.startswith("<"):
        return None
    own = shapes.value(NamedNode(constraint[1:-1]), "severity")
    return None if own is None else own.value
