"""What an ontology lacks: rows for keys that no row reads, classes for records that no class claims, and what these need in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from exporter.generate.names import local_name
from exporter.inference.growing.known import MappedRecords, spelled
from exporter.inference.growing.matching import Matching, own_name
from exporter.inference.model import InferredClass, InferredModel, Question, RowDraft
from exporter.inference.naming import PREFIX
from exporter.inference.writing.ontology import namespaces
from exporter.keypaths import parse_key_path
from exporter.ontology.model import OntologyClass
from exporter.ontology.rows import ANYTHING
from exporter.rdf.prefixes import Prefixes
from exporter.text import plural

_OF_BODIES = ("@links", "@title", "@tags", "@fields")
IGNORE, ROW = "ignore", "row"


@dataclass(slots=True)
class Missing:
    """What is to be added: rows, ignored keys and `map:match` by the IRI of a class, and new classes.

    `model` is what was inferred in the ontology's own names, and `shaped` its rows that are new, by the IRI of their class. `notes` say
    what can't be added.
    """

    model: InferredModel
    rows: dict[str, list[RowDraft]] = field(default_factory=dict)
    ignored: dict[str, list[str]] = field(default_factory=dict)
    match: dict[str, tuple[str, ...]] = field(default_factory=dict)
    classes: list[InferredClass] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def drafts(self) -> list[RowDraft]:
        """All rows that are new."""
        return [row for rows in (*self.rows.values(), *(each.rows for each in self.classes)) for row in rows]


def find_missing(
    model: InferredModel, matching: Matching, known: MappedRecords, dropped: frozenset[str], answers: Mapping[str, str]
) -> Missing:
    """Find what the ontology lacks; `dropped` are keys whose rows a comment has, which were taken out on purpose."""
    return _Finder(model, matching, known, dropped, answers).find()


class _Finder:
    def __init__(
        self, model: InferredModel, matching: Matching, known: MappedRecords, dropped: frozenset[str], answers: Mapping[str, str]
    ) -> None:
        self._model = model
        self._matching = matching
        self._known = known
        self._ontology = known.ontology
        self._dropped = dropped
        self._answers = answers
        self._names = Prefixes(known.ontology.prefixes)
        self._taken = {str(term.value) for row in known.ontology.statements for term in row[:1]}
        self._terms = {name: self._class_term(iri) for name, iri in matching.of.items()}
        self._new: dict[str, InferredClass] = {}
        self.missing = Missing(model)

    def _class_term(self, iri: str) -> str:
        found = Prefixes({PREFIX: self._model.namespace}).split(iri)
        return f"{PREFIX}:{found[1]}" if found else f"<{iri}>"

    def find(self) -> Missing:
        missing = self.missing
        for name in self._matching.unclaimed:
            self._need_records(name)
        for iri in self._ontology.classes:
            for name in self._matching.names.get(iri, ()):
                for row in self._matching.rows(name):
                    self._look_at(iri, row)
        missing.classes += [self._adapted(each) for each in self._new.values()]
        self._check_addresses()
        missing.model = replace(self._model, classes=tuple(self._renamed()))
        return missing

    def _need_records(self, name: str) -> None:
        """Add a class of records, unless nothing in the ontology could tell its records."""
        of = self._matching.classes[name]
        if of.files or (self._model.type_key or "owlType") == self._ontology.type_key:
            self._need(name)
        else:
            count = plural(self._matching.unclaimed[name], "record")
            told = f"'{self._model.type_key}' says what they are, and the ontology's map:typeKey is '{self._ontology.type_key}'"
            self.missing.notes.append(f"no class claims {count} of {name}: {told}")

    def _need(self, name: str) -> str:
        """Give the term of a class, and add the class where the ontology lacks it."""
        if name not in self._terms:
            free = next(each for each in (name, *(f"{name}{n}" for n in range(2, 1000))) if self._model.namespace + each not in self._taken)
            self._taken.add(self._model.namespace + free)
            self._terms[name] = f"{PREFIX}:{free}"
            of = self._matching.classes[name]
            if of.parent is not None:
                self._need(of.parent)
            self._new[name] = of
            for row in self._matching.rows(name):
                for inner in map(own_name, row.ranges):
                    if inner in self._matching.classes:
                        self._need(inner)
        return self._terms[name]

    def _look_at(self, iri: str, row: RowDraft) -> None:
        """Add a row to a class, for those of its keys that nobody reads."""
        for found in self._unread(iri, row):
            taken = [row for row in self.missing.rows.get(iri, ()) if set(row.keys) & set(found.keys)]
            if found.keys and not taken:
                self._propose(iri, found)

    def _unread(self, iri: str, row: RowDraft) -> Iterator[RowDraft]:
        if row.reads == "map:value":
            return
        keys = [key for key in row.keys if self._is_unread(iri, key)]
        if row.reads == "map:each" and len(keys) < len(row.keys):
            return
        inside = [key for key in keys if self._is_read_inside(iri, key)]
        if len(keys) > len(inside):
            yield replace(row, keys=tuple(key for key in keys if key not in inside))
        for key in inside:
            for name in filter(None, map(own_name, row.ranges)):
                for inner in self._matching.rows(name):
                    yield from self._unread(iri, replace(inner, keys=tuple(f"{key}.{each}" for each in inner.keys if each[:1] != "@")))

    def _is_unread(self, iri: str, key: str) -> bool:
        if key in self._dropped:
            return False
        if key.startswith("@"):
            known = self._ontology.classes[iri]
            return key.partition(".")[0] in _OF_BODIES and known.makes_records and not self._known.reads(iri, key)
        path = parse_key_path(key)
        return any(left[: len(path)] == path for left in self._known.left.get(iri, ()))

    def _is_read_inside(self, iri: str, key: str) -> bool:
        """Say whether a map is read key by key."""
        return any(spelled(other).startswith(f"{key}.") for row in self._ontology.rows.get(iri, ()) for other in row.mapping.source_keys)

    def _propose(self, iri: str, row: RowDraft) -> None:
        shown = self._names.show(iri)
        key = row.keys[0]
        name = f"row:{shown}.{key}"
        held = f"{row.held:,} of {plural(row.maps, 'record')}" if row.maps else "some records"
        text = f"no row of {shown} reads '{key}', which {held} {'has' if row.held == 1 else 'have'}"
        is_declared = (row.term.startswith(f"{PREFIX}:")) and self._iri(row.term) in self._ontology.properties
        if is_declared:
            text += f", though {self._names.show(self._iri(row.term))} is declared"
        is_body = key.startswith("@")
        self.missing.questions.append(Question(name, text, (ROW,) if is_body else (ROW, IGNORE), ROW, 1.0 if is_declared else 0.5))
        if self._answers.get(name) == IGNORE:
            self.missing.ignored.setdefault(iri, []).extend(row.keys)
            return
        self.missing.rows.setdefault(iri, []).append(self._fitted(iri, row))

    def _iri(self, term: str) -> str:
        return self._model.namespace + term.removeprefix(f"{PREFIX}:")

    def _fitted(self, iri: str, row: RowDraft) -> RowDraft:
        """Give a row in the ontology's terms; where the property is read already, by a property of the site's own."""
        ranges = tuple(self._range(range_) for range_ in row.ranges)
        fitted = replace(row, ranges=ranges, is_node=row.is_node and ranges != ("xsd:string",))
        return replace(fitted, term=self._property(iri, row))

    def _range(self, range_: str) -> str:
        """Give a range in the ontology's terms: records of a class whose own pages nobody names by a value are found by none."""
        name = own_name(range_)
        if name not in self._matching.classes:
            return range_
        iri = self._matching.of.get(name)
        known = self._ontology.classes.get(iri) if iri else None
        if iri is None or known is None or not self._is_named(known, name) or self._ontology.match(iri):
            return self._need(name)
        if any(iri in row.ranges for rows in self._ontology.rows.values() for row in rows):
            return "xsd:string"
        self.missing.match[iri] = self._matched(name)
        return self._need(name)

    def _is_named(self, known: OntologyClass, name: str) -> bool:
        return bool(self._matched(name)) and (known.makes_records or name == self._above)

    @property
    def _above(self) -> str | None:
        return next((each.parent for each in self._model.classes if each.parent), None)

    def _matched(self, name: str) -> tuple[str, ...]:
        """Give the keys by which records of a class are found, as inferred."""
        of = self._matching.classes[name]
        above = self._matching.classes.get(of.parent or "")
        return of.match or (above.match if above else ())

    def _property(self, iri: str, row: RowDraft) -> str:
        """Give the row's property, or another one where the class, or one below it, reads this already."""
        wanted = self._expanded(row.term)
        read = {each.property for heir in self._ontology.heirs(iri) for each in self._ontology.rows.get(heir, ())}
        read |= {self._expanded(each.term) for each in self.missing.rows.get(iri, ())}
        if wanted not in read and not (
            wanted in self._taken and wanted not in self._ontology.properties and row.term.startswith(f"{PREFIX}:")
        ):
            return row.term
        path = [part for part in parse_key_path(row.keys[0]) if isinstance(part, str)] if row.keys[0][:1] != "@" else [row.keys[0][1:]]
        return self._free_property(path, read)

    def _free_property(self, path: Sequence[str], read: set[str]) -> str:
        base = local_name(tuple(path))
        tries = (base, f"{base}Value", *(f"{base}{number}" for number in range(2, 1000)))
        free = next(name for name in tries if self._model.namespace + name not in (self._taken - set(self._ontology.properties)) | read)
        return f"{PREFIX}:{free}"

    def _expanded(self, term: str) -> str:
        prefix, _, local = term.partition(":")
        spaces = namespaces(self._model)
        return spaces[prefix] + local if prefix in spaces else term

    def _adapted(self, each: InferredClass) -> InferredClass:
        """Give a new class in the ontology's terms, with what it would inherit here and does not there."""
        rows = [replace(row, ranges=tuple(map(self._range, row.ranges))) for row in each.rows]
        parent = self._terms.get(each.parent or "")
        changed = replace(each, name=self._local(each.name), parent=self._local(each.parent) if each.parent else None, rows=tuple(rows))
        above = self._matching.of.get(each.parent or "")
        if parent is None or above is None or each.parent is None:
            return changed
        inferred = self._matching.classes[each.parent]
        own = [self._fitted(above, row) for row in inferred.rows if any(not self._known.rows_of(above, key) for key in row.keys)]
        lacks_address = not (self._ontology.templates(above) or each.templates)
        return replace(
            changed,
            rows=(*own, *rows),
            templates=inferred.templates if lacks_address else each.templates,
            file_pattern=inferred.file_pattern if lacks_address else each.file_pattern,
        )

    def _local(self, name: str) -> str:
        return self._terms[name].removeprefix(f"{PREFIX}:")

    def _check_addresses(self) -> None:
        """Write the site's address into templates of new classes, where the ontology has no constant for it."""
        if "site" not in self._ontology.constants:
            self.missing.classes = [
                replace(each, templates=tuple(text.replace("{+const.site}", self._model.site) for text in each.templates))
                for each in self.missing.classes
            ]

    def _renamed(self) -> Iterator[InferredClass]:
        """Yield the classes in the ontology's names, their shaped rows with its properties and ranges, without those that nobody reads."""
        fresh = {each.name: each for each in self.missing.classes}
        for each in self._model.classes:
            iri = self._matching.of.get(each.name)
            name = self._local(each.name) if each.name in self._terms else each.name
            parent = self._local(each.parent) if each.parent in self._terms else None
            if iri is None:
                new = fresh.get(name)
                if new is not None:
                    shaped = tuple(replace(row, ranges=tuple(map(self._range, row.ranges))) for row in each.shaped)
                    yield replace(new, shaped=shaped)
                continue
            shaped = tuple(found for row in each.shaped for found in self._as_read(iri, row))
            yield replace(each, name=name, parent=parent, rows=tuple(self.missing.rows.get(iri, ())), shaped=shaped)

    def _as_read(self, iri: str, row: RowDraft) -> Iterator[RowDraft]:
        """Yield a row as the ontology reads its key, new rows among them."""
        new = next((each for each in self.missing.rows.get(iri, ()) if each.keys[:1] == row.keys[:1]), None)
        if new is not None:
            yield new
        for found in self._known.rows_of(iri, row.keys[0])[:1] if row.keys and new is None else ():
            is_open = found.mapping.ordered or any(range_ in self._ontology.datatypes for range_ in found.ranges)
            ranges = tuple(self._read_range(range_) for range_ in found.ranges) or row.ranges
            yield replace(row, term=self._short(found.property), ranges=ranges, extras=(("map:ordered", "true"),) if is_open else ())

    def _read_range(self, range_: str) -> str:
        if range_ in self._ontology.classes:
            return self._class_term(range_)
        return "rdfs:Resource" if range_ in ANYTHING else self._short(range_)

    def _short(self, iri: str) -> str:
        return Prefixes(namespaces(self._model)).short(iri) or f"<{iri}>"
