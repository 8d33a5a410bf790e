"""The tree of the keys that a class covers."""

from __future__ import annotations

from exporter.plan.model import ClassPlan, KeyNode
from exporter.problems import KeyPath


def grow(plan: ClassPlan) -> None:
    """Cover the keys that the class's steps read."""
    for step in plan.steps:
        for path in step.sources:
            if isinstance(path[0], str) and path[0].startswith("@"):
                continue
            node = _reach(plan.keys, path)
            # conversions make other maps of a value; mapping looks into those itself
            made = [] if step.conversions or step.each else [v.of for v in step.values if v.of is not None and v.kind == "resource"]
            if made:
                node.classes += made
            else:
                node.whole = True
        for template in (step.value, step.base):
            for variable in template.variables if template else ():
                if variable.scope == "map":
                    _reach(plan.keys, variable.path).whole = True
    for variable in plan.template.variables if plan.template else ():
        if variable.scope == "map":
            _reach(plan.keys, variable.path).whole = True


def cover_from_below(plan: ClassPlan) -> None:
    """Cover the record's keys that templates of nested classes read as `{record.KEY}`."""
    seen: set[str] = set()
    queue = [plan]
    for of in queue:
        if of.iri.value in seen:
            continue
        seen.add(of.iri.value)
        queue += [value.of for step in of.steps for value in step.values if value.of is not None and value.kind == "resource"]
        for template in (of.template, *(t for step in of.steps for t in (step.value, step.base))):
            for variable in template.variables if template else ():
                if variable.scope == "record":
                    _reach(plan.keys, variable.path).whole = True


def _reach(node: KeyNode, path: KeyPath) -> KeyNode:
    for part in path:
        node = node.children.setdefault(part, KeyNode())
    return node


def covered_paths(plan: ClassPlan) -> list[KeyPath]:
    """List the key paths that a class covers, nested classes' too, without list positions."""
    found: dict[KeyPath, None] = {}

    def visit(node: KeyNode, path: KeyPath, classes: tuple[str, ...]) -> None:
        for key, child in node.children.items():
            here = (*path, key) if isinstance(key, str) else path
            found[here] = None
            visit(child, here, classes)
        for of in node.classes:
            if of.iri.value not in classes:
                visit(of.keys, path, (*classes, of.iri.value))

    visit(plan.keys, (), (plan.iri.value,))
    return list(found)
