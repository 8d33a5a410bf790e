"""What executors do: make the records of a part and write them, find records with one IRI, and settle what concerns many parts.

A part is made in one pass over its files. Where one of its records has an IRI that a record of an earlier part has, it is made again
without that record; so few parts are, unless very many records are duplicates.
"""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path
from typing import NamedTuple

from exporter.errors import ExporterError
from exporter.mapping.model import Name, Named
from exporter.outcomes.making import rare_collections
from exporter.outcomes.outcome import RecordOutcome, SharedText
from exporter.pipeline.exporting import plan_iri_keys
from exporter.pipeline.ledger import Ledger, LedgerPart, UnmappedCounts, Where, file_number, join_unmapped, place_of
from exporter.pipeline.merging import Merges
from exporter.pipeline.output_file import Part, SharedResources
from exporter.problems import KeyPath, Problem
from exporter.references import Lookups
from exporter.references.settling import Once, References, entries_of, say_again
from exporter.text import quote
from exporter.wide.accounts import Account, WrittenPart, add_accounts, make_account
from exporter.wide.chunks import FileRange, deal
from exporter.wide.parts import write_part
from exporter.wide.work import Prepared, answers_name, prepare, references_of

_DIGEST = 8
LIST = ".records"
"""What the name of the list of a part's records ends in, after that of the part."""


class Seeds(NamedTuple):
    """Records of earlier parts whose IRIs records of this part have: digests and numbers, and the paths of the files by their numbers.

    `print` is what the first pass said of the part: files must not change in between.
    """

    digests: bytes = b""
    numbers: bytes = b""
    paths: Mapping[int, str] = {}
    print: bytes | None = None

    def known(self) -> dict[bytes, int]:
        """Give the numbers of the records by the digests of their IRIs."""
        return dict(unpack_records(self.digests, self.numbers))


class Typed(NamedTuple):
    """What was typed for a shared IRI, where it stood first in a part."""

    name: Name
    key_path: KeyPath
    number: int
    where: Where


Used = dict[Once, tuple[Problem, int]]
"""What is said once of values that were taken for a record, and how many have it in common."""


@dataclass(frozen=True, slots=True)
class PartRow:
    """What a part has to say in one bucket; `digests` and `numbers` are of its records."""

    chunk: int
    digests: bytes = b""
    numbers: bytes = b""
    references: Sequence[tuple[str, Where, KeyPath]] = ()
    typed: Sequence[Typed] = ()
    shared: Sequence[SharedText] = ()
    unmapped: UnmappedCounts = field(default_factory=dict)
    used: Used = field(default_factory=dict)


Row = tuple[int, PartRow | Account]
"""Something for a bucket; accounts have one of their own, behind the others."""


class _Gathered(Merges):
    """Gathers what was typed for shared IRIs, and leaves the comparison to the buckets."""

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[Name, Typed] = {}

    def add(self, named: Sequence[Named], number: int, where: tuple[str, int]) -> None:
        for name, key_path in named:
            if name not in self.first:
                self.first[name] = Typed(name, key_path, number, where)


def make_parts(packed: bytes, turn: int, chunks: Iterable[tuple[FileRange, Seeds]]) -> Iterator[Row]:
    """Make and write parts; `turn` is 2 for those that are made again.

    Where references are looked up, the first turn writes what the records answer to, and the second is for all parts.
    """
    prepared = prepare(packed)
    with rare_collections():
        for chunk, seeds in chunks:
            if prepared.plan.looks_up and turn == 1:
                yield from _survey_part(prepared, chunk)
            else:
                yield from _make_part(prepared, turn, chunk, seeds, references_of(packed) if prepared.plan.looks_up else None)


def _survey_part(prepared: Prepared, chunk: FileRange) -> Iterator[Row]:
    """Note the records of a part, and what they answer to."""
    work, task = prepared.work, prepared.task
    ledger = Ledger(plan_iri_keys(prepared.plan), task.reader, first=chunk.first, merges=_Gathered())
    with write_part(work.staging, answers_name(chunk.number)) as sink:
        for outcome in map(task.run_one, chunk.paths()):
            for entry in entries_of(outcome, ledger.add(outcome)):
                sink.write(json.dumps(entry).encode() + b"\n")
    yield from _blocks(work.buckets, PartRow(chunk.number), LedgerPart(records=ledger.records))
    yield work.buckets, Account(prints={chunk.number: _print(ledger.records)})


def _make_part(prepared: Prepared, turn: int, chunk: FileRange, seeds: Seeds, references: References | None) -> Iterator[Row]:
    work, task, paths = prepared.work, prepared.task, chunk.paths()
    known, gathered = seeds.known(), _Gathered()
    ledger = Ledger(plan_iri_keys(prepared.plan), task.reader, work.named, first=chunk.first, known=known, merges=gathered)
    name = f"part-{chunk.number:05d}{prepared.written.extension}"
    with closing(SharedResources()) as shared, write_part(work.staging, f"{name}~{turn}", prepared.written.compression) as sink:
        with closing(Part(task.writer, sink)) as part:
            listed: list[ListedRecord] = []
            for path, item, record in _exported(prepared, ledger, paths, references):
                part.write(record.written.record)
                shared.add(record.written.shared)
                if work.listed:
                    listed.append((path, item, record.iri or "", len(record.written.record)))
            part.finish()
        merged = [(subject, tuple(statements)) for subject, statements in shared.merged()]
    if work.listed:
        _list_records(work.staging, f"{name}~{turn}", listed)
    used = references.used(ledger.locate_span) if references else {}
    ledger.problems += references.unanswered(ledger.locate_span) if references else ()
    here = {chunk.first + number: path for number, path in enumerate(paths)}
    entered = ledger.part(lambda _: {**here, **seeds.paths})
    own = _print(entered.records)
    if seeds.print not in {None, own}:
        raise ExporterError(f"files at {quote(paths[0])} and behind changed while they were read; export again when nobody writes them")
    block = PartRow(chunk.number, typed=tuple(gathered.first.values()), shared=merged, used=used)
    new = {digest: number for digest, number in entered.records.items() if digest not in known}
    yield from _blocks(work.buckets, block, replace(entered, records=new))
    size = Path(work.staging, f"{name}~{turn}").stat().st_size
    written = [WrittenPart(f"{name}~{turn}", name, size, entered.triples)] if entered.exported else []
    account = make_account(replace(entered, unmapped={}), written)
    yield work.buckets, replace(account, prints={chunk.number: own}, lookups=references.lookups if references else Lookups())


ListedRecord = tuple[str, int, str, int]
"""A record in a part: the path of its file, its number there, its IRI, and the bytes of its text, which follows that of the one before."""


def _list_records(staging: str, part: str, listed: Sequence[ListedRecord]) -> None:
    with write_part(staging, f"{part}{LIST}") as sink:
        sink.write(json.dumps(listed).encode())


def read_part(staging: str, part: str) -> Iterator[tuple[str, int, str, bytes]]:
    """Yield the records of a part with their texts, as they were listed: path, number in the file, IRI."""
    listed: list[ListedRecord] = json.loads(Path(staging, f"{part}{LIST}").read_bytes())
    with Path(staging, part).open("rb") as file:
        for path, item, iri, size in listed:
            yield path, item, iri, file.read(size)


def _exported(
    prepared: Prepared, ledger: Ledger, paths: Sequence[str], references: References | None
) -> Iterator[tuple[str, int, RecordOutcome]]:
    """Yield the records of a part that are exported, with their holes filled, and with the paths and numbers of where they stand."""
    for outcome in map(prepared.task.run_one, paths):
        for item, record in ledger.add(outcome):
            if references is None:
                yield outcome.path, item, record
                continue
            settled = references.settled((outcome.path, item), record, prepared.task.writer)
            ledger.triples += settled.written.triples - record.written.triples
            yield outcome.path, item, settled


def _print(records: Mapping[bytes, int]) -> bytes:
    return hashlib.blake2b(b"".join(sorted(records)), digest_size=16).digest()


def _blocks(buckets: int, block: PartRow, entered: LedgerPart) -> Iterator[Row]:
    """Deal what a part has to say to the buckets."""
    records = deal(entered.records.items(), lambda record: record[0], buckets)
    references = deal(entered.references, lambda reference: reference[0], buckets)
    typed = deal(block.typed, lambda each: each.name.iri, buckets)
    shared = deal(block.shared, lambda text: text[0], buckets)
    unmapped = deal(entered.unmapped.items(), lambda key: "\0".join(key[0]), buckets)
    used = deal(block.used.items(), lambda each: repr(each[0]), buckets)
    for bucket in range(buckets):
        packed = pack_records(records[bucket])
        counted, said = dict(unmapped[bucket]), dict(used[bucket])
        yield bucket, PartRow(block.chunk, *packed, references[bucket], typed[bucket], shared[bucket], counted, said)


def find_duplicates(rows: Iterable[Row]) -> Iterator[tuple[int, Seeds]]:
    """Say by the number of a part which of its records come after others with their IRI; and of each part the digest of its records."""
    records: list[tuple[int, bytes, bytes]] = []
    for _, row in rows:
        if isinstance(row, PartRow):
            records.append((row.chunk, row.digests, row.numbers))
        else:
            yield from ((chunk, Seeds(print=own)) for chunk, own in row.prints.items())
    first: dict[bytes, int] = {}
    for _, digests, numbers in records:
        for digest, number in unpack_records(digests, numbers):
            first[digest] = min(number, first.get(digest, number))
    for chunk, digests, numbers in records:
        later = [(digest, first[digest]) for digest, number in unpack_records(digests, numbers) if first[digest] != number]
        if later:
            yield chunk, Seeds(*pack_records(later))


def settle(packed: bytes, bucket: int, rows: Iterable[Row]) -> Iterator[Account]:
    """Settle one bucket: write the shared resources, and find references that nobody answers and texts that make one IRI."""
    prepared = prepare(packed)
    if bucket == prepared.work.buckets:
        yield reduce(add_accounts, (row for _, row in rows if isinstance(row, Account)), Account())
        return
    name = f"shared-{bucket:05d}{prepared.written.extension}"
    staging = prepared.work.staging
    with write_part(staging, name, prepared.written.compression) as sink, closing(Part(prepared.task.writer, sink)) as part:
        ledger, unmapped = _join_blocks(prepared, part, (row for _, row in rows if isinstance(row, PartRow)))
        triples = part.finish()
    written = [WrittenPart(name, name, Path(staging, name).stat().st_size, triples)] if triples else []
    yield make_account(replace(ledger, triples=triples, unmapped=unmapped), written)


def _join_blocks(prepared: Prepared, part: Part, blocks: Iterable[PartRow]) -> tuple[LedgerPart, UnmappedCounts]:
    """Take what the parts say in one bucket, the shared resources into a file."""
    merges, unmapped = Merges(), UnmappedCounts()
    ledger = Ledger(plan_iri_keys(prepared.plan), prepared.task.reader, merges=merges)
    ledger.left_out = dict(prepared.work.left_out)
    typed: list[Typed] = []
    used: Used = {}
    for block in blocks:
        ledger.join(LedgerPart(records=dict(unpack_records(block.digests, block.numbers)), references=block.references))
        join_unmapped(unmapped, block.unmapped)
        typed += block.typed
        for once, (problem, count) in block.used.items():
            first, others = used.get(once, (problem, 0))
            used[once] = (min(first, problem, key=place_of), others + count)
        part.share(block.shared)
    for name, key_path, number, where in sorted(typed, key=lambda each: each.number):
        merges.add([(name, key_path)], number, where)
    files = {file_number(each.number): each.where[0] for each in typed}
    ledger.problems += [say_again(problem, count - 1) for problem, count in used.values()]
    return LedgerPart(problems=ledger.finish(lambda _: files, prepared.unread)), unmapped


def pack_records(records: Sequence[tuple[bytes, int]]) -> tuple[bytes, bytes]:
    """Pack digests and numbers, which a run has one of for each record.

    >>> list(unpack_records(*pack_records([(b"12345678", 9)])))
    [(b'12345678', 9)]
    """
    return b"".join([digest for digest, _ in records]), array("Q", [number for _, number in records]).tobytes()


def unpack_records(digests: bytes, numbers: bytes) -> Iterator[tuple[bytes, int]]:
    """Give what was packed."""
    unpacked = array("Q")
    unpacked.frombytes(numbers)
    return ((digests[at * _DIGEST : (at + 1) * _DIGEST], number) for at, number in enumerate(unpacked))
