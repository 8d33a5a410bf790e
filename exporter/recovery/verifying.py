"""Verifying an export: the front matter is made again from the triples alone, and held against what was read, key by key."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from pyoxigraph import NamedNode

from exporter.cache.folder import open_cache
from exporter.mapping.holes import settle_mapped
from exporter.mapping.mapping import Mapper
from exporter.pipeline.account import Progress
from exporter.pipeline.exporting import Exporting, run_export
from exporter.plan.model import Plan
from exporter.problems import KeyPath, Location, Problem, Severity, format_key_path, key_names
from exporter.project import Project
from exporter.rdf.terms import Statement, statements
from exporter.records.record import Record
from exporter.records.values import Value, leaves
from exporter.recovery.comparing import compare
from exporter.recovery.graph import GraphIndex
from exporter.recovery.inverses import NoInverseError
from exporter.recovery.reasons import ALTERED, NAME, NOTATION, ORDER, PAIRING, REJECTED, SEVERAL_KEYS, TEMPLATE, UNMAPPED, Kind, LossReason
from exporter.recovery.remaking import Remaker
from exporter.text import plural


@dataclass(frozen=True, slots=True)
class Lost:
    """Values under some keys that would not come back as they were typed, for one reason; `example` is where the first one stands."""

    reason: LossReason
    count: int
    keys: tuple[str, ...]
    example: Location


@dataclass(frozen=True, slots=True)
class Verification:
    """What an export would give back: the values that were read, those that come back as they were typed, and why others don't.

    `same` are the records whose front matter, made again, makes the very statements that it was made of. `problems` name each key of
    which values are lost, at the first of them.
    """

    records: int
    values: int
    returned: int
    same: int
    lost: tuple[Lost, ...]
    problems: tuple[Problem, ...]

    def count(self, kind: Kind) -> int:
        """Count the values of which a kind of reason is given."""
        return sum(lost.count for lost in self.lost if lost.reason.kind == kind)


class _Account:
    """What became of each value so far."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, LossReason]] = Counter()
        self.examples: dict[tuple[str, LossReason], tuple[Record, KeyPath]] = {}
        self.records = self.values = self.returned = self.same = 0

    def add(self, record: Record, path: KeyPath, reason: LossReason | None) -> None:
        self.values += 1
        if reason is None:
            self.returned += 1
            return
        key = (format_key_path(key_names(path)), reason)
        self.counts[key] += 1
        self.examples.setdefault(key, (record, path))

    def close(self) -> Verification:
        ranked = sorted(self.counts.items(), key=lambda item: (-item[1], item[0][0]))
        of: dict[LossReason, list[tuple[str, int]]] = {}
        for (key, reason), count in ranked:
            of.setdefault(reason, []).append((key, count))
        lost = [
            Lost(reason, sum(count for _, count in keys), tuple(key for key, _ in keys), self._place(keys[0][0], reason))
            for reason, keys in of.items()
        ]
        lost.sort(key=lambda each: (_RANK[each.reason.kind], -each.count, each.reason.text))
        problems = [self._problem(*key, count) for key, count in ranked if key[1].kind == "lost"]
        return Verification(self.records, self.values, self.returned, self.same, tuple(lost), tuple(problems))

    def _place(self, key: str, reason: LossReason) -> Location:
        record, path = self.examples[key, reason]
        return record.locate(path)

    def _problem(self, key: str, reason: LossReason, count: int) -> Problem:
        values = f"{plural(count, 'value')} of {key} do" if count > 1 else f"the value of {key} does"
        message = f"{values} not come back from the graph: {reason.text}"
        return Problem("EXPORT-LOST", self._place(key, reason), message, Severity.WARNING, _HELP, self.examples[key, reason][1])


_HELP = "map the key so that the graph says it, or ignore it on purpose with map:ignore"
_RANK = {"lost": 0, "otherwise": 1, "order": 2, "on purpose": 3}


def verify(project: Project, progress: Progress | None = None) -> Verification:
    """Make the front matter of all records again from the triples of their export, and compare it with what was read.

    The whole graph is held in memory. Raises what `export` raises; nothing is written.
    """
    triples: list[Statement] = []
    run, _ = run_export(project, triples, format=None, split=None, context=None, check=False, progress=progress, cache=open_cache(project))
    checking = _Checking(run, triples)
    for record in _records(project, run.plan):
        checking.add(record)
    return checking.account.close()


def _records(project: Project, plan: Plan) -> Iterator[Record]:
    reader = project.reader(plan)
    for path in project.files(plan):
        yield from (each.record for each in reader.read(path).each if each.record is not None)


class _Checking:
    """Holds the records of one run against what its graph gives back."""

    def __init__(self, run: Exporting, graph: Sequence[Statement]) -> None:
        self._plan = run.plan
        self._references = run.references
        self._mapper = Mapper(run.plan)
        self._remaker = Remaker(run.plan, GraphIndex(graph))
        self._backward = Remaker(run.plan, GraphIndex(graph, backward=True))
        self._seen: set[str] = set()
        self.account = _Account()

    def add(self, record: Record) -> None:
        mapped = self._mapper.map(record)
        if mapped.skipped is not None:
            return
        self.account.records += 1
        node, of = mapped.iri, self._mapper.class_of(record)
        if node is None or of is None or node.value in self._seen:
            for path, _ in leaves(record.front_matter):
                self.account.add(record, path, REJECTED)
            return
        self._seen.add(node.value)
        made = _made(self._remaker, node)
        found = [*compare(self._plan, of, record.front_matter, made, _made(self._backward, node))]
        said = self._statements(record)
        same = self._statements(replace(record, front_matter={**record.front_matter, **made})) == said
        self.account.same += same
        kept = self._kept(record, made, said, {str(path[0]) for path, reason in found if reason}) if not same else made.keys()
        elsewhere = {str(path[0]) for path, reason in found if reason == SEVERAL_KEYS} - made.keys()
        kept |= {key for key in elsewhere if self._statements(_without(record, key, made)) == said}
        for path, reason in found:
            self.account.add(record, path, _judged(reason, comes_back=path[0] in kept) if reason else None)

    def _kept(self, record: Record, made: Mapping[str, Value], said: set[Statement], keys: AbstractSet[str]) -> AbstractSet[str]:
        """Give the keys of which what is made again, in the place of what was read, makes the same statements."""
        held = {key: made[key] for key in keys if key in made}
        return {
            key
            for key, value in held.items()
            if self._statements(replace(record, front_matter={**record.front_matter, key: value})) == said
        }

    def _statements(self, record: Record) -> set[Statement]:
        mapped = self._mapper.map(record)
        if self._references is not None and mapped.iri is not None:
            mapped = settle_mapped(mapped, self._references.settle_as(record.path, mapped.iri.value))
        return set(statements((*mapped.blocks, *mapped.shared)))


def _made(remaker: Remaker, node: NamedNode) -> dict[str, Value]:
    of = remaker.class_of(node)
    try:
        return remaker.front_matter(node, of) if of is not None else {}
    except NoInverseError:
        return {}


def _without(record: Record, key: str, made: Mapping[str, Value]) -> Record:
    """Give a record without a key, with what is made again in place of what it says."""
    return replace(record, front_matter={**{name: value for name, value in record.front_matter.items() if name != key}, **made})


def _judged(reason: LossReason, *, comes_back: bool) -> LossReason:
    """Say of what is written otherwise whether the same statements are made of it, which has been tried."""
    if reason.kind == "on purpose" or (reason.kind != "lost") == comes_back or reason == PAIRING:
        return reason
    if not comes_back:
        return ALTERED if reason in {NAME, NOTATION, ORDER} else replace(reason, kind="lost")
    return NOTATION if reason in {TEMPLATE, UNMAPPED} else replace(reason, kind="otherwise")
