"""Fill the graph on disk from a project: the records as they are exported, then what they share, then RDF files as they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from exporter.errors import UsageError
from exporter.outcomes.vocabulary import vocabulary
from exporter.pages.graph import GraphFile, RecordPlace
from exporter.pages.view import name_of
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.output_file import SharedResources
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.rdf.compression import Sink
from exporter.rdf.syntaxes import part_rdf
from exporter.text import enumerate_names, quote
from exporter.validation.data.rdf_files import read_rdf
from exporter.writers.formats import find_format, make_writer


class GatheredGraph(NamedTuple):
    """A graph on disk, the plan that its records were mapped by (None where there are RDF files alone), the account, and the prefixes."""

    graph: GraphFile
    plan: Plan | None
    account: Export
    prefixes: Mapping[str, str]


def gather_graph(
    project: Project, folder: Path, text: Sink, progress: Progress | None = None, *, allow_nothing: bool = False
) -> GatheredGraph:
    """Put the graph of a project into a folder, and write it as N-Triples besides.

    Of records the text is, byte for byte, what `export` writes. Raises UsageError for a project with nothing to show, unless that is
    allowed, and OntologyError.
    """
    records, rdf = part_rdf(project.required_paths)
    plan = project.plan() if records else None
    graph = GraphFile(folder / "graph.sqlite")
    account = Export("", 0, 0, 0, {}, 0, (), ())
    if plan is not None:
        run = Exporting(project.with_paths(records), plan, progress, allow_nothing=allow_nothing)
        _add_records(run, plan, graph, text)
        account = run.account("")
    prefixes, triples = _add_files(project, rdf, graph, text)
    if rdf and not triples and not account.triples and not allow_nothing:
        raise UsageError(f"nothing to show: no triples in {enumerate_names(map(quote, rdf), 'or')}")
    graph.finish(name_of)
    return GatheredGraph(graph, plan, _with_triples(account, triples), {**prefixes, **(plan.used_prefixes if plan else {})})


def _add_records(run: Exporting, plan: Plan, graph: GraphFile, text: Sink) -> None:
    writer = make_writer(find_format("ntriples").format, vocabulary(plan))
    shared = SharedResources()
    try:
        for path, item, record in run.exported():
            written = record.written
            graph.add_record(record.iri or "", record.class_name, RecordPlace(path, item), written.record.decode())
            text.write(written.record)
            shared.add(written.shared)
        for subject, statements in shared.merged():
            lines = writer.resource(subject, statements)
            graph.add_shared(lines.decode())
            text.write(lines)
            run.ledger.triples += len(statements)
    finally:
        shared.close()


def _add_files(project: Project, rdf: tuple[str, ...], graph: GraphFile, text: Sink) -> tuple[dict[str, str], int]:
    """Add RDF files, and give the prefixes that they declare and the number of their triples."""
    prefixes: dict[str, str] = {}
    triples = 0
    for number, name in enumerate(map(project.tree.named, rdf)):
        file = read_rdf(name, f"f{number}", project.tree.data(project.tree.project_path(name)))
        prefixes = {**file.prefixes, **prefixes}
        graph.add_loose(file.data.decode())
        text.write(file.data)
        triples += file.data.count(b"\n")
    return prefixes, triples


def _with_triples(account: Export, triples: int) -> Export:
    return replace(account, triples=account.triples + triples)
