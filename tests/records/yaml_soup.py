"""YAML of every sort for fuzzers: lines that are ordinary, lines near the border, and characters that two parsers may take differently.

Line ends, last lines without one, white space of every sort, quotes, indicators, numbers with leading zeros, tags, anchors, repeated
keys, brackets, blocks of text and second documents are all in its alphabet.
"""

from __future__ import annotations

import random

from tests.records.yaml_text import KEYS, SCALARS

ENDS = ["\n"] * 12 + ["\r\n"] * 3 + ["\r", "\x85", "\u2028", "\u2029", "\n\n", " \n", "\t\n", ""]
BLANKS = [" "] * 8 + ["  ", "\t", "\u00a0", "\u3000", "\u2003", "\u200b", "\ufeff", ""]
INDENTS = ["", "", "", "", " ", "  ", "  ", "    ", "\t", "  \t", "\u00a0"]
DASHES = ["", "", "", "", "- ", "- ", "-  ", "- - ", "-\t", "-"]
WORDS = [
    *SCALARS,
    *("02115", "1.10", "00", "08", "1_0", "0.", "-.5e-3", "1e", "0o8", "0xg", "+", "-", "--", "---", "+.inf", ".NaN", "TRUE", "nULL"),
    *("!foo bar", "!", "!!int 7", "!!str", "&a", "&a b", "*a", "&b:c d", "<<: *a", "? x", "?", ": x", ":", "::", "a::b", "-a", "- a"),
    *("{a: b, c: d}", "{a: b, a: c}", "[x, y]", "[?x]", "[:x]", "[-]", "[-1, +1]", "[a, b", "{a: [b, {c: d}]}", "[ ]", "{ }", "[a b, 'c']"),
    *("'a''b'", "'a", "''", '""', '"a\\"b"', '"\\uD83D\\uDE05"', '"\\uD83D"', '"\\x01"', '"\\0"', '"\\N\\_\\L\\P"', '"a\\', '"\\ "'),
    *("#", "# c", "a #c", "a# c", '"a"# c', "a\t# c", "| # c", ">-", "|+", "|1", ">2-", "|-1", "|\t", "a: b: c", "a : b", "a:b", "a:\tb"),
    *(
        "\u00a0",
        "\u00a0x",
        "x\u00a0",
        "\u3000",
        "é",
        "\U0001f605",
        "\ue000",
        "\x7f",
        "\x01",
        "x\x0by",
        "\ufffe",
        "%a",
        "@",
        "`",
        "|x",
        ">x",
    ),
    *("2026-01-01", "12:30:45", "1:2", "y", "off", "Yes", "null", "NULL", "~a", "=", "<", "a, b", "a]", "}", ",", "a - b", "http://x/y"),
]
ODD = "\t\r\n\x85\u2028\u2029\u00a0\ufeff #:-?,[]{}&*!|>'\"%@`\\~.0aé1+_"


NAMES = ["a", "b", "c", "d", "title", "x.y", "k-1", "e_f", "on", "yes", "G/h"]
ORDINARY = [
    *(
        "Foo",
        "bar baz",
        "it's",
        'a "b" c',
        "http://x/y?z#w",
        "a#b",
        "a:b",
        "(z)",
        "é",
        "Ünï x",
        "NO",
        "/x [y]",
        "a, b",
        "a - b",
        "$x",
        "<p>",
    ),
    *(
        "42",
        "-5",
        "0",
        "2026-01-01",
        "12:30:45",
        "1.2.3",
        "~",
        "'q'",
        "'a: b'",
        "'it''s'",
        '"d"',
        r'"a\nb"',
        r'"\u00e9\t"',
        "'a\n  b'",
        '"a\n\n  b"',
    ),
    *(
        "[]",
        "{}",
        "[a, b]",
        "['x', \"y\"]",
        "[a b, c]",
        "Foo # c",
        "'q' # c",
        "",
        "x\u00a0y",
        "\U0001f605",
        "日本",
        "a\u2003b",
        "|",
        ">-",
        "|+",
    ),
]


def soup(chance: random.Random) -> str:
    """Make a YAML text of a few lines, and sometimes change a character or two of it.

    Some lines are ordinary so that the fast way answers at all; what one odd line or character does among them is the question.
    """
    ordinary = chance.choice([1.0, 0.9, 0.9, 0.7, 0.0])
    parts = [chance.choice(["---\n", "\ufeff", "\n", "# c\n", "%YAML 1.2\n---\n"])] if chance.random() < 0.1 else []
    calm = chance.random() < 0.5
    for _ in range(chance.randint(1, 7)):
        parts += _ordinary_line(chance) if chance.random() < ordinary else _line(chance, calm)
    text = "".join(parts)
    if chance.random() < 0.4:
        text = text.rstrip("\r\n")
    for _ in range(chance.choice([0, 0, 0, 0, 1, 1, 2])):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + (chance.choice(ODD) if chance.random() < 0.7 else "") + text[at + chance.randint(0, 1) :]
    return text


def _ordinary_line(chance: random.Random) -> list[str]:
    """Give an entry of a map as people write it: a value, a list, a map, a list of maps, or a block of text."""

    def value() -> str:
        return chance.choice(ORDINARY if chance.random() < 0.9 else WORDS)

    name, end = chance.choice(NAMES), chance.choice(["\n"] * 12 + [" \n", "\r\n", "\n\n", "\n# c\n", "\n  # c\n", "\n  Foo\n"])
    kind, gap = chance.random(), chance.choice(["  ", "  ", "    ", ""])
    if kind < 0.6:
        return [name, ": ", value(), end]
    if kind < 0.7:
        return [name, ":\n", *(f"{gap}- {value()}{end}" for _ in range(chance.randint(1, 3)))]
    if kind < 0.8:
        return [name, ":\n", *(f"{gap or ' '}{key}: {value()}{end}" for key in chance.sample(NAMES, chance.randint(1, 2)))]
    if kind < 0.9:
        return [name, ":\n", *(f"{gap}- {key}: {value()}\n{gap}  z: {value()}{end}" for key in chance.sample(NAMES, chance.randint(1, 2)))]
    block = chance.choice(["  one\n", "  one\n\n   two\n", "    one\n     two\n", "\n  one\n\n", "  one\n  # c\n", "  - a\n  b: 1\n"])
    return [name, ": ", chance.choice(["|", ">-", "|+", ">"]), "\n", block]


def _line(chance: random.Random, calm: bool) -> list[str]:
    """Give the parts of a line; a calm one has ordinary white space, so that more of its text is read."""
    end = "\n" if calm else chance.choice(ENDS)
    indent = chance.choice(["", "", "", "  ", "  ", "    "] if calm else INDENTS)
    dash = chance.choice(["", "", "", "- "] if calm else DASHES)
    blank = " " if calm else chance.choice(BLANKS)
    kind = chance.random()
    if kind < 0.6:
        value = chance.choice(WORDS) if chance.random() < 0.85 else ""
        return [indent, dash, chance.choice(KEYS if chance.random() < 0.7 else WORDS), ":", blank, value, end]
    if kind < 0.9:
        words = [chance.choice(WORDS) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        return [indent, dash, blank.join(words), end]
    return [indent, chance.choice(["", "", "# c", "...", "---", "--- x"]), end]
