"""Checking one record with the shapes that look at it alone: those whose verdicts depend on it and on what it leads to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from exporter.language_server.index import IndexedRecord, IndexedRecords
from exporter.outcomes.outcome import RecordOutcome
from exporter.outcomes.vocabulary import vocabulary
from exporter.plan.model import Plan
from exporter.problems import Problem
from exporter.rdf.terms import Subject, Term, split_statement
from exporter.records.reading import Reader
from exporter.references.settling import References
from exporter.validation.batches.sight import EVERY
from exporter.validation.batches.split import Split, only, split_shapes
from exporter.validation.data.data_file import DataFile
from exporter.validation.data.graphs import DataGraph, PartialDataError
from exporter.validation.engines import Engine, EngineError
from exporter.validation.engines.features import Suitability
from exporter.validation.engines.running import open_engines
from exporter.validation.results.locating import Locator
from exporter.validation.results.unfolding import unfold, without_cascades
from exporter.validation.shapes.generated import without_generated
from exporter.validation.shapes.graph import ShapesGraph
from exporter.writers.formats import find_format, make_writer
from exporter.writers.model import Writer

_MOST = 200
"""A record that leads to more others than this is checked when it is saved."""
_SECONDS = 10.0


class LocalShapes:
    """Of the `shapes` of a project those that tell of a record at once."""

    def __init__(self, plan: Plan, shapes: ShapesGraph) -> None:
        self._plan, self.shapes = plan, shapes
        self._split: Split = split_shapes(self.shapes)

    @cached_property
    def _local(self) -> ShapesGraph:
        return only(self.shapes, self._split.local)

    @cached_property
    def _told(self) -> frozenset[str]:
        """What problems call the shapes that only local ones ask."""
        asked: dict[Term, list[Subject]] = {}
        for target in self._split.sights:
            waiting: list[Term] = [target]
            for shape in waiting:
                asked.setdefault(shape, []).append(target)
                below = (child for child, nestings in self.shapes.nestings.items() if any(each.parent == shape for each in nestings))
                waiting += [child for child in below if child not in waiting]
        return frozenset(str(self.shapes.root(shape)) for shape, by in asked.items() if set(by) <= self._split.local.keys())

    @cached_property
    def _writer(self) -> Writer:
        return make_writer(find_format("ntriples").format, vocabulary(self._plan))

    @cached_property
    def _ontology(self) -> bytes:
        with DataFile() as data:
            graph = DataGraph(data)
            graph.add_ontology(self._plan)
            return data.part(0, data.size)

    def tells(self, problem: Problem, iris: Sequence[str]) -> bool:
        """Say whether `check` finds a result of SHACL itself, of the records with these IRIs."""
        detail = problem.shacl
        if detail is None:
            return True
        own = any(detail.focus_node == f"<{iri}>" or detail.focus_node.startswith(f"<{iri}#") for iri in iris)
        return own and detail.shape in self._told

    def check(
        self,
        path: str,
        records: Sequence[tuple[int, RecordOutcome]],
        index: IndexedRecords,
        reader: Reader,
        references: References | None,
    ) -> list[Problem]:
        """Check the records of a file, and give the problems of their own resources; nothing where they lead to very many others."""
        if not self._split.local or not records:
            return []
        with DataFile() as data:
            graph = DataGraph(data, partial=True)
            text = self._fill(graph, path, records, index)
            if text is None:
                return []
            suited = Suitability(self.shapes, lambda: (text,))
            with open_engines("auto", suited, _SECONDS) as engines:
                return list(without_generated(self._problems(engines[0], text, graph, len(records), reader, references)))

    def _problems(
        self, engine: Engine, text: bytes, graph: DataGraph, own: int, reader: Reader, references: References | None
    ) -> list[Problem]:
        def of_own(node: str) -> bool:
            number = graph.record_of(node)
            return number is not None and number < own

        try:
            found = [result for result in engine.run(text, self._local) if of_own(result.focus_node)]
            leaves = unfold(found, self.shapes, lambda aimed, _nodes: engine.run(text, aimed)) if found else ()
        except EngineError:
            return []
        locator = Locator(graph, self.shapes, self._plan, reader, references=references)
        problems = []
        for result in without_cascades(leaves):
            try:
                problems += locator.problems([result])
            except PartialDataError:  # it stands at another record, or at what many share
                continue
        return sorted(dict.fromkeys(problems), key=lambda problem: problem.sort_key)

    def _fill(self, graph: DataGraph, path: str, records: Sequence[tuple[int, RecordOutcome]], index: IndexedRecords) -> bytes | None:
        """Put the statements that local shapes see of some records into a graph; None where these are of very many."""
        own = [(path, item, record.iri or "", record.written.record) for item, record in records]
        others = list(self._led_to(own, records, index))
        if len(others) > _MOST:
            return None
        for where, item, iri, text in (*own, *((r.path, r.item, r.iri, index.statements(r)) for r in others)):
            graph.records[iri] = len(graph.paths)
            graph.paths.append(where)
            graph.items.append(item)
            graph.starts.append(graph.data.size)
            graph.data.append(text)
        graph.end_of_records = graph.data.size
        for shared in self._shared(records, index):
            graph.data.append(shared)
        graph.end_of_shared = graph.data.size
        graph.data.append(self._ontology)
        return graph.data.part(0, graph.data.size)

    def _shared(self, records: Sequence[tuple[int, RecordOutcome]], index: IndexedRecords) -> Iterator[bytes]:
        said: dict[str, dict[str, None]] = {}
        for _, record in records:
            for subject, statements in record.written.shared:
                said.setdefault(subject, {}).update(dict.fromkeys(statements))
        for subject, all_of_it in said.items():
            yield index.shared_statements(subject)
            yield self._writer.resource(subject, list(all_of_it))

    def _led_to(
        self, own: Sequence[tuple[str, int, str, bytes]], records: Sequence[tuple[int, RecordOutcome]], index: IndexedRecords
    ) -> Iterator[IndexedRecord]:
        """Yield the other records that shapes see from these ones, step by step."""
        known = {iri for _, _, iri, _ in own}
        texts = [text for _, _, _, text in own] + list(self._shared(records, index))
        for layer in self._split.layers[:-1]:
            following = []
            for iri in dict.fromkeys(target for text in texts for target in _targets(text, layer)):
                record = index.by_iri.get(iri) or index.by_iri.get(iri.rpartition("#")[0])
                if record is not None and record.iri not in known:
                    known.add(record.iri)
                    yield record
                    following.append(index.statements(record))
                elif record is None:
                    following.append(index.shared_statements(f"<{iri}>"))
            texts += following  # a step may stay within a record


def _targets(text: bytes, layer: frozenset[str]) -> Iterator[str]:
    for line in filter(None, text.decode().split("\n")):
        _, predicate, value = split_statement(line)
        if value.startswith("<") and (EVERY in layer or predicate in layer):
            yield value[1:-1]
