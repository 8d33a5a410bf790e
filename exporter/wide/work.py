"""What an executor has to know of a run, and how it gets to its plan: from the same files as the driver, and with the same digest."""

from __future__ import annotations

import json
import pickle
import platform
import socket
from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from exporter.digests import short_digest
from exporter.errors import ExporterError
from exporter.mapping.model import Answers
from exporter.outcomes.making import FileTask
from exporter.plan.digest import plan_digest
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.references.other_files import OtherFiles
from exporter.references.settling import Nameable, References
from exporter.references.unanswered import Reason, double
from exporter.text import quote
from exporter.wide.parts import sees_folder
from exporter.writers.formats import FileFormat, find_format

_COMPARED = ("owltype", "pyoxigraph", "PyYAML", "py-yaml12", "python-frontmatter", "markdown-it-py")


@dataclass(frozen=True, slots=True)
class Work:
    """A run as executors get it. `named` are the files that were named, `left_out` those that were not read, with the reason.

    `losers` are the digests of IRIs of records that are not exported because an earlier part has them, by the number of their part.
    `listed` has the records of each part listed beside it, for whoever reads the parts again.
    """

    project: Project
    format: str
    digest: str
    versions: Mapping[str, str]
    staging: str
    buckets: int
    named: frozenset[str] = frozenset()
    left_out: Mapping[str, str] = field(default_factory=dict)
    chunks: int = 0
    losers: Mapping[int, bytes] = field(default_factory=dict)
    listed: bool = False

    def packed(self) -> bytes:
        """Give it as bytes, by which an executor knows whether it has prepared it."""
        return pickle.dumps(self)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A run in a process that works on it."""

    work: Work
    plan: Plan
    task: FileTask
    written: FileFormat

    def unread(self, paths: Sequence[str]) -> dict[str, str]:
        """Map files that were left out, for the IRIs that their records would have."""
        return dict(_unread(self.task, tuple(paths)))


def portable(project: Project) -> Project:
    """Give a project that means the same wherever a process stands: executors have a current folder of their own."""
    tree = project.tree
    whole = tuple(str(Path(tree.here, name)) for name in project.ontology)
    return replace(project, ontology=whole, tree=replace(tree, here=""))


def versions() -> dict[str, str]:
    """Give the versions that a plan depends on."""
    found = {"Python": f"{platform.python_implementation()} {platform.python_version()}"}
    for package in _COMPARED:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = "not installed"
    return found


@lru_cache(maxsize=1)
def prepare(packed: bytes) -> Prepared:
    """Compile the plan, once in a process for many parts; raises ExporterError where it is not the driver's."""
    work: Work = pickle.loads(packed)  # noqa: S301 - the driver of this run made it
    here = socket.gethostname()
    if not sees_folder(work.staging):
        raise ExporterError(
            f"the executor on {here} does not see the folder {quote(work.staging)}: records, ontology and output have to be on a "
            "file system that the driver and all executors have at the same path"
        )
    plan = work.project.plan()
    if plan_digest(plan) != work.digest:
        raise ExporterError(f"the executor on {here} has another plan than the driver: {_difference(work)}")
    return Prepared(work, plan, FileTask(work.project, work.format, plan), find_format(work.format))


def answers_name(chunk: int) -> str:
    """Name the file that has what the records of a part answer to."""
    return f"answers-{chunk:05d}"


@lru_cache(maxsize=1)
def _all_references(packed: bytes) -> References:
    """Read what all records answer to: each process that settles references holds it, as that of an ordinary run does."""
    prepared = prepare(packed)
    references, work = References(prepared.plan, OtherFiles(prepared.work.project, prepared.plan)), prepared.work
    for chunk in range(work.chunks):
        losers = work.losers.get(chunk, b"")
        lost = {losers[at : at + 8] for at in range(0, len(losers), 8)}
        with Path(work.staging, answers_name(chunk)).open("rb") as file:
            for path, iri, alone, answers, reason in map(json.loads, file):
                if reason is not None:
                    references.enter(Nameable(path, reason=Reason(*reason)))
                elif short_digest(iri) not in lost:
                    said = tuple(Answers(range_, tuple(map(tuple, texts))) for range_, texts in answers)
                    references.enter(Nameable(path, iri, alone, said))
                elif alone:
                    references.enter(Nameable(path, reason=double(path)))
    return references


def references_of(packed: bytes) -> References:
    """Give what settles the references of one part."""
    references = copy(_all_references(packed))
    references.forget()
    return references


def _difference(work: Work) -> str:
    own = versions()
    other = [f"{name} is {own[name]} there and {known} here" for name, known in work.versions.items() if own[name] != known]
    return "; ".join(other) if other else "the ontology's files, a handler or a conversion differ; install the same on all machines"


@lru_cache(maxsize=1)
def _unread(task: FileTask, paths: tuple[str, ...]) -> Mapping[str, str]:
    outcomes = [task.make(path, text=False) for path in paths]
    return {record.iri: outcome.path for outcome in outcomes for record in outcome.records if record.iri is not None}
