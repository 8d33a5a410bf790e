"""Regular expressions as trees, for what must be known of one before it runs: the parts, their characters, and how they are written.

The parser is Python's own, so a pattern means here what it means to `re`. Sets of characters are bit masks over a handful of
characters that stand for all others: ASCII and Latin, one of each Unicode kind, and what the pattern itself names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from re import _constants as op  # type: ignore[attr-defined]  # no public module gives the tree of a pattern
from re import _parser  # type: ignore[attr-defined]
from typing import Any

_COMMON = [chr(code) for code in (*range(0x180), 0x2028, 0x3000)]
_OF_EACH_KIND = list("ſıİKςßéжكठ٣५①²ー中ｶ़゙َ–…\u2003\u200c🚗\U000e0100")
_SAMPLED = 64  # of a wide range of characters


@dataclass(frozen=True, slots=True)
class Char:
    """One character of a set, given as bit mask; `text` is how it is written, under `flags`."""

    text: str
    mask: int
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    r"""Something without width: an anchor or a look-around. `next` are the characters that may follow, `inner` what is looked for.

    `word` are the word characters of `\b`.
    """

    text: str
    next: int = -1
    inner: Node | None = None
    word: int = 0
    flags: str = ""


@dataclass(frozen=True, slots=True)
class Back:
    """A back-reference; what it matches is not known here."""

    text: str


@dataclass(frozen=True, slots=True)
class Concatenation:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Repeated from `low` to `high` times (None: without end); `mode` is `?` for lazy, `+` for possessive."""

    part: Node
    low: int
    high: int | None
    mode: str


@dataclass(frozen=True, slots=True)
class Group:
    """In parentheses that begin with `opening`; nothing is given back where it is atomic."""

    opening: str
    part: Node
    number: int = 0
    name: str = ""

    @property
    def is_atomic(self) -> bool:
        """Whether the group keeps the first way it matched."""
        return self.opening == "(?>"


Node = Char | Empty | Back | Concatenation | Choice | Repeat | Group


class UnknownPartError(ValueError):
    """A pattern has a part that this module does not know."""


def parse(pattern: str, *, stripped: bool = False) -> Node:
    """Read a pattern that `re` takes; one for texts that are `stripped` begins with what says so.

    >>> write(parse("(?P<a>x+)-(?i:y|[0-9]{2})"))
    '(?P<a>x+)-(?i:y|[0-9]{2})'
    """
    tree = _parser.parse(pattern)
    reader = _Reader(tree.state, _universe(tree))
    node = reader.sequence(tree, tree.state.flags)
    flags = _letters(tree.state.flags)
    if flags:
        node = Group(f"(?{flags}:", node)
    return Concatenation((Empty("", next=~reader.char(r"\s", 0).mask), node)) if stripped else node


def write(node: Node) -> str:
    """Write a tree as a pattern again."""
    match node:
        case Char() | Empty() | Back():
            return node.text
        case Concatenation():
            return "".join(f"(?:{write(part)})" if isinstance(part, Choice) else write(part) for part in node.parts)
        case Choice():
            return "|".join(map(write, node.parts))
        case Group():
            return f"{node.opening}{write(node.part)})"
        case Repeat():
            text = write(node.part)
            single = isinstance(node.part, (Char, Group, Back))
            return (text if single else f"(?:{text})") + _quantifier(node)


def _quantifier(node: Repeat) -> str:
    known = {(0, None): "*", (1, None): "+", (0, 1): "?"}.get((node.low, node.high))
    high = "" if node.high is None else str(node.high)
    return (known or (f"{{{node.low}}}" if node.low == node.high else f"{{{node.low},{high}}}")) + node.mode


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node; what a look-around looks for is not part of what is matched."""
    match node:
        case Concatenation() | Choice():
            return node.parts
        case Repeat() | Group():
            return (node.part,)
        case _:
            return ()


def with_children(node: Node, parts: list[Node]) -> Node:
    """The node with other parts."""
    match node:
        case Concatenation() | Choice():
            return replace(node, parts=tuple(parts))
        case Repeat() | Group():
            return replace(node, part=parts[0])
        case _:
            return node


def walk(node: Node) -> Iterator[Node]:
    """Give the node and all below it."""
    yield node
    for child in children(node):
        yield from walk(child)


def only(node: Node) -> Node:
    """What a node comes down to without parentheses that only group."""
    while (isinstance(node, Group) and not node.is_atomic) or (isinstance(node, Concatenation) and len(node.parts) == 1):
        node = children(node)[0]
    return node


_FLAGS = {"a": re.ASCII.value, "i": re.IGNORECASE.value, "m": re.MULTILINE.value, "s": re.DOTALL.value, "x": re.VERBOSE.value}
_FLAGS["u"] = re.UNICODE.value
_ANCHORS = {
    op.AT_BEGINNING: "^",
    op.AT_BEGINNING_STRING: r"\A",
    op.AT_BOUNDARY: r"\b",
    op.AT_NON_BOUNDARY: r"\B",
    op.AT_END: "$",
    op.AT_END_STRING: r"\Z",
}
_CATEGORIES = {
    op.CATEGORY_DIGIT: r"\d",
    op.CATEGORY_NOT_DIGIT: r"\D",
    op.CATEGORY_SPACE: r"\s",
    op.CATEGORY_NOT_SPACE: r"\S",
    op.CATEGORY_WORD: r"\w",
    op.CATEGORY_NOT_WORD: r"\W",
}
_MODES = {op.MAX_REPEAT: "", op.MIN_REPEAT: "?", op.POSSESSIVE_REPEAT: "+"}
_SINGLE = {op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN}


class _Reader:
    """Makes nodes of what Python's parser gives."""

    def __init__(self, state: Any, universe: str) -> None:  # noqa: ANN401 - the parser's own class
        self._names = {number: name for name, number in state.groupdict.items()}
        self._universe = universe
        self._chars: dict[tuple[str, str], Char] = {}

    def sequence(self, items: Any, flags: int) -> Node:  # noqa: ANN401
        parts = tuple(self._part(code, value, flags) for code, value in items)
        return parts[0] if len(parts) == 1 else Concatenation(parts)

    def _part(self, code: object, value: Any, flags: int) -> Node:  # noqa: ANN401
        if code in _SINGLE:
            return self.char(_set_text(code, value), flags)
        if code in _MODES:
            low, high, part = value
            return Repeat(self.sequence(part, flags), int(low), None if high is op.MAXREPEAT else int(high), _MODES[code])
        if code is op.BRANCH:
            return Choice(tuple(self.sequence(part, flags) for part in value[1]))
        if code is op.AT:
            return Empty(_ANCHORS[value], word=self.char(r"\w", flags).mask if value is op.AT_BOUNDARY else 0, flags=_letters(flags))
        if code is op.GROUPREF:
            return Back(f"(?P={self._names[value]})" if value in self._names else f"\\{value}")
        if code is op.ATOMIC_GROUP:
            return Group("(?>", self.sequence(value, flags))
        if code in {op.ASSERT, op.ASSERT_NOT}:
            return self._look_around(value, negative=code is op.ASSERT_NOT, flags=flags)
        if code is op.SUBPATTERN:
            return self._group(value, flags)
        if code is op.GROUPREF_EXISTS:
            number, yes, no = value
            return Choice((self.sequence(yes, flags), self.sequence(no or (), flags), Back(f"\\{number}")))
        return Empty("(?!)", next=0) if code is op.FAILURE else _unknown(code)

    def char(self, text: str, flags: int) -> Char:
        """One character, with the set of those that it takes."""
        letters = _letters(flags)
        known = self._chars.get((text, letters))
        if known is None:
            runs = re.compile(f"(?{letters}:(?:{text})+)").finditer(self._universe)
            mask = sum((1 << run.end()) - (1 << run.start()) for run in runs)
            known = self._chars[text, letters] = Char(text, mask, letters)
        return known

    def _look_around(self, value: Any, *, negative: bool, flags: int) -> Empty:  # noqa: ANN401
        direction, items = value
        inner = self.sequence(items, flags)
        text = f"(?{'<' if direction < 0 else ''}{'!' if negative else '='}{write(inner)})"
        first = only(inner)
        if direction < 0 or not isinstance(first, Char):
            return Empty(text, inner=inner, flags=_letters(flags))
        return Empty(text, next=~first.mask if negative else first.mask, flags=_letters(flags))

    def _group(self, value: Any, flags: int) -> Node:  # noqa: ANN401
        number, add, drop, items = value
        part = self.sequence(items, (flags | add) & ~drop)
        if number is not None:
            name = self._names.get(number, "")
            return Group(f"(?P<{name}>" if name else "(", part, number, name)
        added = "".join(letter for letter in "aimsu" if add & _FLAGS[letter])
        dropped = "".join(letter for letter in "ims" if drop & _FLAGS[letter])
        return Group(f"(?{added}{'-' if dropped else ''}{dropped}:", part)


def _letters(flags: int) -> str:
    return "".join(letter for letter in "aims" if flags & _FLAGS[letter])


def _unknown(code: object) -> Node:
    raise UnknownPartError(f"a part of the kind {code}")


def _set_text(code: object, value: Any) -> str:  # noqa: ANN401
    if code is op.LITERAL:
        return _escaped(value, r"\.^$*+?{}[]|()")
    if code is op.NOT_LITERAL:
        return f"[^{_escaped(value, _IN_SETS)}]"
    if code is op.ANY:
        return "."
    if len(value) == 1 and value[0][0] is op.CATEGORY:
        return _CATEGORIES[value[0][1]]
    return "[" + "".join(_item_text(kind, item) for kind, item in value) + "]"


_IN_SETS = r"\]^-[&~|"


def _item_text(kind: object, item: Any) -> str:  # noqa: ANN401
    if kind is op.NEGATE:
        return "^"
    if kind is op.RANGE:
        return f"{_escaped(item[0], _IN_SETS)}-{_escaped(item[1], _IN_SETS)}"
    return _escaped(item, _IN_SETS) if kind is op.LITERAL else _CATEGORIES[item]


def _escaped(code: int, special: str) -> str:
    character = chr(code)
    if character in special:
        return "\\" + character
    known = {"\n": r"\n", "\t": r"\t", "\r": r"\r", "\f": r"\f", "\v": r"\v"}.get(character)
    if known or character.isprintable():
        return known or character
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _universe(tree: Any) -> str:  # noqa: ANN401
    """The characters that stand for all others."""
    named: set[int] = set()
    for low, high in _ranges(tree):
        named |= {low, high, max(low - 1, 0), min(high + 1, 0x10FFFF), *range(low, high + 1, 1 + (high - low) // _SAMPLED)}
    variants = {variant for code in named for variant in (chr(code).lower(), chr(code).upper()) if len(variant) == 1}
    return "".join(dict.fromkeys([*_COMMON, *_OF_EACH_KIND, *map(chr, sorted(named)), *sorted(variants)]))


def _ranges(items: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    """The characters and ranges that a tree of the parser names beyond ASCII, wherever they stand."""
    if not isinstance(items, (list, tuple, _parser.SubPattern)):
        return
    if isinstance(items, tuple) and len(items) == 2 and items[0] in {op.LITERAL, op.NOT_LITERAL, op.RANGE}:
        low, high = items[1] if items[0] is op.RANGE else (items[1], items[1])
        if high >= len(_COMMON) - 2:
            yield low, high
        return
    for item in items:
        yield from _ranges(item)
