"""The part of a data graph that can matter to a few nodes: what is reached from them, and what the ontology says.

Asking an engine again about one value in a thousand records should not cost another look at all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from exporter.rdf.terms import SH, Term
from exporter.validation.data.graphs import DataGraph
from exporter.validation.shapes.graph import ShapesGraph

_LOOKS_BACK = frozenset(SH + name for name in ("inversePath", "sparql", "expression"))
_REACHES_FAR = frozenset(SH + name for name in ("rule", "validator", "nodeValidator", "propertyValidator"))
"""Rules make triples anywhere, and a component of one's own may ask for any."""
_OBJECTS = re.compile(rb"(?m) (<[^<>\n]*+>|_:\S++) \.$")
_TOO_MUCH = 2


def _looks_back(shapes: ShapesGraph) -> bool:
    """Say whether a shape that is aimed at a node, or what it is made of, may lead from a node to others that it does not name."""
    if any(triple.predicate.value in _REACHES_FAR for triple in shapes.triples):
        return True
    queue: list[Term] = [triple.subject for triple in shapes.triples if triple.predicate.value == SH + "targetNode"]
    seen = set(queue)
    for node in queue:
        for triple in shapes.about(node):
            if triple.predicate.value in _LOOKS_BACK:
                return True
            if triple.object not in seen:
                seen.add(triple.object)
                queue.append(triple.object)
    return False


class Neighbourhoods:
    """Gives, for nodes, the triples that constraints on them can see; the whole graph where that can't be told."""

    def __init__(self, graph: DataGraph) -> None:
        self._graph, self._data = graph, graph.data

    def around(self, nodes: Iterable[str], shapes: ShapesGraph) -> bytes | Path:
        """Give the N-Triples around some nodes (N-Triples syntax), at which `shapes` are aimed."""
        if self._graph.files or _looks_back(shapes):
            return self._data.path
        records: set[int] = set()
        shared: set[bytes] = set()
        size = 0
        queue = [node.encode() for node in nodes if not node.startswith('"')]
        seen = set(queue)
        for node in queue:
            number = self._graph.record_of(node.decode())
            part = b""
            if number is not None and number not in records:
                records.add(number)
                part = self._record(number)
            elif number is None and node in self._shared:
                shared.add(node)
                part = self._shared[node]
            size += len(part)
            if size * _TOO_MUCH > self._data.size:
                return self._data.path
            for found in _OBJECTS.findall(part):
                if found not in seen:
                    seen.add(found)
                    queue.append(found)
        parts = [*map(self._record, sorted(records)), *(self._shared[node] for node in sorted(shared)), self._ontology]
        return b"".join(parts)

    def _record(self, number: int) -> bytes:
        starts, end = self._graph.starts, self._graph.end_of_records
        return self._data.part(starts[number], starts[number + 1] if number + 1 < len(starts) else end)

    @cached_property
    def _shared(self) -> dict[bytes, bytes]:
        """The shared resources' triples, by subject."""
        found: dict[bytes, list[bytes]] = {}
        for line in self._data.part(self._graph.end_of_records, self._graph.end_of_shared).splitlines(keepends=True):
            found.setdefault(line.partition(b" ")[0], []).append(line)
        return {subject: b"".join(lines) for subject, lines in found.items()}

    @property
    def _ontology(self) -> bytes:
        return self._data.part(self._graph.end_of_shared, self._data.size)
