"""Which of a run's problems are reported: those of some files, while everything is read."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.policy.fingerprints import fingerprints
from exporter.policy.sources import read_source
from exporter.problems import Problem
from exporter.tree import Tree


@dataclass(frozen=True, slots=True)
class Scope:
    """The files that are asked about, by their absolute paths; None are all, but for `besides`. Problems of the shapes are everyone's."""

    files: frozenset[str] | None = None
    besides: frozenset[str] = frozenset()

    def within(self, problems: Sequence[Problem], tree: Tree) -> list[Problem]:
        """Give the problems that stand in one of the files, or name a place there."""
        real = {path: real_path(tree.place(path)) for problem in problems for path in _paths(problem)}
        return [problem for problem in problems if self._has(problem, [real[path] for path in _paths(problem)])]

    def _has(self, problem: Problem, paths: Sequence[str]) -> bool:
        if paths[0] in self.besides:
            return False
        return self.files is None or problem.code.startswith("SHAPES-") or not self.files.isdisjoint(paths)


@dataclass(frozen=True, slots=True)
class Since:
    """The problems that another state of the files does not have, which are known by fingerprints; `top` is the work tree's folder."""

    known: frozenset[str]
    top: str
    files: None = None

    def within(self, problems: Sequence[Problem], tree: Tree) -> list[Problem]:
        """Give the problems that are new; of several that are the same, as many as there are more now."""
        names = names_below(self.top, problems, tree)
        return [problem for problem, name in zip(problems, names, strict=True) if name not in self.known]


def names_below(top: str, problems: Sequence[Problem], tree: Tree) -> list[str]:
    """Give the fingerprints of problems with paths that count from the folder `top`, so that they are the same in a copy of it."""
    below = {path: os.path.relpath(real_path(tree.place(path)), top) for path in {problem.location.path for problem in problems}}
    paths = {name: path for path, name in below.items()}
    placed = [replace(problem, location=replace(problem.location, path=below[problem.location.path])) for problem in problems]
    return fingerprints(placed, lambda name: read_source(paths[name], tree))


def choose_scope(only: Iterable[str], paths: Iterable[str], inputs: Iterable[str], besides: frozenset[str] = frozenset()) -> Scope:
    """Ask about the files `only`; about everything where one of them is among the `inputs`, or was deleted from `paths`.

    What the inputs, files and folders, say holds for every record, and a record that is there no more may be missed by any other.
    """
    files = frozenset(map(real_path, only))
    everything = any(_is_below(file, inputs) or (not Path(file).exists() and _is_below(file, paths)) for file in files)
    return Scope(None if everything else files, besides)


def _is_below(file: str, places: Iterable[str]) -> bool:
    return any(Path(file).is_relative_to(real_path(place)) for place in places)


def real_path(path: str) -> str:
    """Give a file's absolute path, without symbolic links."""
    return str(Path(path).resolve())


def _paths(problem: Problem) -> list[str]:
    return [place.path for place in (problem.location, *problem.related)]
