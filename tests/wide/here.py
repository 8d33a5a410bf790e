"""A cluster of one process: what Spark does with the tasks of a run, by lists. Whatever travels is pickled, as it is there."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from exporter.pipeline.account import Export
from exporter.project import Project
from exporter.wide import chunks, exporting

Partitions = list[list[Any]]


class Here:
    """Runs tasks one after the other, the last part first: no order may be relied on."""

    def spread(self, items: Sequence[Any], task: Callable[[Iterable[Any]], Iterator[Any]]) -> Partitions:
        run = _sent(task)
        return [list(map(_sent, run([_sent(item)]))) for item in reversed(items)]

    def shuffle(self, rows: Sequence[Partitions], buckets: int) -> Partitions:
        every = [row for partitions in rows for partition in partitions for row in partition]
        return [[row for row in every if row[0] == bucket] for bucket in range(buckets)]

    def keep(self, rows: Partitions, wanted: Callable[[Any], bool]) -> Partitions:
        return [list(filter(_sent(wanted), partition)) for partition in rows]

    def collect(self, rows: Partitions, task: Callable[[Iterable[Any]], Iterator[Any]]) -> list[Any]:
        return [done for partition in rows for done in map(_sent, _sent(task)(partition))]

    def reduce(self, rows: Partitions, task: Callable[[int, Iterable[Any]], Iterator[Any]], add: Callable[[Any, Any], Any]) -> Any:  # noqa: ANN401 - see above
        return reduce(add, [_sent(done) for bucket, partition in enumerate(rows) for done in _sent(task)(bucket, partition)])


def _sent(item: Any) -> Any:  # noqa: ANN401 - whatever travels
    return pickle.loads(pickle.dumps(item))  # noqa: S301 - made a moment ago


def export_here(project: Project, output: Path, monkeypatch: pytest.MonkeyPatch, *, format_name: str = "nt", size: int = 3) -> Export:
    """Export as over a cluster, with parts of `size` files."""

    @contextmanager
    def open_here(*_: object, **__: object) -> Iterator[Here]:
        yield Here()

    monkeypatch.setattr(chunks, "_STEP", size)
    monkeypatch.setattr(exporting, "open_cluster", open_here)
    return exporting.export_over_cluster(project, str(output), format_name)
