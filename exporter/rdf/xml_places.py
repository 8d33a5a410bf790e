"""Where each triple of an RDF/XML file stands: the elements and attributes that make it.

The grammar is that of https://www.w3.org/TR/rdf-syntax-grammar/, walked over a text that pyoxigraph has already read without an error.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin
from xml.parsers import expat

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.places import PlacedStatement, PlacedText, Span, line_starts
from exporter.rdf.terms import RDF, RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, Subject, Term

_XML = "http://www.w3.org/XML/1998/namespace "
_NAME = re.compile(r"[^\s/>]+")
_SYNTAX = frozenset(RDF + name for name in ("about", "ID", "nodeID", "resource", "datatype", "parseType", "bagID", "aboutEach"))


def xml_positions(text: str, base: str) -> PlacedText:
    """Walk an RDF/XML text and say where every triple stands; raises ValueError where it can't be walked."""
    walker = _Walker(text, base)
    try:
        walker.run()
    except expat.ExpatError as error:
        raise ValueError(str(error)) from error
    labels = {label: node.value for label, node in walker.labels.items()}
    return PlacedText(text, walker.statements, walker.prefixes, {}, line_starts(text), labels)


@dataclass(slots=True)
class _Frame:
    """An open element: one of a node (`subject`), or of a property of it (`predicate`), or the root around the nodes."""

    base: str
    language: str
    span: Span
    subject: Subject | None = None
    predicate: NamedNode | None = None
    datatype: str | None = None
    parse_type: str = ""
    done: bool = False
    count: int = 0
    text: list[str] = field(default_factory=list)
    text_at: int | None = None
    children: list[tuple[Subject, Span]] = field(default_factory=list)


class _Walker:
    """One walk over one text; `self.frames` are the elements around the place where it is."""

    def __init__(self, text: str, base: str) -> None:
        self.text, self.data = text, text.encode()
        self.statements: list[PlacedStatement] = []
        self.prefixes: dict[str, str] = {}
        self.labels: dict[str, BlankNode] = {}
        self.blank_count = 0
        self.frames = [_Frame(base, "", (0, 0))]
        self.at = (0, 0)
        self.parser = expat.ParserCreate(encoding="utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartNamespaceDeclHandler = self._prefix

    def run(self) -> None:
        self.parser.Parse(self.data, True)

    def _offset(self) -> int:
        """Give the place of the parser in characters; it counts bytes."""
        byte, character = self.at
        here = self.parser.CurrentByteIndex
        if here < byte:
            byte = character = 0
        self.at = (here, character + len(self.data[byte:here].decode()))
        return self.at[1]

    def _prefix(self, prefix: str | None, iri: str | None) -> None:
        self.prefixes.setdefault(prefix or "", iri or "")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        outer = self.frames[-1]
        offset = self._offset() + 1
        found = _NAME.match(self.text, offset)
        base, language = attributes.get(_XML + "base"), attributes.get(_XML + "lang", outer.language)
        frame = _Frame(urljoin(outer.base, base) if base else outer.base, language, (offset, found.end() if found else offset))
        self.frames.append(frame)
        named = {key.replace(" ", ""): value for key, value in attributes.items() if not key.startswith(_XML)}
        iri = name.replace(" ", "")
        if outer.parse_type == "Literal":
            frame.parse_type, frame.done = "Literal", True
        elif outer.subject is not None and outer.predicate is None:
            self._property(frame, outer, iri, named)
        elif iri != RDF + "RDF":
            self._node(frame, outer, iri, named)

    def _node(self, frame: _Frame, outer: _Frame, iri: str, attributes: dict[str, str]) -> None:
        frame.subject = self._named(frame, attributes, "about")
        if outer.predicate is not None:
            outer.children.append((frame.subject, frame.span))
        if iri != RDF + "Description":
            self._say(frame.subject, RDF_TYPE, NamedNode(iri), frame.span, frame.span, frame.span)
        self._attributes(frame, frame.subject, attributes)

    def _property(self, frame: _Frame, node: _Frame, iri: str, attributes: dict[str, str]) -> None:
        assert node.subject is not None
        if iri == RDF + "li":
            node.count += 1
            iri = f"{RDF}_{node.count}"
        frame.predicate, frame.parse_type = NamedNode(iri), attributes.get(RDF + "parseType", "")
        frame.datatype = attributes.get(RDF + "datatype")
        of_object = [name for name in attributes if name in (RDF + "resource", RDF + "nodeID") or name not in _SYNTAX]
        if frame.parse_type == "Resource" or of_object:
            value = self._named(frame, attributes, "resource", without_id=True)
            self._say(node.subject, frame.predicate, value, node.span, frame.span, frame.span)
            self._attributes(frame, value, attributes)
            frame.done = True
            if frame.parse_type == "Resource":
                frame.subject, frame.predicate = value, None

    def _named(self, frame: _Frame, attributes: dict[str, str], name: str, *, without_id: bool = False) -> Subject:
        if (iri := attributes.get(RDF + name)) is not None:
            return NamedNode(urljoin(frame.base, iri) if iri else frame.base.partition("#")[0])
        if not without_id and (id_ := attributes.get(RDF + "ID")) is not None:
            return NamedNode(frame.base.partition("#")[0] + "#" + id_)
        label = attributes.get(RDF + "nodeID")
        if label is None:
            return self._blank()
        if label not in self.labels:
            self.labels[label] = self._blank()
        return self.labels[label]

    def _blank(self) -> BlankNode:
        self.blank_count += 1
        return BlankNode(f"b{self.blank_count}")

    def _attributes(self, frame: _Frame, subject: Subject, attributes: dict[str, str]) -> None:
        for name, value in attributes.items():
            if name in _SYNTAX:
                continue
            term: Term = NamedNode(urljoin(frame.base, value)) if name == RDF_TYPE.value else _literal(value, frame.language, None)
            self._say(subject, NamedNode(name), term, frame.span, frame.span, frame.span)

    def _say(self, subject: Subject, predicate: NamedNode, value: Term, *spans: Span) -> None:
        self.statements.append(PlacedStatement(subject, predicate, value, *spans))

    def _characters(self, text: str) -> None:
        frame = self.frames[-1]
        if frame.text_at is None:
            frame.text_at = self._offset()
        frame.text.append(text)

    def _end(self, _name: str) -> None:
        offset = self._offset()
        frame = self.frames.pop()
        node = self.frames[-1] if self.frames else None
        if frame.predicate is None or frame.done or node is None or node.subject is None:
            return
        if frame.parse_type == "Collection":
            self._say(node.subject, frame.predicate, self._list(frame.children), node.span, frame.span, frame.span)
        elif frame.children:
            value, span = frame.children[0]
            self._say(node.subject, frame.predicate, value, node.span, frame.span, span)
        elif frame.parse_type != "Literal":
            span = (frame.text_at, offset) if frame.text_at is not None else frame.span
            literal = _literal("".join(frame.text), frame.language, frame.datatype)
            self._say(node.subject, frame.predicate, literal, node.span, frame.span, span)
        else:
            self._say(node.subject, frame.predicate, Literal(""), node.span, frame.span, frame.span)

    def _list(self, items: list[tuple[Subject, Span]]) -> Term:
        cells = [self._blank() for _ in items]
        rest: list[Term] = [*cells[1:], RDF_NIL]
        for cell, following, (item, span) in zip(cells, rest, items, strict=False):
            self._say(cell, RDF_FIRST, item, span, span, span)
            self._say(cell, RDF_REST, following, span, span, span)
        return cells[0] if cells else RDF_NIL


def _literal(text: str, language: str, datatype: str | None) -> Literal:
    if datatype:
        return Literal(text, datatype=NamedNode(datatype))
    return Literal(text, language=language) if language else Literal(text)
