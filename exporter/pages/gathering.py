"""Fill the graph on disk from a project: the records as they are exported, then what they share, then RDF files as they are.

A graph that is `gathered` for changes can `follow` its project: only the parts that differ are put in anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from exporter.digests import content_digest
from exporter.errors import UsageError
from exporter.outcomes.vocabulary import vocabulary
from exporter.pages.graph import GraphChange, GraphFile, GraphPart, RecordPlace
from exporter.pages.view import name_of
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.output_file import SharedResources
from exporter.plan.digest import plan_digest
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.rdf.compression import Sink
from exporter.rdf.syntaxes import part_rdf
from exporter.text import enumerate_names, quote
from exporter.validation.data.rdf_files import read_rdf
from exporter.writers.formats import find_format, make_writer

_MANY, _FEW = 0.2, 20
"""The share of the parts from which on a graph is gathered anew and not changed; so few are always changed."""


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
    return _Gathering(project, text).gather(folder, progress, allow_nothing=allow_nothing, known=None)


_PartKey = tuple[str, int] | str
"""A record by its path and its number there, a shared resource by its IRI."""


@dataclass(slots=True)
class _KnownPart:
    number: int
    digest: bytes
    place: int


@dataclass(slots=True)
class FollowingGraph:
    """A graph on disk that follows its project; `gathered` is what it is now."""

    gathered: GatheredGraph
    _parts: dict[_PartKey, _KnownPart]

    @classmethod
    def gather(cls, project: Project, folder: Path, text: Sink) -> FollowingGraph:
        """Put the graph of a project into a folder, as `gather_graph` does, which may be one of nothing."""
        parts: dict[_PartKey, _KnownPart] = {}
        gathered = _Gathering(project, text).gather(folder, None, allow_nothing=True, known=parts)
        return cls(gathered, parts)

    def look(self, project: Project) -> FoundParts | None:
        """Find what has changed in the project.

        None where it has to be gathered anew: the plan differs, there are RDF files, or very much has changed.
        """
        gathering, plan = _Gathering(project, None), self.gathered.plan
        if plan is None or gathering.plan is None or gathering.files or plan_digest(gathering.plan) != plan_digest(plan):
            return None
        found = FoundParts(self._parts)
        for part in gathering.parts(None, allow_nothing=True):
            found.add(part)
            if len(found.new) > max(_MANY * len(self._parts), _FEW):
                return None
        found.gathered = GatheredGraph(self.gathered.graph, gathering.plan, gathering.account, gathering.plan.used_prefixes)
        return found

    def follow(self, found: FoundParts) -> GraphChange:
        """Change the graph to what was found."""
        gone = [part.number for key, part in self._parts.items() if key not in found.same]
        with self.gathered.graph.lock:
            numbers, change = self.gathered.graph.change(gone, found.new, name_of)
            self.gathered.graph.move(found.moved)
        places = [place for _, place in found.new]
        self._parts = {**found.same, **dict(zip(found.keys, map(_KnownPart, numbers, found.digests, places), strict=True))}
        if found.gathered is not None:
            self.gathered = found.gathered
        return change


@dataclass(slots=True)
class FoundParts:
    """The parts of a graph as they are found again: those that are the same, and those that are new, with their places.

    `gathered` is what the graph is when it has changed.
    """

    known: Mapping[_PartKey, _KnownPart]
    same: dict[_PartKey, _KnownPart] = field(default_factory=dict)
    new: list[tuple[GraphPart, int]] = field(default_factory=list)
    keys: list[_PartKey] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    moved: list[tuple[int, int]] = field(default_factory=list)
    gathered: GatheredGraph | None = None
    _place: int = 0

    def add(self, part: GraphPart) -> None:
        """Take a part, in the order of an export."""
        key, digest = _key_of(part), _digest_of(part)
        place, self._place = self._place, self._place + (part.place is not None)
        known = self.known.get(key)
        if known is None or known.digest != digest:
            self.new.append((part, place))
            self.keys.append(key)
            self.digests.append(digest)
            return
        if part.place is not None and known.place != place:
            self.moved.append((place, known.number))
            known = replace(known, place=place)
        self.same[key] = known


class _Gathering:
    """One reading of a project: its parts in the order of an export, which are written as N-Triples as they come, if that is wanted."""

    def __init__(self, project: Project, text: Sink | None) -> None:
        self._project = project
        self._write: Callable[[bytes], object] = text.write if text is not None else len
        self._records, self.files = part_rdf(project.required_paths)
        self.plan = project.plan() if self._records else None
        self.account = Export("", 0, 0, 0, {}, 0, (), ())

    def gather(
        self, folder: Path, progress: Progress | None, *, allow_nothing: bool, known: dict[_PartKey, _KnownPart] | None
    ) -> GatheredGraph:
        """Fill a new graph; `known` takes its parts, if it will be changed."""
        graph = GraphFile(folder / "graph.sqlite")
        place = 0
        for part in self.parts(progress, allow_nothing=allow_nothing):
            number = graph.add(part)
            if known is not None:
                known[_key_of(part)] = _KnownPart(number, _digest_of(part), place)
            place += part.place is not None
        prefixes = self._add_files(graph)
        account = self.account
        if self.files and not account.triples and not allow_nothing:
            raise UsageError(f"nothing to show: no triples in {enumerate_names(map(quote, self.files), 'or')}")
        graph.finish(name_of, changes=known is not None)
        return GatheredGraph(graph, self.plan, account, {**prefixes, **(self.plan.used_prefixes if self.plan else {})})

    def parts(self, progress: Progress | None, *, allow_nothing: bool) -> Iterator[GraphPart]:
        """Yield the records, and then what they share."""
        if self.plan is None:
            return
        run = Exporting(self._project.with_paths(self._records), self.plan, progress, allow_nothing=allow_nothing)
        writer = make_writer(find_format("ntriples").format, vocabulary(self.plan))
        shared = SharedResources()
        try:
            for path, item, record in run.exported():
                self._write(record.written.record)
                yield GraphPart(record.written.record, record.iri or "", record.class_name, RecordPlace(path, item))
                shared.add(record.written.shared)
            for subject, statements in shared.merged():
                lines = writer.resource(subject, statements)
                self._write(lines)
                yield GraphPart(lines, subject)
                run.ledger.triples += len(statements)
        finally:
            shared.close()
        self.account = run.account("")

    def _add_files(self, graph: GraphFile) -> dict[str, str]:
        """Add RDF files, and give the prefixes that they declare."""
        prefixes: dict[str, str] = {}
        triples = 0
        tree = self._project.tree
        for number, name in enumerate(map(tree.named, self.files)):
            file = read_rdf(name, f"f{number}", tree.data(tree.project_path(name)))
            prefixes = {**file.prefixes, **prefixes}
            graph.add_loose(file.data.decode())
            self._write(file.data)
            triples += file.data.count(b"\n")
        self.account = replace(self.account, triples=self.account.triples + triples)
        return prefixes


def _key_of(part: GraphPart) -> _PartKey:
    return part.iri if part.place is None else (part.place.path, part.place.item)


def _digest_of(part: GraphPart) -> bytes:
    return content_digest(f"{part.iri}\0{part.class_name}\0".encode() + part.text)
