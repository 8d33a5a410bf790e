"""The export over a cluster, as the driver runs it: list the files, have parts made, settle what concerns many, finish the folder.

The driver holds the paths, packed, and counts; problems and keys up to a number (`exporter.wide.accounts`); and 16 bytes for each record
that has the IRI of a record in an earlier part.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import NamedTuple

from exporter.errors import UsageError
from exporter.pipeline.account import Export
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.ledger import Ledger, file_number
from exporter.plan.digest import plan_digest
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.rdf.compression import check_compression
from exporter.rdf.syntaxes import syntax_of
from exporter.references.settling import References
from exporter.wide.accounts import Account, WrittenPart, add_accounts
from exporter.wide.chunks import FileRange, chunk_of, count_buckets, cut
from exporter.wide.parts import PartsFolder
from exporter.wide.spark import Cluster, open_cluster
from exporter.wide.tasks import PartRow, Row, Seeds, find_duplicates, make_parts, read_part, settle
from exporter.wide.work import Work, portable, references_of, versions
from exporter.writers.formats import FileFormat, find_format, format_of_file

DEFAULT = "ntriples"
_STAGING = ".owltype-parts"


@dataclass(frozen=True, slots=True)
class ClusterOptions:
    """Which cluster: its master, by default what Spark's own settings say; and who is told how far it is."""

    master: str | None = None
    verbose: bool = False
    progress: Callable[[int, int], None] | None = None


def export_over_cluster(
    project: Project,
    output: str,
    format: str | None,  # noqa: A002 - the word that the option has
    *,
    master: str | None = None,
    verbose: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Export:
    """Export the records of a project to a folder of parts; `progress` is told how many tasks of how many are done.

    Raises OntologyError, OutputError and UsageError, also where there is no Spark.
    """
    if output == "-":
        raise UsageError("--runner spark writes a folder of parts; name it with -o")
    project = replace(project, cache=None)  # kept on one machine, for one machine
    project.required_paths  # noqa: B018 - it refuses to be without
    written = format_of_file(output, format) if syntax_of(output) else find_format(format or DEFAULT)
    check_compression(written.compression)
    plan = project.plan()
    run = Exporting(project, plan, format=written.format.name)
    with PartsFolder(output) as folder, open_cluster(master, project.jobs, verbose=verbose, progress=progress) as cluster:
        work, chunks = _prepare(project, run, written, folder.staging)
        account = _run(cluster, work, chunks, settles=plan.looks_up) if chunks else Account()
        run.ledger.join(account.ledger)
        run.refuse_nothing()
        folder.finish({part.written: part.name for part in account.parts}, _success(account, run.ledger, work.digest, written))
    return _account(run, account, output)


class MappedParts(NamedTuple):
    """What a cluster made of records: their texts as N-Triples in a folder, the account, and what settles their references."""

    staging: str
    parts: tuple[WrittenPart, ...]
    account: Export
    references: References | None

    def records(self) -> Iterator[tuple[str, int, str, bytes]]:
        """Yield each record in the order of the files: path, number in the file, IRI, text."""
        for part in self.parts:
            if part.name.startswith("part-"):
                yield from read_part(self.staging, part.written)

    def shared(self) -> Iterator[bytes]:
        """Yield the texts of the resources that records share."""
        for part in self.parts:
            if part.name.startswith("shared-"):
                yield Path(self.staging, part.written).read_bytes()


@contextmanager
def map_over_cluster(project: Project, plan: Plan, cluster_of: ClusterOptions, *, allow_nothing: bool = False) -> Iterator[MappedParts]:
    """Have a cluster map the records of a project, into a hidden folder at its root, which is gone when the block ends.

    Raises OntologyError and UsageError, also where there is no Spark.
    """
    project = replace(project, cache=None)
    run = Exporting(project, plan, allow_nothing=allow_nothing)
    target = str(Path(project.root, _STAGING))
    with (
        PartsFolder(target) as folder,
        open_cluster(cluster_of.master, project.jobs, verbose=cluster_of.verbose, progress=cluster_of.progress) as cluster,
    ):
        work, chunks = _prepare(project, run, find_format(DEFAULT), folder.staging)
        work = replace(work, listed=True)
        account = _run(cluster, work, chunks, settles=plan.looks_up) if chunks else Account()
        run.ledger.join(account.ledger)
        run.refuse_nothing()
        references = references_of(work.packed()) if plan.looks_up and chunks else None
        yield MappedParts(folder.staging, account.parts, _account(run, account, ""), references)


def _prepare(project: Project, run: Exporting, written: FileFormat, staging: str) -> tuple[Work, list[FileRange]]:
    """List the files, and say what executors have to know."""
    chunks = cut(run.found())
    name = written.format.name + (written.compression.extension if written.compression else "")
    listed = (project.named_files(), run.ledger.left_out, len(chunks))
    return Work(portable(project), name, plan_digest(run.plan), versions(), staging, count_buckets(len(chunks)), *listed), chunks


def _account(run: Exporting, account: Account, output: str) -> Export:
    lookups = account.lookups if run.plan.looks_up else None
    return replace(run.account(output), lookups=lookups, unlisted=account.unlisted, unlisted_keys=account.unlisted_keys)


def _run(cluster: Cluster, work: Work, chunks: Sequence[FileRange], *, settles: bool) -> Account:
    """Make the parts, those with duplicates again, and settle what is between them.

    Where references are looked up, all parts are made again: when each record was seen, it is known what a value names.
    """
    packed, buckets = work.packed(), work.buckets + 1
    made = cluster.spread([(chunk, Seeds()) for chunk in chunks], partial(make_parts, packed, 1))
    rows = cluster.shuffle([made], buckets)
    found = _gather(cluster.collect(rows, find_duplicates), chunks)
    again = {number: seeds for number, seeds in found.items() if settles or seeds.digests}
    if again:
        packed = replace(work, losers={number: seeds.digests for number, seeds in again.items() if settles}).packed()
        remade = cluster.spread([(chunks[number], each) for number, each in sorted(again.items())], partial(make_parts, packed, 2))
        standing = [] if settles else [cluster.keep(rows, partial(_stands, frozenset(again)))]
        rows = cluster.shuffle([*standing, remade], buckets)
    return cluster.reduce(rows, partial(settle, packed), add_accounts)


def _gather(found: Iterable[tuple[int, Seeds]], chunks: Sequence[FileRange]) -> dict[int, Seeds]:
    """Put together what several buckets say of a part."""
    seeds: dict[int, Seeds] = {}
    for number, seed in found:
        known = seeds.get(number, Seeds())
        seeds[number] = Seeds(known.digests + seed.digests, known.numbers + seed.numbers, print=known.print or seed.print)
    for number, seed in seeds.items():
        files = sorted({file_number(record) for record in seed.known().values()})
        seeds[number] = seed._replace(paths={file: chunk_of(chunks, file).path(file) for file in files})
    return seeds


def _stands(again: frozenset[int], row: Row) -> bool:
    """Say whether what was said of a part stands, and does not come once more."""
    said = row[1]
    return said.chunk not in again if isinstance(said, PartRow) else not again.intersection(said.prints)


def _success(account: Account, ledger: Ledger, digest: str, written: FileFormat) -> bytes:
    """List the parts in their order, with what a reader wants to know before it loads them."""
    listed = {
        "format": written.format.media_types[0],
        "compression": written.compression.name if written.compression else None,
        "plan": digest,
        "records": {"exported": ledger.exported, "rejected": ledger.rejected, "skipped": ledger.skipped.total()},
        "triples": ledger.triples,
        "parts": [{"name": part.name, "bytes": part.size, "triples": part.triples} for part in account.parts],
    }
    return json.dumps(listed, indent=2, ensure_ascii=False).encode() + b"\n"
