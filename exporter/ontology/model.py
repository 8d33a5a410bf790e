"""What an ontology says, as values: classes, properties, and how the `map:` annotations tie them to keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias, TypeVar

from exporter.language.filters import Pairs
from exporter.problems import Problem
from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import Statement

T = TypeVar("T")


class RowPlace(NamedTuple):
    """A row without a name: the `number`-th (from 0) that `owner` reads, about `property` if it says one."""

    owner: str
    number: int
    property: str | None = None


About: TypeAlias = str | RowPlace
"""What a finding is about: a term, or a row of a class."""


@dataclass(frozen=True, slots=True)
class KeyMapping:
    """Where a property's values come from on one class: the `map:` annotations, as written.

    Either `keys`, `each`, `entries` or `value` says the source. `conversions` are IRIs in the order they are applied, `languages`
    templates of tags, of which the first that is complete is taken, `date_forms` forms of dates in the order they are tried.
    """

    keys: tuple[str, ...] = ()
    value: str | None = None
    each: tuple[str, ...] = ()
    entries: str | None = None
    default: str | None = None
    conversions: tuple[str, ...] = ()
    separator: str | None = None
    base: str | None = None
    ordered: bool = False
    languages: tuple[str, ...] = ()
    date_forms: tuple[str, ...] = ()
    replace: Pairs = ()

    @property
    def source_keys(self) -> tuple[str, ...]:
        """The key paths that are read."""
        return self.each or self.keys or ((self.entries,) if self.entries is not None else ())

    @property
    def has_source(self) -> bool:
        """Whether records feed the property at all."""
        return bool(self.keys or self.value is not None or self.each or self.entries is not None)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """What a class reads: a property, where its values come from, and what they become.

    It is written as `map:reads`, or as a property with a domain (`short`). `ranges` are empty where a row says none, because the property
    does; `listed` says that their order counts. `label` and `comment` speak of the key to people, before those of the property.
    `about` is where it stands; rows that say the same are equal.
    """

    property: str
    mapping: KeyMapping
    ranges: tuple[str, ...] = ()
    listed: bool = False
    label: str | None = field(default=None, compare=False)
    comment: str | None = field(default=None, compare=False)
    about: About = field(default="", compare=False)
    order: int = field(default=0, compare=False)
    short: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class OntologyProperty:
    """A property: its domains and ranges, and the mapping that each domain has (the same one unless an axiom is annotated)."""

    iri: str
    label: str | None
    comment: str | None
    domains: tuple[str, ...]
    ranges: tuple[str, ...]
    mapping: KeyMapping
    by_domain: Mapping[str, KeyMapping] = field(default_factory=dict)
    functional: bool = False
    order: int = 0

    def mapping_on(self, domain: str) -> KeyMapping:
        """The mapping that holds on a domain."""
        return self.by_domain.get(domain, self.mapping)


@dataclass(frozen=True, slots=True)
class Restriction:
    """An `owl:Restriction` in a class's `rdfs:subClassOf`: a range or a cardinality for this class alone."""

    property: str
    all_values_from: str | None = None
    min_count: int | None = None
    max_count: int | None = None


@dataclass(frozen=True, slots=True)
class OntologyClass:
    """A class as it is written: which records it answers to, how its resources get their IRI, what it reads, what is dropped on purpose.

    `templates`, `pattern`, `file_pattern`, `languages`, `replace`, `new_file` and `match`, the keys by which values find its records, hold
    for subclasses that say none. `records` is the key path at which its data files hold their records, empty for the top. `rows` are the
    class's own, `types` further classes that are written (`map:type`), `concepts` its individuals by case-folded label, `labels` what each
    is called, as it is written.
    """

    iri: str
    label: str | None
    comment: str | None
    superclasses: tuple[str, ...]
    owl_types: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    pattern: str | None = None
    file_pattern: str | None = None
    records: str | None = None
    match: tuple[str, ...] = ()
    new_file: str | None = None
    languages: tuple[str, ...] = ()
    replace: Pairs = ()
    ignored: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    rows: tuple[ClassRow, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    concepts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def makes_records(self) -> bool:
        """Whether records are of this class, so that it is referred to where it is a range."""
        return bool(self.owl_types or self.files)


@dataclass(frozen=True, slots=True)
class OntologySource:
    """A file that an ontology was loaded from."""

    path: str
    text: str
    syntax: Syntax


def find_superclasses(classes: Mapping[str, OntologyClass]) -> dict[str, tuple[str, ...]]:
    """Give each class with its superclasses, nearest first, each once; those that are equally near by their IRIs."""
    found: dict[str, tuple[str, ...]] = {}
    for iri in classes:
        seen: dict[str, None] = {iri: None}
        queue = [iri]
        for each in queue:
            known = classes.get(each)
            for parent in sorted(known.superclasses) if known else ():
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        found[iri] = tuple(seen)
    return found


@dataclass(frozen=True, slots=True)
class Ontology:
    """Everything that the loaded files say, in the order in which they say it.

    `above` are each class and its superclasses, nearest first. `rows` are what each class reads after inheritance, in the order of a
    written block, each with its ranges in the order in which they are tried. `problems` are findings that do not stop a run, such as a
    prefix that is bound twice; `individuals` are IRIs that the ontology describes besides classes, properties and rows.
    """

    sources: tuple[OntologySource, ...]
    statements: tuple[Statement, ...]
    prefixes: Mapping[str, str]
    classes: Mapping[str, OntologyClass]
    properties: Mapping[str, OntologyProperty]
    datatypes: Mapping[str, str]
    individuals: frozenset[str]
    constants: Mapping[str, str]
    type_key: str
    above: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rows: Mapping[str, tuple[ClassRow, ...]] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def ranges(self, property_iri: str, class_iri: str) -> tuple[str, ...]:
        """The ranges of a property on a class: what a restriction of the class or of a superclass says, else its `rdfs:range`."""
        for iri in self.ancestors(class_iri):
            known = self.classes.get(iri)
            restricted = [r.all_values_from for r in known.restrictions if r.property == property_iri] if known else []
            for range_ in sorted(filter(None, restricted)):
                return (range_,)
        known_property = self.properties.get(property_iri)
        return known_property.ranges if known_property else ()

    def ancestors(self, class_iri: str) -> tuple[str, ...]:
        """The class and its superclasses, nearest first, each once."""
        return self.above.get(class_iri, (class_iri,))

    def heirs(self, class_iri: str) -> list[str]:
        """The class and those below it."""
        return [iri for iri in self.classes if class_iri in self.above[iri]]

    def lineage(self, class_iri: str) -> tuple[str, ...]:
        """The class and its superclasses, each superclass before its subclasses, otherwise as the class names them."""
        seen: dict[str, None] = {}
        path: list[tuple[str, Iterator[str]]] = [(class_iri, self._parents(class_iri))]
        begun = {class_iri}
        while path:
            iri, parents = path[-1]
            parent = next((parent for parent in parents if parent not in begun), None)
            if parent is None:
                seen[iri] = None
                path.pop()
            else:
                begun.add(parent)
                path.append((parent, self._parents(parent)))
        return tuple(seen)

    def _parents(self, class_iri: str) -> Iterator[str]:
        known = self.classes.get(class_iri)
        return iter(known.superclasses if known else ())

    def nearest(self, class_iri: str, says: Callable[[str], T | None]) -> dict[str, T]:
        """What a class says, or else its nearest superclasses, by the class that says it: one that overrides another stands for it."""
        return self.nearest_of(class_iri, {iri: value for iri in self.ancestors(class_iri) if (value := says(iri)) is not None})

    def nearest_of(self, class_iri: str, said: dict[str, T]) -> dict[str, T]:
        """Of what a class and its superclasses say, nearest first, give what holds for the class."""
        if class_iri in said:
            return {class_iri: said[class_iri]}
        if len(said) < 2:
            return said
        above = {iri: frozenset(self.ancestors(iri)) for iri in said}
        hidden = {iri for iri in said for other in said if iri in above[other] and other not in above[iri]}
        return {iri: value for iri, value in said.items() if iri not in hidden}

    def templates(self, class_iri: str) -> tuple[str, ...]:
        """The templates of a class's IRIs: its own, or those of the nearest superclass that has some."""
        return self._inherited(class_iri, lambda known: known.templates or None) or ()

    def pattern(self, class_iri: str) -> str | None:
        """The pattern of a class: its own, or that of the nearest superclass that has one."""
        return self._inherited(class_iri, lambda known: known.pattern)

    def file_pattern(self, class_iri: str) -> str | None:
        """The pattern over the paths of a class's files: its own, or that of the nearest superclass that has one."""
        return self._inherited(class_iri, lambda known: known.file_pattern)

    def match(self, class_iri: str) -> tuple[str, ...]:
        """The keys by which values find the records of a class: its own, or those of the nearest superclass that has some."""
        return self._inherited(class_iri, lambda known: known.match or None) or ()

    def languages(self, class_iri: str) -> tuple[str, ...]:
        """The language tags of a class's texts: its own, or those of the nearest superclass that has some."""
        return self._inherited(class_iri, lambda known: known.languages or None) or ()

    def replace(self, class_iri: str) -> Pairs:
        """What is replaced before a class's slugs: by its own pairs, or by those of the nearest superclass that has some."""
        return self._inherited(class_iri, lambda known: known.replace or None) or ()

    def new_file(self, class_iri: str) -> str | None:
        """The template of the path of a class's new files: its own, or that of the nearest superclass that has one."""
        return self._inherited(class_iri, lambda known: known.new_file)

    def _inherited(self, class_iri: str, says: Callable[[OntologyClass], T | None]) -> T | None:
        """Give what a class says, or else the nearest superclass: what a class of records says of these holds for records alone."""
        return next(iter(self.heard(class_iri, says).values()), None)

    def heard(self, class_iri: str, says: Callable[[OntologyClass], T | None]) -> dict[str, T]:
        """Give what holds for a class by the class that says it; several where its superclasses may not agree."""
        return self.nearest(class_iri, self._says(class_iri, says))

    def _says(self, class_iri: str, says: Callable[[OntologyClass], T | None]) -> Callable[[str], T | None]:
        heir = self.classes.get(class_iri)

        def said_by(iri: str) -> T | None:
            known = self.classes.get(iri)
            if known is None or (known.makes_records and heir is not None and not heir.makes_records):
                return None
            return says(known)

        return said_by
