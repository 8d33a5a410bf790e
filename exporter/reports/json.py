"""Reports for programs: `json`, one document, and `jsonl`, a line per problem."""

from __future__ import annotations

import json
from collections.abc import Iterator

from exporter.policy.fingerprints import fingerprints
from exporter.problems import Location, Problem, ShaclDetail
from exporter.reports.context import Findings, ReportContext

FORMAT_VERSION = 1
"""Counts up when a field changes its meaning or goes; new fields may come at any time."""


def document(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write one object: the counts, then the problems."""
    summary = {
        "total": findings.total,
        **{level.value: count for level, count in findings.counts.items()},
        "files": findings.files,
        "checked": context.checked,
        "notListed": findings.hidden,
        "notes": list(context.notes),
    }
    problems = [
        describe(problem, name) for problem, name in zip(findings.listed, fingerprints(findings.listed, context.source), strict=True)
    ]
    head = {"tool": "owltype", "version": context.version, "formatVersion": FORMAT_VERSION, **_failure(context)}
    report = {**head, "summary": summary, "problems": problems}
    yield json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def lines(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write an object a line; where the report is cut, one that has `notListed` alone, and where there was no run, one with `failure`."""
    for problem, name in zip(findings.listed, fingerprints(findings.listed, context.source), strict=True):
        yield json.dumps(describe(problem, name), ensure_ascii=False) + "\n"
    if findings.hidden:
        yield json.dumps({"notListed": findings.hidden}) + "\n"
    if context.failure is not None:
        yield json.dumps(_failure(context), ensure_ascii=False) + "\n"


def _failure(context: ReportContext) -> dict[str, str]:
    return {} if context.failure is None else {"failure": context.failure}


def describe(problem: Problem, name: str) -> dict[str, object]:
    """Give a problem as JSON has it: no field without a value."""
    fields: dict[str, object] = {
        **_place(problem.location),
        "severity": problem.severity.value,
        "code": problem.code,
        "key": problem.key,
        "keyPath": list(problem.key_path),
        "message": problem.message,
        "help": problem.help,
        "related": [_place(place) for place in problem.related],
        "shacl": _shacl(problem.shacl) if problem.shacl else None,
        "fingerprint": name,
    }
    return {key: value for key, value in fields.items() if value not in (None, "", [])}


def _place(place: Location) -> dict[str, object]:
    fields = {"file": place.path, "line": place.line, "column": place.column, "endLine": place.end_line, "endColumn": place.end_column}
    return {key: value for key, value in fields.items() if value is not None}


def _shacl(detail: ShaclDetail) -> dict[str, object]:
    fields = {
        "focusNode": detail.focus_node,
        "path": detail.path,
        "value": detail.value,
        "component": detail.component,
        "shape": detail.shape,
        "shapeLocation": _place(detail.shape_location) if detail.shape_location else None,
    }
    return {key: value for key, value in fields.items() if value is not None}
