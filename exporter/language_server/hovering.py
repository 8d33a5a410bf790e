"""Hover: what a key means and what becomes of it, and what a value names."""

from __future__ import annotations

from dataclasses import dataclass

from exporter.language_server.completing import describe
from exporter.language_server.index import find_label
from exporter.language_server.resolving import RecordSpot, find_spot, named_by, own_iri
from exporter.language_server.workspace import Workspace
from exporter.problems import format_key_path, key_names
from exporter.rdf.prefixes import prefixes_for_people
from exporter.records.nodes import Range

_MOST = 6
"""How many statements are shown."""


@dataclass(frozen=True, slots=True)
class Hover:
    """What is said of a place, in Markdown."""

    markdown: str
    place: Range


def hover(workspace: Workspace, path: str, offset: int) -> Hover | None:
    """Say what stands at an offset of a record; None where there is nothing to say."""
    spot = find_spot(workspace, path, offset)
    if spot is None:
        return None
    parts = [*([] if spot.is_key else _named(workspace, spot)), *_meaning(workspace, spot), *_statements(workspace, spot)]
    return Hover("\n\n---\n\n".join(parts), spot.place) if parts else None


def _named(workspace: Workspace, spot: RecordSpot) -> list[str]:
    """Say which records and resources a value names."""
    index, found = workspace.index, []
    for iri in named_by(workspace, spot):
        record = index.by_iri.get(iri)
        if record is not None:
            found.append(f"**{escaped(record.label or iri)}** · {record.class_name}\n\n`{record.path}`")
        elif index.has_shared(iri) and (label := find_label(iri, index.shared_statements(f"<{iri}>"))):
            found.append(f"**{escaped(label)}**\n\n<{iri}>")
    return found


def _meaning(workspace: Workspace, spot: RecordSpot) -> list[str]:
    if spot.known is None:
        return _of_type(workspace, spot) if spot.of is not None else []
    text = describe(workspace.knowledge.meanings(spot.known))
    notes = []
    if spot.known.labels:
        return _of_type(workspace, spot)
    if any(key.is_address for key in spot.known.keys):
        notes.append("Part of the record's address.")
    if any(key.is_ignored for key in spot.known.keys) and not spot.known.readings:
        notes.append("Ignored on purpose: the ontology leaves it out.")
    if spot.known.is_needed:
        notes.append("Required.")
    return [part for part in (text, " ".join(notes)) if part]


def _of_type(workspace: Workspace, spot: RecordSpot) -> list[str]:
    """Say what the class of a record is, at its type key; of a key that nobody reads, that nobody does."""
    if spot.path == workspace.plan.type_path and spot.of is not None:
        described = workspace.knowledge.describe(spot.of)
        return ["\n\n".join(filter(None, (f"**{escaped(described.label)}**", described.comment)))]
    names = key_names(spot.path)
    if not spot.is_key or not names or names[0].startswith("@") or spot.path[0] == "owltypeIgnore":
        return []
    return [f"The ontology does not read the key `{format_key_path(tuple(names))}` of the class {spot.of.name if spot.of else ''}."]


def _statements(workspace: Workspace, spot: RecordSpot) -> list[str]:
    """Show the statements that a key or a value becomes."""
    if spot.record is None:
        return []
    own = f"<{own_iri(workspace, spot)}>"
    every = [each[:3] for each in workspace.traced(spot.record).said_at(spot.path)]
    said = [each for each in every if each[0] == own or each[0].startswith(own[:-1] + "#")] or every
    prefixes = prefixes_for_people(workspace.plan.prefixes)
    lines = []
    for subject, predicate, value in said[:_MOST]:
        terms = (*([] if subject == own else [subject]), predicate, value)
        lines.append(" ".join(prefixes.show_all(term.replace(f"{own[:-1]}#", "<#")) for term in terms))
    more = [f"# and {len(said) - _MOST} more"] if len(said) > _MOST else []
    return ["```turtle\n" + "\n".join([*lines, *more]) + "\n```"] if lines else []


def escaped(text: str) -> str:
    """Write a text so that Markdown shows it as it is."""
    return "".join(f"\\{character}" if character in "\\`*_{}[]<>()#+-.!|" else character for character in text)
