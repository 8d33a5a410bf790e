"""The ledger of a run: every file is seen, and ends as exported, skipped or rejected; who made which IRI, and who refers to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath

from exporter.digests import short_digest
from exporter.discovery import HIDDEN, IGNORED, Discovered, gives_nothing
from exporter.globs import escape_glob
from exporter.mapping.model import Span
from exporter.outcomes.outcome import Outcome, RecordOutcome
from exporter.pipeline.account import TOLD_ONCE, UnmappedKey
from exporter.pipeline.merging import Merges
from exporter.problems import KeyPath, Location, Problem, format_key_path, key_names
from exporter.records.reading import Reader
from exporter.references.settling import References
from exporter.text import nearest, plural, quote

MapLeftOut = Callable[[Sequence[str]], Mapping[str, str]]
"""Gives, of files that were left out, the paths by the IRI that their records would have."""

FindPaths = Callable[[Sequence[int]], dict[int, str]]
"""Gives the paths of files that were read by their number in the run; the ledger remembers numbers, because paths cost memory."""

Where = tuple[str, int]
"""A record: the path of its file, and its number there, which is 0 but in data files."""

_ITEMS = 20
"""A record's number in the run has so many bits for its number in its file, and before them the number of the file."""

_WHY = {HIDDEN: "is hidden", IGNORED: "is ignored by .gitignore"}
_EXAMPLES = 3
_REMEMBERED = 1_000
_GUESSES = 2_000


UnmappedCounts = dict[tuple[str, str], tuple[int, Where, KeyPath]]
"""The keys that no property reads, by class and name: in how many records, and where first."""


@dataclass(frozen=True, slots=True)
class LedgerPart:
    """What a part of a run enters in the ledger of the whole.

    `records` are the numbers of its records by the digests of their IRIs, and `references` those that none of them is. `once` has the
    problems that are told once, by code and class, and how many more there are.
    """

    files: int = 0
    exported: int = 0
    rejected: int = 0
    triples: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    problems: Sequence[Problem] = ()
    records: Mapping[bytes, int] = field(default_factory=dict)
    references: Sequence[tuple[str, Where, KeyPath]] = ()
    once: Mapping[tuple[str, str], tuple[Problem, int]] = field(default_factory=dict)
    unmapped: UnmappedCounts = field(default_factory=dict)


@dataclass(slots=True)
class _Duplicate:
    where: Where
    first: int
    iri: str
    key_path: KeyPath


class Ledger:
    """Takes outcomes in the order of the files.

    That of a part of a run begins with the number of the file that is `first` there; `known` are the numbers of records before, by the
    digests of their IRIs, and `merges` takes what was typed for shared IRIs.
    """

    def __init__(
        self,
        iri_keys: Mapping[str, KeyPath],
        reader: Reader,
        named: Collection[str] = frozenset(),
        *,
        first: int = 0,
        known: Mapping[bytes, int] | None = None,
        merges: Merges | None = None,
    ) -> None:
        self.exported = self.rejected = self.triples = 0
        self._iri_keys = iri_keys
        self._reader = reader
        self._named = named
        self._first = first
        self._number = first - 1
        self._joined = 0
        self.skipped: Counter[str] = Counter()
        self.left_out: dict[str, str] = {}
        self.problems: list[Problem] = []
        self._records: dict[bytes, int] = dict(known or {})
        self._duplicates: list[_Duplicate] = []
        self._references: list[tuple[str, Where, KeyPath]] = []
        self._merges = merges or Merges()
        self._once: dict[tuple[str, str], tuple[Problem, int]] = {}
        self._unmapped: UnmappedCounts = {}

    @property
    def seen(self) -> int:
        """How many records there were, and files that give none."""
        return self.exported + self.rejected + self.skipped.total()

    @property
    def records(self) -> Mapping[bytes, int]:
        """The numbers of the records by the digests of their IRIs."""
        return self._records

    @property
    def file(self) -> int:
        """The number of the file that was entered last, counted from 0 among those that were read."""
        return self._number

    @property
    def files(self) -> int:
        """How many files there were."""
        return self._number + 1 - self._first + self._joined

    def leave_out(self, found: Discovered) -> None:
        """Enter a file that is not a record to read."""
        self._joined += 1
        self.problems += found.problems
        if found.skipped is not None:
            self.skipped[found.skipped] += 1
            if len(self.left_out) < _REMEMBERED and (found.skipped in _WHY or found.skipped.startswith(".")):
                self.left_out[found.path] = found.skipped
        else:
            self.rejected += 1

    def add(self, outcome: Outcome) -> list[tuple[int, RecordOutcome]]:
        """Enter one file that was read, and give those of its records that are exported, with their numbers in it."""
        self._number += 1
        self.problems += outcome.problems
        return [(item, record) for item, record in enumerate(outcome.records) if self._add((outcome.path, item), record)]

    def _add(self, where: Where, record: RecordOutcome) -> bool:
        path = where[0]
        number = self._number << _ITEMS | where[1]
        self.problems += [problem for problem in record.problems if not self._is_told(problem, record)]
        if record.skipped is not None:
            self.skipped[record.skipped] += 1
            if path in self._named:
                self.problems.append(gives_nothing(path, record.skipped))
            return False
        text = record.text
        if text is not None and text.problems:
            self.problems += text.problems
        if record.iri is None or text is None or text.problems:
            self.rejected += 1
            return False
        if record.named:
            self._merges.add(record.named, number, where)
        name = short_digest(record.iri)
        first = self._records.setdefault(name, number)
        if first != number:
            self._duplicates.append(_Duplicate(where, first, record.iri, self._iri_keys.get(record.class_name, ())))
            self.rejected += 1
            return False
        self.exported += 1
        self.triples += text.triples
        for target, key_path in record.references:
            if short_digest(target) not in self._records:
                self._references.append((target, where, key_path))
        if record.unmapped:
            self._count_unmapped(where, record)
        return True

    def part(self, find_paths: FindPaths) -> LedgerPart:
        """Give what was entered so far for another ledger to `join`; what only the whole run can tell is left to that one."""
        references, self._references = self._references, []
        once, self._once = self._once, {}
        problems = self.finish(find_paths)
        counts = (self.files, self.exported, self.rejected, self.triples, dict(self.skipped))
        return LedgerPart(*counts, problems, self._records, references, once, self._unmapped)

    def join(self, part: LedgerPart) -> None:
        """Enter what another ledger was told, of files before or after these."""
        self._joined += part.files
        self.exported += part.exported
        self.rejected += part.rejected
        self.triples += part.triples
        self.skipped.update(part.skipped)
        self.problems += part.problems
        for name, number in part.records.items():
            self._records[name] = min(number, self._records.get(name, number))
        self._references += part.references
        join_once(self._once, part.once)
        join_unmapped(self._unmapped, part.unmapped)

    def _is_told(self, problem: Problem, record: RecordOutcome) -> bool:
        """Say whether a problem is told once, at the end, however many records of a class have it; it is counted."""
        if problem.code not in TOLD_ONCE:
            return False
        first, count = self._once.get((problem.code, record.class_name), (problem, -1))
        self._once[problem.code, record.class_name] = (first, count + 1)
        return True

    def _told_once(self) -> Iterator[Problem]:
        for first, more in self._once.values():
            # not in the message: a baseline should not change with the number of records
            yield replace(first, help=f"{first.help}; so it is with {plural(more, 'more record')}") if more else first

    def _count_unmapped(self, where: Where, record: RecordOutcome) -> None:
        """Count each key of a record once, however many items of a list have it."""
        entries: dict[tuple[str, str], KeyPath] = {}
        for key_path in record.unmapped:
            entries.setdefault((record.class_name, format_key_path(key_names(key_path))), key_path)
        for entry, key_path in entries.items():
            count, first, example = self._unmapped.get(entry, (0, where, key_path))
            self._unmapped[entry] = (count + 1, first, example)

    def finish(self, find_paths: FindPaths, map_left_out: MapLeftOut | None = None, references: References | None = None) -> list[Problem]:
        """Give every problem of the run, those between records included, by file and place.

        `map_left_out` is asked where a reference has no record: the record may stand in a file that was left out.
        """
        numbers = [*(duplicate.first for duplicate in self._duplicates), *self._merges.numbers]
        paths = find_paths(list(map(file_number, numbers))) if numbers else {}
        records = {number: (paths[file_number(number)], number & ((1 << _ITEMS) - 1)) for number in numbers}
        duplicates = (self._duplicate_problem(duplicate, records[duplicate.first]) for duplicate in self._duplicates)
        between = [*self._told_once(), *duplicates, *self._merges.problems(records, self._locate), *self._dangling(map_left_out)]
        between += references.problems(self.locate_span) if references else ()
        return sorted(self.problems + between, key=lambda problem: problem.sort_key)

    def _dangling(self, map_left_out: MapLeftOut | None) -> Iterator[Problem]:
        missing = [reference for reference in self._references if short_digest(reference[0]) not in self._records]
        unread = map_left_out(tuple(self.left_out)) if missing and self.left_out and map_left_out else {}
        for target, where, key_path in missing:
            message = f"no record is <{target}>, which {format_key_path(key_path)!r} refers to"
            help_ = "fix the value, or add the record; the triple is exported as it is"
            if file := unread.get(target):
                why = _WHY.get(self.left_out[file], "has an ending that is not read")
                message += f"; the file {quote(file)} would be, but it {why}"
                take = f"take it with --include {quote(escape_glob(file))} beside the globs of the others"
                help_ = f"name the file, or {'use --no-gitignore' if self.left_out[file] == IGNORED else take}"
            yield Problem("MAP-REFERENCE", self._locate(where, key_path), message, help=help_, key_path=key_path)

    def _locate(self, where: Where, key_path: KeyPath, *, key: bool = False) -> Location:
        """Read a file once more for the place of a key path; it may have gone meanwhile."""
        record = self._reader.record(*where)
        return record.locate(key_path, key=key) if record else Location(where[0])

    def locate_span(self, where: Where, key_path: KeyPath, span: Span | None) -> Location:
        """Find the place of a part of a value, as by its key path."""
        record = self._reader.record(*where)
        return record.locate(key_path, span=span) if record else Location(where[0])

    def _duplicate_problem(self, duplicate: _Duplicate, first: Where) -> Problem:
        key_path = duplicate.key_path
        place, there = self._locate(duplicate.where, key_path), self._locate(first, key_path)
        other = quote(first[0]) if first[0] != duplicate.where[0] else f"the one at line {there.line}"
        message = f"this record has the IRI <{duplicate.iri}>, which {other} has already; only the first is exported"
        help_ = "give one of the two another value for the keys that make its IRI"
        related = (there,)
        return Problem("MAP-DUPLICATE-IRI", place, message, help=help_, key_path=key_path, related=related)

    def unmapped_keys(self, known: Mapping[str, Sequence[str]]) -> list[UnmappedKey]:
        """List the keys that no property reads, by class, most frequent first; `known` are the mapped keys by class."""
        entries = sorted(self._unmapped.items(), key=lambda item: (item[0][0], -item[1][0], item[0][1]))
        keys: list[UnmappedKey] = []
        for (class_name, key), (count, where, key_path) in entries:
            near = near_key(key, known.get(class_name, ())) if len(keys) < _GUESSES else None
            keys.append(UnmappedKey(class_name, key, count, self._locate(where, key_path, key=True), near))
        return keys


def file_number(number: int) -> int:
    """Give the number of the file that a record with this number in the run is in."""
    return number >> _ITEMS


def join_once(known: dict[tuple[str, str], tuple[Problem, int]], more: Mapping[tuple[str, str], tuple[Problem, int]]) -> None:
    """Add problems that are told once to others; the first by path is the one that is told."""
    for entry, (problem, others) in more.items():
        first, count = known.get(entry, (problem, -1))
        known[entry] = (min(first, problem, key=place_of), count + 1 + others)


def join_unmapped(known: UnmappedCounts, more: UnmappedCounts) -> None:
    """Add keys that no property reads to others; the first record by path is the example."""
    for key, (count, where, key_path) in more.items():
        number, there, path = known.get(key, (0, where, key_path))
        known[key] = (number + count, *min((there, path), (where, key_path), key=lambda item: order_of(item[0])))


def order_of(where: Where) -> tuple[tuple[str, ...], int]:
    """Give the place of a record among those of a run: paths are in the order of their parts.

    >>> order_of(("a/b.md", 0)) < order_of(("a-b.md", 0))
    True
    """
    return (PurePath(where[0]).parts, where[1])


def place_of(problem: Problem) -> tuple[tuple[str, ...], int]:
    """Give the place of a problem among those of a run, as that of a record."""
    return order_of((problem.location.path, problem.location.line))


def near_key(key: str, known: Sequence[str]) -> str | None:
    """Give the mapped key that `key` is probably a slip of: one of the same map, or else one of the same name further up or down.

    >>> near_key("link.herf", ["link", "link.href", "title"]), near_key("link", ["link"]), near_key("link.other", ["link.href"])
    ('link.href', None, None)
    """
    parent, _, name = key.rpartition(".")
    beside = {path.rpartition(".")[2]: path for path in known if path.rpartition(".")[0] == parent}
    if name in beside:
        return None
    near = nearest(name, beside)
    if near is not None:
        return beside[near]
    elsewhere = {path.rpartition(".")[2]: path for path in reversed(known)}
    return elsewhere.get(name)
