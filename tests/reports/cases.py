"""The report cases: a folder each, with `problems.json`, the sources they point at, and `expected/`.

`pytest tests/reports --update` writes `expected/` anew; the diff is reviewed like code.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exporter.problems import Location, Problem, Severity, ShaclDetail
from exporter.reports import ReportContext, render
from tests.cases import find

ENDINGS = {"json": "json", "jsonl": "jsonl", "sarif": "sarif", "gitlab": "json", "junit": "xml", "markdown": "md", "html": "html"}


def cases() -> list[Path]:
    """Give the case folders."""
    return find(__file__)


def read_problems(case: Path) -> list[Problem]:
    """Read a case's problems."""
    return [_problem(row) for row in json.loads((case / "problems.json").read_text("utf-8"))]


def context_of(case: Path, *, color: bool = False) -> ReportContext:
    """Give the context that cases are rendered in; the sources are the case's own."""

    def source(path: str) -> str | None:
        file = case / path
        return file.read_bytes().decode("utf-8") if file.is_file() else None

    return ReportContext(
        version="0.1.0", color=color, checked=3, files=["content/clean.md"], prefixes={"ex": "https://ex.org/ns#"}, source=source
    )


def expected_file(case: Path, name: str) -> Path:
    """Say where a case's expected report stands."""
    return case / "expected" / f"{name}.{ENDINGS.get(name, 'txt')}"


def render_case(case: Path, name: str, problems: Sequence[Problem] | None = None, *, color: bool = False) -> bytes:
    """Write one report of a case."""
    return render(name, read_problems(case) if problems is None else problems, context_of(case, color=color))


def _problem(row: dict[str, Any]) -> Problem:
    shacl = row.get("shacl")
    if shacl:
        shacl = ShaclDetail(**{**shacl, "shape_location": Location(*shacl["shape_location"])})
    return Problem(
        row["code"],
        Location(*row["at"]),
        row["message"],
        Severity(row["severity"]),
        help=row.get("help"),
        key_path=tuple(row.get("key_path", ())),
        related=tuple(Location(*place) for place in row.get("related", ())),
        shacl=shacl,
    )
