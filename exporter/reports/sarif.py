"""The `sarif` report: SARIF 2.1.0 for code scanning services (https://docs.oasis-open.org/sarif/sarif/v2.1.0/)."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from exporter.explanations import explain
from exporter.policy.fingerprints import VERSION, fingerprints
from exporter.problems import Location, Problem, Severity, TextFix
from exporter.problems.codes import CODES
from exporter.reports.context import Findings, ReportContext

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def document(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write one run with its rules, results and, where the report is cut, a notification."""
    codes = sorted({problem.code for problem in findings.listed})
    index = {code: number for number, code in enumerate(codes)}
    results = [
        _result(problem, index, name) for problem, name in zip(findings.listed, fingerprints(findings.listed, context.source), strict=True)
    ]
    run = {
        "tool": {"driver": {"name": "owltype", "version": context.version, "rules": _rules(codes)}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": context.failure is None, **_notifications(findings, context)}],
        "results": results,
    }
    sarif = {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}
    yield json.dumps(sarif, ensure_ascii=False, indent=2) + "\n"


def _rules(codes: Sequence[str]) -> list[dict[str, object]]:
    rules: list[dict[str, object]] = []
    for code in codes:
        if code not in CODES:
            rules.append({"id": code})
            continue
        entry = explain(code)
        examples = f"Bad:\n\n{_fence(entry.bad)}\n\nGood:\n\n{_fence(entry.good)}"
        rules.append(
            {
                "id": code,
                "shortDescription": {"text": entry.title},
                "fullDescription": {"text": entry.text},
                "help": {"text": f"{entry.text}\n\n{examples}", "markdown": f"{entry.text}\n\n{examples}"},
                "defaultConfiguration": {"level": _LEVELS[entry.severity]},
            }
        )
    return rules


def _fence(text: str) -> str:
    return f"````\n{text.rstrip()}\n````"


def _result(problem: Problem, index: dict[str, int], name: str) -> dict[str, object]:
    place: dict[str, object] = {"physicalLocation": _physical(problem.location)}
    if problem.key:
        place["logicalLocations"] = [{"fullyQualifiedName": problem.key, "kind": "property"}]
    text = f"{problem.key}: {problem.message}" if problem.key else problem.message
    result: dict[str, object] = {
        "ruleId": problem.code,
        "ruleIndex": index[problem.code],
        "level": _LEVELS[problem.severity],
        "message": {"text": f"{text}\n{problem.help}" if problem.help else text},
        "locations": [place],
        "partialFingerprints": {VERSION: name},
    }
    related = _related(problem)
    if related:
        result["relatedLocations"] = related
    if problem.fixes:
        result["fixes"] = [_fix(fix) for fix in problem.fixes]
    if problem.shacl:
        detail = problem.shacl
        fields = {"focusNode": detail.focus_node, "path": detail.path, "value": detail.value, "shape": detail.shape}
        result["properties"] = {"constraintComponent": detail.component} | {
            key: value for key, value in fields.items() if value is not None
        }
    return result


def _fix(fix: TextFix) -> dict[str, object]:
    """Give a fix (3.55): a service shows it as a change that can be taken."""
    files: dict[str, list[dict[str, object]]] = {}
    for place, new in fix.edits:
        deleted = {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column}
        files.setdefault(place.path, []).append({"deletedRegion": deleted, "insertedContent": {"text": new}})
    changes = [{"artifactLocation": _artifact(path), "replacements": edits} for path, edits in files.items()]
    return {"description": {"text": fix.title if fix.safe else f"{fix.title} (a guess)"}, "artifactChanges": changes}


def _related(problem: Problem) -> list[dict[str, object]]:
    places = [(place, "see also") for place in problem.related]
    if problem.shacl and problem.shacl.shape_location:
        places.append((problem.shacl.shape_location, "the shape"))
    return [
        {"id": number, "message": {"text": text}, "physicalLocation": _physical(place)} for number, (place, text) in enumerate(places, 1)
    ]


def _physical(place: Location) -> dict[str, object]:
    region = {"startLine": place.line, "startColumn": place.column, "endLine": place.end_line, "endColumn": place.end_column}
    return {"artifactLocation": _artifact(place.path), "region": {key: value for key, value in region.items() if value is not None}}


def _artifact(path: str) -> dict[str, object]:
    """Give a file as a URI: relative ones count from the repository, which is what services take them as (3.4)."""
    if path.startswith("/"):
        return {"uri": "file://" + quote(path)}
    return {"uri": quote(posixpath.normpath(path)), "uriBaseId": "%SRCROOT%"}


def _notifications(findings: Findings, context: ReportContext) -> dict[str, object]:
    cut = findings.cut_note()
    texts = [*([cut] if cut else []), *context.notes]
    said = [*([("error", context.failure)] if context.failure else []), *(("warning", text) for text in texts)]
    return {"toolExecutionNotifications": [{"level": level, "message": {"text": text}} for level, text in said]} if said else {}
