"""Fill the graph on disk from a run over a project: the records as they are exported, then what they share."""

from __future__ import annotations

from pathlib import Path

from exporter.outcomes.vocabulary import vocabulary
from exporter.pages.graph import GraphFile, RecordPlace
from exporter.pages.view import name_of
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.output_file import SharedResources
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.rdf.compression import Sink
from exporter.writers.formats import find_format, make_writer


def gather_graph(
    project: Project, plan: Plan, folder: Path, text: Sink, progress: Progress | None = None, *, allow_nothing: bool = False
) -> tuple[GraphFile, Export]:
    """Export a project into a graph in a folder, and write it as N-Triples besides; give the graph and the account.

    The text is, byte for byte, what `export` writes. Raises UsageError for a project without a record, unless that is allowed.
    """
    run = Exporting(project, plan, progress, allow_nothing=allow_nothing)
    graph = GraphFile(folder / "graph.sqlite")
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
    graph.finish(name_of)
    return graph, run.account("")
