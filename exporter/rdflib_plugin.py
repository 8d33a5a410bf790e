"""rdflib reads records: `Graph().parse("record.md", format="frontmatter")` (https://rdflib.readthedocs.io/en/stable/plugin_parsers/)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from rdflib import Graph
from rdflib.parser import InputSource, Parser

from exporter.errors import ExporterError
from exporter.mapping.mapping import map_record
from exporter.paths import Paths
from exporter.plan.compiling import load_plan
from exporter.rdf.interchange import add_triples
from exporter.rdf.terms import statements
from exporter.records.plugging import installed_handlers
from exporter.records.reading import read_file


class FrontMatterParser(Parser):
    """Maps one record into a graph; rdflib finds it by the entry point `frontmatter`."""

    def parse(self, source: InputSource, sink: Graph, ontology: Paths = ()) -> None:
        """Add what the record in `source` says to `sink`, by `ontology`, by default the project's `ontology/`.

        A value that does not fit is added as it was typed, as in an export. Raises ExporterError, with located problems, for a record
        that is rejected, and OntologyError.

        >>> from rdflib.parser import create_input_source
        >>> page = min(Path("examples/medigy/content").rglob("*.md"))
        >>> graph = Graph()
        >>> FrontMatterParser().parse(create_input_source(data=page.read_bytes()), graph)
        >>> len(graph) > 20
        True
        """
        path = _path(source)
        reading = read_file(path, _bytes(source), handlers=installed_handlers())
        if reading.record is None:
            reason = reading.skipped or "; ".join(f"{problem.location}: {problem.message}" for problem in reading.problems)
            raise ExporterError(f"{path} is not a record: {reason}", reading.problems)
        plan = load_plan(ontology)
        mapped = map_record(reading.record, plan)
        if mapped.iri is None:
            reason = "; ".join(f"{problem.location}: {problem.message}" for problem in mapped.problems)
            raise ExporterError(f"{path} is rejected: {reason}", mapped.problems)
        for prefix, namespace in plan.prefixes.items():
            sink.bind(prefix, namespace, replace=True)
        add_triples(sink, statements([*mapped.blocks, *mapped.shared]))


def _path(source: InputSource) -> str:
    """Give the file behind a source as the user would name it; a stream has no name but what it was given."""
    name = str(source.getSystemId() or source.getPublicId() or "record")
    if not name.startswith("file:"):
        return name
    path = Path(unquote(urlsplit(name).path))
    return path.relative_to(Path.cwd()).as_posix() if path.is_relative_to(Path.cwd()) else path.as_posix()


def _bytes(source: InputSource) -> bytes:
    """Read a source: rdflib gives bytes for files, and characters for texts."""
    stream = source.getByteStream()
    if stream is not None:
        data: bytes = stream.read()
        return data
    characters = source.getCharacterStream()
    return characters.read().encode("utf-8") if characters is not None else b""
