"""Reports that hosts of repositories show beside a change: `github` annotations and `gitlab` code quality."""

from __future__ import annotations

import json
import posixpath
from collections.abc import Iterator

from exporter.policy.fingerprints import fingerprints
from exporter.problems import Problem, Severity
from exporter.reports.context import Findings, ReportContext
from exporter.reports.snippets import visible

_GITHUB = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_GITLAB = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def github(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write workflow commands (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    for problem in findings.listed:
        yield _annotation(problem, context)
    if context.failure is not None:
        yield f"::error title=owltype::{_data(context.failure)}\n"
    cut = findings.cut_note()
    for text in (*([cut] if cut else []), *context.notes):
        yield f"::notice title=owltype::{_data(text)}\n"


def _annotation(problem: Problem, context: ReportContext) -> str:
    place = problem.location
    fields: dict[str, object] = {"file": posixpath.normpath(place.path), "line": place.line, "col": place.column}
    if place.end_line is not None and place.end_column is not None:
        fields |= {"endLine": place.end_line, "endColumn": place.end_column}
    fields["title"] = f"owltype {problem.code}"
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in fields.items())
    return f"::{_GITHUB[problem.severity]} {properties}::{_data(_sentence(problem) + _suggestion(problem, context))}\n"


def _sentence(problem: Problem) -> str:
    """Say place and problem: GitHub shows ten annotations of a kind in a step, and of all the others the log has this text alone."""
    place = problem.location
    text = f"{problem.key}: {problem.message}" if problem.key else problem.message
    sentence = f"{posixpath.normpath(place.path)}:{place.line}:{place.column}: {text}"
    return f"{sentence}\n{problem.help}" if problem.help else sentence


def _suggestion(problem: Problem, context: ReportContext) -> str:
    """Show the lines as they would be with a safe fix; annotations have no changes that can be taken, but a reader can."""
    fix = next((fix for fix in problem.fixes if fix.safe and len(fix.edits) == 1), None)
    source = context.source(problem.location.path) if fix is not None else None
    if fix is None or source is None:
        return ""
    ((place, new),) = fix.edits
    lines = source.replace("\r\n", "\n").split("\n")
    last = place.end_line or place.line
    after = lines[place.line - 1][: place.column - 1] + new + lines[last - 1][(place.end_column or place.column) - 1 :]
    return f"\nsuggested change:\n{after.rstrip()}" if after.strip() else "\nsuggested change: remove it"


def _data(text: str) -> str:
    """Escape a command's text: a line end would start another command, and a control character would act on who reads the log."""
    return "%0A".join("%0D".join(map(visible, line.split("\r"))) for line in text.replace("%", "%25").split("\n"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def gitlab(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write a Code Quality report (https://docs.gitlab.com/ci/testing/code_quality/)."""
    issues = [_issue(problem, name) for problem, name in zip(findings.listed, fingerprints(findings.listed, context.source), strict=True)]
    for text, severity in ((findings.cut_note(), "info"), (context.failure, "critical")):
        if text:
            name = "0" * 32 if severity == "info" else "f" * 32
            place = {"path": ".", "lines": {"begin": 1}}
            issues.append({"description": text, "check_name": "owltype", "fingerprint": name, "severity": severity, "location": place})
    yield json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def _issue(problem: Problem, name: str) -> dict[str, object]:
    place = problem.location
    return {
        "description": f"{problem.key}: {problem.message}" if problem.key else problem.message,
        "check_name": problem.code,
        "fingerprint": name,
        "severity": _GITLAB[problem.severity],
        "location": {"path": posixpath.normpath(place.path), "lines": {"begin": place.line, "end": place.end_line or place.line}},
    }
