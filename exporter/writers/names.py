"""Texts that are made of an IRI once, however often it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pyoxigraph import NamedNode

from exporter.rdf.prefixes import Prefixes

_REMEMBERED = 10_000  # unmapped keys make properties without end; a run must not grow with them


class TextsOf(dict[NamedNode, str]):
    """IRI -> a text made of it, made when it is first asked for: for the predicates, which are few and come again with each record.

    >>> texts = TextsOf(lambda iri: f" {iri} ")
    >>> texts[NamedNode("ex:a")], len(texts)
    (' <ex:a> ', 1)
    """

    def __init__(self, make: Callable[[NamedNode], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, iri: NamedNode) -> str:
        text = self._make(iri)
        if len(self) < _REMEMBERED:
            self[iri] = text
        return text


class PrefixedNames(dict[NamedNode, str]):
    """IRI -> how Turtle writes it: a prefixed name where a declared prefix fits, else `<…>`. Looked up like a dict, filled on demand.

    >>> names = PrefixedNames({"schema": "https://schema.org/"})
    >>> names[NamedNode("https://schema.org/name")], names[NamedNode("https://schema.org/a/b")]
    ('schema:name', '<https://schema.org/a/b>')
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._names = Prefixes(prefixes)

    def __missing__(self, iri: NamedNode) -> str:
        name = self._names.short(iri.value) or str(iri)
        if len(self) < _REMEMBERED:
            self[iri] = name
        return name

    @property
    def prefixes(self) -> list[tuple[str, str]]:
        """The prefixes that are used, with their namespaces, sorted."""
        return self._names.bound
