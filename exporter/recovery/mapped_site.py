"""The records of a project as statements, with bytes in place of some files: what an export would say after edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePath

from pyoxigraph import NamedNode

from exporter.mapping.holes import settle_mapped
from exporter.mapping.mapping import Mapper
from exporter.mapping.model import MappedRecord
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.rdf.terms import Statement, statements
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.references.other_files import OtherFiles
from exporter.references.settling import Nameable, References


@dataclass(frozen=True, slots=True)
class SiteRecord:
    """A record that is exported: the number that it has in its file, its IRI, and what is said by it."""

    path: str
    number: int
    record: Record
    iri: NamedNode
    statements: tuple[Statement, ...]


class MappedSite:
    """Maps the records of a project, again and again, with other bytes in the place of its files and with files that are not there yet."""

    def __init__(self, project: Project, plan: Plan) -> None:
        self._project = project
        self._plan = plan
        self._mapper = Mapper(plan)
        self.reader: Reader = project.reader(plan)
        self._files = list(project.files(plan))
        self._known: dict[str, tuple[bytes | None, list[tuple[int, MappedRecord]]]] = {}

    def map(self, instead: Mapping[str, bytes]) -> list[SiteRecord]:
        """Map all records, in the order of their files; of two with one IRI the first is exported."""
        references = References(self._plan, OtherFiles(self._project, self._plan)) if self._plan.looks_up else None
        made: dict[str, tuple[str, int, MappedRecord]] = {}
        for path in sorted({*self._files, *instead}, key=lambda path: PurePath(path).parts):  # as discovery sorts
            mapped = self._map_file(path, instead.get(path))
            for number, each in mapped:
                if each.iri is None or each.iri.value in made:
                    continue
                made[each.iri.value] = (path, number, each)
                if references is not None:
                    references.enter(Nameable(path, each.iri.value, len(mapped) == 1, each.answers))
        return [
            SiteRecord(path, number, each.record, NamedNode(iri), tuple(_said(each, path, references)))
            for iri, (path, number, each) in made.items()
        ]

    def _map_file(self, path: str, data: bytes | None) -> list[tuple[int, MappedRecord]]:
        known = self._known.get(path)
        if known is None or known[0] != data:
            reading = self.reader.read(path, data)
            mapped = [(number, self._mapper.map(each.record)) for number, each in enumerate(reading.each) if each.record is not None]
            known = self._known[path] = (data, mapped)
        return known[1]


def _said(mapped: MappedRecord, path: str, references: References | None) -> Iterator[Statement]:
    if references is not None and mapped.iri is not None:
        mapped = settle_mapped(mapped, references.settle_as(path, mapped.iri.value))
    return statements((*mapped.blocks, *mapped.shared))
