"""What classes have in common, in one class above them; and the class of what is found by one key alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from exporter.inference.classes import ClassDraft
from exporter.inference.facts import KeyFacts
from exporter.inference.model import InferredClass, RowDraft
from exporter.inference.naming import PREFIX
from exporter.inference.rows import count_note
from exporter.inference.terms import words_of
from exporter.keypaths import parse_key_path
from exporter.text import plural


def named_rows(draft: ClassDraft, by_key: Mapping[str, str], name: str) -> tuple[RowDraft, ...]:
    """Give the rows of keys whose values name a record by one key of that (`Profile.by_key`); `name` is the class of what they name."""
    rows = []
    for key in by_key:
        facts = _facts_at(draft.facts, key)
        if facts is not None and facts.scalars:
            held, count = facts.held, draft.group.count
            ranges, notes = (f"{PREFIX}:{name}",), (count_note(held, count),)
            rows.append(RowDraft((key,), "dcterms:isPartOf", ranges, (), notes, held, count, many=bool(facts.many), is_node=True))
    return tuple(rows)


def uses(drafts: Sequence[ClassDraft], by_key: Mapping[str, str]) -> tuple[str, ...]:
    """Give the keys by which records are named that way, where some are."""
    used = [at for key, at in by_key.items() if any((facts := _facts_at(draft.facts, key)) and facts.scalars for draft in drafts)]
    return tuple(dict.fromkeys(used))


def _facts_at(facts: KeyFacts, path: str) -> KeyFacts | None:
    found: KeyFacts | None = facts
    for part in parse_key_path(path):
        found = found.children.get(str(part)) if found else None
    return found


def with_named(made: Sequence[InferredClass], name: str, match: tuple[str, ...]) -> list[InferredClass]:
    """Put the class of what is found by `match` alone above the classes that have none above them."""
    count = sum(each.count for each in made if each.is_of_records)
    above = InferredClass(name, words_of(name), count, match=match, notes=("what is found by these keys, and by nothing else",))
    return [above, *(each if each.parent else replace(each, parent=name) for each in made)]


def below_common(each: InferredClass, above: InferredClass, common: Sequence[RowDraft]) -> InferredClass:
    """Give a class without what the one above it says already."""
    meanings = {row.meaning for row in common}
    inherits = each.templates == above.templates and each.file_pattern == above.file_pattern
    return replace(
        each,
        parent=above.name,
        match=() if each.match == above.match else each.match,
        templates=() if inherits else each.templates,
        file_pattern=None if inherits else each.file_pattern,
        rows=tuple(row for row in each.rows if row.meaning not in meanings),
    )


def shared_address(made: Sequence[InferredClass]) -> tuple[str | None, tuple[str, ...]]:
    """Give pattern and templates that most classes have; none where a class would take over a pattern that is not for its paths."""
    counts = Counter((each.file_pattern, each.templates) for each in made)
    (pattern, templates), count = max(counts.items(), key=lambda item: (item[1], str(item[0])))
    fits = pattern is None or all(each.file_pattern for each in made)
    return (pattern, templates) if count > 1 and fits else (None, ())


def common_rows(made: Sequence[InferredClass]) -> list[RowDraft]:
    """Give the rows that two classes have, where no third one reads the key in another way, nor has the property for another key."""
    by_key: dict[tuple[str, ...], list[RowDraft]] = {}
    by_property: dict[str, set[object]] = {}
    for each in made:
        for row in each.rows:
            if row.reads == "map:value":  # of groups of the class's own pattern
                continue
            by_key.setdefault(row.keys, []).append(row)
            by_property.setdefault(row.term, set()).add(row.meaning)
    common = []
    for rows in by_key.values():
        agreed = len({row.meaning for row in rows}) == 1 and len(by_property[rows[0].term]) == 1
        if len(rows) > 1 and agreed:
            held, maps = sum(row.held for row in rows), sum(row.maps for row in rows)
            common.append(
                replace(rows[0], notes=_sum(rows), held=held, maps=maps, many=any(row.many for row in rows), closed=_all_closed(rows))
            )
    return common


def _sum(rows: Sequence[RowDraft]) -> tuple[str, ...]:
    held, maps = sum(row.held for row in rows), sum(row.maps for row in rows)
    return (f"{count_note(held, maps)}, of {plural(len(rows), 'class', 'classes')}", *(note for row in rows for note in row.notes[1:]))


def _all_closed(rows: Sequence[RowDraft]) -> tuple[str, ...]:
    if not all(row.closed for row in rows):
        return ()
    values = {value for row in rows for value in row.closed}
    return tuple(sorted(values))
