"""What stands at a place of a record: the key, what is known of it, and what its value names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from exporter.generate.closed_sets import made_of
from exporter.language.keypaths import is_special
from exporter.language_server.knowledge import Known
from exporter.language_server.sketch.model import SketchEntry
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath
from exporter.records.locating import BODY
from exporter.records.nodes import Range
from exporter.records.record import Record
from exporter.references.known_records import Occurrence


@dataclass(frozen=True, slots=True)
class RecordSpot:
    """A key or a value of a record in a file. `path` is the key path in the record, of the class `of`, where that is known.

    `place` is what stands at the cursor, and `text` the value as far as it is one. A link of the body has no entry.
    """

    file: str
    path: KeyPath
    place: Range
    text: str | None
    is_key: bool
    of: ClassPlan | None = None
    known: Known | None = None
    entry: SketchEntry | None = None
    record: Record | None = None
    item: int = 0


def find_spot(workspace: Workspace, path: str, offset: int) -> RecordSpot | None:
    """Say what stands at an offset; None for white space, and for what is not a record."""
    drawn = workspace.sketch(path)
    if drawn is None:
        return None
    if offset > drawn.span[1]:
        return _in_body(workspace, path, offset)
    entry = drawn.at(offset)
    if entry is None or not entry.path:
        return None
    of, inner = workspace.class_at(path, entry.path, drawn)
    record, item, _ = workspace.record_at(path, entry.path)
    is_key = entry.key[0] <= offset <= entry.key[1] and entry.key[0] < entry.key[1]
    if is_key and isinstance(entry.path[-1], int):
        return None  # the dash of an item
    known = workspace.knowledge.key(of, inner) if of is not None and inner else None
    place = entry.key if is_key else entry.value
    return RecordSpot(path, inner, place, entry.text, is_key, of, known, entry, record, item)


def _in_body(workspace: Workspace, path: str, offset: int) -> RecordSpot | None:
    """Give the link of the body that an offset is in, where a property has it."""
    record, item, _ = workspace.record_at(path, ())
    text = workspace.text(path)
    if record is None or text is None or record.item is not None:
        return None
    traced = workspace.traced(record)
    buffer = BufferText(text)
    for origin in dict.fromkeys(each[3] for each in traced.said_at(()) if each[3].key_path and is_special(each[3].key_path)):
        place = traced.positions.locate(origin.key_path, span=origin.span)
        span = buffer.range_of(place)
        if origin.key_path != (BODY,) and span[0] <= offset <= span[1]:
            return RecordSpot(path, origin.key_path, span, text[slice(*span)], False, record=record, item=item)
    return None


def named_by(workspace: Workspace, spot: RecordSpot) -> list[str]:
    """Give the IRIs that a value names, those of records first: by the mapping, or where the text can't be read by the ontology alone."""
    if spot.record is not None:
        traced = workspace.traced(spot.record)
        found = [value for _, _, value, origin in traced.said_at(spot.path) if origin.key_path == spot.path and value.startswith("<")]
        iris = list(dict.fromkeys(value[1:-1] for value in found))
    else:
        iris = list(dict.fromkeys(_by_ontology(workspace, spot)))
    index = workspace.index
    return sorted(iris, key=lambda iri: (iri not in index.by_iri, not index.has_shared(iri)))


def _by_ontology(workspace: Workspace, spot: RecordSpot) -> Iterator[str]:
    references = workspace.index.references
    for reading, value, _ in spot.known.values() if spot.known and spot.text else ():
        text = spot.text or ""
        concepts = reading.step.options.concepts
        if (found := concepts.get(" ".join(text.split()).casefold())) is not None:
            yield found
        if value.of is None:
            continue
        made = made_of(text, value.of)
        if value.kind == "reference" and value.of.match and references is not None:
            match = references.matcher.find(text, Occurrence(spot.file), [value.of.iri.value], [made] if made else ())
            if match.iri is not None:
                yield match.iri
        elif made is not None:
            yield made


def own_iri(workspace: Workspace, spot: RecordSpot) -> str | None:
    """Give the IRI of the record that a place is in, where its text can be read or could be before."""
    known = workspace.index.by_path.get(spot.file, ())
    return next((record.iri for record in known if record.item == spot.item), None)
