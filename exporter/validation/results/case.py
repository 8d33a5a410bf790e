"""A result with what its sentence needs: terms, keys and values as people read them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import BlankNode, Literal, NamedNode

from exporter.problems import format_key_path, key_names
from exporter.rdf.terms import Term
from exporter.text import enumerate_names, quote
from exporter.validation.engines.normalising import shape_term
from exporter.validation.results.model import ValidationResult
from exporter.validation.results.places import Place
from exporter.validation.results.subjects import About
from exporter.validation.results.unfolding import parse_term
from exporter.validation.shapes.graph import ShapesGraph

Tell = Callable[[ValidationResult, Place], About | None]
"""Says what a result is about where no key of a record says it."""


def tell_nothing(_result: ValidationResult, _place: Place) -> About | None:
    """Say nothing: a key says it all."""
    return None


@dataclass(frozen=True)
class Case:
    """A result with what its sentence needs: the shape's parameters, the place, and what it is about where no key says it."""

    result: ValidationResult
    shapes: ShapesGraph
    place: Place
    tell: Tell = tell_nothing
    whole_key: bool = False
    labels: Mapping[Term, str] = field(default_factory=dict)

    @cached_property
    def about(self) -> About | None:
        """What the result is about where no key says it."""
        return self.tell(self.result, self.place)

    @property
    def shape(self) -> Term:
        """The shape's term."""
        return shape_term(self.result.source_shape)

    @property
    def text(self) -> str:
        """The value: as its author typed it where an IRI was made of it."""
        if self.place.typed is not None and (self.result.value or "<").startswith("<"):
            return self.place.typed
        return plain(self.result.value, self.shapes)

    @property
    def value(self) -> str:
        """The value: a text quoted and shortened, an IRI of an RDF file as it would be written there."""
        if self.about is not None and self.about.value is not None:
            return self.about.value
        return quote(self.text) if self.text or self.result.value else "the value"

    @property
    def key(self) -> str | None:
        """The key as an author writes it, without the maps around it unless the sentence stands beside another key."""
        if self.whole_key and self.place.key_path:
            return format_key_path(self.place.key_path)
        names = key_names(self.place.key_path)
        return names[-1] if names else None

    @property
    def node(self) -> str:
        """What a sentence without a key is about."""
        return self.about.node if self.about else "the record"

    @property
    def holder(self) -> str:
        """What holds the values: the key, or the property of a node."""
        if self.key is not None:
            return f"key {self.key!r}"
        return f"property {self.about.property} of {self.node}" if self.about and self.about.property else self.node

    @property
    def where(self) -> str:
        """What a sentence about a value ends with, where no key stands before it."""
        if self.key is not None or self.about is None:
            return ""
        if self.about.property is None:
            return "" if self.value == self.about.node else f" ({self.about.node})"
        return f" ({self.about.property} of {self.about.node})"

    @property
    def path(self) -> str:
        """The property path, shortened."""
        return self.shapes.names.show_all(self.result.path or "value")

    def has(self, count: str) -> str:
        """Say how many values there are."""
        if self.key is not None:
            return f"key {self.key!r} has {count}"
        return f"{self.node} has {count} of {self.about.property}" if self.about and self.about.property else f"{self.node} has {count}"

    def parameter(self, name: str) -> str:
        """A parameter's values as a person reads them."""
        return enumerate_names(plain(str(term), self.shapes) for term in self.shapes.values(self.shape, name))

    def quoted(self, name: str) -> str:
        """A parameter's values as terms: texts quoted, names bare."""
        terms = self.shapes.values(self.shape, name)
        return enumerate_names(quote(t.value) if isinstance(t, Literal) else plain(str(t), self.shapes) for t in terms)

    def number(self, name: str) -> int:
        """A parameter that counts."""
        value = self.shapes.value(self.shape, name)
        return int(value.value) if isinstance(value, Literal) and value.value.lstrip("+-").isdigit() else 0

    def items(self, name: str) -> list[str]:
        """The items of a list parameter, by their labels where they have some."""
        return [
            self.labels.get(item) or plain(str(item), self.shapes)
            for head in self.shapes.values(self.shape, name)
            for item in self.shapes.items(head)
        ]


def plain(term: str | None, shapes: ShapesGraph) -> str:
    """Show a term without RDF's syntax.

    >>> plain('"5"^^<http://www.w3.org/2001/XMLSchema#integer>', ShapesGraph([]))
    '5'
    """
    if term is None:
        return ""
    parsed = parse_term(term)
    if isinstance(parsed, NamedNode):
        return shapes.shorten(parsed).strip("<>")
    return parsed.value if isinstance(parsed, Literal) else "a list"


def datatype_of(term: str | None) -> str | None:
    """Give a literal's datatype."""
    parsed = parse_term(term) if term else None
    return parsed.datatype.value if isinstance(parsed, Literal) else None


def plain_datatype(term: str | None, shapes: ShapesGraph) -> str:
    """Say what a term is: its datatype, or that it is an IRI or a blank node."""
    parsed = parse_term(term) if term else None
    if isinstance(parsed, Literal):
        if parsed.language:
            return f"text in the language {parsed.language}"
        return shapes.shorten(parsed.datatype)
    return "a blank node" if isinstance(parsed, BlankNode) else "an IRI"
