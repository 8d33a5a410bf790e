"""How far a regular expression can backtrack, known from the pattern alone.

Python's `re` tries one way through a pattern after the other. How many ways there are to read the first characters of a text is the
ambiguity of the pattern's automaton: bounded, polynomial or exponential (Weber and Seidl, "On the degree of ambiguity of finite
automata", 1991). Every way is counted here, whether it leads to a match or not, for a text that fails at its end makes `re` try them all.

Where a part is not known exactly (a back-reference, a possessive loop over more than single characters), more ways are counted than there
are, never fewer.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from exporter.language.automaton import START, Automaton, TooLargeError
from exporter.language.regex import Node

_T = TypeVar("_T")
STEPS_AT_MOST = 20_000_000
"""What one value may cost; a tenth of a second or so, on whatever machine."""
LEAST_LENGTH = 100
"""A pattern that could take more steps than that with a value of this length is refused."""

_PRODUCT = 200_000


@dataclass(frozen=True, slots=True)
class Cost:
    """At most about `factor · n**degree / degree!` steps for a text of n characters; `degree` None is exponential, or not `known`."""

    degree: int | None
    factor: int = 1
    known: bool = True

    @property
    def longest(self) -> int | None:
        """The length up to which a text takes `STEPS_AT_MOST` steps; None where every text may be tried, 0 where none may."""
        if self.degree is None:
            return 0
        if self.degree <= 1:
            return None if self.factor <= WAYS_AT_MOST else 0
        if self.degree > _HIGHEST:
            return 0
        return int((STEPS_AT_MOST * math.factorial(self.degree) / self.factor) ** (1 / self.degree))

    @property
    def is_bounded(self) -> bool:
        """Whether texts of ordinary length may be tried."""
        return self.longest is None or self.longest >= LEAST_LENGTH


_HIGHEST = 100  # degrees beyond it need more steps than a float can hold
WAYS_AT_MOST = 256  # ways through a part without loops
_WORST = Cost(None)
_UNKNOWN = Cost(None, known=False)


def cost(node: Node) -> Cost:
    """Say how many steps a pattern can take at most.

    >>> from exporter.language.regex import parse
    >>> [cost(parse(pattern)).degree for pattern in ("[^:]+: .+", ".+ - .+", "(a+)+")]
    [1, 2, None]
    """
    exact = _cost(node, opaque=False)
    if exact.is_bounded and exact.degree in {0, 1}:
        return exact
    return min(exact, _cost(node, opaque=True), key=lambda found: (found.degree is None, found.degree or 0, found.factor))


def _cost(node: Node, *, opaque: bool) -> Cost:
    automaton = Automaton(opaque=opaque)
    try:
        automaton.build(node)
        found = _Ambiguity(automaton).cost()
        for inner, first, again in automaton.inner:
            found = _with_inner(found, _cost(inner, opaque=opaque), first=first, again=again)
    except TooLargeError:
        return _UNKNOWN
    return found


def _with_inner(outer: Cost, inner: Cost, *, first: bool, again: bool) -> Cost:
    """Add what a part costs that is tried apart: once, if it stands `first`, and from each of its ends `again`, if it is a loop."""
    if outer.degree is None or inner.degree is None:
        return _WORST if outer.known and inner.known else _UNKNOWN
    degree = inner.degree + again
    total = max(outer.degree, degree) if first else outer.degree + degree
    return Cost(total, outer.factor * inner.factor)


class _Ambiguity:
    """Counts the ways through an automaton."""

    def __init__(self, automaton: Automaton) -> None:
        self.edges = automaton.edges
        self.components = _components([[to for to, _ in edges] for edges in self.edges])
        self.component = {position: number for number, members in enumerate(self.components) for position in members}
        self.looping = [len(members) > 1 or any(to == members[0] for to, _ in self.edges[members[0]]) for members in self.components]
        self.budget = _PRODUCT
        self.later = {
            number: {self.component[to] for position in members for to, _ in self.edges[position]} - {number}
            for number, members in enumerate(self.components)
        }
        self.loops = [number for number in _reached([self.component[START]], self.later) if self.looping[number]]

    def cost(self) -> Cost:
        """The cost of a text that fails at its end."""
        if any(map(self._is_exponential, self.loops)):
            return _WORST
        return Cost(self._degree() + bool(self.loops), self._factor())

    def _spend(self, count: int = 1) -> None:
        self.budget -= count
        if self.budget < 0:
            raise TooLargeError

    def _within(self, position: int, number: int) -> list[tuple[int, int]]:
        return [(to, label) for to, label in self.edges[position] if self.component[to] == number]

    def _is_exponential(self, number: int) -> bool:
        """Whether two ways lead from a position back to it over the same text."""
        members = self.components[number]
        inside = {position: self._within(position, number) for position in members}
        forward: dict[tuple[int, int], set[tuple[int, int]]] = {}
        todo = [(position, position) for position in members]
        seen = set(todo)
        while todo:
            pair = todo.pop()
            for i, (to, label) in enumerate(inside[pair[0]]):
                for j, (other, other_label) in enumerate(inside[pair[1]]):
                    self._spend()
                    if not label & other_label:
                        continue
                    if to == other and pair[0] == pair[1] and i != j:
                        return True  # two ways from one place to another
                    following = (to, other)
                    forward.setdefault(following, set()).add(pair)
                    if following not in seen:
                        seen.add(following)
                        todo.append(following)
        return any(one != other for one, other in _reached([(position, position) for position in members], forward))

    def _degree(self) -> int:
        """The greatest number of places that a text may be cut at freely, one after the other."""
        best: dict[int, int] = {}
        for number in range(len(self.components)):  # what is reached stands before what it is reached from
            best[number] = max((best[later] for later in self.later[number]), default=0)
            if self.looping[number]:
                for later in set(_reached([number], self.later)) - {number}:
                    if self.looping[later] and best[later] + 1 > best[number] and self._splits(number, later):
                        best[number] = best[later] + 1
        return best[self.component[START]]

    def _splits(self, number: int, later: int) -> bool:
        """Whether some text leads from a position of the one loop back to it, to a position of the other, and from there back to that."""
        return any(self._splits_at(one, other) for one in self.components[number] for other in self.components[later])

    def _splits_at(self, one: int, other: int) -> bool:
        goal = (one, other, other)
        todo = [(one, one, other)]
        seen = set(todo)
        while todo:
            here = todo.pop()
            for following in self._three(here, self.component[one], self.component[other]):
                if following == goal:
                    return True
                if following not in seen:
                    seen.add(following)
                    todo.append(following)
        return False

    def _three(self, here: tuple[int, int, int], first: int, last: int) -> Iterator[tuple[int, int, int]]:
        for a, label_a in self._within(here[0], first):
            for c, label_c in self._within(here[2], last):
                both = label_a & label_c
                if both:
                    for b, label_b in self.edges[here[1]]:
                        self._spend()
                        if both & label_b:
                            yield (a, b, c)

    def _factor(self) -> int:
        """How many ways there are beside: outside of loops, over the same number of characters, where parts take the same character."""
        after: dict[int, list[int]] = {}
        for number, members in enumerate(self.components):
            if self.looping[number]:
                leaving = [edge for position in members for edge in self.edges[position] if self.component[edge[0]] != number]
                after[number] = [max(1, *self._ways_on(leaving, after), 1)]
            else:
                after[number] = [1, *self._ways_on(self.edges[members[0]], after)]
        return max(after[self.component[START]])

    def _ways_on(self, edges: list[tuple[int, int]], after: dict[int, list[int]]) -> list[int]:
        """For each number of further characters, how many ways there are at most; a loop (one entry) stands for any number."""
        taken = _layers([label for _, label in edges])
        counts = [after[self.component[to]] for to, _ in edges]
        self._spend(sum(map(len, counts)))
        loops = [self.looping[self.component[to]] for to, _ in edges]

        def ways(length: int) -> list[int]:
            each = zip(counts, loops, strict=True)
            return sorted(count[-1] if loop else count[length] if length < len(count) else 0 for count, loop in each)

        return [sum(ways(length)[-taken:]) for length in range(max(map(len, counts), default=0))]


def _layers(labels: list[int]) -> int:
    """How many of the sets a character is in at most."""
    layers: list[int] = []
    for label in labels:
        carry = label
        for at, layer in enumerate(layers):
            layers[at], carry = layer | carry, layer & carry
        if carry:
            layers.append(carry)
    return len(layers)


def _reached(starts: Iterable[_T], graph: dict[_T, set[_T]]) -> Iterator[_T]:
    todo = list(starts)
    seen = set(todo)
    while todo:
        here = todo.pop()
        yield here
        new = graph.get(here, set()) - seen
        seen |= new
        todo += new


def _components(graph: list[list[int]]) -> list[list[int]]:
    """Find the strongly connected components (Tarjan), those that others lead to first."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    found: list[list[int]] = []
    for root in range(len(graph)):
        work = [(root, iter(graph[root]))] if root not in index else []
        while work:
            node, following = work[-1]
            if node not in index:
                index[node] = low[node] = len(index)
                stack.append(node)
            step = next(following, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    cut = stack.index(node)
                    found.append(stack[cut:])
                    for member in stack[cut:]:
                        low[member] = len(graph) + 1
                    del stack[cut:]
            elif step not in index:
                work.append((step, iter(graph[step])))
            elif step in stack:
                low[node] = min(low[node], index[step])
    return found
