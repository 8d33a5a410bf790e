"""What mapping makes of a record, and the state of one mapping while it runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import NamedNode

from exporter.language.file_names import file_names
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath, Problem, Severity
from exporter.rdf.terms import Block, Term
from exporter.records.body.content import BodyContent
from exporter.records.record import Record
from exporter.records.values import Value

Span = tuple[int, int]
Found = tuple[Value, KeyPath, Span | None]
"""A value that a step finds, where it stands, and which characters of the scalar there it is, if only a part."""


class Unfit(str):
    """A scalar that a conversion refused: that has been said, so that whatever refuses it too need not say it again."""

    __slots__ = ()


REMEMBERED = 5_000
"""How much of each kind a mapper remembers; full after some thousand records, so that a run does not grow with them."""


class Origin(NamedTuple):
    """Where a statement came from: the key path, and the characters of the scalar there if it was only a part of it."""

    key_path: KeyPath
    span: Span | None = None


class Reference(NamedTuple):
    """A value that names another record, and where it stands."""

    target: str
    key_path: KeyPath


class Sought(NamedTuple):
    """A value that is looked up among the records of the classes `ranges`, in their order.

    `text` are the author's characters, `iris` what the value makes of the template of each range, or nothing. `otherwise` is what stays
    where no record answers; where it is a value of the property all the same, it `fits`, and the resources that it is are `made`. A
    `linked` one is the target of a link of the body. `parts` are what the pattern of a range captures, for each key of its `map:match`.
    With `file` it may be a file that is not a record, too.
    """

    text: str
    ranges: tuple[str, ...]
    iris: tuple[str, ...]
    otherwise: Term
    fits: bool = False
    linked: bool = False
    made: Made | None = None
    parts: tuple[tuple[str, ...], ...] = ()
    file: bool = False

    @property
    def asked(self) -> tuple[object, ...]:
        """What the answer depends on, besides the place."""
        return (self.text, self.ranges, self.iris, self.linked, self.parts, self.file, self.fits)


class Held(NamedTuple):
    """One value of a hole, and where it stands."""

    value: Term | Sought
    key_path: KeyPath
    span: Span | None = None


class Hole(NamedTuple):
    """One property of one subject, with its values in their order; an `ordered` one is an RDF list of them."""

    subject: NamedNode
    predicate: NamedNode
    values: tuple[Held, ...]
    ordered: bool = False


class Made(NamedTuple):
    """Resources that are made of a value where no record answers to it, the record's own and shared ones, and their own holes."""

    blocks: tuple[Block, ...]
    shared: tuple[Block, ...]
    holes: tuple[Hole, ...] = ()


class Answers(NamedTuple):
    """What a record answers to where a value is looked up among the records of the class `range`.

    For each key of the class's `map:match`, in their order, the texts that the record has there.
    """

    range: str
    texts: tuple[tuple[str, ...], ...]


class Name(NamedTuple):
    """What was typed for a shared resource whose IRI other texts may make, too.

    `name` is what the resource reads of it: all of it, or the groups of a pattern that its IRI or a property takes.
    """

    iri: str
    name: str
    text: str


Named = tuple[Name, KeyPath]
"""A name, and where it stands."""


class Unmapped(NamedTuple):
    """A key that no step reads, with its value.

    `of` is the class of the embedded resource that has it, at the first `depth` keys, and `own` the key as that class would name it.
    """

    key_path: KeyPath
    value: Value
    of: ClassPlan | None = None
    depth: int = 0
    own: KeyPath = ()


class Home(NamedTuple):
    """The resource that was made of a map: what no step reads of the map is said of it. `list_` is where its class finds the map."""

    of: ClassPlan
    node: NamedNode
    shared: bool
    list_: KeyPath = ()


@dataclass(slots=True, repr=False)
class MappedRecord:
    """A record as RDF.

    `iri` is None where the record was rejected, and `problems` say why, or was left out, for the reason in `skipped`. `blocks` are its own
    resources, the record first, each followed by the cells of its lists; `shared` are resources with an IRI of their own, which other
    records may make too.
    `holes` are what has to be looked up, and stand in the blocks by their number; `answers` is what the record answers to.
    `origins` and `shared_origins` run in parallel to them, statement by statement, and are made only by `trace_record`.
    """

    record: Record
    class_name: str = ""
    iri: NamedNode | None = None
    blocks: list[Block] = field(default_factory=list)
    shared: list[Block] = field(default_factory=list)
    references: list[Reference] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)
    answers: tuple[Answers, ...] = ()
    named: list[Named] = field(default_factory=list)
    unmapped: list[Unmapped] = field(default_factory=list)
    problems: tuple[Problem, ...] = ()
    skipped: str | None = None
    origins: list[list[Origin]] = field(default_factory=list)
    shared_origins: list[list[Origin]] = field(default_factory=list)

    def traced(self) -> Iterator[tuple[Block, list[Origin]]]:
        """Yield all blocks of a mapping that was traced, each with the origins of its statements."""
        yield from zip(self.blocks, self.origins, strict=True)
        yield from zip(self.shared, self.shared_origins, strict=True)

    def __repr__(self) -> str:
        made = f"blocks={len(self.blocks)}, shared={len(self.shared)}, unmapped={len(self.unmapped)}, problems={len(self.problems)}"
        return f"MappedRecord(path={self.record.path!r}, class_name={self.class_name!r}, iri={str(self.iri)!r}, {made})"


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
    `paths` says where a key's value stands when it is not simply below `path`, `match` which part of a scalar it is. `entry` is
    the key of the entry that a value is looked at in. `shared` holds below a resource that other records may make too.
    """

    __slots__ = ("anchor", "body", "depth", "entry", "index", "key", "map", "match", "path", "paths", "scalar", "shared")

    def __init__(  # noqa: PLR0913, PLR0917 - the slots of a value that is made ten times a record; names take twice as long
        self,
        map_: dict[str, Value],
        path: KeyPath,
        anchor: str,
        depth: int,
        paths: dict[str, KeyPath] | None = None,
        match: re.Match[str] | None = None,
        scalar: Value = None,
        shared: bool = False,
        body: str | None = None,
    ) -> None:
        self.map = map_
        self.path = path
        self.anchor = anchor
        self.depth = depth
        self.paths = paths
        self.match = match
        self.scalar = scalar
        self.shared = shared
        self.body = body
        self.index: int | None = None
        self.key: str | None = None
        self.entry: str | None = None

    def below(
        self,
        map_: dict[str, Value],
        path: KeyPath,
        *,
        paths: dict[str, KeyPath] | None = None,
        match: re.Match[str] | None = None,
        scalar: Value = None,
    ) -> Source:
        """A map further down, whose nested resources hang on the same IRI."""
        return Source(map_, path, self.anchor, self.depth, paths, match, scalar, self.shared)

    def at_entry(self, key: str | None, value: Value) -> Source:
        """The same map where the entry of an open map is looked at that has a key."""
        scalar = None if isinstance(value, (dict, list)) else value
        entry = Source(self.map, self.path, self.anchor, self.depth, self.paths, self.match, scalar, self.shared, self.body)
        entry.key = entry.entry = key
        return entry

    def path_of(self, key: str) -> KeyPath:
        """Where the value of a key stands in the record."""
        if self.paths is not None and key in self.paths:
            return self.paths[key]
        return (*self.path, key)

    def span_of(self, key: str) -> Span | None:
        """The part of the scalar there that the value is."""
        if self.match is None:
            return None
        indent = len(str(self.scalar)) - len(str(self.scalar).lstrip())
        start, end = self.match.span(key)
        return (start + indent, end + indent)


class RecordMapping:
    """One mapping of one record: what it has made so far. Origins are kept by block, and only where the run is traced.

    `iri` is the record's, `site` its beginning up to the host, `groups` what the `map:filePattern` of its class captures of
    its path. `typed` are the texts that conversions made one of several of, by where
    they stand and what they became; `named` what was typed for shared resources.
    """

    __slots__ = (
        "begun",
        "blocks",
        "circles",
        "content",
        "file",
        "findings",
        "groups",
        "holes",
        "homes",
        "iri",
        "made",
        "named",
        "once",
        "origins",
        "record",
        "references",
        "shared",
        "site",
        "taken",
        "traced",
        "typed",
        "unmapped",
    )

    def __init__(self, record: Record, *, traced: bool = False) -> None:
        self.record = record
        self.iri = self.site = ""
        self.groups: dict[str, str] = {}
        self.file: dict[str, str] | None = None
        self.content: BodyContent | None = None
        self.traced = traced
        self.blocks: list[Block] = []
        self.shared: list[Block] = []
        self.origins: dict[int, list[Origin]] = {}
        self.references: list[Reference] = []
        self.holes: list[Hole] = []
        self.named: list[Named] = []
        self.typed: dict[tuple[KeyPath, str], list[str]] = {}
        self.unmapped: list[Unmapped] = []
        self.homes: dict[KeyPath, Home] = {}
        self.findings: list[Finding] = []
        self.once: list[Finding] = []
        self.made: set[tuple[str, int]] = set()
        self.begun: set[tuple[str, int]] = set()
        self.circles: list[NamedNode] = []
        self.taken: dict[str, Block] = {}

    def apart(self) -> RecordMapping:
        """A run over the same record that has made and named nothing yet; findings go to the same place."""
        run = RecordMapping(self.record)
        run.iri, run.site, run.groups = self.iri, self.site, self.groups
        run.content = self.content
        run.findings, run.references, run.holes, run.unmapped = self.findings, self.references, self.holes, self.unmapped
        run.begun, run.circles, run.once = self.begun, self.circles, self.once
        run.homes = self.homes
        return run

    def body_content(self) -> BodyContent:
        """Give what the record's body says, which is looked at once."""
        if self.content is None:
            self.content = self.record.body_content()
            if self.content.unread:
                message = f"the body {self.content.unread}, so not all of its headings, tags, fields and links are read"
                self.findings.append(Finding("READ-BODY", (), message, "split it", Severity.WARNING))
        return self.content

    def file_text(self, name: str) -> str | None:
        """Give a name of the record's file, or a group that its path has; None where it has none."""
        if self.file is None:
            self.file = {**file_names(self.record.path), **self.groups}
        return self.file.get(name) or None

    def tell_once(self) -> None:
        """Add the findings in `once`, which several values of a record give again, to the others."""
        self.findings += {(finding.code, finding.key_path): finding for finding in reversed(self.once)}.values()

    @property
    def remarks(self) -> int:
        """How much there is to say that stands in no block: a resource that adds to it is made for each record anew."""
        told = len(self.findings) + len(self.once) + len(self.references) + len(self.holes)
        return told + len(self.unmapped) + len(self.circles)

    def open_block(self, subject: NamedNode, of: ClassPlan, *, shared: bool) -> Block | None:
        """Start the block of a resource; None if this record has made it, or is at it: classes may refer to each other in a circle."""
        key = (subject.value, id(of))
        if key in self.begun:
            self.circles.append(subject)
            return None
        if not shared and key in self.made:
            return None
        (self.begun if shared else self.made).add(key)
        block = Block(subject, [])
        (self.shared if shared else self.blocks).append(block)
        return block

    def close_shared(self, block: Block, of: ClassPlan) -> None:
        """End the block of a shared resource; it goes again if it says what was said before."""
        self.begun.discard((block.subject.value, id(of)))
        known = self.taken.setdefault(str(block.subject), block)
        if known is not block and self._times_said(block) > 1:
            self.shared[:] = [other for other in self.shared if other is not block]
            self.origins.pop(id(block), None)

    def take_block(self, block: Block, of: ClassPlan) -> None:
        """Take the block of a resource of this record that was described before, in another record."""
        key = (block.subject.value, id(of))
        if key not in self.made:
            self.made.add(key)
            self.blocks.append(block)

    def add_shared(self, blocks: Sequence[tuple[str, Block]]) -> None:
        """Take the blocks of a shared resource that was made before, each with its subject's text, as far as they say something new."""
        taken = self.taken
        for subject, block in blocks:
            known = taken.get(subject)
            if known is None:
                taken[subject] = block
                self.shared.append(block)
            elif known is not block and not self._times_said(block):
                self.shared.append(block)

    def _times_said(self, block: Block) -> int:
        return sum(other.subject == block.subject and other.pairs == block.pairs for other in self.shared)

    def home_of(self, path: KeyPath) -> tuple[Home | None, int]:
        """Find the innermost resource that was made of a map around a key, and where that map stands; None for the record."""
        homes = self.homes
        for depth in range(len(path) - 1, 0, -1) if homes else ():
            if (home := homes.get(path[:depth])) is not None:
                return home, depth
        return None, 0

    def add_cell(self, cell: Block, *, beside: Block) -> bool:
        """Take the cell of a list that `beside` holds; False if this record has it already, for cells are named by their lists."""
        if self.taken.setdefault(str(cell.subject), cell) is not cell:
            return False
        shared = any(block is beside for block in reversed(self.shared))
        (self.shared if shared else self.blocks).append(cell)
        return True

    def origins_of(self, block: Block) -> list[Origin]:
        """The origins of a block's statements, to add to."""
        return self.origins.setdefault(id(block), [])
