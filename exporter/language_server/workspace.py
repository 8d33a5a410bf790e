"""A project that is open in an editor: its plan, shapes and records, with the buffers in the place of their files."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from exporter.digests import short_digest
from exporter.discovery import would_read
from exporter.errors import ExporterError
from exporter.language_server.knowledge import Knowledge
from exporter.language_server.sketch.model import Sketch
from exporter.language_server.sketch.sketching import sketch
from exporter.mapping.holes import settle_mapped
from exporter.mapping.mapping import Mapper
from exporter.outcomes.outcome import Outcome, RecordOutcome
from exporter.plan.model import ClassPlan, Plan
from exporter.policy.ending import FinishedRun, Policy
from exporter.problems import KeyPath, Problem
from exporter.project import Project
from exporter.records.data.claims import find_claims
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.validation.shapes.constraints import read_constraints

if TYPE_CHECKING:  # what the first answers need not, is imported when it is needed: half a second that an editor would wait
    from exporter.fixes.suggesting import Suggester
    from exporter.language_server.checking import LocalShapes
    from exporter.language_server.index import IndexedRecords
    from exporter.outcomes.making import FileTask
    from exporter.pipeline.ledger import Ledger
    from exporter.validation.results.tracing import TracedRecord
    from exporter.validation.shapes.graph import ShapesGraph

_BETWEEN_TEXTS = "MAP-IRI-MERGED"
"""What stands between the texts of two records, which are not compared with each keystroke."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A buffer: the project path of its file, the text as it stands, and the version that the client gave it."""

    path: str
    text: str
    version: int = 0

    @property
    def data(self) -> bytes:
        """The bytes that saving it would write, as UTF-8."""
        return self.text.encode("utf-8", "surrogatepass")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What is known of a buffer: its problems, and whether records in other files may see a difference."""

    problems: tuple[Problem, ...]
    changed: bool


class Workspace:
    """The records of one project, with what is open of them. Raises OntologyError, ShapesError and UsageError where it can't be loaded.

    `loading` its records takes a moment, and is done when they are first asked for.
    """

    def __init__(self, project: Project, policy: Policy | None = None) -> None:
        self.project = project
        self.policy = policy or Policy()
        self.plan: Plan = project.plan()
        self.buffers: dict[str, Opened] = {}
        self.known: dict[str, tuple[Problem, ...]] = {}
        """What the last whole validation found, by file."""
        self.habits: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = {}
        """What some records have at a key, by class and key: what was looked at once."""
        self._loading = threading.Lock()
        self._index: IndexedRecords | None = None
        self._reader = project.reader(self.plan)
        self._mapper = Mapper(self.plan)

    @property
    def index(self) -> IndexedRecords:
        """The records, loaded by whoever asks first; others wait for it."""
        with self._loading:
            if self._index is None:
                from exporter.language_server.index import IndexedRecords

                self._index = IndexedRecords(self.project, self.plan)
            return self._index

    @property
    def is_loaded(self) -> bool:
        """Whether nobody has to wait for the records."""
        return self._index is not None

    @cached_property
    def _task(self) -> FileTask:
        from exporter.outcomes.making import FileTask

        return FileTask(self.project, "ntriples", self.plan)

    @cached_property
    def shapes_graph(self) -> ShapesGraph:
        """The shapes; raises ShapesError."""
        from exporter.validation.shapes.generated import generated_shapes
        from exporter.validation.shapes.loading import load_shapes

        project = self.project
        return load_shapes(project.shapes_files(), dict(project.imports)) if project.shapes else generated_shapes(self.plan)

    @cached_property
    def shapes(self) -> LocalShapes:
        """The shapes that tell of a record at once; raises ShapesError."""
        from exporter.language_server.checking import LocalShapes

        return LocalShapes(self.plan, self.shapes_graph)

    @cached_property
    def knowledge(self) -> Knowledge:
        """What ontology and shapes say of keys."""
        try:
            constraints = read_constraints(self.shapes_graph) if self.project.shapes else None
        except ExporterError:  # which is said where shapes are checked
            constraints = None
        return Knowledge(self.plan, constraints)

    @cached_property
    def suggester(self) -> Suggester:
        """What gives the fixes of problems."""
        from exporter.fixes.suggesting import Suggester

        return Suggester(self.plan, self.shapes_graph, self.project.tree)

    @property
    def reader(self) -> Reader:
        """What reads records, buffers in the place of their files."""
        overlays = {**self.project.tree.overlays, **{path: opened.data for path, opened in self.buffers.items()}}
        return replace(self._reader, tree=replace(self.project.tree, overlays=overlays))

    @property
    def deciding(self) -> list[str]:
        """The files and folders of the ontology and the shapes, as they are on this machine."""
        project = self.project
        named = [*project.plan_files(), *project.shapes_files(), *(source.path for source in self.plan.ontology.sources)]
        return [str(Path(project.tree.here, name)) for name in (*named, *(file for _, file in project.imports))]

    def project_path(self, file: str | Path) -> str:
        """Give the project path of a file on this machine."""
        return self.project.tree.project_path(str(file))

    def place(self, path: str) -> str:
        """Say where a file of the project lies."""
        place = self.project.tree.place(path)
        return place if Path(place).is_absolute() else str(Path(self.project.tree.here, place))

    def is_record(self, path: str) -> bool:
        """Say whether a run would read a file."""
        project = self.project
        return would_read(path, project.required_paths, project.selection, project.tree, self.plan.data_files)

    def text(self, path: str) -> str | None:
        """Give the text of a file, as it stands in the editor where it is open; None where it can't be read."""
        if path in self.buffers:
            return self.buffers[path].text
        try:
            return self._reader.data(path).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return None

    def sketch(self, path: str) -> Sketch | None:
        """Sketch the front matter of a file."""
        text = self.text(path)
        return None if text is None else sketch(path, text)

    def class_at(self, path: str, key_path: KeyPath, drawn: Sketch | None = None) -> tuple[ClassPlan | None, KeyPath]:
        """Give the class of the record that a key path of a file is in, and the key path in that record; the class may not be known."""
        for claim in find_claims(self.plan.data_files, path):
            depth = len(claim.key_path) + 1
            if key_path[: depth - 1] == claim.key_path and len(key_path) >= depth:
                return self.plan.classes.get(claim.class_iri), key_path[depth:]
        drawn = drawn or self.sketch(path)
        record = self.reader.record(path) or Record(path, drawn.values if drawn else {}, "", "yaml", "", 1)
        return self._mapper.class_of(record) or self.plan.default_class, key_path

    def record_at(self, path: str, key_path: KeyPath) -> tuple[Record | None, int, KeyPath]:
        """Give the record that a key path of a file is in, its number there, and the key path in it; None where it can't be read."""
        for number, reading in enumerate(self.reader.read(path).each):
            record = reading.record
            if record is not None and record.item is None:
                return record, number, key_path
            if record is not None and record.item is not None and key_path[: len(record.item.path)] == record.item.path:
                return record, number, key_path[len(record.item.path) :]
        return None, 0, key_path

    @cached_property
    def _keys(self) -> dict[str, tuple[str, ...]]:
        from exporter.pipeline.exporting import known_keys

        return known_keys(self.plan)

    def known_keys(self, record: Record) -> tuple[str, ...]:
        """Give the keys that the class of a record reads or ignores; none where it has no class."""
        of = self._mapper.class_of(record)
        return self._keys.get(of.name, ()) if of is not None else ()

    def unmapped(self, record: Record) -> list[KeyPath]:
        """Give the keys of a record that nobody reads."""
        return [unmapped.key_path for unmapped in self._mapper.map(record).unmapped]

    def traced(self, record: Record) -> TracedRecord:
        """Map a record with the origin of each statement, and with what its values name."""
        from exporter.validation.results.tracing import TracedRecord

        references = self.index.references
        mapped = self._mapper.map(record, traced=True)
        settle = references.settle_as(record.path, mapped.iri.value if mapped.iri else "") if references else (lambda _: None)
        return TracedRecord(record, settle_mapped(mapped, settle), self.plan)

    def update(self, path: str, *, saved: bool = False) -> Diagnosis:
        """Map a buffer or a file anew: what it says now counts for all others.

        While it can't be read or mapped, which most of the time it can't be while one types, the former counts on, unless it is `saved`.
        """
        reader, outcome = self.reader, self._outcome(path)
        ledger = self._ledger(path, outcome, reader)
        exported = ledger.add(outcome)
        changed = bool(exported or saved) and self.index.answer_as(path, outcome, exported)
        references = self.index.references
        settled: Sequence[tuple[int, RecordOutcome]] = exported
        if references is not None:
            references.forget()
            settled = [(item, references.settled((path, item), record, self._task.writer)) for item, record in exported]
        if exported or saved:
            changed |= self.index.put(path, settled)
        problems = [*ledger.finish(self._paths, None, references), *self._checked(path, settled, reader)]
        return Diagnosis(self._settle(path, problems, reader, [record.iri or "" for _, record in exported]), changed)

    def _outcome(self, path: str) -> Outcome:
        opened = self.buffers.get(path)
        return self._task.make(path, opened.data if opened else None, contributions=False)

    def _checked(self, path: str, settled: Sequence[tuple[int, RecordOutcome]], reader: Reader) -> list[Problem]:
        try:
            return self.shapes.check(path, settled, self.index, reader, self.index.references)
        except ExporterError:  # shapes that can't be loaded are said once, by the whole validation
            return []

    def _ledger(self, path: str, outcome: Outcome, reader: Reader) -> Ledger:
        """Make a ledger that knows all other records; of two with one IRI the first is exported, and the problem stands at the other."""
        from exporter.pipeline.exporting import plan_iri_keys
        from exporter.pipeline.ledger import Ledger, order_of

        index = self.index
        known = dict(index.digests)
        for record in index.by_path.get(path, ()):
            known.pop(short_digest(record.iri), None)
        for made in outcome.records:
            other = index.by_iri.get(made.iri or "")
            if other is not None and other.path != path and order_of((other.path, 0)) > order_of((path, 0)):
                known.pop(short_digest(other.iri), None)
        return Ledger(plan_iri_keys(self.plan), reader, first=len(index.paths) + 1, known=known)

    def _paths(self, numbers: Sequence[int]) -> dict[int, str]:
        return {number: self.index.paths[number] for number in numbers if number < len(self.index.paths)}

    def _settle(self, path: str, problems: Sequence[Problem], reader: Reader, iris: Sequence[str]) -> tuple[Problem, ...]:
        """Leave out what is suppressed, and add what only a whole validation finds, where it stands now."""
        live = [problem for problem in problems if problem.location.path == path]
        others = self.known.get(path, ()) if iris else ()
        kept = [self._moved(problem, reader) for problem in others if not self._tells(problem, iris)]
        found = list(dict.fromkeys((*live, *kept)))
        settled = self.policy.settle(found, FinishedRun((path,), complete=False, reader=reader))
        return settled.problems

    def _tells(self, problem: Problem, iris: Sequence[str]) -> bool:
        """Say whether a problem of the last whole validation is one that is found while one types."""
        if problem.code == _BETWEEN_TEXTS:
            return False
        try:
            return self.shapes.tells(problem, iris)
        except ExporterError:
            return True

    def _moved(self, problem: Problem, reader: Reader) -> Problem:
        record = reader.record(problem.location.path) if problem.key_path else None
        return replace(problem, location=record.locate(problem.key_path)) if record is not None else problem

    def remove(self, path: str) -> None:
        """Forget a file that is gone."""
        self.index.remove(path)

    def close(self) -> None:
        """Let go of what was loaded."""
        if self._index is not None:
            self._index.close()
