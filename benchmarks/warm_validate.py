"""Measure validations that follow on others: with nothing changed, one literal edited, one topic added, one record removed.

make bench-warm-validate                                   # 5,000 and 50,000 records, some twenty minutes
make bench-warm-validate BENCH="--sizes 1000 --repeat 1"   # a look

As `benchmarks.warm` does: beside the program as it was before it had a cache, in turns, in seconds above `owltype --version`; each report
is held against one that was made without the cache. One record in ten has a fault.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

from benchmarks import tables
from benchmarks.measure import Measurement, measure
from benchmarks.records import write_records
from benchmarks.systems import ONTOLOGY, owltype
from benchmarks.validate import FAULTS, SHAPES
from benchmarks.warm import (
    BEFORE,
    BEFORE_CACHE,
    ENVIRONMENT_HERE,
    FILLING,
    FLOOR,
    RESTING_SECONDS,
    Measured,
    Site,
    check_out,
    digest,
    table,
)

BEGIN = "<!-- measured, warm validate: begin -->"
END = "<!-- measured, warm validate: end -->"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report, as the command line asks."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.work, prefix="owltype-warm-") as name:
        old = check_out(options.before, Path(name, "before"))
        measured = [_measure_site(_make_site(Path(name, str(size)), size), old, options.repeat) for size in sorted(options.sizes)]
    report = f"{tables.machine()}\n\n{table(measured)}"
    print(report)
    if options.write:
        tables.write_between_markers(options.write, report, (BEGIN, END))
    return 0


def _make_site(folder: Path, size: int) -> Site:
    """Make a project with shapes, one in ten of its records with a fault."""
    write_records(folder / "content", size, faults=FAULTS)
    settings = 'paths = ["content"]\nontology = ["ontology.ttl"]\nshapes = ["shapes.ttl"]\n'
    (folder / "owltype.toml").write_text(settings, encoding="utf-8")
    shutil.copyfile(ONTOLOGY, folder / "ontology.ttl")
    shutil.copyfile(SHAPES, folder / "shapes.ttl")
    return Site(folder, size, looked_up=False)


def _measure_site(site: Site, old: Path, repeat: int) -> Measured:
    measured = Measured(site, {})
    for turn in range(repeat):
        for name, run in _turn(site, old):
            found = run()
            said = f"{site.name} records, {name}, run {turn + 1} of {repeat}: {found.wall:.2f} s, {found.cpu:.2f} s of processors"
            print(f"{said}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            measured.runs.setdefault(name, []).append(found)
    return measured


def _turn(site: Site, old: Path) -> Iterator[tuple[str, Callable[[], Measurement]]]:
    """Yield what is measured, and do between it what it needs; each has to be run before the next is asked for."""
    folder = site.folder
    run = partial(measure, environment=ENVIRONMENT_HERE, expected=(0, 1), folder=folder)
    check = (*owltype("validate"), "-q", "-j", "2", "--report")
    cold, warm = (*check, "jsonl:cold.jsonl", "--no-cache"), (*check, "jsonl:warm.jsonl")
    edited = random.Random(site.size).choice(site.files)  # noqa: S311 - not a secret
    text = edited.read_text(encoding="utf-8")
    added = text.replace("\ncommunityTopics:\n", "\ncommunityTopics:\n- 'Medigy: New'\n", 1)
    for _ in range(5):
        yield FLOOR, partial(run, owltype("--version"))
    yield BEFORE, partial(run, (*check, "jsonl:old.jsonl"), environment={**ENVIRONMENT_HERE, "PYTHONPATH": str(old)})
    yield "without the cache", partial(run, cold)
    shutil.rmtree(folder / ".owltype_cache", ignore_errors=True)
    yield FILLING, partial(run, warm)
    for _ in range(3):
        time.sleep(RESTING_SECONDS)
        run(warm)  # which believes the times of what was just written
        yield "nothing changed", partial(run, warm)
        edited.write_text(text.replace("\ntitle: ", "\ntitle: x", 1), encoding="utf-8")
        yield "a literal edited", partial(run, warm)
        edited.write_text(added, encoding="utf-8")
        yield "a topic added", partial(run, warm)
        shutil.copyfile(folder / "warm.jsonl", folder / "added.jsonl")
        edited.write_text(text, encoding="utf-8")
        run(warm)
    edited.write_text(added, encoding="utf-8")
    run(cold)
    _compare(folder, "added.jsonl")
    edited.unlink()
    yield "one removed", partial(run, warm)
    run(cold)
    _compare(folder, "warm.jsonl")
    edited.write_text(text, encoding="utf-8")


def _compare(folder: Path, warm: str) -> None:
    if digest(folder / warm) != digest(folder / "cold.jsonl"):
        raise SystemExit("a run with the cache reported other problems than one without it")


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm_validate", description="Measure validations that follow on others.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 50_000], help="numbers of records")
    parser.add_argument("--repeat", type=int, default=3, help="turns; the fastest run of each counts")
    parser.add_argument("--before", default=BEFORE_CACHE, help="a commit of the program to compare with")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()), help="where the records are made")
    parser.add_argument("--write", type=Path, help="a page with markers that takes the table")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    raise SystemExit(main())
