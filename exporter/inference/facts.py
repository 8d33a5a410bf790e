"""What was seen of a key in many records: how often, of what kinds, with which values, and where first.

Facts of one key are a node of a tree; lists are looked through, so a list of maps has the keys of its maps. Facts add up (`merge`), so
that they are gathered once, record by record, and put together in whatever groups turn out to be classes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from exporter.inference.kinds import dump, holds_json, kind_of
from exporter.problems import KeyPath
from exporter.records.values import Value

VALUES_AT_MOST = 20_000
"""Different values of a key that are remembered; beyond, a key has too many for whatever they would be looked at for."""

DEPTH_AT_MOST = 12
"""Maps in maps that are looked into; what is below is data."""

Place = tuple[str, KeyPath]
"""A record's path, and the key path in it."""


@dataclass(slots=True)
class KeyFacts:
    """What was seen of one key: in how many maps it holds something (`held`) or nothing (`empty`), and what.

    `lists` counts how often it was a list, `many` how often with more than one value; `own` the values that say what the record itself
    is called. `together` counts, for two keys of this map that hold lists, how often these are equally long, and how often not.
    """

    held: int = 0
    empty: int = 0
    maps: int = 0
    scalars: int = 0
    lists: int = 0
    many: int = 0
    inner_lists: int = 0
    json: int = 0
    own: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    values: Counter[str] = field(default_factory=Counter)
    first: dict[str, Place] = field(default_factory=dict)
    children: dict[str, KeyFacts] = field(default_factory=dict)
    together: dict[tuple[str, str], list[int]] = field(default_factory=dict)

    def merge(self, other: KeyFacts) -> None:
        """Add what was seen elsewhere; what is first stays first."""
        self.held += other.held
        self.empty += other.empty
        self.maps += other.maps
        self.scalars += other.scalars
        self.lists += other.lists
        self.many += other.many
        self.inner_lists += other.inner_lists
        self.json += other.json
        self.own += other.own
        self.kinds.update(other.kinds)
        self.values.update(other.values)
        for kind, place in other.first.items():
            self.first[kind] = min(place, self.first.get(kind, place))
        for pair, counts in other.together.items():
            mine = self.together.setdefault(pair, [0, 0])
            mine[0] += counts[0]
            mine[1] += counts[1]
        for key, child in other.children.items():
            self.children.setdefault(key, KeyFacts()).merge(child)

    def below(self, path: KeyPath) -> Iterator[tuple[KeyPath, KeyFacts]]:
        """Yield all keys below, each before those that are in it."""
        for key, child in self.children.items():
            yield (*path, key), child
            yield from child.below((*path, key))

    def share(self, *kinds: str) -> float:
        """Say which part of the scalars is of these kinds."""
        return sum(self.kinds[kind] for kind in kinds) / self.scalars if self.scalars else 0.0


class Gatherer:
    """Adds what one record holds to facts; `names` are what the record itself is called.

    `spellings` are the keys met so far by their lower case, where case does not count: each gets the first spelling.
    """

    def __init__(self, record_path: str, names: frozenset[str], spellings: dict[str, str] | None = None) -> None:
        self._spellings = spellings
        self._path = record_path
        self._names = names

    def add_map(self, facts: KeyFacts, value: Mapping[str, Value], path: KeyPath) -> None:
        """Add a map's keys."""
        facts.maps += 1
        lengths: list[tuple[str, int]] = []
        for typed, inner in value.items():
            key = typed if self._spellings is None else self._spellings.setdefault(typed.lower(), _usual(typed))
            child = facts.children.get(key)
            if child is None:
                child = facts.children[key] = KeyFacts()
            self.add(child, inner, (*path, typed))
            if isinstance(inner, list) and inner and not isinstance(inner[0], (list, dict)):
                lengths.append((key, len(inner)))
        for number, (one, length) in enumerate(lengths):
            for other, other_length in lengths[number + 1 :]:
                if length > 1 or other_length > 1:
                    pair = (one, other) if one < other else (other, one)
                    facts.together.setdefault(pair, [0, 0])[length != other_length] += 1

    def add(self, facts: KeyFacts, value: Value, path: KeyPath) -> None:
        """Add a key's value in one map."""
        if isinstance(value, list):
            said = [item for item in value if item is not None and item != ""]
            facts.lists += 1
            if not said:
                facts.empty += 1
                return
            facts.held += 1
            facts.many += len(said) > 1
            for number, item in enumerate(value):
                if item is not None and item != "":
                    self._item(facts, item, (*path, number))
        elif _is_empty(value):
            facts.empty += 1
        else:
            facts.held += 1
            self._item(facts, value, path)

    def _item(self, facts: KeyFacts, value: Value, path: KeyPath) -> None:
        if isinstance(value, dict):
            facts.first.setdefault("map", (self._path, path))
            if len(path) > DEPTH_AT_MOST:
                facts.inner_lists += 1
            else:
                self.add_map(facts, value, path)
        elif isinstance(value, list):
            link = _unquoted_link(value)
            if link is not None:
                self._scalar(facts, link, path)
                return
            facts.inner_lists += 1
            facts.first.setdefault("list", (self._path, path))
        else:
            self._scalar(facts, value, path)

    def _scalar(self, facts: KeyFacts, value: Value, path: KeyPath) -> None:
        kind = kind_of(value)
        if kind == "json" and isinstance(value, str):
            self._json(facts, holds_json(value), path)
            return
        facts.scalars += 1
        facts.kinds[kind] += 1
        facts.first.setdefault(kind, (self._path, path))
        text = dump(value).strip()
        if text in facts.values or len(facts.values) < VALUES_AT_MOST:
            facts.values[text] += 1
        if text.casefold() in self._names:
            facts.own += 1

    def _json(self, facts: KeyFacts, found: Value, path: KeyPath) -> None:
        """Look into JSON in a string, as `map:json` reads it."""
        facts.json += 1
        facts.first.setdefault("json", (self._path, path))
        for item in found if isinstance(found, list) else [found]:
            if item is not None and item != "":
                self._item(facts, item, path)
        facts.many += isinstance(found, list) and len(found) > 1


def _usual(key: str) -> str:
    """Write a key as it is usually spelled: `Title` as `title`, `URL` as `url`, `featuredImage` as it is."""
    return key.lower() if key.isupper() else key[:1].lower() + key[1:]


def _is_empty(value: Value) -> bool:
    """Say whether a value says nothing, as mapping sees it: null, white space, or a map of such."""
    if isinstance(value, dict):
        return all(map(_is_empty, value.values()))
    return value is None or (isinstance(value, str) and not value.strip())


def _unquoted_link(value: Value) -> str | None:
    """Give the wiki link that YAML reads as lists: `[[Note]]` without quotes."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return f"[[{value}]]" if isinstance(value, (str, int)) and not isinstance(value, bool) else None
