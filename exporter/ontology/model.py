"""What an ontology says, as values: classes, properties, and how the `map:` annotations tie them to keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from exporter.problems import Problem
from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import Statement


@dataclass(frozen=True, slots=True)
class KeyMapping:
    """Where a property's values come from on one domain: the `map:` annotations, as written.

    Either `keys`, `each` or `value` says the source. `conversions` are IRIs in the order they are applied.
    """

    keys: tuple[str, ...] = ()
    value: str | None = None
    each: tuple[str, ...] = ()
    conversions: tuple[str, ...] = ()
    separator: str | None = None
    base: str | None = None
    ordered: bool = False
    language: str | None = None

    @property
    def has_source(self) -> bool:
        """Whether records feed the property at all."""
        return bool(self.keys or self.value is not None or self.each)


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
    """A class: which records it answers to, how its resources get their IRI, and what is dropped on purpose.

    `records` is the key path at which its data files hold their records, empty for the top. `types` are further classes that are written
    (`map:type`), `concepts` its individuals by case-folded label.
    """

    iri: str
    label: str | None
    comment: str | None
    superclasses: tuple[str, ...]
    owl_types: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    template: str | None = None
    pattern: str | None = None
    file_pattern: str | None = None
    records: str | None = None
    ignored: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    concepts: Mapping[str, str] = field(default_factory=dict)

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


@dataclass(frozen=True, slots=True)
class Ontology:
    """Everything that the loaded files say, in the order in which they say it.

    `problems` are findings that do not stop a run, such as a prefix that is bound twice; `individuals` are IRIs
    that the ontology describes besides classes and properties.
    """

    sources: tuple[OntologySource, ...]
    statements: tuple[Statement, ...]
    prefixes: Mapping[str, str]
    classes: Mapping[str, OntologyClass]
    properties: tuple[OntologyProperty, ...]
    datatypes: Mapping[str, str]
    individuals: frozenset[str]
    constants: Mapping[str, str]
    type_key: str
    problems: tuple[Problem, ...] = ()

    def ranges(self, prop: OntologyProperty, class_iri: str) -> tuple[str, ...]:
        """The ranges of a property on a class: what a restriction of the class or of a superclass says, else its `rdfs:range`."""
        for iri in self.ancestors(class_iri):
            known = self.classes.get(iri)
            for restriction in known.restrictions if known else ():
                if restriction.property == prop.iri and restriction.all_values_from:
                    return (restriction.all_values_from,)
        return prop.ranges

    def ancestors(self, class_iri: str) -> tuple[str, ...]:
        """The class and its superclasses, nearest first, each once."""
        seen: dict[str, None] = {class_iri: None}
        queue = [class_iri]
        for iri in queue:
            known = self.classes.get(iri)
            for parent in known.superclasses if known else ():
                if parent not in seen:
                    seen[parent] = None
                    queue.append(parent)
        return tuple(seen)
