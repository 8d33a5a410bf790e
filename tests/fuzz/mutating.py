"""Changes to a text at random, as a hand that slips or a disk that fails makes them: for readers, which have to say what is wrong."""

from __future__ import annotations

import random
from collections.abc import Sequence

MARKS = [
    "", " ", "\t", "\n", "\r", "\r\n", "\x00", "\x0b", "\x0c", "\x1f", "\x85",
    "\u00a0", "\u2028", "\u200c", "\ufeff", "\ud83d", "\U0001f600",
    "#", '"', "'", '"""', "'''", "<", ">", "[", "]", "(", ")", "{", "}", "[[", "]]",
    ".", ",", ";", ":", "@", "^^", "=", "/", "//", "*", "?", "&", "|", "~", "`", "-", "+",
    "\\", "\\u", "\\uD800", "_:", "a", "%", "%zz", "1e", "1.",
]  # fmt: skip


def mutate(chance: random.Random, text: str, others: Sequence[str] = (), most: int = 3) -> str:
    """Make one to `most` changes: cut, splice with another text, drop, double or swap pieces, put in or replace characters."""
    for _ in range(chance.randint(1, most)):
        text = chance.choice(_CHANGES)(chance, text, others)
    return text


def encode(chance: random.Random, text: str) -> bytes:
    """Encode a text, now and then with bytes flipped so that it is not UTF-8 any more."""
    data = bytearray(text.encode("utf-8", "surrogatepass"))
    if data and chance.random() < 0.1:
        for _ in range(chance.randint(1, 3)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _cut(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    return text[: chance.randint(0, len(text))]


def _behead(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    return text[chance.randint(0, len(text)) :]


def _put_in(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(MARKS) + text[place:]


def _replace(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    place = chance.randint(0, len(text))
    return text[:place] + chance.choice(MARKS) + text[place + 1 :]


def _at_end(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    return text.rstrip() + chance.choice(MARKS)


def _drop(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    start, end = _piece(chance, text)
    return text[:start] + text[end:]


def _double(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    start, end = _piece(chance, text)
    return text[:end] + text[start:end] + text[end:]


def _splice(chance: random.Random, text: str, others: Sequence[str]) -> str:
    other = chance.choice(others) if others else text
    start, end = _piece(chance, other)
    place = chance.randint(0, len(text))
    return text[:place] + other[start:end] + text[place:]


def _swap_words(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    words = text.split(" ")
    i, j = chance.randrange(len(words)), chance.randrange(len(words))
    words[i], words[j] = words[j], words[i]
    return " ".join(words)


def _nest(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    opening, closing = chance.choice(_BRACKETS)
    start, end = _piece(chance, text)
    depth = chance.choice([2, 50, 99, 100, 101, 300, 5000])
    return text[:start] + opening * depth + text[start:end] + closing * depth + text[end:]


def _repeat(chance: random.Random, text: str, _others: Sequence[str]) -> str:
    start, end = _piece(chance, text)
    return text[:start] + text[start:end][:10] * chance.choice([2, 100, 3000]) + text[end:]


def _piece(chance: random.Random, text: str) -> tuple[int, int]:
    start = chance.randint(0, len(text))
    return start, min(len(text), start + chance.randint(0, 80))


_BRACKETS = [("[", "]"), ("(", ")"), ("{", "}"), ("( [ a ", " ] )"), ("[ a ", " ]"), ("a.", ""), ("<<", ">>")]
_CHANGES = (_nest, _repeat, _cut, _behead, _put_in, _put_in, _replace, _replace, _at_end, _at_end, _drop, _double, _splice, _swap_words)
