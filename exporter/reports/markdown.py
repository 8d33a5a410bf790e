"""The `markdown` report: a comment on a pull request, with a table per file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from exporter.problems import Problem, Severity
from exporter.reports.context import Findings, ReportContext
from exporter.reports.snippets import visible
from exporter.text import plural

_ICONS = {Severity.ERROR: "❌", Severity.WARNING: "⚠️", Severity.INFO: "ℹ️"}
_ROOM = 60_000
"""Characters; GitHub takes 65,536 in a comment."""


def document(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write a heading, the counts, and the problems of each file until the comment is full."""
    yield f"## owltype: {escape(context.summarize(findings))}\n"
    room, shown = _ROOM, 0
    for path, group in groupby(findings.listed, key=lambda problem: problem.location.path):
        table = f"\n### {code(path)}\n\n| line | problem | |\n| ---: | --- | --- |\n"
        for problem in group:
            row = table + _row(problem)
            table = ""
            room -= len(row)
            if room < 0:
                break
            shown += 1
            yield row
        if room < 0:
            break
    missing = findings.total - shown
    notes = [*([f"{plural(missing, 'more problem')} not listed."] if missing else []), *context.notes]
    for note in notes:
        yield f"\n{escape(note)}\n"


def _row(problem: Problem) -> str:
    key = f"{code(problem.key)}: " if problem.key else ""
    advice = f"<br>{escape(problem.help)}" if problem.help else ""
    return f"| {problem.location.line} | {_ICONS[problem.severity]} {key}{escape(problem.message)}{advice} | {code(problem.code)} |\n"


def code(text: str) -> str:
    r"""Write a code span: its fence is longer than any run of backticks inside (CommonMark 6.1), and bars don't end the table's cell.

    >>> print(code("a`b"), code("x|y"))
    `` a`b `` `x\|y`
    """
    shown = visible(text)
    fence = "`" * (1 + max(map(len, re.findall("`+", shown)), default=0))
    pad = " " if "`" in shown else ""
    return f"{fence}{pad}{shown}{pad}{fence}".replace("|", "\\|")


def escape(text: str) -> str:
    r"""Write a text so that nothing in it is Markdown, HTML or a mention.

    >>> print(escape("<b> *x* [y](z) @all"))
    &lt;b> \*x\* \[y\](z) &#64;all
    """
    shown = visible(text).replace("&", "&amp;").replace("<", "&lt;")
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", shown).replace("@", "&#64;")
