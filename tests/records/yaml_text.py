"""Front matter for hypothesis: lines of the shapes that people and hostile people write, mostly near the border between the two parsers."""

from __future__ import annotations

from hypothesis import strategies as st

KEYS = ["a", "b", "c", "d", "x.y", "k-1", "on", "yes", "null", "True", "2024", '"q"', "f g", "Ünï", "<<"]
SCALARS = [
    *[
        "foo",
        "bar baz",
        "it's",
        'a"b',
        "http://x/y?z#w",
        "a#b",
        "a:b",
        "(z)",
        "é",
        "NO",
        "no",
        "/x [y] {z}",
        "a, b",
        "a - b",
        "a ? b",
        "$x",
        "<p>",
    ],
    *[
        "42",
        "-5",
        "0",
        "-0",
        "+5",
        "007",
        "0x1F",
        "0o17",
        "0b1",
        "1_000",
        "1e3",
        "1.10",
        ".5",
        "5.",
        ".inf",
        "-.INF",
        ".nan",
        "9" * 19,
        "1.2.3",
        "12:30",
    ],
    *["true", "True", "FALSE", "null", "Null", "~", "2026-08-16", "2024-02-30", "=", "...", ".x", "-x", "?x", ":x"],
    *[
        "'q'",
        "'a: b'",
        "'it''s'",
        '"d"',
        r'"a\nb"',
        r'"\u00e9\t"',
        r'"\ud83d\ude00"',
        r'"\x41\/"',
        r'"\q"',
        "'a\n  b'",
        '"a\n\n  b"',
        "'a\nb'",
        '"a\\\n  b"',
    ],
    *[
        "[]",
        "{}",
        "[a, b]",
        "['x', \"y\"]",
        "[1, true]",
        "[a,]",
        "[[a], b]",
        "{a: b}",
        "{a: 1, a: 2}",
        "[a: b]",
        "a]",
        "- z",
        "x: y",
        "x:",
        "- - z",
    ],
    *[
        "|",
        ">",
        "|-",
        ">+",
        "|2",
        "foo # c",
        "# c",
        "'q' # c",
        "| # c",
        "&a x",
        "*a",
        "!!str 1",
        "!x y",
        "%x",
        "@x",
        "`x",
        "\t",
        "a\tb",
        "\u2028",
        "\ufeff",
    ],
]


def line(indents: list[str]) -> st.SearchStrategy[str]:
    """One line: a key with or without a value, a value alone, a comment or nothing."""
    prefix = st.builds("".join, st.tuples(st.sampled_from(indents), st.sampled_from(["", "", "", "- ", "-  ", "- - "])))
    value = st.sampled_from(SCALARS)
    keyed = st.builds(
        "{}{}:{}{}".format, prefix, st.sampled_from(KEYS), st.sampled_from([" ", " ", " ", "  ", ""]), st.one_of(value, st.just(""))
    )
    alone = st.builds("{}{}".format, prefix, value)
    return st.one_of(keyed, keyed, keyed, alone, st.sampled_from(["", "  ", "# c", "  # c", "-", "  -", "--- x"]))


def front_matter() -> st.SearchStrategy[str]:
    """A few such lines below a key, in Unix or Windows form."""
    lines = st.lists(line(["", "", "", "  ", "  ", "    ", " "]), max_size=6)
    head = st.sampled_from(["z: 1", "z:", "z: foo", "z: |", "# c", "", "  z: 1"])
    ends = st.sampled_from(["\n", "\n", "\n", "\r\n"])
    return st.builds(lambda head, lines, end: "".join(text + "\n" for text in [head, *lines]).replace("\n", end), head, lines, ends)
