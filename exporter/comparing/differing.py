"""How two states differ: each change once, and a record that only got another IRI as one that was renamed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from pyoxigraph import Literal, RdfFormat, parse

from exporter.comparing.model import ComparedRecord, RecordChange, Said, StateComparison, StateOfRecords, ValueChange
from exporter.rdf.terms import RDF, XSD
from exporter.text import quote

ShowTerm = Callable[[str], str]
"""Writes the IRI of a property as people read it."""


def compare(old: StateOfRecords, new: StateOfRecords, term: ShowTerm) -> StateComparison:
    """Compare two states that the same ontology maps."""
    naming = _Naming({**old.labels, **new.labels}, term)
    removed, added = old.records.keys() - new.records.keys(), new.records.keys() - old.records.keys()
    renamed = dict(_renamed(old, new, removed, added))
    changes = [
        *(_whole("added", new.records[iri], naming) for iri in added - set(renamed.values())),
        *(_whole("removed", old.records[iri], naming) for iri in removed - renamed.keys()),
        *(_rename(old.records[was], new.records[iri], naming) for was, iri in renamed.items()),
        *filter(None, (_change(old.records[iri], new.records[iri], naming) for iri in old.records.keys() & new.records.keys())),
    ]
    return StateComparison(
        tuple(sorted(changes, key=lambda change: (change.path, change.iri, change.kind))),
        tuple(sorted(_shared(old, new, naming), key=lambda change: change.iri)),
        tuple(_sentences(new.problems - old.problems)),
        tuple(_sentences(old.problems - new.problems)),
    )


def by_ontology(before: StateOfRecords, after: StateOfRecords, term: ShowTerm) -> tuple[str, ...]:
    """Say what another ontology makes of the same records: the properties with other values, and in how many records."""
    found: Counter[str] = Counter()
    for iri in before.records.keys() & after.records.keys():
        old, new = before.records[iri], after.records[iri]
        keys = old.said.keys() | new.said.keys()
        found.update({key[1] for key in keys if old.said.get(key) != new.said.get(key)})
        if set(old.classes) != set(new.classes):
            found[RDF + "type"] += 1
    lost, won = len(before.records.keys() - after.records.keys()), len(after.records.keys() - before.records.keys())
    said = [f"{term(predicate)} differs in {count:,} record{'' if count == 1 else 's'}" for predicate, count in sorted(found.items())]
    said += [f"{lost:,} of the records are not exported any more, or have another IRI"] if lost else []
    return (*said, *([f"{won:,} more are exported, or have another IRI"] if won else []))


def _renamed(old: StateOfRecords, new: StateOfRecords, removed: set[str], added: set[str]) -> Iterator[tuple[str, str]]:
    """Pair records that are gone with new ones: with the same content, or else of the same file."""
    free = set(added)
    by_content: dict[object, list[str]] = {}
    by_path: dict[object, list[str]] = {}
    for iri in sorted(added):
        record = new.records[iri]
        by_content.setdefault(_content(record), []).append(iri)
        if record.path:
            by_path.setdefault(record.path, []).append(iri)
    for index, of in ((by_content, _content), (by_path, _place)):
        for was in sorted(removed):
            candidates = [iri for iri in index.get(of(old.records[was]), ()) if iri in free]
            if len(candidates) == 1:
                free.discard(candidates[0])
                removed = removed - {was}
                yield was, candidates[0]


def _place(record: ComparedRecord) -> object:
    return record.path or None


def _content(record: ComparedRecord) -> object:
    return record.classes, frozenset((key, values) for key, values in record.said.items())


def _literal(text: str) -> Literal:
    """Read a literal in N-Triples syntax."""
    value = next(iter(parse(f"<x:s> <x:p> {text} .\n".encode(), format=RdfFormat.N_TRIPLES, lenient=True))).object
    assert isinstance(value, Literal)
    return value


class _Naming:
    """Writes terms as people read them."""

    def __init__(self, labels: Mapping[str, str], term: ShowTerm) -> None:
        self._labels, self.term = labels, term

    def label(self, iri: str) -> str:
        return _literal(f'"{self._labels[iri]}"').value if iri in self._labels else ""

    def value(self, text: str) -> str:
        if text.startswith("<") and text.endswith(">") and " " not in text:
            label = self.label(text[1:-1])
            return f"{label} {text}" if label else text
        if not text.startswith('"'):
            return text
        literal = _literal(text)
        plain = literal.datatype.value in {XSD + "string", RDF + "langString"}
        return quote(literal.value) + (f"@{literal.language}" if literal.language else "") if plain else literal.value

    def key(self, part: str, predicate: str) -> str:
        return f"{part} {self.term(predicate)}".strip()


def _whole(kind: str, record: ComparedRecord, naming: _Naming) -> RecordChange:
    return RecordChange(kind, record.iri, naming.label(record.iri), record.path)


def _rename(old: ComparedRecord, new: ComparedRecord, naming: _Naming) -> RecordChange:
    return RecordChange("renamed", new.iri, naming.label(new.iri), new.path, old.iri, tuple(_values(old.said, new.said, naming)))


def _change(old: ComparedRecord, new: ComparedRecord, naming: _Naming) -> RecordChange | None:
    values = list(_values(old.said, new.said, naming))
    if set(old.classes) != set(new.classes):
        gone, came = (tuple(sorted(map(naming.term, set(one.classes) - set(other.classes)))) for one, other in ((old, new), (new, old)))
        values.insert(0, ValueChange("class", gone, came))
    moved = old.path != new.path and bool(old.path and new.path)
    if moved:
        values.append(ValueChange("file", (old.path,), (new.path,)))
    return RecordChange("changed", new.iri, naming.label(new.iri), new.path, values=tuple(values)) if values else None


def _values(old: Said, new: Said, naming: _Naming) -> Iterator[ValueChange]:
    for part, predicate in sorted(old.keys() | new.keys()):
        before, after = old.get((part, predicate), frozenset()), new.get((part, predicate), frozenset())
        if before != after:
            gone, came = (tuple(map(naming.value, sorted(one - other))) for one, other in ((before, after), (after, before)))
            yield ValueChange(naming.key(part, predicate), gone, came)


def _shared(old: StateOfRecords, new: StateOfRecords, naming: _Naming) -> Iterator[RecordChange]:
    for iri in old.shared.keys() | new.shared.keys():
        before, after = old.shared.get(iri), new.shared.get(iri)
        kind = "added" if before is None else "removed" if after is None else "changed"
        values = tuple(_values(before, after, naming)) if before is not None and after is not None else ()
        if kind != "changed" or values:
            yield RecordChange(kind, iri, naming.label(iri), "", values=values)


def _sentences(problems: frozenset[tuple[str, str, str]]) -> Iterator[str]:
    by_place = sorted((path, code, message) for code, path, message in problems)
    return (f"{path}: {code}: {message}" for path, code, message in by_place)
