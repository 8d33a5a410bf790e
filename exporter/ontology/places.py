"""Where an ontology says something: the file, line and column of a term, for findings only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from exporter.ontology.model import OntologySource
from exporter.problems import Location
from exporter.rdf.base import file_iri
from exporter.rdf.places import PlacedStatement, PlacedText, walk


class Places:
    """Find statements again in the files they came from; a file is walked at most once, and only when asked about."""

    def __init__(self, sources: Sequence[OntologySource]) -> None:
        self._sources = sources

    @cached_property
    def _positions(self) -> list[tuple[OntologySource, PlacedText]]:
        return [
            (source, positions)
            for source in self._sources
            if (positions := walk(source.text, source.syntax, file_iri(source.path))) is not None
        ]

    def find(self, subject: str, predicate: str | None = None, value: str | None = None) -> Location:
        """Give the place of a statement's object, or of the subject where no statement is that one."""
        best: tuple[int, Location] | None = None
        for source, positions in self._positions:
            for statement in positions.statements:
                rank, span = _match(statement, subject, predicate, value)
                if rank and (best is None or rank > best[0]):
                    best = (rank, positions.location(source.path, span))
        return best[1] if best else Location(self._sources[0].path if self._sources else "ontology")


def _match(statement: PlacedStatement, subject: str, predicate: str | None, value: str | None) -> tuple[int, tuple[int, int]]:
    if statement.subject.value == subject:
        if predicate is None or statement.predicate.value != predicate:
            return 1, statement.subject_span
        return (3 if value is not None and statement.object.value == value else 2), statement.object_span
    # an annotated axiom says it elsewhere, of the same term
    if (
        predicate is not None
        and statement.predicate.value == predicate
        and value is not None
        and getattr(statement.object, "value", None) == value
    ):
        return 2, statement.object_span
    return 0, statement.subject_span
