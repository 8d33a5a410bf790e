"""Measure `owltype validate` and the script a user would write instead, on the same records, one in ten with a fault, and in the same run.

    python -m benchmarks.validate                                  # the whole of it, about ten minutes
    python -m benchmarks.validate --sizes 1000 --repeat 1          # a look
    python -m benchmarks.validate --write docs/benchmarks.md       # put the table between the page's markers

Reading, mapping, checking, finding the places and writing the report all count: every time is that of a whole process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import tables
from benchmarks.measure import Measurement, measure, median_run
from benchmarks.records import write_records
from benchmarks.systems import ENVIRONMENT, ONTOLOGY, ROOT, System, owltype

SHAPES = ROOT / "shapes" / "medigy.ttl"
FAULTS = 0.1
FOUND = (1,)
"""The exit status of both where there are problems."""
BEGIN = "<!-- measured, validate: begin -->"
END = "<!-- measured, validate: end -->"

Runs = Mapping[tuple[str, int], Measurement]
"""The median run of a system on a number of records."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    sizes: Sequence[int]
    repeat: int
    rival_up_to: int
    work: Path
    write: Path | None


def systems(rival_up_to: int) -> Sequence[System]:
    """List the systems, the script first."""
    script = System(tables.RIVAL, (sys.executable, "-m", "benchmarks.rivals.validate_script", "{folder}", str(SHAPES)), up_to=rival_up_to)
    check = (*owltype("validate"), "{folder}", "--ontology", str(ONTOLOGY), "-s", str(SHAPES))
    return [script, System("owltype, 1 worker", (*check, "-j", "1")), System("owltype, 2 workers", (*check, "-j", "2"))]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report, as the command line asks."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.work, prefix="owltype-validate-") as name:
        runs = {key: run for size in options.sizes for key, run in _measure_size(size, options, Path(name)).items()}
    report = f"{tables.machine()}\n\n{table(runs)}"
    print(report)
    if options.write:
        tables.write_between_markers(options.write, report, (BEGIN, END))
    return 0


def _measure_size(size: int, options: Options, work: Path) -> dict[tuple[str, int], Measurement]:
    """Run every system in turn, some times round, so that a change of the machine's speed meets them all."""
    folder = work / f"records-{size}"
    write_records(folder, size, faults=FAULTS)
    runs: dict[tuple[str, int], list[Measurement]] = {}
    for turn in range(options.repeat):
        for system in systems(options.rival_up_to):
            if size <= (system.up_to or size):
                print(f"{size} records, {system.name}, run {turn + 1} of {options.repeat}", file=sys.stderr, flush=True)
                call = system.call(folder, work)
                runs.setdefault((system.name, size), []).append(measure(call, ENVIRONMENT, FOUND))
    return {key: median_run(of) for key, of in runs.items()}


def table(runs: Runs) -> str:
    """Write the table: speed, how many times the script's it is, and memory.

    >>> run = Measurement(2, 4, 100, 150)
    >>> print(table({("script", 1000): run, ("owltype", 1000): Measurement(1, 1, 50, 50)}).splitlines()[-1])
    | 1,000 | owltype | 1.00 | 1.00 | 1,000 | 1.00 | 2.0 | 50 | 50 |
    """
    head = ("records", "system", "seconds", "processor s", "records/s", "ms a record", "times the script", "largest process, MB", "all, MB")
    lines = []
    for (name, size), run in runs.items():
        rival = runs.get((tables.RIVAL, size))
        times = f"{rival.wall / run.wall:.1f}" if rival else ""
        speed = (f"{run.wall:.2f}", f"{run.cpu:.2f}", f"{size / run.wall:,.0f}", f"{1e3 * run.wall / size:.2f}", times)
        lines.append((f"{size:,}", name, *speed, f"{run.largest_mb:,.0f}", f"{run.sum_mb:,.0f}"))
    return tables.table(head, lines, numbers_from=2)


def _parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.validate", description="Measure owltype validate beside a script.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 50_000], help="numbers of records")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command; the median is reported")
    parser.add_argument("--rival-up-to", type=int, default=5000, help="largest number of records that the script gets")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()), help="where the records are made")
    parser.add_argument("--write", type=Path, help="a page with markers that takes the table")
    options = parser.parse_args(arguments)
    return Options(sorted(options.sizes), options.repeat, options.rival_up_to, options.work, options.write)


if __name__ == "__main__":
    raise SystemExit(main())
