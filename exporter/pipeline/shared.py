"""Shared resources: what many records say of one resource, merged and sorted, in memory that does not grow with the records."""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import IO

from exporter.outcomes.outcome import SharedText

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
