"""Where the time of an export goes: each phase of the work on one record, timed by itself in one process.

    python -m benchmarks.phases FOLDER FORMAT

Prints one line a phase: its name and the microseconds of processor time that a record takes. Each phase runs over all records before the
next begins, so that a timer's own cost does not count; the median of three rounds is given, after one that warms up.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.systems import ONTOLOGY
from exporter.discovery import discover
from exporter.mapping.mapping import Mapper
from exporter.mapping.model import MappedRecord
from exporter.outcomes.vocabulary import vocabulary
from exporter.plan.compiling import load_plan
from exporter.plan.model import Plan
from exporter.records.reading import read_file
from exporter.records.record import Record
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import group_shared

ROUNDS = 4
S = TypeVar("S")
T = TypeVar("T")


def phases(folder: Path, format_name: str) -> dict[str, float]:
    """Time the phases over a folder of records without faults; microseconds a record."""
    plan = load_plan([ONTOLOGY])
    writer = make_writer(find_format(format_name).format, vocabulary(plan))
    seconds: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        paths = _timed(seconds, "find the files", _find, folder)
        records = _timed(seconds, "read", _read, paths)
        mapped = _timed(seconds, "map", _map(plan), records)
        _timed(seconds, "write", lambda given: [writer.record(one.blocks, one.shared) for one in given], mapped)
        _timed(seconds, "write what records share", lambda given: _shared(given, writer.statements), mapped)
    return {name: 1e6 * statistics.median(times[1:]) / len(paths) for name, times in seconds.items()}


def _timed(seconds: dict[str, list[float]], name: str, work: Callable[[S], T], given: S) -> T:
    gc.collect()
    start = time.process_time()
    result = work(given)
    seconds.setdefault(name, []).append(time.process_time() - start)
    return result


def _find(folder: Path) -> list[str]:
    return [item.path for item in discover([str(folder)])]


def _read(paths: list[str]) -> list[Record]:
    readings = [read_file(path).record for path in paths]
    return [record for record in readings if record is not None]


def _map(plan: Plan) -> Callable[[list[Record]], list[MappedRecord]]:
    mapper = Mapper(plan)
    return lambda records: [mapper.map(record) for record in records]


def _shared(mapped: list[MappedRecord], statements: Callable[..., object]) -> None:
    """Write each shared resource once, as a run does."""
    sent: set[int] = set()
    for one in mapped:
        new = [block for block in one.shared if id(block) not in sent]
        sent.update(map(id, new))
        for block, cells in group_shared(new):
            statements(block, cells)


if __name__ == "__main__":
    gc.set_threshold(100_000, 20, 20)
    for phase, microseconds in phases(Path(sys.argv[1]), sys.argv[2]).items():
        print(f"{phase}\t{microseconds:.1f}")
