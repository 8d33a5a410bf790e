"""What the ontology says of a key, by its path in a record: the same that documentation and JSON Schemas are written from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from exporter.generate.constraints import Constraints
from exporter.generate.pages.wording import how_many, rules, takes
from exporter.generate.typed_keys import KeyReading, TypedClass, TypedClasses, TypedKey, inner_readings
from exporter.plan.model import ClassPlan, Plan, ValuePlan
from exporter.problems import KeyPath, key_names
from exporter.rdf.prefixes import Prefixes

_FEW = 12
"""How many rules of shapes are told of a key."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a key: as its classes describe it (several where several classes read one map), and what it is called."""

    keys: tuple[TypedKey, ...]
    readings: tuple[KeyReading, ...]

    @property
    def label(self) -> str | None:
        """The first label of a property that it gives."""
        return next((reading.label for reading in self.readings if reading.label), None)

    @property
    def is_needed(self) -> bool:
        """Whether it has to be there."""
        return any(key.is_needed for key in self.keys)

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of classes that it takes, where it is the type key."""
        return tuple(dict.fromkeys(label for key in self.keys for label in key.labels))

    def values(self) -> Iterator[tuple[KeyReading, ValuePlan, str]]:
        """Yield what its values become, each with the reading and with the range as the ontology names it."""
        for reading in self.readings:
            for value, range_ in zip(reading.step.values, reading.ranges or ("",) * len(reading.step.values), strict=True):
                yield reading, value, range_


class KeyMeaning(NamedTuple):
    """A property that a key gives, in words: its name, the term, a comment, what it takes, and what is asked of it."""

    label: str
    term: str
    comment: str | None
    takes: str
    asks: tuple[str, ...]


class Knowledge:
    """What a plan and its shapes say of keys."""

    def __init__(self, plan: Plan, constraints: Constraints | None = None) -> None:
        self.plan = plan
        self.classes = TypedClasses(plan, constraints)
        self._prefixes = Prefixes(plan.prefixes)

    def keys(self, of: ClassPlan, path: KeyPath) -> dict[str, Known]:
        """Give the keys of the map at a path of a record of a class, in the order of the ontology."""
        found: dict[str, list[TypedKey]] = {}
        for children in self._maps(of, path):
            for name, key in children.items():
                if isinstance(name, str):
                    found.setdefault(name, []).append(key)
        return {name: _known(keys) for name, keys in found.items()}

    def key(self, of: ClassPlan, path: KeyPath) -> Known | None:
        """Give what is known of the key that a path ends with, or of the list that an item is in; None for a key that nothing reads."""
        names = key_names(path)
        if not names:
            return None
        known = self.keys(of, path[: _last_name(path)]).get(names[-1])
        if known is None:
            return self._entry(of, path)
        lists = tuple(key for key in known.keys if key.lists)
        inner = [more for key in lists for reading in key.lists for more in inner_readings(self.classes, reading, names)]
        return Known(known.keys, (*known.readings, *inner)) if inner else known

    def _entry(self, of: ClassPlan, path: KeyPath) -> Known | None:
        """Give what is known of an entry of an open map (`map:entries`), whatever its key is called."""
        above = path[: _last_name(path)]
        held = self.key(of, above) if above else None
        open_ = tuple(reading for reading in held.readings if reading.step.entries) if held else ()
        return Known((), open_) if open_ else None

    def _maps(self, of: ClassPlan, path: KeyPath) -> Iterator[Mapping[str | int, TypedKey]]:
        """Yield the keys that each class reads of the map at a path."""
        maps: list[Mapping[str | int, TypedKey]] = [self.classes.of(of).keys]
        for part in path:
            below: list[Mapping[str | int, TypedKey]] = []
            for keys in maps:
                key = keys.get(part)
                if key is None and isinstance(part, int):
                    below.append(keys)  # an item of a list: what is read of it stands at the list
                if key is not None:
                    below.append(key.children)
                    below += [self.classes.of(inner).keys for inner in _inner(key)]
            maps = below
        yield from maps

    def meanings(self, known: Known) -> list[KeyMeaning]:
        """Say in words which properties a key gives."""
        found = []
        for reading in _each_once((*known.readings, *(loan.reading for key in known.keys for loan in key.lent if loan.reading))):
            asks = (*how_many(reading), *(text for text, _ in rules(reading, self._prefixes)[:_FEW]))
            term = self._prefixes.show(reading.step.predicate.value)
            words = "".join(part.text for part in takes(reading, self.classes))
            found.append(KeyMeaning(reading.label or term, term, reading.comment, words, asks))
        return found

    def describe(self, of: ClassPlan) -> TypedClass:
        """Describe a class."""
        return self.classes.of(of)


def _last_name(path: KeyPath) -> int:
    """Give the position of the last key in a path that may end in list items."""
    return max(number for number, part in enumerate(path) if isinstance(part, str))


def _inner(key: TypedKey) -> Iterator[ClassPlan]:
    for reading in (*key.readings, *key.lists):
        yield from (value.of for value in reading.step.values if value.of is not None and value.kind == "resource")


def _known(keys: list[TypedKey]) -> Known:
    return Known(tuple(keys), _each_once(reading for key in keys for reading in key.readings))


def _each_once(readings: Iterable[KeyReading]) -> tuple[KeyReading, ...]:
    return tuple({id(reading): reading for reading in readings}.values())
