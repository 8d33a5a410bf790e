"""Which record an answer's IRIs came from."""

from __future__ import annotations

from collections.abc import Callable

from pyoxigraph import Literal, NamedNode

from exporter.problems import Location
from exporter.sparql.results.model import Cell, Result


def add_sources(result: Result, locate: Callable[[str], Location | None]) -> Result:
    """Add a column with file and line after each column that holds IRIs of records."""

    def place(cell: Cell) -> Cell:
        location = locate(cell.value) if isinstance(cell, NamedNode) else None
        return Literal(f"{location.path}:{location.line}") if location else None

    for name in result.variables:
        widened = result.with_column(name, f"{name}_source", place)
        at = widened.variables.index(f"{name}_source")
        if any(row[at] is not None for row in widened.rows):
            result = widened
    return result
