"""Classes that a record has together: the first gives its IRI and block, the others add their types and what they read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from exporter.plan.keytree import cover_answers, cover_from_below, cover_positions, cover_type, grow, note_covered
from exporter.plan.model import ClassPlan, KeyNode
from exporter.problems import KeyPath


def combined(plans: Sequence[ClassPlan], type_path: KeyPath) -> ClassPlan:
    """Put classes together that are not above each other. A property that several of them read is read by the first of these."""
    first = plans[0]
    steps = list(first.steps)
    for of in plans[1:]:
        read = {step.predicate for step in steps}
        steps += [step for step in of.steps if step.predicate not in read]
    made = replace(
        first,
        types=tuple(dict.fromkeys(type_ for of in plans for type_ in of.types)),
        steps=tuple(steps),
        keys=KeyNode(),
        answers=tuple(dict.fromkeys(answer for of in plans for answer in of.answers)),
        reads_scalar=any(of.reads_scalar for of in plans),
        adds_up=any(of.adds_up for of in plans),
    )
    for of in plans:
        _ignore(of.keys, made.keys, set())
    grow(made)
    cover_positions(made, set())
    cover_from_below(made)
    cover_answers(made)
    made.reads_type = cover_type(made, type_path)
    note_covered(made.keys, set())
    return made


def _ignore(node: KeyNode, into: KeyNode, seen: set[int]) -> bool:
    """Ignore in one tree what is ignored in another; gives whether anything is."""
    if node.ignored:
        into.whole = into.ignored = True
        return True
    if id(node) in seen:
        return False
    seen.add(id(node))
    found = False
    for key, child in node.children.items():
        below = KeyNode()
        if _ignore(child, below, seen):
            found = True
            known = into.children.setdefault(key, below)
            if known is not below:
                _ignore(child, known, set())
    return found
