"""What an ontology that is there already makes of the records: the class of each, and the keys that no row reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from exporter.keypaths import parse_key_path, write_key_path
from exporter.ontology.model import ClassRow, Ontology
from exporter.outcomes.workers import default_jobs, run_files
from exporter.pipeline.coverage import KeyTask
from exporter.plan.model import Plan
from exporter.problems import KeyPath
from exporter.project import Project


@dataclass(frozen=True, slots=True)
class MappedRecords:
    """The classes of the records of each file, by its path, and the keys that are left by class; None claims what no class does."""

    plan: Plan
    classes: Mapping[str, Counter[str | None]]
    left: Mapping[str, frozenset[KeyPath]]

    @property
    def ontology(self) -> Ontology:
        """The ontology that is there."""
        return self.plan.ontology

    def rows_of(self, iri: str, key: str) -> list[ClassRow]:
        """Give the rows by which a class reads a key, its own and those that it inherits."""
        return [row for row in self.ontology.rows.get(iri, ()) if key in map(spelled, row.mapping.source_keys)]

    def reads(self, iri: str, key: str) -> bool:
        """Say whether a class reads a key of the body, or has it in a template, or drops it."""
        rows = self.ontology.rows.get(iri, ())
        texts = [text for row in rows for text in (row.mapping.value, row.mapping.default) if text and key in text]
        ignored = [each for above in self.ontology.ancestors(iri) if above in self.ontology.classes for each in self._ignored(above)]
        return bool(texts or self.rows_of(iri, key)) or key in ignored

    def _ignored(self, iri: str) -> tuple[str, ...]:
        return self.ontology.classes[iri].ignored


def read_known(project: Project) -> MappedRecords:
    """Map the records of a project by its ontology; raises OntologyError."""
    plan = project.plan()
    task = KeyTask(project, plan)
    classes: dict[str, Counter[str | None]] = {}
    left: dict[str, set[KeyPath]] = {}
    files = (found.path for found in project.discover(plan=plan) if found.is_record)
    for file in run_files(task, files, project.jobs or default_jobs()):
        for record in file.records:
            if record.is_record and record.skipped is None:
                classes.setdefault(file.path, Counter())[record.of] += 1
            for key in record.left:
                left.setdefault(key.of, set()).add(key.path)
    return MappedRecords(plan, classes, {iri: frozenset(keys) for iri, keys in left.items()})


def spelled(key: str) -> str:
    """Write a key path in the one way in which rows are written here.

    >>> spelled('"a".b'), spelled("@links")
    ('a.b', '@links')
    """
    if key.startswith("@"):
        return key
    try:
        return write_key_path(parse_key_path(key)) or key
    except ValueError:
        return key
