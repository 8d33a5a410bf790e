"""Other ways to write a regular expression that backtracks too much, each tried before it is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice, product
from random import Random

from exporter.language.backtracking import cost
from exporter.language.regex import (
    Back,
    Char,
    Choice,
    Concatenation,
    Group,
    Node,
    Repeat,
    children,
    only,
    parse,
    walk,
    with_children,
    write,
)
from exporter.language.stepping import Stepping, TooManyStepsError

_SHORT = 500  # characters of a pattern that other ways are looked for
_WORDS = 500  # short texts that two patterns are compared on
_SAMPLES = 60  # texts that fit
_STEPS = 2_000  # what one of them may cost
_ORDINARY = "".join(map(chr, (*range(0x61, 0x7F), *range(0x30, 0x61), *range(0x20, 0x30), 0x0A)))
_LETTERS = 5  # characters that these are made of
_LONGEST = 7

Change = Callable[[Node], Node]


def rewritten(pattern: str, *, stripped: bool = False) -> tuple[str, bool] | None:
    r"""Give a pattern that does not backtrack too much, and whether it agrees with `pattern` on every short text; None if none is known.

    >>> rewritten("(?P<word>(a+)+)b"), rewritten(r"(?P<name>(\w+\s?)+)")
    (('(?P<word>a+)b', True), ('(?P<name>(?:\\w++\\s?)++)', True))
    """
    if len(pattern) > _SHORT:
        return None
    tree = parse(pattern)
    try:
        stepping = Stepping.of(pattern)  # before texts are made for it: what is too large for this is too large for those
    except TooManyStepsError:
        return None
    words = _words(tree)
    expected = _matches(stepping, words)
    best: tuple[str, bool] | None = None
    most = -1
    for changed in dict.fromkeys(write(_change(candidate, _tidied)) for candidate in _candidates(tree)):
        if not _may_be_shown(pattern, changed, stripped=stripped):
            continue
        stepping = Stepping.of(changed)
        found = _matches(stepping, list(expected))
        if found == expected and found and found == _matches(stepping, words):
            return changed, True
        agreeing = sum(expected[word] == groups for word, groups in found.items())
        if agreeing > most:
            best, most = (changed, False), agreeing
    return best


def _matches(stepping: Stepping, words: list[str]) -> dict[str, dict[str, str | None]]:
    """Match each word as far as that takes few steps."""
    found = {}
    for word in words:
        stepping.most = stepping.steps + _STEPS
        try:
            groups = stepping.match(word)
        except TooManyStepsError:
            continue
        if groups is not None:
            found[word] = groups
    return found


def _may_be_shown(pattern: str, changed: str, *, stripped: bool) -> bool:
    try:
        compiled = re.compile(changed)
        return compiled.groupindex.keys() == re.compile(pattern).groupindex.keys() and cost(parse(changed, stripped=stripped)).is_bounded
    except re.error:
        return False


def _words(tree: Node) -> list[str]:
    """Texts that the pattern is made for, and short ones of the characters that tell its parts from each other."""
    made = [sample(tree, seed) for seed in range(_SAMPLES)]
    masks = {node.mask for node in walk(tree) if isinstance(node, Char)}
    letters: dict[tuple[bool, ...], str] = {}
    for character in _ORDINARY:
        letters.setdefault(tuple(bool(mask >> ord(character) & 1) for mask in masks), character)
    some = "".join(islice(letters.values(), _LETTERS))
    short = ("".join(word) for length in range(_LONGEST + 1) for word in product(some, repeat=length))
    return list(dict.fromkeys([*made, *(word[:-1] for word in made), *islice(short, _WORDS)]))


def sample(node: Node, seed: int) -> str:
    """Make a text that is like what an expression matches, another one for each seed."""
    return _sample(node, Random(seed))  # noqa: S311 - the same texts each time


def _sample(node: Node, chance: Random) -> str:
    match node:
        case Char():
            fitting = [character for character in _ORDINARY if node.mask >> ord(character) & 1]
            return chance.choice(fitting[: 1 + chance.randrange(len(fitting))]) if fitting else ""
        case Choice():
            return _sample(chance.choice(node.parts), chance)
        case Repeat():
            high = node.low + 2 if node.high is None else min(node.high, node.low + 2)
            return "".join(_sample(node.part, chance) for _ in range(chance.randint(node.low, high)))
        case _:
            return "".join(_sample(child, chance) for child in children(node))


def _candidates(tree: Node) -> Iterator[Node]:
    """What may be written instead, mildest first."""
    plain = tree if any(isinstance(node, Back) for node in walk(tree)) else _change(tree, _without_number)
    flat = _change(plain, _collapsed)
    apart = _kept_apart(flat, 0)[0]
    yield flat
    for start in (flat, apart):
        yield _with_loops_kept(start, outer=True)
        yield _with_loops_kept(start, outer=False)
        yield start
    for start in (flat, apart):
        yield _change(start, _possessive)
    yield _change(flat, lambda node: Group("(?>", node) if isinstance(node, (Choice, Repeat)) else node)


def _change(node: Node, change: Change) -> Node:
    """Change a tree from its leaves up."""
    return change(with_children(node, [_change(child, change) for child in children(node)]))


def _without_number(node: Node) -> Node:
    return replace(node, opening="(?:") if isinstance(node, Group) and node.opening == "(" else node


def _is_loop(node: Node) -> bool:
    return isinstance(node, Repeat) and (node.high is None or node.high > 1)


def _collapsed(node: Node) -> Node:
    """`(a+)+` is `a+`, `a+a+` is `a{2,}`, and `a|a` is `a`."""
    if isinstance(node, Choice):
        parts = tuple(dict.fromkeys(node.parts))
        return parts[0] if len(parts) == 1 else _any_character(parts) or Choice(parts)
    if isinstance(node, Repeat) and _is_open(node) and node.low <= 1:
        part = node.part if _is_named(node.part) else only(node.part)
        if isinstance(part, Repeat) and _is_open(part) and (node.low or part.low <= 1):
            return replace(part, low=node.low * part.low)
    if isinstance(node, Concatenation):
        parts_: list[Node] = []
        for part in node.parts:
            last = parts_[-1] if parts_ else None
            if isinstance(part, Repeat) and isinstance(last, Repeat) and _is_open(part) and part == replace(last, low=part.low):
                parts_[-1] = replace(part, low=last.low + part.low)
            elif part != Concatenation(()):
                parts_.append(part)
        return parts_[0] if len(parts_) == 1 else Concatenation(tuple(parts_))
    return node


def _any_character(parts: tuple[Node, ...]) -> Node | None:
    r"""`.|\s` and `.|\n` are any character."""
    single = [part for part in map(only, parts) if isinstance(part, Char)]
    any_but_break = next((part for part in single if part.text == "."), None)
    if any_but_break is None or len(single) < len(parts) or not any(part.mask >> ord("\n") & 1 for part in single):
        return None
    return Char("(?s:.)", any_but_break.mask | 1 << ord("\n"), any_but_break.flags)


def _is_open(node: Repeat) -> bool:
    return node.high is None and node.mode != "+"


def _is_named(node: Node) -> bool:
    return isinstance(node, Group) and node.opening.startswith(("(?P<", "(?<"))


def _possessive(node: Node) -> Node:
    return replace(node, mode="+") if isinstance(node, Repeat) and node.low != node.high else node


def _with_loops_kept(node: Node, *, outer: bool) -> Node:
    """Make loops inside of loops possessive, and those around them too if `outer`."""
    if isinstance(node, Repeat) and _is_loop(node) and any(isinstance(below, Choice) or _is_loop(below) for below in walk(node.part)):
        inside = _change(node.part, lambda below: _possessive(below) if _is_loop(below) else below)
        return replace(node, part=inside, mode="+" if outer else node.mode)
    return with_children(node, [_with_loops_kept(child, outer=outer) for child in children(node)])


def _kept_apart(node: Node, following: int, text: str = "") -> tuple[Node, int, str]:
    r"""Let no loop over nearly any characters take the one that stands behind it: `.+, ` becomes `[^,\n]+, `."""
    match node:
        case Char():
            return node, node.mask, node.text
        case Repeat():
            single = only(node.part)
            if isinstance(single, Char) and following and following & single.mask == following and following.bit_count() == 1:
                kept = _without(single, text, following)
                return (replace(node, part=kept) if kept else node), 0, ""
            return replace(node, part=_kept_apart(node.part, 0)[0]), 0, ""
        case Concatenation():
            parts: list[Node] = []
            for part in reversed(node.parts):
                made, following, text = _kept_apart(part, following, text)
                parts.append(made)
            return replace(node, parts=tuple(reversed(parts))), following, text
        case Group():
            made, following, text = _kept_apart(node.part, following, text)
            return replace(node, part=made), following, text
        case _:
            return with_children(node, [_kept_apart(child, 0)[0] for child in children(node)]), 0, ""


def _without(single: Char, text: str, mask: int) -> Char | None:
    inside = text.removeprefix("\\") if text[1:] in set(".+*?(){}$|") else text
    if single.text == ".":
        return Char(f"[^{inside}\\n]", single.mask & ~mask, single.flags)
    if single.text.startswith("[^"):
        return Char(f"[^{inside}{single.text[2:]}", single.mask & ~mask, single.flags)
    return None


def _tidied(node: Node) -> Node:
    """Drop parentheses that group one thing, and `{1}`."""
    if isinstance(node, Repeat) and node.low == node.high == 1:
        node = node.part
    if isinstance(node, Group) and node.opening == "(?:" and isinstance(node.part, (Char, Group, Repeat)):
        return node.part
    if isinstance(node, Repeat) and isinstance(node.part, Repeat):
        return replace(node, part=Group("(?:", node.part))
    return node
