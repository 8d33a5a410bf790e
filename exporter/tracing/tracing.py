"""Find the statements about a resource as an export has them, and for each of them the way back.

The records that say something of it are found in one run over all of them, with what is kept of earlier runs; only these are mapped again,
with the origin of every statement.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from exporter.mapping.mapping import trace_record
from exporter.ontology.model import ClassRow
from exporter.ontology.places import Places
from exporter.pipeline.exporting import Exporting
from exporter.plan.model import Plan
from exporter.problems import KeyPath, format_key_path
from exporter.project import Project
from exporter.rdf.terms import KEY, MAP, RDF_TYPE, split_statement
from exporter.tracing.model import OntologyRow, Origins, Traced, WrittenPlace
from exporter.tracing.rules import Rules
from exporter.validation.results.tracing import TracedRecord

_TYPE = str(RDF_TYPE)


class _Saying(NamedTuple):
    """A record that says something of the resource: where it is, and the statements, as predicate and object."""

    path: str
    item: int
    pairs: list[tuple[str, str]]


@dataclass(slots=True)
class _Found:
    sayings: list[_Saying] = field(default_factory=list)
    named: int = 0
    iris: dict[str, None] = field(default_factory=dict)


class Tracer:
    """Traces resources of one project. Raises OntologyError, and ShapesError where there are shapes that can't be loaded."""

    def __init__(self, project: Project) -> None:
        self._project, self.plan = project, project.plan()
        self._places = Places(self.plan.ontology.sources)
        self._rules = Rules(project)
        self.iris: Sequence[str] = ()
        """The IRIs of the records and of what they share, after a resource was looked for."""

    def trace(self, iri: str) -> Traced:
        """Trace a resource by its IRI, without statements where nothing is said of it.

        Raises UsageError where there is not a record at all.
        """
        found = self._look(iri)
        self.iris = tuple(found.iris)
        pairs = dict.fromkeys(pair for saying in found.sayings for pair in saying.pairs)
        written: dict[tuple[str, str], list[WrittenPlace]] = {pair: [] for pair in pairs}
        for saying in found.sayings:
            for pair, places in self._written(iri, saying):
                written[pair] += places
        classes = [value[1:-1] for predicate, value in pairs if predicate == _TYPE]
        above = {each for of in classes for each in self.plan.ontology.ancestors(of)}
        said = {predicate[1:-1] for predicate, _ in pairs}
        rules = list(self._rules.about(iri, above, said))
        statements = tuple(
            Origins(
                f"<{iri}>",
                predicate,
                value,
                tuple(dict.fromkeys(places)),
                tuple(self._rows(classes, predicate, value, places)),
                tuple(rule for about, rule in rules if f"<{about}>" == predicate),
            )
            for (predicate, value), places in written.items()
        )
        return Traced(iri, statements, found.named, tuple((about, rule) for about, rule in rules if about not in said))

    def of_file(self, name: str) -> list[str]:
        """Give the IRIs of the exported records of a file, which is named from where the user stands."""
        path = self._project.tree.project_path(name)
        run = Exporting(self._project, self.plan)
        return [record.iri for found, _, record in run.exported() if found == path and record.iri is not None]

    def _look(self, iri: str) -> _Found:
        """Go through all records for those that speak of an IRI."""
        found, subject = _Found(), f"<{iri}>"
        begin, end = f"{subject} ".encode(), f" {subject} .".encode()
        for path, item, record in Exporting(self._project, self.plan).exported():
            if record.iri is not None:
                found.iris[record.iri] = None
            written = record.written
            pairs = (
                [split_statement(line.decode())[1:] for line in written.record.split(b"\n") if line.startswith(begin)]
                if begin in written.record
                else []
            )
            found.named += written.record.count(end)
            for shared, statements in written.shared:
                found.iris[shared.strip("<>")] = None
                if shared == subject:
                    pairs += [
                        split_statement(line)[1:]
                        for statement in statements
                        for line in filter(None, statement.partition("\t")[2].split("\n"))
                    ]
            if pairs:
                found.sayings.append(_Saying(path, item, pairs))
        return found

    def _written(self, iri: str, saying: _Saying) -> Iterator[tuple[tuple[str, str], list[WrittenPlace]]]:
        """Yield what a record says of a resource, with the places in the record that it comes from."""
        record = self._project.reader(self.plan).record(saying.path, saying.item)
        if record is None:
            return
        traced = TracedRecord(record, trace_record(record, self.plan), self.plan)
        made = traced.pairs(f"<{iri}>")
        for predicate, value in saying.pairs:
            same = [origin for p, v, origin in made if (p, v) == (predicate, value)]
            # What is looked up in other records is another term here: it comes from a value of the property that is not in the graph.
            other = [origin for p, v, origin in made if p == predicate and (p, v) not in saying.pairs]
            places = [WrittenPlace(traced.positions.locate(origin.key_path, span=origin.span), origin.key_path) for origin in same or other]
            yield (predicate, value), places

    def _rows(self, classes: Sequence[str], predicate: str, value: str, written: Sequence[WrittenPlace]) -> Iterator[OntologyRow]:
        """Yield the rows of the ontology that made a statement: of its property, those that read one of its keys before others."""
        if predicate == _TYPE:
            yield OntologyRow(self._places.find(value[1:-1], MAP + "owlType"), _says_class(self.plan, value[1:-1]))
            return
        if predicate[1:-1].startswith(KEY):
            return
        rows = [row for of in classes for row in self.plan.ontology.rows.get(of, ()) if row.property == predicate[1:-1]]
        fitting = [row for row in rows if any(_reads(row, place.key_path) for place in written)]
        for row in dict.fromkeys(fitting or rows):
            yield OntologyRow(self._places.find(row.about, MAP + "key"), _says(row))


def _reads(row: ClassRow, key_path: KeyPath) -> bool:
    names = [str(part) for part in key_path if isinstance(part, str)]
    return any(key.split(".")[-1] in names for key in row.mapping.source_keys)


def _says(row: ClassRow) -> str:
    """Write where a row takes its values from, as the ontology has it."""
    mapping = row.mapping
    if mapping.value is not None:
        return f'map:value "{mapping.value}"'
    if mapping.each:
        return "map:each ( " + " ".join(f'"{key}"' for key in mapping.each) + " )"
    if mapping.entries is not None:
        return f'map:entries "{mapping.entries}"'
    said = "map:key " + ", ".join(f'"{key}"' for key in mapping.keys)
    return f'{said} ; map:default "{mapping.default}"' if mapping.default is not None else said


def _says_class(plan: Plan, iri: str) -> str:
    known = plan.ontology.classes.get(iri)
    labels = known.owl_types if known is not None else ()
    return "map:owlType " + ", ".join(f'"{label}"' for label in labels) if labels else "a class"


def key_text(path: KeyPath) -> str:
    """Write the key path that a statement comes from."""
    return format_key_path(path) if path else "the record as a whole"
