"""A validation after some edits: the batches that what changed is in, or that lead there, are checked again, and nothing else is read.

It is done only where an edit says nothing about other records (`exporter.pipeline.patching`) and changes literals alone: the same nodes
have the same properties, and lead to the same nodes by them. Then

- a batch without a changed record among those that it holds is given what it was given before: what it holds, and which nodes it leads to,
  follows from nodes and properties;
- a batch with one can be cut from the records that it held, with the resources that records share and the ontology: it leads nowhere else;
- crossing shapes see what they saw, if nothing changed in the properties that they name; where shapes are far, this is not done;
- the same shapes have focus nodes, and the same records name each resource.

Whatever can't be told leaves it to a whole run.
"""

from __future__ import annotations

import json
import zlib
from array import array
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from exporter.cache.answers import KeptAnswers
from exporter.cache.coding import decode_results, encode_results
from exporter.cache.columns import ByteColumn, Column, pack_columns, unpack_columns
from exporter.cache.folder import Cache
from exporter.cache.kept import KeptOutcomes
from exporter.cache.last_run import LastRun
from exporter.cache.stamps import Look
from exporter.errors import CacheError
from exporter.outcomes.making import FileTask
from exporter.outcomes.outcome import Outcome, RecordOutcome
from exporter.pipeline.patching import Change, is_alone
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.validation.batches.running import Batching, Parts, find_results, result_of, row_of
from exporter.validation.batches.sight import EVERY
from exporter.validation.batches.split import Split
from exporter.validation.data.data_file import DataFile
from exporter.validation.data.graphs import DataGraph, PartialDataError
from exporter.validation.engines.model import Engine
from exporter.validation.results.model import ValidationResult, ordered
from exporter.validation.results.unfolding import Known, NestedQuestion, parse_term, unfold
from exporter.validation.shapes.graph import ShapesGraph

_MANY = 50
"""More changed files than this are left to a whole run."""
_SHARED = -1
"""The number of the record that what no record has alone belongs to."""


class CheckedParts(NamedTuple):
    """What a run checked, batch by batch, and what its data was made of.

    `borders` are the nodes that batches begin with, `keys` those of their answers, empty where no shape has a focus node there; `first` and
    `last` the records that their lines are of, `more` those that they lead to, as numbers in a text. `others` are the keys of what was
    checked besides. `questions` are those that were asked about results, with `replies`, and `mentioned` the resources that were looked
    for in records, with the numbers of those that name them. Record `i` is number `items[i]` of the file of row `rows[i]`. `tail` is
    what records share, compressed.
    """

    iris: Sequence[bytes]
    rows: array[int]
    items: array[int]
    borders: Sequence[bytes]
    keys: Sequence[bytes]
    first: array[int]
    last: array[int]
    more: Sequence[bytes]
    others: Sequence[bytes]
    mentioned: Sequence[bytes]
    mentioning: Sequence[bytes]
    questions: Sequence[bytes]
    replies: Sequence[bytes]
    tail: bytes

    def pack(self) -> bytes:
        """Give its bytes."""
        return b"".join(pack_columns({name: [value] if isinstance(value, bytes) else value for name, value in self._asdict().items()}))

    @classmethod
    def unpack(cls, data: memoryview) -> CheckedParts:
        """Make it of its bytes; raises CacheError for what is not one."""
        columns = unpack_columns(data)
        texts = {name: _texts(columns, name) for name in cls._fields if name not in _NUMBERS}
        (tail,) = texts.pop("tail") or (b"",)
        made = cls(**texts, **{name: _numbers(columns, name) for name in _NUMBERS}, tail=tail)  # type: ignore[arg-type]  # as they are named
        batches = {len(made.borders), len(made.keys), len(made.first), len(made.last), len(made.more)}
        records = {len(made.iris), len(made.rows), len(made.items)}
        if len(batches) > 1 or len(records) > 1 or len(made.mentioned) != len(made.mentioning) or len(made.questions) != len(made.replies):
            raise CacheError("columns of checked parts that differ in length")
        return made


_NUMBERS = ("rows", "items", "first", "last")


def _texts(columns: Mapping[str, Column], name: str) -> list[bytes]:
    column = columns.get(name)
    if not isinstance(column, ByteColumn):
        raise CacheError("not what a run checked")
    return list(column)


def _numbers(columns: Mapping[str, Column], name: str) -> array[int]:
    column = columns.get(name)
    if not isinstance(column, array):
        raise CacheError("not what a run checked")
    return column


def note_parts(graph: DataGraph, parts: Parts, rows: Mapping[str, int], known: Known) -> CheckedParts | None:
    """Note what a run checked; None where what changes later could not be told apart: blank nodes, shapes that see everything."""
    owners = parts.owners()
    if parts.split is None or parts.split.far or owners is None or graph.files:
        return None
    batches = {(part.start, part.end): answer for part, answer in parts.answers if part.name == "batch"}
    others = [answer.key for part, answer in parts.answers if part.name != "batch"]
    spans = list(parts.borders())
    if any(key is None for key in others) or any((start, end) not in batches for _, start, end in spans):
        return None
    answers = [batches[start, end] for _, start, end in spans]
    return CheckedParts(
        iris=[iri.encode() for iri in graph.records],
        rows=array("q", (rows[path] for path in graph.paths)),
        items=array("q", graph.items),
        borders=[border for border, _, _ in spans],
        keys=[answer.key or b"" for answer in answers],
        first=array("q", (_record(owners[start], graph) for _, start, _ in spans)),
        last=array("q", (_record(owners[end - 1], graph) for _, _, end in spans)),
        more=[array("I", sorted({owners[run] for run in answer.more} - {_after(graph)})).tobytes() for answer in answers],
        others=[key for key in others if key is not None],
        mentioned=[node.encode() for node in graph.mentioned],
        mentioning=[array("I", numbers).tobytes() for numbers in graph.mentioned.values()],
        questions=[_question_text(question) for question in known],
        replies=[encode_results(list(map(row_of, answers))) for answers in known.values()],
        tail=zlib.compress(graph.data.part(graph.end_of_records, graph.end_of_shared)),
    )


def _after(graph: DataGraph) -> int:
    """Give the number of the part that follows the records."""
    return len(graph.paths)


def _record(owner: int, graph: DataGraph) -> int:
    return owner if owner < _after(graph) else _SHARED


class Again(NamedTuple):
    """What checking again gave: all results, their leaf causes, a graph with the records that were read, and the parts as they are now."""

    results: tuple[ValidationResult, ...]
    leaves: tuple[ValidationResult, ...]
    graph: DataGraph
    parts: CheckedParts


class Recheck:
    """Checks again what a few edits could have changed, for shapes that are split as they were for the whole of the data."""

    def __init__(self, project: Project, plan: Plan, shapes: ShapesGraph, split: Split, size: int) -> None:
        self._project, self._plan, self._shapes, self._split, self._size = project, plan, shapes, split, size
        self._crossing = frozenset().union(*(sight.predicates for sight in split.crossing.values()))

    def find_changes(
        self, cache: Cache, last: LastRun, looks: Mapping[int, Look], looked_at_ns: int
    ) -> tuple[KeptOutcomes, list[Change]] | None:
        """Make the outcomes of the files that changed, of some that look otherwise now; None where a whole run has to tell."""
        task = FileTask(self._project, "ntriples", self._plan, keeps=True)
        kept = KeptOutcomes(cache, f"ntriples-{last.plan}", task.reader)
        found = kept.changed(looks, last.listed.files, looked_at_ns) if last.rows and kept.digest == last.rows else None
        if found is None or len(found) > _MANY:
            return None
        changes = [(row, seen, kept.outcome(row), task.run_one(seen.path)) for row, seen in found]
        whole = [Change(row, seen, before, now) for row, seen, before, now in changes if before is not None and now.content]
        alone = len(whole) == len(found) and all(map(is_alone, whole))
        return (kept, whole) if alone and all(map(self._changes_literals_alone, whole)) else None

    def _changes_literals_alone(self, change: Change) -> bool:
        pairs = zip(change.before.records, change.now.records, strict=True)
        return all(self._says_alike(_lines(before), _lines(now)) for before, now in pairs)

    def _says_alike(self, before: list[list[bytes]], now: list[list[bytes]]) -> bool:
        if EVERY in self._crossing or {_without_literal(line) for line in before} != {_without_literal(line) for line in now}:
            return False
        seen = {predicate.encode() for predicate in self._crossing}
        return [line for line in before if line[1] in seen] == [line for line in now if line[1] in seen]

    def check(
        self, engine: Engine, before: CheckedParts, kept: KeptOutcomes, changes: Sequence[Change], answers: KeptAnswers, data: DataFile
    ) -> Again | None:
        """Check the batches anew that hold what changed; None where they can't be found, or an answer is not kept any more."""
        now = {change.row: change.now for change in changes}
        changed = {number for number, row in enumerate(before.rows) if row in now}
        dirty = {before.borders[batch]: batch for batch in range(len(before.borders)) if changed & self._held(before, batch)}
        needed = set[int]().union(*(self._needed(before, batch) for batch in dirty.values()))
        graph = self._graph(before, kept, now, sorted(needed), data)
        if graph is None:
            return None
        keys = list(before.keys)
        with Parts(data, self._shapes, Batching(size=self._size, least=0)) as parts:
            if parts.split is None or tuple(parts.split.lines()) != tuple(self._split.lines()):
                return None
            found = parts.check_batches(engine, dirty.keys(), 1, answers)
            if len(found) < len(dirty):
                return None
            clean = [key for batch, key in enumerate(keys) if key and batch not in set(dirty.values())]
            for border, answer in found.items():
                keys[dirty[border]] = answer.key or b""
            results = _all_results(answers, [*filter(None, keys), *before.others])
            unchanged = _all_results(answers, [*clean, *before.others])
            if results is None or unchanged is None:
                return None
            known = _Valid(_questions_of(before))
            try:
                unfold(unchanged, self._shapes, _refuse, known)
                leaves = unfold(results, self._shapes, partial(_ask, engine, parts), valid := known.used())
            except PartialDataError:
                return None
        replies = [encode_results(list(map(row_of, of))) for of in valid.values()]
        return Again(results, leaves, graph, before._replace(keys=keys, questions=[*map(_question_text, valid)], replies=replies))

    def _held(self, parts: CheckedParts, batch: int) -> set[int]:
        """Give the records whose lines are in a batch."""
        first, last = parts.first[batch], parts.last[batch]
        own = range(first, len(parts.iris) if last == _SHARED else last + 1) if first != _SHARED else ()
        return {*own, *array("I", parts.more[batch])}

    def _needed(self, parts: CheckedParts, batch: int) -> set[int]:
        """Give the records that a batch is cut from: with the one where the next batch begins."""
        following = {parts.first[batch + 1]} - {_SHARED} if batch + 1 < len(parts.first) else set[int]()
        return self._held(parts, batch) | following

    def _graph(
        self, parts: CheckedParts, kept: KeptOutcomes, now: Mapping[int, Outcome], needed: Sequence[int], data: DataFile
    ) -> DataGraph | None:
        """Make a graph that knows all records, and has the statements of some of them, of shared resources and of the ontology."""
        graph = DataGraph(data, partial=True)
        graph.paths += [kept.path(row) for row in parts.rows]
        graph.items += parts.items
        graph.records.update((iri.decode(), number) for number, iri in enumerate(parts.iris))
        graph.mentioned = {
            node.decode(): list(array("I", numbers)) for node, numbers in zip(parts.mentioned, parts.mentioning, strict=True)
        }
        read: dict[int, Outcome | None] = {}
        for number in needed:
            row = parts.rows[number]
            outcome = now.get(row) or (read[row] if row in read else read.setdefault(row, kept.outcome(row)))
            if outcome is None or parts.items[number] >= len(outcome.records):
                return None
            graph.data.append(outcome.records[parts.items[number]].written.record)
        graph.data.append(zlib.decompress(parts.tail))
        graph.add_ontology(self._plan)
        return graph


class _Valid(Known):
    """Replies of the run before, and which of them were asked for: of these the data that they depend on is what it was."""

    def __init__(self, known: Known) -> None:
        super().__init__(known)
        self._used: dict[NestedQuestion, None] = {}

    def __getitem__(self, question: NestedQuestion) -> tuple[ValidationResult, ...]:
        """Give a reply, and note that it is asked for."""
        self._used[question] = None
        return super().__getitem__(question)

    def used(self) -> Known:
        """Give those that were asked for."""
        return {question: dict.__getitem__(self, question) for question in self._used}


def _refuse(_shapes: ShapesGraph, _nodes: Sequence[str]) -> tuple[ValidationResult, ...]:
    raise PartialDataError


def _ask(engine: Engine, parts: Parts, aimed: ShapesGraph, nodes: Sequence[str]) -> tuple[ValidationResult, ...]:
    data = parts.around(nodes, aimed)
    if data is None:
        raise PartialDataError
    return engine.run(data, aimed, advanced=False)


def _question_text(question: NestedQuestion) -> bytes:
    terms = (question.node, str(question.shape), None if question.path is None else str(question.path))
    return json.dumps(terms).encode("utf-8", "surrogatepass")


def _questions_of(parts: CheckedParts) -> Known:
    known: Known = {}
    for text, reply in zip(parts.questions, parts.replies, strict=True):
        node, shape, path = json.loads(text)
        known[NestedQuestion(node, parse_term(shape), path and parse_term(path))] = tuple(map(result_of, decode_results(reply)))
    return known


def texts_of(changes: Sequence[Change]) -> Iterator[bytes]:
    """Yield the statements of the files that changed, as they are now."""
    for change in changes:
        yield from (record.text.record for record in change.now.records if record.text is not None)


def _all_results(answers: KeptAnswers, keys: Sequence[bytes]) -> tuple[ValidationResult, ...] | None:
    results: list[ValidationResult] = []
    for key in keys:
        known = find_results(answers, key)
        if known is None:
            return None
        results += known
    return ordered(results)


def _lines(record: RecordOutcome) -> list[list[bytes]]:
    text = record.text.record if record.text is not None else b""
    return [line.split(b" ", 2) for line in text.split(b"\n") if line]


def _without_literal(line: list[bytes]) -> tuple[bytes, ...]:
    """Give a statement, and of one with a literal its node and property alone."""
    return (line[0], line[1]) if line[2].startswith(b'"') else tuple(line)
