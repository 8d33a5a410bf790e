"""The line that each statement of a record comes from: the record is mapped once more, with the origin of every statement."""

from __future__ import annotations

from collections.abc import Mapping

from exporter.errors import ExporterError
from exporter.mapping.mapping import trace_record
from exporter.pages.graph import RecordPlace
from exporter.plan.model import Plan
from exporter.project import Project
from exporter.validation.results.tracing import TracedRecord


def find_lines(project: Project, plan: Plan, place: RecordPlace, subjects: list[str]) -> Mapping[tuple[str, str], int]:
    """Give, for IRIs of resources and of properties that a record speaks of, the line of the first value.

    What is looked up in other records has the line of the reference. Nothing for a record that can't be read any more.
    """
    try:
        record = project.reader(plan).record(place.path, place.item)
        if record is None:
            return {}
        traced = TracedRecord(record, trace_record(record, plan), plan)
    except (ExporterError, OSError):
        return {}
    lines: dict[tuple[str, str], int] = {}
    for subject in subjects:
        for predicate, _, origin in traced.pairs(f"<{subject}>"):
            key = (subject, predicate[1:-1])
            if key not in lines:
                lines[key] = traced.positions.locate(origin.key_path, span=origin.span).line
    return lines
