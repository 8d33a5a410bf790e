"""A batch: some nodes that follow each other in the data, those of them that are focus nodes, and all that their shapes can see.

Every focus node of local shapes is checked in one batch: that of the first run of lines about it. The batch holds all runs about it, so
what several records and the ontology say of one node is together, and, step by step, all about the nodes that it leads to by predicates
that the shapes follow at that step (`sight`). It is a part of the data that agrees with the whole in everything that these verdicts depend
on. More than that is harmless, and so lines are taken in whole runs. Its shapes are aimed at the focus nodes one by one (`sh:targetNode`),
because nodes that are only there to be seen may have their classes, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, NamedTuple

from pyoxigraph import NamedNode

from exporter.rdf.terms import SH, Subject, Term
from exporter.validation.batches.index import NodeIndex
from exporter.validation.batches.sight import EVERY, TYPE
from exporter.validation.batches.split import Split, only
from exporter.validation.results.unfolding import parse_term
from exporter.validation.shapes.graph import PlacedTriple, ShapesGraph

_TYPE = TYPE.encode()
_TARGET_NODE = NamedNode(SH + "targetNode")

Pairs = list[tuple[bytes, bytes]]
"""Predicate and object of what is said of a node."""


class Batch(NamedTuple):
    """What an engine is given: N-Triples, and which nodes each shape is aimed at; `more` are the other runs that it follows from."""

    data: bytes
    aims: Sequence[tuple[Subject, bytes]]
    more: Sequence[int] = ()


@dataclass(frozen=True, eq=False)
class LocalTargets:
    """The targets of local shapes, as the data writes them: the shapes by class (those below it included), by property and by node."""

    by_class: dict[bytes, list[Subject]] = field(default_factory=dict)
    by_property: dict[bytes, list[Subject]] = field(default_factory=dict)
    by_node: dict[bytes, list[Subject]] = field(default_factory=dict)

    def aimed(self, node: bytes, pairs: Iterable[tuple[bytes, bytes]]) -> list[Subject]:
        """Give the shapes of which a node is a focus node."""
        found: dict[Subject, None] = dict.fromkeys(self.by_node.get(node, ()))
        for predicate, value in pairs:
            if predicate == _TYPE:
                found.update(dict.fromkeys(self.by_class.get(value, ())))
            found.update(dict.fromkeys(self.by_property.get(predicate, ())))
        return list(found)


def read_targets(split: Split, hierarchy: Iterable[bytes]) -> LocalTargets:
    """Read the targets of local shapes; `hierarchy` are the lines of the data that say what is below what."""
    children: dict[bytes, list[bytes]] = {}
    for line in hierarchy:
        child, _, parent = line[:-2].split(b" ", 2)
        children.setdefault(parent, []).append(child)
    found = LocalTargets()
    for shape in split.local:
        classes = [shape] if split.shapes.is_class(shape) else []
        for class_ in (*classes, *split.shapes.values(shape, "targetClass")):
            for below in _below(str(class_).encode(), children):
                _add(found.by_class, below, shape)
        for value in split.shapes.values(shape, "targetSubjectsOf"):
            _add(found.by_property, str(value).encode(), shape)
        for value in split.shapes.values(shape, "targetNode"):
            _add(found.by_node, str(value).encode(), shape)
    return found


def _below(class_: bytes, children: Mapping[bytes, Sequence[bytes]]) -> Iterable[bytes]:
    found = {class_: None}
    queue = [class_]
    for parent in queue:
        for child in children.get(parent, ()):
            if child not in found:
                found[child] = None
                queue.append(child)
    return found


def _add(shapes: dict[bytes, list[Subject]], key: bytes, shape: Subject) -> None:
    known = shapes.setdefault(key, [])
    if shape not in known:
        known.append(shape)


class Cutter:
    """Cuts batches of a file that is indexed."""

    def __init__(self, index: NodeIndex, split: Split) -> None:
        self._index, self._split = index, split
        self._targets = read_targets(split, index.hierarchy)
        self._layers = [_encoded(layer) for layer in split.layers]
        self._hierarchy = b"".join(line + b"\n" for line in index.hierarchy)
        self._shapes = only(split.shapes, ())

    def cut(self, start: int, end: int) -> Batch | None:
        """Cut the batch of some runs; None where no shape has a focus node in it."""
        with self._index.path.open("rb") as stream:
            return _Cut(self._index, stream, start, end).make(self._targets, self._layers, self._hierarchy)

    def around(self, nodes: Iterable[str], layers: Sequence[frozenset[str]]) -> bytes:
        """Give what shapes with these layers can see from some nodes."""
        with self._index.path.open("rb") as stream:
            cut = _Cut(self._index, stream, 0, 0)
            return self._hierarchy + cut.around({node.encode() for node in nodes}, [_encoded(layer) for layer in layers])

    def shapes_of_unsaid(self) -> ShapesGraph:
        """Give the local shapes, aimed as they are, but at no node of which the data says something.

        Over no data at all they give the results of the nodes that nobody describes, and what an engine thinks of every shape.
        """
        shapes = only(self._split.shapes, self._split.local)
        with self._index.path.open("rb") as stream:
            said = {node for node in self._targets.by_node if self._index.runs(node, stream)}
        triples = [t for t in shapes.triples if t.predicate != _TARGET_NODE or str(t.object).encode() not in said]
        return ShapesGraph(triples, shapes.prefixes, shapes.files)

    def shapes_of(self, batch: Batch) -> ShapesGraph:
        """Give the shapes, aimed at the focus nodes of a batch."""
        terms: dict[bytes, Term] = {}
        triples = list(self._shapes.triples)
        for shape, node in batch.aims:
            if node not in terms:
                terms[node] = parse_term(node.decode())
            place = self._shapes.location(shape)
            triples.append(PlacedTriple(shape, _TARGET_NODE, terms[node], place, place, place))
        return ShapesGraph(triples, self._shapes.prefixes, self._shapes.files)


def _encoded(layer: Iterable[str]) -> frozenset[bytes]:
    return frozenset(predicate.encode() for predicate in layer)


@dataclass(frozen=True, eq=False)
class _Cut:
    """The making of one batch: which runs are in it, and what is said of each node that was looked at."""

    index: NodeIndex
    stream: IO[bytes]
    start: int
    end: int
    _said: dict[bytes, Pairs] = field(default_factory=dict)
    _more: dict[int, bytes] = field(default_factory=dict)
    _earlier: set[int] = field(default_factory=set)

    def make(self, targets: LocalTargets, layers: Sequence[frozenset[bytes]], hierarchy: bytes) -> Batch | None:
        text = self.index.read(self.stream, self.start, self.end)
        groups = _by_subject(text)
        self._said.update((node, pairs) for node, pairs in groups.items() if hash(node) not in self.index.several)
        aims = [(shape, node) for node in self._owned(groups) for shape in targets.aimed(node, self._pairs(node))]
        if not aims:
            return None
        return Batch(hierarchy + text + self.around({node for _, node in aims}, layers), aims, sorted({*self._more, *self._earlier}))

    def around(self, nodes: set[bytes], layers: Sequence[frozenset[bytes]]) -> bytes:
        """Give the runs that the layers lead to, in the order of the file, without those of the batch itself."""
        for node in nodes:
            self._pairs(node)
        self._follow(nodes, layers)
        return b"".join(self._more[number] for number in sorted(self._more))

    def _owned(self, nodes: Iterable[bytes]) -> Iterable[bytes]:
        """Give the nodes whose first run is here."""
        for node in nodes:
            if node in self._said or (first := self.index.runs(node, self.stream)[0]) >= self.start:
                yield node
            else:
                self._earlier.add(first)

    def _pairs(self, node: bytes) -> Pairs:
        """Give what is said of a node, and take the lines that say it."""
        if node not in self._said:
            texts = []
            for number in self.index.runs(node, self.stream):
                run = self.index.read(self.stream, number, number + 1)
                texts.append(run)
                if not self.start <= number < self.end:
                    self._more[number] = run
            self._said[node] = _by_subject(b"".join(texts)).get(node, [])
        return self._said[node]

    def _follow(self, nodes: set[bytes], layers: Sequence[frozenset[bytes]]) -> None:
        """Take what is said of the nodes that the layers lead to."""
        everything = EVERY.encode()
        for layer in layers[:-1]:
            follow = None if everything in layer else layer
            nodes = {
                value
                for node in nodes
                for predicate, value in self._pairs(node)
                if (follow is None or predicate in follow) and not value.startswith(b'"')
            }
        for node in nodes:
            self._pairs(node)


def _by_subject(text: bytes) -> dict[bytes, Pairs]:
    found: dict[bytes, Pairs] = {}
    last, pairs = b"", []
    for line in text.split(b"\n"):
        if line:
            subject, predicate, value = line[:-2].split(b" ", 2)
            if subject != last:
                last = subject
                pairs = found.setdefault(subject, [])
            pairs.append((predicate, value))
    return found
