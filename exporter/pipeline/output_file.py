"""One file of an export while it is written: the head, the records as they come, what they share by IRI, the tail."""

from __future__ import annotations

from exporter.outcomes.outcome import RecordOutcome
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
        self._write(record.written.record)
        self._shared.add(record.written.shared)

    def finish(self) -> int:
        """Write the shared resources and the tail, and give the number of their triples."""
        triples = 0
        for subject, statements in self._shared.merged():
            self._write(self._writer.resource(subject, statements))
            triples += len(statements)
        self._sink.write(self._writer.tail())
        return triples

    def close(self) -> None:
        """Let go of what is held."""
        self._shared.close()

    def _write(self, text: bytes) -> None:
        self._sink.write(self._separator + text)
        self._separator = self._writer.separator
