"""Ask the shared hostile queries and print a table: file, expected, got, seconds, and the most memory that a process held.

python -m benchmarks.hostile_queries
"""

from __future__ import annotations

import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from exporter.errors import QueryError
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import MEGABYTE, Limits, Powers
from exporter.sparql.opening import open_dataset
from exporter.sparql.processes.reply import Request
from tests.data import HOSTILE

QUERIES = HOSTILE / "queries"
ROWS = 1_000
EXPECTED = {
    "f01_nest_3000.rq": {"QUERY-NESTED"},
    "f03_not_10000.rq": {"QUERY-NESTED"},
    "f05_cross.rq": {"QUERY-TIMEOUT"},
    "f07_path_star.rq": {"QUERY-TIMEOUT", "cut"},
    "f09_service_var.rq": {"QUERY-REMOTE"},
    "f11_load.ru": {"QUERY-UPDATE"},
    "f13_update_in_query.rq": {"QUERY-UPDATE"},
    "f15_regex_repeat.rq": {"answered"},
    "f17_all.rq": {"cut"},
    "f19_values_huge.rq": {"answered", "cut"},
    "f21_many_patterns.rq": {"QUERY-TIMEOUT"},
}
"""What may become of each: a problem code, a whole answer, or one that is cut and said to be."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of one query."""

    name: str
    got: str
    seconds: float
    megabytes: float


def open_hostile() -> Dataset:
    """Open the data that the queries run on: 5,000 triples that hang together."""
    triples = (f"<http://e/{i}> <http://p/{i % 7}> <http://e/{i + 1}> .\n".encode() for i in range(5_000))
    return open_dataset(triples=triples, powers=Powers(workers=1, memory=512 * MEGABYTE))


def ask(dataset: Dataset, path: Path, seconds: float) -> Trial:
    """Ask one query and watch its process."""
    watch = _Watch(dataset)
    started = time.perf_counter()
    try:
        with dataset.ask(Request(path.read_text("utf-8"), "csv"), Limits(seconds=seconds, rows=ROWS)) as reply:
            reply.read()
        got = "cut" if reply.outcome is not None and reply.outcome.cut else "answered"
    except QueryError as error:
        got = error.problems[0].code
    return Trial(path.name, got, time.perf_counter() - started, watch.stop())


class _Watch:
    """Samples the memory of the dataset's processes (Linux; zero elsewhere)."""

    def __init__(self, dataset: Dataset) -> None:
        self._keeper = dataset.pool.process
        self._most = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def _watch(self) -> None:
        children = Path(f"/proc/{self._keeper}/task/{self._keeper}/children")
        while sys.platform == "linux" and not self._done.wait(0.01):
            for process in children.read_text().split():
                try:
                    status = Path(f"/proc/{process}/status").read_text()
                except OSError:
                    continue
                held = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
                self._most = max(self._most, *map(int, held), 0)

    def stop(self) -> float:
        self._done.set()
        self._thread.join()
        return self._most / 1024


def main() -> int:
    """Print the table; exit 1 where a query did not end as expected."""
    wrong = 0
    print("| file | expected | got | seconds | MB |\n| --- | --- | --- | ---: | ---: |")
    with open_hostile() as dataset:
        for path in sorted(QUERIES.glob("f*")):
            trial = ask(dataset, path, seconds=2.0)
            expected = EXPECTED[path.name]
            wrong += trial.got not in expected
            print(f"| {trial.name} | {' or '.join(sorted(expected))} | {trial.got} | {trial.seconds:.2f} | {trial.megabytes:.0f} |")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
