"""Lines that look like YAML or TOML keys: what tells front matter that is misspelt from an ordinary page.

A page is prose, and prose has colons: `Note: read this` above a rule is not front matter. So a block counts by its keys (`convincing`).
Every pattern is possessive and every scan goes forward line by line, so a body is read once.
"""

from __future__ import annotations

import re
from typing import NamedTuple

KEY = r"(?:[\w$@.][\w$@.-]*+|\"[^\"\n]*+\"|'[^'\n]*+')"
KEY_LINE = re.compile(rf"(?P<key>{KEY})[ \t]*+:(?:[ \t][^\n]*+|\r)?+(?:\n|\Z)")
TOML_LINE = re.compile(
    r"(?:(?P<key>(?:[\w-]++|\"[^\"\n]*+\")(?:\.[\w-]++)*+)[ \t]*+=[ \t]*+[^\s=]|\[\[?+[ \t]*+[\w\".-]++[^\]\n]*+\]\]?+[ \t]*+\r?(?:\n|\Z))"
)
_INSIDE_LINE = re.compile(r"(?:[ \t#-][^\n]*+|[\]})][^\n]*+|\r)?+(?:\n|\Z)")
_COMMENT_LINE = re.compile(r"[ \t]*+#[^\n]*+\n")
USUAL_KEYS = frozenset(
    (
        *("aliases", "author", "authors", "categories", "category", "cover", "created", "date", "description", "draft", "excerpt", "id"),
        *("image", "keywords", "lang", "language", "layout", "menu", "name", "order", "permalink", "published", "slug", "status"),
        *("subtitle", "summary", "tags", "template", "title", "toc", "type", "updated", "url", "weight"),
    )
)
"""Keys that most front matter has one of; in whatever case."""


class KeyLines(NamedTuple):
    """Lines of YAML up to a closing line, which stands at `end`; `usual` of its `keys` are written as keys are, and not as prose."""

    keys: int
    usual: int
    blank: bool
    end: int
    after: int

    @property
    def convincing(self) -> bool:
        """Whether the keys are those of front matter: two of them, or one that no sentence starts with."""
        return self.keys > 1 or self.usual > 0


def scan_block(text: str, at: int, closing: re.Pattern[str]) -> KeyLines | None:
    """Read lines that YAML could have, from a key line at `at` on, to one that `closing` matches; None without such a block."""
    if not KEY_LINE.match(text, at):
        return None
    keys = usual = 0
    blank = False
    while at < len(text):
        end = closing.match(text, at)
        if end:
            return KeyLines(keys, usual, blank, at, end.end())
        line = KEY_LINE.match(text, at)
        if line:
            keys += 1
            usual += is_usual(line["key"])
        else:
            line = _INSIDE_LINE.match(text, at)
            if line is None or line.end() == at:
                return None
            blank = blank or not line[0].strip()
        at = line.end()
    return None


def is_usual(key: str) -> bool:
    """Tell a key from a word of prose before a colon: it is a usual one, or does not start with a capital letter.

    >>> is_usual("date"), is_usual("Title"), is_usual("Note")
    (True, True, False)
    """
    bare = key.strip("\"'")
    return bare.casefold() in USUAL_KEYS or bare[:1] == bare[:1].lower()


def skip_comments(text: str, at: int) -> int:
    """Give where the first line at or below `at` stands that is not a comment of YAML or TOML."""
    while match := _COMMENT_LINE.match(text, at):
        at = match.end()
    return at
