"""A query as it was typed, and errors that point into it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from exporter.errors import QueryError
from exporter.problems import Location, Problem
from exporter.rdf.lexer import Token, lex, place
from exporter.width import columns

UNNAMED = "<query>"
"""The path of a query that stands in no file."""


@dataclass(frozen=True)
class QueryText:
    """The characters of one query and the file that they come from."""

    text: str
    path: str = UNNAMED

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The query's terminals."""
        return lex(self.text)

    def location(self, token: Token) -> Location:
        """Give the place of a token."""
        return place(self.text, token.start, self.path, token.end)

    def start(self) -> Location:
        """Give the place of the first terminal, for problems of the query as a whole."""
        return self.location(self.tokens[0]) if self.tokens else self.end()

    def end(self) -> Location:
        """Give the place behind the last character that is not a space."""
        return place(self.text, len(self.text.rstrip()), self.path)


def in_file(problem: Problem, path: str) -> Problem:
    """Place a problem of a query in the file that the query comes from: who finds it knows its text alone."""
    return replace(problem, location=replace(problem.location, path=path))


class RefusedError(Exception):
    """A query that will not be run, with what is wrong with it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(code: str, location: Location, message: str, advice: str | None = None) -> RefusedError:
    """Make the exception that refuses a query."""
    return RefusedError(Problem(code, location, message, help=advice))


def query_error(problem: Problem, text: str) -> QueryError:
    """Make the error that a user sees: place, code, sentence, the line with a caret, and what to do."""
    return QueryError(render(problem, text), [problem])


def render(problem: Problem, text: str) -> str:
    r"""Write a problem with the line of the query that it is about.

    >>> at = Location("q.rq", 2, 4, 2, 11)
    >>> print(render(Problem("QUERY-PREFIX", at, 'no prefix "scema"', help="did you mean schema:?"), "ASK {\n?s scema:a ?o }"))
    q.rq:2:4: error QUERY-PREFIX: no prefix "scema"
       2 | ?s scema:a ?o }
         |    ^^^^^^^ did you mean schema:?
    """
    at = problem.location
    head = f"{at}: {problem.severity} {problem.code}: {problem.message}"
    lines = text.splitlines()
    if not text.strip() or at.line > len(lines):
        return f"{head}\n  = {problem.help}" if problem.help else head
    line, column = _window(_visible(lines[at.line - 1]), at.column - 1)
    width = at.end_column - at.column if at.end_line == at.line and at.end_column is not None else 1
    marks = "^" * max(1, columns(line[column : column + width]))
    advice = f" {problem.help}" if problem.help else ""
    return f"{head}\n{at.line:>4} | {line}\n     | {' ' * columns(line[:column])}{marks}{advice}"


def _visible(line: str) -> str:
    """Keep a query's control characters off the terminal; each stays one column wide."""
    return "".join(character if character.isprintable() else " " if character == "\t" else "�" for character in line)


def _window(line: str, column: int, width: int = 100) -> tuple[str, int]:
    """Cut a very long line to the part around the column."""
    if len(line) <= width:
        return line, column
    start = max(0, min(column - width // 2, len(line) - width))
    return line[start : start + width], column - start
