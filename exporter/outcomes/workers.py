"""Work on many files, here or in as many processes as one likes; the outcomes come in the order of the files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING, Protocol, TypeVar

from exporter.outcomes.making import rare_collections

if TYPE_CHECKING:
    from exporter.outcomes.process_pool import ProcessPool, Task

Item = TypeVar("Item")
Done = TypeVar("Done")
Done_co = TypeVar("Done_co", covariant=True)

_FEW = 150
"""Fewer files than this are done before a second process has started."""


def default_jobs() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class FileWork(Protocol[Done_co]):
    """What is made of files, each for itself; `again` makes the same work in another process, and can be pickled."""

    @property
    def again(self) -> Callable[[], FileWork[Done_co]]:
        """Make the work once more."""

    def run(self, paths: Sequence[str], /) -> Sequence[Done_co]:
        """Work on files, in their order."""


def run_files(task: FileWork[Done], paths: Iterable[str], jobs: int) -> Iterator[Done]:
    """Yield what is made of each file in the order of `paths`; with more than one job in as many processes."""
    paths = iter(paths)
    first = list(islice(paths, _FEW)) if jobs > 1 else []
    paths = chain(first, paths)
    if jobs <= 1 or len(first) < _FEW:
        with rare_collections():
            for path in paths:
                yield from task.run((path,))
        return
    from exporter.outcomes.process_pool import ProcessPool, forks  # multiprocessing takes 8 ms to import, and most runs are small

    # fork shares what is loaded already, which saves each worker 15 ms
    yield from _run_in(ProcessPool((lambda: task) if forks() else task.again, jobs), paths)


def run_here_or_forked(
    task: Task[Item, Done], items: Sequence[Item], jobs: int, *, few: int = _FEW, chunk: int | None = None
) -> Iterator[Done]:
    """Yield what a task makes of each item, in their order; with more than one job in processes that share its memory, where they can.

    Fewer items than `few` are done here. Processes take `chunk` items at once.
    """
    if jobs > 1 and len(items) >= few:
        from exporter.outcomes.process_pool import ProcessPool, forks

        if forks():
            yield from _run_in(ProcessPool(lambda: task, jobs, chunk), items)
            return
    with rare_collections():
        yield from task.run(items)


def _run_in(pool: ProcessPool[Item, Done], items: Iterable[Item]) -> Iterator[Done]:
    try:
        for chunk in pool.run(iter(items)):
            yield from chunk
    finally:
        pool.close()
