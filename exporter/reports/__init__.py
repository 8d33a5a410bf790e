"""Problems as people and programs want to read them: one table of reports.

A new format is a function from findings to text, and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module

from exporter.errors import UsageError
from exporter.problems import Problem
from exporter.reports.context import Findings, ReportContext, gather
from exporter.text import enumerate_names, nearest, quote

__all__ = ["REPORTS", "Report", "ReportContext", "find_report", "render"]


@dataclass(frozen=True, slots=True)
class Report:
    """One format: its name, the function that writes it (`module:function`, imported when used), its usual length, and what it is for.

    A `document` is read by a program as a whole: nothing else may stand beside it, and where nothing is wrong it says so. One with `fixes`
    carries those of problems.
    """

    name: str
    function: str
    limit: int | None
    purpose: str
    document: bool = False
    fixes: bool = False

    def load(self) -> Callable[[Findings, ReportContext], Iterator[str]]:
        """Import the function that writes the report."""
        module, _, function = self.function.partition(":")
        write: Callable[[Findings, ReportContext], Iterator[str]] = getattr(import_module(f"exporter.reports.{module}"), function)
        return write


_ROWS = (
    Report("full", "terminal:full", 1_000, "for people: each problem with its source lines, a caret, help and the shape"),
    Report(
        "concise", "terminal:concise", 10_000, "a line per problem, `file:line:column: severity CODE key: message`, as editors parse it"
    ),
    Report("json", "json:document", None, "one JSON document: counts, then problems", document=True),
    Report("jsonl", "json:lines", None, "a JSON object per line and problem", document=True),
    Report("sarif", "sarif:document", None, "SARIF 2.1.0, for code scanning services", document=True, fixes=True),
    Report("github", "services:github", None, "annotations in a GitHub workflow's log", fixes=True),
    Report("gitlab", "services:gitlab", None, "a GitLab Code Quality report", document=True),
    Report("junit", "junit:document", None, "JUnit XML, for the test tab of a CI service", document=True),
    Report("markdown", "markdown:document", 500, "a comment on a pull request", document=True),
    Report("html", "html:document", 2_000, "one self-contained page with filters and source lines", document=True),
)

REPORTS: Mapping[str, Report] = {row.name: row for row in _ROWS}
"""Each format by its name, in the order of the docs."""


def find_report(name: str) -> Report:
    """Give the format of this name; raises UsageError with the near one."""
    if name not in REPORTS:
        near = nearest(name, REPORTS)
        advice = f", did you mean {quote(near)}?" if near else f", there are {enumerate_names(REPORTS, 'and', limit=20)}"
        raise UsageError(f"no report is called {quote(name)}{advice}")
    return REPORTS[name]


def render(format: str, problems: Sequence[Problem], context: ReportContext) -> bytes:  # noqa: A002 - the word that users know
    """Write a report of the problems, in UTF-8: the same bytes for the same problems in any order.

    Raises UsageError for an unknown format. Source files are read when a format shows lines of them.

    >>> from exporter.problems import Location
    >>> print(render("concise", [Problem("X", Location("a.md", 2, 5), "no such day")], ReportContext()).decode(), end="")
    a.md:2:5: error X no such day
    1 error in 1 file
    """
    report = find_report(format)
    findings = gather(problems, report.limit if context.limit is None else context.limit)
    if report.fixes:
        findings = replace(findings, listed=tuple(context.repair(findings.listed)))
    return "".join(report.load()(findings, context)).encode("utf-8", "backslashreplace")
