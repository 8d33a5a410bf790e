"""Records as a dataset: mapped, written as N-Triples to whoever loads them, and indexed by IRI."""

from __future__ import annotations

from collections.abc import Callable, Iterator, MutableMapping

from exporter.dataset.index import write_entry
from exporter.outcomes.outcome import RecordOutcome
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.exporting import Exporting
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.records.data.claims import find_claims


class _Indexing(Exporting):
    """An export run that notes which file each record's IRI comes from."""

    def __init__(self, project: Project, plan: Plan, index: MutableMapping[str, str], progress: Progress | None) -> None:
        super().__init__(project, plan, progress)
        self._index = index
        self._data_files = plan.data_files

    def exported(self) -> Iterator[tuple[str, int, RecordOutcome]]:
        """Yield the records, and index them in passing."""
        for path, item, record in super().exported():
            if record.iri is not None:
                in_data = bool(self._data_files) and bool(find_claims(self._data_files, path))
                self._index[record.iri] = write_entry(path, item if in_data else None)
            yield path, item, record


class _Feed:
    """A sink that hands the bytes on."""

    def __init__(self, write: Callable[[bytes], None]) -> None:
        self.write = write


def feed_records(
    project: Project, plan: Plan, write: Callable[[bytes], None], index: MutableMapping[str, str], progress: Progress | None = None
) -> Export:
    """Map the records of a project, give their N-Triples to `write`, and fill `index` with the file behind each record's IRI."""
    exporting = _Indexing(project, plan, index, progress)
    exporting.run(_Feed(write))
    return exporting.account("-")
