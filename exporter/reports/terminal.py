"""Reports for people at a terminal: `full`, with source lines, and `concise`, a line each."""

from __future__ import annotations

from collections.abc import Iterator

from exporter.problems import Problem, Severity
from exporter.reports.context import Findings, ReportContext
from exporter.reports.snippets import Snippet, SourceLines, visible
from exporter.width import columns

_STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;34"}
_STRONG, _QUIET = "1", "36"


def concise(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write `file:line:column: severity CODE key: message`, one problem a line."""
    for problem in findings.listed:
        yield _headline(problem, context) + "\n"
    yield from _ending(findings, context)


def full(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write each problem with its source lines, a caret, its help and its shape."""
    sources = SourceLines(context.source)
    for problem in findings.listed:
        yield _headline(problem, context) + "\n"
        for line in _details(problem, sources, context):
            yield line.rstrip() + "\n"
        yield "\n"
    yield from _ending(findings, context)


def _headline(problem: Problem, context: ReportContext) -> str:
    place = _paint(visible(context.place(problem.location)), _STRONG, context)
    severity = _paint(problem.severity.value, _STYLES[problem.severity], context)
    key = f"{visible(problem.key)}: " if problem.key else ""
    return f"{place}: {severity} {problem.code} {key}{visible(problem.message)}"


def _details(problem: Problem, sources: SourceLines, context: ReportContext) -> Iterator[str]:
    help_lines = problem.help.split("\n") if problem.help else []
    snippet = sources.snippet(problem.location)
    margin = max(5, len(str(problem.location.line)) + 1)
    if snippet:
        yield from _excerpt(snippet, margin, help_lines, problem.severity, context)
        help_lines = []
    for line in help_lines:
        yield _note("help", line, margin, context)
    for place in problem.related:
        yield _note("see", context.place(place), margin, context)
    if problem.shacl and problem.shacl.shape:
        at = problem.shacl.shape_location
        where = f"{context.shown(at.path)}:{at.line} " if at else ""
        yield _note("shape", where + context.shorten_iri(problem.shacl.shape), margin, context)


def _excerpt(snippet: Snippet, margin: int, advice: list[str], severity: Severity, context: ReportContext) -> Iterator[str]:
    if snippet.before is not None:
        yield _gutter(str(snippet.number - 1), margin, context) + snippet.before
    yield _gutter(str(snippet.number), margin, context) + snippet.line
    left, mark, _ = snippet.marked
    carets = "^" * max(1, columns(mark))
    text = visible(" ".join([carets, *advice[:1]]))
    yield _gutter("", margin, context) + " " * columns(left) + _paint(text, _STYLES[severity], context)
    for line in advice[1:]:
        yield _gutter("", margin, context) + visible(line)


def _gutter(number: str, margin: int, context: ReportContext) -> str:
    return _paint(f"{number:>{margin}} |", _QUIET, context) + " "


def _note(title: str, text: str, margin: int, context: ReportContext) -> str:
    return f"{'':>{margin}} {_paint('=', _QUIET, context)} {title}: {visible(text)}"


def _ending(findings: Findings, context: ReportContext) -> Iterator[str]:
    cut = findings.cut_note()
    for line in (*([cut] if cut else []), *context.notes, *([context.summarize(findings)] if context.counted else [])):
        yield visible(line) + "\n"


def _paint(text: str, style: str, context: ReportContext) -> str:
    return f"\x1b[{style}m{text}\x1b[0m" if context.color else text
