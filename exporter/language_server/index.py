"""The records of a project, as their files say them, and in the place of those that are open in the editor as they stand there."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from exporter.digests import short_digest
from exporter.mapping.model import Answers
from exporter.outcomes.outcome import Outcome, RecordOutcome
from exporter.plan.model import Plan
from exporter.problems import key_names
from exporter.project import Project
from exporter.rdf.terms import LABELS, RDF_TYPE

if TYPE_CHECKING:  # completion of keys needs no records, and should not wait for what reads them
    from exporter.pipeline.exporting import Exporting
    from exporter.references.settling import References

_TYPED = re.compile(rb"(?m)^<[^>\n]*+> %b <([^>\n]*+)>" % re.escape(str(RDF_TYPE).encode()))
ITEM_BITS = 20
"""A record's number has so many bits for its number in its file, as in a ledger."""


class IndexedRecord(NamedTuple):
    """A record that others may name: its IRI, file and number there, the name of its class, what it is called, what it answers to.

    `span` is where its statements stand among those that were loaded, and `text` has them where they are others now.
    """

    iri: str
    path: str
    item: int
    class_name: str
    label: str
    answers: tuple[Answers, ...] = ()
    span: tuple[int, int] = (0, 0)
    text: bytes | None = None


class IndexedRecords:
    """Loaded once with what is kept between runs, and then changed file by file. `close` deletes its temporary file."""

    def __init__(self, project: Project, plan: Plan) -> None:
        from exporter.pipeline.exporting import Exporting
        from exporter.validation.data.data_file import DataFile

        self._plan = plan
        self._data = DataFile()
        self.by_iri: dict[str, IndexedRecord] = {}
        self.by_path: dict[str, list[IndexedRecord]] = {}
        self.paths: list[str] = []
        self._numbers: dict[str, int] = {}
        self.digests: dict[bytes, int] = {}
        """The numbers of the records by the digests of their IRIs, as a ledger has them."""
        self._shared: dict[str, tuple[int, int]] = {}
        self._shared_of: dict[str, list[str]] = {}
        self._typed: dict[tuple[str, tuple[str, ...]], str] = {}
        run = Exporting(project, plan, allow_nothing=True)
        self._load(run)
        self.references: References | None = run.references

    def _load(self, run: Exporting) -> None:
        from exporter.outcomes.vocabulary import vocabulary
        from exporter.pipeline.output_file import SharedResources
        from exporter.writers.formats import find_format, make_writer

        shared = SharedResources()
        try:
            for path, item, record in run.exported():
                start, text = self._data.size, record.written.record
                self._data.append(text)
                self._enter(_indexed(path, item, record, (start, start + len(text)), None))
                shared.add(record.written.shared)
                for name, key_path in record.named:
                    self._typed.setdefault((name.iri, key_names(key_path)), name.text)
            writer = make_writer(find_format("ntriples").format, vocabulary(self._plan))
            for subject, statements in shared.merged():
                start, text = self._data.size, writer.resource(subject, statements)
                self._data.append(text)
                self._shared[subject] = (start, self._data.size)
                for found in _TYPED.finditer(text):
                    self._shared_of.setdefault(found[1].decode(), []).append(subject[1:-1])
        finally:
            shared.close()

    def _enter(self, record: IndexedRecord) -> None:
        self.by_path.setdefault(record.path, []).append(record)
        self._note(record)

    def _note(self, record: IndexedRecord) -> None:
        self.by_iri[record.iri] = record
        self.digests[short_digest(record.iri)] = self.number_of(record.path) << ITEM_BITS | record.item

    def number_of(self, path: str) -> int:
        """Give the number by which the ledger knows a file."""
        if path not in self._numbers:
            self._numbers[path] = len(self.paths)
            self.paths.append(path)
        return self._numbers[path]

    def answer_as(self, path: str, outcome: Outcome, exported: Sequence[tuple[int, RecordOutcome]]) -> bool:
        """Let a file answer to what it says now. Says whether values in other files may name something else than before."""
        from exporter.references.settling import Nameable, entries_of

        if self.references is None:
            return False
        alone = len(outcome.records) == 1
        before = [Nameable(path, record.iri, alone, record.answers) for record in self.by_path.get(path, ())]
        now = list(entries_of(outcome, exported))
        if before == now:
            return False
        for entry in before or [Nameable(path)]:
            self.references.leave(entry)
        for entry in now:
            self.references.enter(entry)
        return True

    def put(self, path: str, records: Sequence[tuple[int, RecordOutcome]]) -> bool:
        """Take the records of a file, settled, in the place of those before. Says whether they are called otherwise, or others."""
        before = self.by_path.pop(path, [])
        now = [_indexed(path, item, record, (0, 0), record.written.record) for item, record in records]
        kept = {record.iri for record in now}
        for record in before:
            if record.iri not in kept and self.by_iri.get(record.iri) is record:
                del self.by_iri[record.iri]
                self.digests.pop(short_digest(record.iri), None)
                for other in (other for records in self.by_path.values() for other in records if other.iri == record.iri):
                    self._note(other)  # which had the same IRI, and stood back for it
        for record in now:
            self._enter(record)
        return [(record.iri, record.label) for record in before] != [(record.iri, record.label) for record in now]

    def remove(self, path: str) -> None:
        """Forget a file that is gone."""
        from exporter.references.settling import Nameable

        for record in self.by_path.get(path, ()):
            if self.references is not None:
                self.references.leave(Nameable(path, record.iri, answers=record.answers))
        self.put(path, ())

    def statements(self, record: IndexedRecord) -> bytes:
        """Give the statements of a record's own resources, as N-Triples."""
        return record.text if record.text is not None else self._data.part(*record.span)

    def shared_statements(self, subject: str) -> bytes:
        """Give what all records together say of a shared resource; a term as N-Triples has it."""
        span = self._shared.get(subject)
        return self._data.part(*span) if span else b""

    def has_shared(self, iri: str) -> bool:
        """Say whether a resource is one that records share."""
        return f"<{iri}>" in self._shared

    def shared_of(self, class_iri: str) -> Sequence[str]:
        """Give the IRIs of the resources of a class that records share, sorted."""
        return self._shared_of.get(class_iri, ())

    def typed(self, iri: str, names: tuple[str, ...]) -> str | None:
        """Give what a record has at a key for a shared resource of which several texts may make one; None where none has it there."""
        return self._typed.get((iri, names))

    def naming(self, iri: str) -> Iterator[IndexedRecord]:
        """Yield the records whose statements name a resource as a value, in the order of the files."""
        wanted = f" <{iri}> .\n".encode()
        found = (record for records in self.by_path.values() for record in records if wanted in self.statements(record))
        yield from sorted(found, key=lambda record: (record.path, record.item))

    def of_class(self, names: Sequence[str]) -> list[IndexedRecord]:
        """Give the records of some classes."""
        wanted = set(names)
        return [record for records in self.by_path.values() for record in records if record.class_name in wanted]

    def close(self) -> None:
        """Delete the temporary file."""
        self._data.__exit__(None, None, None)


def _indexed(path: str, item: int, record: RecordOutcome, span: tuple[int, int], text: bytes | None) -> IndexedRecord:
    iri = record.iri or ""
    label = find_label(iri, record.written.record)
    return IndexedRecord(iri, path, item, record.class_name, label, record.answers, span, text)


def find_label(iri: str, statements: bytes) -> str:
    """Give what the statements of a resource call it, or else nothing."""
    begin = b"<%b> <" % iri.encode()
    for predicate in LABELS:
        start = b'%b%b> "' % (begin, predicate.encode())
        at = 0 if statements.startswith(start) else statements.find(b"\n" + start) + 1
        if at == 0 and not statements.startswith(start):
            continue
        line = statements[at + len(start) - 1 : statements.find(b"\n", at)]
        try:
            return str(json.loads(line[: line.rindex(b'"') + 1].decode()))
        except ValueError:
            return line[1 : line.rindex(b'"')].decode(errors="replace")
    return ""
