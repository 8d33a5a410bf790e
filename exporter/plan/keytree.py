"""The tree of the keys that a class covers."""

from __future__ import annotations

from exporter.language.keypaths import is_special
from exporter.language.templates import Template
from exporter.plan.model import ClassPlan, KeyNode, Step, ValuePlan, key_paths
from exporter.problems import KeyPath, format_key_path
from exporter.records.nodes import MAX_DEPTH

_PATHS = 5_000


def grow(plan: ClassPlan) -> None:
    """Cover the keys that the class's steps read."""
    for step in plan.steps:
        if step.entries:
            for path in step.sources:
                node = _reach(plan.keys, path)
                node.rest = node.rest or KeyNode()
                _cover(node.rest, step)
        for path in () if step.entries else step.sources:
            # of lists that are walked together `cover_positions` says which are read
            if not is_special(path) and not _walks_together(step):
                _cover(_reach(plan.keys, path), step)
        for template in step.templates:
            _cover_variables(plan, template)
    _cover_variables(plan, plan.template)


def _cover(node: KeyNode, step: Step) -> None:
    # conversions make other maps of a value; mapping looks into those itself
    made = [] if step.conversions else [read_of(v) for v in step.values if v.of is not None]
    node.classes += made
    node.whole = node.whole or not made


def read_of(value: ValuePlan) -> ClassPlan:
    """The keys that are read of a map: those of its class, or where it only refers to a record, those of the template."""
    assert value.of is not None
    if value.kind == "resource":
        return value.of
    referred = ClassPlan(value.of.iri, value.of.name, template=value.of.template)
    _cover_variables(referred, referred.template)
    return referred


def _cover_variables(plan: ClassPlan, template: Template | None) -> None:
    for variable in template.variables if template else ():
        if variable.scope == "map":
            _reach(plan.keys, variable.path).whole = True


def _walks_together(step: Step) -> bool:
    return step.each and step.values[0].kind == "resource"


def cover_positions(plan: ClassPlan, seen: set[str]) -> None:
    """Cover the lists that are walked together, as far as the class of their positions reads them."""
    if plan.iri.value in seen:
        return
    seen.add(plan.iri.value)
    for step in plan.steps:
        of = step.values[0].of
        if of is not None and _walks_together(step):
            cover_positions(of, seen)
            for path in step.sources:
                inner = of.keys.children.get(format_key_path(path)) or _found(of.keys, path)
                if inner is not None:
                    node = _reach(plan.keys, path)
                    node.whole, node.ignored = node.whole or inner.whole, node.ignored or inner.ignored
                    node.scalars = node.scalars or inner.scalars
                    node.classes += inner.classes
                    node.rest = node.rest or inner.rest
                    node.children.update(inner.children)


def cover_from_below(plan: ClassPlan) -> None:
    """Cover the record's keys that templates of nested classes read as `{record.KEY}`."""
    seen: set[str] = set()
    queue = [plan]
    for of in queue:
        if of.iri.value in seen:
            continue
        seen.add(of.iri.value)
        queue += [value.of for step in of.steps for value in step.values if value.of is not None and value.kind == "resource"]
        for template in (of.template, *(t for step in of.steps for t in step.templates)):
            for variable in template.variables if template else ():
                if variable.scope == "record":
                    _reach(plan.keys, variable.path).whole = True


def cover_answers(plan: ClassPlan) -> None:
    """Cover the keys by which values find records of the class: their scalars, whether or not a property has them too."""
    for path in (path for _, keys in plan.answers for key in keys for path in key_paths(key) if not is_special(path)):
        _reach(plan.keys, path).scalars = True


def cover_type(plan: ClassPlan, path: KeyPath) -> bool:
    """Cover the key that says the class of records; gives whether the class reads or ignores it beside that."""
    found = _found(plan.keys, path)
    above = [_found(plan.keys, path[:end]) for end in range(1, len(path))]
    is_read = (found is not None and (found.whole or bool(found.classes))) or any(node is not None and node.whole for node in above)
    _reach(plan.keys, path).whole = True
    return is_read


def note_covered(node: KeyNode, seen: set[int]) -> None:
    """Note at each node which keys are covered whole, once the tree is grown."""
    if id(node) in seen:
        return
    seen.add(id(node))
    known: dict[str | int, KeyNode] = {}
    for of in reversed(node.classes):
        known |= of.keys.children
    known |= node.children
    node.covered = frozenset(key for key, child in known.items() if child.whole)
    for child in (*node.children.values(), *([node.rest] if node.rest else ())):
        note_covered(child, seen)


def _reach(node: KeyNode, path: KeyPath) -> KeyNode:
    for part in path:
        node = node.children.setdefault(part, KeyNode())
    return node


def _found(node: KeyNode | None, path: KeyPath) -> KeyNode | None:
    for part in path:
        node = node.children.get(part) if node else None
    return node


def covered_paths(plan: ClassPlan) -> list[KeyPath]:
    """List the key paths that a class covers, nested classes' too, without list positions.

    Classes that refer to each other have more paths than anyone could list: it ends after some thousand, and where records end.
    """
    found: dict[KeyPath, None] = {}

    def visit(node: KeyNode, path: KeyPath, classes: tuple[str, ...]) -> None:
        for key, child in node.children.items():
            here = (*path, key) if isinstance(key, str) else path
            found[here] = None
            visit(child, here, classes)
        for of in node.classes:
            if len(classes) < MAX_DEPTH and len(found) < _PATHS and of.iri.value not in classes:
                visit(of.keys, path, (*classes, of.iri.value))

    visit(plan.keys, (), (plan.iri.value,))
    return list(found)
