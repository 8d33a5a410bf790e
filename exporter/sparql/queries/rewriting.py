"""A query as the engine gets it: it asks for the same, in the terms that are loaded, and sorts as SPARQL says.

Three things are changed, by the terminals of the query and without a change of its meaning. A literal that the dataset keeps as it is
written (`exporter.dataset.exact`) stands in a pattern as it is loaded, and a variable in an expression is read by its value. ORDER BY gets
a first criterion that parts numbers from texts, because the engine compares 10 and "2" as texts and so puts 10 before 3 where a text stands
among numbers. MIN and MAX, which the engine gets wrong there, are found by us.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode

from exporter.dataset.exact import XSD, keep
from exporter.rdf.lexer import Token, lex

FUNCTIONS = "https://w3id.org/owltype/function#"
_TERMS = frozenset("STR SAMETERM ISIRI ISURI ISBLANK ISLITERAL COUNT SAMPLE ISTRIPLE TRIPLE SUBJECT PREDICATE OBJECT".split())  # noqa: SIM905
"""Functions that take terms as they are; the others take values."""
_PASSING = frozenset({"COALESCE", "IF"})
_ONE_KIND = frozenset("COUNT SUM AVG STRLEN YEAR MONTH DAY ABS STR LCASE UCASE GROUP_CONCAT RAND".split())  # noqa: SIM905
_ENDS = frozenset({"LIMIT", "OFFSET", "VALUES", "ORDER", "HAVING"})
_INFIX = frozenset({"+", "-", "*", "/", "=", "!=", "<", ">", "<=", ">=", "&&", "||", "!", "IN", "NOT"})
_XSD_STRING = f"<{XSD}string>"


class NotRewritten(Exception):  # noqa: N818 - a decision, not an error
    """The query holds something that is left to the engine as it stands."""


@dataclass(slots=True)
class Rewriting:
    """One query while it is rewritten: its terminals, and what some of them are replaced by.

    `exact` says that the dataset keeps literals, `tags` that it has language tags with capitals.
    """

    text: str
    prefixes: Mapping[str, str]
    exact: bool
    tags: bool
    words: list[Token] = field(default_factory=list)
    edits: dict[int, str] = field(default_factory=dict)
    at: int = 0

    def run(self) -> str:
        """Give the text of the query for the engine."""
        self.words = list(lex(self.text))
        while self.at < len(self.words):
            self._step()
        return self._render(0, len(self.words), 0, len(self.text))

    def _render(self, first: int, last: int, start: int, end: int) -> str:
        parts = []
        for index in range(first, last):
            token = self.words[index]
            parts += [self.text[start : token.start], self.edits.get(index, token.text)]
            start = token.end
        return "".join(parts) + self.text[start:end]

    def _word(self, ahead: int = 0) -> str:
        index = self.at + ahead
        return self.words[index].upper if index < len(self.words) else ""

    def _take(self, text: str) -> None:
        if self._word() != text:
            raise NotRewritten
        self.at += 1

    def _step(self) -> None:
        """Pass one terminal of a pattern, or the expression that begins there."""
        word, kind = self._word(), self.words[self.at].kind
        if kind == "word" and word in {"FILTER", "HAVING"}:
            self.at += 1
            self._constraint()
            while word == "HAVING" and self._word() == "(":
                self._constraint()
        elif kind == "word" and word in {"SELECT", "BIND", "GROUP", "ORDER"}:
            self.at += 1
            {"SELECT": self._select, "BIND": self._bind, "GROUP": self._group, "ORDER": self._order}[word]()
        elif kind == "word" and word == "SERVICE":
            self._pass_service()
        elif kind == "word" and word in {"LIMIT", "OFFSET"}:
            self.at += 2
        elif kind == "word" and word in {"PREFIX", "BASE"}:
            self.at += 3 if word == "PREFIX" else 2
        elif kind in {"string", "number"}:
            self._literal(kept=True)
        else:
            self.at += 1

    def _pass_service(self) -> None:
        """Leave what another machine is asked as it is."""
        while self._word() != "{":
            self._need()
            self.at += 1
        depth = 0
        while depth or self._word() == "{":
            self._need()
            depth += {"{": 1, "}": -1}.get(self._word(), 0)
            self.at += 1

    def _need(self) -> None:
        if self.at >= len(self.words):
            raise NotRewritten

    def _constraint(self) -> None:
        """Pass what FILTER and HAVING take: a bracket or a call."""
        self._primary(as_value=True)

    def _bind(self) -> None:
        self._take("(")
        self._expression(as_value=False)
        self._alias()

    def _alias(self) -> None:
        if self._word() == "AS":
            self.at += 2
        self._take(")")

    def _select(self) -> None:
        while self.at < len(self.words) and self._word() not in {"{", "WHERE", "FROM"}:
            if self._word() == "(":
                self._bind()
            else:
                self.at += 1

    def _group(self) -> None:
        self._take("BY")
        while self.at < len(self.words) and self._word() not in _ENDS | {"}"}:
            if self._word() == "(":
                self._bind()
            elif self.words[self.at].kind == "var":
                self.at += 1
            else:
                self._primary(as_value=True)

    def _order(self) -> None:
        self._take("BY")
        while self.at < len(self.words) and self._word() not in _ENDS | {"}"}:
            first = self.at
            direction = self._word() if self._word() in {"ASC", "DESC"} else ""
            self.at += bool(direction)
            begins = self.at
            self._primary(as_value=True)
            if self._is_of_one_kind(begins):
                continue
            expression = self._render(begins, self.at, self.words[begins].start, self.words[self.at - 1].end)
            for index in range(first, self.at):
                self.edits[index] = ""
            self.edits[first] = f"{direction}({_KIND.format(expression)}) {direction}({expression})"

    def _is_of_one_kind(self, begins: int) -> bool:
        """Tell a criterion that gives numbers only, or texts only."""
        token = self.words[begins + (self.words[begins].text == "(")]
        return token.kind == "word" and token.upper in _ONE_KIND and self.at - begins > 1 and not self._joined(begins)

    def _joined(self, begins: int) -> bool:
        """Say whether a bracket holds more than the call that it begins with."""
        depth = 0
        for index in range(begins + (self.words[begins].text == "("), self.at):
            depth += {"open": 1, "close": -1}.get(self.words[index].kind, 0)
            if depth == 0 and self.words[index].kind == "close":
                return index < self.at - 1 - (self.words[begins].text == "(")
        return True

    def _expression(self, *, as_value: bool) -> None:
        """Pass an expression; a single operand is a term unless `as_value`, and operands of operators are values."""
        begins = self.at
        if not self._has_operator():
            self._primary(as_value=as_value)
            return
        while self._word() not in {")", ",", ";", "AS", ""}:
            if self._word() == "NOT" and self._word(1) == "EXISTS":
                self.at += 1
                self._primary(as_value=True)
            elif self._word() == "IN":
                self.at += 1
                self._arguments(lambda _: True)
            elif self._word() in _INFIX:
                self.at += 1
            else:
                self._primary(as_value=True)
        if self.at == begins:
            raise NotRewritten

    def _has_operator(self) -> bool:
        depth = 0
        for index in range(self.at, len(self.words)):
            token = self.words[index]
            if token.kind == "open":
                depth += 1
            elif token.kind == "close":
                depth -= 1
                if depth < 0:
                    return False
            elif depth == 0 and token.upper in {",", ";", "AS"}:
                return False
            elif depth == 0 and token.upper in _INFIX and token.kind in {"punct", "word"}:
                return True
        return False

    def _primary(self, *, as_value: bool) -> None:
        """Pass a bracket, a call, a variable or a constant."""
        if self.at >= len(self.words):
            raise NotRewritten
        token = self.words[self.at]
        called = self._word(1) == "("
        if token.text == "(":
            self.at += 1
            self._expression(as_value=as_value)
            self._take(")")
        elif token.kind == "var":
            if as_value and self.exact:
                self.edits[self.at] = f"<{FUNCTIONS}value>({token.text})"
            self.at += 1
        elif token.kind == "word" and token.upper in {"EXISTS", "NOT"}:
            self._pattern()
        elif token.kind == "word" and called:
            self._call(token.upper, as_value=as_value)
        elif token.kind in {"iri", "pname"} and called:
            self.at += 1
            self._arguments(lambda _: True)
        elif token.kind in {"string", "number"}:
            self._literal(kept=not as_value)
        elif token.kind in {"iri", "pname"} or token.upper in {"TRUE", "FALSE"}:
            self.at += 1
        else:
            raise NotRewritten

    def _pattern(self) -> None:
        """Pass `EXISTS { … }`, whose inside is a pattern."""
        while self._word() in {"EXISTS", "NOT"}:
            self.at += 1
        self._take("{")
        depth = 1
        while depth and self.at < len(self.words):
            depth += {"{": 1, "}": -1}.get(self._word(), 0)
            if depth:
                self._step()
        self._take("}")

    def _call(self, name: str, *, as_value: bool) -> None:
        index = self.at
        self.at += 1
        if name in {"MIN", "MAX"}:
            self.edits[index] = f"<{FUNCTIONS}{name.lower()}>"
            if self._word(1) == "DISTINCT":
                self.edits[self.at + 1] = ""
            self._arguments(lambda _: False)
        elif name == "BOUND":
            self.at += 3
        elif (name == "DATATYPE" and self.exact) or (name == "LANG" and self.tags):
            self.edits[index] = f"<{FUNCTIONS}{name.lower()}>"
            self._arguments(lambda _: False)
        elif name in _PASSING:
            self._arguments(lambda number: as_value or (name == "IF" and number == 0))
        else:
            self._arguments(lambda _: name not in _TERMS)

    def _arguments(self, is_value: Callable[[int], bool]) -> None:
        """Pass the arguments of a call; `is_value` says of each, counted from 0, whether its value is taken."""
        self._take("(")
        number = 0
        while self._word() != ")":
            if self._word() in {"DISTINCT", "*"}:
                self.at += 1
            elif self._word() == ",":
                number += 1
                self.at += 1
            elif self._word() == ";":  # GROUP_CONCAT(… ; SEPARATOR = ", ")
                self.at += 4
            else:
                self._expression(as_value=is_value(number))
        self.at += 1

    def _literal(self, *, kept: bool) -> None:
        """Pass a literal; where it is `kept`, write it as it is loaded."""
        first = self.at
        literal = self._number() if self.words[first].kind == "number" else self._string()
        if not (kept and self.exact) or literal is None:
            return
        loaded = keep(literal)
        if loaded is not literal:
            dot = "." if self.words[first].text.endswith(".") else ""
            for index in range(first, self.at):
                self.edits[index] = ""
            signed = self._sign(first)
            if signed:
                self.edits[first - 1] = ""
            self.edits[first] = str(loaded) + (f" {dot}" if dot else "")

    def _sign(self, index: int) -> str:
        """Give the sign of a number: it stands right before it, and behind no operand's end."""
        before = self.words[index - 1] if index else None
        if before is None or self.words[index].kind != "number" or before.text not in {"+", "-"} or before.end != self.words[index].start:
            return ""
        return before.text

    def _number(self) -> Literal:
        text = self._sign(self.at) + self.words[self.at].text.rstrip(".")
        self.at += 1
        kind = "double" if "e" in text.lower() else "decimal" if "." in text else "integer"
        return Literal(text, datatype=NamedNode(XSD + kind))

    def _string(self) -> Literal | None:
        text = self.words[self.at].text
        self.at += 1
        if self._word() != "^^":
            self.at += self.at < len(self.words) and self.words[self.at].kind == "lang"
            return None
        self.at += 1
        datatype = self._iri(self.words[self.at]) if self.at < len(self.words) else None
        self.at += 1
        quotes = 3 if text[:3] in {'"""', "'''"} else 1
        inner = text[quotes:-quotes]
        return Literal(inner, datatype=NamedNode(datatype)) if datatype and "\\" not in inner else None

    def _iri(self, token: Token) -> str | None:
        if token.kind == "iri":
            return token.text[1:-1]
        prefix, colon, local = token.text.partition(":")
        return self.prefixes[prefix] + local if colon and prefix in self.prefixes else None


_KIND = f"IF(isNumeric({{0}}), 0, IF(LANG({{0}}) != '' || DATATYPE({{0}}) = {_XSD_STRING}, 1, STR(DATATYPE({{0}}))))"
"""What ORDER BY compares first: numbers, then texts, then the others by their type; IRIs and blank nodes have none, and so come first."""


def rewrite(text: str, prefixes: Mapping[str, str], *, exact: bool, tags: bool) -> str | None:
    """Give the text of a query as the engine gets it; None for one that can't be understood, of which the engine will say more.

    >>> rewrite("SELECT ?o { ?s ?p ?o, 03 FILTER(?o > 2) }", {}, exact=True, tags=False)
    'SELECT ?o { ?s ?p ?o, "03"^^<https://w3id.org/owltype/exact#integer> FILTER(<https://w3id.org/owltype/function#value>(?o) > 2) }'
    """
    upper = text.upper()
    if not (exact or tags or "ORDER" in upper or "MIN" in upper or "MAX" in upper):
        return text
    try:
        return Rewriting(text, prefixes, exact, tags).run()
    except (NotRewritten, IndexError):
        return None
