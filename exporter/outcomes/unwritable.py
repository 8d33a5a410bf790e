"""What the chosen syntax can't hold: a record with such a value is rejected, with a problem at the value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pyoxigraph import Literal

from exporter.mapping.mapping import Mapper
from exporter.mapping.model import MappedRecord
from exporter.problems import Problem
from exporter.rdf.terms import Block, Term


def find_unwritable(mapped: MappedRecord, pattern: re.Pattern[str], mapper: Mapper, label: str) -> tuple[Problem, ...]:
    """Give a problem for each value of a record with a character that the format `label` can't hold: one that matches the pattern."""
    if not any(_match(value, pattern) for block in (*mapped.blocks, *mapped.shared) for _, value in block.pairs):
        return ()
    traced = mapper.map(mapped.record, traced=True)
    return tuple(dict.fromkeys((*_found(traced, pattern, label, shared=False), *_found(traced, pattern, label, shared=True))))


def _found(traced: MappedRecord, pattern: re.Pattern[str], label: str, *, shared: bool) -> Iterator[Problem]:
    blocks: Sequence[Block] = traced.shared if shared else traced.blocks
    for block, origins in zip(blocks, traced.shared_origins if shared else traced.origins, strict=True):
        for number, (_, value) in enumerate(block.pairs):
            found = _match(value, pattern)
            if found:
                key_path, span = origins[number] if number < len(origins) else ((), None)
                message = f"{label} can't hold the character U+{ord(found[0]):04X} of this value"
                place = traced.record.locate(key_path, span=span)
                yield Problem("READ-CONTROL", place, message, help="remove the character, or choose another format", key_path=key_path)


def _match(value: Term, pattern: re.Pattern[str]) -> re.Match[str] | None:
    return pattern.search(value.value) if isinstance(value, Literal) else None
