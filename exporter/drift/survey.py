"""What the records of a project hold, seen from the graph that is made of them: what is used, what is named, and what is referred to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from exporter.mapping.mapping import trace_record
from exporter.outcomes.outcome import RecordOutcome
from exporter.pipeline.account import Export, Progress
from exporter.pipeline.exporting import Exporting
from exporter.plan.model import Plan
from exporter.problems import Location
from exporter.project import Project
from exporter.rdf.terms import LABELS, RDF_TYPE, SKOS, XSD

Where = tuple[str, int]
"""A record: the path of its file, and its number there."""

_SCHEMA = ("https://schema.org/", "http://schema.org/")
_CONCEPTS = frozenset({SKOS + "Concept", *(namespace + "DefinedTerm" for namespace in _SCHEMA)})
_TRANSLATION = re.compile(r"\.([a-z]{2,3}(?:[-_][A-Za-z]{2,4})?)\.[^./]+$")
_DAYS = frozenset({XSD + "date", XSD + "dateTime"})
_LONGEST = 60
"""Characters of a text that may be a keyword."""


@dataclass(slots=True)
class Naming:
    """A text that names something: how many records have it, the first of them, the resources that are called so, and how it is said."""

    first: Where
    predicate: str
    iris: set[str] = field(default_factory=set)
    count: int = 0


class Title(NamedTuple):
    """What a record is called, in a class and a language."""

    class_name: str
    text: str
    language: str


class TitleUse(NamedTuple):
    """A record that has a title, how it is said there, and the days that the record names."""

    where: Where
    predicate: str
    text: str
    days: frozenset[str]


@dataclass(slots=True)
class NamedThings:
    """The names of one kind of things: the resources of a class, or the keywords that are the values of a property."""

    words: bool
    """Whether the names are words for topics, which may stand in the plural, and not for persons or places."""
    keywords: bool = False
    by_text: dict[str, Naming] = field(default_factory=dict)


@dataclass(slots=True)
class Survey:
    """What was found: types of resources with their properties, names, titles, and what is referred to; `account` is that of the run."""

    plan: Plan
    account: Export | None = None
    made: set[tuple[str, str]] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    names: dict[str, NamedThings] = field(default_factory=dict)
    titles: dict[Title, list[TitleUse]] = field(default_factory=dict)
    referred: set[str] = field(default_factory=set)
    records: list[tuple[str, str, Where]] = field(default_factory=list)

    def add(self, where: Where, record: RecordOutcome) -> None:
        """Take one record that is exported."""
        assert record.iri is not None
        said = _read(record)
        self.records.append((record.iri, record.class_name, where))
        for subject, (types, pairs) in said.items():
            self.types.update(types)
            self.made.update((type_, predicate) for type_ in types for predicate, _ in pairs)
            self.referred.update(value.value for _, value in pairs if isinstance(value, NamedNode) and value.value != record.iri)
            if subject == record.iri:
                self._title(where, record, pairs)
                self._keywords(where, record, pairs)
            elif types and not self._is_of_records(types):
                self._name(where, subject, types, pairs)

    def _is_of_records(self, types: Sequence[str]) -> bool:
        known = self.plan.classes.get(types[0])
        return known is not None and known.makes_records

    def _title(self, where: Where, record: RecordOutcome, pairs: Sequence[_Pair]) -> None:
        label = _label(pairs)
        if label is not None:
            predicate, value = label
            translated = _TRANSLATION.search(where[0])
            language = value.language or (translated[1] if translated else "")
            days = frozenset(each.value[:10] for _, each in pairs if isinstance(each, Literal) and each.datatype.value in _DAYS)
            title = Title(record.class_name, " ".join(value.value.split()), language)
            self.titles.setdefault(title, []).append(TitleUse(where, predicate, value.value, days))

    def _name(self, where: Where, subject: str, types: Sequence[str], pairs: Sequence[_Pair]) -> None:
        words = not _CONCEPTS.isdisjoint(types)
        for value in {value.value: value for predicate, value in pairs if predicate in LABELS and isinstance(value, Literal)}.values():
            predicate = next(predicate for predicate, other in pairs if other == value)
            self._count(types[0], NamedThings(words), value.value, where, predicate).iris.add(subject)

    def _keywords(self, where: Where, record: RecordOutcome, pairs: Sequence[_Pair]) -> None:
        """Take texts of which a record has several at one property: they are words for what it is about."""
        texts: dict[str, list[str]] = {}
        for predicate, value in pairs:
            if isinstance(value, Literal) and value.datatype.value == XSD + "string" and len(value.value) <= _LONGEST:
                texts.setdefault(predicate, []).append(value.value)
        for predicate, found in texts.items():
            kind = f"{record.class_name} {predicate}"
            if len(found) > 1 or kind in self.names:
                for text in found:
                    self._count(kind, NamedThings(words=True, keywords=True), text, where, predicate)

    def _count(self, kind: str, new: NamedThings, text: str, where: Where, predicate: str) -> Naming:
        naming = self.names.setdefault(kind, new).by_text.setdefault(text, Naming(where, predicate))
        naming.count += 1
        return naming

    def is_used(self, class_iri: str, predicate: str) -> bool:
        """Say whether a resource of a class, or of one below it, has a property."""
        return any(made == predicate and class_iri in self.plan.ontology.ancestors(type_) for type_, made in self.made)


_Pair = tuple[str, object]


def take_survey(project: Project, plan: Plan, progress: Progress | None = None) -> Survey:
    """Map the records of a project, settle what they refer to, and note what they hold."""
    survey = Survey(plan)
    run = Exporting(project, plan, progress)
    for path, item, record in run.exported():
        survey.add((path, item), record)
    survey.account = run.account("")
    return survey


def _read(record: RecordOutcome) -> Mapping[str, tuple[list[str], list[_Pair]]]:
    """Give the types and the other statements of each resource that a record makes."""
    text = record.written.record + "".join(said.partition("\t")[2] for _, all_said in record.written.shared for said in all_said).encode()
    found: dict[str, tuple[list[str], list[_Pair]]] = {}
    for triple in parse(text, format=RdfFormat.N_TRIPLES, lenient=True):
        types, pairs = found.setdefault(str(triple.subject.value), ([], []))
        if triple.predicate == RDF_TYPE and isinstance(triple.object, NamedNode):
            types.append(triple.object.value)
        else:
            pairs.append((triple.predicate.value, triple.object))
    return found


def _label(pairs: Iterable[_Pair]) -> tuple[str, Literal] | None:
    """Give the best name among statements."""
    named = [(predicate, value) for predicate, value in pairs if predicate in LABELS and isinstance(value, Literal)]
    return min(named, key=lambda each: LABELS.index(each[0]), default=None)


class Finder:
    """Finds where a text stands that a record says of something."""

    def __init__(self, project: Project, plan: Plan) -> None:
        self._reader = project.reader(plan)
        self._plan = plan

    def find(self, where: Where, predicate: str, text: str) -> Location:
        """Give the place of the value from which a literal was made; the file where there is none."""
        record = self._reader.record(*where)
        if record is None:
            return Location(where[0])
        mapped = trace_record(record, self._plan)
        for block, origins in zip((*mapped.blocks, *mapped.shared), (*mapped.origins, *mapped.shared_origins), strict=True):
            for (said, value), origin in zip(block.pairs, origins, strict=False):
                if said.value == predicate and isinstance(value, Literal) and value.value == text:
                    return record.locate(origin.key_path, span=origin.span)
        return Location(where[0])
