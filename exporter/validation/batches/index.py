"""The triples that shapes can see in a file of their own, and where each node's stand, in flat arrays that worker processes share.

Python's dictionaries of IRIs would take some hundred bytes for each node, and every worker would soon have a copy: to look at an object is
to write its count of references. An array is looked at without a write, at 20 bytes a node.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import IO
from zlib import crc32

from exporter.validation.batches.sight import SUBCLASS, TYPE
from exporter.validation.data.data_file import DataFile

_TYPE, _SUBCLASS = TYPE.encode(), SUBCLASS.encode()
_SLOTS = 2
"""So many places has the table for each node, at least."""


@dataclass(eq=False)
class NodeIndex:
    """Where the runs of lines about one node stand in a file of N-Triples, by the node.

    Run `i` has the bytes from `offsets[i]` to `offsets[i + 1]`. `borders` are the runs with which batches begin: those whose node says so,
    so that a record more or less moves no border but its own. `several` are the hashes of nodes that have more than one run. `hierarchy`
    has the lines about subclasses, `blank` what makes blank nodes focus nodes: predicates, and with `rdf:type` the class.
    """

    path: Path
    offsets: array[int] = field(default_factory=lambda: array("Q"))
    borders: array[int] = field(default_factory=lambda: array("I"))
    several: set[int] = field(default_factory=set)
    hierarchy: list[bytes] = field(default_factory=list)
    blank: set[tuple[bytes, bytes]] = field(default_factory=set)
    _hashes: array[int] = field(default_factory=lambda: array("q"))
    _slots: array[int] = field(default_factory=lambda: array("I"))

    def batches(self) -> Iterator[tuple[int, int]]:
        """Yield each batch as the numbers of its first run and of the one after its last."""
        return pairwise((*self.borders, len(self._hashes)))

    def runs(self, node: bytes, stream: IO[bytes]) -> list[int]:
        """Give the numbers of a node's runs, in their order. `stream` is the file, open to be read."""
        if not self._slots:
            return []
        wanted, last = hash(node), len(self._slots) - 1
        slot = wanted & last
        found = []
        while number := self._slots[slot]:
            if self._hashes[number - 1] == wanted and self._is_about(number - 1, node, stream):
                found.append(number - 1)
            slot = (slot + 1) & last
        return found

    def _is_about(self, number: int, node: bytes, stream: IO[bytes]) -> bool:
        stream.seek(self.offsets[number])
        return stream.read(len(node) + 1) == node + b" "

    def owners(self, starts: Sequence[int]) -> array[int] | None:
        """Give for each run the number of the part that it is in, of those that begin at `starts`; None where a run is in two parts."""
        found, part = array("i"), -1
        for at, end in pairwise(self.offsets):
            while part + 1 < len(starts) and starts[part + 1] <= at:
                part += 1
            if part + 1 < len(starts) and starts[part + 1] < end:
                return None
            found.append(part)
        return found

    def subject(self, number: int, stream: IO[bytes]) -> bytes:
        """Give the node that a run is about."""
        stream.seek(self.offsets[number])
        return stream.readline().split(b" ", 1)[0]

    def read(self, stream: IO[bytes], start: int, end: int) -> bytes:
        """Read the lines of some runs that follow each other."""
        stream.seek(self.offsets[start])
        return stream.read(self.offsets[end] - self.offsets[start])

    def add(self, lines: list[bytes], size: int) -> None:
        """Take lines that follow those taken before; `size` says how rarely a batch begins."""
        last = b""
        at = self.offsets.pop() if self.offsets else 0
        for line in lines:
            subject, predicate, value = line.split(b" ", 2)
            if subject != last:
                last = subject
                if not self._hashes or crc32(subject) % size == 0:
                    self.borders.append(len(self._hashes))
                self._hashes.append(hash(subject))
                self.offsets.append(at)
            if predicate == _SUBCLASS:
                self.hierarchy.append(line)
            if subject.startswith(b"_"):
                self.blank.add((predicate, value[:-2] if predicate == _TYPE else b""))
            at += len(line) + 1
        self.offsets.append(at)

    def finish(self) -> None:
        """Make the table, when all lines were taken."""
        slots = 1
        while slots < _SLOTS * len(self._hashes):
            slots *= 2
        table = self._slots = array("I", bytes(slots * array("I").itemsize))
        last = slots - 1
        for number, hash_ in enumerate(self._hashes, 1):
            slot = hash_ & last
            while other := table[slot]:
                if self._hashes[other - 1] == hash_:
                    self.several.add(hash_)
                slot = (slot + 1) & last
            table[slot] = number


def project(data: DataFile, predicates: Collection[str], target: DataFile, starts: Sequence[int] = ()) -> list[int]:
    """Write the triples with some predicates to another file, in their order; give where what begins at `starts` begins there."""
    wanted = frozenset(predicate.encode() for predicate in predicates)
    moved: list[int] = []

    def write(text: bytes) -> None:
        target.append(b"".join([line + b"\n" for line in text.split(b"\n") if line and line.split(b" ", 2)[1] in wanted]))

    for at, block in data.blocks():
        begin = 0
        for start in starts[len(moved) : bisect_left(starts, at + len(block), len(moved))]:
            write(block[begin : start - at])
            moved.append(target.size)
            begin = start - at
        write(block[begin:] if begin else block)
    return moved + [target.size] * (len(starts) - len(moved))


def index_nodes(data: DataFile, size: int) -> NodeIndex:
    """Index a file; a batch begins at one node of `size`."""
    index = NodeIndex(data.path)
    for _, block in data.blocks():
        index.add([line for line in block.split(b"\n") if line], size)
    index.finish()
    return index
