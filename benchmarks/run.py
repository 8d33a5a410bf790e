"""Measure `owltype export` and what a user could run instead, on the same records and in the same run; write the tables in Markdown.

python -m benchmarks.run                                  # the whole of it, about ten minutes
python -m benchmarks.run --sizes 1000 --repeat 1          # a look
python -m benchmarks.run --write docs/benchmarks.md       # put the tables between the page's markers
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import tables
from benchmarks.floors import FLOORS
from benchmarks.measure import Measurement, measure, median_run
from benchmarks.records import write_records
from benchmarks.systems import ENVIRONMENT, ONTOLOGY, System, find_morph_python, owltype, systems

SMALL_RUNS = 7


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    sizes: Sequence[int]
    repeat: int
    rivals_up_to: int
    work: Path
    write: Path | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report, as the command line asks."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.work, prefix="owltype-bench-") as name:
        report = _report(options, Path(name))
    print(report)
    if options.write:
        tables.write_between_markers(options.write, report)
    return 0


def _report(options: Options, work: Path) -> str:
    rows: list[tables.Row] = []
    floors: list[tuple[str, int, Measurement]] = []
    phases: dict[str, dict[str, float]] = {}
    listed = systems(find_morph_python(), options.rivals_up_to)
    for size in options.sizes:
        folder = work / f"records-{size}"
        _say(f"making {size} records")
        write_records(folder, size)
        rows += _measure_size(listed, folder, size, options.repeat, work)
        if size == min(5000, max(options.sizes)):
            floors = [(step, size, _floor(step, folder, options.repeat)) for step in FLOORS]
            phases = {format_name: _phases(folder, format_name) for format_name in ("turtle", "ntriples")}
    small = tables.small(list(_small(work)))
    return "\n\n".join([tables.machine(), tables.speeds(rows), tables.memory(rows), tables.floors(floors), tables.phases(phases), small])


def _measure_size(listed: Sequence[System], folder: Path, size: int, repeat: int, work: Path) -> Iterator[tables.Row]:
    """Run every system in turn, `repeat` times round, so that a change of the machine's speed meets them all."""
    cases = [
        (system, extension)
        for extension in ("ttl", "nt")
        for system in listed
        if extension in system.formats and size <= (system.up_to or size)
    ]
    runs: dict[tuple[str, str], list[Measurement]] = {}
    triples: dict[str, int] = {}
    for turn in range(repeat):
        for system, extension in cases:
            output = work / f"out.{extension}"
            _say(f"{size} records, {system.name}, {extension}, run {turn + 1} of {repeat}")
            run = measure(system.call(folder, output), ENVIRONMENT)
            runs.setdefault((system.name, extension), []).append(run)
            if extension == "nt":
                triples[system.name] = _count_lines(output)
            output.unlink()
    for system, extension in cases:
        yield tables.Row(system.name, extension, size, triples[system.name], median_run(runs[system.name, extension]))


def _floor(step: str, folder: Path, repeat: int) -> Measurement:
    _say(f"floor: {step}")
    return median_run([measure([sys.executable, "-m", "benchmarks.floors", step, str(folder)], ENVIRONMENT) for _ in range(repeat)])


def _phases(folder: Path, format_name: str) -> dict[str, float]:
    _say(f"phases, {format_name}")
    command = [sys.executable, "-m", "benchmarks.phases", str(folder), format_name]
    output = subprocess.run(command, env={**os.environ, **ENVIRONMENT}, check=True, capture_output=True, text=True).stdout
    return {name: float(microseconds) for name, microseconds in (line.split("\t") for line in output.splitlines())}


def _small(work: Path) -> Iterator[tuple[str, Measurement]]:
    """The times that a person waits for: the version, the help, and one record."""
    folder = work / "one"
    write_records(folder, 1)
    one = owltype("export", str(folder), "-o", str(work / "one.ttl"), "--ontology", str(ONTOLOGY), "-q")
    calls = {"python -c pass": (sys.executable, "-c", "pass"), "owltype --version": owltype("--version"), "owltype export, one record": one}
    for name, call in calls.items():
        _say(name)
        yield name, median_run([measure(call, ENVIRONMENT) for _ in range(SMALL_RUNS)])


def _count_lines(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(1 for _ in stream)


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure owltype beside its rivals.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 50_000], help="numbers of records")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each command; the median is reported")
    parser.add_argument("--rivals-up-to", type=int, default=5000, help="largest number of records that the slow rivals get")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()), help="where the records are made")
    parser.add_argument("--write", type=Path, help="a page with markers that takes the tables")
    options = parser.parse_args(arguments)
    return Options(sorted(options.sizes), options.repeat, options.rivals_up_to, options.work, options.write)


if __name__ == "__main__":
    raise SystemExit(main())
