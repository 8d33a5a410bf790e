"""Measure how long an answer takes: cold over records, over the exported file, over a store; and the same with rdflib.

    python -m benchmarks.query [-n 5000] [--repeat 3]

Every time is that of a whole command, from its start to its end, the best of some runs: other work on the machine only adds. CPU seconds of
all its processes stand beside it. The rdflib script parses the same exported file and asks the same query.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.records import make_records

ROOT = Path(__file__).parent.parent
QUERY = """PREFIX schema: <https://schema.org/>
SELECT ?community (COUNT(*) AS ?pages) {
  ?page schema:isPartOf / schema:name ?community
} GROUP BY ?community ORDER BY DESC(?pages) ?community LIMIT 5"""
RDFLIB = """
import sys, rdflib
graph = rdflib.Graph()
graph.parse(sys.argv[1])
for row in graph.query(sys.argv[2]):
    print(*row, sep="\\t")
"""
TARGETS = {"records": 2.0, "exported file": 1.0, "store": 0.3}


@dataclass(frozen=True, slots=True)
class Run:
    """One command: wall and CPU seconds, and what it printed."""

    wall: float
    cpu: float
    output: str


def run(command: Sequence[str]) -> Run:
    """Run a command to its end."""
    before, started = os.times(), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, stdin=subprocess.DEVNULL)
    wall, after = time.perf_counter() - started, os.times()
    cpu = after.children_user - before.children_user + after.children_system - before.children_system
    return Run(wall, cpu, done.stdout)


def best(command: Sequence[str], repeat: int) -> Run:
    """Run a command several times and give the fastest run."""
    return min((run(command) for _ in range(repeat)), key=lambda done: done.wall)


def owltype(*arguments: str | Path) -> list[str]:
    """Give the command line of owltype."""
    return [sys.executable, "-m", "exporter", *map(str, arguments)]


def prepare(folder: Path, count: int) -> None:
    """Make the records, the exported files, and the store."""
    for record in make_records(count):
        path = folder / "records" / record.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(record.text, "utf-8")
    for name in ("graph.nt", "graph.ttl"):
        run(owltype("export", folder / "records", "-o", folder / name, "-q"))
    run(owltype("query", "-d", folder / "records", "--store", folder / "store", "ASK {}"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and print a table; exit 1 where a target is missed or the answers differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("-n", type=int, default=5_000, help="records")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each, of which the fastest counts")
    chosen = parser.parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="owltype-query-"))
    try:
        return measure(folder, chosen.n, chosen.repeat)
    finally:
        shutil.rmtree(folder)


def measure(folder: Path, count: int, repeat: int) -> int:
    """Run every command and print its row."""
    prepare(folder, count)
    tsv = ("--results-format", "tsv", QUERY)
    commands = {
        "records": owltype("query", "-d", folder / "records", *tsv),
        "exported file": owltype("query", "-d", folder / "graph.ttl", *tsv),
        "exported file (N-Triples)": owltype("query", "-d", folder / "graph.nt", *tsv),
        "store": owltype("query", "--store", folder / "store", *tsv),
        "rdflib on the exported file": [sys.executable, "-c", RDFLIB, str(folder / "graph.nt"), QUERY],
    }
    print(f"{count:,} records\n\n| query over | wall s | CPU s | target s |\n| --- | ---: | ---: | ---: |")
    runs = {name: best(command, 1 if "rdflib" in name else repeat) for name, command in commands.items()}
    for name, done in runs.items():
        print(f"| {name} | {done.wall:.2f} | {done.cpu:.2f} | {TARGETS.get(name, '')} |")
    counts = [[line.split("\t")[-1] for line in done.output.splitlines() if line[:1] != "?"] for done in runs.values()]
    same = all(found == counts[0] for found in counts)
    print(f"\nsame rows everywhere: {'yes' if same else 'NO'}")
    return int(not same or any(runs[name].wall > target for name, target in TARGETS.items()))


if __name__ == "__main__":
    sys.exit(main())
