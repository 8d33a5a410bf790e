"""Which of a run's problems are reported: those of some files, while everything is read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from exporter.problems import Problem


@dataclass(frozen=True, slots=True)
class Scope:
    """The files that are asked about, by their absolute paths; problems of the shapes are everyone's."""

    files: Collection[str]

    def within(self, problems: Sequence[Problem]) -> list[Problem]:
        """Give the problems that stand in one of the files, or name a place there."""
        real = {path: str(Path(path).resolve()) for problem in problems for path in _paths(problem)}
        return [p for p in problems if p.code.startswith("SHAPES-") or any(real[path] in self.files for path in _paths(p))]


def _paths(problem: Problem) -> list[str]:
    return [place.path for place in (problem.location, *problem.related)]
