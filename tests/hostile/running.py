"""Hostile input, what a correct program does with it (../shared/hostile/manifest.tsv), and what `owltype` does.

`deviations.tsv` lists where it decides otherwise than the manifest, with the reason; an entry that is no deviation any more fails.

    python -m tests.hostile.running      # the table of file, expected, got
"""

from __future__ import annotations

import csv
import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from tests.data import HOSTILE
from tests.running import Finished, owltype

BASE = HOSTILE / "ontology" / "base.ttl"
CONTROLS = ("_control_a.md", "_control_b.md")
COMPANIONS = {
    "c12_dup_id_1.md": "c12_dup_id_2.md",
    "c12_dup_id_2.md": "c12_dup_id_1.md",
    "c14_nfc.md": "c14_nfd.md",
    "c14_nfd.md": "c14_nfc.md",
}
SUMMARY = re.compile(r"read (\d+) records?: (\d+) exported, (\d+) skipped.*?, (\d+) rejected")
REJECTED = "record rejected"
EXPORTED, SKIPPED = "exported", "skipped"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the manifest."""

    file: str
    exit: str
    line: str
    must: str

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.file.partition("/")[2]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What comes of a file: the exit status that it alone gives, the lines where something is said, and its fate."""

    exit: int
    lines: tuple[int, ...]
    fate: str
    codes: tuple[str, ...]

    def __str__(self) -> str:
        said = ", ".join(f"{code} at line {line}" for code, line in zip(self.codes, self.lines, strict=True))
        return f"exit {self.exit}, {self.fate}" + (f": {said}" if said else "")


@cache
def manifest(area: str) -> dict[str, Row]:
    """The manifest's lines for one folder, by file name; empty where the shared files are absent."""
    if not HOSTILE.exists():
        return {}
    with (HOSTILE / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        rows = [Row(line["file"], line["exit"], line["line"], line["must"]) for line in csv.DictReader(stream, delimiter="\t")]
    return {row.name: row for row in rows if row.file.startswith(f"{area}/")}


@cache
def deviations() -> Mapping[str, str]:
    """Where we decide otherwise, and why, by file name."""
    with (Path(__file__).parent / "deviations.tsv").open(encoding="utf-8", newline="") as stream:
        return {line["file"]: line["reason"] for line in csv.DictReader(stream, delimiter="\t")}


def export_with_controls(name: str, work: Path) -> tuple[Verdict, Finished, str]:
    """Export one hostile record beside the two controls, and give the verdict, the run and its N-Triples."""
    folder = work / "records"
    folder.mkdir()
    for file in {*CONTROLS, name, COMPANIONS.get(name, name)}:
        shutil.copyfile(HOSTILE / "records" / file, folder / file)
    output, report = work / "out.nt", work / "problems.json"
    finished = owltype("export", folder, "--ontology", BASE, "-o", output, "--report", f"json:{report}")
    return _verdict(name, finished, json.loads(report.read_text(encoding="utf-8"))), finished, output.read_text(encoding="utf-8")


def _verdict(name: str, finished: Finished, report: Mapping[str, list[dict[str, object]]]) -> Verdict:
    places = [place for problem in report["problems"] for place in _places(problem) if place[0] == name]
    summary = SUMMARY.search(finished.stderr)
    assert summary, finished.stderr
    seen, exported, skipped, rejected = map(int, summary.groups())
    assert seen == exported + skipped + rejected, finished.stderr
    fate = SKIPPED if skipped else "rejected" if rejected else EXPORTED
    return Verdict(finished.status, tuple(line for _, line, _ in places), fate, tuple(code for _, _, code in places))


def _places(problem: dict[str, object]) -> list[tuple[str, int, str]]:
    """File name, line and code of a problem, at each place that it names."""
    related = problem.get("related") or []
    assert isinstance(related, list)
    return [(Path(str(place["file"])).name, int(place["line"]), str(problem["code"])) for place in (problem, *related)]


def agrees(row: Row, verdict: Verdict) -> bool:
    """Whether the verdict is the manifest's: the exit status, the line where there is one to point at, and the record's fate."""
    if str(verdict.exit) != row.exit:
        return False
    if row.exit == "1" and int(row.line) not in verdict.lines:
        return False
    if row.must.startswith(REJECTED):
        return verdict.fate == "rejected"
    return row.exit == "1" or verdict.fate != "rejected"


def main() -> None:
    """Print the table for the records."""
    print("| file | expected | got |\n|---|---|---|")  # noqa: T201  # a script
    for name, row in manifest("records").items():
        with tempfile.TemporaryDirectory() as work:
            verdict = export_with_controls(name, Path(work))[0]
        mark = "" if agrees(row, verdict) else f" ({deviations().get(name, 'UNEXPLAINED')})"
        print(f"| {name} | exit {row.exit}, line {row.line} | {verdict}{mark} |")  # noqa: T201  # a script


if __name__ == "__main__":
    main()
