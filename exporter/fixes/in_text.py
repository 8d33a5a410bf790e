"""Fixes of text that can't be read as it is: tabs that indent, and a key that stands twice with one value."""

from __future__ import annotations

import re

from exporter.fixes.model import Fix, ReplaceLines
from exporter.problems import Problem

_INDENT = re.compile(r"[ \t]*")
_LEVEL = "  "
_QUOTED = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')"""
_WHOLE = re.compile(rf"""\s*[^\s:=#]+\s*[:=]\s*(?:[^\s|>&*{{\["'].*|(?:{_QUOTED}|\[(?:[^\[\]"'#]|{_QUOTED})*\])\s*(?:#.*)?)""")
"""A line with a key and the whole of its value: a plain one, one in quotes that close, or a list that closes."""


def fix_text(problem: Problem, text: str) -> Fix | None:
    """Look for a fix of a file that can't be read."""
    lines = text.split("\n")
    if problem.code == "YAML-TAB":
        return _without_tabs(problem, lines)
    if problem.code.endswith("-DUPLICATE-KEY"):
        return _without_the_second(problem, lines)
    return None


def _without_tabs(problem: Problem, lines: list[str]) -> Fix | None:
    """Indent with spaces where tabs alone do: two for each. Where tabs and spaces are mixed, only the author knows what is below what."""
    start = problem.location.line - 1
    end = next((number for number in range(start, len(lines)) if lines[number].rstrip() == "---"), len(lines))
    begin = next((number for number in range(start, -1, -1) if lines[number].rstrip() == "---"), 0)
    indents = [(_INDENT.match(line) or [""])[0] for line in lines[begin:end]]
    if any("\t" in indent and " " in indent for indent in indents) or not any("\t" in indent for indent in indents):
        return None
    new = [indent.replace("\t", _LEVEL) + line[len(indent) :] for indent, line in zip(indents, lines[begin:end], strict=True)]
    changed = [number for number, (old, other) in enumerate(zip(lines[begin:end], new, strict=True)) if old != other]
    first, last = changed[0], changed[-1] + 1
    return Fix(problem, "indent with spaces", ReplaceLines(begin + first + 1, begin + last + 1, tuple(new[first:last])))


def _without_the_second(problem: Problem, lines: list[str]) -> Fix | None:
    """Take the second of two equal lines out, where nothing stands below either."""
    if len(problem.related) != 1 or problem.related[0].path != problem.location.path:
        return None
    second, first = problem.location.line, problem.related[0].line
    if not 0 < first < second <= len(lines) or lines[first - 1].strip() != lines[second - 1].strip():
        return None
    indents = [len((_INDENT.match(lines[number - 1]) or [""])[0]) for number in (first, second)]
    below = [lines[number] if number < len(lines) else "" for number in (first, second)]
    deeper = any(line.strip() and len((_INDENT.match(line) or [""])[0]) > indent for line, indent in zip(below, indents, strict=True))
    items = any(line.lstrip().startswith("- ") for line in below)
    one_line = _WHOLE.fullmatch(lines[second - 1].rstrip()) is not None
    if deeper or items or not one_line or "{" in lines[second - 1]:
        return None
    return Fix(problem, "remove the second of two equal lines", ReplaceLines(second, second + 1, ()))
