"""A matcher that tries the ways through a pattern in the order in which `re` does, and counts its steps.

It is slow and never runs over records: it answers, with a bound that is the same on every machine, what a pattern matches that `re`
may take for ever with.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from exporter.language.regex import Back, Char, Choice, Concatenation, Empty, Group, Node, Repeat, parse

Saved = tuple[int, ...]
State = tuple[int, int, Saved]
Instruction = tuple[str, object, object]


class TooManyStepsError(Exception):
    """The bound is reached, or the pattern repeats more than can be written out."""


_INSTRUCTIONS = 20_000
"""Repeats are written out, so that `(a{1,1000}){1,1000}` would be two million instructions."""


@dataclass(slots=True)
class Stepping:
    """A pattern and the steps that its matches took so far, `most` of them at most.

    >>> stepping = Stepping.of("(?P<a>a+)+b")
    >>> stepping.match("aaa"), stepping.steps > 20, stepping.match("aab")
    (None, True, {'a': 'aa'})
    """

    program: list[Instruction]
    names: dict[str, int]
    slots: int
    most: int | None = None
    steps: int = 0

    @classmethod
    def of(cls, pattern: str, most: int | None = None) -> Stepping:
        """Compile a pattern that `re` takes; raises TooManyStepsError where its repeats are too many to be written out."""
        compiler = _Compiler()
        compiler.add(parse(pattern))
        return cls(compiler.program, compiler.names, compiler.slots, most)

    def match(self, text: str, start: int = 0, *, whole: bool = True) -> dict[str, str | None] | None:
        """Match the whole text, or its beginning from `start` on, and give the named groups."""
        found = self._run(self.program, text, start, (-1,) * self.slots, whole=whole)
        if found is None:
            return None
        saved = found[1]
        return {name: text[saved[at] : saved[at + 1]] if saved[at + 1] >= 0 else None for name, at in self.names.items()}

    def find_all(self, text: str) -> int:
        """Go through a text as `finditer` does, and give the number of matches."""
        start = count = 0
        while start <= len(text):
            found = self._run(self.program, text, start, (-1,) * self.slots, whole=False)
            count += found is not None
            start = found[0] if found and found[0] > start else start + 1
        return count

    def _run(self, program: list[Instruction], text: str, start: int, saved: Saved, *, whole: bool) -> tuple[int, Saved] | None:
        stack: list[State] = [(0, start, saved)]
        while stack:
            at, position, saved = stack.pop()
            while True:
                self.steps += 1
                if self.most is not None and self.steps > self.most:
                    raise TooManyStepsError
                if at == len(program):
                    if whole and position < len(text):
                        break
                    return position, saved
                name, one, other = program[at]
                following = self._step(name, one, other, text, (at, position, saved), stack)
                if following is None:
                    break
                at, position, saved = following
        return None

    def _step(self, name: str, one: object, other: object, text: str, state: State, stack: list[State]) -> State | None:
        at, position, saved = state
        match name, one, other:
            case "char", test, _ if callable(test):
                return (at + 1, position + 1, saved) if position < len(text) and test(text[position]) else None
            case "split", int(first), int(second):
                stack.append((second, position, saved))
                return first, position, saved
            case "jump", int(to), _:
                return to, position, saved
            case "save", int(slot), _:
                return at + 1, position, (*saved[:slot], position, *saved[slot + 1 :])
            case "moved", int(slot), _:
                return (at + 1, position, saved) if saved[slot] != position else None
            case "empty", test, _ if callable(test):
                return (at + 1, position, saved) if test(text, position) else None
            case "back", int(slot), _:
                part = text[saved[slot] : saved[slot + 1]] if saved[slot + 1] >= 0 else None
                return (at + 1, position + len(part), saved) if part is not None and text.startswith(part, position) else None
            case "apart", list(program), bool(kept):
                found = self._run(program, text, position, saved, whole=False)
                return found and (at + 1, found[0] if kept else position, found[1])
            case "not", list(program), _:
                return None if self._run(program, text, position, saved, whole=False) else (at + 1, position, saved)
        raise AssertionError(name)


@dataclass(slots=True)
class _Compiler:
    """Makes the instructions of a tree."""

    program: list[Instruction] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    numbers: list[int] = field(default_factory=list)
    slots: int = 0
    emitted: int = 0

    def _emit(self, name: str, one: object = None, other: object = None) -> int:
        self.emitted += 1
        if self.emitted > _INSTRUCTIONS:
            raise TooManyStepsError
        self.program.append((name, one, other))
        return len(self.program) - 1

    def _slot(self, count: int = 1) -> int:
        self.slots += count
        return self.slots - count

    def add(self, node: Node) -> None:
        """Add the instructions of a node."""
        match node:
            case Char():
                self._emit("char", _taker(node))
            case Empty():
                self._add_empty(node)
            case Back():
                self._emit("back", self._group_of(node.text))
            case Concatenation():
                for part in node.parts:
                    self.add(part)
            case Choice():
                self._add_choice(node.parts)
            case Group():
                self._add_group(node)
            case Repeat() if node.mode == "+":
                self._apart(Repeat(node.part, node.low, node.high, ""))
            case Repeat():
                self._add_repeat(node)

    def _group_of(self, text: str) -> int:
        return self.names[text[4:-1]] if text.startswith("(?P=") else self.numbers[int(text[1:]) - 1]

    def _add_empty(self, node: Empty) -> None:
        if node.inner is None or node.text.startswith(("(?<=", "(?<!")):
            self._emit("empty", _asker(node))
        else:
            program = self._inner(node.inner)
            self._emit("not" if node.text.startswith("(?!") else "apart", program, False)

    def _inner(self, node: Node) -> list[Instruction]:
        outer, self.program = self.program, []
        self.add(node)
        program, self.program = self.program, outer
        return program

    def _apart(self, node: Node) -> None:
        self._emit("apart", self._inner(node), True)

    def _add_choice(self, parts: tuple[Node, ...]) -> None:
        ends: list[int] = []
        for part in parts[:-1]:
            split = self._emit("split")
            self.add(part)
            ends.append(self._emit("jump"))
            self.program[split] = ("split", split + 1, len(self.program))
        self.add(parts[-1])
        for end in ends:
            self.program[end] = ("jump", len(self.program), None)

    def _add_group(self, node: Group) -> None:
        if node.is_atomic:
            self._apart(node.part)
        elif node.number:
            slot = self.numbers[node.number - 1] if node.number <= len(self.numbers) else self._slot(2)
            if node.number > len(self.numbers):
                self.numbers.append(slot)
                if node.name:
                    self.names[node.name] = slot
            self._emit("save", slot)
            self.add(node.part)
            self._emit("save", slot + 1)
        else:
            self.add(node.part)

    def _add_repeat(self, node: Repeat) -> None:
        for _ in range(node.low):
            self.add(node.part)
        if node.high is None:
            slot = self._slot()
            split = self._emit("split")
            self._emit("save", slot)
            self.add(node.part)
            self._emit("moved", slot)
            self._emit("jump", split)
            self._branch(split, lazy=node.mode == "?")
            return
        splits: list[int] = []
        for _ in range(node.high - node.low):
            splits.append(self._emit("split"))
            self.add(node.part)
        for split in splits:
            self._branch(split, lazy=node.mode == "?")

    def _branch(self, split: int, *, lazy: bool) -> None:
        ways = (split + 1, len(self.program))
        self.program[split] = ("split", *(reversed(ways) if lazy else ways))


def _taker(node: Char) -> Callable[[str], bool]:
    known = re.compile(f"(?{node.flags}:{node.text})" if node.flags else node.text, re.DOTALL if "s" in node.flags else 0)
    return cache(lambda character: known.fullmatch(character) is not None)


def _asker(node: Empty) -> Callable[[str, int], bool]:
    known = re.compile(f"(?{node.flags}:{node.text})" if node.flags else node.text)
    return lambda text, position: known.match(text, position) is not None
