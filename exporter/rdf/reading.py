"""RDF files as texts and triples: in every syntax of the table, compressed or not, with the place of what can't be read.

What could hurt the machine (entities of a DTD that read files or expand without end, very deep JSON) is refused before a parser sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import cast
from xml.parsers import expat

from pyoxigraph import BlankNode, Quad, Triple, parse

from exporter.problems import Location
from exporter.rdf.base import file_iri
from exporter.rdf.compression import read_unpacked
from exporter.rdf.json_depth import MAX_JSON_DEPTH, is_deeper
from exporter.rdf.star import ADVICE, REFUSAL, quoted_triple
from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import Statement, Subject, Term
from exporter.text import parser_reason

_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(\[.*?\]\s*+)?>", re.DOTALL)
_DANGEROUS = re.compile(r"\b(?:SYSTEM|PUBLIC)\b|<!ENTITY\s+%|<!ENTITY[^>]*[\"'][^\"'>]*&")
_CODE_POINT = re.compile(r"IRI code point '(.)'", re.DOTALL)
_FORMULA = "a formula or a variable of Notation3 stands in it, which is not RDF"
_FORMULAS = ("named graphs are not allowed", "variables are not allowed")


class RdfError(Exception):
    """An RDF file that can't be read: where, why, and what helps. `unsafe` says that it was refused before it was parsed."""

    def __init__(self, place: Location, message: str, advice: str | None = None, *, unsafe: bool = False) -> None:
        super().__init__(f"{place}: {message}" + (f"; {advice}" if advice else ""))
        self.place = place
        self.message = message
        self.advice = advice
        self.unsafe = unsafe


@dataclass(frozen=True, slots=True)
class RdfText:
    """The text of a file in a syntax; `path` is what its places name, `base` resolves its relative IRIs."""

    path: str
    text: str
    syntax: Syntax
    base: str
    prefixes: dict[str, str] = field(default_factory=dict)
    """What the text declares, known when its statements have been read."""

    def statements(self, *, quoted: bool = False, rename: bool = False) -> Iterator[Statement]:
        """Yield the triples in their order, those of all graphs of a dataset; raises RdfError at the first fault.

        With `quoted` a triple about a triple is passed on, as no statement of ours is; with `rename` blank nodes get new labels.
        """
        try:
            for quad in self._quads(rename=rename):
                if not quoted and (isinstance(quad.object, Triple) or isinstance(quad.subject, Triple)):
                    raise self._refused(Location(self.path))
                yield cast("Statement", (quad.subject, quad.predicate, quad.object))
        except SyntaxError as error:
            raise self._fault(error) from None
        except ValueError as error:
            raise RdfError(Location(self.path), f"the file is not valid {self.syntax.label}: {parser_reason(str(error))}") from None

    def _quads(self, *, rename: bool) -> Iterator[Quad]:
        if self.syntax.lines:
            yield from self._lines()
            return
        # A formula of Notation3 is not said, but spoken of; graphs of a dataset are.
        plain = not self.syntax.dataset
        data = self.text.encode()
        parser = parse(data, self.syntax.of_engine, base_iri=self.base, without_named_graphs=plain, rename_blank_nodes=rename)
        yield from parser
        self.prefixes.update(parser.prefixes)

    def _lines(self) -> Iterator[Quad]:
        """Read each line as a document: a label means another node on another line."""
        for number, line in enumerate(self.text.split("\n"), 1):
            try:
                for quad in parse(line, self.syntax.of_engine, base_iri=self.base) if line.strip() else ():
                    yield _labelled(quad, f"l{number}")
            except SyntaxError as error:
                error.lineno = number
                raise

    def _fault(self, error: SyntaxError) -> RdfError:
        if self.syntax.family in ("turtle", "lines") and (mark := quoted_triple(self.path, self.text)):
            return self._refused(mark)
        return syntax_fault(self.path, self.syntax, error, self.text)

    def _refused(self, place: Location) -> RdfError:
        marked = quoted_triple(self.path, self.text) if self.syntax.family in ("turtle", "lines") else None
        return RdfError(marked or place, REFUSAL, ADVICE)


def _labelled(quad: Quad, mark: str) -> Quad:
    def one(term: Subject | Term | Triple) -> Subject | Term | Triple:
        return BlankNode(mark + term.value) if isinstance(term, BlankNode) else term

    return Quad(cast("Subject", one(quad.subject)), quad.predicate, one(quad.object), quad.graph_name)


def read_rdf_text(path: str, syntax: Syntax, data: bytes | None = None, base: str | None = None) -> RdfText:
    """Read a file, or `data` in its place, as a text that is safe to parse; raises RdfError, and OSError where the file can't be read."""
    data = read_unpacked(path) if data is None else data
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RdfError(Location(path, data.count(b"\n", 0, error.start) + 1), "the file is not UTF-8", "save it as UTF-8") from None
    if syntax.family == "xml":
        refuse_entities(path, text)
    if syntax.family == "json" and is_deeper(BytesIO(data), MAX_JSON_DEPTH):
        raise RdfError(Location(path), f"the JSON is nested more than {MAX_JSON_DEPTH} levels deep", "write it flat", unsafe=True)
    return RdfText(path, text, syntax, base or file_iri(path))


def syntax_fault(path: str, syntax: Syntax, error: SyntaxError, text: str) -> RdfError:
    """Say what a parser found in a text, and at which character."""
    reason = parser_reason(str(error.msg))
    place = _xml_place(path, text) if error.lineno is None and syntax.family == "xml" else _place(path, error, text)
    if reason.startswith(_FORMULAS):
        return RdfError(place, _FORMULA, "remove it")
    return RdfError(place, f"the file is not valid {syntax.label}: {reason}")


def _place(path: str, error: SyntaxError, text: str) -> Location:
    """Give the place of a fault; in an IRI the parser knows only where this begins, and which character it can't have."""
    line, column = error.lineno or 1, error.offset or 1
    wrong = _CODE_POINT.search(str(error.msg))
    if wrong is None:
        return Location(path, line, column)
    at = next(islice(text.split("\n"), line - 1, None), "").find(wrong[1], column - 1)
    return Location(path, line, column if at < 0 else at + 1)


def _xml_place(path: str, text: str) -> Location:
    """Look for the fault of an XML document with a parser that counts lines."""
    try:
        expat.ParserCreate(encoding="utf-8").Parse(text.encode(), True)
    except expat.ExpatError as error:
        return Location(path, error.lineno, error.offset + 1)
    return Location(path)


def refuse_entities(path: str, text: str) -> None:
    """Raise RdfError for a DTD that makes a small file a large text, or another file's."""
    doctype = _DOCTYPE.search(text)
    if doctype and _DANGEROUS.search(doctype[0]):
        raise RdfError(
            Location(path, text.count("\n", 0, doctype.start()) + 1),
            "the DTD has entities that read files or expand without end",
            "remove the DOCTYPE, or keep only entities that are plain namespaces",
            unsafe=True,
        )
