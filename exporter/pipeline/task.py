"""The work on one file, which runs here or in a worker process: read, map, write."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from exporter.mapping.mapping import Mapper, UnmappedKeys
from exporter.mapping.model import MappedRecord, Named
from exporter.pipeline.outcome import Outcome, SharedText
from exporter.pipeline.unwritable import find_unwritable
from exporter.pipeline.vocabulary import vocabulary
from exporter.plan.compiling import load_plan
from exporter.plan.model import Plan
from exporter.records.handlers import Handler, load_handlers
from exporter.records.reading import read_file
from exporter.records.values import DuplicateKeys
from exporter.terms import Block
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import Writer, group_shared

_REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Job:
    """What a worker has to know: enough to load the same plan and make the same writer, wherever it runs.

    With `stand_alone` each record brings all the shared resources that it names, whatever others have brought before.
    """

    ontology: tuple[str, ...]
    format: str
    constants: tuple[tuple[str, str], ...] = ()
    default_class: str | None = None
    unmapped: UnmappedKeys = "keep"
    handlers: tuple[str, ...] = ()
    stand_alone: bool = False
    duplicate_keys: DuplicateKeys = "reject"

    def load(self) -> Plan:
        """Load the job's plan; raises OntologyError."""
        return load_plan(self.ontology, dict(self.constants), default_class=self.default_class)

    def load_handlers(self) -> tuple[Handler, ...]:
        """Load the handlers that read the records; raises UsageError."""
        return load_handlers(self.handlers, self.duplicate_keys)


class FileTask:
    """Turns paths into outcomes; one task serves many files and sends each shared resource once."""

    def __init__(self, job: Job, plan: Plan | None = None) -> None:
        plan = plan or job.load()
        self._mapper = Mapper(plan, unmapped=job.unmapped)
        self._format = find_format(job.format).format
        self.writer: Writer = make_writer(self._format, vocabulary(plan))
        self.handlers = job.load_handlers()
        self._stand_alone = job.stand_alone
        self._sent_blocks: dict[int, Block] = {}
        self._sent_texts: set[SharedText] = set()
        self._sent_names: set[tuple[str, str]] = set()

    def run(self, paths: Sequence[str]) -> list[Outcome]:
        """Work on files in their order."""
        return [self.run_one(path) for path in paths]

    def run_one(self, path: str) -> Outcome:
        """Read, map and write one file."""
        reading = read_file(path, handlers=self.handlers)
        if reading.record is None:
            return Outcome(path, problems=reading.problems, skipped=reading.skipped)
        mapped = self._mapper.map(reading.record)
        problems = reading.problems + mapped.problems if reading.problems else mapped.problems
        if mapped.iri is None:
            return Outcome(path, class_name=mapped.class_name, problems=problems)
        if self._format.unwritable:
            unwritable = find_unwritable(mapped, self._format.unwritable, self._mapper, self._format.label)
            if unwritable:
                return Outcome(path, class_name=mapped.class_name, problems=(*problems, *unwritable))
        inline = self.writer.inline_shared
        return Outcome(
            path,
            mapped.iri.value,
            mapped.class_name,
            self.writer.record(mapped.blocks, mapped.shared),
            sum([len(block.pairs) for block in mapped.blocks]) + (sum([len(block.pairs) for block in mapped.shared]) if inline else 0),
            () if inline else self._shared_texts(mapped),
            tuple(mapped.references),
            tuple([unmapped.key_path for unmapped in mapped.unmapped]),
            problems,
            named=self._new_names(mapped) if mapped.named else (),
        )

    def _new_names(self, mapped: MappedRecord) -> tuple[Named, ...]:
        """Give what was typed for shared resources and has not been sent before."""
        if len(self._sent_names) > _REMEMBERED:
            self._sent_names.clear()
        new = [named for named in mapped.named if (named.iri, named.name) not in self._sent_names]
        self._sent_names.update((named.iri, named.name) for named in new)
        return tuple(new)

    def _shared_texts(self, mapped: MappedRecord) -> tuple[SharedText, ...]:
        """Write what this task has not sent before; resources that are kept are the same object each time."""
        texts: list[SharedText] = []
        if self._stand_alone or len(self._sent_blocks) + len(self._sent_texts) > _REMEMBERED:
            self._sent_blocks.clear()
            self._sent_texts.clear()
        sent = self._sent_blocks
        new = [block for block in mapped.shared if id(block) not in sent]
        if not new:
            return ()
        for block, cells in group_shared(new):
            sent[id(block)] = block
            subject, statements = self.writer.statements(block, cells)
            text = (subject, tuple(statements))
            if text not in self._sent_texts:
                self._sent_texts.add(text)
                texts.append(text)
        return tuple(texts)


@contextmanager
def rare_collections() -> Iterator[None]:
    """Look for reference cycles rarely: mapping makes none, and looking costs a tenth of the time."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)
