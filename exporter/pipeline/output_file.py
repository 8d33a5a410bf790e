"""One file of an export while it is written: the head, the records as they come, what they share by IRI, the tail.

What many records say of one resource is merged and sorted, in memory that does not grow with the records.
"""

from __future__ import annotations

import heapq
import json
from array import array
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO

from exporter.outcomes.outcome import RecordOutcome, SharedText
from exporter.rdf.compression import Sink
from exporter.writers.model import Writer

_IN_MEMORY = 10_000


class SharedResources:
    """Collects statements about shared resources and gives them back by subject, in the order of the subjects' texts.

    Beyond some thousand resources, sorted runs go to temporary files and are merged at the end (an external merge sort).
    """

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        self._limit = in_memory
        self._statements: dict[str, dict[str, None]] = {}
        self._runs: list[IO[str]] = []
        self._taken: dict[int, SharedText] = {}

    def add(self, shared: Iterable[SharedText]) -> None:
        """Take what one record says."""
        taken = self._taken
        for text in shared:
            if id(text) in taken:  # most resources are made once, and come with record after record
                continue
            if len(taken) >= self._limit:
                taken.clear()
            taken[id(text)] = text
            subject, statements = text
            known = self._statements.get(subject)
            if known is None:
                self._statements[subject] = dict.fromkeys(statements)
            else:
                known.update(dict.fromkeys(statements))
        if len(self._statements) > self._limit:
            self._spill()

    def _spill(self) -> None:
        import tempfile  # takes 3 ms, and most runs are small

        run = tempfile.TemporaryFile("w+", encoding="utf-8", prefix="owltype-", newline="\n")  # noqa: SIM115 - lives as long as this object
        for item in self._sorted():
            run.write(json.dumps(item, ensure_ascii=False) + "\n")
        run.seek(0)
        self._runs.append(run)
        self._statements.clear()

    def _sorted(self) -> Iterator[tuple[str, list[str]]]:
        for subject in sorted(self._statements):
            yield subject, list(self._statements[subject])

    def merged(self) -> Iterator[tuple[str, list[str]]]:
        """Yield each subject once, with its distinct statements sorted."""
        runs = [map(_read_line, run) for run in self._runs]
        everything = heapq.merge(*runs, self._sorted(), key=lambda item: item[0])
        for subject, items in groupby(everything, key=lambda item: item[0]):
            yield subject, sorted({statement for _, statements in items for statement in statements})

    def close(self) -> None:
        """Remove the temporary files."""
        for run in self._runs:
            run.close()


def _read_line(line: str) -> tuple[str, list[str]]:
    subject, statements = json.loads(line)
    return subject, statements


class Part:
    """Writes the records of one file, and holds what they share until it is finished.

    `spans` says of each record that was added where its text begins, and how long it is.
    """

    def __init__(self, writer: Writer, sink: Sink) -> None:
        self._writer = writer
        self._sink = sink
        self._shared = SharedResources()
        self._separator = b""
        head = writer.head()
        self._end = len(head)
        self.spans: tuple[array[int], array[int]] = (array("q"), array("q"))
        sink.write(head)

    def add(self, record: RecordOutcome) -> None:
        """Write one record."""
        text = record.written.record
        self.spans[0].append(self._end + len(self._separator))
        self.spans[1].append(len(text))
        self.write(text)
        self._shared.add(record.written.shared)

    def share(self, resources: Iterable[SharedText]) -> None:
        """Take what records that stand elsewhere say of shared resources."""
        self._shared.add(resources)

    def finish(self) -> int:
        """Write the shared resources and the tail, and give the number of their triples."""
        triples = self.write_shared()
        self.end()
        return triples

    def write_shared(self) -> int:
        """Write the shared resources, and give the number of their triples."""
        triples = 0
        for subject, statements in self._shared.merged():
            self.write(self._writer.resource(subject, statements))
            triples += len(statements)
        return triples

    def end(self) -> None:
        """Write the tail."""
        self._sink.write(self._writer.tail())

    def close(self) -> None:
        """Let go of what is held."""
        self._shared.close()

    def write(self, text: bytes) -> None:
        """Write the text of one record or resource."""
        self._sink.write(self._separator + text)
        self._end += len(self._separator) + len(text)
        self._separator = self._writer.separator
