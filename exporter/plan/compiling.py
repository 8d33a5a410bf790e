"""From the ontology to the plan: which keys each class reads, and what their values become."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from pyoxigraph import NamedNode

from exporter.errors import UsageError
from exporter.globs import glob_pattern
from exporter.keypaths import parse_key_path
from exporter.language.conversions import KEEPING, ConversionOptions, concept, find_conversion, relative_iri
from exporter.language.datatypes import LANG_STRING, TAKE_A_DATE, TAKE_A_LANGUAGE, Datatype, datatype, is_datatype
from exporter.language.filters import NO_OPTIONS, FilterOptions
from exporter.language.keypaths import parse_mapped_key, parse_records_path
from exporter.language.patterns import parse_pattern
from exporter.language.templates import Template, Variable, is_template, parse_template, parse_templates
from exporter.ontology.building import load_ontology, no_ontology
from exporter.ontology.model import ClassRow, KeyMapping, Ontology, OntologyClass
from exporter.paths import Paths
from exporter.plan.keytree import cover_answers, cover_from_below, cover_positions, cover_type, grow, note_covered
from exporter.plan.model import ClassPlan, MatchKey, Plan, PlanProperty, Policies, Step, ValuePlan, sought_classes
from exporter.plan.ranking import one_order
from exporter.problems import KeyPath
from exporter.rdf.terms import FILE, XSD
from exporter.records.nodes import MAX_DEPTH
from exporter.resources import own_folder, require_ontology, resolve_names
from exporter.text import nearest
from exporter.tree import open_tree


def load_plan(
    paths: Paths = (), constants: Mapping[str, str] | None = None, *, default_class: str | None = None, policies: Policies | None = None
) -> Plan:
    """Load ontology files or folders, by default the project's `ontology/`, and compile them to the plan that `map_record` runs.

    `constants` override the ontology's own; `default_class` (a label or an IRI) is taken for records that say nothing of their class;
    `policies` are what else decides what becomes of a file. Raises OntologyError, with a located problem for everything that can't work,
    and UsageError where there is no ontology.

    >>> from exporter import load_plan
    >>> sorted(load_plan("medigy").labels)  # the name of the one that comes with owltype
    ['Medigy Communities']
    """
    tree = open_tree()
    named = resolve_names(paths, "ontology") or own_folder(tree, "ontology")
    needs_none = policies is not None and policies.reading.json_ld  # records with a context say themselves what they mean
    files = named if needs_none else require_ontology(named, tree)
    ontology = load_ontology(files, constants) if files else no_ontology(constants)
    return compile_plan(ontology, default_class=default_class, policies=policies)


def compile_plan(ontology: Ontology, *, default_class: str | None = None, policies: Policies | None = None) -> Plan:
    """Compile a loaded ontology; it has passed its checks, so nothing here can fail but an unknown default class."""
    return _Compiler(ontology).plan(default_class, policies or Policies())


class _Compiler:
    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        self.classes: dict[str, ClassPlan] = {}
        self.made: dict[str, PlanProperty] = {}
        self._depth = 0
        self._late: deque[tuple[ClassPlan, OntologyClass]] = deque()

    def plan(self, default_class: str | None, policies: Policies) -> Plan:
        declared = self.ontology.classes.values()
        type_path = parse_key_path(self.ontology.type_key)
        for known in declared:
            if known.makes_records:
                self.class_plan(known.iri)
        while self._late:
            self._add_steps(*self._late.popleft())
        labels = {label: self.classes[known.iri] for known in declared for label in known.owl_types}
        converted = set(_converted(self.classes.values()))
        for plan in self.classes.values():
            plan.borrows = _borrowed(plan)
            plan.spells = _spells(plan) and plan.iri.value not in converted
            grow(plan)
        positions: set[str] = set()
        for plan in self.classes.values():
            cover_positions(plan, positions)
        sought = {range_ for plan in self.classes.values() for range_ in sought_classes(plan)}
        for plan in self.classes.values():
            if plan.makes_records:
                cover_from_below(plan)
                plan.reads_type = bool(labels) and cover_type(plan, type_path)
                plan.answers = self._answers(plan, sought)
                cover_answers(plan)
        noted: set[int] = set()
        for plan in self.classes.values():
            note_covered(plan.keys, noted)
        globs = [(glob_pattern(glob), self.classes[known.iri]) for known in declared for glob in known.files]
        return Plan(
            ontology=self.ontology,
            type_path=type_path,
            labels=labels,
            files=tuple(sorted(globs, key=lambda pair: pair[0].specificity)),
            classes=self.classes,
            properties=self._ranked(),
            default_class=self._default(default_class, labels),
            policies=policies,
        )

    def _default(self, name: str | None, labels: Mapping[str, ClassPlan]) -> ClassPlan | None:
        if name is None:
            return None
        found = labels.get(name) or self.classes.get(name)
        if found is None:
            near = nearest(name, labels)
            raise UsageError(
                f"the default class {name!r} is not an owlType of the ontology" + (f"; did you mean {near!r}?" if near else "")
            )
        return found

    def _ranked(self) -> tuple[PlanProperty, ...]:
        """Give the properties in one order for all resources: that of each class, as far as they agree."""
        blocks = [self.ontology.rows.get(iri, ()) for iri in self.classes]
        first: dict[str, int] = {}
        for row in (row for rows in blocks for row in rows):
            first[row.property] = min(row.order, first.get(row.property, row.order))
        order = one_order([list(dict.fromkeys(row.property for row in rows)) for rows in blocks], first)
        return tuple(replace(self.made[iri], rank=rank) for rank, iri in enumerate(order, start=1))

    def class_plan(self, iri: str) -> ClassPlan:
        """Compile a class once; classes may refer to each other in a circle."""
        if iri in self.classes:
            return self.classes[iri]
        known = self.ontology.classes[iri]
        pattern, file_pattern = self.ontology.pattern(iri), self.ontology.file_pattern(iri)
        plan = ClassPlan(
            iri=NamedNode(iri),
            name=known.label or iri.rstrip("/").replace("#", "/").rpartition("/")[2],
            types=tuple(map(NamedNode, dict.fromkeys((iri, *known.types)))),
            template=self._iri_template(iri),
            pattern=parse_pattern(pattern) if pattern else None,
            file_pattern=parse_pattern(file_pattern) if file_pattern else None,
            records=parse_records_path(known.records) if known.records is not None else None,
            new_file=self._template(self.ontology.new_file(iri), FilterOptions(self.ontology.replace(iri)), encoded=False),
            makes_records=known.makes_records,
            superclasses=frozenset(self.ontology.ancestors(iri)) - {iri},
            match=tuple(self._match_key(iri, text) for text in self.ontology.match(iri)),
        )
        self.classes[iri] = plan
        if self._depth < MAX_DEPTH:
            self._depth += 1
            self._add_steps(plan, known)
            self._depth -= 1
        else:
            self._late.append((plan, known))  # classes that refer to each other in a row without end
        return plan

    def _add_steps(self, plan: ClassPlan, known: OntologyClass) -> None:
        plan.steps = steps = tuple([self._step(known, row) for row in self.ontology.rows.get(known.iri, ())])
        plan.adds_up = len({step.predicate for step in steps}) < len(steps)
        plan.groups = _groups_read(plan)
        plan.reads_scalar = any(("@value",) in step.sources for step in steps) or any(v.path == ("@value",) for v in _variables(plan))
        for ancestor in self.ontology.ancestors(known.iri):
            ancestor_class = self.ontology.classes.get(ancestor)
            for text in ancestor_class.ignored if ancestor_class else ():
                grow_ignored(plan, text)

    def _match_key(self, iri: str, text: str) -> MatchKey:
        """Read a key of `map:match`: a key path, or a template of a text."""
        template = (
            parse_templates([text], self.ontology.constants, FilterOptions(self.ontology.replace(iri))) if is_template(text) else None
        )
        return template or parse_mapped_key(text)

    def _answers(self, plan: ClassPlan, sought: Collection[str]) -> tuple[tuple[str, tuple[MatchKey, ...]], ...]:
        """For each class among whose records those of `plan` are looked up, the keys that are asked."""
        lineage = (iri for iri in self.ontology.ancestors(plan.iri.value) if iri in sought)
        return tuple((iri, self.classes[iri].match) for iri in lineage)

    def _iri_template(self, iri: str) -> Template | None:
        template = parse_templates(self.ontology.templates(iri), self.ontology.constants, FilterOptions(self.ontology.replace(iri)))
        if template is None or not any(variable.takes_dates for variable in template.variables):
            return template
        of_records = [other for other, known in self.ontology.classes.items() if known.makes_records]
        return template.with_date_forms(lambda variable: self._forms_of(variable, of_records if variable.scope == "record" else [iri]))

    def _forms_of(self, variable: Variable, classes: Iterable[str]) -> tuple[str, ...]:
        """Give the forms in which a variable's dates are written: those of the rows that read the same key."""
        rows = (row for iri in classes for row in self.ontology.rows.get(iri, ()))
        mappings = (row.mapping for row in rows if variable.path in map(parse_mapped_key, row.mapping.keys))
        return tuple(dict.fromkeys(form for mapping in mappings for form in mapping.date_forms))

    def _template(self, text: str | None, options: FilterOptions = NO_OPTIONS, *, encoded: bool = True) -> Template | None:
        return None if text is None else parse_template(text, self.ontology.constants, encoded=encoded, options=options)

    def _step(self, known: OntologyClass, row: ClassRow) -> Step:
        mapping, ranges = row.mapping, row.ranges
        conversions = tuple(find_conversion(iri) for iri in mapping.conversions)
        values = tuple(self._value(range_, known, mapping, concept in conversions) for range_ in ranges)
        encoded = values[0].kind == "iri"
        filters = FilterOptions(mapping.replace or self.ontology.replace(known.iri), mapping.date_forms)
        self._note(row.property, mapping, values)
        of = [self.ontology.classes[range_] for range_ in ranges if range_ in self.ontology.classes]
        concepts = {label: iri for known in of for label, iri in known.concepts.items()}
        base = self._template(mapping.base, filters)
        fixed = base is not None and not base.variables
        options = ConversionOptions(
            separator=mapping.separator if mapping.separator is not None else ",",
            base="".join(str(part) for part in base.parts) if base is not None and fixed else "",
            concepts=concepts,
            labels=_labels(concepts, of),
            days=XSD + "date" in ranges,
            date_forms=mapping.date_forms,
            replace=filters.replace,
        )
        return Step(
            predicate=NamedNode(row.property),
            sources=tuple(map(parse_mapped_key, mapping.source_keys)),
            values=values,
            each=bool(mapping.each),
            entries=mapping.entries is not None,
            value=self._template(mapping.value, filters, encoded=encoded),
            default=self._template(mapping.default, filters, encoded=encoded),
            conversions=conversions,
            options=options,
            base=None if fixed else base,
            relative_to_record=relative_iri in conversions,
            ordered=mapping.ordered,
        )

    def _value(self, range_: str, reader: OntologyClass, mapping: KeyMapping, by_concept: bool) -> ValuePlan:
        literal = self._datatype(range_)
        if literal is not None:
            return self._literal(
                literal, mapping.languages or (self.ontology.languages(reader.iri) if range_ == LANG_STRING else ()), mapping
            )
        if range_ == FILE:
            return ValuePlan("iri", file=True)
        known = self.ontology.classes.get(range_)
        refers = known is not None and (known.makes_records or bool(self.ontology.match(range_)))
        if known is None or by_concept or not (refers or self._is_made(known)):
            return ValuePlan("iri")
        return ValuePlan("reference" if refers else "resource", of=self.class_plan(range_))

    def _literal(self, range_: Datatype, languages: Sequence[str], mapping: KeyMapping) -> ValuePlan:
        templates = [parse_template(text, self.ontology.constants, encoded=False) for text in languages if range_.iri in TAKE_A_LANGUAGE]
        fixed = "".join(map(str, templates[0].parts)) if templates and not templates[0].variables else None
        forms = mapping.date_forms if range_.iri in TAKE_A_DATE else ()
        return ValuePlan("literal", datatype=range_, language=fixed, languages=() if fixed else tuple(templates), date_forms=forms)

    def _datatype(self, range_: str) -> Datatype | None:
        if range_ in self.ontology.datatypes:
            base = datatype(self.ontology.datatypes[range_])
            return Datatype(range_, base.check, NamedNode(range_))
        return datatype(range_) if is_datatype(range_) or range_.startswith(XSD) else None

    def _is_made(self, known: OntologyClass) -> bool:
        return bool(self.ontology.templates(known.iri) or self.ontology.pattern(known.iri) or self.ontology.rows.get(known.iri))

    def _note(self, property_: str, mapping: KeyMapping, values: tuple[ValuePlan, ...]) -> None:
        first = values[0]
        before = self.made.get(property_)
        keys = dict.fromkeys((*(before.keys if before else ()), *mapping.source_keys))
        kinds = {"resource" if v.kind == "reference" else v.kind for v in values} | ({before.kind} if before else set())
        kind = first.kind if first.kind != "reference" else "resource"
        said = (first.datatype.iri if first.datatype else None, first.language)
        same = len(kinds) == 1 and (before is None or (before.datatype, before.language) == said)
        self.made[property_] = PlanProperty(
            iri=NamedNode(property_),
            rank=0,
            kind=kind,
            datatype=first.datatype.iri if first.datatype and same else None,
            language=first.language if same else None,
            ordered=mapping.ordered or (before.ordered if before else False),
            keys=tuple(keys),
        )


def _groups_read(plan: ClassPlan) -> tuple[str, ...]:
    """The groups of a class's pattern that its IRI takes, or a property of its resources; a record's properties read the record."""
    if plan.pattern is None:
        return ()
    templates = [plan.template, *(() if plan.makes_records else (t for step in plan.steps for t in step.templates))]
    names = {variable.path[0] for template in templates if template for variable in template.variables if variable.scope == "map"}
    names |= set() if plan.makes_records else {source[0] for step in plan.steps for source in step.sources}
    return tuple(group for group in plan.pattern.compiled.groupindex if group in names)


def _variables(plan: ClassPlan) -> list[Variable]:
    """The variables of all templates that make a resource and what is said of it."""
    templates = [plan.template, *(template for step in plan.steps for template in step.templates)]
    return [variable for template in templates if template for variable in template.variables]


def _converted(plans: Iterable[ClassPlan]) -> Iterator[str]:
    """The classes whose resources are made of what a conversion makes, which may be one text of several."""
    for step in (step for plan in plans for step in plan.steps):
        if not KEEPING.issuperset(step.conversions):
            yield from (value.of.iri.value for value in step.values if value.of is not None)


def _spells(plan: ClassPlan) -> bool:
    """Whether the IRI is written with one variable and nothing else is read; what is not encoded then stands there as it is."""
    variables = plan.template.variables if plan.template else ()
    if len(variables) != 1:
        return False
    (variable,) = variables
    return variable.scope in {"map", "file", "special"} and not variable.filters and set(plan.groups) <= {variable.path[0]}


def grow_ignored(plan: ClassPlan, text: str) -> None:
    """Cover the keys that an ontology drops on purpose."""
    node = plan.keys
    for part in parse_mapped_key(text):
        node = node.children.setdefault(part, type(node)())
    node.whole = node.ignored = True


def _is_records_own(source: KeyPath) -> bool:
    """Whether a key says something of the record or of a place in it, and nothing of the value itself."""
    return str(source[0]).startswith("@") and source != ("@value",)


def _borrowed(plan: ClassPlan) -> tuple[Variable, ...] | None:
    """The keys of the record that a resource reads beside the scalar it is made from, nested ones too; None if it depends on more."""
    found: dict[Variable, None] = {}
    queue, queued = [plan], {id(plan)}
    for of in queue:
        variables = _variables(of)
        if any(variable.scope == "file" or _is_records_own(variable.path) for variable in variables):
            return None
        if any(step.relative_to_record or step.each or step.entries or any(map(_is_records_own, step.sources)) for step in of.steps):
            return None
        found |= dict.fromkeys(variable for variable in variables if variable.scope == "record")
        for nested in [value.of for step in of.steps for value in step.values]:
            if nested is not None and id(nested) not in queued:
                queue.append(nested)
                queued.add(id(nested))
    return tuple(found)


def _labels(concepts: Mapping[str, str], of: Iterable[OntologyClass]) -> dict[str, str]:
    """What to write for each concept of some classes, so that `map:concept` finds it."""
    written = {iri: label for known in of for iri, label in known.labels.items() if concepts.get(label.casefold()) == iri}
    return {iri: written.get(iri, label) for label, iri in concepts.items()}
