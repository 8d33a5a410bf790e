"""Saved queries: a folder of `.rq` files whose leading comments say what they ask, with which parameters, and what is expected.

# title: Records by topic
# description: Pages about a topic, by headline.
# param topic: iri = <https://www.medigy.com/topics/symplur/telehealth/>
# expect: at least 1 row
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from exporter.errors import QueryError
from exporter.problems import Location, Problem, Severity
from exporter.rdf.terms import Term
from exporter.resources import files_below
from exporter.sparql.queries.parameters import Parameter, check_type, make_term
from exporter.sparql.queries.text import query_error
from exporter.text import enumerate_names, nearest, quote

Expectation = Literal["rows", "empty", "minimum"]
_LINE = re.compile(r"#\s*+(?P<word>[A-Za-z]++)(?P<rest>[^:]*+):\s*+(?P<value>(?:.*\S)?)\s*+")
_PARAMETER = re.compile(r"(?P<type>\S+)(?:\s*=\s*(?P<default>.*))?")
_MINIMUM = re.compile(r"at least ([0-9]+) rows?")
_WORDS = ("title", "description", "param", "expect", "message", "help", "severity", "code")


@dataclass(frozen=True, slots=True)
class SavedQuery:
    """One `.rq` file. `expect` is None where the comments don't say; what follows it is for rules (`expect: empty`)."""

    name: str
    path: str
    text: str
    title: str = ""
    description: str = ""
    parameters: tuple[Parameter, ...] = ()
    expect: Expectation | None = None
    minimum: int = 0
    message: str | None = None
    help: str | None = None
    severity: Severity = Severity.ERROR
    code: str = "QUERY-RULE"

    def bindings(self, values: Mapping[str, str], prefixes: Mapping[str, str]) -> dict[str, Term]:
        """Bind every parameter to what the user gave or to its default; raises `QueryError` for what does not fit."""
        names = [parameter.name for parameter in self.parameters]
        for name in values:
            if name not in names:
                near = nearest(name, names)
                advice = f"did you mean {near}?" if near else f"it has {enumerate_names(names, 'and')}" if names else "it has none"
                raise self._error("QUERY-PARAMETER", f"the query has no parameter {quote(name)}", advice)
        return {parameter.name: self._bind(parameter, values, prefixes) for parameter in self.parameters}

    def _bind(self, parameter: Parameter, values: Mapping[str, str], prefixes: Mapping[str, str]) -> Term:
        text = values.get(parameter.name, parameter.default)
        if text is None:
            advice = f"give it with --param {parameter.name}=…"
            raise self._error("QUERY-PARAMETER", f"the parameter {quote(parameter.name)} has no default and no value", advice)
        try:
            return make_term(text, parameter.type, prefixes)
        except ValueError as error:
            raise self._error("QUERY-PARAMETER", f"the parameter {quote(parameter.name)}: {error}", None) from error

    def _error(self, code: str, message: str, advice: str | None) -> QueryError:
        return query_error(Problem(code, Location(self.path), message, help=advice), "")


def read_saved(path: Path) -> SavedQuery:
    """Read a saved query; raises `QueryError` with the line of a comment that can't be read."""
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise query_error(Problem("QUERY-SAVED", Location(str(path)), f"the query can't be read: {reason}"), "") from error
    return parse_saved(text, path.stem, str(path))


def parse_saved(text: str, name: str, path: str) -> SavedQuery:
    r"""Read the leading comments of a query.

    >>> saved = parse_saved("# title: By topic\n# param topic: string = Telehealth\nASK {}", "by-topic", "by-topic.rq")
    >>> saved.title, saved.parameters
    ('By topic', (Parameter(name='topic', type='string', default='Telehealth'),))
    """
    fields: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not line.startswith("#"):
            break
        match = _LINE.fullmatch(line)
        if match is None:
            continue
        try:
            _read_line(match["word"].lower(), match["rest"].strip(), match["value"], fields, parameters)
        except ValueError as error:
            raise query_error(Problem("QUERY-SAVED", Location(path, number), str(error)), text) from error
    try:
        return _make(name, path, text, fields, tuple(parameters))
    except ValueError as error:
        raise query_error(Problem("QUERY-SAVED", Location(path), str(error)), text) from error


def _read_line(word: str, rest: str, value: str, fields: dict[str, str], parameters: list[Parameter]) -> None:
    if word == "param":
        found = _PARAMETER.fullmatch(value)
        if not rest or found is None:
            raise ValueError("a parameter is written `# param NAME: TYPE` or `# param NAME: TYPE = DEFAULT`")
        check_type(found["type"])
        parameters.append(Parameter(rest, found["type"], found["default"]))
    elif word in _WORDS and not rest:
        fields[word] = value
    elif not rest and (near := nearest(word, _WORDS)):
        raise ValueError(f"{quote(word)} says nothing to owltype; did you mean {near}?")


def _make(name: str, path: str, text: str, fields: Mapping[str, str], parameters: tuple[Parameter, ...]) -> SavedQuery:
    expect, minimum = _expectation(fields.get("expect"))
    severity = fields.get("severity", "error")
    if severity not in list(Severity):
        raise ValueError(f"{quote(severity)} is not a severity: {enumerate_names(Severity)}")
    return SavedQuery(
        name,
        path,
        text,
        fields.get("title", ""),
        fields.get("description", ""),
        parameters,
        expect,
        minimum,
        fields.get("message"),
        fields.get("help"),
        Severity(severity),
        fields.get("code", "QUERY-RULE"),
    )


def _expectation(text: str | None) -> tuple[Expectation | None, int]:
    if text is None:
        return None, 0
    if text in {"rows", "empty"}:
        return ("rows" if text == "rows" else "empty"), 0
    if found := _MINIMUM.fullmatch(text):
        return "minimum", int(found[1])
    raise ValueError(f"{quote(text)} is nothing to expect: write `rows`, `empty` or `at least N rows`")


def list_saved(folder: Path) -> list[Path]:
    """List the saved queries of a folder and the folders below it, in order."""
    return files_below(folder, ".rq") if folder.is_dir() else []


def find_saved(name: str, folder: Path) -> SavedQuery:
    """Find a saved query by its file name without `.rq`, or without its leading number; raises `QueryError` with the near name."""
    paths = list_saved(folder)
    known = {short: path for path in paths for short in (re.sub(r"^[0-9]+-", "", path.stem), path.stem)}
    if name in known:
        return read_saved(known[name])
    raise query_error(Problem("QUERY-SAVED", Location(str(folder)), f"no saved query is called {quote(name)}", help=_near(name, known)), "")


def _near(name: str, known: Mapping[str, Path]) -> str:
    near = nearest(name, known)
    return f"did you mean {near}?" if near else f"saved queries: {enumerate_names(_stems(known), 'and')}" if known else "there are none"


def _stems(known: Mapping[str, Path]) -> Sequence[str]:
    return sorted({path.stem for path in known.values()})
