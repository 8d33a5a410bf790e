"""What an ontology says and no record uses: classes nobody is of, properties nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.drift.survey import Survey
from exporter.ontology.model import About, ClassRow, KeyMapping, OntologyClass
from exporter.ontology.places import Places
from exporter.problems import Problem, Severity
from exporter.rdf.prefixes import prefixes_for_people
from exporter.rdf.terms import MAP
from exporter.text import enumerate_names, quote


def idle_parts(survey: Survey) -> Iterator[Problem]:
    """Yield a problem for each class and property that nothing in the records uses; of a class alone, where nobody uses it at all."""
    yield from _Idle(survey).problems()


class _Idle:
    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._ontology = survey.plan.ontology
        self._places = Places(self._ontology.sources)
        self._names = prefixes_for_people(self._ontology.prefixes)
        self._used = {above for type_ in survey.types for above in self._ontology.ancestors(type_)}
        self._awaited = {
            range_
            for of in self._ontology.classes.values()
            if of.iri in self._used
            for row in of.rows
            if self._is_idle_row(of, row)
            for range_ in row.ranges
        }
        """The classes of values that no record has: the property is told."""
        self._predicates = {predicate for _, predicate in survey.made}

    def problems(self) -> Iterator[Problem]:
        for known in self._ontology.classes.values():
            if self._is_idle(known):
                yield self._class(known)
            elif known.iri in self._used:
                yield from (self._row(known, row) for row in known.rows if self._is_idle_row(known, row))
        for prop in self._ontology.properties.values():
            mappings = [prop.mapping_on(domain) for domain in prop.domains if domain in self._used]
            mapping = next((mapping for mapping in mappings if mapping.has_source), None)
            if mapping is not None and prop.iri not in self._predicates:
                yield self._property(prop.iri, self._short(prop.iri), prop.iri, mapping)

    def _is_idle(self, known: OntologyClass) -> bool:
        """Say whether nobody uses a class that is there for records; one with concepts of its own may be used by naming them."""
        made = known.makes_records or known.templates or known.rows
        if not made or known.iri in self._used or not self._survey.referred.isdisjoint(known.concepts.values()):
            return False
        return known.makes_records or known.iri not in self._awaited

    def _is_idle_row(self, known: OntologyClass, row: ClassRow) -> bool:
        return row.mapping.has_source and not self._survey.is_used(known.iri, row.property)

    def _class(self, known: OntologyClass) -> Problem:
        what = "no record is of this class" if known.makes_records else "no record makes a resource of this class"
        labels = enumerate_names([quote(label) for label in known.owl_types], "or")
        says = f"{quote(self._ontology.type_key)} says {labels}" if labels else f"its files are {enumerate_names(map(quote, known.files))}"
        help_ = f"remove it, or check the records: {says}" if known.makes_records else "remove it, or read a key whose values are of it"
        return Problem("CHECK-CLASS", self._places.find(known.iri), f"{self._short(known.iri)}: {what}", Severity.WARNING, help_)

    def _row(self, known: OntologyClass, row: ClassRow) -> Problem:
        return self._property(row.about, f"{self._short(row.property)} of {self._short(known.iri)}", row.property, row.mapping)

    def _property(self, about: About, shown: str, property_: str, mapping: KeyMapping) -> Problem:
        keys = mapping.keys or mapping.each
        said = f"{'key' if len(keys) == 1 else 'keys'} {enumerate_names(map(quote, keys))}" if keys else f"map:value {quote(mapping.value)}"
        place = self._places.find(about, MAP + "property" if not isinstance(about, str) else None, property_)
        help_ = "remove it, or check how the key is spelt, in the ontology and in the records"
        return Problem("CHECK-PROPERTY", place, f"no record has a value for {shown} ({said})", Severity.WARNING, help_)

    def _short(self, iri: str) -> str:
        return self._names.show(iri)
