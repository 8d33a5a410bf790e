"""Coverage: for each class of records, which keys the ontology maps, ignores and leaves, how often, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Literal as OneOf
from typing import NamedTuple

from exporter.cache.answers import KeptAnswers
from exporter.cache.coding import decode_problems, decode_value, encode_problems, encode_value
from exporter.cache.folder import Cache, CacheAccount, open_cache
from exporter.digests import checksum, content_digest
from exporter.discovery import Discovered, gives_nothing
from exporter.errors import CacheError
from exporter.generate.suggestions import LeftKey, leaves
from exporter.mapping.mapping import Mapper
from exporter.mapping.model import Unmapped
from exporter.outcomes.workers import default_jobs, run_files
from exporter.pipeline.account import Progress
from exporter.pipeline.exporting import known_keys
from exporter.pipeline.ledger import Where, near_key
from exporter.pipeline.looking import nothing_found
from exporter.plan.digest import plan_digest
from exporter.plan.model import ClassPlan, KeyNode, Plan
from exporter.problems import KeyPath, Location, Problem, format_key_path, key_names
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

    `left` is what would map the unmapped keys, `cache` says what was kept from earlier runs.
    """

    plan: Plan
    seen: int
    classes: Mapping[str, int]
    keys: tuple[KeyCoverage, ...]
    problems: tuple[Problem, ...]
    unread: frozenset[str] = frozenset()
    left: tuple[LeftKey, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    cache: CacheAccount | None = None


class FoundKey(NamedTuple):
    """A key of one record: what becomes of it, its name without the positions in lists, and where it stands first."""

    status: Status
    name: str
    key_path: KeyPath


class FoundLeft(NamedTuple):
    """A key of one record that could be mapped: the class that would read it, its path there, and the ranges that its values fit."""

    of: str
    path: KeyPath
    key_path: KeyPath
    ranges: frozenset[str]


class RecordKeys(NamedTuple):
    """The keys of one record of the class `of`; it has none where it is rejected, and is not one where it is skipped or can't be read."""

    class_name: str | None = None
    keys: tuple[FoundKey, ...] = ()
    left: tuple[FoundLeft, ...] = ()
    skipped: str | None = None
    is_record: bool = True
    of: str | None = None


class FileKeys(NamedTuple):
    """What one file adds to the coverage: a pure function of its bytes, its path and the plan, as an outcome is.

    `content` is the digest of the bytes, and empty where the file could not be read.
    """

    path: str
    records: tuple[RecordKeys, ...]
    problems: tuple[Problem, ...] = ()
    content: bytes = b""


class KeyTask:
    """Turns files into their keys; `again` makes the same task in another process."""

    def __init__(self, project: Project, plan: Plan | None = None) -> None:
        self._plan = plan or project.plan()
        self.again = partial(KeyTask, project)
        self._mapper = Mapper(self._plan)
        self.reader = project.reader(self._plan)

    def run(self, paths: Sequence[str]) -> list[FileKeys]:
        """Work on files in their order."""
        return [self._file(path) for path in paths]

    def _file(self, path: str) -> FileKeys:
        data = _content(self.reader, path)
        reading = self.reader.read(path, data)
        problems = [*(reading.problems if reading.items else ())]
        records = []
        for each in reading.each:
            found, wrong = self._record(each)
            records.append(found)
            problems += (*each.problems, *wrong)
        return FileKeys(path, tuple(records), tuple(problems), b"" if data is None else content_digest(data))

    def _record(self, reading: Reading) -> tuple[RecordKeys, Sequence[Problem]]:
        record = reading.record
        if record is None:
            return RecordKeys(skipped=reading.skipped, is_record=False), ()
        mapped = self._mapper.map(record)
        if mapped.skipped is not None:
            return RecordKeys(skipped=mapped.skipped, is_record=False), ()
        of = self._mapper.class_of(record)
        if of is None:
            return RecordKeys(), mapped.problems
        found: dict[tuple[Status, str], KeyPath] = {}
        for key_path, ignored in _covered(of.keys, record.front_matter, ()):
            found.setdefault(("ignored" if ignored else "mapped", _name(key_path)), key_path)
        for unmapped in mapped.unmapped:
            found.setdefault(("unmapped", _name(unmapped.key_path)), unmapped.key_path)
        keys = tuple(FoundKey(status, name, key_path) for (status, name), key_path in found.items())
        return RecordKeys(of.name, keys, _left(of, mapped.unmapped), of=of.iri.value), ()


def _left(of: ClassPlan, unmapped: Sequence[Unmapped]) -> tuple[FoundLeft, ...]:
    """Say what would map the keys that nobody reads, from all their values."""
    found: dict[tuple[str, KeyPath], tuple[KeyPath, set[str]]] = {}
    for key in unmapped:
        owner, start = (of, key.key_path) if key.of is None else (key.of, key.own)
        for path, range_ in leaves(key_names(start), key.value):
            ranges = found.setdefault((owner.iri.value, path), (key.key_path, set()))[1]
            ranges |= {range_} if range_ else set()
    return tuple(FoundLeft(*name, key_path, frozenset(ranges)) for name, (key_path, ranges) in found.items())


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
    task = KeyTask(project, plan)
    count = _Count(plan, task.reader, project.named_files())
    files = (found.path for found in project.discover(count.leave_out, plan) if count.takes(found))
    kept = _KeptKeys(open_cache(project), plan, task.reader, project.jobs or default_jobs())
    for file in kept.files(task, files):
        count.add(file)
        if progress:
            progress(count.seen)
    kept.save()
    if not (count.seen or count.unread):
        raise nothing_found(project.paths, project.selection, count.skipped, count.problems)
    classes = dict(sorted(count.classes.items()))
    keys, left = tuple(count.keys()), tuple(count.left())
    problems = tuple(sorted(count.problems, key=lambda problem: problem.sort_key))
    return Coverage(plan, count.seen, classes, keys, problems, frozenset(count.unread), left, dict(count.skipped), kept.account)


class _KeptKeys:
    """The keys of files that earlier runs found, by the plan, and by the path and the bytes of each file."""

    def __init__(self, cache: Cache, plan: Plan, reader: Reader, jobs: int) -> None:
        self._cache, self._reader, self._jobs = cache, reader, jobs
        self._kept = KeptAnswers(cache, f"keys-{plan_digest(plan)}") if cache.is_on else None
        self._hits = self._misses = 0

    def files(self, task: KeyTask, paths: Iterable[str]) -> Iterator[FileKeys]:
        """Yield the keys of each file in the order of the paths; what is not kept is made in as many processes as there are jobs."""
        if self._kept is None:
            yield from run_files(task, paths, self._jobs)
            return
        known: list[tuple[str, bytes | None]] = [(path, self._find(path)) for path in paths]
        made = iter(run_files(task, (path for path, answer in known if answer is None), self._jobs))
        for path, answer in known:
            file = None if answer is None else _unpack(path, answer)
            if answer is not None:
                yield task.run([path])[0] if file is None else file
                continue
            file = next(made)
            self._keep(file)
            yield file

    def _find(self, path: str) -> bytes | None:
        data = _content(self._reader, path)
        answer = None if data is None or self._kept is None else self._kept.find(_key(path, content_digest(data)))
        self._hits, self._misses = self._hits + (answer is not None), self._misses + (answer is None)
        return answer

    def _keep(self, file: FileKeys) -> None:
        rows = encode_value(file.records)
        if file.content and rows is not None and self._kept is not None:
            problems = encode_problems(file.problems)
            self._kept.add(_key(file.path, file.content), len(rows).to_bytes(4, "big") + rows + problems)

    def save(self) -> None:
        """Write what is worth keeping."""
        if self._kept is not None:
            self._kept.save()
            self._cache.finish(self._hits, self._misses)

    @property
    def account(self) -> CacheAccount:
        """Say how much was kept, and what kept more from being."""
        return CacheAccount(self._hits, self._misses, tuple(self._cache.notes))


def _key(path: str, content: bytes) -> bytes:
    return checksum(path.encode("utf-8", "surrogatepass"), b"\0", content).digest()


def _unpack(path: str, answer: bytes) -> FileKeys | None:
    end = 4 + int.from_bytes(answer[:4], "big")
    try:
        return FileKeys(path, decode_value(answer[4:end], _Records), decode_problems(answer[end:]))
    except CacheError:
        return None


_Records = tuple[RecordKeys, ...]


def _content(reader: Reader, path: str) -> bytes | None:
    """Give the bytes of a file; None where it can't be read, which reading it says."""
    try:
        return reader.data(path)
    except OSError:
        return None


class _Count:
    """Takes the keys of files in the files' order."""

    def __init__(self, plan: Plan, reader: Reader, named: frozenset[str]) -> None:
        self.seen = 0
        self.unread: set[str] = set()
        self.skipped: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self._named = named
        self._reader = reader
        self._plan = plan
        self._left: dict[tuple[str, KeyPath], _Left] = {}
        self._entries: dict[tuple[str, Status, str], _Entry] = {}

    def leave_out(self, found: Discovered) -> None:
        """Count a file that is not read."""
        if found.skipped is not None:
            self.skipped[found.skipped] += 1

    def takes(self, found: Discovered) -> bool:
        """Say whether a file is to be read, and count one that is not."""
        if not found.is_record:
            self.problems += found.problems
            self.unread |= {found.path} if found.problems and found.skipped is None else set()
            self.leave_out(found)
        return found.is_record

    def add(self, file: FileKeys) -> None:
        """Count the keys of one file's records."""
        self.problems += file.problems
        for item, record in enumerate(file.records):
            self._add((file.path, item), record)

    def _add(self, where: Where, record: RecordKeys) -> None:
        path = where[0]
        if record.skipped is not None:
            self.skipped[record.skipped] += 1
            self.problems += [gives_nothing(path, record.skipped)] if path in self._named else []
            return
        if not record.is_record:
            self.unread.add(path)
            return
        self.seen += 1
        if record.class_name is None:
            return
        self.classes[record.class_name] += 1
        for left in record.left:
            entry = self._left.setdefault((left.of, left.path), _Left(where, left.key_path, _name(left.key_path)))
            entry.ranges |= left.ranges
            entry.count += 1
        for key in record.keys:
            self._entries.setdefault((record.class_name, key.status, key.name), _Entry(0, where, key.key_path)).count += 1

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
    if node.rest is not None:
        yield path, node.ignored  # the keys of an open map are its data
    elif isinstance(value, (dict, list)) and not node.whole:
        yield from _covered(node, value, path)
    elif node.whole or node.classes or node.scalars:
        yield path, node.ignored


def _name(key_path: KeyPath) -> str:
    return format_key_path(key_names(key_path))
