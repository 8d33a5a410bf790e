"""Values that have what is said once of all of them: a reference that is written otherwise than the title that it means."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from exporter.edits.editing import ChangeValue
from exporter.fixes.model import Fix
from exporter.problems import key_names
from exporter.records.reading import Reader
from exporter.records.values import leaves, look_up

_Shape = tuple[str, ...]


def like_others(fixes: Sequence[Fix], paths: Iterable[str], reader: Reader) -> Iterator[Fix]:
    """Yield the same fixes for all other records that have the same value at the same key."""
    wanted: dict[tuple[_Shape, str], Fix] = {}
    for known in fixes:
        record = reader.read(known.problem.location.path).record
        if record is not None:
            wanted[key_names(known.path), str(look_up(record.front_matter, known.path))] = known
    tops = {shape[0] for shape, _ in wanted if shape}
    for path in paths:
        record = reader.read(path).record
        if record is None or record.item is not None:
            continue
        for top in tops & record.front_matter.keys():
            for key_path, value in leaves(record.front_matter[top], (top,)):
                fix = wanted.get((key_names(key_path), str(value)))
                if fix is not None and isinstance(fix.edit, ChangeValue) and path != fix.problem.location.path:
                    problem = replace(fix.problem, location=record.locate(key_path), key_path=key_path)
                    yield replace(fix, problem=problem, edit=replace(fix.edit, path=key_path), path=key_path, after=key_path)
