"""libyaml's complaints in an author's words."""

from __future__ import annotations

from typing import NamedTuple

import yaml

from exporter.records.core import UNPRINTABLE
from exporter.records.faults import Fault
from exporter.text import shorten


class _Wording(NamedTuple):
    found: str  # what libyaml says
    code: str
    message: str
    help: str


_WORDINGS = (
    _Wording(
        "mapping values are not allowed",
        "YAML-COLON",
        "a second colon with a space behind it is not allowed here",
        "quote the value, or align the key with the others",
    ),
    _Wording("tab character", "YAML-TAB", "a tab is not allowed here", "indent with spaces"),
    _Wording(
        "alphabetic or numeric character", "YAML-ALIAS", "* and & name aliases and anchors here, and no name follows", "quote the value"
    ),
    _Wording("cannot start any token", "YAML-SYNTAX", "a plain value can't start with this character", "quote the value"),
    _Wording(
        "could not find expected ':'", "YAML-SYNTAX", "expected a colon and a space after the key", "write key: value, or indent the line"
    ),
    _Wording(
        "did not find expected key",
        "YAML-SYNTAX",
        "expected a key at this indentation",
        "align it with the keys around it, or quote the value above",
    ),
    _Wording(
        "did not find expected '-' indicator", "YAML-SYNTAX", "expected a list item at this indentation", "align it with the items above"
    ),
    _Wording("block sequence entries are not allowed", "YAML-SYNTAX", "a list item is not allowed here", "start the list on its own line"),
    _Wording(
        "did not find expected ',' or", "YAML-SYNTAX", "expected a comma or the closing bracket", "close the bracket, or quote the value"
    ),
    _Wording("unexpected end of stream", "YAML-SYNTAX", "a quoted value is not closed", "add the closing quote"),
    _Wording("document indicator", "YAML-SYNTAX", "a quoted value is not closed", "add the closing quote"),
    _Wording(
        "unknown escape character",
        "YAML-SYNTAX",
        "the double-quoted value has an unknown escape",
        "double the backslash, or use single quotes",
    ),
    _Wording("hexdecimal", "YAML-SYNTAX", "the double-quoted value has an incomplete escape", "double the backslash, or use single quotes"),
    _Wording(
        "Unicode character escape code",
        "YAML-SYNTAX",
        "the double-quoted value has an escape that is no character",
        "write the character itself",
    ),
    _Wording("undefined tag handle", "YAML-TAG", "the value has an unknown tag", "remove the tag"),
    _Wording("duplicate", "YAML-SYNTAX", "a %-directive is repeated", "remove the directive"),
)


def translate(error: yaml.YAMLError, source: str, offset: int) -> Fault:
    """Word one of PyYAML's errors, at its place; `offset` is where `source` starts in the file."""
    if isinstance(error, yaml.reader.ReaderError):
        return unprintable(source, offset)
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context_mark", None)
    if "end of stream" in problem or "document indicator" in problem:
        mark = context or mark
    at = min(mark.index if mark else 0, max(len(source) - 1, 0))
    code, message, advice = _word("tab character" if source[at : at + 1] == "\t" else problem)
    related = ((context.index + offset, context.index + offset + 1),) if context and context.index < at else ()
    return Fault(code, message, offset + at, offset + min(at + 1, len(source)), advice, related=related)


def unprintable(source: str, offset: int) -> Fault:
    """Say which character no value may hold."""
    found = UNPRINTABLE.search(source)
    at = found.start() if found else 0
    name = f"U+{ord(found[0]):04X}" if found else "a character"
    return Fault("READ-CONTROL", f"the control character {name} is not allowed", offset + at, offset + at + 1, "remove the character")


def _word(problem: str) -> tuple[str, str, str | None]:
    for wording in _WORDINGS:
        if wording.found in problem:
            return wording.code, wording.message, wording.help
    # An unforeseen complaint of libyaml's, in its own words but on one line.
    return "YAML-SYNTAX", f"the front matter is not valid YAML: {shorten(' '.join(problem.split()), 120)}", None
