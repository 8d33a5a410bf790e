"""Work on many files, here or in as many processes as one likes; the outcomes come in the order of the files."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from exporter.pipeline.outcome import Outcome
from exporter.pipeline.task import FileTask, Job, rare_collections

_FEW = 150
"""Fewer files than this are done before a second process has started."""


def default_jobs() -> int:
    """The processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run_files(task: FileTask, job: Job, paths: Iterable[str], jobs: int) -> Iterator[Outcome]:
    """Yield the outcome of each file in the order of `paths`; with more than one job in as many processes."""
    paths = iter(paths)
    first = list(islice(paths, _FEW)) if jobs > 1 else []
    paths = chain(first, paths)
    if jobs <= 1 or len(first) < _FEW:
        with rare_collections():
            for path in paths:
                yield task.run_one(path)
        return
    from exporter.pipeline.pool import Pool  # multiprocessing takes 8 ms to import, and most runs are small

    pool = Pool(task, job, jobs)
    try:
        for chunk in pool.run(paths):
            yield from chunk
    finally:
        pool.close()
