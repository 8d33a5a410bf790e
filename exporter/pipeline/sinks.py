"""Where an export goes: a file, standard output, a comparison with the file that is there, or a graph in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeAlias, Union

import pyoxigraph as ox

from exporter.rdf.compression import Sink
from exporter.rdf.terms import Statement

if TYPE_CHECKING:
    from exporter.rdf.interchange import RdflibGraph


Target: TypeAlias = Union[ox.Store, "RdflibGraph", list[Statement]]
"""A graph in memory: a `pyoxigraph.Store`, an `rdflib.Graph`, or a list that takes `(subject, predicate, object)` as pyoxigraph terms."""


class GraphSink:
    """Reads the N-Triples of an export into a graph in memory."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def bind(self, prefixes: Mapping[str, str]) -> None:
        """Give an `rdflib.Graph` the prefixes of the ontology, as if it had read them; the others have none."""
        if not isinstance(self._target, (list, ox.Store)):
            for prefix, namespace in prefixes.items():
                self._target.bind(prefix, namespace, replace=True)

    def write(self, data: bytes, /) -> None:
        """Add the triples of some lines."""
        quads = ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
        if isinstance(self._target, list):
            self._target += [(q.subject, q.predicate, q.object) for q in quads]
        elif isinstance(self._target, ox.Store):
            self._target.extend(quads)
        else:
            from exporter.rdf.interchange import add_triples  # rdflib takes a while to import

            add_triples(self._target, ((q.subject, q.predicate, q.object) for q in quads))


@contextmanager
def graph_sink(target: Target) -> Iterator[Sink]:
    """Open a graph in memory as a sink."""
    yield GraphSink(target)
