"""The `junit` report: a suite per file and a case per problem, for the test tab of a CI service."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from xml.etree import ElementTree as ET

from exporter.problems import Problem
from exporter.reports.context import Findings, ReportContext
from exporter.reports.snippets import visible
from exporter.settings.model import fails
from exporter.text import shorten

_LONGEST = 80
"""Of the name of a node without one, which is what is said of it."""


def document(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write `testsuites`; a problem below `--fail-on` is a case that passes and says so, a clean file one that passes."""
    root = ET.Element("testsuites", name="owltype")
    faulty = set()
    for path, group in groupby(findings.listed, key=lambda problem: problem.location.path):
        faulty.add(path)
        _suite(root, path, list(group), context)
    for path in sorted(set(context.files) - faulty):
        _suite(root, path, [], context)
    cut = findings.cut_note()
    if cut:
        case = ET.SubElement(_named(root, "owltype", 1, 1), "testcase", classname="owltype", name="problems not listed", time="0")
        ET.SubElement(case, "failure", message=cut, type="owltype")
    if context.failure is not None:
        case = ET.SubElement(_named(root, "owltype", 1, 0, 1), "testcase", classname="owltype", name="run", time="0")
        ET.SubElement(case, "error", message=visible(context.failure), type="owltype")
    for count in ("tests", "failures", *(["errors"] if context.failure is not None else [])):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in root)))
    ET.indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _named(root: ET.Element, name: str, tests: int, failures: int, errors: int = 0) -> ET.Element:
    counts = {"tests": str(tests), "failures": str(failures), "errors": str(errors), "skipped": "0", "time": "0"}
    return ET.SubElement(root, "testsuite", {"name": visible(name), **counts})


def _suite(root: ET.Element, path: str, problems: list[Problem], context: ReportContext) -> None:
    failed = sum(fails(context.fail_on, problem.severity) for problem in problems)
    suite = _named(root, path, max(1, len(problems)), failed)
    if not problems:
        ET.SubElement(suite, "testcase", classname=visible(path), name="no problems", time="0")
    seen: Counter[str] = Counter()
    for problem in problems:
        name = _name(problem, context)
        seen[name] += 1
        _case(suite, problem, f"{name} ({seen[name]})" if seen[name] > 1 else name, context)


def _name(problem: Problem, context: ReportContext) -> str:
    """Name a case without its line: services follow a case through its history by its name."""
    detail = problem.shacl
    about = [problem.key]
    if detail is not None and not problem.key:
        about = [shorten(context.shorten_iri(detail.focus_node), _LONGEST), " ".join(map(context.shorten_iri, (detail.path or "").split()))]
    return " ".join(part for part in (problem.code, *about) if part)


def _case(suite: ET.Element, problem: Problem, name: str, context: ReportContext) -> None:
    place = problem.location
    where = {"file": visible(place.path), "line": str(place.line)}
    case = ET.SubElement(suite, "testcase", {"classname": visible(place.path), "name": visible(name), **where, "time": "0"})
    text = f"{place}: {problem.severity} {problem.code} {problem.message}" + (f" ({problem.help})" if problem.help else "")
    if fails(context.fail_on, problem.severity):
        failure = ET.SubElement(case, "failure", message=visible(problem.message), type=problem.code)
        failure.text = visible(text)
    else:
        ET.SubElement(case, "system-out").text = visible(text)
