"""SPARQL's terminals with their positions, told apart as Oxigraph's parser tells them.

SPARQL 1.1, section 19.8 (<https://www.w3.org/TR/sparql11-query/#sparqlGrammar>). Two traps make this more than a
regular expression. `<` is a less-than sign after an operand of an expression and opens an IRI elsewhere, so
`FILTER(?a<'x>' ) SERVICE ?u {…} #'` holds a `SERVICE` that a plain scanner takes for a part of a string. And
Oxigraph asks for no space after a keyword or a number: `trueSERVICE` is two words to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple, cast

from exporter.problems import Location

Kind = Literal["iri", "pname", "blank", "var", "string", "lang", "number", "word", "open", "close", "punct", "bad", "space"]
_STRAY = frozenset("\"'\\`~#")

# The grammar lists which characters beyond ASCII a name may have. Any other one can stand in no query outside strings, IRIs and
# comments, so taking all for names changes no valid query. Sets are written as what they lack: the expression compiles in 4 ms, not 40.
_NAME_START = r"[^\x00-@\[-`{-\x7F]"
_VARIABLE = r"[^\x00-/:-@\[-^`{-\x7F]"
_NAME = r"[^\x00-,./:-@\[-^`{-\x7F]"
_LOCAL = rf"(?:{_NAME}|:|%[0-9A-Fa-f]{{2}}|\\[_~.\-!$&'()*+,;=/?#@%])"
_STRINGS = (
    r'"""(?:[^"\\]|\\.|"(?!""))*"""',
    r"'''(?:[^'\\]|\\.|'(?!''))*'''",
    r'"(?:[^"\\\n\r]|\\.)*"',
    r"'(?:[^'\\\n\r]|\\.)*'",
)
_TOKEN = re.compile(
    rf"""
    (?P<space>(?:[\ \t\r\n]++|\#[^\n\r]*+)++)
  | (?P<iri><[^<>"{{}}|^`\\\x00-\x20]*(?:\\[uU][0-9A-Fa-f]{{4}}[^<>"{{}}|^`\\\x00-\x20]*)*>)
  | (?P<string>{"|".join(_STRINGS)})
  | (?P<blank>_:{_NAME}(?:\.*{_NAME})*)
  | (?P<pname>(?:{_NAME_START}(?:\.*{_NAME})*)?:(?:{_LOCAL}(?:\.*{_LOCAL})*)?)
  | (?P<var>[?$]{_VARIABLE}+)
  | (?P<lang>@[A-Za-z]+(?:-[A-Za-z0-9]+)*(?:--[a-z]+)?)
  | (?P<number>(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
  | (?P<word>[A-Za-z_][A-Za-z0-9_]*)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<punct>\^\^|&&|\|\||!=|<=|>=|<<|>>|[^\s])
    """,
    re.VERBOSE | re.DOTALL,
)
_OPERANDS = frozenset({"iri", "pname", "blank", "var", "string", "lang", "number"})
_OPENS_ZONE = frozenset({"SELECT", "BY", "HAVING"})
_CLOSES_ZONE = frozenset({"WHERE", "FROM", "VALUES"})
_NO_CALL = frozenset({"A", "TRUE", "FALSE", "UNDEF", "VALUES", "WHERE"})


class Token(NamedTuple):
    """A terminal: its kind, its text, and where it starts, in characters from 0."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next character stands."""
        return self.start + len(self.text)

    @property
    def upper(self) -> str:
        """The text of a keyword in capitals; SPARQL's keywords know no case."""
        return self.text.upper()


_SHORT = 10_000


@dataclass(slots=True)
class _Scope:
    """What an open bracket holds: only within an expression is `<` ever a sign.

    `zone` is the clause of the scope whose brackets are expressions: from `SELECT` to the group, after `BY` and `HAVING`,
    and the one bracket after `FILTER`.
    """

    opener: str
    expression: bool
    zone: str = ""


def tokens(query: str) -> Iterator[Token]:
    """Yield the terminals of a query, comments and space left out; a stray character is of kind `bad`.

    >>> [(token.kind, token.text) for token in tokens("ASK { ?s a ex:b } # SERVICE")]
    [('word', 'ASK'), ('open', '{'), ('var', '?s'), ('word', 'a'), ('pname', 'ex:b'), ('close', '}')]
    >>> [token.text for token in tokens("FILTER(?a<?b&&?c>?d)")]
    ['FILTER', '(', '?a', '<', '?b', '&&', '?c', '>', '?d', ')']
    """
    scopes = [_Scope("", expression=False)]
    previous: Token | None = None
    position = 0
    while position < len(query):
        kind, text = _next(query, position, operator=scopes[-1].expression and _is_operand(previous))
        if kind != "space":
            token = Token(kind, text, position)
            _follow(scopes, token, previous)
            yield token
            previous = token
        position += len(text)


def lex(query: str) -> tuple[Token, ...]:
    """Give the terminals of a query at once; those of the last short ones are remembered, for who asks next in another place.

    >>> [token.text for token in lex("ASK {}")]
    ['ASK', '{', '}']
    """
    return _lex(query) if len(query) <= _SHORT else tuple(tokens(query))


@lru_cache(maxsize=64)
def _lex(query: str) -> tuple[Token, ...]:
    return tuple(tokens(query))


def _next(query: str, position: int, *, operator: bool) -> tuple[Kind, str]:
    if operator and query[position] == "<":
        return "punct", "<=" if query.startswith("<=", position) else "<"
    match = _TOKEN.match(query, position)
    if match is None:
        return "bad", query[position]
    kind = cast("Kind", match.lastgroup)
    if kind == "punct" and match[0] in _STRAY:
        return "bad", match[0]
    return kind, match[0]


def _follow(scopes: list[_Scope], token: Token, previous: Token | None) -> None:
    """Keep the stack of open brackets, and the clause that the innermost one is in."""
    scope = scopes[-1]
    if token.kind == "open" or token.text == "<<":
        scopes.append(_Scope(token.text, expression=token.text == "(" and _opens_expression(previous, scope)))
        if scope.zone == "FILTER" or (token.text == "{" and scope.zone == "SELECT"):
            scope.zone = ""
    elif (token.kind == "close" and len(scopes) > 1) or (token.text == ">>" and scope.opener == "<<"):
        scopes.pop()
    elif token.kind == "word" and token.upper.endswith("FILTER"):
        scope.zone = "FILTER"
    elif token.kind == "word" and token.upper in _OPENS_ZONE:
        scope.zone = token.upper
    elif token.kind == "word" and token.upper in _CLOSES_ZONE:
        scope.zone = ""


def _is_operand(token: Token | None) -> bool:
    if token is None:
        return False
    return token.kind in _OPERANDS or token.text in {")", ">>"} or (token.kind == "word" and token.upper in {"TRUE", "FALSE"})


def _opens_expression(previous: Token | None, scope: _Scope) -> bool:
    """Tell an expression's bracket from that of a collection, a property path or a row of VALUES."""
    if scope.expression or scope.zone:
        return True
    return previous is not None and previous.kind == "word" and previous.upper not in _NO_CALL


def place(query: str, position: int, path: str = "<query>", end: int | None = None) -> Location:
    r"""Give line and column, counted from 1, of a character position.

    >>> place("ASK {\n ?s }", 7).line, place("ASK {\n ?s }", 7).column
    (2, 2)
    """
    line, column = _line_column(query, position)
    if end is None:
        return Location(path, line, column)
    return Location(path, line, column, *_line_column(query, end))


def _line_column(query: str, position: int) -> tuple[int, int]:
    return query.count("\n", 0, position) + 1, position - (query.rfind("\n", 0, position) + 1) + 1
