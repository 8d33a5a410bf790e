"""Results that only repeat another one: what can't be compared because it is of the wrong datatype to begin with."""

from __future__ import annotations

from collections.abc import Sequence

from exporter.terms import SH
from exporter.validation.results import Result

_DATATYPE = SH + "DatatypeConstraintComponent"
_COMPARING = frozenset(
    SH + name + "ConstraintComponent"
    for name in ("MinInclusive", "MaxInclusive", "MinExclusive", "MaxExclusive", "LessThan", "LessThanOrEquals")
)


def without_cascades(results: Sequence[Result]) -> list[Result]:
    """Leave out comparisons of a value that another result says is of the wrong datatype; the value is reported once, as that."""
    ill_typed = {_value(result) for result in results if result.component == _DATATYPE}
    return [result for result in results if result.component not in _COMPARING or _value(result) not in ill_typed]


def _value(result: Result) -> tuple[str, str | None, str | None]:
    return result.focus_node, result.path, result.value
