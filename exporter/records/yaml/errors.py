"""The complaints of libyaml and of the strict parser in an author's words."""

from __future__ import annotations

from typing import NamedTuple

import yaml

from exporter.problems import Severity
from exporter.records.faults import Fault
from exporter.records.nodes import Range
from exporter.records.yaml.core import UNPRINTABLE
from exporter.records.yaml.judge import Refusal
from exporter.records.yaml.slips import find_slip
from exporter.text import shorten


class _Wording(NamedTuple):
    found: str  # what libyaml says
    code: str
    message: str
    help: str
    severity: Severity = Severity.ERROR


_WORDINGS = (
    _Wording(
        "mapping values are not allowed",
        "YAML-COLON",
        "a second colon with a space behind it is not allowed here",
        "quote the value, or align the key with the others",
    ),
    _Wording("tab character", "YAML-TAB", "a tab is not allowed here", "indent with spaces"),
    *(
        _Wording(
            found,
            "READ-INDENTATION",
            "a line of the value stands too far left, or is indented with a tab",
            "indent it with more spaces than the key, or close the quotes or brackets above it",
            Severity.WARNING,
        )
        for found in ("invalid indentation", "tab cannot be used as indentation", "tabs disallowed")
    ),
    _Wording(
        "comments must be separated", "YAML-SYNTAX", "a comment needs a space before its #", "put a space before the #, or quote the value"
    ),
    _Wording(
        "plain scalar cannot start with '-'",
        "YAML-SYNTAX",
        "a - alone is not allowed inside brackets",
        'quote it: "-"',
    ),
    _Wording(
        "wrongly indented line in block scalar",
        "YAML-SYNTAX",
        "the text's first line is indented less than the blank lines above it",
        "remove the spaces on the blank lines",
    ),
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
        "the double-quoted value has an escape that stands for no character",
        "write the character itself",
    ),
    _Wording("undefined tag handle", "YAML-TAG", "the value has an unknown tag", "remove the tag"),
    _Wording("duplicate", "YAML-SYNTAX", "a %-directive is repeated", "remove the directive"),
)


def translate(error: yaml.YAMLError, source: str, offset: int, last_plain: Range | None = None) -> Fault:
    """Word one of PyYAML's errors, at its place; `offset` is where `source` starts in the file.

    `last_plain` is where the last scalar without quotes stands in the file, if it is the last scalar of all.
    """
    if isinstance(error, yaml.reader.ReaderError):
        return unprintable(source, offset)
    problem = str(getattr(error, "problem", None) or error)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    context = getattr(error, "context_mark", None)
    if "end of stream" in problem or "document indicator" in problem:
        mark = context or mark
    at = min(mark.index if mark else 0, max(len(source) - 1, 0))
    first = min(context.index if context and "simple key" in str(getattr(error, "context", "")) else at, at)
    if "mapping values" in problem and last_plain:  # a value that goes over lines: the first of them may be the key
        first = min(last_plain[0] - offset, at)
    slip = find_slip(source, first, at, offset)
    if slip is not None:
        return slip
    code, message, advice = _word("tab character" if source[at : at + 1] == "\t" else problem)
    if "cannot start any token" in problem and source[at : at + 1].isprintable():
        message = f"a plain value can't start with {source[at]}"
    related = ((context.index + offset, context.index + offset + 1),) if context and context.index < at else ()
    return Fault(code, message, offset + at, offset + min(at + 1, len(source)), advice, related=related)


def translate_refusal(refusal: Refusal, source: str, offset: int) -> Fault | None:
    """Word what the strict parser refuses, as a warning where every reader gives the same value; None where it is too strict itself.

    YAML 1.2 wants a value's further lines indented (section 6.1), and 5 of 2,478 published records are not. A closing bracket
    below its key is refused or not depending on what stands before it, so nothing is said of it.
    """
    at = min(refusal.at, max(len(source) - 1, 0))
    wording = _find(refusal.reason)
    place = (offset + at, offset + min(at + 1, len(source)))
    if wording is None:
        return Fault("YAML-SYNTAX", _own_words(refusal.reason), *place)
    if wording.severity is Severity.ERROR:
        return find_slip(source, at, at, offset) or Fault(wording.code, wording.message, *place, wording.help)
    if source[at] in "]}":
        return None
    return Fault(wording.code, wording.message, *place, wording.help, severity=wording.severity)


def beyond_mending(place: int) -> Fault:
    """Say that a text needs the help of `yaml_disguise` too often."""
    message = "too many values start with ? or :, or have anchors named with other characters than letters and digits"
    return Fault("YAML-SYNTAX", message, place, place + 1, "quote them")


def unprintable(source: str, offset: int) -> Fault:
    """Say which character no value may hold."""
    found = UNPRINTABLE.search(source)
    at = found.start() if found else 0
    name = f"U+{ord(found[0]):04X}" if found else "a character"
    return Fault("READ-CONTROL", f"the control character {name} is not allowed", offset + at, offset + at + 1, "remove the character")


def _word(problem: str) -> tuple[str, str, str | None]:
    wording = _find(problem)
    return (wording.code, wording.message, wording.help) if wording else ("YAML-SYNTAX", _own_words(problem), None)


def _find(problem: str) -> _Wording | None:
    return next((wording for wording in _WORDINGS if wording.found in problem), None)


def _own_words(problem: str) -> str:
    """Give an unforeseen complaint in the parser's own words but on one line."""
    return f"the front matter is not valid YAML: {shorten(' '.join(problem.split()), 120)}"
