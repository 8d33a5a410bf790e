"""The `html` report: one page that asks for nothing from elsewhere, with filters and source lines.

Its content security policy lets only its own style and script run, so text from a record could not, even if it got out of its place.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from urllib.parse import quote

from exporter.problems import Problem
from exporter.reports.context import Findings, ReportContext
from exporter.reports.snippets import SourceLines, visible
from exporter.text import plural

_HERE = Path(__file__).parent


def document(findings: Findings, context: ReportContext) -> Iterator[str]:
    """Write the page: counts, filters, and an article per problem."""
    style, script = ((_HERE / name).read_text("utf-8") for name in ("page.css", "page.js"))
    yield _head(style, script, context.summarize(findings))
    if findings.hidden:
        count = f"{len(findings.listed):,} of {plural(findings.total, 'problem')}"
        yield f"<p><strong>{count} are listed, the most severe ones. {findings.cut_note()}</strong></p>\n"
    yield from _codes(findings)
    yield from _filters(findings, context)
    sources = SourceLines(context.source)
    for problem in findings.listed:
        yield _article(problem, sources, context)
    for note in context.notes:
        yield f"<p><strong>{_text(note)}</strong></p>\n"
    yield f'<p class="quiet">owltype {_text(context.version)}</p>\n<script>{script}</script>\n</body>\n</html>\n'


def _head(style: str, script: str, summary: str) -> str:
    policy = f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}; base-uri 'none'; form-action 'none'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n'
        f"<title>owltype: {_text(summary)}</title>\n<style>{style}</style>\n</head>\n<body>\n<h1>{_text(summary)}</h1>\n"
    )


def _hash(text: str) -> str:
    """Name a script or style for the policy (https://www.w3.org/TR/CSP3/#grammardef-hash-source)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _codes(findings: Findings) -> Iterator[str]:
    """Count the problems by code; each code is a link that filters by it."""
    if findings.codes:
        items = "".join(f'<li><a href="#code={quote(code)}">{_text(code)}</a> {count:,}</li>' for code, count in findings.codes.items())
        yield f'<ul class="codes">{items}</ul>\n'


def _filters(findings: Findings, context: ReportContext) -> Iterator[str]:
    yield "<form hidden>\n"
    yield _select("severity", (problem.severity.value for problem in findings.listed))
    yield _select("code", (problem.code for problem in findings.listed))
    yield _select("file", (problem.location.path for problem in findings.listed))
    yield _select("shape", (_shape(problem, context) for problem in findings.listed))
    yield '<label>text <input name="words" type="search"></label>\n<label>&nbsp;<output></output></label>\n</form>\n'


def _select(name: str, values: Iterable[str]) -> str:
    options = "".join(f"<option>{_text(value)}</option>" for value in sorted(set(values)) if value)
    return f'<label>{name} <select name="{name}"><option value="">all</option>{options}</select></label>\n'


def _shape(problem: Problem, context: ReportContext) -> str:
    return context.shorten_iri(problem.shacl.shape) if problem.shacl and problem.shacl.shape else ""


def _article(problem: Problem, sources: SourceLines, context: ReportContext) -> str:
    data = {
        "code": problem.code,
        "file": problem.location.path,
        "shape": _shape(problem, context),
        "severity": problem.severity.value,
    }
    attributes = " ".join(f'data-{name}="{_text(value)}"' for name, value in data.items())
    key = f"<code>{_text(problem.key)}</code>: " if problem.key else ""
    heading = (
        f'<article class="{problem.severity}" {attributes}>\n'
        f'<h2>{_text(str(problem.location))} <span class="severity">{problem.severity}</span> {_text(problem.code)}</h2>\n'
        f"<p>{key}{_text(problem.message)}</p>\n"
    )
    parts = [heading, _excerpt(problem, sources)]
    if problem.help:
        parts.append(f'<p class="help">{_lines(problem.help)}</p>\n')
    parts += [f'<p class="quiet">see {_text(str(place))}</p>\n' for place in problem.related]
    if problem.shacl and problem.shacl.shape:
        where = f"{problem.shacl.shape_location.path}:{problem.shacl.shape_location.line} " if problem.shacl.shape_location else ""
        parts.append(f'<p class="quiet">shape: {_text(where)}<code>{_text(data["shape"])}</code></p>\n')
    return "".join(parts) + "</article>\n"


def _excerpt(problem: Problem, sources: SourceLines) -> str:
    snippet = sources.snippet(problem.location)
    if snippet is None:
        return ""
    width = len(str(snippet.number))
    before = f'<span class="number">{snippet.number - 1:>{width}} | </span>{_text(snippet.before)}\n' if snippet.before is not None else ""
    left, mark, right = (escape(part) for part in snippet.marked)
    return f'<pre>{before}<span class="number">{snippet.number} | </span>{left}<mark>{mark or " "}</mark>{right}</pre>\n'


def _text(text: str) -> str:
    return escape(visible(text))


def _lines(text: str) -> str:
    return "\n".join(map(_text, text.split("\n")))
