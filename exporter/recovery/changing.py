"""Changes: the smallest edits of a record's front matter after which the graph gives back something else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from exporter.edits.editing import AddValue, ChangeValue, Edit, RemoveValue
from exporter.language.datatypes import json_text, lexical_form
from exporter.problems import KeyPath
from exporter.records.values import Value, leaves

Keys = Mapping[str, Value]


def find_changes(read: Keys, before: Keys, after: Keys, path: KeyPath = ()) -> Iterator[Edit]:
    """Yield the edits of what was read, by what a graph gave back `before` and gives back `after`; keys in which these agree are left.

    >>> list(find_changes({"tags": ["b", "a"], "x": 1}, {"tags": ["a", "b"]}, {"tags": ["a", "c"]}))
    [ChangeValue(path=('tags', 0), value='c')]
    """
    for key in dict.fromkeys((*before, *after)):
        old, new = before.get(key), after.get(key)
        if json_text(old) != json_text(new):
            yield from _change(read.get(key), old, new, (*path, key), present=key in read)


def whole_changes(read: Keys, before: Keys, after: Keys) -> Iterator[Edit]:
    """Yield edits that put the whole value of each key that differs in place of what was read."""
    for key in dict.fromkeys((*before, *after)):
        new = after.get(key)
        if json_text(before.get(key)) == json_text(new):
            continue
        if new is not None:
            yield ChangeValue((key,), new) if key in read else AddValue((key,), new)
        elif key in read:
            yield RemoveValue((key,))


def _change(read: Value, old: Value, new: Value, path: KeyPath, *, present: bool) -> Iterator[Edit]:
    if new is None:
        if present:
            yield RemoveValue(path)
    elif not present:
        yield AddValue(path, new)
    elif isinstance(read, dict):
        yield from _change_map(read, old, new, path)
    elif isinstance(read, list) and read:
        yield from _change_items(read, old, new, path)
    elif isinstance(old, dict) and isinstance(new, dict) and read is not None:
        yield ChangeValue(path, _only_change(read, old, new))
    elif isinstance(new, list):
        yield ChangeValue(path, sorted(new, key=lambda item: _text(item) != _text(read)))
    else:
        yield ChangeValue(path, _like(read, new))


def _change_map(read: dict[str, Value], old: Value, new: Value, path: KeyPath) -> Iterator[Edit]:
    if isinstance(new, dict) and isinstance(old, dict):
        yield from find_changes(read, old, new, path)
        return
    places = [at for at, value in leaves(read) if not isinstance(old, (dict, list)) and _text(value) == _text(old)]
    if len(places) == 1 and not isinstance(new, (dict, list)):
        yield ChangeValue((*path, *places[0]), new)
    else:
        yield ChangeValue(path, new)


def _only_change(read: Value, old: dict[str, Value], new: dict[str, Value]) -> Value:
    """Give what a scalar becomes that stands for a map, where only the value changes that it stands for."""
    changed = [key for key in dict.fromkeys((*old, *new)) if json_text(old.get(key)) != json_text(new.get(key))]
    if len(changed) == len(old) == len(new) == 1 and _text(old.get(changed[0])) == _text(read):
        return _like(read, new.get(changed[0]))
    return new


def _change_items(read: list[Value], old: Value, new: Value, path: KeyPath) -> Iterator[Edit]:
    """Change, remove and add items; the others stay in the places that they have."""
    gone, come = _missing(_items(old), _items(new)), _missing(_items(new), _items(old))
    places = _places(read, gone, _missing(_items(old), gone))
    if places is None:
        yield ChangeValue(path, _merged(read, _items(new)))
        return
    for at, was, item in zip(places, gone, come, strict=False):
        here = read[at]
        if isinstance(here, dict) and isinstance(was, dict) and isinstance(item, dict):
            yield from find_changes(here, was, item, (*path, at))
        else:
            yield ChangeValue((*path, at), _like(here, item))
    for at in sorted(places[len(come) :], reverse=True):
        yield RemoveValue((*path, at))
    kept = len(read) - max(len(gone) - len(come), 0)
    for number, item in enumerate(come[len(gone) :]):
        yield AddValue((*path, kept + number), _like(read[-1], item))


def _places(read: list[Value], gone: list[Value], kept: list[Value]) -> list[int] | None:
    """Find the places of items that are gone; one that is written otherwise is the one that stands for nothing else.

    None where that does not tell.
    """
    places = [_place(read, item, set()) for item in kept]
    taken = {at for at in places if at is not None}
    found: list[int | None] = []
    for item in gone:
        found.append(at := _place(read, item, taken))
        taken |= set() if at is None else {at}
    free = [at for at in range(len(read)) if at not in taken]
    if None in places or found.count(None) > 1 or (None in found and len(free) != 1):
        return None
    return [free[0] if at is None else at for at in found]


def _place(read: list[Value], item: Value, taken: set[int]) -> int | None:
    return next((at for at, value in enumerate(read) if at not in taken and _holds(value, item)), None)


def _merged(read: list[Value], new: list[Value]) -> list[Value]:
    """Give new items; those that stood there before as they are written, and first."""
    left = [*new]
    stayed: list[Value] = []
    for value in read:
        same = next((item for item in left if _holds(value, item)), None)
        if same is not None:
            left.remove(same)
            stayed.append(value)
    return [*stayed, *left]


def _items(value: Value) -> list[Value]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _missing(items: list[Value], others: list[Value]) -> list[Value]:
    """Give the items that the others don't have, as often as they are more."""
    left = [_text(other) for other in others]
    missing: list[Value] = []
    for item in items:
        if (text := _text(item)) in left:
            left.remove(text)
        else:
            missing.append(item)
    return missing


def _holds(read: Value, item: Value) -> bool:
    """Whether a value says all that a graph gave back of it; it may say more, which is not in the graph."""
    if isinstance(read, dict) and isinstance(item, dict):
        return all(key in read and _holds(read[key], value) for key, value in item.items())
    if isinstance(read, list) and isinstance(item, list):
        return len(read) == len(item) and all(any(_holds(each, value) for each in read) for value in item)
    return _text(read) == _text(item)


def _text(value: Value) -> str:
    return json_text(value) if isinstance(value, (dict, list)) or value is None else lexical_form(value)


def _like(read: Value, new: Value) -> Value:
    """Write a number or a truth value in quotes where one stood in quotes before, and without them where it had none."""
    if isinstance(new, (dict, list)) or new is None:
        return new
    if type(read) is str:
        return lexical_form(new)
    whole = type(read) is int and type(new) is str and new.isascii() and new.isdigit() and len(new) <= 18
    return int(new) if whole and str(int(new)) == new else new
