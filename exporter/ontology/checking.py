"""What can't work in an ontology, found before any record is read, each with its file, line and term."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property, partial

from pyoxigraph import Literal, NamedNode

from exporter.errors import OntologyError
from exporter.globs import glob_pattern
from exporter.keypaths import parse_key_path, write_key_path
from exporter.language.conversions import find_conversion
from exporter.language.datatypes import is_datatype, known_datatype_names
from exporter.language.file_names import FILE_NAMES
from exporter.language.keypaths import FILE_KEY, parse_mapped_key, parse_records_path
from exporter.language.patterns import PatternError, file_groups, parse_pattern
from exporter.language.templates import Template, is_template, parse_template, parse_templates
from exporter.ontology.annotations import VOCABULARY, disagreements, misused
from exporter.ontology.contradictions import contradictions
from exporter.ontology.effects import WithoutEffect, misplaced, without_effect
from exporter.ontology.graph import CLASS_TYPES, PROPERTY_TYPES, OntologyGraph
from exporter.ontology.model import About, ClassRow, KeyMapping, Ontology, OntologyClass, OntologyProperty
from exporter.ontology.places import Places
from exporter.ontology.rows import ANYTHING
from exporter.ontology.value_terms import ValueFault, class_faults, default_faults, mapping_faults
from exporter.problems import Problem, Severity
from exporter.rdf.prefixes import Prefixes, prefixes_for_people
from exporter.rdf.terms import FILE, MAP, OWL, RDFS, Subject
from exporter.text import enumerate_names, nearest, quote

_ANY_RESOURCE = (FILE, RDFS + "Resource", OWL + "Thing", RDFS + "Class", OWL + "Class", RDFS + "Literal")


def check(ontology: Ontology, graph: OntologyGraph) -> None:
    """Raise OntologyError naming everything that can't work."""
    checker = _Checker(ontology, graph)
    problems = sorted((*checker.run(), *checker.warnings(misplaced(graph))), key=lambda p: p.sort_key)
    errors = [p for p in problems if p.severity is Severity.ERROR]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise OntologyError(f"{errors[0].location}: {errors[0].message}{more}", problems)


def find_idle(ontology: Ontology, graph: OntologyGraph) -> list[Problem]:
    """Warn of annotations that have no effect where they stand."""
    return list(_Checker(ontology, graph).warnings(without_effect(ontology, graph)))


class _Checker:
    def __init__(self, ontology: Ontology, graph: OntologyGraph) -> None:
        self.ontology = ontology
        self.graph = graph
        self.places = Places(ontology.sources)
        self._checked_rows: set[About] = set()
        self._misread: set[About] = set()

    def run(self) -> Iterator[Problem]:
        """Yield every finding, in no particular order."""
        yield from self._vocabulary()
        for found in (*misused(self.graph), *disagreements(self.graph)):
            help_ = self._names.show_all(found.help)
            yield self._problem("ONT-VALUE", found.message, found.about, found.predicate, found.value, help_)
        yield from self._contradictions()
        yield from self._type_key()
        for known in self.ontology.classes.values():
            yield from self._class(known)
        for prop in self.ontology.properties.values():
            mappings = [prop.mapping, *prop.by_domain.values()]
            if any(mapping.has_source for mapping in mappings):
                yield from self._property(prop)
                for mapping in mappings:
                    yield from self._mapping(prop.iri, mapping)
        for known in self.ontology.classes.values():
            yield from self._rows(known)

    def warnings(self, idle: Iterable[WithoutEffect]) -> Iterator[Problem]:
        """Yield a warning for every annotation without effect."""
        for found in dict.fromkeys(idle):
            yield replace(self._problem("ONT-NO-EFFECT", *found), severity=Severity.WARNING)

    def _problem(
        self, code: str, message: str, about: About, predicate: str | None = None, value: str | None = None, help_: str | None = None
    ) -> Problem:
        return Problem(code, self.places.find(about, predicate, value), f"{self._named(about)}: {message}", help=help_)

    def _named(self, about: About) -> str:
        if isinstance(about, str):
            return self._short(about)
        return (
            f"{self._short(about.owner)}, row of {self._short(about.property)}"
            if about.property
            else f"{self._short(about.owner)}, row {about.number + 1}"
        )

    @cached_property
    def _names(self) -> Prefixes:
        return prefixes_for_people(self.ontology.prefixes)

    def _short(self, iri: str) -> str:
        return self._names.show(iri)

    def _vocabulary(self) -> Iterator[Problem]:
        used = {p.value: self.graph.about(s) for s, p, _ in self.ontology.statements if p.value.startswith(MAP)}
        for iri, subject in used.items():
            name = iri.removeprefix(MAP)
            if name not in VOCABULARY:
                near = nearest(name, VOCABULARY)
                help_ = f"did you mean map:{near}?" if near else "see docs/mapping.md for the terms that there are"
                yield self._problem("ONT-TERM", f"map:{name} is not a term of the mapping vocabulary", subject, iri, help_=help_)

    def _contradictions(self) -> Iterator[Problem]:
        for found in contradictions(self.ontology, self._short):
            problem = self._problem(found.code, found.message, *found.at, found.help)
            yield replace(problem, related=tuple(self.places.find(*said) for said in found.beside))

    def _type_key(self) -> Iterator[Problem]:
        for subject in self.graph.by_subject:
            for text in self.graph.texts(subject, MAP + "typeKey"):
                yield from self._attempt(partial(parse_key_path, text), "ONT-KEY", self.graph.about(subject), MAP + "typeKey", text)

    def _class(self, known: OntologyClass) -> Iterator[Problem]:
        for template in known.templates:
            yield from self._template(known, template)
        if known.makes_records and not self.ontology.templates(known.iri):
            message = "answers to records but has no map:iri, so its records have no IRI"
            yield self._problem("ONT-TEMPLATE", message, known.iri, help_='add map:iri "https://…/{id}"')
        if known.pattern is not None:
            yield from self._pattern(known.iri, "pattern", known.pattern)
        if known.file_pattern is not None:
            yield from self._file_pattern(known, known.file_pattern)
        if known.records is not None:
            yield from self._attempt(partial(parse_records_path, known.records), "ONT-KEY", known.iri, MAP + "records", known.records)
        for text in known.match:
            read = partial(self._read_template, in_turn=True) if is_template(text) else self._read_key
            yield from self._attempt(partial(read, text), "ONT-KEY", known.iri, MAP + "match", text)
        for text in known.ignored:
            yield from self._attempt(partial(parse_mapped_key, text), "ONT-KEY", known.iri, MAP + "ignore", text)
        yield from self._faults(known.iri, class_faults(known, self.ontology.templates(known.iri), self._read_template))
        for text in known.files:
            yield from self._attempt(partial(glob_pattern, text), "ONT-VALUE", known.iri, MAP + "files", text)

    def _pattern(self, subject: str, term: str, pattern: str) -> Iterator[Problem]:
        try:
            parse_pattern(pattern)
        except PatternError as error:
            code = "ONT-PATTERN-BACKTRACKING" if error.backtracks else "ONT-PATTERN"
            yield self._problem(code, str(error), subject, MAP + term, help_=_other_pattern(error, term) if error.backtracks else None)

    def _file_pattern(self, known: OntologyClass, pattern: str) -> Iterator[Problem]:
        yield from self._pattern(known.iri, "filePattern", pattern)
        for name in file_groups(pattern):
            if name in FILE_NAMES:
                message = f"the group {name!r} of the pattern {pattern!r} has a name that every file has"
                yield self._problem("ONT-PATTERN", message, known.iri, MAP + "filePattern", help_="give the group another name")

    @cached_property
    def _file_names(self) -> tuple[str, ...]:
        """What `{file.NAME}` may name: what every file has, and the groups of the patterns over paths."""
        patterns = (known.file_pattern for known in self.ontology.classes.values() if known.file_pattern is not None)
        return tuple(dict.fromkeys((*FILE_NAMES, *(name for pattern in patterns for name in file_groups(pattern)))))

    def _unknown_file_name(self, name: object) -> str | None:
        """Word the fault of a name that no file has."""
        if name in self._file_names:
            return None
        near = nearest(str(name), self._file_names)
        return f"a file has no {name!r}" + (f"; did you mean {near!r}?" if near else f": it has {enumerate_names(self._file_names, 'and')}")

    def _read_template(self, text: str, *, in_turn: bool = False) -> Template:
        """Read a template, of which several may stand `in_turn`; raises ValueError for one that names what no file has, too."""
        constants = self.ontology.constants
        template = (parse_templates([text], constants) if in_turn else None) or parse_template(text, constants)
        for variable in template.variables:
            if variable.scope == "file" and (wrong := self._unknown_file_name(variable.path[0])):
                raise ValueError(f"the template {text!r} has {{{variable.name}}}: {wrong}")
        return template

    def _read_key(self, text: str) -> None:
        """Read a key path; raises ValueError for one that names what no file has, too."""
        path = parse_mapped_key(text)
        if "*" in path:
            before = write_key_path(path[: path.index("*")])
            hint = f"; a map with open keys is read by map:entries {quote(before)}" if before else ""
            raise ValueError(f"the key {text!r} has a *, and a key path names its keys{hint}")
        if path[0] == FILE_KEY and (wrong := self._unknown_file_name(path[1])):
            raise ValueError(f"the key {text!r}: {wrong}")

    def _template(self, known: OntologyClass, text: str) -> Iterator[Problem]:
        try:
            template = self._read_template(text, in_turn=True)
        except ValueError as error:
            yield self._problem("ONT-TEMPLATE", str(error), known.iri, MAP + "iri", text)
            return
        if "://" not in text and not text.startswith(("urn:", "{+")):
            message = f"the template {text!r} makes no absolute IRI"
            yield self._problem("ONT-TEMPLATE", message, known.iri, MAP + "iri", text, "start it with https://")
            return
        start = "" if isinstance(template.parts[0], str) else "https:"
        try:
            NamedNode(start + "".join(part if isinstance(part, str) else "1" for part in template.parts))
        except ValueError as error:
            message = f"the template {text!r} makes no IRI: {str(error)[:1].lower()}{str(error)[1:]}"
            yield self._problem("ONT-TEMPLATE", message, known.iri, MAP + "iri", text, "percent-encode what no IRI can hold")

    def _property(self, prop: OntologyProperty) -> Iterator[Problem]:
        if not prop.domains:
            yield self._problem("ONT-DOMAIN", "has a key but no rdfs:domain, so it is not said which map the key is in", prop.iri)
        yield from self._domains(prop)
        if self._rangeless(prop):
            message = "has a key but no rdfs:range, so it is not said what its values are"
            yield self._problem("ONT-RANGE", message, prop.iri, help_="add rdfs:range xsd:string, or the class of its values")
        restricted = self._restricted_ranges(prop)
        for range_ in prop.ranges:
            yield from self._range(prop.iri, range_, RDFS + "range")
        for range_ in restricted:
            yield from self._range(prop.iri, range_, OWL + "allValuesFrom")
        for mapping in (prop.mapping, *prop.by_domain.values()):
            yield from self._each(prop.iri, mapping, (*prop.ranges, *restricted))

    def _each(self, about: About, mapping: KeyMapping, ranges: Sequence[str]) -> Iterator[Problem]:
        yield from self._faults(about, default_faults(mapping, ranges, self._read_template))
        if mapping.each and not any(range_ in self.ontology.classes for range_ in ranges):
            yield self._problem("ONT-RANGE", "walks lists with map:each, and has no class as range to make of each position", about)

    def _domains(self, prop: OntologyProperty) -> Iterator[Problem]:
        for domain in prop.domains:
            if domain not in self.ontology.classes and domain not in _ANY_RESOURCE:
                near = nearest(domain, self.ontology.classes)
                help_ = f"did you mean {self._short(near)}?" if near else "declare it: a owl:Class"
                yield self._problem(
                    "ONT-DOMAIN", f"the domain {self._short(domain)} is not a class", prop.iri, RDFS + "domain", domain, help_
                )

    def _rangeless(self, prop: OntologyProperty) -> bool:
        """Whether some class that resources are made of reads the property's keys, and nothing says what their values are."""
        if prop.ranges:
            return False
        readers = [iri for iri in self._made if not {*self.ontology.ancestors(iri), *ANYTHING}.isdisjoint(prop.domains)]
        return not readers or any(not self.ontology.ranges(prop.iri, iri) for iri in readers)

    @cached_property
    def _made(self) -> list[str]:
        """The classes that resources are made of: those of records, and those that are a range."""
        ontology = self.ontology
        ranges = {range_ for prop in ontology.properties.values() for range_ in prop.ranges}
        ranges |= {r.all_values_from for known in ontology.classes.values() for r in known.restrictions if r.all_values_from}
        ranges |= {range_ for known in ontology.classes.values() for row in known.rows for range_ in row.ranges}
        return [known.iri for known in ontology.classes.values() if known.makes_records or known.iri in ranges]

    def _restricted_ranges(self, prop: OntologyProperty) -> list[str]:
        restrictions = [r for known in self.ontology.classes.values() for r in known.restrictions if r.property == prop.iri]
        return list(dict.fromkeys(r.all_values_from for r in restrictions if r.all_values_from))

    def _range(self, about: About, range_: str, predicate: str) -> Iterator[Problem]:
        known = range_ in self.ontology.classes or range_ in self.ontology.datatypes or range_ in _ANY_RESOURCE or is_datatype(range_)
        declared = not self.graph.types(NamedNode(range_)).isdisjoint((*CLASS_TYPES, RDFS + "Datatype"))
        if not known and not declared:
            near = nearest(range_, [*self.ontology.classes, *self.ontology.datatypes, *known_datatype_names()])
            help_ = f"did you mean {self._short(near)}?" if near else "declare it: a owl:Class"
            message = f"the range {self._short(range_)} is neither a class nor a datatype"
            yield self._problem("ONT-RANGE", message, about, predicate, range_, help_)

    def _rows(self, known: OntologyClass) -> Iterator[Problem]:
        node = NamedNode(known.iri)
        for written in self.graph.objects(node, MAP + "reads"):
            if not isinstance(written, Literal) and written in self.graph.by_subject and not self.graph.is_list(written):
                yield from self._row_shape(self.graph.row_about(node, written), written)
        for row in known.rows:
            if row.about in self._checked_rows:
                continue
            self._checked_rows.add(row.about)
            yield from self._row(known, row)
            for range_ in row.ranges:
                yield from self._range(row.about, range_, MAP + "range")
            yield from self._mapping(row.about, row.mapping)

    def _row_shape(self, about: About, row: Subject) -> Iterator[Problem]:
        """Say what is missing in a row, and what is written there as it would be on a property."""
        if not self.graph.objects(row, MAP + "property") and not self.graph.types(row).isdisjoint(PROPERTY_TYPES):
            help_ = f'write map:reads [ map:property {self._named(about)} ; map:key "…" ]'
            yield self._problem("ONT-ROW", "is a property, and map:reads takes a row", about, help_=help_)
            return
        if not self.graph.objects(row, MAP + "property"):
            yield self._problem("ONT-ROW", "names no property", about, help_="add map:property, with the property that the key is about")
        if self.graph.objects(row, MAP + "range"):
            self._misread.add(about)  # what is wrong with it is told with the values that terms do not take
        for predicate, term in ((RDFS + "range", "map:range"), (RDFS + "domain", None)):
            if self.graph.objects(row, predicate):
                self._misread.add(about)
                help_ = f"write {term}" if term else "remove it: the class that reads the row is its domain"
                yield self._problem("ONT-ROW", f"{self._short(predicate)} says nothing in a row", about, predicate, help_=help_)

    def _row(self, known: OntologyClass, row: ClassRow) -> Iterator[Problem]:
        if row.property in self.ontology.classes and row.property not in self.ontology.properties:
            message = f"{self._short(row.property)} is a class, and a row is about a property"
            yield self._problem("ONT-ROW", message, row.about, MAP + "property", row.property)
        if not row.mapping.has_source:
            yield self._problem("ONT-ROW", "says no key, so it is not said where its values come from", row.about, help_='add map:key "…"')
        ranges = row.ranges or self.ontology.ranges(row.property, known.iri)
        if not ranges and row.about not in self._misread:
            message = "has a key but no map:range, so it is not said what its values are"
            yield self._problem("ONT-RANGE", message, row.about, help_="add map:range xsd:string, or the class of its values")
        yield from self._each(row.about, row.mapping, ranges or tuple(self.ontology.classes))

    def _mapping(self, about: About, mapping: KeyMapping) -> Iterator[Problem]:
        said = {"each": mapping.each, "entries": mapping.entries, "key": mapping.keys, "value": mapping.value}
        sources = [name for name, source in said.items() if source]
        if len(sources) > 1:
            message = f"has map:{sources[0]} and map:{sources[1]}, and only one can say where the values come from"
            yield self._problem("ONT-VALUE", message, about, MAP + sources[1])
        for term, texts in (("key", mapping.keys), ("each", mapping.each), ("entries", (mapping.entries,))):
            for text in (text for text in texts if text is not None):
                yield from self._attempt(partial(self._read_key, text), "ONT-KEY", about, MAP + term, text)
        for term, template in (("value", mapping.value), ("base", mapping.base)):
            if template is not None:
                read = partial(self._read_template, template)
                yield from self._attempt(read, "ONT-TEMPLATE", about, MAP + term, template)
        for iri in mapping.conversions:
            yield from self._attempt(partial(find_conversion, iri), "ONT-CONVERSION", about, MAP + "convert", iri)
        yield from self._faults(about, mapping_faults(mapping, self._read_template))

    def _faults(self, about: About, faults: Iterable[ValueFault]) -> Iterator[Problem]:
        for code, message, term, value, help_ in faults:
            yield self._problem(code, message, about, MAP + term, value, help_)

    def _attempt(
        self, compile_: Callable[[], object], code: str, subject: About, predicate: str, value: str | None = None
    ) -> Iterator[Problem]:
        try:
            compile_()
        except ValueError as error:
            yield self._problem(code, str(error), subject, predicate, value)


def _other_pattern(error: PatternError, term: str) -> str:
    """Show how to write a pattern, as it stands in Turtle."""
    if error.instead is None:
        return "let no two repetitions that stand side by side or inside each other take the same characters"
    text = error.instead.replace("\\", "\\\\").replace('"', '\\"')
    doubt = "" if error.same else ", and look whether it still reads your values: it gives nothing back that it has taken"
    return f'write map:{term} "{text}"{doubt}'
