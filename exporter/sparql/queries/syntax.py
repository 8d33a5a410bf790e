"""Where a query stops being SPARQL, and what was probably meant.

Oxigraph's parser names the furthest place that any rule looked at, up to fourteen characters behind the mistake, and lists character
classes. So the mistake is searched for: the longest run of terminals with which a query can begin is found by halving,
with the engine's own parser as the judge.
"""

from __future__ import annotations

import re

from pyoxigraph import Store

from exporter.problems import Problem
from exporter.rdf.lexer import Token
from exporter.sparql.queries.text import QueryText
from exporter.text import nearest, quote

_PLACE = re.compile(r"error at (\d+):")
_PADDING = "\n" * 40
_CLOSERS = {"(": ")", "[": "]", "{": "}"}

_SENTENCES = {
    "The SELECT contains a variable that is unbound": (
        "SELECT names a variable that is neither grouped nor counted",
        "add it to GROUP BY, or put it in an aggregate such as SAMPLE(?x)",
    ),
    "The SELECT overrides an existing variable": (
        "SELECT … AS gives a value to a variable that the pattern binds already",
        "use another name after AS",
    ),
    "overrides an existing": ("a value is given to a variable that is bound already", "use another name after AS"),
    "Variables used in subqueries": ("a variable is used in a way that its scope doesn't allow", None),
    "aggregate": ("an aggregate stands where none may stand", "use it in SELECT, HAVING or ORDER BY"),
}

_KEYWORDS = (
    "ABS ADD ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL COALESCE CONCAT CONSTRUCT CONTAINS COUNT DATATYPE DAY "
    "DESC DESCRIBE DISTINCT ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HAVING HOURS IF "
    "IN IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISURI LANG LANGMATCHES LCASE LIMIT MAX MD5 MIN MINUS MINUTES MONTH "
    "NAMED NOT NOW OFFSET OPTIONAL ORDER PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS SELECT "
    "SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS STRLANG STRLEN "
    "STRSTARTS STRUUID SUBSTR SUM TIMEZONE TRUE TZ UCASE UNDEF UNION URI UUID VALUES WHERE YEAR"
)
KEYWORDS = frozenset(_KEYWORDS.split())


def syntax_problem(query: QueryText, error: str, prefixes: dict[str, str]) -> Problem:
    """Say where and why a query can't be parsed; `error` is the engine's own message.

    >>> syntax_problem(QueryText("SELCT * { ?s ?p ?o }"), "error at 1:10: expected CONSTRUCT", {}).message
    'no query can go on with "SELCT"'
    """
    for text, (message, advice) in _SENTENCES.items():
        if text in error:
            return Problem("QUERY-SYNTAX", query.location(_select(query)), message, help=advice)
    index = _first_impossible(query, prefixes)
    if index is None:
        return _ends_early(query)
    token = query.tokens[index]
    message = f"no query can go on with {quote(token.text, 40)}"
    if index:
        message += f" after {quote(query.tokens[index - 1].text, 40)}"
    return Problem("QUERY-SYNTAX", query.location(token), message, help=_advice(query, index))


def _first_impossible(query: QueryText, prefixes: dict[str, str]) -> int | None:
    """Find the first token that no query can have there, or None where all can and more is needed."""
    low, high = 0, len(query.tokens)
    while low < high:
        middle = (low + high) // 2
        if _can_go_on(query.text[: query.tokens[middle].end], prefixes):
            low = middle + 1
        else:
            high = middle
    return low if low < len(query.tokens) else None


def _can_go_on(beginning: str, prefixes: dict[str, str]) -> bool:
    """Judge the beginning of a query: a parser that fails only far behind it found nothing wrong in it."""
    try:
        Store().query(beginning + _PADDING, prefixes=prefixes)
    except SyntaxError as error:
        found = _PLACE.match(str(error))
        return found is not None and int(found[1]) > beginning.count("\n") + len(_PADDING) // 2
    except (RuntimeError, OSError, ValueError):
        return True
    return True


def _ends_early(query: QueryText) -> Problem:
    opened: list[Token] = []
    for token in query.tokens:
        if token.kind == "open":
            opened.append(token)
        elif token.kind == "close" and opened:
            opened.pop()
    if opened:
        last = opened[-1]
        message = f"{quote(last.text)} is opened here and never closed"
        return Problem("QUERY-SYNTAX", query.location(last), message, help=f"add {quote(_CLOSERS[last.text])}")
    if not query.tokens:
        return Problem("QUERY-SYNTAX", query.end(), "the query is empty", help="begin with SELECT, ASK, CONSTRUCT or DESCRIBE")
    return Problem("QUERY-SYNTAX", query.end(), "the query ends too early", help=_advice(query, len(query.tokens)))


def _advice(query: QueryText, index: int) -> str | None:
    if index < len(query.tokens):
        token = query.tokens[index]
        if token.text in {'"', "'"}:
            return "the string is not closed on its line"
        if token.kind == "iri" and ":" not in token.text:
            return "a relative IRI needs a BASE; write the whole IRI"
        if token.kind == "word" and (near := nearest(token.upper, KEYWORDS)) and near != token.upper:
            return f"did you mean {near}?"
    before = query.tokens[index - 1] if index else None
    if before and before.kind == "word" and (near := nearest(before.upper, KEYWORDS)) and before.upper not in KEYWORDS | {"A"}:
        return f"did you mean {near} instead of {before.text}?"
    return None


def _select(query: QueryText) -> Token:
    return next((token for token in query.tokens if token.upper == "SELECT"), query.tokens[0])
