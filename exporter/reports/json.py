"""Reports for programs: `json`, one document, and `jsonl`, a line per problem."""

from __future__ import annotations

import json
from collections.abc import Iterator

from exporter.policy.fingerprints import fingerprints
from exporter.problems.json import to_json
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
    names = fingerprints(findings.listed, context.source)
    problems = [{**to_json(problem), "fingerprint": name} for problem, name in zip(findings.listed, names, strict=True)]
    head = {"tool": "owltype", "version": context.version, "formatVersion": FORMAT_VERSION, **_failure(context)}
    report = {**head, "summary": summary, "problems": problems}
    yield json.dumps(report, ensure_ascii=False, indent=2) + "\n"


def lines(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write an object a line; where the report is cut, one that has `notListed` alone, and where nothing ran, one with `failure`."""
    for problem, name in zip(findings.listed, fingerprints(findings.listed, context.source), strict=True):
        yield json.dumps({**to_json(problem), "fingerprint": name}, ensure_ascii=False) + "\n"
    if findings.hidden:
        yield json.dumps({"notListed": findings.hidden}) + "\n"
    if context.failure is not None:
        yield json.dumps(_failure(context), ensure_ascii=False) + "\n"


def _failure(context: ReportContext) -> dict[str, str]:
    return {} if context.failure is None else {"failure": context.failure}
