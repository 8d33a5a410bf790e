"""The automaton of a regular expression: its positions, and which of them follow which (Glushkov's construction).

An edge stands as often as there are ways to take it: that is what ambiguity is counted on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from exporter.language.regex import Back, Char, Choice, Concatenation, Empty, Group, Node, Repeat, only, walk

_T = TypeVar("_T")

START = 0
_POSITIONS = 4_000
_WORK = 200_000
"""Ways that are looked at while an automaton is built: `(a?){4000}` has four thousand positions and eight million edges."""
_COPIES = 8
_EVERYTHING = -1


class TooLargeError(Exception):
    """There is too much to count."""


Way = tuple[int, int]
"""A position and the characters that may come next there."""


@dataclass(frozen=True, slots=True)
class _Fragment:
    """A part of a pattern: where it begins, where it ends, and the ways to match nothing, each with what may come next."""

    first: tuple[Way, ...]
    last: tuple[Way, ...]
    null: tuple[int, ...]


_NOTHING = _Fragment((), (), (_EVERYTHING,))


@dataclass(slots=True)
class Automaton:
    """The positions of a pattern (Glushkov's automaton): which characters each takes and which follow which, as often as there are ways."""

    opaque: bool
    masks: list[int] = field(default_factory=lambda: [0])
    edges: list[list[tuple[int, int]]] = field(default_factory=lambda: [[]])
    inner: list[tuple[Node, bool, bool]] = field(default_factory=list)
    looped: bool = False
    work: int = 0

    def build(self, node: Node) -> None:
        """Add a whole pattern."""
        self._join([(START, _EVERYTHING)], self._add(node).first)

    def _join(self, lasts: Iterable[Way], firsts: Iterable[Way]) -> None:
        firsts = tuple(firsts)
        for position, allowed in lasts:
            self._spend(len(firsts))
            for following, allowed_there in firsts:
                label = self.masks[following] & allowed & allowed_there
                if label:
                    self.edges[position].append((following, label))

    def _spend(self, count: int) -> None:
        self.work += count
        if self.work > _WORK:
            raise TooLargeError

    def _position(self, mask: int) -> int:
        if len(self.masks) > _POSITIONS:
            raise TooLargeError
        self.masks.append(mask)
        self.edges.append([])
        return len(self.masks) - 1

    def _add(self, node: Node) -> _Fragment:
        match node:
            case Char():
                position = self._position(node.mask)
                return _Fragment(((position, _EVERYTHING),), ((position, _EVERYTHING),), ())
            case Empty():
                if node.inner is not None:
                    self.inner.append((node.inner, not self.looped, False))
                return _Fragment((), (), (node.next,))
            case Back():
                return self._loop(Char("", _EVERYTHING), 0)
            case Concatenation():
                made = _NOTHING
                for part in node.parts:
                    boundary = part.word if isinstance(part, Empty) else 0
                    made = self._at_boundary(made, boundary) if boundary else self._after(made, self._add(part))
                return made
            case Choice():
                parts = [self._add(part) for part in node.parts]
                return _Fragment(
                    _few(way for part in parts for way in part.first),
                    _few(way for part in parts for way in part.last),
                    _few(way for part in parts for way in part.null),
                )
            case Group():
                return self._atomic(only(node.part)) if node.is_atomic else self._add(node.part)
            case Repeat():
                return self._repeat(node)

    def _after(self, before: _Fragment, then: _Fragment) -> _Fragment:
        self._join(before.last, then.first)
        self._spend(len(before.first) + len(then.last))
        return _Fragment(
            _few([*before.first, *_through(before.null, then.first)]),
            _few([*then.last, *_through(then.null, before.last)]),
            tuple([one & other for one in before.null for other in then.null][:2]),
        )

    def _at_boundary(self, before: _Fragment, word: int) -> _Fragment:
        r"""`\b`: after a word character comes none, after another one does."""

        def beyond(position: int, allowed: int) -> int:
            mask = self.masks[position]
            return allowed & (~word if not mask & ~word else word if not mask & word else _EVERYTHING)

        return _Fragment(before.first, tuple((position, beyond(position, allowed)) for position, allowed in before.last), before.null)

    def _atomic(self, part: Node) -> _Fragment:
        if isinstance(part, Repeat) and part.mode != "?" and isinstance(only(part.part), Char):
            return self._repeat(replace(part, mode="+"))
        return self._apart(part, 1) if self._is_hidden(part) else self._add(part)

    def _is_hidden(self, part: Node) -> bool:
        return self.opaque and any(isinstance(below, (Repeat, Choice)) for below in walk(part))

    def _apart(self, part: Node, low: int) -> _Fragment:
        """What never gives anything back is tried apart, and ends in one place: any characters of it, taken in one way."""
        self.inner.append((part, not self.looped, True))
        return self._loop(Char("", _characters(part)), 0 if low == 0 or _may_be_empty(part) else 1)

    def _repeat(self, node: Repeat) -> _Fragment:
        single = only(node.part)
        if node.mode == "+" and isinstance(single, Char):
            guard = ~single.mask if node.high is None else _EVERYTHING
            made = self._copies(node)
            return _Fragment(made.first, _through((guard,), made.last), tuple(~single.mask & one for one in made.null))
        if node.mode == "+" and self._is_hidden(node.part):
            return self._apart(node.part, node.low)
        return self._copies(node)

    def _copies(self, node: Repeat) -> _Fragment:
        """Write small numbers of times out; a larger one is as good as a loop."""
        single = isinstance(only(node.part), Char)
        if node.high is None or (node.high > _COPIES and (node.low != node.high or node.high > _POSITIONS)):
            copies = node.low - 1 if 1 < node.low <= (_COPIES if single else 4) else 0
            low = min(node.low, 1)
            if low and _may_be_empty(node.part):
                copies, low = copies + 1, 0  # a first time that matches nothing is one more way
            made = _NOTHING
            for _ in range(copies):
                made = self._after(made, self._add(node.part))
            return self._after(made, self._loop(node.part, low))
        made = _NOTHING
        for _ in range(node.high - node.low):
            made = _optional(self._after(self._add(node.part), made))
        for _ in range(node.low):
            made = self._after(self._add(node.part), made)
        return made

    def _loop(self, part: Node, low: int) -> _Fragment:
        was, self.looped = self.looped, True
        made = self._add(part)
        self._join(made.last, made.first)
        self.looped = was or True  # what comes after a loop is reached from many places
        return made if low else _optional(made)


def _few(ways: Iterable[_T]) -> tuple[_T, ...]:
    """Each way twice at most: two are already one too many."""
    kept: dict[_T, int] = {}
    for way in ways:
        kept[way] = min(kept.get(way, 0) + 1, 2)
    return tuple(way for way, times in kept.items() for _ in range(times))


def _through(null: Iterable[int], ways: Iterable[Way]) -> tuple[Way, ...]:
    return tuple((position, allowed & guard) for guard in null for position, allowed in ways)


def _optional(part: _Fragment) -> _Fragment:
    return _Fragment(part.first, part.last, (_EVERYTHING, *part.null[:1]))


def _characters(part: Node) -> int:
    mask = 0
    for below in walk(part):
        mask |= below.mask if isinstance(below, Char) else _EVERYTHING if isinstance(below, Back) else 0
    return mask


def _may_be_empty(part: Node) -> bool:
    match part:
        case Char():
            return False
        case Empty() | Back():
            return True
        case Concatenation():
            return all(map(_may_be_empty, part.parts))
        case Choice():
            return any(map(_may_be_empty, part.parts))
        case Group():
            return _may_be_empty(part.part)
        case Repeat():
            return part.low == 0 or _may_be_empty(part.part)
