"""One file of an export while it is written: the head, the records as they come, what they share by IRI, the tail."""

from __future__ import annotations

from collections.abc import Iterable

from exporter.outcomes.outcome import RecordOutcome, SharedText
from exporter.pipeline.shared import SharedResources
from exporter.rdf.compression import Sink
from exporter.writers.model import Writer


class Part:
    """Writes the records of one file, and holds what they share until it is finished."""

    def __init__(self, writer: Writer, sink: Sink) -> None:
        self._writer = writer
        self._sink = sink
        self._shared = SharedResources()
        self._separator = b""
        sink.write(writer.head())

    def add(self, record: RecordOutcome) -> None:
        """Write one record."""
        self.write(record.written.record)
        self._shared.add(record.written.shared)

    def share(self, resources: Iterable[SharedText]) -> None:
        """Take what records that stand elsewhere say of shared resources."""
        self._shared.add(resources)

    def finish(self) -> int:
        """Write the shared resources and the tail, and give the number of their triples."""
        triples = 0
        for subject, statements in self._shared.merged():
            self.write(self._writer.resource(subject, statements))
            triples += len(statements)
        self._sink.write(self._writer.tail())
        return triples

    def close(self) -> None:
        """Let go of what is held."""
        self._shared.close()

    def write(self, text: bytes) -> None:
        """Write the text of one record or resource."""
        self._sink.write(self._separator + text)
        self._separator = self._writer.separator
