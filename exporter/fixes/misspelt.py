"""Keys that are probably slips of a key that the ontology reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from exporter.edits.editing import RenameKey
from exporter.fixes.model import Fix
from exporter.keypaths import parse_key_path
from exporter.pipeline.exporting import Exporting, known_keys
from exporter.pipeline.ledger import near_key
from exporter.plan.model import Plan
from exporter.problems import KeyPath, Problem, Severity, format_key_path
from exporter.project import Project
from exporter.records.reading import Reader
from exporter.records.record import Record
from exporter.records.values import look_up
from exporter.text import is_near, quote

_SAMPLE = 200
_USUAL = 0.5
"""The share of the records of a class that have a key, from which on one that is missing is missed."""


class Misspelt:
    """Finds misspelt keys of a project; its records are gone through once."""

    def __init__(self, project: Project, plan: Plan, reader: Reader) -> None:
        self._reader = reader
        self._known = known_keys(plan)
        self._found: list[tuple[str, str, KeyPath]] = []
        self._records: dict[str, list[str]] = {}
        for path, item, record in Exporting(project, plan, allow_nothing=True).exported():
            if item == 0:
                self._records.setdefault(record.class_name, []).append(path)
                self._found += [(path, record.class_name, key) for key in record.unmapped]

    @property
    def paths(self) -> list[str]:
        """The files of the records, by class."""
        return [path for paths in self._records.values() for path in paths]

    def fixes(self) -> Iterator[Fix]:
        """Yield the fixes: safe where the right key is missing from a record, most records of the class have it, and one key is near it."""
        usual: dict[tuple[str, KeyPath], bool] = {}
        meant = Counter((path, self._right(class_name, key)) for path, class_name, key in self._found)
        for path, class_name, key in self._found:
            right = self._right(class_name, key)
            record = self._reader.read(path).record if right else None
            if record is None or record.item is not None or look_up(record.front_matter, right) is not None:
                continue
            asked = (class_name, right)
            if asked not in usual:
                usual[asked] = self._is_usual(*asked)
            yield rename_fix(record, key, right, safe=usual[asked] and meant[path, right] == 1)

    def _right(self, class_name: str, key: KeyPath) -> KeyPath:
        return right_key(key, self._known.get(class_name, ()))

    def _is_usual(self, class_name: str, key: KeyPath) -> bool:
        """Say whether most records of a class have a key, by some of them."""
        paths = self._records[class_name]
        some = [self._reader.read(path).record for path in paths[:: max(1, len(paths) // _SAMPLE)]]
        have = sum(record is not None and look_up(record.front_matter, key) is not None for record in some)
        return have >= _USUAL * len(some)


def right_key(key: KeyPath, known: Sequence[str]) -> KeyPath:
    """Give the key of the same map that was probably meant, of those that the class knows; empty where none was."""
    if not key or not all(isinstance(part, str) for part in key):
        return ()
    near = near_key(format_key_path(key), known)
    right = parse_key_path(near) if near is not None else ()
    return right if len(right) == len(key) and right[:-1] == key[:-1] else ()


def rename_fix(record: Record, key: KeyPath, right: KeyPath, *, safe: bool) -> Fix:
    """Make the fix of a key that is called otherwise, with the problem that it is."""
    name = str(right[-1])
    message = f"the ontology does not know the key {quote(str(key[-1]))}"
    problem = Problem("MAP-UNMAPPED", record.locate(key, key=True), message, Severity.WARNING, f"did you mean {quote(name)}?", key)
    return Fix(problem, f"name it {quote(name)}", RenameKey(key, name), safe=safe and is_near(str(key[-1]), name), path=key, after=right)
