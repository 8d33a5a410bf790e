"""Rename: the name by which references find a record or a concept, in the record itself and wherever it is used."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote as encode

from exporter.edits.editing import ChangeValue, find_splice
from exporter.edits.outline import EditError
from exporter.errors import ExporterError
from exporter.generate.closed_sets import made_of
from exporter.language.conversions import concept
from exporter.language_server.index import IndexedRecord
from exporter.language_server.navigating import NamingPlace, class_named, naming_places
from exporter.language_server.resolving import RecordSpot, find_spot, named_by, own_iri
from exporter.language_server.texts import BufferText
from exporter.language_server.workspace import Workspace
from exporter.ontology.places import Places
from exporter.plan.model import ClassPlan
from exporter.problems import KeyPath, format_key_path, key_names
from exporter.rdf.terms import LABELS, SKOS
from exporter.records.nodes import Range
from exporter.records.record import Record
from exporter.records.values import leaves, look_up
from exporter.references.comparing import folded
from exporter.references.known_records import INDEX_NAMES, Occurrence
from exporter.references.targets import read_targets
from exporter.text import quote

_LABELS = (*LABELS, SKOS + "altLabel", SKOS + "hiddenLabel")


class RenameError(ExporterError):
    """Something can't be renamed; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class RenameTarget:
    """What a rename is about: the name as it is written, where it stands in the buffer, and what it is the name of.

    `key` is the key path at which the record says it; without one it is the name of its file. Of a `concept`, which is not a record, its
    IRI is given.
    """

    name: str
    place: Range
    record: IndexedRecord | None = None
    key: KeyPath | None = None
    concept: str = ""


@dataclass(frozen=True, slots=True)
class Renaming:
    """The edits of a rename: what takes the place of what, by file, and the files that are called otherwise; places of this machine."""

    title: str
    edits: dict[str, list[tuple[Range, str]]] = field(default_factory=dict)
    moves: list[tuple[str, str]] = field(default_factory=list)

    def add(self, place: str, span: Range, new: str) -> None:
        """Add an edit, once."""
        known = self.edits.setdefault(place, [])
        if (span, new) not in known:
            known.append((span, new))


def find_named(workspace: Workspace, path: str, offset: int) -> RenameTarget:
    """Say what would be renamed at an offset; raises RenameError."""
    spot = find_spot(workspace, path, offset)
    if spot is None or spot.text is None:
        raise RenameError("there is nothing to rename here: put the cursor on a reference, a concept, or the title of a record")
    if spot.is_key:
        raise RenameError("the ontology names the keys: rename it there")
    for iri in named_by(workspace, spot):
        record = workspace.index.by_iri.get(iri)
        if record is not None:
            return _of_reference(workspace, spot, record)
        if workspace.index.has_shared(iri) or iri in workspace.plan.ontology.individuals:
            return RenameTarget(spot.text, _inside(workspace, spot, spot.text), concept=iri)
    own = workspace.index.by_iri.get(own_iri(workspace, spot) or "")
    key = key_names(spot.path)
    if own is not None and key in _naming_keys(workspace, own):
        return RenameTarget(spot.text, _inside(workspace, spot, spot.text), own, key)
    raise RenameError("nothing refers to a record by this value")


def _naming_keys(workspace: Workspace, record: IndexedRecord) -> list[KeyPath]:
    """Give the keys by which references find a record."""
    of = class_named(workspace, record.class_name)
    if of is None:
        return []
    by_address = [variable.path for variable in of.template.variables if variable.scope == "map"] if of.template else []
    return [key for key in of.match if isinstance(key, tuple)] + (by_address if not of.match else [])


def _of_reference(workspace: Workspace, spot: RecordSpot, record: IndexedRecord) -> RenameTarget:
    """Say by which of its names a reference finds a record."""
    found = _used(workspace, record, spot.text or "", Occurrence(spot.file), linked=spot.entry is None)
    if found is None:
        raise RenameError(f"{quote(spot.text or '')} names {record.path} in a way that can't be renamed: by its whole address")
    name, key = found
    return RenameTarget(name, _inside(workspace, spot, name), record, key)


def _used(workspace: Workspace, record: IndexedRecord, typed: str, place: Occurrence, *, linked: bool) -> tuple[str, KeyPath | None] | None:
    """Give the name that a text uses for a record, and the key that has it, or None for the file's; None where it uses neither."""
    of = class_named(workspace, record.class_name)
    references = workspace.index.references
    if of is None:
        return None
    if of.match and references is not None:
        ranges = [answers.range for answers in record.answers]
        match = references.matcher.find(typed, place, ranges, linked=linked)
        targets = {folded(target.text) for target in read_targets(typed, linked=linked)}
        if match.key is not None:
            said = next(answers.texts[match.key] for answers in record.answers if answers.range == match.range)
            key = workspace.plan.classes[match.range].match[match.key]
            name = next((text for text in said if folded(text) in targets), None)
            return (
                (name, key) if name is not None and isinstance(key, tuple) and not str(key[0]).startswith("@") else _by_file(record, typed)
            )
        return _by_file(record, typed, linked=linked)
    return _by_template(of, record, typed)


def _by_file(record: IndexedRecord, typed: str, *, linked: bool = False) -> tuple[str, None] | None:
    stem = posixpath.splitext(posixpath.basename(record.path))[0]
    named = (posixpath.splitext(posixpath.basename(target.text.rstrip("/")))[0] for target in read_targets(typed, linked=linked))
    return (stem, None) if any(folded(name) == folded(stem) for name in named) else None


def _by_template(of: ClassPlan, record: IndexedRecord, typed: str) -> tuple[str, KeyPath | None] | None:
    variable = of.template.single_variable if of.template else None
    if variable is None or made_of(typed, of) != record.iri:
        return None
    if variable.scope == "file":
        return _by_file(record, typed)
    return typed, variable.path


def _inside(workspace: Workspace, spot: RecordSpot, name: str) -> Range:
    """Give where a name stands in what was typed."""
    text = workspace.text(spot.file) or ""
    at = text[slice(*spot.place)].find(name)
    return (spot.place[0] + at, spot.place[0] + at + len(name)) if at >= 0 else spot.place


def rename(workspace: Workspace, path: str, offset: int, new: str) -> Renaming:
    """Make the edits that give something another name; raises RenameError where that would change more than the name, or not all of it."""
    named = find_named(workspace, path, offset)
    new = new.strip()
    if not new or "\n" in new:
        raise RenameError("the new name has to be a text on one line")
    made = Renaming(f"Rename {quote(named.name)} to {quote(new)}")
    if named.concept:
        _rename_concept(workspace, named, new, made)
    elif named.record is not None and named.key is None:
        _rename_file(workspace, named.record, named.name, new, made)
    elif named.record is not None and named.key is not None:
        _rename_name(workspace, named.record, named.key, named.name, new, made)
    return made


def _rename_name(workspace: Workspace, record: IndexedRecord, key: KeyPath, old: str, new: str, made: Renaming) -> None:
    """Change what a record is called, and the references that call it so."""
    _refuse_taken(workspace, record, new)
    read = workspace.reader.record(record.path, record.item)
    if read is None:
        raise RenameError(f"{record.path} can't be read, so its {format_key_path(key)} can't be changed")
    for path, value in leaves(look_up(read.front_matter, key), key):
        if isinstance(value, str) and value.strip() == old:
            _change(workspace, read, path, new, made)
            break
    else:
        raise RenameError(f"{record.path} does not have {quote(old)} at {format_key_path(key)}")
    for naming in naming_places(workspace, record.iri):
        place = Occurrence(naming.record.path, naming.record.iri)
        if _used(workspace, record, naming.typed, place, linked=naming.in_body) == (old, key):
            _replace(workspace, naming, _renamed(naming, old, new), made)


def _refuse_taken(workspace: Workspace, record: IndexedRecord, new: str) -> None:
    references, of = workspace.index.references, class_named(workspace, record.class_name)
    if of is not None and of.match and references is not None:
        ranges = [answers.range for answers in record.answers]
        numbers = [n for linked in (False, True) for n in references.matcher.find(new, Occurrence(""), ranges, linked=linked).numbers]
        taken = [path for path in references.known.paths(numbers) if path != record.path]
        if taken:
            raise RenameError(f"{quote(new)} is what {taken[0]} is called already")
    elif of is not None and (other := workspace.index.by_iri.get(made_of(new, of) or "")) is not None:
        raise RenameError(f"{quote(new)} is the address of {other.path} already")


def _rename_file(workspace: Workspace, record: IndexedRecord, old: str, new: str, made: Renaming) -> None:
    """Rename the file of a record, and the references that name it by its path."""
    if old in INDEX_NAMES:
        raise RenameError(f"{record.path} is named by its folder: rename that")
    if posixpath.basename(new) != new:
        raise RenameError("the new name has to be that of a file in the same folder, without a slash")
    path = posixpath.join(posixpath.dirname(record.path), new + posixpath.splitext(record.path)[1])
    target = workspace.place(path)
    if Path(target).exists() or path in workspace.buffers:
        raise RenameError(f"{path} is there already")
    _refuse_taken(workspace, record, new)
    for naming in naming_places(workspace, record.iri):
        place = Occurrence(naming.record.path, naming.record.iri)
        if _used(workspace, record, naming.typed, place, linked=naming.in_body) == (old, None):
            _replace(workspace, naming, _renamed(naming, old, new, by_path=True), made)
    made.moves.append((workspace.place(record.path), target))


def _rename_concept(workspace: Workspace, named: RenameTarget, new: str, made: Renaming) -> None:
    """Change the text that stands for a resource which is no record, wherever it is typed; and of a concept its label in the ontology."""
    for naming in naming_places(workspace, named.concept):
        if naming.typed.strip().casefold() == named.name.strip().casefold():
            _replace(workspace, naming, new, made)
    plan = workspace.plan
    labelled = any(
        named.concept in step.options.concepts.values() for of in plan.classes.values() for step in of.steps if concept in step.conversions
    )
    if labelled:
        _relabel(workspace, named.concept, named.name, new, made)


def _relabel(workspace: Workspace, iri: str, old: str, new: str, made: Renaming) -> None:
    labels = [
        (predicate.value, value)
        for subject, predicate, value in workspace.plan.ontology.statements
        if getattr(subject, "value", None) == iri
        and predicate.value in _LABELS
        and getattr(value, "value", "").casefold() == old.casefold()
    ]
    for predicate, value in labels:
        place = Places(workspace.plan.ontology.sources).find(iri, predicate, getattr(value, "value", ""))
        file = Path(workspace.project.tree.here, place.path)
        text = file.read_text("utf-8-sig")
        span = BufferText(text).range_of(place)
        written = text[slice(*span)]
        if getattr(value, "value", "") not in written:
            raise RenameError(f"the label of {quote(old)} in {place.path} is written with escapes: change it by hand")
        made.add(str(file), span, written.replace(getattr(value, "value", ""), new.replace("\\", "\\\\").replace('"', '\\"'), 1))


def _renamed(naming: NamingPlace, old: str, new: str, *, by_path: bool = False) -> str:
    """Give what is typed then: the name alone changes, and brackets, the part behind # and the text that is shown stay."""
    for written, name in _names(naming, by_path=by_path):
        if folded(name) != folded(old):
            continue
        whole = _in_path(written, old, new) if by_path else new
        for as_typed, replaced in ((written, whole), (encode(written), encode(whole))):
            if as_typed in naming.typed:
                return _last_replaced(naming.typed, as_typed, replaced)
    raise RenameError(f"{quote(naming.typed)} in {naming.place} can't be rewritten: change it by hand")


def _names(naming: NamingPlace, *, by_path: bool) -> Iterator[tuple[str, str]]:
    for target in read_targets(naming.typed, linked=naming.in_body):
        yield target.text, posixpath.splitext(posixpath.basename(target.text.rstrip("/")))[0] if by_path else target.text


def _in_path(written: str, old: str, new: str) -> str:
    folder, name = posixpath.split(written.rstrip("/"))
    ending = name[len(old) :] if folded(name[: len(old)]) == folded(old) else posixpath.splitext(name)[1]
    return f"{folder}/{new}{ending}" if folder else new + ending


def _last_replaced(typed: str, written: str, new: str) -> str:
    """Replace what is named; of a Markdown link that is behind the text that is shown."""
    at = typed.rfind(written) if typed.lstrip("!").startswith("[") and not typed.lstrip("!").startswith("[[") else typed.find(written)
    return typed[:at] + new + typed[at + len(written) :]


def _replace(workspace: Workspace, naming: NamingPlace, new: str, made: Renaming) -> None:
    """Put another text in the place of one that names."""
    if naming.in_body:
        span = BufferText(naming.read.text).range_of(naming.place)
        made.add(workspace.place(naming.record.path), span, new)
        return
    if naming.span is not None:
        whole = look_up(naming.read.front_matter, naming.key_path)
        new = f"{str(whole)[: naming.span[0]]}{new}{str(whole)[naming.span[1] :]}"
    _change(workspace, naming.read, naming.key_path, new, made)


def _change(workspace: Workspace, read: Record, path: KeyPath, new: str, made: Renaming) -> None:
    try:
        splice = find_splice(read, ChangeValue(path, new))
    except EditError as error:
        raise RenameError(f"{read.path}: {format_key_path(path)} can't be changed: {error}") from None
    made.add(workspace.place(read.path), (splice.start, splice.end), splice.new)
