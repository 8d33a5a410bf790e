"""Comparing front matter as it was read with what a graph gives back, value by value."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from exporter.language.datatypes import lexical_form
from exporter.plan.model import ClassPlan, Plan
from exporter.problems import KeyPath, key_names
from exporter.records.values import Leaf, Value, leaves
from exporter.recovery.reasons import NOTHING, ORDER, PAIRING, REPEATED, SEVERAL_KEYS, SHARED, LossReason, explain

_Names = tuple[str, ...]


def compare(
    plan: Plan, of: ClassPlan, read: dict[str, Value], made: dict[str, Value], backward: dict[str, Value]
) -> Iterator[tuple[KeyPath, LossReason | None]]:
    """Yield each value that was read with why it does not come back; None where it does, in the characters that were typed.

    `backward` is what is made again where the values of each property are taken in the opposite order.
    """
    back, other = _texts(made), _texts(backward)
    held: dict[_Names, list[Leaf]] = {}
    for path, value in leaves(read):
        if value is None or value == "":
            yield path, NOTHING
        else:
            held.setdefault(key_names(path), []).append((path, value))
    for names, found in held.items():
        texts = back.get(names, [])
        yield from _compare_key(plan, of, found, texts, ordered=texts == other.get(names, []))


def _texts(made: dict[str, Value]) -> dict[_Names, list[str]]:
    """Give the scalars under each key, whichever items of lists they stand in."""
    texts: dict[_Names, list[str]] = {}
    for path, value in leaves(made):
        if value is not None and not isinstance(value, (dict, list)):
            texts.setdefault(key_names(path), []).append(lexical_form(value))
    return texts


def _compare_key(
    plan: Plan, of: ClassPlan, found: list[Leaf], back: list[str], *, ordered: bool
) -> Iterator[tuple[KeyPath, LossReason | None]]:
    """Compare all values under one key."""
    typed = [lexical_form(value) for _, value in found if value is not None and not isinstance(value, (dict, list))]
    left, wanted = Counter(back), Counter(typed)
    seen: Counter[str] = Counter()
    for (path, _), text in zip(found, typed, strict=True):
        seen[text] += 1
        if left == wanted:
            yield path, None if ordered and typed == back else _moved(plan, of, path)
        elif seen[text] <= left[text]:
            yield path, None if left.total() <= wanted.total() else _among_others(plan, of, path)
        elif left[text]:
            yield path, REPEATED
        elif not ordered:
            yield path, _moved(plan, of, path)
        else:
            yield path, explain(plan, of, path)


def _moved(plan: Plan, of: ClassPlan, path: KeyPath) -> LossReason:
    """Say why values come back in another order: alone, or with it goes which of several keys belong together."""
    found = explain(plan, of, path)
    return found if found == PAIRING else ORDER


def _among_others(plan: Plan, of: ClassPlan, path: KeyPath) -> LossReason:
    """Say why more comes back than was typed."""
    found = explain(plan, of, path)
    return found if found == SHARED else SEVERAL_KEYS
