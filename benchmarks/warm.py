"""Measure exports that follow on others: with nothing changed, one record edited, one removed, another output, and what the cache costs.

make bench-warm                                   # 5,000 and 50,000 records, some twenty minutes
make bench-warm BENCH="--sizes 1000 --repeat 1"   # a look
make bench-warm BENCH="--write docs/benchmarks.md"

Beside them run the program as it was before it had a cache (`--before`, a commit), and the script that a user would write. All takes
turns, so that a change of the machine's speed meets all, and the fastest run of each counts. Every output is held against one that was
made without a cache. Seconds are above those of `owltype --version`: no run of a program that is started can be faster than that.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from benchmarks import tables
from benchmarks.measure import Measurement, fastest_run, measure
from benchmarks.records import make_records
from benchmarks.systems import ENVIRONMENT, ONTOLOGY, RIVALS, ROOT, owltype

BEGIN = "<!-- measured, warm: begin -->"
END = "<!-- measured, warm: end -->"
BEFORE_CACHE = "2d17804"
"""The commit before the first one of the cache."""
RESTING_SECONDS = 2.1
"""After so long a change of a file shows in its times, on any file system."""
FLOOR, BEFORE, SCRIPT, FILLING = "`owltype --version`", "before there was a cache", "script", "filling the cache"
LOOKED_UP = """
@prefix map: <https://w3id.org/owltype/map#> .
@prefix medigy: <https://www.medigy.com/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
medigy:CuratedContent map:match "mdName" .
medigy:related a owl:ObjectProperty ; rdfs:domain medigy:CuratedContent ; rdfs:range medigy:CuratedContent ; map:key "related" .
"""
"""What is added to the ontology so that each record names another one, which has to be looked up."""

ENVIRONMENT_HERE = {**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": ""}
"""What is installed has its bytecode, and so has what is measured."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line asks for."""

    sizes: Sequence[int]
    repeat: int
    rival_up_to: int
    before: str
    work: Path
    write: Path | None


@dataclass(frozen=True, slots=True)
class Site:
    """A project with records: its folder, how many they are, and whether they name each other."""

    folder: Path
    size: int
    looked_up: bool

    @property
    def files(self) -> list[Path]:
        """Its records."""
        return sorted((self.folder / "content").rglob("*.md"))

    @property
    def name(self) -> str:
        """What tables call its records."""
        return f"{self.size:,}{', `map:match`' if self.looked_up else ''}"


@dataclass(slots=True)
class Measured:
    """The runs on a site, by what they did, and the megabytes of the cache and of the output."""

    site: Site
    runs: dict[str, list[Measurement]]
    cache_mb: float = 0
    output_mb: float = 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and report, as the command line asks."""
    options = _parse(arguments)
    with tempfile.TemporaryDirectory(dir=options.work, prefix="owltype-warm-") as name:
        work = Path(name)
        old = check_out(options.before, work / "before")
        measured = [
            _measure_site(make_site(work / f"{size}-{looked_up}", size, looked_up=looked_up), old, options)
            for size in options.sizes
            for looked_up in (False, True)
        ]
    report = "\n\n".join([tables.machine(), table(measured), disk(measured)])
    print(report)
    if options.write:
        tables.write_between_markers(options.write, report, (BEGIN, END))
    return 0


def make_site(folder: Path, size: int, *, looked_up: bool) -> Site:
    """Make a project; where values are looked up, each record names the one before it."""
    named = ""
    for made in make_records(size):
        path = folder / "content" / made.path
        path.parent.mkdir(parents=True, exist_ok=True)
        text = made.text.replace("\ntitle: ", f"\nrelated: {named}\ntitle: ", 1) if looked_up and named else made.text
        path.write_text(text, encoding="utf-8")
        named = next(line for line in made.text.splitlines() if line.startswith("mdName: ")).removeprefix("mdName: ")
    (folder / "owltype.toml").write_text('paths = ["content"]\nontology = ["ontology.ttl"]\n', encoding="utf-8")
    (folder / "ontology.ttl").write_text(ONTOLOGY.read_text(encoding="utf-8") + LOOKED_UP * looked_up, encoding="utf-8")
    return Site(folder, size, looked_up)


def check_out(revision: str, folder: Path) -> Path:
    """Write the program as it was into a folder."""
    archive = folder.with_suffix(".tar")
    subprocess.run(["git", "-C", str(ROOT), "archive", "-o", str(archive), revision], check=True)
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    return folder


def _measure_site(site: Site, old: Path, options: Options) -> Measured:
    measured = Measured(site, {})
    for turn in range(options.repeat):
        for name, run in _turn(site, old, with_script=turn == 0 and site.size <= options.rival_up_to and not site.looked_up):
            found = run()
            said = f"{site.name} records, {name}, run {turn + 1} of {options.repeat}: {found.wall:.2f} s, {found.cpu:.2f} s of processors"
            print(f"{said}, load {os.getloadavg()[0]:.1f}", file=sys.stderr, flush=True)
            measured.runs.setdefault(name, []).append(found)
            if name == FILLING:
                measured.cache_mb = sum(path.stat().st_size for path in (site.folder / ".owltype_cache").iterdir()) / 1e6
        if len({digest(site.folder / name) for name in ("graph.ttl", "other.ttl", "cold.ttl")}) > 1:
            raise SystemExit("a run with the cache wrote other bytes than one without it")
    measured.output_mb = (site.folder / "graph.ttl").stat().st_size / 1e6
    return measured


def digest(file: Path) -> bytes:
    """Read a file bit by bit: what this process holds counts for those that it starts."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "blake2b").digest()


def _turn(site: Site, old: Path, *, with_script: bool) -> Iterator[tuple[str, Callable[[], Measurement]]]:
    """Yield what is measured, and do between it what it needs; each has to be run before the next is asked for."""
    folder = site.folder
    run = partial(measure, environment=ENVIRONMENT_HERE, expected=(0, 1), folder=folder)  # 1 where the record that another names is removed
    export = (*owltype("export"), "-q", "-j", "2", "-o")
    edited = random.Random(site.size).choice(site.files)  # noqa: S311 - not a secret
    text = edited.read_text(encoding="utf-8")
    for _ in range(5):
        yield FLOOR, partial(run, owltype("--version"))
    if with_script:
        yield SCRIPT, partial(run, (sys.executable, str(RIVALS / "script.py"), "content", "script.ttl"))
    yield BEFORE, partial(run, (*export, "old.ttl"), environment={**ENVIRONMENT_HERE, "PYTHONPATH": str(old)})
    yield "without the cache", partial(run, (*export, "cold.ttl", "--no-cache"))
    shutil.rmtree(folder / ".owltype_cache", ignore_errors=True)
    yield FILLING, partial(run, (*export, "graph.ttl"))
    time.sleep(RESTING_SECONDS)
    run((*export, "graph.ttl"))  # which believes the times of what was just written
    for _ in range(3):
        yield "nothing changed", partial(run, (*export, "graph.ttl"))
        edited.write_text(text.replace("\ntitle: ", "\ntitle: x", 1), encoding="utf-8")
        yield "one edit", partial(run, (*export, "graph.ttl"))
        edited.write_text(text, encoding="utf-8")
        yield "the edit undone", partial(run, (*export, "graph.ttl"))
        time.sleep(RESTING_SECONDS)
        run((*export, "graph.ttl"))
    edited.unlink()
    yield "one removed", partial(run, (*export, "graph.ttl"))
    edited.write_text(text, encoding="utf-8")
    run((*export, "graph.ttl"))
    yield "another output", partial(run, (*export, "other.ttl"))


def table(measured: Sequence[Measured]) -> str:
    """Write the table: seconds above the floor, and how many times the speed of a cold run before there was a cache that is.

    >>> site, run = Site(Path(), 10, False), Measurement(0.1, 0.1, 20, 20)
    >>> of = {FLOOR: [run], BEFORE: [Measurement(4.1, 8, 60, 100)], "one edit": [Measurement(0.3, 0.3, 40, 40)]}
    >>> print(table([Measured(site, of)]).splitlines()[-1])
    | 10 | one edit | 0.30 | 0.20 | 0.30 | 20 | 40 |
    """
    lines = []
    for of in measured:
        best: Mapping[str, Measurement] = {name: fastest_run(runs) for name, runs in of.runs.items()}
        floor, cold = best[FLOOR].wall, best[BEFORE].wall
        for name, run in best.items():
            above = run.wall - floor
            times = "" if name == FLOOR else f"{(cold - floor) / above:,.1f}" if cold < 10 * above else f"{(cold - floor) / above:,.0f}"
            cells = (f"{run.wall:.2f}", "" if name == FLOOR else f"{above:.2f}", f"{run.cpu:.2f}", times, f"{run.largest_mb:,.0f}")
            lines.append((of.site.name, name, *cells))
    head = ("records", "run", "seconds", "above the floor", "processor s", "times the speed of before", "largest process, MB")
    return tables.table(head, lines, numbers_from=2)


def disk(measured: Sequence[Measured]) -> str:
    """Write what the cache takes on disk."""
    lines = [(of.site.name, f"{of.cache_mb:.1f}", f"{of.output_mb:.1f}", f"{100 * of.cache_mb / of.output_mb:.0f} %") for of in measured]
    return tables.table(("records", "cache, MB", "output, MB", "share"), lines, numbers_from=1)


def _parse(arguments: Sequence[str] | None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm", description="Measure exports that follow on others.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[5000, 50_000], help="numbers of records")
    parser.add_argument("--repeat", type=int, default=3, help="turns; the fastest run of each counts")
    parser.add_argument("--rival-up-to", type=int, default=5000, help="largest number of records that the script gets")
    parser.add_argument("--before", default=BEFORE_CACHE, help="a commit of the program to compare with")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()), help="where the records are made")
    parser.add_argument("--write", type=Path, help="a page with markers that takes the tables")
    options = parser.parse_args(arguments)
    return Options(sorted(options.sizes), options.repeat, options.rival_up_to, options.before, options.work, options.write)


if __name__ == "__main__":
    raise SystemExit(main())
