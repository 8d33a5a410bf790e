"""A record mapped once more with the origin of every statement: the way back from a node, a path and a value to a key path.

Made only for records that a result is about.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field

from exporter.mapping.mapping import trace_record
from exporter.mapping.model import Origin
from exporter.plan.model import ClassPlan, Plan
from exporter.problems import KeyPath
from exporter.records.record import Record
from exporter.records.values import Value
from exporter.terms import RDF_TYPE, Term
from exporter.validation.paths import PathSource, path_steps

_TYPE = str(RDF_TYPE)


@dataclass(frozen=True, slots=True)
class Reached:
    """A node at the end of a path, and the last statement on the way to it that this record makes."""

    node: str
    holder: str
    predicate: str
    origin: Origin


@dataclass
class TracedRecord:
    """What one record says, by subject, terms in N-Triples syntax."""

    record: Record
    plan: Plan
    pairs: dict[str, list[tuple[str, str, Origin]]] = field(default_factory=dict)
    homes: dict[str, Origin] = field(default_factory=dict)

    def follow(self, graph: PathSource, path: Term, start: str) -> list[Reached]:
        """Follow a path from a node as far as this record goes."""
        ends = [Reached(start, start, "", self.homes.get(start, Origin(())))]
        for step in path_steps(graph, path):
            ends = [reached for end in ends for reached in self.one_step(end, step)]
        return ends

    def one_step(self, end: Reached, step: tuple[frozenset[str], bool]) -> Iterator[Reached]:
        """Take one step of a path, or as many as it allows."""
        predicates, closure = step
        queue, seen = [end], {end.node}
        for current in queue:
            for predicate, value, origin in self.pairs.get(current.node, ()):
                if predicate in predicates:
                    reached = Reached(value, current.node, predicate, origin)
                    yield reached
                    if closure and value not in seen:
                        seen.add(value)
                        queue.append(reached)

    def find(self, subject: str, predicate: str, value: str | None = None) -> list[Origin]:
        """Give the origins of a subject's statements with a predicate, perhaps with one value only."""
        return [origin for p, v, origin in self.pairs.get(subject, ()) if p == predicate and value in (None, v)]

    def keys(self, subject: str, predicate: str) -> list[KeyPath]:
        """Say which key paths of a resource's map feed a property, by the plan."""
        types = {value for p, value, _ in self.pairs.get(subject, ()) if p == _TYPE}
        paths: dict[KeyPath, None] = {}
        for of in self.plan.classes.values():
            if str(of.iri) in types:
                paths.update(dict.fromkeys(_sources(of, predicate)))
        return list(paths)

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


def trace(record: Record, plan: Plan) -> TracedRecord:
    """Map a record with origins and index what it says."""
    mapped = trace_record(record, plan)
    traced = TracedRecord(record, plan)
    blocks = [*zip(mapped.blocks, mapped.origins, strict=True), *zip(mapped.shared, mapped.shared_origins, strict=True)]
    for block, origins in blocks:
        subject = str(block.subject)
        rows = traced.pairs.setdefault(subject, [])
        for (predicate, value), origin in zip(block.pairs, origins, strict=True):
            rows.append((str(predicate), str(value), origin))
            if predicate == RDF_TYPE:
                traced.homes.setdefault(subject, origin)
        if origins:
            traced.homes.setdefault(subject, origins[0])
    return traced


def _sources(of: ClassPlan, predicate: str) -> Iterator[KeyPath]:
    for step in of.steps:
        if str(step.predicate) == predicate:
            yield from step.sources
