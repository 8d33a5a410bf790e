"""Mapping: a plan and a record make a mapped record."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pyoxigraph import NamedNode

from exporter.language.keypaths import FIELDS
from exporter.language.patterns import Pattern
from exporter.mapping.bodies import unread_fields
from exporter.mapping.classifying import Classified, Classifier
from exporter.mapping.holes import fold_holes, settle_mapped
from exporter.mapping.json_ld import CONTEXT, SITE, JsonLd
from exporter.mapping.model import Finding, MappedRecord, RecordMapping, Source, Unmapped
from exporter.mapping.resources import fill_iri
from exporter.mapping.seeking import AnswerKeys
from exporter.mapping.steps import ClassMapper
from exporter.mapping.unmapped import Keeping, uncovered
from exporter.plan.model import ClassPlan, Plan
from exporter.problems import Problem, Severity, format_key_path
from exporter.rdf.terms import Block
from exporter.records.data.claims import UNCLAIMED
from exporter.records.record import Record
from exporter.text import quote

OWN_CLASS = "JSON-LD"
"""What the class of records is called that say themselves what they are."""

IGNORE_KEY = "owltypeIgnore"
"""The key under which a record says which problems it suppresses, and why (`exporter.policy.suppressing`); it is not data."""


class Mapper:
    """Maps records with one plan, keeping the resources that many of them share."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._unmapped = plan.policies.unmapped
        self._classifier = Classifier(plan)
        self._classes = ClassMapper()
        self._answers: dict[int, AnswerKeys] = {}
        self._json_ld = _json_ld(plan)

    def map(self, record: Record, *, traced: bool = False) -> MappedRecord:
        """Map one record; with `traced` every statement's origin is noted too."""
        own = self._own_of(record)
        classified = self._classifier.classify(record)
        if own is not None and (classified is None or (isinstance(classified, Finding) and classified.code == "MAP-TYPE-MISSING")):
            return self._map_own(own, record, traced=traced)
        if classified is None:
            return MappedRecord(record, skipped=UNCLAIMED)
        if isinstance(classified, Finding):
            return MappedRecord(record, problems=_located(record, [classified]))
        return self._map(record, *classified, traced=traced)

    def _map(self, record: Record, of: ClassPlan, unclaimed: Sequence[Unmapped], *, traced: bool) -> MappedRecord:
        source = _source(record)
        run = RecordMapping(record, traced=traced)
        if of.file_pattern is not None:
            _match_path(of.file_pattern, run)
        assert of.template is not None
        node = fill_iri(of.template, source, run)
        if node is None:
            return MappedRecord(record, of.name, problems=_located(record, run.findings))
        source.anchor = run.iri = node.value
        run.site = "/".join(run.iri.split("/", 3)[:3])
        run.unmapped = [*unclaimed, *_unmapped(of, record)] if unclaimed else _unmapped(of, record)
        if source.scalar is not None and not of.takes_scalar:
            message = f"{quote(source.scalar)} stands where a map of keys is expected, and no key of {of.name} reads it"
            run.findings.append(Finding("MAP-VALUE", (), message, help='write a map, or read it with map:key "@value"'))
        self._classes.describe(of, source, node, run)
        if (own := self._own_of(record)) is not None:
            self._join_own(own, run)
        if run.content is not None:
            run.unmapped += unread_fields(of, run)
        if run.unmapped:
            self._keep_unmapped(run)
        if run.once:
            run.tell_once()
        if run.holes:
            fold_holes((*run.blocks, *run.shared), run.holes, run.origins_of if traced else None)
        return MappedRecord(
            record=record,
            class_name=of.name,
            iri=node,
            blocks=run.blocks,
            shared=run.shared,
            references=run.references,
            holes=run.holes,
            answers=self._answering(of).answers(source, run) if of.answers else (),
            named=run.named,
            unmapped=run.unmapped,
            problems=_located(record, run.findings) if run.findings else (),
            origins=[run.origins_of(block) for block in run.blocks] if traced else [],
            shared_origins=[run.origins_of(block) for block in run.shared] if traced else [],
        )

    def _own_of(self, record: Record) -> JsonLd | None:
        """Give what reads a record that says itself what it means; None for other records."""
        return self._json_ld if self._json_ld is not None and CONTEXT in record.front_matter else None

    def _map_own(self, own: JsonLd, record: Record, *, traced: bool) -> MappedRecord:
        """Map a record without a class, which says itself what it means."""
        run = RecordMapping(record, traced=traced)
        run.iri = own.address(record.path) or ""
        run.unmapped = [
            Unmapped((key,), value) for key, value in record.front_matter.items() if key not in (IGNORE_KEY, self.plan.type_key)
        ]
        node = self._join_own(own, run)
        if node is not None and run.unmapped:
            if not run.blocks:
                run.blocks.append(Block(node, []))
            self._keep_unmapped(run)
        return MappedRecord(
            record=record,
            class_name=OWN_CLASS,
            iri=node,
            blocks=run.blocks,
            unmapped=run.unmapped if node is not None else [],
            problems=_located(record, run.findings),
            origins=[run.origins_of(block) for block in run.blocks] if traced else [],
        )

    def _join_own(self, own: JsonLd, run: RecordMapping) -> NamedNode | None:
        """Add a record's own statements; the keys that its context knows are read."""
        node = own.join(run)
        if node is not None:
            front_matter, path = run.record.front_matter, run.record.path
            run.unmapped = [left for left in run.unmapped if not own.defines(front_matter, str(left.key_path[0]), path)]
        return node

    def _answering(self, of: ClassPlan) -> AnswerKeys:
        found = self._answers.get(id(of))
        if found is None:
            found = self._answers[id(of)] = AnswerKeys(of)
        return found

    def class_of(self, record: Record) -> ClassPlan | None:
        """Give the class of a record, without mapping it; None where it has none."""
        found = self._classifier.classify(record)
        return found.of if isinstance(found, Classified) else None

    def _keep_unmapped(self, run: RecordMapping) -> None:
        keeping = Keeping(run) if self._unmapped == "keep" else None
        for i, unmapped in enumerate(run.unmapped):
            home, depth = run.home_of(unmapped.key_path)
            if home is not None:
                run.unmapped[i] = unmapped._replace(of=home.of, depth=depth, own=(*home.list_, *unmapped.key_path[depth:]))
            self._note_unmapped(unmapped, run)
            if keeping is not None:
                keeping.keep(run.unmapped[i], home)

    def _note_unmapped(self, unmapped: Unmapped, run: RecordMapping) -> None:
        name = format_key_path(unmapped.key_path)
        if self._unmapped == "fail":
            help_ = "map it in the ontology, or drop it on purpose with map:ignore"
            run.findings.append(Finding("MAP-UNMAPPED", unmapped.key_path, f"no property reads the key {name!r}", help=help_, on_key=True))
        elif name.startswith("@") and unmapped.key_path[0] != FIELDS:
            message = f"the key {name!r} looks like a keyword of JSON-LD, but is not one here: the ontology says what a record is"
            help_ = "remove it, or give it another name; with the setting json-ld = true a record with @context is read as JSON-LD"
            run.findings.append(Finding("MAP-KEYWORD", unmapped.key_path, message, help=help_, on_key=True))


def _source(record: Record) -> Source:
    """Give the map that a record's class reads: its front matter, or what stands in its place in a data file."""
    source = Source(record.front_matter, (), "", 0, body=record.body)
    if record.item is not None:
        source.scalar, source.index, source.key = record.item.value, record.item.index, record.item.key
    return source


def _json_ld(plan: Plan) -> JsonLd | None:
    """Give what reads records with `@context`, where the settings want them read."""
    rules = plan.policies.reading
    if not rules.json_ld:
        return None
    contexts = {name: json.loads(text) for name, text in rules.contexts}
    return JsonLd(contexts, plan.ontology.constants.get(SITE))


def _unmapped(of: ClassPlan, record: Record) -> list[Unmapped]:
    """The record's unmapped keys; the one that speaks to owltype of problems to suppress is not among them."""
    found: list[Unmapped] = []
    uncovered(of.keys, record.front_matter, (), found)
    return [unmapped for unmapped in found if unmapped.key_path != (IGNORE_KEY,)]


def _match_path(pattern: Pattern, run: RecordMapping) -> None:
    """Take the groups of the path; a file that is called otherwise has none, and what needs them says so."""
    path = run.record.path
    match = pattern.match(path)
    if match is None:
        message = f"the path {quote(path)} does not match the map:filePattern {pattern.text}, so it has no groups"
        help_ = "rename the file, or let the pattern fit it"
        run.findings.append(Finding("MAP-FILE-PATTERN", (), message, help=help_, severity=Severity.INFO))
        return
    run.groups = {name: text for name, text in match.groupdict().items() if text is not None}


def map_record(record: Record, plan: Plan) -> MappedRecord:
    """Map one record to RDF; its `problems` say what does not fit, and `iri` is None where it was rejected.

    A value that is looked up among all records (`map:match`) stays as it was typed: one record does not know the others.
    The triples stand in `blocks` (its own resources) and `shared` (topics, authors and others that several records make).

    >>> from exporter import load_plan, map_record, read
    >>> plan = load_plan()
    >>> mapped = map_record(next(read("examples/medigy/content")), plan)
    >>> mapped.blocks[0].pairs[0]
    (<NamedNode value=http://www.w3.org/1999/02/22-rdf-syntax-ns#type>, <NamedNode value=https://www.medigy.com/ontology#...>)
    """
    return settle_mapped(Mapper(plan).map(record), lambda _: None)


def trace_record(record: Record, plan: Plan) -> MappedRecord:
    """Map one record again, noting the origin of each statement: for problems, where the cost does not count."""
    return settle_mapped(Mapper(plan).map(record, traced=True), lambda _: None)


def _located(record: Record, findings: Sequence[Finding]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            code=f.code,
            location=record.locate(f.key_path, key=f.on_key, span=f.span),
            message=f.message,
            severity=f.severity,
            help=f.help,
            key_path=f.key_path,
        )
        for f in findings
    )
