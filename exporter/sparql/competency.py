"""Competency questions: saved queries that say what they expect, asked of a dataset, with a problem for each difference.

A question expects the rows in the file beside it (`NAME.expected.tsv`), at least so many rows, or none at all: then it is a
rule, and each row is a problem of the record that the row names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pyoxigraph import Literal, NamedNode, QueryResultsFormat

from exporter.dataset.index import ReadRecord
from exporter.errors import QueryError
from exporter.problems import Location, Problem, Severity
from exporter.rdf.prefixes import prefixes_for_people
from exporter.sparql.asking import Dataset
from exporter.sparql.limits import Limits
from exporter.sparql.queries.saved import Expectation, SavedQuery
from exporter.sparql.queries.text import QueryText
from exporter.sparql.results.model import Result, write_rows
from exporter.sparql.results.tables import display
from exporter.text import plural, shorten
from exporter.writers.files import AtomicFile

_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one question: `expectation` is None for a query that expects nothing, and `updated` says that its rows were written."""

    question: SavedQuery
    expectation: Expectation | None
    problems: tuple[Problem, ...] = ()
    updated: bool = False


def expected_file(question: SavedQuery) -> Path:
    """Give the file with the rows that a question expects."""
    return Path(question.path).with_suffix(".expected.tsv")


def expectation_of(question: SavedQuery) -> Expectation | None:
    """Say what a question expects, by its comments or the file beside it; None for a query that expects nothing."""
    return question.expect or ("rows" if expected_file(question).exists() else None)


def examine(question: SavedQuery, dataset: Dataset, limits: Limits, *, update: bool = False) -> Verdict:
    """Ask one question with its default parameters and compare the answer with what it expects; with `update` write the expected rows."""
    expectation = expectation_of(question)
    if expectation is None:
        return Verdict(question, None)
    try:
        bindings = question.bindings({}, dataset.prefixes)
        result = dataset.query(question.text, bindings, limits=limits, path=question.path)
    except QueryError as error:
        return Verdict(question, expectation, error.problems)
    # A rule with a misspelt term is never broken, so what is a warning to people is a failure here.
    misspelt = tuple(replace(p, severity=Severity.ERROR) for p in result.problems if p.code == "QUERY-TERM")
    if result.cut:
        cut = Problem(
            "QUERY-CUT", Location(question.path), f"the answer was cut after {plural(len(result), 'row')}", help="raise the limit"
        )
        return Verdict(question, expectation, (*misspelt, cut))
    if expectation == "rows" and update and not misspelt:
        return Verdict(question, expectation, updated=_update(question, result))
    found = tuple(_JUDGES[expectation](question, result, dataset))
    return Verdict(question, expectation, (*misspelt, *found))


def _update(question: SavedQuery, result: Result) -> bool:
    lines = _lines(question, result)
    path = expected_file(question)
    old = path.read_text("utf-8").splitlines() if path.exists() else None
    if old == lines:
        return False
    with AtomicFile(path) as file:
        file.write("\n".join([*lines, ""]).encode())
    return True


def _lines(question: SavedQuery, result: Result) -> list[str]:
    """Write the rows as TSV, sorted where the query leaves their order open, so that a changed record is a small diff."""
    header, *rows = write_rows(result.variables, result.rows, QueryResultsFormat.TSV).decode().splitlines()
    return [header, *(rows if _is_ordered(question.text) else sorted(rows))]


def _is_ordered(query: str) -> bool:
    words = [token.upper for token in QueryText(query).tokens if token.kind == "word"]
    return "ORDER" in words


def _judge_rows(question: SavedQuery, result: Result, _dataset: Dataset) -> Iterator[Problem]:
    path = expected_file(question)
    if result.kind != "solutions":
        yield Problem(
            "QUERY-EXPECTED", Location(question.path), "only SELECT has rows to compare", help="write `# expect: empty` or `at least 1 row`"
        )
        return
    if not path.exists():
        yield Problem(
            "QUERY-EXPECTED",
            Location(question.path),
            f"there is no {path.name} with the expected rows",
            help="`owltype test --update` writes it",
        )
        return
    expected, found = path.read_text("utf-8").splitlines(), _lines(question, result)
    if expected != found:
        yield _difference(str(path), expected, found)


def _difference(path: str, expected: Sequence[str], found: Sequence[str]) -> Problem:
    missing, surplus = Counter(expected) - Counter(found), Counter(found) - Counter(expected)
    line = next((n for n, (a, b) in enumerate(zip(expected, found, strict=False), 1) if a != b), min(len(expected), len(found)) + 1)
    said = [f"{plural(rows.total(), 'row')} {word}" for rows, word in ((missing, "missing"), (surplus, "not expected")) if rows]
    message = " and ".join(said) if said else "the rows come in another order"
    shown = [f"- {shorten(row, 120)}" for row in [*missing][:_SHOWN]] + [f"+ {shorten(row, 120)}" for row in [*surplus][:_SHOWN]]
    advice = "fix the records or the query; if the new rows are right, `owltype test --update` writes them"
    return Problem("QUERY-EXPECTED", Location(path, line), message, help="\n".join([*shown, advice]))


def _judge_minimum(question: SavedQuery, result: Result, _dataset: Dataset) -> Iterator[Problem]:
    count = int(bool(result)) if result.kind == "boolean" else len(result)
    if count < question.minimum:
        yield Problem("QUERY-MINIMUM", Location(question.path), f"{plural(count, 'row')}, expected at least {question.minimum:,}")


def _judge_empty(question: SavedQuery, result: Result, dataset: Dataset) -> Iterator[Problem]:
    locate = dataset.locator()
    if result.kind != "solutions":
        if result:
            yield Problem(
                "QUERY-RULE", Location(question.path), question.message or question.title or "there is an answer", question.severity
            )
        return
    names = prefixes_for_people(dataset.prefixes)
    for row in (row.asdict() for row in result):
        texts = {name: display(cell, names) for name, cell in row.items()}
        place = _place(row, locate, dataset.read_record) or Location(question.path)
        yield Problem("QUERY-RULE", place, _message(question, texts), question.severity, question.help, related=(Location(question.path),))


def _place(row: Mapping[str, object], locate: Callable[[str], Location | None], read: ReadRecord) -> Location | None:
    """Find the record of the first IRI in a row that has one; a literal `?key` names a key path in it."""
    for cell in row.values():
        location = locate(cell.value) if isinstance(cell, NamedNode) else None
        if location is not None:
            key = row.get("key")
            return _locate_key(location, key.value, read) if isinstance(key, Literal) else location
    return None


def _locate_key(location: Location, key: str, read: ReadRecord) -> Location:
    record = read(location.path)
    return record.locate(key) if record is not None else location


def _message(question: SavedQuery, texts: dict[str, str]) -> str:
    if question.message is None:
        row = ", ".join(f"{name} {shorten(text)}" for name, text in texts.items() if text)
        return f"{question.title or question.name}: {row}"
    return re.sub(r"\{(\w+)\}", lambda match: texts.get(match[1], match[0]), question.message)


_JUDGES: dict[Expectation, Callable[[SavedQuery, Result, Dataset], Iterator[Problem]]] = {
    "rows": _judge_rows,
    "minimum": _judge_minimum,
    "empty": _judge_empty,
}
