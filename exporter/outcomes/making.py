"""The work on one file, which runs here or in a worker process: read, map, write."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from exporter.digests import content_digest
from exporter.mapping.holes import without_holes
from exporter.mapping.mapping import Mapper
from exporter.mapping.model import MappedRecord
from exporter.outcomes.outcome import Contribution, Outcome, RecordOutcome, SharedText, Text
from exporter.outcomes.unwritable import find_unwritable
from exporter.outcomes.vocabulary import schema_org_types, vocabulary
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.rdf.terms import Block
from exporter.records.record import Reading
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import Writer, group_shared

_REMEMBERED = 2_000


class FileTask:
    """Turns files into outcomes. What it remembers saves time and changes none; without a writer an outcome is facts alone.

    With `keeps` outcomes carry the digest of what they were made of. `again` makes the same task in another process.
    """

    def __init__(
        self,
        project: Project,
        format: str,  # noqa: A002 - as in `export`
        plan: Plan | None = None,
        *,
        context: str | None = None,
        keeps: bool = False,
    ) -> None:
        plan = plan or project.plan()
        self.again = partial(FileTask, project, format, context=context, keeps=keeps)
        self._keeps = keeps
        self._mapper = Mapper(plan)
        self._format = find_format(format).format
        self.writer = _schema_org_writer(plan) if context else make_writer(self._format, vocabulary(plan))
        self.reader = project.reader(plan)
        self._texts = _SharedTexts(self.writer)

    def run(self, paths: Sequence[str]) -> list[Outcome]:
        """Work on files in their order."""
        return [self.run_one(path) for path in paths]

    def run_one(self, path: str) -> Outcome:
        """Read, map and write one file; what it says of shared resources stands in its text, and no export asks for it beside."""
        if not self._keeps:
            return self.make(path, contributions=False)
        try:
            data = self.reader.data(path)
        except OSError:  # which the reader says, and nobody keeps
            return self.make(path, contributions=False)
        return self.make(path, data, contributions=False)._replace(content=content_digest(data))

    def make(self, path: str, data: bytes | None = None, *, text: bool = True, contributions: bool = True) -> Outcome:
        """Make the outcome of a file, or of `data` in its stead; without `text` it is facts alone, without `contributions` fewer."""
        reading = self.reader.read(path, data)
        if not reading.items:
            return Outcome(path, (self._record(reading, text=text, contributions=contributions),), reading.problems)
        records = [self._record(item, text=text, contributions=contributions) for item in reading.items]
        problems = [problem for item in reading.items for problem in item.problems]
        return Outcome(path, tuple(records), (*reading.problems, *problems))

    def _record(self, reading: Reading, *, text: bool, contributions: bool) -> RecordOutcome:
        if reading.record is None:
            return RecordOutcome(skipped=reading.skipped)
        mapped = self._mapper.map(reading.record)
        if mapped.skipped is not None:
            return RecordOutcome(skipped=mapped.skipped)
        if mapped.iri is None:
            return RecordOutcome(class_name=mapped.class_name, problems=mapped.problems)
        return RecordOutcome(
            mapped.iri.value,
            mapped.class_name,
            None,
            tuple(mapped.references),
            self._texts.contributions(without_holes(mapped.shared)) if contributions and mapped.shared else (),
            tuple([unmapped.key_path for unmapped in mapped.unmapped]),
            tuple(mapped.named),
            mapped.problems,
            self._write(mapped) if text else None,
            mapped.answers,
            tuple(mapped.holes),
        )

    def _write(self, mapped: MappedRecord) -> Text:
        if self._format.unwritable:
            unwritable = find_unwritable(mapped, self._format.unwritable, self._mapper, self._format.label)
            if unwritable:
                return Text(problems=unwritable)
        if mapped.holes:
            return self._write_parts(mapped)
        triples = sum([len(block.pairs) for block in mapped.blocks])
        if self.writer.inline_shared:
            return Text(self.writer.record(mapped.blocks, mapped.shared), (), triples + sum([len(block.pairs) for block in mapped.shared]))
        return Text(self.writer.record(mapped.blocks), self._texts.texts(mapped.shared) if mapped.shared else (), triples)

    def _write_parts(self, mapped: MappedRecord) -> Text:
        """Write a record with gaps; shared resources have none, for what is looked up is said of them when it is known."""
        inline = self.writer.inline_shared
        shared = without_holes(mapped.shared)
        triples = sum([len(block.pairs) for block in without_holes([*mapped.blocks, *(mapped.shared if inline else ())])])
        parts = self.writer.parts(mapped.blocks, mapped.shared if inline else ())
        return Text(b"", () if inline else self._texts.texts(shared), triples, (), parts)


class _SharedTexts:
    """What records say of shared resources. Mapping makes these once for many records, so their texts are kept by the object."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._said: dict[int, Contribution] = {}
        self._written: dict[int, SharedText] = {}
        self._blocks: dict[int, Block] = {}

    def contributions(self, blocks: Sequence[Block]) -> tuple[Contribution, ...]:
        """Give what blocks say, whatever the format."""
        said = self._said
        for block in self._new(blocks, said):
            said[id(block)] = (str(block.subject), tuple([f"{predicate} {value}" for predicate, value in block.pairs]))
        return tuple(map(said.__getitem__, map(id, blocks)))

    def texts(self, blocks: Sequence[Block]) -> tuple[SharedText, ...]:
        """Give the resources as the writer puts them; one with a list is written anew each time: its cells are blocks beside it."""
        written = self._written
        listed: dict[int, SharedText] = {}
        new = self._new(blocks, written)
        for block, cells in group_shared(new) if new else ():
            subject, statements = self._writer.statements(block, cells)
            (listed if cells else written)[id(block)] = (subject, tuple(statements))
        numbers = map(id, blocks)
        if not listed:
            return tuple(map(written.__getitem__, numbers))
        return tuple([text for number in numbers if (text := written.get(number) or listed.get(number)) is not None])

    def _new(self, blocks: Sequence[Block], known: Mapping[int, object]) -> list[Block]:
        """Give the blocks that are not known yet, and hold on to them, so that no other object gets the identity they are known by."""
        new = [block for block in blocks if id(block) not in known]
        if not new:
            return new
        if len(self._blocks) > _REMEMBERED:
            self._said.clear()
            self._written.clear()
            self._blocks.clear()
            new = list(blocks)
        self._blocks.update([(id(block), block) for block in new])
        return new


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for reference cycles rarely: mapping makes none, and looking costs a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _schema_org_writer(plan: Plan) -> Writer:
    from exporter.schema_org.documents import SchemaOrgWriter  # as `schema_org_types`

    return SchemaOrgWriter(schema_org_types(plan))
