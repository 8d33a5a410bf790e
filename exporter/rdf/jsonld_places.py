"""Where the triples of a JSON-LD file stand: the objects that are nodes, their keys and values.

Contexts are read as far as most files need them (https://www.w3.org/TR/json-ld11/): prefixes, terms, `@vocab`, `@base`, `@type`,
`@language`, `@list`, `@reverse`, `@graph`. What else a context can do gives no place, never a wrong one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.places import PlacedStatement, PlacedText, Span, line_starts
from exporter.rdf.terms import RDF_FIRST, RDF_NIL, RDF_REST, RDF_TYPE, XSD, Subject, Term
from exporter.records.json.nodes import compose_json
from exporter.records.nodes import Map, Node, Scalar, Sequence


def jsonld_positions(text: str, base: str) -> PlacedText:
    """Walk a JSON-LD text and say where its triples stand; raises ValueError where it can't be walked."""
    walker = _Walker()
    for node in _items(compose_json(text)):
        walker.node(node, _Context(base))
    labels = {label: node.value for label, node in walker.labels.items()}
    return PlacedText(text, walker.statements, walker.prefixes, {}, line_starts(text), labels)


def jsonld_lines_positions(text: str, base: str) -> PlacedText:
    """Walk a text of which each line is a JSON-LD document; a label of a blank node means another node on another line."""
    walker = _Walker()
    for line in re.finditer(r"[^\n]++", text):
        walker.offset, walker.labels = line.start(), {}
        for node in _items(compose_json(line[0])) if line[0].strip() else ():
            walker.node(node, _Context(base))
    return PlacedText(text, walker.statements, walker.prefixes, {}, line_starts(text))


@dataclass(frozen=True, slots=True)
class _Context:
    """What names mean at a place: each term's IRI, and the `@type` and `@language` of its values."""

    base: str
    vocabulary: str = ""
    language: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)

    def name(self, text: str) -> str:
        """Expand a key or a type; the empty string for what is none."""
        if text.startswith("@"):
            return text
        if text in self.terms:
            known = self.terms[text]
            return known if known.startswith("@") or known == text else self.name(known)
        prefix, colon, local = text.partition(":")
        if colon:
            return self.name(prefix) + local if prefix in self.terms and not local.startswith("//") else text
        return self.vocabulary + text if self.vocabulary else ""

    def iri(self, text: str) -> str:
        """Expand an `@id`."""
        prefix, colon, local = text.partition(":")
        if colon and prefix in self.terms and not local.startswith("//"):
            return self.name(prefix) + local
        return urljoin(self.base, text)


class _Walker:
    """Makes the statements of one text."""

    def __init__(self) -> None:
        self.statements: list[PlacedStatement] = []
        self.prefixes: dict[str, str] = {}
        self.labels: dict[str, BlankNode] = {}
        self.blank_count = 0
        self.offset = 0

    def node(self, node: Node, context: _Context) -> tuple[Subject, Span] | None:
        """Walk an object that is a node, and give it with the place that names it: its `@id`, or its bracket."""
        if not isinstance(node, Map):
            return None
        for key, value in node.entries:
            if key.text == "@context":
                context = self._context(value, context)
        names = {context.name(key.text): value for key, value in node.entries}
        identity = names.get("@id")
        span = (identity.start, identity.end) if isinstance(identity, Scalar) else (node.start, node.start + 1)
        subject = self._subject(identity.text, context) if isinstance(identity, Scalar) else self._blank()
        for key, value in node.entries:
            self._entry(subject, span, key, value, context)
        return subject, span

    def _entry(self, subject: Subject, span: Span, key: Scalar, value: Node, context: _Context) -> None:
        name, at = context.name(key.text), (key.start, key.end)
        if name == "@reverse" and isinstance(value, Map):
            self._reverse(subject, span, value, context)
            return
        for item in _items(value):
            if name == "@type" and isinstance(item, Scalar):
                iri = NamedNode(context.name(item.text) or context.iri(item.text))
                self._say(subject, RDF_TYPE, iri, span, at, (item.start, item.end))
            elif name in ("@graph", "@included"):
                self.node(item, context)
            elif ":" in name and not name.startswith("@"):
                self._value(subject, span, NamedNode(name), at, item, (key.text, context))

    def _reverse(self, subject: Subject, span: Span, others: Map, context: _Context) -> None:
        for key, value in others.entries:
            for item in _items(value):
                other = self.node(item, context)
                if other is not None:
                    self._say(other[0], NamedNode(context.name(key.text)), subject, other[1], (key.start, key.end), span)

    def _value(self, subject: Subject, span: Span, predicate: NamedNode, at: Span, item: Node, place: tuple[str, _Context]) -> None:
        key, context = place
        keywords = {context.name(inner.text): value for inner, value in item.entries} if isinstance(item, Map) else {}
        if "@set" in keywords:
            for inner in _items(keywords["@set"]):
                self._value(subject, span, predicate, at, inner, place)
        elif "@list" in keywords:
            self._say(subject, predicate, self._list(list(_items(keywords["@list"])), place), span, at, (item.start, item.end))
        else:
            term, where = self._term(item, key, context)
            if term is not None:
                self._say(subject, predicate, term, span, at, where)

    def _list(self, items: list[Node], place: tuple[str, _Context]) -> Term:
        cells = [self._blank() for _ in items]
        rest: list[Term] = [*cells[1:], RDF_NIL]
        for cell, following, item in zip(cells, rest, items, strict=False):
            term, span = self._term(item, *place)
            if term is not None:
                self._say(cell, RDF_FIRST, term, span, span, span)
            self._say(cell, RDF_REST, following, span, span, span)
        return cells[0] if cells else RDF_NIL

    def _term(self, item: Node, key: str, context: _Context) -> tuple[Term | None, Span]:
        span = (item.start, item.end)
        if isinstance(item, Scalar):
            return _scalar(item, key, context, self), span
        if not isinstance(item, Map):
            return None, span
        keywords = {context.name(inner.text): value for inner, value in item.entries}
        value = keywords.get("@value")
        if isinstance(value, Scalar):
            datatype, language = keywords.get("@type"), keywords.get("@language")
            if isinstance(datatype, Scalar):
                return Literal(value.text, datatype=NamedNode(context.name(datatype.text))), (value.start, value.end)
            tag = language.text if isinstance(language, Scalar) and language.style != "plain" else ""
            return _literal(value, tag), (value.start, value.end)
        found = self.node(item, context)
        return found if found is not None else (None, span)

    def reference(self, text: str, context: _Context) -> Subject:
        """Give the node that an `@id` names."""
        return self._subject(text, context)

    def _subject(self, text: str, context: _Context) -> Subject:
        if not text.startswith("_:"):
            return NamedNode(context.iri(text))
        if text[2:] not in self.labels:
            self.labels[text[2:]] = self._blank()
        return self.labels[text[2:]]

    def _blank(self) -> BlankNode:
        self.blank_count += 1
        return BlankNode(f"b{self.blank_count}")

    def _say(self, subject: Subject, predicate: NamedNode, value: Term, *spans: Span) -> None:
        moved = ((start + self.offset, end + self.offset) for start, end in spans) if self.offset else spans
        self.statements.append(PlacedStatement(subject, predicate, value, *moved))

    def _context(self, node: Node, context: _Context) -> _Context:
        for item in _items(node):
            if not isinstance(item, Map):
                continue
            terms, types = dict(context.terms), dict(context.types)
            for key, value in item.entries:
                if key.text == "@vocab" and isinstance(value, Scalar):
                    context = replace(context, vocabulary=value.text)
                elif key.text == "@base" and isinstance(value, Scalar):
                    context = replace(context, base=urljoin(context.base, value.text))
                elif key.text == "@language" and isinstance(value, Scalar):
                    context = replace(context, language=value.text if value.style != "plain" else "")
                elif isinstance(value, Scalar):
                    terms[key.text] = value.text
                elif isinstance(value, Map):
                    inner = {entry.key.text: entry.value.text for entry in value.entries if isinstance(entry.value, Scalar)}
                    if "@id" in inner:
                        terms[key.text] = inner["@id"]
                    types[key.text] = inner.get("@type", "")
            context = replace(context, terms=terms, types=types)
            self.prefixes |= {name: iri for name, iri in terms.items() if iri.endswith(("/", "#", ":"))}
        return context


def _scalar(item: Scalar, key: str, context: _Context, walker: _Walker) -> Term | None:
    wanted = context.types.get(key, "")
    if item.style == "plain" and item.text == "null":
        return None
    if wanted in ("@id", "@vocab") and item.style != "plain":
        return walker.reference(item.text, context)
    if wanted and not wanted.startswith("@"):
        return Literal(item.text, datatype=NamedNode(context.name(wanted)))
    return _literal(item, context.language)


def _literal(item: Scalar, language: str) -> Literal:
    if item.style != "plain":
        return Literal(item.text, language=language) if language else Literal(item.text)
    kind = "boolean" if item.text in ("true", "false") else "integer" if item.text.lstrip("-").isdigit() else "double"
    return Literal(item.text, datatype=NamedNode(XSD + kind))


def _items(node: Node) -> Iterator[Node]:
    """Take lists apart, also those in lists."""
    if isinstance(node, Sequence):
        for item in node.items:
            yield from _items(item)
    else:
        yield node
