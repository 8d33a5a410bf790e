"""The row that every problem code has: what `owltype explain` and `docs/problems.md` show."""

from __future__ import annotations

from dataclasses import dataclass

from exporter.problems import Severity


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """One problem code: what it means, a file that has the problem (`bad`) and the same file mended (`good`)."""

    code: str
    title: str
    severity: Severity
    explanation: str
    bad: str
    good: str
