"""The export run: files in, one graph out, and an account of every file."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from exporter.cache.folder import Cache, CacheAccount, open_cache
from exporter.cache.kept import KeptOutcomes
from exporter.cache.last_run import Spans
from exporter.cache.listing import Listing
from exporter.cache.plan_inputs import keep_digest
from exporter.discovery import Discovered
from exporter.errors import UsageError
from exporter.outcomes.making import FileTask
from exporter.outcomes.outcome import Outcome, RecordOutcome
from exporter.outcomes.workers import default_jobs, run_files
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.ledger import Ledger
from exporter.pipeline.looking import nothing_found
from exporter.pipeline.output_file import Part
from exporter.pipeline.provenance import DataOrigins, Provenance
from exporter.pipeline.sinks import GraphSink, Target
from exporter.pipeline.spool import Spool
from exporter.plan.digest import plan_digest
from exporter.plan.model import Plan
from exporter.problems import KeyPath, format_key_path
from exporter.project import Project
from exporter.rdf.compression import Sink
from exporter.references.other_files import OtherFiles
from exporter.references.settling import References
from exporter.settings.model import CONTEXTS
from exporter.text import enumerate_names, quote
from exporter.writers.compare import Difference, compare_output
from exporter.writers.files import open_output
from exporter.writers.formats import DEFAULT_FORMAT, FileFormat, find_format, format_of_file

if TYPE_CHECKING:
    from exporter.pipeline.pages import PageAccount
    from exporter.pipeline.splitting import Folder, Split


class Exporting:
    """One run over a project, which writes to a sink and keeps the account.

    Unless `allow_nothing`, a project without a single record ends the run with a UsageError, before anything is written.
    """

    def __init__(  # noqa: PLR0913 - as an export was asked
        self,
        project: Project,
        plan: Plan,
        progress: Progress | None = None,
        *,
        format: str = "ntriples",  # noqa: A002 - as in `export`
        context: str | None = None,
        allow_nothing: bool = False,
        cache: Cache | None = None,
        listing: Listing | None = None,
        origins: DataOrigins | None = None,
    ) -> None:
        self._origins = origins or DataOrigins()
        self._format = find_format(format).format
        self._plan = plan
        self._project = project
        self._listing = listing
        self.plan = plan
        self.cache = open_cache(project) if cache is None else cache
        self.spans = Spans()
        self._file = -1
        self.digest = ""
        self.task = FileTask(project, format, plan, context=context, keeps=self.cache.is_on)
        self._kept: KeptOutcomes | None = None
        if self.cache.is_on:
            self.digest = plan_digest(plan)
            keep_digest(project, self.cache, plan, self.digest)
            name = "-".join(filter(None, (format, context and "context", self.digest)))
            self._kept = KeptOutcomes(self.cache, name, self.task.reader)
        self._has_context = context is not None
        self._pages: PageAccount | None = None
        self.ledger = Ledger(plan_iri_keys(plan), self.task.reader, project.named_files())
        self.references = References(plan, OtherFiles(project, plan)) if plan.looks_up else None
        self._allow_nothing = allow_nothing
        self._progress = progress or (lambda _: None)

    def run(self, sink: Sink) -> None:
        """Write the whole graph: the head, the records in the order of their files, what they share by IRI, the tail."""
        exported = self.exported()
        first = [*islice(exported, 1)]  # drawn before the head is written: a run that ends here leaves nothing behind
        with closing(Part(self.task.writer, sink)) as part:
            files, items, answers = array("q"), array("q"), list[bytes]()
            said = Provenance(self._plan, self.task.reader, graphs=self._origins.graphs is not None) if self._origins.provenance else None
            for path, item, record in chain(first, exported):
                part.add(self._origins.placed(record, self._format) if self._origins else record)
                if said is not None:
                    said.add(path, record)
                files.append(self._file)
                items.append(item)
                if self.references is not None and self._kept is not None:
                    answers.append("\n".join(self.references.answered).encode())
            self.spans = Spans(files, items, *part.spans, answers=answers)
            self.ledger.triples += part.write_shared()
            for text, triples in said.written(self.ledger.triples, self._format, self.task.writer) if said is not None else ():
                part.write(text)
                self.ledger.triples += triples
            part.end()

    def run_split(self, split: Split, folder: Folder, written: FileFormat) -> None:
        """Write a file for each record or class."""
        if self._has_context:
            from exporter.pipeline.pages import write_pages  # as below

            self._pages = write_pages(
                ((path, record) for path, _, record in self.exported()), referred_classes(self._plan), folder, written
            )
            self.ledger.triples = self._pages.triples
            return
        from exporter.pipeline.splitting import write_classes, write_records  # 5 ms with what it imports, and seldom needed

        write = write_records if split == "record" else write_classes
        shared = write((record for _, _, record in self.exported()), self.task.writer, folder, written)
        self.ledger.triples += shared

    def exported(self) -> Iterator[tuple[str, int, RecordOutcome]]:
        """Yield each record that is exported, with the path of its file, and its number there."""
        if self.references is not None:
            yield from self._settled(self.references)
            return
        for outcome, records in self._made():
            self._file = self.ledger.file
            for item, record in records:
                yield outcome.path, item, record

    def _settled(self, references: References) -> Iterator[tuple[str, int, RecordOutcome]]:
        """Make all records, and then fill their holes: what a value names is known when each record was seen."""
        files = array("q")
        with Spool() as spool:
            for outcome, records in self._made():
                references.add(outcome, records)
                for item, record in records:
                    spool.add(outcome.path, item, record)
                    files.append(self.ledger.file)
            for self._file, (path, item, record) in zip(files, spool.records(), strict=True):
                settled = references.settled((path, item), record, self.task.writer)
                self.ledger.triples += settled.written.triples - record.written.triples
                yield path, item, settled

    def _made(self) -> Iterator[tuple[Outcome, list[tuple[int, RecordOutcome]]]]:
        """Yield each file's outcome with the records that are exported."""
        ledger, kept = self.ledger, self._kept
        make = partial(run_files, self.task, jobs=self._project.jobs or default_jobs())
        for outcome in kept.outcomes(make, self.found()) if kept else make(self.found()):
            exported = ledger.add(outcome)
            self._progress(ledger.seen)
            yield outcome, exported
        if kept:
            kept.save()
        self.refuse_nothing()

    def refuse_nothing(self) -> None:
        """Raise UsageError where there was not a single record, unless that is allowed."""
        project, ledger = self._project, self.ledger
        if not (ledger.exported or ledger.rejected or self._allow_nothing):
            raise nothing_found(project.paths, project.selection, ledger.skipped, ledger.problems)

    def found(self) -> Iterator[str]:
        """Yield the files that are records, in their order; the ledger takes the others."""
        for item in self._project.discover(self._leave_out, self._plan, self._listing.enter if self._listing else None):
            if item.is_record:
                if self._listing:
                    self._listing.add(item)
                yield item.path
            else:
                self._leave_out(item)

    def _leave_out(self, item: Discovered) -> None:
        if self._listing:
            self._listing.add(item)
        self.ledger.leave_out(item)

    @property
    def kept_digest(self) -> bytes:
        """The digest of the index of what this run kept, in which each of its files has a row; nothing where one of them has none."""
        kept = self._kept
        return kept.digest if kept is not None and kept.has_rows(self.ledger.file + 1) else b""

    @property
    def kept_rows(self) -> Mapping[str, int] | None:
        """The row of each file in that index; None where one of them has none."""
        return self._kept.rows if self._kept is not None and self.kept_digest else None

    @property
    def uses(self) -> tuple[str, ...]:
        """The files of the cache that hold what this run kept."""
        return self._kept.uses if self._kept is not None else ()

    def account(self, output: str, *, checked: bool = False, stale: Difference | None = None) -> Export:
        """Close the account, with what can only be said at the end: references that nobody answers, records with one IRI."""
        ledger = self.ledger
        of_ontology = map(self._project.tree.relocate, self._plan.ontology.problems)
        problems = [*of_ontology, *ledger.finish(self._paths_of, self._map_left_out, self.references)]
        return Export(
            output=output,
            seen=ledger.seen,
            exported=ledger.exported,
            rejected=ledger.rejected,
            skipped=dict(sorted(ledger.skipped.items())),
            triples=ledger.triples,
            problems=tuple(problems),
            unmapped=tuple(ledger.unmapped_keys(known_keys(self._plan))),
            fresh=stale is None if checked else None,
            stale=stale,
            files=ledger.files,
            pages=self._pages,
            lookups=self.references.lookups if self.references else None,
            cache=self._kept.account() if self._kept else CacheAccount(notes=tuple(self.cache.notes)),
        )

    def _map_left_out(self, paths: Sequence[str]) -> dict[str, str]:
        """Map files that were left out, for the IRIs that their records would have."""
        outcomes = [self.task.make(path, text=False) for path in paths]
        return {record.iri: outcome.path for outcome in outcomes for record in outcome.records if record.iri is not None}

    def _paths_of(self, numbers: Sequence[int]) -> dict[int, str]:
        """Find the files again that had these numbers: discovery takes the same order every time."""
        wanted = set(numbers)
        return {number: path for number, path in islice(enumerate(self._project.files(self._plan)), max(wanted) + 1) if number in wanted}


def known_keys(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The keys that each class of records covers, nested ones too, for guesses at misspelt ones."""
    from exporter.plan.keytree import covered_paths

    return {of.name: tuple(format_key_path(path) for path in covered_paths(of)) for of in plan.record_classes}


def referred_classes(plan: Plan) -> frozenset[str]:
    """The names of the classes whose records others refer to."""
    values = (value for of in plan.classes.values() for step in of.steps for value in step.values)
    referred = {value.of.iri.value: value.of.name for value in values if value.kind == "reference" and value.of is not None}
    below = (of.name for of in plan.record_classes if any(range_ in referred for range_, _ in of.answers))
    return frozenset((*referred.values(), *below))


def plan_iri_keys(plan: Plan) -> dict[str, KeyPath]:
    """For each class of records, the last key in its IRI: where two records with one IRI are told apart."""
    return {
        of.name: variable.path
        for of in plan.record_classes
        if of.template is not None
        for variable in of.template.variables
        if variable.scope == "map"
    }


def run_export(  # noqa: PLR0913 - as `export` was asked
    project: Project,
    output: str | Path | Target,
    *,
    format: str | None,  # noqa: A002 - as in `export`
    split: Split | None,
    context: str | None,
    check: bool,
    progress: Progress | None,
    cache: Cache,
    listing: Listing | None = None,
    origins: DataOrigins | None = None,
) -> tuple[Exporting, Export]:
    """Export a project, and give the run and its account; `export` says what the arguments are, and what is raised."""
    written = _format(output, format, split)
    check_context(context, written, split)
    if origins:
        in_memory = not isinstance(output, (str, Path))
        origins.check(written.format, {"--split": split, "a graph in memory": in_memory})
    plan = project.plan()
    run = Exporting(project, plan, progress, format=written.format.name, context=context, cache=cache, listing=listing, origins=origins)
    if not isinstance(output, (str, Path)):
        graph = GraphSink(output)
        graph.bind(plan.prefixes)
        run.run(graph)
        return run, run.account("")
    if check:
        return run, _check(run, str(output), written, split)
    if split is not None:
        from exporter.writers.split import SplitFolder

        with SplitFolder(output, nested=context is not None) as folder:
            run.run_split(split, folder, written)
        return run, run.account(str(output))
    with open_output(output, written.compression) as sink:
        run.run(sink)
    return run, run.account(str(output))


def _format(output: str | Path | Target, name: str | None, split: Split | None) -> FileFormat:
    """Tell what to write; raises UsageError for what can't be a folder."""
    if not isinstance(output, (str, Path)):
        if split is not None:
            raise UsageError("a graph in memory can't be split into files; name a folder")
        return find_format("ntriples")
    if split is not None and str(output) == "-":
        raise UsageError("standard output can't be split into files; name a folder with -o")
    if split is None and str(output) != "-":
        return format_of_file(output, name)
    return find_format(name) if name else FileFormat(DEFAULT_FORMAT)


def check_context(context: str | None, written: FileFormat, split: Split | None) -> None:
    """Raise UsageError for a context that is not known, or that the format and the split do not go with."""
    if context is None:
        return
    if context not in CONTEXTS:
        raise UsageError(f"unknown context {quote(context)}; there is {enumerate_names(CONTEXTS)}")
    if split != "record" or written.format.name != "jsonld":
        raise UsageError(f"the context {context} is for the document of a page each: add --split record -f jsonld")


def _check(run: Exporting, output: str, written: FileFormat, split: Split | None) -> Export:
    if split is not None:
        from exporter.pipeline.splitting import ComparedFolder

        folder = ComparedFolder(output)
        run.run_split(split, folder, written)
        return run.account(output, checked=True, stale=folder.close())
    if output == "-":
        raise UsageError("there is nothing to check standard output against; name the file with -o")
    with compare_output(output, written.compression) as comparison:
        run.run(comparison)
        return run.account(output, checked=True, stale=comparison.close())
