"""What an engine says about one value: the same for every engine, comparable and sortable."""

from __future__ import annotations

from dataclasses import dataclass, field

from exporter.rdf.terms import SH

SEVERITIES = {SH + "Violation": "error", SH + "Warning": "warning", SH + "Info": "info"}
"""SHACL's severities and ours; a severity of the user's own counts as a violation."""


@dataclass(frozen=True, slots=True)
class ValidationResult:
    """One validation result (SHACL, section 3.6.2): terms in N-Triples syntax, the path in property-path syntax.

    `source_shape` is an IRI, for a blank shape the one that `ShapesGraph` gave it. `messages` are the shape's own, never an
    engine's. `details` are the leaf causes of a result that only says that nested shapes failed, a tuple for each alternative.
    A leaf cause that stands in the place of such a result has it as `within`. `times` counts equal results that people see as one.
    """

    focus_node: str
    path: str | None
    value: str | None
    component: str
    severity: str
    source_shape: str
    messages: tuple[str, ...] = ()
    details: tuple[tuple[ValidationResult, ...], ...] = field(default=(), compare=False)
    within: ValidationResult | None = field(default=None, compare=False)
    times: int = field(default=1, compare=False)

    @property
    def context(self) -> tuple[str, ...]:
        """The messages of the shapes around a leaf cause, the nearest first."""
        return () if self.within is None else (*self.within.messages, *self.within.context)

    @property
    def sort_key(self) -> tuple[str, ...]:
        """Results are sorted by focus node, path, value, component and shape."""
        return (self.focus_node, self.path or "", self.value or "", self.component, self.source_shape, self.severity, *self.messages)


def ordered(results: list[ValidationResult]) -> tuple[ValidationResult, ...]:
    """Sort results, so that engines can be compared and reports do not depend on them."""
    return tuple(sorted(results, key=lambda result: result.sort_key))
