"""Maps in records: those under one key with much the same keys in them are one class, wherever they stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

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
    """A class of maps in records: what it is called, its standard class, and what was seen of the maps.

    With `is_open` the keys of the maps are names, and the class is of what stands under each. `named` counts the scalars beside the
    maps that name records.
    """

    key: str
    name: str = ""
    standard: str | None = None
    facts: KeyFacts = field(default_factory=KeyFacts)
    below: list[str] = field(default_factory=list)
    is_open: bool = False
    named: int = 0

    @property
    def own_facts(self) -> KeyFacts:
        """What was seen, without the scalars beside the maps where all of them name records of another class."""
        return self.facts if self.named < self.facts.scalars else replace(self.facts, scalars=0)

    def fits(self, facts: KeyFacts) -> bool:
        """Say whether maps with these keys are of the class."""
        mine, others = set(self.facts.children), set(facts.children)
        if self.is_open or has_open_keys(facts):
            return self.is_open and has_open_keys(facts)
        return not mine or not others or len(mine & others) >= _SHARED * min(len(mine), len(others))


class MapClasses:
    """The classes of the maps that stand in the records of some classes, but for those under keys that are `ignored`."""

    def __init__(self, drafts: Sequence[ClassDraft], names: Names, ignored: frozenset[str] = frozenset()) -> None:
        self._by_key: dict[str, list[MapClass]] = {}
        for draft in drafts:
            read = {key: facts for key, facts in draft.facts.children.items() if words_of(key) not in ignored}
            for above, key, facts in _maps(replace(draft.facts, children=read), draft.name):
                words = singular(words_of(key))
                known = self._by_key.setdefault(words, [])
                fitting = next((each for each in known if each.fits(facts)), None)
                if fitting is None:
                    fitting = MapClass(key, is_open=has_open_keys(facts))
                    known.append(fitting)
                for inner in facts.children.values() if fitting.is_open else [facts]:
                    fitting.facts.merge(inner)
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


_TOGETHER_AT_LEAST = 3  # maps in which two lists are equally long, and longer than one


def parallel_lists(facts: KeyFacts) -> list[tuple[str, ...]]:
    """Group keys whose lists run in parallel: always equally long where both are there, and with a word in common.

    >>> facts = KeyFacts(children={"image_urls": KeyFacts(), "image_alts": KeyFacts(), "tags": KeyFacts()})
    >>> facts.together = {("image_alts", "image_urls"): [4, 0], ("image_urls", "tags"): [4, 1]}
    >>> parallel_lists(facts)
    [('image_urls', 'image_alts')]
    """
    groups: list[list[str]] = []
    for (one, other), (equal, unequal) in sorted(facts.together.items()):
        if equal < _TOGETHER_AT_LEAST or unequal or not _words(one) & _words(other):
            continue
        known = next((group for group in groups if one in group or other in group), None)
        if known is None:
            groups.append([one, other])
        else:
            known += [key for key in (one, other) if key not in known]
    order = list(facts.children)
    return [tuple(sorted(group, key=order.index)) for group in groups]


def _words(key: str) -> set[str]:
    return {singular(word) for word in words_of(key).split()}


def _standard(found: MapClass) -> str | None:
    kind = load_terms().standard_class(found.key)
    return kind if kind in {"schema:Person", "schema:Place", "schema:Organization", "schema:ImageObject"} else None


def _maps(facts: KeyFacts, above: str) -> Iterator[tuple[str, str, KeyFacts]]:
    """Yield each key that holds maps with what is above it; what holds lists in lists is data and kept whole."""
    for key, child in facts.children.items():
        if child.maps and not child.inner_lists:
            yield above, key, child
            for inner in child.children.values() if has_open_keys(child) else [child]:
                yield from _maps(inner, key)


def has_open_keys(facts: KeyFacts) -> bool:
    """Say whether the keys of maps are names that authors choose, and not a schema."""
    children = facts.children
    most = max((child.held + child.empty for child in children.values()), default=0)
    return facts.maps > 2 and len(children) >= _OPEN_KEYS and most <= max(1, _OPEN_SHARE * facts.maps)
