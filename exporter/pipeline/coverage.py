"""Coverage: for each class of records, which keys the ontology maps, ignores and leaves, how often, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal as OneOf

from exporter.discovery import Discovered, gives_nothing
from exporter.generate.suggestions import LeftKey, leaves
from exporter.mapping.mapping import Mapper
from exporter.mapping.model import Unmapped
from exporter.pipeline.exporting import Progress, known_keys
from exporter.pipeline.ledger import Where, near_key
from exporter.pipeline.looking import nothing_found
from exporter.plan.model import ClassPlan, KeyNode, Plan
from exporter.problems import KeyPath, Location, Problem, format_key_path
from exporter.project import Project
from exporter.records.reading import Reader
from exporter.records.record import Reading
from exporter.records.values import Value

Status = OneOf["mapped", "ignored", "unmapped"]
STATUSES: tuple[Status, ...] = ("unmapped", "ignored", "mapped")


@dataclass(frozen=True, slots=True)
class KeyCoverage:
    """A key of a class of records: what becomes of it, in how many records it stands, and where first.

    `near` is a mapped key with a similar name, given for unmapped keys alone.
    """

    class_name: str
    key: str
    status: Status
    count: int
    example: Location
    near: str | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an ontology covers of a folder of records: `classes` counts the records of each class, `unread` names files that gave no record.

    `left` is what would map the unmapped keys.
    """

    plan: Plan
    seen: int
    classes: Mapping[str, int]
    keys: tuple[KeyCoverage, ...]
    problems: tuple[Problem, ...]
    unread: frozenset[str] = frozenset()
    left: tuple[LeftKey, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Left:
    """A key that could be mapped: the first record and key that have it, how many records do, and the ranges that its values fit."""

    where: Where
    key_path: KeyPath
    listed: str
    count: int = 0
    ranges: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Entry:
    count: int
    where: Where
    key_path: KeyPath


def measure_coverage(project: Project, progress: Progress | None = None) -> Coverage:
    """Measure what the ontology covers of a project's records; records without a class count for none.

    Keys come by class, the unmapped ones first, the most frequent first. Raises OntologyError and UsageError.

    >>> from exporter.project import make_project
    >>> measured = measure_coverage(make_project("examples/medigy/content", ontology="ontology"))
    >>> [key.key for key in measured.keys if key.status == "unmapped"]
    []
    """
    project.required_paths  # noqa: B018 - it refuses to be without
    plan = project.plan()
    count = _Count(plan, project.reader(plan))
    count.named = project.named_files()
    for found in project.discover(count.leave_out, plan):
        count.problems += found.problems
        count.unread |= {found.path} if found.problems and found.skipped is None else set()
        if found.is_record:
            count.add(found.path)
            if progress:
                progress(count.seen)
        else:
            count.leave_out(found)
    if not (count.seen or count.unread):
        raise nothing_found(project.paths, project.selection, count.skipped, count.problems)
    classes = dict(sorted(count.classes.items()))
    keys, left = tuple(count.keys()), tuple(count.left())
    return Coverage(plan, count.seen, classes, keys, tuple(count.problems), frozenset(count.unread), left, dict(count.skipped))


class _Count:
    def __init__(self, plan: Plan, reader: Reader) -> None:
        self.seen = 0
        self.unread: set[str] = set()
        self.skipped: Counter[str] = Counter()
        self.named: frozenset[str] = frozenset()
        self._reader = reader
        self.classes: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._plan = plan
        self._mapper = Mapper(plan)
        self._of = {of.name: of for of in plan.record_classes}
        self._left: dict[tuple[str, KeyPath], _Left] = {}
        self._entries: dict[tuple[str, Status, str], _Entry] = {}

    def leave_out(self, found: Discovered) -> None:
        """Count a file that is not read."""
        if found.skipped is not None:
            self.skipped[found.skipped] += 1

    def add(self, path: str) -> None:
        """Count the keys of one file's records."""
        reading = self._reader.read(path)
        self.problems += reading.problems if reading.items else ()
        for item, each in enumerate(reading.each):
            self._add((path, item), each)

    def _add(self, where: Where, reading: Reading) -> None:
        path = where[0]
        self.problems += reading.problems
        if reading.skipped is not None:
            self.skipped[reading.skipped] += 1
            self.problems += [gives_nothing(path, reading.skipped)] if path in self.named else []
        if reading.record is None:
            self.unread |= {path} if reading.skipped is None else set()
            return
        self.seen += 1
        mapped = self._mapper.map(reading.record)
        of = self._of.get(mapped.class_name)
        if of is None:
            self.problems += mapped.problems
            return
        self.classes[of.name] += 1
        covered = _covered(of.keys, reading.record.front_matter, ())
        found: dict[tuple[Status, str], KeyPath] = {}
        if self._plan.type_key in reading.record.front_matter:
            found["mapped", self._plan.type_key] = (self._plan.type_key,)
        for key_path, ignored in covered:
            found.setdefault(("ignored" if ignored else "mapped", _name(key_path)), key_path)
        for unmapped in mapped.unmapped:
            found.setdefault(("unmapped", _name(unmapped.key_path)), unmapped.key_path)
        self._leave(of, where, mapped.unmapped)
        for (status, key), key_path in found.items():
            entry = self._entries.setdefault((of.name, status, key), _Entry(0, where, key_path))
            entry.count += 1

    def _leave(self, of: ClassPlan, where: Where, unmapped: Sequence[Unmapped]) -> None:
        """Note what would map the keys that nobody reads, from all their values."""
        counted: set[tuple[str, KeyPath]] = set()
        for key in unmapped:
            owner, start = (of, key.key_path) if key.of is None else (key.of, key.own)
            for path, range_ in leaves(tuple(part for part in start if isinstance(part, str)), key.value):
                name = (owner.iri.value, path)
                left = self._left.setdefault(name, _Left(where, key.key_path, _name(key.key_path)))
                left.ranges |= {range_} if range_ else set()
                if name not in counted:
                    counted.add(name)
                    left.count += 1

    def left(self) -> Iterator[LeftKey]:
        """Yield what would map the keys that nobody reads, the most frequent first."""
        for (of, path), left in sorted(self._left.items(), key=lambda item: (item[0][0], -item[1].count, item[1].listed)):
            example = self._locate(left.where, left.key_path)
            yield LeftKey(of, path, left.listed, left.count, example, frozenset(left.ranges))

    def _locate(self, where: Where, key_path: KeyPath) -> Location:
        record = self._reader.record(*where)
        return record.locate(key_path, key=True) if record else Location(where[0])

    def keys(self) -> Iterator[KeyCoverage]:
        """Yield the keys by class, status and number, each with the place where it stood first."""
        known = known_keys(self._plan)
        order = sorted(self._entries.items(), key=lambda item: (item[0][0], STATUSES.index(item[0][1]), -item[1].count, item[0][2]))
        for (class_name, status, key), entry in order:
            near = near_key(key, known[class_name]) if status == "unmapped" else None
            example = self._locate(entry.where, entry.key_path)
            yield KeyCoverage(class_name, key, status, entry.count, example, near)


def _covered(node: KeyNode, value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, bool]]:
    """Yield the outermost keys that are read or ignored, as `exporter.mapping.unmapped.uncovered` finds the others."""
    if isinstance(value, dict):
        for key, inner in value.items():
            child = node.children.get(key) or next((of.keys.children[key] for of in node.classes if key in of.keys.children), None)
            yield from _covered_at(child, inner, (*path, key))
    elif isinstance(value, list):
        indexed = any(isinstance(key, int) for key in node.children)
        for i, inner in enumerate(value):
            yield from _covered_at(node.children.get(i) if indexed else node, inner, (*path, i))


def _covered_at(node: KeyNode | None, value: Value, path: KeyPath) -> Iterator[tuple[KeyPath, bool]]:
    if node is None:
        return
    if isinstance(value, (dict, list)) and not node.whole:
        yield from _covered(node, value, path)
    elif node.whole or node.classes:
        yield path, node.ignored


def _name(key_path: KeyPath) -> str:
    return format_key_path(tuple(part for part in key_path if isinstance(part, str)))
