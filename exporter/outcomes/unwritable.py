"""What the chosen syntax can't hold: a record with such a value is rejected, with a problem at the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import Literal

from exporter.mapping.mapping import Mapper
from exporter.mapping.model import MappedRecord, Sought, Span
from exporter.problems import KeyPath, Problem
from exporter.rdf.terms import Block, Term
from exporter.records.record import Record


def find_unwritable(mapped: MappedRecord, pattern: re.Pattern[str], mapper: Mapper, label: str) -> tuple[Problem, ...]:
    """Give a problem for each value of a record with a character that the format `label` can't hold: one that matches the pattern."""
    looked_up = tuple(_looked_up(mapped, pattern, label))
    if not any(_match(value, pattern) for block in (*mapped.blocks, *mapped.shared) for _, value in block.pairs):
        return looked_up
    traced = mapper.map(mapped.record, traced=True)
    return tuple(dict.fromkeys((*_found(traced, pattern, label, shared=False), *_found(traced, pattern, label, shared=True), *looked_up)))


def _looked_up(mapped: MappedRecord, pattern: re.Pattern[str], label: str) -> Iterator[Problem]:
    """Find values that are looked up: where no record answers to one, it stays as it is."""
    for held in (held for hole in mapped.holes for held in hole.values):
        made = held.value.made if isinstance(held.value, Sought) else None
        inside = [value for block in (*made.blocks, *made.shared) for _, value in block.pairs] if made else []
        for value in (held.value.otherwise if isinstance(held.value, Sought) else held.value, *inside):
            if found := _match(value, pattern):
                yield _problem(found, mapped.record, held.key_path, held.span, label)


def _found(traced: MappedRecord, pattern: re.Pattern[str], label: str, *, shared: bool) -> Iterator[Problem]:
    blocks: Sequence[Block] = traced.shared if shared else traced.blocks
    for block, origins in zip(blocks, traced.shared_origins if shared else traced.origins, strict=True):
        for number, (_, value) in enumerate(block.pairs):
            found = _match(value, pattern)
            if found:
                key_path, span = origins[number] if number < len(origins) else ((), None)
                yield _problem(found, traced.record, key_path, span, label)


def _problem(found: re.Match[str], record: Record, key_path: KeyPath, span: Span | None, label: str) -> Problem:
    message = f"{label} can't hold the character U+{ord(found[0]):04X} of this value"
    help_ = "remove the character, or choose another format"
    return Problem("READ-CONTROL", record.locate(key_path, span=span), message, help=help_, key_path=key_path)


def _match(value: Term, pattern: re.Pattern[str]) -> re.Match[str] | None:
    return pattern.search(value.value) if isinstance(value, Literal) else None
