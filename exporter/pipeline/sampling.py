"""Samples: what the records of a project hold at the keys that their classes read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from exporter.discovery import Discovered, gives_nothing
from exporter.generate.pages.samples import ExampleRecord, Sample, Samples
from exporter.generate.typed_keys import TypedClass, TypedClasses, TypedKey
from exporter.mapping.mapping import Mapper
from exporter.mapping.values import as_text
from exporter.pipeline.account import Progress
from exporter.pipeline.looking import nothing_found
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath, Problem, Severity
from exporter.project import Project
from exporter.records.nodes import MAX_DEPTH
from exporter.records.record import Record
from exporter.records.values import Value, look_up
from exporter.text import shorten

_EXAMPLES = 3
_LONGEST = 80  # characters of an example
_LINES = 60  # of an example record
_ITEMS = 20  # of a list that is looked at


@dataclass(frozen=True, slots=True)
class Sampled:
    """Samples of a project's records, the problems of those that could not be read, and how many files were left out, by reason."""

    samples: Samples
    problems: tuple[Problem, ...]
    skipped: Mapping[str, int]


def take_samples(project: Project, classes: TypedClasses, progress: Progress | None = None) -> Sampled:
    """Read the project's records, and note what stands at the keys of their classes; the first by path order are the examples.

    Raises UsageError where there is nothing to read.

    >>> from exporter.project import make_project
    >>> project = make_project("examples/medigy/content", ontology="ontology")
    >>> samples = take_samples(project, TypedClasses(project.plan())).samples
    >>> samples.of("https://www.medigy.com/ontology#CuratedContent", ("owlType",)).examples[0][0]
    'Medigy Communities'
    """
    sampling, skipped, problems = _Sampling(classes), Counter[str](), list[Problem]()
    reader, named = project.reader(classes.plan), project.named_files()

    def leave_out(found: Discovered) -> None:
        skipped.update([found.skipped] if found.skipped is not None else [])

    for found in project.discover(leave_out, classes.plan):
        problems += found.problems
        if not found.is_record:
            leave_out(found)
            continue
        read = reader.read(found.path)
        for reading in read.each:
            problems += reading.problems
            if reading.skipped is not None:
                skipped[reading.skipped] += 1
                problems += [gives_nothing(found.path, reading.skipped)] if found.path in named else []
            sampling.add(reading.record)
        if progress:
            progress(sampling.read)
    if not (sampling.read or problems):
        raise nothing_found(project.paths, project.selection, skipped, problems)
    return Sampled(sampling.samples(unread=_count_unread(problems)), tuple(problems), dict(skipped))


def _count_unread(problems: Iterable[Problem]) -> int:
    """Count the files that gave no record."""
    return len({problem.location.path for problem in problems if problem.severity is Severity.ERROR})


class _Sampling:
    def __init__(self, classes: TypedClasses) -> None:
        self._classes = classes
        self._mapper = Mapper(classes.plan)
        self._maps: Counter[str] = Counter()
        self._counts: Counter[tuple[str, KeyPath]] = Counter()
        self._examples: dict[tuple[str, KeyPath], dict[str, str]] = {}
        self._best: dict[str, tuple[int, Record]] = {}
        self._of_maps: set[tuple[str, KeyPath]] = set()
        self.read = 0

    def add(self, record: Record | None) -> None:
        """Note what one record holds; the one with the most keys is the example of its class, the first of several."""
        plan = self._mapper.class_of(record) if record is not None else None
        self.read += record is not None
        if plan is None or record is None:
            return
        for of in self._described(plan):
            self._walk(of, record.front_matter, record.path, 0)
            known = sum(1 for name in record.front_matter if name in of.keys)
            if record.item is None and known > self._best.get(of.of.iri.value, (0, record))[0]:
                self._best[of.of.iri.value] = (known, record)

    def _described(self, plan: ClassPlan) -> list[TypedClass]:
        """Give the class of a record, or each of those that its several labels claim."""
        known = self._classes.plan.classes
        if known.get(plan.iri.value) is plan:
            return [self._classes.of(plan)]
        return [self._classes.of(of) for type_ in plan.types if (of := known.get(type_.value)) is not None and of.makes_records]

    def _walk(self, of: TypedClass, map_: dict[str, Value], record_path: str, depth: int) -> None:
        self._maps[of.of.iri.value] += 1
        self._keys(of, of.keys, map_, (), record_path, depth)

    def _keys(self, of: TypedClass, keys: Mapping[str | int, TypedKey], held: Value, path: KeyPath, record_path: str, depth: int) -> None:
        """Note what a map holds, or a list of which the items have meanings of their own."""
        for name, key in keys.items():
            value = look_up(held, (name,))
            if value is not None and value != "":
                here = (*path, name)
                self._counts[of.of.iri.value, here] += 1
                if key.readings or key.lists or not key.children:
                    self._note((of.of.iri.value, here), value, record_path)
                self._below(of, key, value, here, record_path, depth)

    def _note(self, at: tuple[str, KeyPath], value: Value, record_path: str) -> None:
        """Keep a value, or the items of a list, as examples; a map is shown as JSON."""
        examples = self._examples.setdefault(at, {})
        for item in value[:_ITEMS] if isinstance(value, list) else [value]:
            if len(examples) < _EXAMPLES and item is not None and item not in ("", {}, []):
                is_map = isinstance(item, (dict, list))
                self._of_maps |= {at} if is_map else set()
                text = " ".join(as_text(item).split())
                examples.setdefault(shorten(text, _LONGEST), record_path)

    def _below(self, of: TypedClass, key: TypedKey, value: Value, path: KeyPath, record_path: str, depth: int) -> None:
        """Go into maps, and into those of lists."""
        nested = [plan.of for reading in key.readings for plan in reading.step.values if plan.kind == "resource" and plan.of is not None]
        if isinstance(value, list) and any(isinstance(name, int) for name in key.children):
            self._keys(of, key.children, value, path, record_path, depth + 1)
            return
        for item in value[:_ITEMS] if isinstance(value, list) else [value]:
            if isinstance(item, dict) and depth < MAX_DEPTH:
                self._keys(of, key.children, item, path, record_path, depth + 1)
                for inner in nested:
                    self._walk(self._classes.of(inner), item, record_path, depth + 1)

    def samples(self, *, unread: int) -> Samples:
        """Give what was noted."""
        return Samples(
            maps=dict(self._maps),
            keys={at: Sample(count, tuple(self._examples.get(at, {}).items()), at in self._of_maps) for at, count in self._counts.items()},
            records={iri: _example(record) for iri, (_, record) in self._best.items()},
            read=self.read,
            unread=unread,
        )


def _example(record: Record) -> ExampleRecord:
    lines = record.text[slice(*record.span)].strip("\r\n").splitlines()
    text = "\n".join(shorten(line, 2 * _LONGEST) for line in lines[:_LINES])
    return ExampleRecord(record.path, text, len(lines) > _LINES)
