"""What mapping makes of a record, and the state of one mapping while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import NamedNode

from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath, Problem, Severity
from exporter.records.record import Record
from exporter.records.values import Value
from exporter.terms import Block

Span = tuple[int, int]


class Unfit(str):
    """A scalar that a conversion refused: that has been said, so that whatever refuses it too need not say it again."""

    __slots__ = ()


class Origin(NamedTuple):
    """Where a statement came from: the key path, and the characters of the scalar there if it was only a part of it."""

    key_path: KeyPath
    span: Span | None = None


class Reference(NamedTuple):
    """A value that names another record, and where it stands."""

    target: str
    key_path: KeyPath


class Unmapped(NamedTuple):
    """A key that no step reads, with its value."""

    key_path: KeyPath
    value: Value


@dataclass(slots=True)
class MappedRecord:
    """A record as RDF.

    `iri` is None where the record was rejected; `problems` say why. `blocks` are its own resources, the record first, each
    followed by the cells of its lists; `shared` are resources with an IRI of their own, which other records may make too.
    `origins` and `shared_origins` run in parallel to them, statement by statement, and are made only by `trace_record`.
    """

    record: Record
    class_name: str = ""
    iri: NamedNode | None = None
    blocks: list[Block] = field(default_factory=list)
    shared: list[Block] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    origins: list[list[Origin]] = field(default_factory=list)
    shared_origins: list[list[Origin]] = field(default_factory=list)


@dataclass(slots=True)
class Finding:
    """A problem before it is located."""

    code: str
    key_path: KeyPath
    message: str
    help: str | None = None
    severity: Severity = Severity.ERROR
    on_key: bool = False
    span: Span | None = None


class Source:
    """The map that a class reads: front matter, a nested map, or the small map that a pattern made of a scalar.

    `anchor` is the IRI that nested resources hang their fragment on, `depth` the length of the key path that this IRI stands for.
    `paths` and `spans` say where a key's value stands when it is not simply below `path`. `shared` holds below a resource that
    other records may make too.
    """

    __slots__ = ("anchor", "body", "depth", "index", "map", "path", "paths", "scalar", "shared", "spans")

    def __init__(  # noqa: PLR0913 - the slots of a value that is made 20 times a record
        self,
        map_: dict[str, Value],
        path: KeyPath,
        anchor: str,
        depth: int,
        *,
        paths: dict[str, KeyPath] | None = None,
        spans: dict[str, Span] | None = None,
        scalar: Value = None,
        index: int | None = None,
        body: str | None = None,
        shared: bool = False,
    ) -> None:
        self.map = map_
        self.path = path
        self.anchor = anchor
        self.depth = depth
        self.paths = paths
        self.spans = spans
        self.scalar = scalar
        self.index = index
        self.body = body
        self.shared = shared

    def below(
        self,
        map_: dict[str, Value],
        path: KeyPath,
        *,
        paths: dict[str, KeyPath] | None = None,
        spans: dict[str, Span] | None = None,
        scalar: Value = None,
    ) -> Source:
        """A map further down, whose nested resources hang on the same IRI."""
        return Source(map_, path, self.anchor, self.depth, paths=paths, spans=spans, scalar=scalar, shared=self.shared)

    def path_of(self, key: str) -> KeyPath:
        """Where the value of a key stands in the record."""
        if self.paths is not None and key in self.paths:
            return self.paths[key]
        return (*self.path, key)

    def span_of(self, key: str) -> Span | None:
        """The part of the scalar there that the value is."""
        return self.spans.get(key) if self.spans is not None else None


class Run:
    """One mapping of one record: what it has made so far. Origins are kept by block, and only where the run is traced."""

    __slots__ = ("blocks", "findings", "iri", "made", "origins", "record", "references", "shared", "traced", "unmapped")

    def __init__(self, record: Record, *, traced: bool = False) -> None:
        self.record = record
        self.iri = ""
        self.traced = traced
        self.blocks: list[Block] = []
        self.shared: list[Block] = []
        self.origins: dict[int, list[Origin]] = {}
        self.references: list[Reference] = []
        self.unmapped: list[Unmapped] = []
        self.findings: list[Finding] = []
        self.made: set[tuple[str, int]] = set()

    def apart(self) -> Run:
        """A run over the same record that has made nothing yet; findings go to the same place."""
        run = Run(self.record)
        run.iri = self.iri
        run.findings, run.references, run.unmapped = self.findings, self.references, self.unmapped
        return run

    def open_block(self, subject: NamedNode, of: ClassPlan, *, shared: bool) -> Block | None:
        """Start the block of a resource; None if it is being made, or is the record's own and has been made already."""
        key = (subject.value, id(of))
        if key in self.made:
            return None
        self.made.add(key)
        block = Block(subject, [])
        (self.shared if shared else self.blocks).append(block)
        return block

    def close_block(self, block: Block, of: ClassPlan, *, shared: bool) -> None:
        """End the block of a resource: what the record says of a shared one in another place may be more, and makes another block."""
        if not shared:
            return
        self.made.discard((block.subject.value, id(of)))
        if self.shared[-1] is block and any(other == block for other in self.shared[:-1]):
            self.shared.pop()
            self.origins.pop(id(block), None)

    def take_block(self, block: Block, of: ClassPlan, *, shared: bool) -> None:
        """Take the block of a resource that was described before, in another record."""
        key = (block.subject.value, id(of))
        if key not in self.made:
            self.made.add(key)
            (self.shared if shared else self.blocks).append(block)

    def add_shared(self, key: tuple[str, int], block: Block) -> None:
        """Take the block of a shared resource that was made before."""
        if key not in self.made:
            self.made.add(key)
            self.shared.append(block)

    def add_cell(self, cell: Block, *, beside: Block) -> Block:
        """Take the cell of a list that `beside` holds."""
        shared = any(block is beside for block in reversed(self.shared))
        (self.shared if shared else self.blocks).append(cell)
        return cell

    def origins_of(self, block: Block) -> list[Origin]:
        """The origins of a block's statements, to add to."""
        return self.origins.setdefault(id(block), [])
