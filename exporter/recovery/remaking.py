"""Remaking: the front matter of a record, from the statements of a graph alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.language.conversions import ConversionOptions, from_json, split, words
from exporter.language.datatypes import lexical_form
from exporter.language.keypaths import BODY_KEYS, FILE_KEY, SPECIAL_KEYS, is_special
from exporter.language.patterns import Pattern
from exporter.language.templates import Template
from exporter.mapping.lookups import list_name
from exporter.mapping.unmapped import read_key_iri
from exporter.plan.combining import combined
from exporter.plan.model import ClassPlan, MatchKey, Plan, Step, ValuePlan
from exporter.problems import KeyPath
from exporter.rdf.terms import KEY, RDF, XSD, Subject, Term
from exporter.records.values import Plain, Value, leaves, look_up
from exporter.recovery.graph import GraphIndex
from exporter.recovery.inverses import NoInverseError, captures, invert, read_template, write_pattern

_LISTING = frozenset({from_json, split, words})
_NUMBERS = frozenset({XSD + "integer", XSD + "double", XSD + "decimal"})
_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?", re.ASCII)
"""Numbers that YAML, TOML and JSON write as XML Schema does."""
_NO_KEYS = frozenset({*SPECIAL_KEYS, *BODY_KEYS, FILE_KEY, "@record"})
"""What stands in a map beside the keys of front matter."""
_NOTHING: Mapping[str, Value] = MappingProxyType({})
_VALUE, _ENTRY, _RECORD = "@value", "@key", "@record"


class Remaker:
    """Makes maps of keys of what a graph says of resources, by the plan that would map them."""

    def __init__(self, plan: Plan, graph: GraphIndex) -> None:
        self._plan = plan
        self._graph = graph
        self._labels = {of.iri.value: label for label, of in reversed([*plan.labels.items()])}
        self._made: dict[tuple[int, Term], dict[str, Value]] = {}
        self._at: set[tuple[int, Term]] = set()
        self._record = ""
        self._like: Mapping[str, Value] = _NOTHING

    def class_of(self, node: Subject) -> ClassPlan | None:
        """Give the class of records that a resource is of: the most specific that its types name; several are put together."""
        types = self._graph.types(node)
        known = [of for of in self._plan.record_classes if of.iri.value in types and types.issuperset(type_.value for type_ in of.types)]
        near = [of for of in known if not any(of.iri.value in other.superclasses for other in known if other is not of)]
        near = [of for of in near if of.template is None or isinstance(node, NamedNode)]
        return near[0] if len(near) == 1 else combined(near, self._plan.type_path) if near else None

    def front_matter(self, node: NamedNode, of: ClassPlan, like: Mapping[str, Value] = _NOTHING) -> dict[str, Value]:
        """Give the front matter of a record, as far as the graph gives it back; of several keys for one property that which `like` has."""
        self._record, self._like = node.value, like
        made = dict(self._map(of, node))
        for path, text in self._lent(node, of):
            if look_up(made, path) is None:
                _put(made, path, text)
        types = self._graph.types(node)
        labels = [self._labels[iri] for iri in (of.iri.value, *sorted(types - {of.iri.value})) if iri in self._labels]
        said = [label for label in labels if not _is_implied(self._plan.labels[label], labels, self._plan)]
        if said and look_up(made, self._plan.type_path) is None:
            made = _first(made, self._plan.type_path, said[0] if len(said) == 1 else list(said))
        return {key: value for key, value in made.items() if key not in _NO_KEYS}

    def body(self, node: NamedNode, of: ClassPlan) -> str:
        """Give the body of a record, where a property has it."""
        self._record = node.value
        said = self._map(of, node).get("@body")
        return said if isinstance(said, str) else ""

    def _map(self, of: ClassPlan, node: NamedNode) -> dict[str, Value]:
        """Make the map that a class would make a resource of."""
        key = (id(of), node)
        if (known := self._made.get(key)) is not None:
            return known
        if key in self._at:
            raise NoInverseError("classes that refer to each other in a circle")
        self._at.add(key)
        made: dict[str, Value] = {}
        try:
            self._join_patterns(of, node, made)
            for step in of.steps:
                self._read(step, of, node, made)
        finally:
            self._at.discard(key)
        self._add_unmapped(node, made)
        if of.template is not None:
            _add_variables(of.template, node.value, made)
        if of.template is not None and node.value != self._record:
            self._made[key] = made
        return made

    def _read(self, step: Step, of: ClassPlan, node: NamedNode, made: dict[str, Value]) -> None:
        """Add what a step would have read to the map, where nothing stands there yet."""
        terms = self._graph.values(node, step.predicate)
        if step.value is not None:
            self._read_template(step.value, step, of, terms, made)
        if not terms or not step.sources:
            return
        if step.ordered:
            terms = [item for head in terms for item in (self._graph.items(head) if not isinstance(head, Literal) else [head])]
        if sum(other.predicate == step.predicate for other in of.steps) > 1:
            terms = [term for term in terms if self._is_for(step, term)]
        if step.each and step.values[0].kind == "resource":
            self._add_columns(step, terms, made)
            return
        values = [value for term in terms for value in self._values_of(step, term)]
        if step.entries:
            for name, inner in (entry for value in values if isinstance(value, dict) for entry in value.items()):
                _put(made, (*step.sources[0], name), inner)
            return
        keys = [path for path in step.sources if not is_special(path)] or [step.sources[0]]
        path = next((path for path in keys if len(keys) > 1 and look_up(dict(self._like), path) is not None), keys[0])
        value = self._converted_back(step, self._in_order(values, path, node), node) if values else None
        if value is not None and look_up(made, path) is None:
            _put(made, path, value)

    def _in_order(self, values: list[Value], path: KeyPath, node: NamedNode) -> list[Value]:
        """Put the values of a text of the record that holds several in the order that they have there now."""
        text = look_up(dict(self._like), path) if node.value == self._record else None
        if type(text) is not str or len(values) < 2:
            return values
        places = [text.find(lexical_form(value)) if isinstance(value, (str, int)) else -1 for value in values]
        ranked = sorted(zip(places, range(len(values)), strict=True), key=lambda each: (each[0] < 0, *each))
        return [values[number] for _, number in ranked]

    def _read_template(self, template: Template, step: Step, of: ClassPlan, terms: Sequence[Term], made: dict[str, Value]) -> None:
        """Take the one value apart that a template made, as far as no step reads its keys.

        Keys of the record stand under a name of their own until they are asked for.
        """
        if len(terms) != 1 or step.conversions or isinstance(terms[0], BlankNode):
            return
        encoded = step.values[0].kind == "iri"
        for variable, text in (read_template(template, terms[0].value, encoded=encoded) or {}).items():
            is_read = any(variable.path in other.sources for other in of.steps)
            if variable.scope == "map" and not (variable.filters or is_read) and look_up(made, variable.path) is None:
                _put(made, variable.path, text)
            elif variable.scope == "record" and not variable.filters:
                _put(made, (_RECORD, *variable.path), text)

    def _lent(self, node: NamedNode, of: ClassPlan) -> Iterator[tuple[KeyPath, Value]]:
        """Yield the keys of the record that resources in it have borrowed."""
        for step in of.steps:
            for value in step.values:
                if value.kind == "resource" and value.of is not None:
                    for term in self._graph.values(node, step.predicate):
                        inner = self._made.get((id(value.of), term), {}).get(_RECORD)
                        yield from leaves(inner) if isinstance(inner, dict) else ()

    def _converted_back(self, step: Step, values: list[Value], node: NamedNode) -> Value:
        """Undo what is done to all values of a step; a value that can't be undone is left out."""
        options = self._options(step, node)
        if not _LISTING.isdisjoint(step.conversions):
            try:
                return invert(step.conversions, values, options)
            except NoInverseError:
                return None
        made = []
        for value in values:
            try:
                made.append(value if isinstance(value, dict) else invert(step.conversions, value, options))
            except NoInverseError:
                continue
        return made[0] if len(made) == 1 else made or None

    def _join_patterns(self, of: ClassPlan, node: NamedNode, made: dict[str, Value]) -> None:
        """Find the text of a key that several patterns read, each for another property: one that all of them make the same of."""
        reading: dict[KeyPath, list[tuple[Pattern, dict[str, str]]]] = {}
        for step in of.steps:
            inner = step.values[0].of if len(step.values) == 1 and step.values[0].kind == "resource" else None
            terms = self._graph.values(node, step.predicate)
            if inner is None or inner.pattern is None or step.conversions or len(terms) != 1 or not isinstance(terms[0], NamedNode):
                continue
            for path in step.sources:
                reading.setdefault(path, []).append((inner.pattern, _groups(inner.pattern, self._map(inner, terms[0]))))
        for path, known in reading.items():
            if len(known) < 2:
                continue
            texts = (text for pattern, groups in known for text in write_pattern(pattern, groups))
            joint = next((text for text in texts if all(captures(pattern, text) == groups for pattern, groups in known)), None)
            if joint is not None and look_up(made, path) is None:
                _put(made, path, joint)

    def _options(self, step: Step, node: NamedNode) -> ConversionOptions:
        return step.options._replace(record=node.value if not self._record else self._record)

    def _is_for(self, step: Step, term: Term) -> bool:
        """Say which of several steps of one property a value is of."""
        if isinstance(term, Literal):
            kinds = [value for value in step.values if value.kind == "literal"]
            exact = [value for value in kinds if value.datatype and (value.datatype.node or NamedNode(XSD + "string")) == term.datatype]
            return bool(exact or (kinds and term.language))
        types = self._graph.types(term)
        return any(value.kind == "iri" or (value.of is not None and (not types or value.of.iri.value in types)) for value in step.values)

    def _values_of(self, step: Step, term: Term) -> list[Value]:
        for value in step.values:
            found = self.typed(step, value, term)
            if found is not None:
                return [found]
        return [term.value] if isinstance(term, Literal) and not step.entries else []

    def typed(self, step: Step, value: ValuePlan, term: Term) -> Value:
        """Give what would be typed for a term at a key; None where nothing is known that makes it."""
        try:
            return self._value(step, value, term)
        except NoInverseError:
            return None

    def _value(self, step: Step, value: ValuePlan, term: Term) -> Value:
        """Give what would be typed for a term; None where it is not of this range."""
        if isinstance(term, Literal):
            if value.kind != "literal":
                return None
            found = _scalar(term)
            if step.entries:
                return {term.language: found} if term.language and [each.text for each in value.languages] == ["{@key}"] else None
            return found
        if not isinstance(term, NamedNode):
            return None
        if value.kind == "iri":
            return term.value
        if value.of is None:
            return None
        if value.kind == "reference":
            return self._name(value.of, term)
        types = self._graph.types(term)
        if types and value.of.iri.value not in types:
            return None
        return self._resource(step, value.of, term)

    def _resource(self, step: Step, of: ClassPlan, node: NamedNode) -> Value:
        inner = dict(self._map(of, node))
        inner.pop(_RECORD, None)
        if step.entries:
            name = inner.pop(_ENTRY, None)
            rest = inner.pop(_VALUE, None) if set(inner) == {_VALUE} else inner
            return {name: rest} if isinstance(name, str) else None
        inner.pop(_ENTRY, None)
        if of.pattern is not None:
            names = of.pattern.compiled.groupindex
            texts = write_pattern(of.pattern, _groups(of.pattern, inner))
            if texts and set(inner) <= {*names, _VALUE}:
                return texts[0]
            if not set(inner) - set(names) - {_VALUE}:
                raise NoInverseError("a pattern without an inverse")
        scalar = inner.pop(_VALUE, None)
        single = of.template.single_variable if of.template else None
        if single is not None and set(inner) == {single.name} and single.scope == "map" and not _is_map(of):
            return inner[single.name]
        return inner or scalar

    def _name(self, of: ClassPlan, node: NamedNode) -> Value:
        """Give what a value says that refers to another record: its name, what fills its address, or all of that."""
        for key in of.match:
            if (found := self._answer(of, node, key)) is not None:
                return found
        template = of.template.by_value if of.template else None
        filled = read_template(template, node.value) if template else None
        if filled is None or template is None:
            return node.value
        texts = {str(variable.path[-1]): text for variable, text in filled.items() if not variable.filters}
        if of.pattern is not None:
            return next(iter(write_pattern(of.pattern, texts)), node.value)
        return next(iter(texts.values())) if len(filled) == len(texts) == 1 else node.value

    def _answer(self, of: ClassPlan, node: NamedNode, key: MatchKey) -> Value:
        """Give what a record answers to by one key of `map:match`."""
        if isinstance(key, Template):
            return None
        actual = self.class_of(node) or of
        record, self._record = self._record, node.value
        try:
            found = look_up(self._map(actual, node), key) if (id(actual), node) not in self._at else None
        except NoInverseError:
            return None
        finally:
            self._record = record
        found = found[0] if isinstance(found, list) and found else found
        return found if isinstance(found, (str, int)) else None

    def _add_columns(self, step: Step, terms: Sequence[Term], made: dict[str, Value]) -> None:
        """Make the lists that `map:each` walks together of the resources of their positions."""
        of = step.values[0].of
        assert of is not None
        rows = [self._map(of, term) for term in terms if isinstance(term, NamedNode)]
        for path in step.sources:
            column = [look_up(row, (list_name(path),)) or look_up(row, path) for row in rows]
            while column and column[-1] is None:
                column.pop()
            if column:
                _put(made, path, column)

    def _add_unmapped(self, node: NamedNode, made: dict[str, Value]) -> None:
        """Add the keys that nobody reads, which are kept by their names."""
        for predicate, terms in self._graph.about(node).items():
            if predicate.value.startswith(KEY):
                values = [_scalar(term) for term in terms if isinstance(term, Literal)]
                path = read_key_iri(predicate)
                if values and look_up(made, path) is None:
                    _put(made, path, values[0] if len(values) == 1 else values)


def _is_map(of: ClassPlan) -> bool:
    """Whether people write a map for a resource, even where it says only what its address is made of: its class reads further keys."""
    read = {source[0] for step in of.steps for source in step.sources if not is_special(source)}
    return len(read | {variable.path[0] for variable in of.template.variables} if of.template else read) > 1


def _groups(pattern: Pattern, made: dict[str, Value]) -> dict[str, str]:
    names = pattern.compiled.groupindex
    return {name: lexical_form(value) for name, value in made.items() if name in names and isinstance(value, (str, int))}


def _is_implied(of: ClassPlan, labels: Sequence[str], plan: Plan) -> bool:
    """Whether the class of another label is below this one, whose type it has all the same."""
    return any(of.iri.value in plan.labels[label].superclasses for label in labels if plan.labels[label] is not of)


def _add_variables(template: Template, iri: str, made: dict[str, Value]) -> None:
    for variable, text in (read_template(template, iri) or {}).items():
        if variable.scope == "map" and look_up(made, variable.path) is None:
            _put(made, variable.path, text)
        elif variable.scope == "special" and variable.path in {(_VALUE,), (_ENTRY,)}:
            made.setdefault(str(variable.path[0]), text)


def _scalar(term: Literal) -> Value:
    """Give a literal as front matter holds it."""
    datatype = term.datatype.value
    if datatype == RDF + "JSON":
        try:
            return from_json(term.value, ConversionOptions())
        except ValueError:
            return term.value
    if datatype == XSD + "boolean" and term.value in {"true", "false"}:
        return term.value == "true"
    if datatype not in _NUMBERS or not _NUMBER.fullmatch(term.value):
        return term.value
    if not term.value.lstrip("-").isdigit():
        return Plain(term.value, "double")
    canonical = len(term.value) <= 18 and str(int(term.value)) == term.value
    return int(term.value) if canonical else Plain(term.value, "integer")


def _put(made: dict[str, Value], path: KeyPath, value: Value) -> None:
    """Put a value at a key path; maps and lists that are missing above are made, and what stands in its way stays."""
    holder: Value = made
    for depth, part in enumerate(path):
        last = depth + 1 == len(path)
        below: Value = value if last else [] if isinstance(path[depth + 1], int) else {}
        if isinstance(part, str) and isinstance(holder, dict):
            holder.setdefault(part, below)
            holder = holder[part]
        elif isinstance(part, int) and isinstance(holder, list):
            holder.extend([None] * (part + 1 - len(holder)))
            if holder[part] is None:
                holder[part] = below
            holder = holder[part]
        else:
            return


def _first(made: dict[str, Value], path: KeyPath, value: Value) -> dict[str, Value]:
    put: dict[str, Value] = {}
    _put(put, path, value)
    for key, inner in made.items():
        there = put.get(key)
        put[key] = {**there, **inner} if isinstance(there, dict) and isinstance(inner, dict) else inner
    return put
