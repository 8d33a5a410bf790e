"""Completion: the keys of a map, and the values of a key that can be listed: closed sets, concepts, records, and what records share."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal as OneOf

from pyoxigraph import NamedNode, RdfFormat, parse

from exporter.edits.notation import NotationError, write_key, write_value
from exporter.generate.closed_sets import made_of
from exporter.generate.typed_keys import KeyReading
from exporter.language.conversions import concept
from exporter.language_server.index import IndexedRecord, find_label
from exporter.language_server.knowledge import KeyMeaning, Known
from exporter.language_server.sketch.cursor import Cursor, find_cursor
from exporter.language_server.workspace import Workspace
from exporter.plan.model import ClassPlan, ValuePlan
from exporter.problems import KeyPath, key_names
from exporter.records.nodes import Range
from exporter.records.values import Value, leaves
from exporter.recovery.graph import GraphIndex
from exporter.recovery.remaking import Remaker
from exporter.references.known_records import Occurrence

MOST = 200
"""How many records are offered at once; more are found by typing on."""
_MARKS = "[]!\"' "
"""What stands around a name: quotes, and the brackets of a wiki link."""
_SAMPLE = 100
_DATES = ("date", "dateTime")

CompletionKind = OneOf["key", "class", "value", "concept", "record", "date"]


@dataclass(frozen=True, slots=True)
class Completion:
    """Something to put in the place of what is typed: what is shown, what is written, and what is said of it.

    `wanted` is what the client compares what is typed with.
    """

    label: str
    written: str
    kind: CompletionKind
    detail: str = ""
    documentation: str = ""
    wanted: str = ""


@dataclass(frozen=True, slots=True)
class Completions:
    """What may stand at a cursor, the best first, in the place of `token`; not `complete` where typing on finds more."""

    token: Range
    items: tuple[Completion, ...]
    complete: bool = True


def complete(workspace: Workspace, path: str, offset: int) -> Completions | None:
    """Give what may be typed at an offset of a record; None where that is not its front matter."""
    text = workspace.text(path)
    cursor = find_cursor(path, text, offset) if text is not None else None
    return None if cursor is None or text is None else _Completer(workspace, path, text, cursor).run()


class _Completer:
    def __init__(self, workspace: Workspace, path: str, text: str, cursor: Cursor) -> None:
        self._workspace, self._path, self._cursor = workspace, path, cursor
        token = text[slice(*cursor.token)]
        self._opening = token[: len(token) - len(token.lstrip(_MARKS))]
        self._complete = True

    def run(self) -> Completions:
        cursor = self._cursor
        of, path = self._workspace.class_at(self._path, cursor.path)
        found: list[Completion] = []
        if cursor.kind == "key":
            if cursor.bare and not cursor.flow and len(path) > 1 and cursor.syntax == "yaml":
                found += self._values(of, path[:-1], "- ")
            found += self._keys(of, path[:-1])
        else:
            found += self._values(of, path, " " if cursor.lacks_blank else "")
            if cursor.dashed:
                found += self._keys(of, path)
        return Completions(cursor.token, tuple(found), self._complete)

    def _keys(self, of: ClassPlan | None, path: KeyPath) -> Iterator[Completion]:
        workspace, cursor = self._workspace, self._cursor
        known = workspace.knowledge.keys(of, path) if of is not None else {}
        type_path = workspace.plan.type_path
        if of is None and path == type_path[:-1] and workspace.plan.labels:
            yield self._key(str(type_path[-1]), Known((), ()), "says what a record is")
            return
        siblings = set(cursor.siblings) if cursor.kind == "key" else set[str]()
        names = [name for name in known if name not in siblings]
        for name in sorted(names, key=lambda name: not known[name].is_needed):  # and else in the order of the ontology
            if not all(key.is_ignored for key in known[name].keys):
                yield self._key(name, known[name], "required" if known[name].is_needed else "")

    def _key(self, name: str, known: Known, note: str) -> Completion:
        cursor = self._cursor
        sign = {"yaml": ": ", "toml": " = ", "json": ": "}[cursor.syntax]
        written = write_key(name, cursor.syntax)
        detail = " · ".join(filter(None, (known.label, note)))
        text = written + sign if cursor.bare or cursor.kind == "value" else written
        return Completion(name, text, "key", detail, describe(self._workspace.knowledge.meanings(known)), self._wanted(name))

    def _values(self, of: ClassPlan | None, path: KeyPath, before: str) -> Iterator[Completion]:
        workspace = self._workspace
        if of is None or workspace.plan.type_path == path:
            if path == workspace.plan.type_path:
                for label, owner in self._labels():
                    yield self._value(label, label, "class", owner.name, workspace.knowledge.describe(owner).comment or "", before)
            return
        known = workspace.knowledge.key(of, path)
        seen: set[str] = set()
        for reading, value, range_ in known.values() if known is not None else ():
            for found in self._of(reading, value, range_, of, path, before):
                if found.written not in seen and found.label not in self._said():
                    seen.add(found.written)
                    yield found

    def _labels(self) -> Iterator[tuple[str, ClassPlan]]:
        """Yield the labels of classes as the ontology writes them."""
        for of in self._workspace.plan.record_classes:
            yield from ((label, of) for label in self._workspace.plan.ontology.classes[of.iri.value].owl_types)

    def _said(self) -> tuple[str, ...]:
        """Give what the other items of the list say."""
        return self._cursor.siblings if isinstance(self._cursor.path[-1], int) else ()

    def _of(self, reading: KeyReading, value: ValuePlan, range_: str, of: ClassPlan, path: KeyPath, before: str) -> Iterator[Completion]:
        closed = self._workspace.knowledge.classes.closed
        allowed = reading.limits.allowed if reading.limits.allowed is not None else closed.of(range_)
        listed = closed.typed(allowed, reading.step, value)
        if listed is not None:
            texts = [each for each in listed if isinstance(each, str)]
            kind: CompletionKind = "concept" if concept in reading.step.conversions else "value"
            yield from (self._value(text, text, kind, reading.label or "", "", before) for text in texts)
        elif value.kind == "reference" and value.of is not None:
            yield from self._records(reading, value.of, of, path, before)
        elif value.of is not None:
            yield from self._shared(reading, value, of, path, before)
        elif value.datatype is not None and value.datatype.iri.endswith("#boolean"):
            yield from (self._value(str(truth).lower(), truth, "value", "", "", before) for truth in (True, False))
        elif value.datatype is not None and value.datatype.iri.rpartition("#")[2] in _DATES:
            today = date.today().isoformat()  # noqa: DTZ011 - the author's own day
            yield self._value(today, today, "date", "today", "", before)

    def _records(self, reading: KeyReading, range_: ClassPlan, of: ClassPlan, path: KeyPath, before: str) -> Iterator[Completion]:
        """Yield records by their titles, as others name them here."""
        heirs = set(self._workspace.plan.ontology.heirs(range_.iri.value))
        names = [known.name for known in self._workspace.plan.record_classes if known.iri.value in heirs]
        found = [
            record
            for record in self._workspace.index.of_class(names)
            if record.path != self._path and self._fits(record.label, posixpath.splitext(record.path)[0])
        ]
        found.sort(key=lambda record: (not self._begins(record.label), record.label.casefold(), record.path))
        linked = self._links(of, path)
        if len(found) > MOST:
            self._complete = False
        for record in found[:MOST]:
            text = self._name(record, reading, range_)
            if text is not None:
                typed = f"[[{text}]]" if linked and range_.match else text
                wanted = f"{record.label} {typed}"
                yield self._value(record.label or text, typed, "record", record.path, record.class_name, before, wanted=wanted)

    def _fits(self, *names: str) -> bool:
        typed = self._cursor.typed.strip(_MARKS).casefold()
        return not typed or any(typed in name.casefold() for name in names)

    def _begins(self, name: str) -> bool:
        return name.casefold().startswith(self._cursor.typed.strip(_MARKS).casefold())

    def _name(self, record: IndexedRecord, reading: KeyReading, range_: ClassPlan) -> str | None:
        """Give what names a record, and no other: what it answers to, or its path."""
        references = self._workspace.index.references
        if range_.match and references is not None:
            place = Occurrence(self._path)
            said = [text for answers in record.answers if answers.range == range_.iri.value for key in answers.texts for text in key]
            for text in (*said, record.path):
                if references.matcher.find(text, place, [range_.iri.value]).iri == record.iri:
                    return text
            return None
        value = next(value for value in reading.step.values if value.of is range_)
        found = self._remaker(self._workspace.index.statements(record)).typed(reading.step, value, NamedNode(record.iri))
        return found if isinstance(found, str) else None

    def _shared(self, reading: KeyReading, value: ValuePlan, of: ClassPlan, path: KeyPath, before: str) -> Iterator[Completion]:
        """Yield resources that records share, as they are typed; those that are typed as a map are left out."""
        index, made = self._workspace.index, value.of
        if made is None:
            return
        usual = {made_of(text, made): text for text in reversed(self._habits(of, path))}
        for iri in index.shared_of(made.iri.value):
            statements = index.shared_statements(f"<{iri}>")
            label = find_label(iri, statements)
            typed = (
                index.typed(iri, key_names(path)) or usual.get(iri) or self._remaker(statements).typed(reading.step, value, NamedNode(iri))
            )
            if isinstance(typed, str) and self._fits(label, typed):
                yield self._value(typed, typed, "concept", label if label != typed else "", "", before)

    def _remaker(self, statements: bytes) -> Remaker:
        return Remaker(self._workspace.plan, GraphIndex((t.subject, t.predicate, t.object) for t in parse(statements, RdfFormat.N_TRIPLES)))

    def _habits(self, of: ClassPlan, path: KeyPath) -> tuple[str, ...]:
        """Give what some records of a class have at a key, as they are typed."""
        asked = (of.name, key_names(path))
        habits = self._workspace.habits
        if asked not in habits:
            known = self._workspace.index.of_class([of.name])
            records = (self._workspace.reader.record(each.path, each.item) for each in known[:: len(known) // _SAMPLE + 1])
            texts = [text for record in records if record for text in _texts_at(record.front_matter, asked[1])]
            habits[asked] = tuple(dict.fromkeys(texts))
        return habits[asked]

    def _links(self, of: ClassPlan, path: KeyPath) -> bool:
        """Say whether values are written as wiki links here: most of some records are."""
        texts = self._habits(of, path)
        return sum(text.startswith("[[") for text in texts) * 2 > len(texts)

    def _value(
        self, label: str, value: Value, kind: CompletionKind, detail: str, documentation: str, before: str, *, wanted: str = ""
    ) -> Completion:
        cursor = self._cursor
        try:
            written = write_value([value], cursor.syntax)[1:-1] if cursor.flow else write_value(value, cursor.syntax)
        except NotationError:
            written = str(value)
        return Completion(label, before + written, kind, detail, documentation, self._wanted(wanted or label))

    def _wanted(self, name: str) -> str:
        return self._opening + name


def _texts_at(value: Value, names: tuple[str, ...]) -> Iterator[str]:
    for path, leaf in leaves(value):
        if isinstance(leaf, str) and key_names(path) == names:
            yield leaf


def describe(meanings: Sequence[KeyMeaning]) -> str:
    """Write what a key means, in Markdown."""
    parts = []
    for meaning in meanings:
        lines = [f"**{meaning.label}** · `{meaning.term}`" if meaning.label != meaning.term else f"`{meaning.term}`"]
        lines += [meaning.comment] if meaning.comment else []
        lines += [f"Takes {meaning.takes}."] if meaning.takes else []
        lines += ["\n".join(f"- {text}" for text in meaning.asks)] if meaning.asks else []
        parts.append("\n\n".join(lines))
    return "\n\n---\n\n".join(parts)
