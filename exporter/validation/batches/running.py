"""Runs of an engine over as much of the data as each shape can see, in as many processes as there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from exporter.cache.answers import KeptAnswers
from exporter.cache.coding import ResultRow, decode_results, encode_results
from exporter.digests import checksum
from exporter.errors import CacheError
from exporter.outcomes.workers import run_here_or_forked
from exporter.rdf.terms import SH
from exporter.system.versions import build, version_of
from exporter.validation.batches.cutting import Cutter, read_targets
from exporter.validation.batches.index import NodeIndex, index_nodes, project
from exporter.validation.batches.sight import EVERY
from exporter.validation.batches.split import Split, only, split_shapes
from exporter.validation.data.data_file import DataFile
from exporter.validation.engines.model import Engine
from exporter.validation.results.model import ValidationResult, ordered
from exporter.validation.shapes.graph import ShapesGraph

_SIZE = 2_048
"""A batch begins at one node of so many; a page has some ten, and so a batch some two hundred pages."""
_SHAPE_IN_DATA = f"<{SH}shape>"
"""By this property data asks one engine for a shape, which SHACL does not know."""
_LEAST = 8_000_000
"""Less data than this, in bytes, is checked at once."""
_MOST_HIERARCHY = 1_000_000
"""What is said of subclasses is in every batch; where it is more than this, shapes that ask for classes are checked over the whole."""


@dataclass(frozen=True, slots=True)
class Batching:
    """How data is cut: `whole` not at all, nor less than `least` bytes; a batch begins at one node of `size`."""

    whole: bool = False
    size: int = _SIZE
    least: int = _LEAST


_BLOCK = 1 << 22
_QUERIES = frozenset(SH + name for name in ("select", "ask", "construct"))
_PASSING = re.compile(r"\\u|\b(?:NOW|RAND|UUID|STRUUID)\b", re.IGNORECASE)
"""A function whose value is another one each time (SPARQL 1.1, section 17.4), and an escape that could hide its name: nothing is kept."""


class PortionAnswer(NamedTuple):
    """The results of a part, the digest of all that they depend on, and of a batch the runs that it leads to; no key: no focus node."""

    results: tuple[ValidationResult, ...]
    key: bytes | None
    more: Sequence[int] = ()


class Portion(NamedTuple):
    """What is run in one go: a batch, or the shapes of a group over a file."""

    name: str
    start: int = 0
    end: int = 0

    def __str__(self) -> str:
        return f"batch {self.start}" if self.name == "batch" else f"the {self.name} shapes"


class Parts:
    """The data of a run, cut so that each shape is checked over what it can see; made once for all engines.

    `split` is None where everything is checked at once. `starts` are where parts of the data begin, of which `made_of` speaks. `answers`
    are those of the last engine that was asked.
    """

    def __init__(
        self, data: DataFile, shapes: ShapesGraph, batching: Batching, *, advanced: bool = False, starts: Sequence[int] = ()
    ) -> None:
        self._starts = starts
        self.answers: list[tuple[Portion, PortionAnswer]] = []
        self._data, self._shapes, self._advanced = data, shapes, advanced
        self._resources = ExitStack()
        self._cutter: Cutter | None = None
        self._index: NodeIndex | None = None
        self._crossing = data
        self._seen: frozenset[str] = frozenset()
        self.split: Split | None = None
        if not batching.whole and data.size >= batching.least:
            self.split = self._cut(split_shapes(shapes, advanced=advanced), batching.size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._resources.close()

    def _cut(self, split: Split, size: int) -> Split:
        """Write what the shapes can see to a file, index it, and give the split with what the data says about it."""
        seen = self._seen = frozenset().union(*(sight.predicates for sight in (*split.local.values(), *split.crossing.values())))
        file = self._data
        if not (EVERY in seen or not seen):
            file = self._resources.enter_context(DataFile())
            self._starts = project(self._data, seen | {_SHAPE_IN_DATA}, file, self._starts)
        if any(f" {_SHAPE_IN_DATA} ".encode() in block for _, block in file.blocks()):
            return split.all_far("the data, which names shapes")
        if split.local:
            self._index = index_nodes(file, size)
            aimed = read_targets(split, self._index.hierarchy).aimed(b"", self._index.blank)
            split = split.with_crossing(aimed, "blank nodes, which are among its focus nodes")
            if sum(map(len, self._index.hierarchy)) > _MOST_HIERARCHY:
                classed = [shape for shape, sight in split.local.items() if sight.hierarchy]
                split = split.with_crossing(classed, "many statements about subclasses")
            self._cutter = Cutter(self._index, split)
        if split.crossing:
            self._crossing = self._projected(file, frozenset().union(*(sight.predicates for sight in split.crossing.values())))
        return split

    def _projected(self, data: DataFile, predicates: frozenset[str]) -> DataFile:
        target = self._resources.enter_context(DataFile())
        project(data, predicates, target)
        return target

    def around(self, nodes: Sequence[str], shapes: ShapesGraph) -> bytes | None:
        """Give the data that shapes can see which are aimed at some nodes; None where that can't be told from what was written."""
        if self._cutter is None:
            return None
        aimed = split_shapes(shapes)
        seen = frozenset().union(*(sight.predicates for sight in aimed.sights.values()))
        if aimed.crossing or aimed.far or not (EVERY in self._seen or seen <= self._seen):
            return None
        return self._cutter.around(nodes, aimed.layers)

    def check(self, engine: Engine, jobs: int, kept: KeptAnswers | None = None) -> tuple[ValidationResult, ...]:
        """Give the results of an engine, the same as over all data at once; those that are `kept` are not asked for. Raises EngineError."""
        memory = (
            _Memory(kept, engine.name, advanced=self._advanced)
            if kept is not None and lasts(self._shapes, advanced=self._advanced)
            else None
        )
        self.answers = self._ask(engine, list(self._parts(self.split)), jobs, memory)
        return ordered([result for _, answer in self.answers for result in answer.results])

    def check_batches(self, engine: Engine, borders: Collection[bytes], jobs: int, kept: KeptAnswers) -> dict[bytes, PortionAnswer]:
        """Give the answers of the batches that begin with some nodes, as far as there are such, by these."""
        memory = _Memory(kept, engine.name, advanced=self._advanced)
        parts = {border: Portion("batch", start, end) for border, start, end in self.borders() if border in borders}
        return {border: answer for border, (_, answer) in zip(parts, self._ask(engine, list(parts.values()), jobs, memory), strict=True)}

    def borders(self) -> Iterator[tuple[bytes, int, int]]:
        """Yield the node that each batch begins with, its first run, and the one after its last."""
        if self._index is not None:
            with self._index.path.open("rb") as stream:
                yield from ((self._index.subject(start, stream), start, end) for start, end in self._index.batches())

    def owners(self) -> Sequence[int] | None:
        """Give for each run the number of the part of the data that it is in; None where that can't be said of each, or of blank nodes."""
        return None if self._index is None or self._index.blank else self._index.owners(self._starts)

    def _ask(self, engine: Engine, parts: Sequence[Portion], jobs: int, memory: _Memory | None) -> list[tuple[Portion, PortionAnswer]]:
        work = _Work(engine, self.split, self._shapes, self._data.path, self._crossing.path, self._cutter, memory, advanced=self._advanced)
        # An engine that has a process of its own serves one caller.
        done = list(run_here_or_forked(work, list(parts), 1 if engine.apart else jobs, few=2, chunk=1))
        for answer in done:
            if memory is not None and answer.key is not None:
                memory.keep(answer.key, answer.results)
        return list(zip(parts, done, strict=True))

    def _parts(self, split: Split | None) -> Iterator[Portion]:
        """Yield what takes longest first."""
        if split is None:
            yield Portion("whole")
            return
        if split.far:
            yield Portion("far")
        if split.crossing:
            yield Portion("crossing")
        if self._index is not None:
            yield from (Portion("batch", start, end) for start, end in self._index.batches())
            yield Portion("unsaid")


def lasts(shapes: ShapesGraph, *, advanced: bool = False) -> bool:
    """Say whether an engine gives the same for the same data whenever it is asked."""
    if advanced:  # functions and expressions have further ways to call one
        return not _PASSING.search(shapes.ntriples.decode())
    return not any(_PASSING.search(str(triple.object)) for triple in shapes.triples if triple.predicate.value in _QUERIES)


def find_results(kept: KeptAnswers, key: bytes) -> tuple[ValidationResult, ...] | None:
    """Give the results that are kept under the key of an answer."""
    answer = kept.find(key)
    try:
        return None if answer is None else tuple(map(result_of, decode_results(answer)))
    except CacheError:
        return None


class _Memory:
    """Results of earlier runs, by the digest of all that an engine is given: then they are what it would give again."""

    def __init__(self, kept: KeptAnswers, engine: str, *, advanced: bool) -> None:
        self._kept = kept
        versions = " ".join(map(version_of, ("shacl", "pyshacl", "rdflib")))
        self._engine = f"{engine} {build()} {versions} {advanced}".encode()

    def key(self, data: bytes | Path, shapes: bytes) -> bytes:
        """Give the digest of what an engine is given."""
        digest = checksum(self._engine, b"\0", shapes, b"\0")
        if isinstance(data, bytes):
            digest.update(data)
        else:
            with data.open("rb") as stream:
                while block := stream.read(_BLOCK):
                    digest.update(block)
        return digest.digest()

    def find(self, key: bytes) -> tuple[ValidationResult, ...] | None:
        """Give the results that an engine gave."""
        return find_results(self._kept, key)

    def keep(self, key: bytes, results: Sequence[ValidationResult]) -> None:
        """Keep what an engine gave; what has more than a row can hold is asked for again."""
        if self._kept.find(key) is None and not any(result.within or result.times != 1 for result in results):
            self._kept.add(key, encode_results(list(map(row_of, results))))


def row_of(result: ValidationResult) -> ResultRow:
    """Give a result as it is kept."""
    r, details = result, tuple(tuple(map(row_of, causes)) for causes in result.details)
    return ResultRow(r.focus_node, r.path, r.value, r.component, r.severity, r.source_shape, r.messages, details)


def result_of(row: ResultRow) -> ValidationResult:
    """Make a result of what was kept."""
    r, details = row, tuple(tuple(map(result_of, causes)) for causes in row.details)
    return ValidationResult(r.focus_node, r.path, r.value, r.component, r.severity, r.source_shape, r.messages, details)


@dataclass(frozen=True, eq=False)
class _Work:
    """Runs an engine over parts, in whatever process, where nobody remembers what it would give."""

    engine: Engine
    split: Split | None
    shapes: ShapesGraph
    data: Path
    crossing: Path
    cutter: Cutter | None
    memory: _Memory | None
    advanced: bool

    def run(self, items: Sequence[Portion], /) -> list[PortionAnswer]:
        """Give the results of each part, with the key that they are to be kept by."""
        return [self._answer(part) for part in items]

    def _answer(self, part: Portion) -> PortionAnswer:
        if part.name == "whole" or self.split is None:
            return self._ask(self.data, lambda: self.shapes, self.shapes.ntriples, advanced=self.advanced)
        if part.name in {"far", "crossing"}:
            far = part.name == "far"
            shapes = only(self.split.shapes, self.split.far if far else self.split.crossing)
            return self._ask(self.data if far else self.crossing, lambda: shapes, shapes.ntriples, advanced=far and self.advanced)
        cutter = self.cutter
        assert cutter is not None
        if part.name == "unsaid":
            unsaid = cutter.shapes_of_unsaid()
            return self._ask(b"", lambda: unsaid, unsaid.ntriples)
        batch = cutter.cut(part.start, part.end)
        if batch is None:
            return PortionAnswer((), None)
        aims = b"".join(b"%b %b\n" % (str(shape).encode(), node) for shape, node in batch.aims)
        return self._ask(batch.data, lambda: cutter.shapes_of(batch), self.shapes.ntriples + aims)._replace(more=batch.more)

    def _ask(self, data: bytes | Path, shapes: Callable[[], ShapesGraph], said: bytes, *, advanced: bool = False) -> PortionAnswer:
        key = None if self.memory is None else self.memory.key(data, said)
        known = None if self.memory is None or key is None else self.memory.find(key)
        return PortionAnswer(self.engine.run(data, shapes(), advanced=advanced) if known is None else known, key)
