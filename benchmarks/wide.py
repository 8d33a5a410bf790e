"""Measure `export --runner spark` beside `-j 2` and the Spark program that a user would write, on the same records, in the same run.

make bench-spark                                  # 5,000 and 50,000 records, some minutes
make bench-spark BENCH="--sizes 1000"             # a look
make bench-spark BENCH="--write docs/benchmarks.md"

All run on this machine, two tasks at once. It needs an environment with pyspark, and Java.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import tables
from benchmarks.measure import Measurement, measure, median_run
from benchmarks.records import write_records
from benchmarks.systems import ENVIRONMENT, ONTOLOGY, System, owltype

BASE = "owltype, 2 workers"
BEGIN = "<!-- measured, spark: begin -->"
END = "<!-- measured, spark: end -->"

OURS = {**ENVIRONMENT, "PYSPARK_PYTHON": sys.executable}
"""The script's workers need the packages of this environment, too."""

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
    """List the systems, the one that ratios are taken against first."""
    export = (*owltype("export"), "{folder}", "--ontology", str(ONTOLOGY), "-q", "-j", "2", "-o")
    script = (sys.executable, "-m", "benchmarks.rivals.spark_script", "{folder}", "{output}")
    return [
        System(BASE, (*export, "{output}.nt", "--no-cache")),
        System("owltype, Spark, local[2]", (*export, "{output}", "--runner", "spark")),
        System("Spark script, local[2]", script, up_to=rival_up_to),
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report, as the command line asks."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.work, prefix="owltype-spark-") as name:
        runs = {key: run for size in options.sizes for key, run in _measure_size(size, options, Path(name)).items()}
    report = f"{tables.machine()}\n\n{table(runs)}"
    print(report)
    if options.write:
        tables.write_between_markers(options.write, report, (BEGIN, END))
    return 0


def _measure_size(size: int, options: Options, work: Path) -> dict[tuple[str, int], Measurement]:
    """Run every system in turn, some times round, so that a change of the machine's speed meets them all."""
    folder = work / f"records-{size}"
    write_records(folder, size)
    runs: dict[tuple[str, int], list[Measurement]] = {}
    for turn in range(options.repeat):
        for system in systems(options.rival_up_to):
            if size <= (system.up_to or size):
                load = os.getloadavg()[0]
                print(f"{size} records, {system.name}, run {turn + 1} of {options.repeat}, load {load:.1f}", file=sys.stderr, flush=True)
                runs.setdefault((system.name, size), []).append(measure(system.call(folder, work / "graph"), OURS))
                shutil.rmtree(work / "graph", ignore_errors=True)
                (work / "graph.nt").unlink(missing_ok=True)
    return {key: median_run(of) for key, of in runs.items()}


def table(runs: Runs) -> str:
    """Write the table: speed and memory, and how many times as long as the ordinary run it takes.

    What Spark's own processes take of the processor is not all told to who starts them, so wall time has to do.

    >>> one, two = Measurement(2, 4, 60, 100), Measurement(3, 6, 300, 500)
    >>> print(table({(BASE, 10): one, ("Spark", 10): two}).splitlines()[-1])
    | 10 | Spark | 3.00 | 1.50 | 300 | 500 |
    """
    lines = []
    for (name, size), run in runs.items():
        base = runs[BASE, size]
        measured = (f"{run.wall:.2f}", f"{run.wall / base.wall:.2f}", f"{run.largest_mb:,.0f}", f"{run.sum_mb:,.0f}")
        lines.append((f"{size:,}", name, *measured))
    head = ("records", "system", "seconds", "times as long", "largest process, MB", "all, MB")
    return tables.table(head, lines, numbers_from=2)


def _parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.wide", description="Measure exports over Spark.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 50_000], help="numbers of records")
    parser.add_argument("--repeat", type=int, default=1, help="runs of each command; the median is reported")
    parser.add_argument("--rival-up-to", type=int, default=5000, help="largest number of records that the script gets")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()), help="where the records are made")
    parser.add_argument("--write", type=Path, help="a page with markers that takes the table")
    options = parser.parse_args(arguments)
    return Options(sorted(options.sizes), options.repeat, options.rival_up_to, options.work, options.write)


if __name__ == "__main__":
    raise SystemExit(main())
