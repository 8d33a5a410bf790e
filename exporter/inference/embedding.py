"""Maps in records: those under one key with much the same keys in them are one class, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from exporter.inference.classes import ClassDraft
from exporter.inference.facts import KeyFacts
from exporter.inference.naming import Names
from exporter.inference.terms import load_terms, singular, words_of

_SHARED = 0.25
"""The part of their keys that two kinds of maps share where they are one."""
_OPEN_KEYS, _OPEN_SHARE = 12, 0.34
"""A map has open keys where there are that many different ones, and each stands in at most this part of the maps."""


@dataclass(slots=True)
class MapClass:
    """A class of maps in records: what it is called, its standard class, and what was seen of the maps."""

    key: str
    name: str = ""
    standard: str | None = None
    facts: KeyFacts = field(default_factory=KeyFacts)
    below: list[str] = field(default_factory=list)

    def fits(self, facts: KeyFacts) -> bool:
        """Say whether maps with these keys are of the class."""
        mine, others = set(self.facts.children), set(facts.children)
        return not mine or not others or len(mine & others) >= _SHARED * min(len(mine), len(others))


class MapClasses:
    """The classes of the maps that stand in the records of some classes."""

    def __init__(self, drafts: Sequence[ClassDraft], names: Names) -> None:
        self._by_key: dict[str, list[MapClass]] = {}
        for draft in drafts:
            for above, key, facts in _maps(draft.facts, draft.name):
                words = singular(words_of(key))
                known = self._by_key.setdefault(words, [])
                fitting = next((each for each in known if each.fits(facts)), None)
                if fitting is None:
                    fitting = MapClass(key)
                    known.append(fitting)
                fitting.facts.merge(facts)
                fitting.below.append(above)
        for known in self._by_key.values():
            for each in known:
                self._name(each, names)

    def _name(self, found: MapClass, names: Names) -> None:
        found.name = names.new_class(found.key, f"{found.below[0]} {found.key}")
        term = load_terms().find(found.key)
        found.standard = (term.map_class if term else None) or _standard(found)

    def find(self, key: str, facts: KeyFacts) -> MapClass | None:
        """Give the class of the maps under a key."""
        return next((each for each in self._by_key.get(singular(words_of(key)), []) if each.fits(facts)), None)

    def __iter__(self) -> Iterator[MapClass]:
        """Yield the classes in the order in which they were met."""
        for known in self._by_key.values():
            yield from known


def _standard(found: MapClass) -> str | None:
    kind = load_terms().standard_class(found.key)
    return kind if kind in {"schema:Person", "schema:Place", "schema:Organization", "schema:ImageObject"} else None


def _maps(facts: KeyFacts, above: str) -> Iterator[tuple[str, str, KeyFacts]]:
    """Yield each key that holds maps with what is above it; what holds lists in lists is data and kept whole."""
    for key, child in facts.children.items():
        if child.maps and not child.inner_lists and not has_open_keys(child):
            yield above, key, child
            yield from _maps(child, key)


def has_open_keys(facts: KeyFacts) -> bool:
    """Say whether the keys of maps are names that authors choose, and not a schema."""
    children = facts.children
    most = max((child.held + child.empty for child in children.values()), default=0)
    return facts.maps > 2 and len(children) >= _OPEN_KEYS and most <= max(1, _OPEN_SHARE * facts.maps)
