"""Values that are things: concepts such as tags, and the people and organisations that keys name without a record of theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from exporter.inference.facts import KeyFacts
from exporter.inference.naming import Names
from exporter.inference.terms import StandardTerm, singular, words_of
from exporter.language.slugs import slug

_TEXTS = frozenset({"text", "digits", "integer", "boolean", "decimal", "file"})
_CONCEPT_AT_MOST = 100  # characters: what is longer is a sentence
_GUESSED, _HINTED = 0.95, 0.5
_SPELLED = (("+", " plus "), ("#", " sharp "), ("&", " and "), (".", " dot "), ("@", " at "), ("*", " star "))
"""Signs that tell names apart, and that a slug drops."""


@dataclass(slots=True)
class ValueClass:
    """A class of what values name: its name, standard class, and the path in its IRIs; `texts` are all the values."""

    name: str
    key: str
    standard: str
    path: str
    texts: set[str] = field(default_factory=set)

    @property
    def label_property(self) -> str:
        """The property that holds the value itself."""
        return "skos:prefLabel" if self.standard == "skos:Concept" else "schema:name"

    @property
    def filter(self) -> str:
        """What makes a part of an IRI of a value: a slug, or nothing where different values would have one slug, or one has none."""
        spelled = dict(self.replaced)
        made = {spelled.get(text, text) for text in self.texts}
        return "" if any(not slug(text) for text in made) or self._merged(made) else "|slug"

    @property
    def replaced(self) -> tuple[tuple[str, str], ...]:
        """Values that would have the slug of another, with words for the signs that tell them apart."""
        merged = self._merged(self.texts)
        spelled = {text: _spell(text) for group in merged for text in group}
        return tuple(sorted((text, new) for text, new in spelled.items() if slug(new) != slug(text)))

    @staticmethod
    def _merged(texts: set[str]) -> list[list[str]]:
        groups: dict[str, list[str]] = {}
        for text in sorted(texts):
            groups.setdefault(slug(text), []).append(text)
        return [group for group in groups.values() if len({slug(_spell(text)) for text in group}) > 1 or not slug(group[0])]


def _spell(text: str) -> str:
    for sign, word in _SPELLED:
        text = text.replace(sign, word)
    return " ".join(text.split())


class ValueClasses:
    """The classes that values are of, by the key that names them; keys that differ in number alone share one."""

    def __init__(self, names: Names, paths: Mapping[str, str]) -> None:
        self._names = names
        self._paths = paths
        self._made: dict[str, ValueClass] = {}

    def find(self, key: str, facts: KeyFacts, term: StandardTerm | None) -> str | None:
        """Give the name of the class that a key's values are of, None where they are just values."""
        holds = term.holds if term else ""
        if not _can_be_named(facts, _HINTED if holds in {"concept", "person"} else _GUESSED):
            return None
        if holds == "concept" or (not holds and _repeats(facts)):
            standard = "skos:Concept"
        elif holds == "person":
            standard = (term.map_class if term else None) or "schema:Organization"
        else:
            return None
        return self._class(key, facts, standard).name

    def _class(self, key: str, facts: KeyFacts, standard: str) -> ValueClass:
        words = singular(words_of(key))
        made = self._made.get(words)
        if made is None:
            path = self._paths.get(words_of(key)) or slug(key) or "values"
            made = self._made[words] = ValueClass(self._names.new_class(key, f"{key} concept"), key, standard, path)
        made.texts |= facts.values.keys()
        return made

    def __iter__(self) -> Iterator[ValueClass]:
        """Yield the classes in the order in which they were met."""
        yield from self._made.values()


def _can_be_named(facts: KeyFacts, share: float) -> bool:
    kinds = [kind for kind in facts.kinds if kind in _TEXTS]
    return bool(kinds) and facts.share(*kinds) >= share and all(len(text) <= _CONCEPT_AT_MOST and "\n" not in text for text in facts.values)


def _repeats(facts: KeyFacts) -> bool:
    """Say whether a list's values come again and again, so that they are names of something."""
    return (
        bool(facts.many)
        and facts.lists * 2 > facts.held
        and facts.kinds["text"] * 2 > facts.scalars
        and len(facts.values) <= 0.7 * facts.scalars
    )
