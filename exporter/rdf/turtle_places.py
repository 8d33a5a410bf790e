"""Where each triple of a Turtle, TriG, N-Triples or N-Quads file stands: line and column of its subject, predicate and object.

No Turtle parser for Python keeps positions, so this one walks the grammar (https://www.w3.org/TR/turtle/#sec-grammar) over a text
that pyoxigraph has already read without an error. It can therefore be forgiving: it looks for places, never for mistakes.
Blank nodes are named `b1`, `b2` … in the order of the file, so that two readings of one text agree.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse

from exporter.rdf.places import PlacedStatement, PlacedText, Span, line_starts
from exporter.rdf.prefixes import LETTER
from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, XSD, Subject, Term


def turtle_positions(text: str, base: str = "", *, graphs: bool = False) -> PlacedText:
    r"""Walk a Turtle text that is known to be valid and say where every triple stands; with `graphs` it is TriG or N-Quads.

    Statements come in the order in which their objects end. Raises ValueError where the text is not Turtle 1.1 (RDF 1.2's
    reified triples have no place here), or is nested deeper than anyone writes.

    >>> found = turtle_positions('@prefix : <http://e/> .\n:s :p [ :q "x" ] .')
    >>> [(str(s.subject), str(s.object), found.text[slice(*s.object_span)]) for s in found.statements]
    [('_:b1', '"x"', '"x"'), ('<http://e/s>', '_:b1', '[ :q "x" ]')]
    """
    walker = _Walker(text, base, graphs=graphs)
    walker.document()
    labels = {label: node.value for label, node in walker.labels.items()}
    return PlacedText(text, walker.statements, walker.prefixes, walker.prefix_spans, line_starts(text), labels)


def quads_positions(text: str, base: str = "") -> PlacedText:
    """Walk a text in TriG or N-Quads, as `turtle_positions` does."""
    return turtle_positions(text, base, graphs=True)


# PN_CHARS and PN_LOCAL of the grammar
_NAME = rf"{LETTER}_0-9\-\u00b7\u0300-\u036f\u203f-\u2040"
_LOCAL_PART = rf"(?:[{_NAME}:]|%[0-9A-Fa-f]{{2}}|\\[_~.!$&'()*+,;=/?\#@%\-])"
_LOCAL = rf"{_LOCAL_PART}*+(?:\.++{_LOCAL_PART}++)*+"  # possessive: a row of dots is looked at once
_SPACE = re.compile(r"(?:\s++|#[^\r\n]*+)*+")
_TOKEN = rf"""(?P<long>\"{{3}}(?:\"{{0,2}}(?:[^\"\\]|\\.))*+\"{{3}}|'{{3}}(?:'{{0,2}}(?:[^'\\]|\\.))*+'{{3}})
    | (?P<string>"(?:[^"\\\r\n]|\\.)*"|'(?:[^'\\\r\n]|\\.)*')
    | <(?P<iri>[^<>"{{}}|^`\x00-\x20]*)>
    | _:(?P<label>[{LETTER}_0-9][{_NAME}]*+(?:\.++[{_NAME}]++)*+)
    | @(?P<tag>[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<double>[+-]?(?:\d+\.\d*|\.?\d+)[eE][+-]?\d+)
    | (?P<decimal>[+-]?\d*\.\d+)
    | (?P<integer>[+-]?\d+)
    | (?P<prefixed>(?P<prefix>(?:[{LETTER}][{_NAME}.]*+)?):(?P<local>{_LOCAL}))
    | (?P<word>[A-Za-z]+)
    | (?P<mark>\^\^|[.;,()\[\]{{}}])
    | (?P<end>\Z)"""
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_CONTROL = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}
_DEEPEST = 100
_NUMBERS = ("double", "decimal", "integer")


@cache
def _token() -> re.Pattern[str]:
    """A token of the grammar. It takes 11 ms to compile, and most runs look for no place."""
    return re.compile(_TOKEN, re.VERBOSE | re.DOTALL)


@lru_cache(maxsize=4096)
def resolve(iri: str, base: str) -> str:
    """Resolve a relative IRI as the parser of the file does (RFC 3986): urljoin joins `a//b` to `a/b` and drops an empty fragment.

    >>> resolve("#", "http://e/x"), resolve("a//b", "http://e/x/y")
    ('http://e/x#', 'http://e/x/a//b')
    """
    found = next(iter(parse(f"<{iri}> a <> .", format=RdfFormat.TURTLE, base_iri=base)))
    assert isinstance(found.subject, NamedNode)
    return found.subject.value


def _unescape(text: str) -> str:
    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else _CONTROL.get(match[3], match[3])

    return _ESCAPE.sub(one, text) if "\\" in text else text


class _Walker:
    """One walk over one text; `self.token` is the token not yet used."""

    def __init__(self, text: str, base: str, *, graphs: bool = False) -> None:
        self.text, self.base, self.graphs = text, base, graphs
        self.statements: list[PlacedStatement] = []
        self.prefixes: dict[str, str] = {}
        self.prefix_spans: dict[str, list[Span]] = {}
        self.labels: dict[str, BlankNode] = {}
        self.blank_count = 0
        self.last_end = self.depth = 0
        self._token = _token()
        self.token = self._scan(0)

    def _scan(self, offset: int) -> re.Match[str]:
        space = _SPACE.match(self.text, offset)
        match = self._token.match(self.text, space.end() if space else offset)
        if match is None:
            raise ValueError(f"no Turtle token at offset {offset}")
        return match

    @property
    def kind(self) -> str:
        """The token's group; its subgroups (`prefix`, `local`) never end last because `prefixed` encloses them."""
        return self.token.lastgroup or ""

    def _advance(self) -> re.Match[str]:
        used = self.token
        self.last_end = used.end()
        self.token = self._scan(used.end())
        return used

    def _takes(self, mark: str) -> bool:
        if self.kind == "mark" and self.token["mark"] == mark:
            self._advance()
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._takes(mark):
            raise ValueError(f"no {mark!r} at offset {self.token.start()}")

    def document(self) -> None:
        while self.kind != "end":
            if not self._directive():
                self._triples()

    def _directive(self) -> bool:
        word = self.token[self.kind].lower() if self.kind in ("tag", "word") else ""
        if word not in ("prefix", "base"):
            return False
        dotted = self.kind == "tag"
        self._advance()
        if word == "prefix":
            span, name = self.token.span(), self._advance()["prefix"]
            self.prefixes[name] = self._iri()
            self.prefix_spans.setdefault(name, []).append(span)
        else:
            self.base = self._iri()
        if dotted:
            self._expect(".")
        return True

    def _iri(self) -> str:
        iri = _unescape(self._advance()["iri"])
        if not self.base or _ABSOLUTE.match(iri):
            return iri
        return resolve(iri, self.base)

    def _is(self, mark: str) -> bool:
        return self.kind == "mark" and self.token["mark"] == mark

    def _triples(self, *, block: bool = False) -> None:
        """Read triples up to their dot, which the last ones of a TriG block may lack; or a block, where its graph's name comes first."""
        bare = self._is("[")
        if self.graphs and not block and self._block():
            return
        subject, span = self._term()
        if isinstance(subject, Literal):
            raise ValueError(f"a literal as subject at offset {span[0]}")
        if self.graphs and not block and self._block():
            return
        if not (bare and (self._is(".") or self._is("}"))):
            self._predicates(subject, span)
        if not (block and self._is("}")):
            self._expect(".")

    def _block(self) -> bool:
        """Read a TriG block with its triples."""
        if self.kind == "word" and self.token["word"].lower() == "graph":
            self._advance()
            self._term()
        if not self._takes("{"):
            return False
        while not self._takes("}"):
            self._triples(block=True)
        return True

    def _predicates(self, subject: Subject, subject_span: Span) -> None:
        while True:
            predicate, predicate_span = self._verb()
            while True:
                value, value_span = self._term()
                self.statements.append(PlacedStatement(subject, predicate, value, subject_span, predicate_span, value_span))
                if self.graphs and self.kind in ("iri", "label"):
                    self._term()  # the graph of a statement in N-Quads
                if not self._takes(","):
                    break
            if not self._takes(";"):
                return
            while self._takes(";"):
                pass
            if self.kind == "mark":
                return

    def _verb(self) -> tuple[NamedNode, Span]:
        if self.kind == "word" and self.token["word"] == "a":
            span = self.token.span()
            self._advance()
            return RDF_TYPE, span
        term, span = self._term()
        if not isinstance(term, NamedNode):
            raise ValueError(f"no predicate at offset {span[0]}")
        return term, span

    def _term(self) -> tuple[Term, Span]:
        start = self.token.start()
        term = self._read_term()
        return term, (start, self.last_end)

    def _read_term(self) -> Term:
        match self.kind:
            case "iri":
                return NamedNode(self._iri())
            case "prefixed":
                return self._prefixed()
            case "label":
                label = self._advance()["label"]
                if label not in self.labels:
                    self.labels[label] = self._blank()
                return self.labels[label]
            case "long" | "string":
                return self._string()
            case "mark":
                return self._nested()
            case "word":
                return Literal(self._advance()["word"], datatype=NamedNode(XSD + "boolean"))
            case kind if kind in _NUMBERS:
                return Literal(self._advance()[kind], datatype=NamedNode(XSD + kind))
        raise ValueError(f"no term at offset {self.token.start()}")

    def _prefixed(self) -> NamedNode:
        token = self._advance()
        return NamedNode(self.prefixes[token["prefix"]] + re.sub(r"\\(.)", r"\1", token["local"]))

    def _string(self) -> Literal:
        quotes = 3 if self.kind == "long" else 1
        text = _unescape(self._advance()[0][quotes:-quotes])
        if self.kind == "tag":
            return Literal(text, language=self._advance()["tag"])
        if self._takes("^^"):
            datatype = self._read_term()
            assert isinstance(datatype, NamedNode)
            return Literal(text, datatype=datatype)
        return Literal(text)

    def _blank(self) -> BlankNode:
        self.blank_count += 1
        return BlankNode(f"b{self.blank_count}")

    def _nested(self) -> Term:
        start = self.token.start()
        self.depth += 1
        if self.depth > _DEEPEST:
            raise ValueError(f"brackets are nested more than {_DEEPEST} deep at offset {start}")
        if self._takes("["):
            found: Term = self._properties(start)
        else:
            self._expect("(")
            found = self._list()
        self.depth -= 1
        return found

    def _properties(self, start: int) -> BlankNode:
        node = self._blank()
        if not self._takes("]"):
            self._predicates(node, (start, start + 1))
            self._expect("]")
        return node

    def _list(self) -> Term:
        if self._takes(")"):
            return RDF_NIL
        head = cell = self._blank()
        while True:
            item, span = self._term()
            self.statements.append(PlacedStatement(cell, RDF_FIRST, item, span, span, span))
            if self._takes(")"):
                self.statements.append(PlacedStatement(cell, RDF_REST, RDF_NIL, span, span, span))
                return head
            following = self._blank()
            self.statements.append(PlacedStatement(cell, RDF_REST, following, span, span, span))
            cell = following
