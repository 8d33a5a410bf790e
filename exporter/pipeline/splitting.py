"""`--split`: a folder of files that each stand alone, one a record or one a class of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Literal as OneOf
from typing import Protocol

from exporter.language.slugs import slug
from exporter.outcomes.outcome import RecordOutcome
from exporter.pipeline.output_file import Part
from exporter.rdf.compression import Sink
from exporter.rdf.syntaxes import Compression
from exporter.writers.compare import Difference, compare_output
from exporter.writers.formats import FileFormat
from exporter.writers.model import Writer
from exporter.writers.split import MANIFEST, read_manifest, safe_file_name

Split = OneOf["record", "class"]


class Folder(Protocol):
    """Takes files by their names."""

    def file(self, name: str, compression: Compression | None = None) -> AbstractContextManager[Sink]:
        """Open one of the files."""


class ComparedFolder:
    """Compares files with those of a folder; `difference` is the first one, by the order of the files."""

    def __init__(self, path: str, *, manifest: str = MANIFEST) -> None:
        self._path = Path(path)
        self._manifest = manifest
        self._names: set[str] = set()
        self.difference: Difference | None = None

    @contextmanager
    def file(self, name: str, compression: Compression | None = None) -> Iterator[Sink]:
        """Open one of the files to compare with."""
        self._names.add(name)
        with compare_output(self._path / name, compression) as comparison:
            yield comparison
            difference = comparison.close()
        self.difference = self.difference or difference

    def close(self) -> Difference | None:
        """Tell the first difference; a file that an earlier run made and this one would not is one."""
        left = sorted(set(read_manifest(self._path, self._manifest)) - self._names)
        if left and self.difference is None:
            self.difference = Difference(str(self._path / left[0]), 1, "a file of an earlier run", None)
        return self.difference


def write_records(records: Iterable[RecordOutcome], writer: Writer, folder: Folder, written: FileFormat) -> int:
    """Write a file for each record, with the shared resources that it names, and give the number of their triples.

    The file is named by the record's IRI.
    """
    triples = 0
    for record in records:
        name = safe_file_name(record.iri or "") + written.extension
        with folder.file(name, written.compression) as sink, closing(Part(writer, sink)) as part:
            part.add(record)
            triples += part.finish()
    return triples


def write_classes(records: Iterable[RecordOutcome], writer: Writer, folder: Folder, written: FileFormat) -> int:
    """Write a file for each class of records, with the shared resources that they name, and give the number of their triples.

    The file is named by the class's label. All classes' files are open until the last record, and hold what their records share.
    """
    with ExitStack() as stack:
        parts: dict[str, Part] = {}
        names: set[str] = set()
        for record in records:
            part = parts.get(record.class_name)
            if part is None:
                name = safe_file_name(slug(record.class_name))
                name = name if name not in names else safe_file_name(record.class_name)  # labels that differ in their spaces alone
                names.add(name)
                sink = stack.enter_context(folder.file(name + written.extension, written.compression))
                part = parts[record.class_name] = stack.enter_context(closing(Part(writer, sink)))
            part.add(record)
        return sum(part.finish() for part in parts.values())
