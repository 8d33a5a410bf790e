"""Records in a temporary file, between the time when they are made and the time when all is known that their values need."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from exporter.outcomes.outcome import RecordOutcome

_IN_MEMORY = 1_000


class Spool:
    """Takes records one by one, and then gives them back in their order; those beyond some thousand wait in a file."""

    def __init__(self, in_memory: int = _IN_MEMORY) -> None:
        import tempfile  # takes 3 ms, and most runs need none

        self._file = tempfile.TemporaryFile("w+b", prefix="owltype-")  # noqa: SIM115 - lives as long as this object
        self._limit = in_memory
        self._first: list[tuple[str, int, RecordOutcome]] = []
        self._count = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._file.close()

    def add(self, path: str, item: int, record: RecordOutcome) -> None:
        """Take a record, the path of its file, and its number there."""
        if len(self._first) < self._limit:
            self._first.append((path, item, record))
            return
        pickle.dump((path, item, record), self._file, pickle.HIGHEST_PROTOCOL)
        self._count += 1

    def records(self) -> Iterator[tuple[str, int, RecordOutcome]]:
        """Give the records back; none can be added any more."""
        yield from self._first
        self._file.seek(0)
        for _ in range(self._count):
            yield pickle.load(self._file)  # noqa: S301 - this object wrote it, into a file without a name
