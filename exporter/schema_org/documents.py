"""JSON-LD in schema.org's own context, as search engines read it from a page: the record as root, what it names nested inside.

What schema.org does not know is left out, and named. https://schema.org/docs/gs.html, and https://www.w3.org/TR/json-ld11/#embedding-json-ld-in-html-documents
for what a page may hold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.rdf.terms import RDF, RDF_TYPE, XSD, Block, Term, read_hole
from exporter.schema_org.terms import CONTEXT, NAMESPACES, SchemaOrg, schema_name, schema_org
from exporter.writers.context import Json, JsonTerm
from exporter.writers.gaps import Filling, Parts, mark_gap
from exporter.writers.jsonld import fill_json, json_parts
from exporter.writers.lists import Cells, list_items, take_cells
from exporter.writers.nodes import literal_value
from exporter.writers.strings import escape_in_page, escape_unseen

Node = dict[str, Json]

_UNTYPED = JsonTerm("")
_NATIVE = frozenset({XSD + "integer", XSD + "boolean"})
_IDENTIFYING = ("@type", "@id", "name", "headline", "url", "image", "logo", "sameAs")


@dataclass(frozen=True, slots=True)
class SchemaOrgTypes:
    """What schema.org calls the classes of an ontology, and the resources that the ontology itself describes."""

    names: Mapping[NamedNode, tuple[str, ...]] = field(default_factory=dict)
    described: Sequence[Block] = ()


def known_types(ancestors: Iterable[str]) -> tuple[str, ...]:
    """Give the names of schema.org among a class and those above it, without those that are above another of them.

    >>> known_types(["https://example.org/Recipe", "http://schema.org/Recipe", "https://schema.org/CreativeWork"])
    ('Recipe',)
    """
    terms = schema_org()
    names = dict.fromkeys(name for iri in ancestors if (name := schema_name(iri)) in terms.classes and name is not None)
    above = {parent for name in names for parent in terms.above(name)}
    return tuple(name for name in names if name not in above)


class SchemaOrgWriter:
    """Writes a record as `[document, properties left out, classes left out]` in JSON; `nested` finishes it when all records are known."""

    inline_shared = True
    separator = b""

    def __init__(self, types: SchemaOrgTypes) -> None:
        self._types = types

    @cached_property
    def _terms(self) -> SchemaOrg:
        return schema_org()

    def head(self) -> bytes:
        """Give nothing: each page has a document of its own."""
        return b""

    def record(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> bytes:
        """Make one record's document."""
        return self._record(blocks, shared).encode()

    def parts(self, blocks: Sequence[Block], shared: Sequence[Block] = ()) -> Parts:
        """Make the same with gaps."""
        return json_parts(self._record(blocks, shared))

    def fill(self, parts: Parts, fillings: Mapping[int, Filling], made: Sequence[Block] = ()) -> bytes:
        """Write values into the gaps."""
        return fill_json(parts, fillings, partial(self._values, made))

    def _values(self, made: Sequence[Block], filling: Filling, _kind: str) -> list[Json]:
        nesting = _Nesting(self._types.names, self._terms, *take_cells(made))
        coercion = self._terms.properties[schema_name(filling.predicate.value) or ""]
        return [item for value in filling.values for item in nesting.value(coercion, value) or ()]

    def _record(self, blocks: Sequence[Block], shared: Sequence[Block]) -> str:
        resources, cells = take_cells([*blocks, *shared, *self._types.described])
        nesting = _Nesting(self._types.names, self._terms, resources, cells)
        root = nesting.node(blocks[0].subject)
        return json.dumps([root, sorted(nesting.left_out), sorted(nesting.untyped)], ensure_ascii=False)

    def statements(self, block: Block, cells: Sequence[Block] = ()) -> tuple[str, list[str]]:  # noqa: ARG002 - as all writers
        """Give nothing: shared resources stand inside the records."""
        return str(block.subject), []

    def resource(self, subject: str, statements: Sequence[str]) -> bytes:  # noqa: ARG002 - as all writers
        """Give nothing, for the same reason."""
        return b""

    def tail(self) -> bytes:
        """Give nothing."""
        return b""


class _Nesting:
    """One record's resources: those that are not written yet, and what schema.org had no word for."""

    def __init__(self, names: Mapping[NamedNode, tuple[str, ...]], terms: SchemaOrg, resources: Iterable[Block], cells: Cells) -> None:
        self._names = names
        self._terms = terms
        self._cells = cells
        self.left_out: set[str] = set()
        self.untyped: set[str] = set()
        self._waiting: dict[Term, dict[tuple[NamedNode, Term], None]] = {}
        for subject, pairs in resources:
            self._waiting.setdefault(subject, {}).update(dict.fromkeys(pairs))

    def node(self, subject: Term) -> Node:
        """Make the node of a resource; from now on it is only referred to."""
        types: dict[str, None] = {}
        gathered: dict[str, list[Json]] = {}
        for predicate, value in self._waiting.pop(subject):
            if predicate == RDF_TYPE:
                types.update(dict.fromkeys(self._types_of(value)))
                continue
            name = schema_name(predicate.value)
            made = self.value(self._terms.properties[name], value) if name in self._terms.properties and name is not None else None
            if made is None:
                self.left_out.add(predicate.value)
            elif name is not None:
                gathered.setdefault(name, []).extend(made)
        node: Node = {}
        if types:
            node["@type"] = _one_or_all(list(types))
        node["@id"] = str(subject)[1:-1]
        return node | {name: _one_or_all(values) for name, values in gathered.items()}

    def _types_of(self, value: Term) -> tuple[str, ...]:
        if not isinstance(value, NamedNode):
            return ()
        names = self._names.get(value)
        if names is None:
            names = known_types([value.value])
        if not names:
            self.untyped.add(value.value)
        return names

    def value(self, coercion: str, value: Term) -> list[Json] | None:
        """Write a value, a list as its items; None where schema.org has no way to say it."""
        if hole := read_hole(value):
            return [mark_gap(hole[0])]
        if isinstance(value, BlankNode):
            made = [self.value(coercion, item) for item in list_items(value, self._cells)]
            return [item for items in made if items is not None for item in items]
        if isinstance(value, Literal):
            return _literal(coercion, value)
        if value in self._waiting:
            node = self.node(value)
            if len(node) > 1:
                return [node]
        iri = _https(str(value)[1:-1])
        return [iri if coercion == "@id" else {"@id": iri}]


def _literal(coercion: str, literal: Literal) -> list[Json] | None:
    """Write a literal: schema.org has its own datatypes, so that a date is the text that it was; maps and lists as JSON it has not."""
    datatype = literal.datatype.value
    if datatype == RDF + "JSON":
        return None
    if literal.language or datatype in _NATIVE:
        made = literal_value(_UNTYPED, literal)
        return [made if not isinstance(made, dict) or "@language" in made else literal.value]
    return [{"@value": literal.value} if coercion == "@id" else literal.value]


def _https(iri: str) -> str:
    """Write a term of schema.org with https, as its documentation does."""
    name = schema_name(iri)
    return NAMESPACES[0] + name if name is not None else iri


def _one_or_all(values: Sequence[Json]) -> Json:
    return values[0] if len(values) == 1 else list(values)


def says_nothing(document: Node) -> bool:
    """Whether schema.org knows nothing of what a record says."""
    return not document.keys() - {"@id", "@type"}


def summary(document: Node) -> Node:
    """Give what stands for a record inside another: what it is, what it is called, where it is, how it looks."""
    return {key: document[key] for key in _IDENTIFYING if key in document}


def nested(document: Node, summaries: Mapping[str, Node]) -> Node:
    """Put what is known of the records that a document refers to into it.

    >>> nested({"@id": "ex:a", "author": {"@id": "ex:b"}}, {"ex:b": {"@id": "ex:b", "name": "Mira"}})
    {'@id': 'ex:a', 'author': {'@id': 'ex:b', 'name': 'Mira'}}
    """
    return {key: _with_summaries(value, summaries) for key, value in document.items()}


def page_text(document: Node) -> str:
    r"""Write a page's document; nothing in it can end a script or start a template.

    >>> print(page_text({"@id": "ex:a", "name": "</script>{{x}}"}), end="")
    {
      "@context": "https://schema.org",
      "@id": "ex:a",
      "name": "\u003c/script\u003e\u007b{x}}"
    }
    """
    return escape_in_page(escape_unseen(json.dumps({"@context": CONTEXT, **document}, ensure_ascii=False, indent=2))) + "\n"


def _with_summaries(value: Json, summaries: Mapping[str, Node]) -> Json:
    if isinstance(value, list):
        return [_with_summaries(item, summaries) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {"@id"}:
        return dict(summaries.get(str(value["@id"]), value))
    return {key: _with_summaries(inner, summaries) for key, inner in value.items()}


def count_statements(document: Node) -> int:
    """Count what a document says: the types and values of each of its nodes.

    >>> count_statements({"@type": "Article", "@id": "ex:a", "keywords": ["x", "y"], "author": {"@id": "ex:b", "name": "Mira"}})
    5
    """
    return sum(_count(value) for key, value in document.items() if key != "@id")


def _count(value: Json) -> int:
    if isinstance(value, list):
        return sum(map(_count, value))
    return 1 + count_statements(value) if isinstance(value, dict) and "@value" not in value else 1
