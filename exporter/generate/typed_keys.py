"""What authors type: for each class the keys of its maps, what is read of each, and which must be there.

The plan goes from properties to keys, and an author from a key to what it means; here the plan is turned around, together with
what axioms and shapes say. JSON Schemas and documentation are written from it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal as OneOf

from exporter.generate.closed_sets import ClosedSets
from exporter.generate.constraints import ClassConstraints, Constraint, Constraints, Rule, together
from exporter.language.keypaths import is_special
from exporter.language.templates import Template
from exporter.mapping.lookups import list_name
from exporter.ontology.cardinalities import Cardinalities
from exporter.ontology.model import ClassRow
from exporter.plan.model import ClassPlan, KeyNode, Plan, Step
from exporter.problems import KeyPath

Use = OneOf["iri", "value", "base", "default", "language"]
"""What a template makes: an IRI, a value, what a relative address counts from, what stands in for a value, or the language of one."""

Requirement = tuple[tuple[KeyPath, ...], ...]
"""Alternatives, of which one has to be there; each is one or more key paths."""


@dataclass(frozen=True, slots=True)
class KeyReading:
    """A property that a key gives. `limits` hold for its values; `least` and `most` of them for all keys that give it together.

    `ranges` are as the ontology names them, one for each of the step's values; `is_sole` says that no other step gives the property.
    """

    step: Step
    limits: Constraint = field(default_factory=Constraint)
    said: tuple[Constraint, ...] = ()
    label: str | None = None
    comment: str | None = None
    ranges: tuple[str, ...] = ()
    is_sole: bool = True

    @property
    def is_only(self) -> bool:
        """Whether the property comes from nothing else, so that one that is needed needs this key."""
        step = self.step
        return self.is_sole and len(step.sources) == 1 and step.value is None and step.default is None and not step.each

    @property
    def is_alone(self) -> bool:
        """Whether the key has a value for each of the property's, so that a count of these is one of the key's."""
        return self.is_only and not self.step.conversions and not self.step.entries


@dataclass(frozen=True, slots=True)
class Loan:
    """A key that a template is filled with: of the same class, or of resources `to` below the record that read it as `{record.KEY}`.

    The template is one of a property, or where there is no `reading` of an IRI; `use` says what it makes.
    """

    use: Use
    reading: KeyReading | None = None
    to: ClassPlan | None = None


@dataclass(frozen=True, slots=True)
class TypedKey:
    """A key, or an item of a list: the properties that it gives, and the keys of the map below it.

    `lists` are the properties that list items make together with those of other keys (`map:each`), `lent` what it is to templates.
    `is_address` says that the IRI is made with it, `is_needed` that it has to be there, `labels` are those of the class where it is
    the type key.
    """

    readings: tuple[KeyReading, ...] = ()
    lists: tuple[KeyReading, ...] = ()
    lent: tuple[Loan, ...] = ()
    children: Mapping[str | int, TypedKey] = field(default_factory=dict)
    is_address: bool = False
    is_needed: bool = False
    is_ignored: bool = False
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypedClass:
    """A class as authors see it. `scalar` is what is read of a text that stands for the whole map, `by_text` whether one may.

    `beside` is what is read of the record besides its keys: of the body, the file.
    """

    of: ClassPlan
    label: str
    comment: str | None
    keys: Mapping[str | int, TypedKey]
    required: tuple[Requirement, ...] = ()
    scalar: tuple[KeyReading, ...] = ()
    by_text: bool = False
    by_map: bool = True
    beside: tuple[KeyReading, ...] = ()
    labels: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    superclasses: tuple[str, ...] = ()
    rules: tuple[Rule, ...] = ()


def keys_below(keys: Mapping[str | int, TypedKey], path: KeyPath = ()) -> Iterator[tuple[KeyPath, TypedKey]]:
    """Yield keys with those of the maps below them, each with its path."""
    for name, key in keys.items():
        yield (*path, name), key
        yield from keys_below(key.children, (*path, name))


class TypedClasses:
    """Describe the classes of a plan, each when it is asked for."""

    def __init__(self, plan: Plan, constraints: Constraints | None = None) -> None:
        self.plan = plan
        self.closed = ClosedSets(plan)
        self._constraints = constraints or {}
        self._counts = Cardinalities(plan.ontology)
        self._properties = plan.ontology.properties
        self._known: dict[str, TypedClass] = {}

    @property
    def records(self) -> tuple[TypedClass, ...]:
        """The classes that records are of."""
        return tuple(map(self.of, self.plan.record_classes))

    def of(self, plan: ClassPlan) -> TypedClass:
        """Describe a class."""
        known = self._known.get(plan.iri.value)
        if known is None:
            known = self._known[plan.iri.value] = self._describe(plan)
        return known

    def reached(self, plans: Iterable[ClassPlan]) -> list[TypedClass]:
        """Describe classes and those that their values are of, each once, in the order in which a reader meets them."""
        queue = list(plans)
        found: dict[str, TypedClass] = {}
        for plan in queue:
            if plan.iri.value not in found:
                found[plan.iri.value] = self.of(plan)
                queue += [value.of for step in plan.steps for value in step.values if value.of is not None]
        return list(found.values())

    def _describe(self, of: ClassPlan) -> TypedClass:
        declared = self.plan.ontology.classes[of.iri.value]
        said = self.said(of.iri.value, (type_.value for type_ in of.types))
        readings = [self._reading(of, step, said) for step in of.steps]
        tree = _Tree()
        by_text = of.pattern is not None or of.reads_scalar or _named_by_text(of)
        groups = set(of.pattern.compiled.groupindex) if of.pattern is not None and not of.makes_records else set()
        if of.makes_records and declared.owl_types:
            tree.at(self.plan.type_path).labels = declared.owl_types
        address = () if groups else _variables(of.template)
        for path in address:
            tree.at(path).is_address = True
        for reading in readings:
            tree.read(reading, groups)
        if of.makes_records:
            self._lend(of, tree)
        tree.ignore(of.keys)
        requirements = [] if groups else _needed(of.template)
        if of.makes_records and declared.owl_types and not declared.files:
            requirements.insert(0, ((self.plan.type_path,),))
        requirements += [found for found in _requirements(readings, groups) if found not in requirements]
        sure = {ways[0] for ways in requirements if len(ways) == 1}
        for path in (path for way in sure for path in way):
            tree.at(path).is_needed = True
        return TypedClass(
            of=of,
            label=of.name,
            comment=declared.comment,
            keys=tree.grown().children,
            required=tuple(ways for ways in requirements if len(ways) == 1 or sure.isdisjoint(ways)),
            scalar=tuple(reading for reading in readings if ("@value",) in reading.step.sources),
            by_text=by_text and not of.makes_records,
            by_map=(not groups or bool(tree.children)) and not _needs_text(of),
            beside=tuple(reading for reading in readings if any(map(_is_beside, reading.step.sources))),
            labels=declared.owl_types,
            files=declared.files,
            superclasses=declared.superclasses,
            rules=said.rules,
        )

    def _lend(self, of: ClassPlan, tree: _Tree) -> None:
        """Note the keys that resources below a record read as `{record.KEY}`."""
        queue = [of]
        for inner in queue:
            queue += [v.of for step in inner.steps for v in step.values if v.of is not None and v.kind == "resource" and v.of not in queue]
            said = self.said(inner.iri.value, (type_.value for type_ in inner.types))
            for path in _variables(inner.template, "record"):
                tree.at(path).lent.append(Loan("iri", to=inner))
            for reading in (self._reading(inner, step, said) for step in inner.steps):
                for use, template in _templates(reading.step):
                    for path in _variables(template, "record"):
                        tree.at(path).lent.append(Loan(use, reading, inner))

    def said(self, class_iri: str, types: Iterable[str] = ()) -> ClassConstraints:
        """Gather what is said of a class, of those above it, and of those that its resources are of too."""
        lineage = dict.fromkeys(iri for type_ in (class_iri, *types) for iri in self.plan.ontology.ancestors(type_))
        properties: dict[str, list[Constraint]] = {}
        rules: dict[Rule, None] = {}
        for iri in lineage:
            for cardinality in self._counts.of_class(iri):
                if cardinality.of is None:
                    counted = Constraint(least=cardinality.least or 0, most=cardinality.most)
                    properties.setdefault(cardinality.property, []).append(counted)
            said = self._constraints.get(iri, ClassConstraints())
            for name, constraints in said.properties.items():
                properties.setdefault(name, []).extend(constraints)
            rules |= dict.fromkeys(said.rules)
        return ClassConstraints({name: tuple(dict.fromkeys(found)) for name, found in properties.items()}, tuple(rules))

    def _reading(self, of: ClassPlan, step: Step, said: ClassConstraints) -> KeyReading:
        constraints = said.properties.get(step.predicate.value, ())
        prop = self._properties.get(step.predicate.value)
        alone = sum(other.predicate == step.predicate for other in of.steps) == 1
        limits = together(constraints)
        limits = limits if alone else replace(limits, most=None)  # which counts what several steps give
        row = next(row for known, row in self._rows(of) if known is step)
        label = row.label or (prop.label if prop else None)
        comment = row.comment or (prop.comment if prop else None)
        return KeyReading(step, limits, constraints, label, comment, row.ranges, alone)

    def _rows(self, of: ClassPlan) -> Iterator[tuple[Step, ClassRow]]:
        """Pair the steps of a class with the rows that they are compiled from."""
        return zip(of.steps, self.plan.ontology.rows.get(of.iri.value, ()), strict=True)


class _Tree:
    """Keys while they are gathered."""

    def __init__(self) -> None:
        self.readings: list[KeyReading] = []
        self.lists: list[KeyReading] = []
        self.lent: list[Loan] = []
        self.children: dict[str | int, _Tree] = {}
        self.is_address = self.is_needed = self.is_ignored = False
        self.labels: tuple[str, ...] = ()

    def at(self, path: KeyPath) -> _Tree:
        node = self
        for part in path:
            node = node.children.setdefault(part, _Tree())
        return node

    def read(self, reading: KeyReading, groups: set[str]) -> None:
        """Note what a step reads: its key paths, and the keys in its templates."""
        step = reading.step
        together_ = step.each and step.values[0].kind == "resource"
        for path in step.sources:
            if not is_special(path) and path[0] not in groups:
                node = self.at(path)
                (node.lists if together_ else node.readings).append(reading)
        for use, template in _templates(step):
            for path in _variables(template):
                if path[0] not in groups:
                    self.at(path).lent.append(Loan(use, reading))

    def ignore(self, node: KeyNode) -> None:
        """Note the keys that are left out on purpose."""
        for name, child in node.children.items():
            if child.ignored:
                self.at((name,)).is_ignored = True
            elif child.children and _any_ignored(child):
                self.at((name,)).ignore(child)

    def grown(self) -> TypedKey:
        children = {name: child.grown() for name, child in self.children.items()}
        marks = (self.is_address, self.is_needed, self.is_ignored)
        return TypedKey(tuple(self.readings), tuple(self.lists), tuple(self.lent), children, *marks, self.labels)


def _any_ignored(node: KeyNode) -> bool:
    return node.ignored or any(map(_any_ignored, node.children.values()))


def _is_beside(path: KeyPath) -> bool:
    """Whether a special key is of the whole record, and not of a value or its place."""
    return is_special(path) and path[0] not in ("@value", "@index", "@key")


def _named_by_text(of: ClassPlan) -> bool:
    """Whether a text fills the class's template, as `exporter.mapping.resources.read_map` does it."""
    variable = of.template.single_variable if of.template else None
    return variable is not None and (variable.scope == "file" or (variable.scope == "map" and len(variable.path) == 1))


def _needs_text(of: ClassPlan) -> bool:
    """Whether the IRI is made of the text itself (`{@value}`), which no map has."""
    return of.template is not None and any(variable.path == ("@value",) for variable in of.template.variables)


def _templates(step: Step) -> Iterator[tuple[Use, Template]]:
    """Yield the templates of a step, each with what it makes."""
    known: tuple[tuple[Use, Template | None], ...] = (("value", step.value), ("base", step.base), ("default", step.default))
    yield from ((use, template) for use, template in known if template is not None)
    yield from (("language", template) for value in step.values for template in value.languages)


def _variables(template: Template | None, scope: str = "map") -> tuple[KeyPath, ...]:
    """Give the keys that a template is filled with: those of the class's own map, or of the record."""
    found = (variable.path for variable in template.variables if variable.scope == scope) if template else ()
    return tuple(dict.fromkeys(path for path in found if not is_special(path)))


def _needed(template: Template | None) -> list[Requirement]:
    """Give the keys that the IRI needs: each of them, or those of one of several templates."""
    alternatives = template.alternatives if template else ()
    ways = [_variables(_without_segments(each)) for each in alternatives]
    if len(ways) == 1:
        return [((path,),) for path in ways[0]]
    return [tuple(ways)] if all(ways) and ways else []


def _without_segments(template: Template) -> Template:
    """Give one alternative of a template, without the segments that may be missing (`{/key}`)."""
    return replace(template, parts=tuple(part for part in template.parts if isinstance(part, str) or not part.segments), otherwise=None)


def _requirements(readings: Iterable[KeyReading], groups: set[str]) -> Iterator[Requirement]:
    """Yield which keys have to be there: for each property that needs a value, the keys that give one."""
    alternatives: dict[str, list[tuple[KeyPath, ...]]] = {}
    unknown: set[str] = set()
    for reading in readings:
        if reading.limits.least:
            iri = reading.step.predicate.value
            ways = alternatives.setdefault(iri, [])
            ways += [(path,) for path in reading.step.sources if path != ("@value",)]  # a text in place of the map has no keys
            ways += [_variables(template) for template in (reading.step.value, reading.step.default) if template is not None]
            if any(not way or any(is_special(path) or path[0] in groups for path in way) for way in ways):
                unknown.add(iri)
    for iri, ways in alternatives.items():
        if iri not in unknown:
            yield tuple(dict.fromkeys(ways))


def inner_readings(classes: TypedClasses, reading: KeyReading, path: KeyPath) -> tuple[KeyReading, ...]:
    """Give what is read of the items of a list that is walked together with others (`map:each`)."""
    of = reading.step.values[0].of
    child = classes.of(of).keys.get(list_name(path)) if of is not None else None
    return child.readings if child is not None else ()
