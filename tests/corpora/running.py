"""Export a corpus once, with its minimal ontology, and give everything that came of it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import Quad, RdfFormat

from tests.running import ROOT, Finished, owltype

SUMMARY = re.compile(r"read ([\d,]+) records?: ([\d,]+) exported, ([\d,]+) skipped.*?, ([\d,]+) rejected")


@dataclass(frozen=True, slots=True)
class Account:
    """A run over a corpus: its balance, its problems, its graph."""

    seen: int
    exported: int
    skipped: int
    rejected: int
    problems: tuple[Mapping[str, object], ...]
    quads: frozenset[Quad]
    finished: Finished

    def codes(self, *, rejecting: bool) -> list[str]:
        """The codes of the problems, of those that reject a record or of the others."""
        return [str(problem["code"]) for problem in self.problems if str(problem["code"]).startswith("YAML") == rejecting]


def ontology_of(corpus: str) -> Path:
    """The minimal ontology that the examples have for a corpus."""
    return ROOT / "examples" / corpus / "ontology.ttl"


def export_corpus(corpus: str, folder: Path, work: Path) -> Account:
    """Export a folder of a corpus with two workers."""
    output, report = work / "graph.nt", work / "problems.json"
    finished = owltype("export", folder, "--ontology", ontology_of(corpus), "-o", output, "--report", f"json:{report}", "-j", "2")
    summary = SUMMARY.search(finished.stderr)
    assert summary, finished.stderr[-2000:]
    seen, exported, skipped, rejected = (int(number.replace(",", "")) for number in summary.groups())
    problems = tuple(json.loads(report.read_text(encoding="utf-8"))["problems"])
    quads = frozenset(pyoxigraph.parse(path=output, format=RdfFormat.N_TRIPLES))
    return Account(seen, exported, skipped, rejected, problems, quads, finished)
