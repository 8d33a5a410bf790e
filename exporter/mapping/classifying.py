"""Which class a record is of: by the labels in its type key, by its place in a data file, or by its path."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from exporter.language.datatypes import lexical_form
from exporter.mapping.model import Finding, Unmapped
from exporter.plan.combining import combined
from exporter.plan.model import ClassPlan, Plan
from exporter.problems import KeyPath
from exporter.records.record import Record
from exporter.records.values import Value, look_up
from exporter.text import enumerate_names, nearest, quote, write_pair


class Classified(NamedTuple):
    """The class of a record, and the labels that no class claims beside the one that did."""

    of: ClassPlan
    unclaimed: tuple[Unmapped, ...] = ()


class Classifier:
    """Says the class of records by one plan; classes that records have together are put together once."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._together: dict[tuple[str, ...], ClassPlan] = {}

    def classify(self, record: Record) -> Classified | Finding | None:
        """Give a record's class, or what is to be said where it has none; None where such records are left out."""
        found = self._found(record)
        return None if isinstance(found, Finding) and self._plan.skips_unclaimed else found

    def _found(self, record: Record) -> Classified | Finding:
        plan = self._plan
        value = look_up(record.front_matter, plan.type_path) if plan.labels else None
        if type(value) is str and (known := plan.labels.get(value)) is not None:
            return Classified(known)
        if value is not None and value != "":
            labels = [(at, label) for at, label in _labels(value, plan.type_path) if label is not None and label != ""]
            if labels:
                return self._by_labels(labels, record)
        if record.item is not None:
            return Classified(plan.classes[record.item.class_iri])
        by_path = next((of for glob, of in plan.files if glob.fullmatch(record.path)), plan.default_class)
        return Classified(by_path) if by_path else self._no_class(record)

    def _by_labels(self, labels: Sequence[tuple[KeyPath, Value]], record: Record) -> Classified | Finding:
        claimed: dict[str, ClassPlan] = {}
        unclaimed: list[Unmapped] = []
        for at, label in labels:
            known = None if isinstance(label, (dict, list)) or label is None else self._plan.labels.get(lexical_form(label))
            if known is None:
                unclaimed.append(Unmapped(at, label))
            else:
                claimed.setdefault(known.iri.value, known)
        if not claimed:
            return self._unknown(labels, record)
        near = [of for of in claimed.values() if not any(_is_above(of, other) for other in claimed.values())]
        of = near[0] if len(near) == 1 else self._combined(near)
        return Classified(of, () if of.reads_type else tuple(unclaimed))

    def _combined(self, plans: Sequence[ClassPlan]) -> ClassPlan:
        key = tuple(of.iri.value for of in plans)
        found = self._together.get(key)
        if found is None:
            found = self._together[key] = combined(plans, self._plan.type_path)
        return found

    def _unknown(self, labels: Sequence[tuple[KeyPath, Value]], record: Record) -> Finding:
        """Say of labels, or of what stands in their place, that no class claims any."""
        path, key = self._plan.type_path, self._plan.type_key
        kinds = ["a map" if isinstance(label, dict) else "a list" for _, label in labels if isinstance(label, (dict, list))]
        if kinds:
            at = labels[0][0] if len(labels) == 1 else path
            return Finding("MAP-TYPE-UNKNOWN", at, f"the key {key!r} holds {kinds[0]}, and one label is expected", help=self._help(record))
        texts = [lexical_form(label) for _, label in labels if label is not None and not isinstance(label, (dict, list))]
        near = next(filter(None, (nearest(text, self._plan.labels) for text in texts)), None)
        help_ = f"did you mean {near!r}?" if near else self._help(record)
        message = f"no class of the ontology has the {key} {enumerate_names(map(quote, texts))}"
        return Finding("MAP-TYPE-UNKNOWN", path, message, help=help_)

    def _no_class(self, record: Record) -> Finding:
        path = self._plan.type_path
        place = path if _stands_in(record.front_matter, path) else ()
        message = f"the key {self._plan.type_key!r} is missing or empty, so the record has no class"
        return Finding("MAP-TYPE-MISSING", place, message, help=self._help(record))

    def _help(self, record: Record) -> str:
        if not self._plan.labels:
            return "no class of the ontology has a map:owlType; its map:files say which files are records"
        quoted = map(quote if record.syntax in ("toml", "json") else repr, self._plan.labels)
        return f"add {write_pair(self._plan.type_key, enumerate_names(quoted), record.syntax)}"


def _labels(value: Value, path: KeyPath) -> list[tuple[KeyPath, Value]]:
    return [((*path, i), item) for i, item in enumerate(value)] if isinstance(value, list) else [(path, value)]


def _is_above(of: ClassPlan, other: ClassPlan) -> bool:
    """Whether a class is a superclass of another, and not the same by a circle."""
    return of.iri.value in other.superclasses and other.iri.value not in of.superclasses


def _stands_in(map_: Value, path: KeyPath) -> bool:
    """Whether the last key of a path is written, whatever it holds."""
    parent, last = look_up(map_, path[:-1]), path[-1]
    return isinstance(parent, dict) and last in parent
