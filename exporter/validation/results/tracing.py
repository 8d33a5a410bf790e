"""A record mapped once more with the origin of every statement: the way back from a node, a path and a value to a key path.

Made only for records that a result is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from exporter.mapping.model import MappedRecord, Origin
from exporter.plan.model import ClassPlan, Plan
from exporter.problems import KeyPath
from exporter.rdf.terms import RDF_TYPE, Block, Term
from exporter.records.locating import KeyPositions
from exporter.records.record import Record
from exporter.records.values import Value
from exporter.validation.shapes.paths import PathSource, path_steps

_TYPE = str(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Reached:
    """A node at the end of a path, and the last statement on the way to it that this record makes."""

    node: str
    holder: str
    predicate: str
    origin: Origin


Pair = tuple[str, str, Origin]
"""Predicate, object and origin of a statement, terms in N-Triples syntax."""


class TracedRecord:
    """What one record says, by subject; terms are written only for the subjects that are asked about."""

    def __init__(self, record: Record, mapped: MappedRecord, plan: Plan) -> None:
        self.record = record
        self.positions = KeyPositions(record)
        self._plan = plan
        self._class_name = mapped.class_name
        self._blocks: dict[str, list[tuple[Block, list[Origin]]]] = {}
        self._pairs: dict[str, list[Pair]] = {}
        for block, origins in mapped.traced():
            self._blocks.setdefault(str(block.subject), []).append((block, origins))

    def home(self, subject: str) -> Origin | None:
        """Give the origin of a resource: the map or the scalar that it was made of; None for what this record does not describe."""
        for _, origins in self._blocks.get(subject, ()):
            if origins:
                return origins[0]
        return None

    def pairs(self, subject: str) -> list[Pair]:
        """Give what is said of a subject, in the plan's order."""
        if subject not in self._pairs:
            self._pairs[subject] = [
                (str(predicate), str(value), origin)
                for block, origins in self._blocks.get(subject, ())
                for (predicate, value), origin in zip(block.pairs, origins, strict=True)
            ]
        return self._pairs[subject]

    def said_at(self, key_path: KeyPath) -> Iterator[tuple[str, str, str, Origin]]:
        """Yield the statements that come from a key and what is below it: subject, predicate, object and origin."""
        for subject in self._blocks:
            for predicate, value, origin in self.pairs(subject):
                if origin.key_path[: len(key_path)] == key_path:
                    yield subject, predicate, value, origin

    def follow(self, graph: PathSource, path: Term, start: str) -> list[Reached]:
        """Follow a path from a node as far as this record goes."""
        ends = [Reached(start, start, "", self.home(start) or Origin(()))]
        for step in path_steps(graph, path):
            ends = [reached for end in ends for reached in self.one_step(end, step)]
        return ends

    def one_step(self, end: Reached, step: tuple[frozenset[str], bool]) -> Iterator[Reached]:
        """Take one step of a path, or as many as it allows."""
        predicates, closure = step
        queue, seen = [end], {end.node}
        for current in queue:
            for predicate, value, origin in self.pairs(current.node):
                if predicate in predicates:
                    reached = Reached(value, current.node, predicate, origin)
                    yield reached
                    if closure and value not in seen:
                        seen.add(value)
                        queue.append(reached)

    def find(self, subject: str, predicate: str, value: str | None = None) -> list[Origin]:
        """Give the origins of a subject's statements with a predicate, perhaps with one value only."""
        return [origin for p, v, origin in self.pairs(subject) if p == predicate and value in (None, v)]

    def referring(self, predicate: str, value: str, subject: str | None = None) -> list[Origin]:
        """Give the origins of the statements that lead to a node with a predicate, perhaps from one subject only."""
        return [origin for of in self._blocks if subject in (None, of) for p, v, origin in self.pairs(of) if (p, v) == (predicate, value)]

    def types(self, subject: str) -> list[str]:
        """Give the classes of a resource, in the plan's order."""
        return [value for p, value, _ in self.pairs(subject) if p == _TYPE]

    def keys(self, subject: str, predicate: str) -> list[KeyPath]:
        """Say which key paths of a resource's map feed a property, by the plan."""
        types = {value for p, value, _ in self.pairs(subject) if p == _TYPE}
        paths: dict[KeyPath, None] = {}
        for of in self._plan.classes.values():
            if str(of.iri) in types:
                paths.update(dict.fromkeys(_sources(of, predicate)))
        return list(paths)

    def iri_key(self) -> KeyPath:
        """Give the last key in the template of the record's IRI."""
        of = next((of for of in self._plan.classes.values() if of.name == self._class_name), None)
        variables = of.template.variables if of is not None and of.template is not None else ()
        return next((variable.path for variable in reversed(variables) if variable.scope in {"map", "record"}), ())

    def typed(self, origin: Origin) -> str | None:
        """Give the text that an author typed at an origin, in JSON in a string if need be; None for a map or a list."""
        value: Value = self.record.front_matter
        for part in origin.key_path:
            if isinstance(value, str) and value.lstrip().startswith(("[", "{")):
                value = _json(value)
            if isinstance(value, dict):
                value = value.get(str(part))
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            elif part != 0:
                return None
        if isinstance(value, (dict, list)) or value is None:
            return None
        return str(value)[slice(*origin.span)] if origin.span else str(value)

    def holds(self, key_path: KeyPath) -> bool:
        """Say whether the front matter has this key, if only with nothing in it."""
        value: Value = self.record.front_matter
        for part in key_path:
            if isinstance(value, dict):
                if part not in value:
                    return False
                value = value[str(part)]
            elif isinstance(value, list) and isinstance(part, int) and part < len(value):
                value = value[part]
            else:
                return False
        return True


def _json(text: str) -> Value:
    try:
        value: Value = json.loads(text)
    except (ValueError, RecursionError):
        return text
    return value


def _sources(of: ClassPlan, predicate: str) -> Iterator[KeyPath]:
    for step in of.steps:
        if str(step.predicate) == predicate:
            yield from step.sources
