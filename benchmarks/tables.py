"""The measurements as Markdown tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.measure import Measurement

RIVAL = "script"
FORMATS = {"ttl": "Turtle", "nt": "N-Triples"}
PACKAGES = ("pyoxigraph", "py-yaml12", "PyYAML", "shacl", "rdflib", "pyshacl", "python-frontmatter")
BEGIN = "<!-- measured: begin -->"
END = "<!-- measured: end -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One system's median run on one number of records in one format."""

    system: str
    extension: str
    records: int
    triples: int
    run: Measurement


def machine() -> str:
    """Name what was measured on.

    >>> machine().startswith("Measured with Python")
    True
    """
    packages = ", ".join(f"{name} {found}" for name in PACKAGES if (found := _version(name)))
    computer = f"{os.cpu_count()} cores ({platform.machine()} {platform.system()})"
    return f"Measured with Python {platform.python_version()} on {computer}; {packages}."


def speeds(rows: Sequence[Row]) -> str:
    """The main table: speed of each system, and how many times the script's it is."""
    wall = {(row.extension, row.records): row.run.wall for row in rows if row.system == RIVAL}
    lines = []
    for row in sorted(rows, key=lambda row: (row.extension != "ttl", row.records)):
        rival = wall.get((row.extension, row.records))
        times = f"{rival / row.run.wall:.1f}" if rival else ""
        cells = (
            f"{row.run.wall:.2f}",
            f"{row.run.cpu:.2f}",
            f"{row.records / row.run.wall:,.0f}",
            f"{row.triples / row.run.wall:,.0f}",
            times,
        )
        lines.append((FORMATS[row.extension], f"{row.records:,}", row.system, *cells))
    return table(
        ("format", "records", "system", "seconds", "processor seconds", "records/s", "triples/s", "times the script"), lines, numbers_from=3
    )


def memory(rows: Sequence[Row]) -> str:
    """Peak memory: the largest process, and the sum of all."""
    lines = [
        (FORMATS[row.extension], f"{row.records:,}", row.system, f"{row.run.largest_mb:,.0f}", f"{row.run.sum_mb:,.0f}")
        for row in sorted(rows, key=lambda row: (row.extension != "ttl", row.system, row.records))
    ]
    return table(("format", "records", "system", "largest process, MB", "all processes, MB"), lines, numbers_from=3)


def floors(measured: Sequence[tuple[str, int, Measurement]]) -> str:
    """What reading and parsing alone take."""
    lines = [(step, f"{size:,}", f"{run.wall:.2f}", f"{1e6 * run.wall / size:,.0f}") for step, size, run in measured]
    return table(("step, one process", "records", "seconds", "µs a record"), lines, numbers_from=1)


def phases(measured: Mapping[str, Mapping[str, float]]) -> str:
    """Where the time of an export goes, by format."""
    names = list(next(iter(measured.values())))
    lines = [(name, *(f"{of[name]:,.0f}" for of in measured.values())) for name in names]
    total = ("together", *(f"{sum(of.values()):,.0f}" for of in measured.values()))
    head = ("phase", *(f"{format_name}, µs a record" for format_name in measured))
    return table(head, [*lines, total], numbers_from=1)


def small(measured: Sequence[tuple[str, Measurement]]) -> str:
    """What a person waits for."""
    lines = [(name, f"{run.wall:.3f}", f"{run.largest_mb:,.0f}") for name, run in measured]
    return table(("command", "seconds", "largest process, MB"), lines, numbers_from=1)


def write_between_markers(page: Path, text: str, markers: tuple[str, str] = (BEGIN, END)) -> None:
    """Put the tables into a page, between two markers of it."""
    begin, end = markers
    before, rest = page.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    page.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def table(head: Sequence[str], lines: Sequence[Sequence[str]], *, numbers_from: int) -> str:
    """Write a Markdown table; the columns from `numbers_from` on are numbers, set right.

    >>> print(table(("a", "b"), [("x", "1")], numbers_from=1))
    | a | b |
    |---|--:|
    | x | 1 |
    """
    rule = "|" + "|".join("---" if column < numbers_from else "--:" for column in range(len(head))) + "|"
    return "\n".join(("| " + " | ".join(head) + " |", rule, *("| " + " | ".join(line) + " |" for line in lines)))


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
