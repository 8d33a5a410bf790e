"""Which edits make of what was read what a graph gives back: the smallest, in the places that values have."""

from __future__ import annotations

import pytest

from exporter.edits.editing import AddValue, ChangeValue, Edit, RemoveValue
from exporter.records.values import Value
from exporter.recovery.changing import find_changes

CASES: dict[str, tuple[Value, Value, Value, list[Edit]]] = {
    "nothing": ("a", "a", "a", []),
    "written otherwise": ("01.50", "1.5", "1.5", []),
    "a value": ("a", "a", "b", [ChangeValue(("k",), "b")]),
    "in quotes before": ("7", 7, 8, [ChangeValue(("k",), "8")]),
    "without quotes before": (7, "7", "8", [ChangeValue(("k",), 8)]),
    "gone": ("a", "a", None, [RemoveValue(("k",))]),
    "an item": (["b", "a"], ["a", "b"], ["a", "c"], [ChangeValue(("k", 0), "c")]),
    "an item more": (["b", "a"], ["a", "b"], ["a", "b", "c"], [AddValue(("k", 2), "c")]),
    "items fewer": (["c", "b", "a"], ["a", "b", "c"], ["b"], [RemoveValue(("k", 2)), RemoveValue(("k", 0))]),
    "an item written otherwise": (["b", "https://e.org/c/"], ["b", "c"], ["a", "b"], [ChangeValue(("k", 1), "a")]),
    "items written otherwise": (["B", "b", "C"], ["b", "c", "d"], ["b", "e"], [ChangeValue(("k",), ["b", "e"])]),
    "an item twice": (["a", "b"], ["a", "a", "b"], ["a", "b", "c"], [ChangeValue(("k",), ["a", "b", "c"])]),
    "of one several": ("b", "b", ["a", "b"], [ChangeValue(("k",), ["b", "a"])]),
    "in a map": ({"x": 1, "y": 2}, {"y": 2}, {"y": 3}, [ChangeValue(("k", "y"), 3)]),
    "in a map of a list": ([{"y": 1, "x": 9}], [{"x": 9, "y": 1}], [{"x": 9, "y": 2}], [ChangeValue(("k", 0, "y"), 2)]),
    "a map for its value": ("u", {"href": "u"}, {"href": "v"}, [ChangeValue(("k",), "v")]),
    "a value for its map": ({"href": "u"}, "u", "v", [ChangeValue(("k", "href"), "v")]),
    "nothing before": (None, None, "a", [ChangeValue(("k",), "a")]),
}


@pytest.mark.parametrize("name", CASES)
def test_smallest_edits(name: str) -> None:
    read, before, after, edits = CASES[name]
    of_before, of_after = ({"k": value} if value is not None else {} for value in (before, after))
    assert list(find_changes({"k": read}, of_before, of_after)) == edits
