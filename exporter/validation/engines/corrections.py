"""What pySHACL does otherwise than SHACL asks, and what is put in its place in the process that runs it.

A part that a new version of pySHACL calls by another name is an error of every run, never a silence.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from pyshacl.constraints.core import property_pair_constraints, value_constraints, value_range_constraints
from rdflib import XSD, Literal
from rdflib.term import Node, bind

from exporter.language.datatypes import is_ill_typed
from exporter.validation.engines.comparing import order


def install() -> None:
    """Put the parts in their places."""
    _read_strictly()
    # rdflib holds no year before 1, knows few datatypes, and reads leniently.
    _replace(Literal, "ill_typed", property(lambda literal: not _is_well_typed(literal, literal.datatype)))
    _replace(value_constraints.DatatypeConstraintComponent, "_assert_actual_datatype", staticmethod(_is_well_typed))
    _replace(value_range_constraints, "compare_literal", _compare)
    _replace(property_pair_constraints.LessThanConstraintComponent, "_compare_lt", _pairs(lambda found: found < 0))
    _replace(property_pair_constraints.LessThanOrEqualsConstraintComponent, "_compare_ltoe", _pairs(lambda found: found <= 0))
    for name in ("__lt__", "__le__"):
        _replace(Literal, name, _false_of_nan(getattr(Literal, name)))


_INTEGERS = (
    *("integer", "long", "int", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger", "negativeInteger"),
    *("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte"),
)
_INTEGER = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")


def _read_strictly() -> None:
    """Have rdflib take no text for a number that XML Schema takes for none: ` 1` as an integer, `1e3` as a decimal."""
    for name in _INTEGERS:
        bind(XSD[name], int, constructor=_strict(int, _INTEGER), datatype_specific=True)
    bind(XSD.decimal, Decimal, constructor=_strict(Decimal, _DECIMAL), datatype_specific=True)


def _strict(read: Callable[[str], Any], form: re.Pattern[str]) -> Callable[[str], Any]:
    def construct(text: str) -> Any:  # noqa: ANN401 - whatever `read` gives
        if form.fullmatch(text) is None:
            raise ValueError(text)
        return read(text)

    return construct


def _is_well_typed(literal: Literal, datatype: Node | None) -> bool:
    name = str(datatype or XSD.string)
    return not name.startswith(str(XSD)) or not is_ill_typed(name.removeprefix(str(XSD)), str(literal))


def _replace(home: object, name: str, part: object) -> None:
    if not hasattr(home, name):
        raise AttributeError(f"this version of pySHACL is not known: it has no {name}")
    setattr(home, name, part)


def _order(one: Node, other: Node) -> int | None:
    """Compare two terms as SPARQL does; only literals without a language can be compared."""
    if not (isinstance(one, Literal) and isinstance(other, Literal)) or one.language or other.language:
        return None
    return order((str(one), str(one.datatype or XSD.string)), (str(other), str(other.datatype or XSD.string)))


def _compare(one: Literal, other: Literal) -> int:
    found = _order(one, other)
    if found is None:
        raise TypeError("the two can't be compared")
    return found


def _false_of_nan(compare: Callable[[Literal, Any], bool]) -> Callable[[Literal, Any], bool]:
    """Make a comparison that is never true of NaN, as SPARQL has it; rdflib takes what is not above NaN to be below it."""

    def compared(one: Literal, other: Any) -> bool:  # noqa: ANN401 - as rdflib's
        values = (one.value, getattr(other, "value", None))
        return not any(isinstance(value, float) and math.isnan(value) for value in values) and compare(one, other)

    return compared


def _pairs(wanted: Callable[[int], bool]) -> Callable[..., tuple[bool, list[Any]]]:
    """Make the method that compares every value with every other: a result for each pair that is not in order."""

    def compare(self: Any, values: Iterable[Node], others: Iterable[Node], datagraph: Any, focus: Node) -> tuple[bool, list[Any]]:  # noqa: ANN401 - pySHACL's
        reports = [
            self.make_v_result(datagraph, focus, value_node=value)
            for value in values
            for other in others
            if (found := _order(value, other)) is None or not wanted(found)
        ]
        return bool(reports), reports

    return compare
