"""Where an ontology says something: the file, line and column of a term, for findings only."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from pyoxigraph import Literal

from exporter.ontology.model import About, OntologySource, RowPlace
from exporter.problems import Location
from exporter.rdf.base import file_iri
from exporter.rdf.places import PlacedStatement, PlacedText, walk
from exporter.rdf.terms import MAP, RDF_FIRST, RDF_REST, Term


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

    def find(self, about: About, predicate: str | None = None, value: str | None = None) -> Location:
        """Give the place of a statement's object, or of the subject where no statement is that one."""
        if isinstance(about, RowPlace):
            return self._in_row(about, predicate, value) or self.find(about.owner, MAP + "reads")
        best: tuple[int, Location] | None = None
        for source, positions in self._positions:
            for statement in positions.statements:
                rank, span = _match(statement, about, predicate, value)
                if rank and (best is None or rank > best[0]):
                    best = (rank, positions.location(source.path, span))
        return best[1] if best else Location(self._sources[0].path if self._sources else "ontology")

    def _in_row(self, row: RowPlace, predicate: str | None, value: str | None) -> Location | None:
        """Find what a row without a name says: its node has one name here and another where the file was parsed, but the same number."""
        index = 0
        for source, positions in self._positions:
            rows = dict.fromkeys(
                s.object for s in positions.statements if s.predicate.value == MAP + "reads" and s.subject.value == row.owner
            )
            if row.number < index + len(rows):
                return _said_by(list(rows)[row.number - index], source, positions, predicate, value)
            index += len(rows)
        return None


def _said_by(node: Term, source: OntologySource, positions: PlacedText, predicate: str | None, value: str | None) -> Location | None:
    """Give the place of what a node says: an object or an item of a list, or the node itself."""
    said: dict[Term, list[PlacedStatement]] = {}
    for statement in positions.statements:
        said.setdefault(statement.subject, []).append(statement)
    objects = [statement for statement in said.get(node, ()) if statement.predicate.value == predicate]
    for statement in objects:  # grows by the cells of lists
        cells = said.get(statement.object, ()) if not isinstance(statement.object, Literal) else ()
        objects += [cell for cell in cells if cell.predicate in (RDF_FIRST, RDF_REST) and cell not in objects]
    exact = next((statement for statement in objects if value is not None and statement.object.value == value), None)
    if exact or objects:
        return positions.location(source.path, (exact or objects[0]).object_span)
    mine = said.get(node)
    return positions.location(source.path, mine[0].subject_span) if mine else None


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
