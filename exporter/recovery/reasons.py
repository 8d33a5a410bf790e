"""Why a value would not come back from a graph: a closed list of reasons, and which one a key has by its plan."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal as OneOf

from exporter.language.keypaths import is_special
from exporter.language.templates import Variable
from exporter.mapping.mapping import IGNORE_KEY
from exporter.plan.model import ClassPlan, KeyNode, Plan, Step, key_paths
from exporter.problems import KeyPath, key_names
from exporter.recovery.inverses import GIVES_BACK, conversion_name

Kind = OneOf["on purpose", "order", "otherwise", "lost"]
"""What becomes of a value that does not come back as it was typed.

The project leaves it out; it comes back, but its place in a list does not; it comes back written otherwise, with the same statements; it
does not come back.
"""


@dataclass(frozen=True, slots=True)
class LossReason:
    """Why values don't come back as they were typed, as a phrase that goes on after a colon."""

    text: str
    kind: Kind


IGNORED = LossReason("the key is ignored on purpose (map:ignore)", "on purpose")
SUPPRESSION = LossReason(f"{IGNORE_KEY} speaks to owltype and is not data", "on purpose")
DROPPED = LossReason("keys that the ontology doesn't know are dropped (unmapped)", "on purpose")
NOTHING = LossReason("null and empty texts make no statement", "on purpose")
ORDER = LossReason("the order of a list is not in the graph, unless the property is map:ordered", "order")
NOTATION = LossReason("the same statements are made of another notation", "otherwise")
REPEATED = LossReason("a value that stands there twice is one statement", "otherwise")
NAME = LossReason("a reference comes back by another name of its record", "otherwise")
LABEL = LossReason("the record has the type of its class by another label", "otherwise")
SEVERAL_KEYS = LossReason("several keys make one property, and which one it was is not in the graph", "otherwise")
REJECTED = LossReason("the record is not in the graph", "lost")
PAIRING = LossReason("values of several maps that no class reads: which belong together is not in the graph", "lost")
BESIDE = LossReason("it stands in a map that only names another record, of which the graph has the address alone", "lost")
SHARED = LossReason("several records say it of one resource, and who said what is not in the graph", "lost")
PATTERN = LossReason("the pattern leaves parts of the text out (map:pattern)", "lost")
FILTERED = LossReason("only a template reads it, and a filter changes it there", "lost")
TEMPLATE = LossReason("only a template reads it, and what it makes is not taken apart", "lost")
MATCHED = LossReason("it only says what the record answers to (map:match)", "lost")
FIRST_ONLY = LossReason("only the first of several values is read", "lost")
ALTERED = LossReason("what the graph gives back in its place makes other statements", "lost")
UNMAPPED = LossReason("no key of its class reads it, and under its own name the graph does not say all of it", "lost")


def _conversion(step: Step) -> LossReason | None:
    lossy = [conversion for conversion in step.conversions if conversion not in GIVES_BACK]
    if not lossy:
        return None
    return LossReason(f"the conversion {conversion_name(lossy[0])} has no inverse that gives the characters back", "lost")


def explain(plan: Plan, of: ClassPlan, path: KeyPath) -> LossReason:
    """Say why the value at a key path of a record can't come back, by what reads it.

    `path` is the place in the record, list positions included.
    """
    if path[:1] == (IGNORE_KEY,):
        return SUPPRESSION
    if path[: len(plan.type_path)] == plan.type_path:
        return LABEL
    if _is_ignored(of.keys, path):
        return IGNORED
    found = _of_steps(of, path) or _of_templates(of, path)
    return found or (DROPPED if plan.policies.unmapped == "drop" else UNMAPPED)


def _is_ignored(node: KeyNode, path: KeyPath, depth: int = 0) -> bool:
    if node.ignored:
        return True
    if depth == len(path):
        return False
    part = path[depth]
    if isinstance(part, int) and part not in node.children:
        return _is_ignored(node, path, depth + 1)
    below = [child for child in (node.children.get(part), *(of.keys.children.get(part) for of in node.classes)) if child is not None]
    return any(_is_ignored(child, path, depth + 1) for child in below)


def _of_steps(of: ClassPlan, path: KeyPath) -> LossReason | None:
    """Give the reason that the first step has which reads the value, at any depth of classes."""
    while path and isinstance(path[0], int):
        path = path[1:]  # an item of the list of its resources
    for step in of.steps:
        for source in step.sources:
            names = key_names(source)
            if is_special(source) or key_names(path)[: len(names)] != names:
                continue
            if (found := _of_step(of, step, source, path)) is not None:
                return found
    return None


def _of_step(of: ClassPlan, step: Step, source: KeyPath, path: KeyPath) -> LossReason | None:
    rest = _after(path, source)
    within = path[: len(path) - len(rest)]
    if any(isinstance(part, int) for part in within[:-1]) and not any(isinstance(part, int) for part in source):
        return PAIRING
    if (lossy := _conversion(step)) is not None:
        return lossy
    if step.conversions:
        return NOTATION
    for value in step.values:
        if value.kind == "reference" and value.of is not None:
            variables = value.of.template.variables if value.of.template else ()
            named = not key_names(rest) or any(key_names(variable.path) == key_names(rest) for variable in variables)
            return NAME if named else BESIDE
        if value.kind == "resource" and value.of is not None:
            if key_names(rest) and (found := _of_steps(value.of, rest) or _of_templates(value.of, rest)) is not None:
                return SHARED if found is NOTATION and value.of.template is not None else found
            if value.of.pattern is not None and not key_names(rest):
                return PATTERN
            if value.of.template is not None:
                return SHARED
    same = sum(other.predicate == step.predicate for other in of.steps)
    return SEVERAL_KEYS if len(step.sources) > 1 or same > 1 else NOTATION if not key_names(rest) else None


def _after(path: KeyPath, source: KeyPath) -> KeyPath:
    """Give what of a path stands below the key that a step reads."""
    names = len(key_names(source))
    for at, part in enumerate(path):
        if names == 0:
            return path[at:]
        names -= isinstance(part, str)
    return ()


def _of_templates(of: ClassPlan, path: KeyPath) -> LossReason | None:
    names = key_names(path)
    templates = [*([of.template] if of.template else []), *(template for step in of.steps for template in step.templates)]
    variables = [variable for template in templates for variable in template.variables]
    reading = [variable for variable in variables if variable.scope in {"map", "record"} and key_names(variable.path) == names]
    below = [value.of for step in of.steps for value in step.values if value.of is not None and value.kind == "resource"]
    borrowed = [variable for inner in below for variable in _borrowed(inner) if key_names(variable.path) == names]
    found = [*reading, *borrowed]
    if borrowed and not reading:
        return SHARED
    if found:
        return FILTERED if all(variable.filters for variable in found) else TEMPLATE
    if any(names == key_names(key) for match in of.match for key in key_paths(match)):
        return MATCHED
    return None


def _borrowed(of: ClassPlan) -> list[Variable]:
    templates = [*([of.template] if of.template else []), *(template for step in of.steps for template in step.templates)]
    return [variable for template in templates for variable in template.variables if variable.scope == "record"]
