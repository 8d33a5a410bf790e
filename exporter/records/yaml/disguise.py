r"""What libyaml misreads of YAML 1.2, in disguise: one character for another, so that every position stays what it is.

libyaml is a parser of YAML 1.1. It ends lines at NEL, LS and PS (YAML 1.2.2, section 5.4, does not), knows no surrogate pairs in
escapes, takes a tab at the start of a block scalar for indentation, ends an anchor's name at the first character that is not a letter
or digit, and reads `?x` and `:x` in brackets as an indicator and a value. What can be found in the text alone is disguised before it
is parsed; the rest where the parser stumbles, after which the text is parsed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import yaml

from exporter.records.nodes import Style

_FOREIGN_BREAKS = re.compile("[\x85\u2028\u2029]")
_PAIR = re.compile(r"(?<!\\)(?:\\\\)*+(?P<pair>(?:\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})++)")
_PAIR_LENGTH = 12
_NAME = re.compile(r"[^ \t\r\n,\[\]{}]+")
_PLAIN_SAFE = re.compile(r"[^ \t\r\n,\[\]{}]")
_LINE = re.compile(r"[^\r\n]*")
_ENTITY = re.compile(r"#?\w+;")
_PRIVATE_USE = (range(0xE000, 0xF900), range(0xF0000, 0xFFFFE), range(0x100000, 0x10FFFE))


class Disguise:
    """A text for libyaml; `reveal` gives back what was meant by what it read."""

    def __init__(self, source: str) -> None:
        self.text = source
        self.separating = set[int]()
        """Where a tab was taken for a space: right before a value, wrong before a key or a list item (section 6.1)."""
        self._source = source
        self._quoted: dict[int, str] = {}
        self._others: dict[int, str] = {}
        self._stand_ins: dict[str, str] = {}
        self._spaced: dict[str, int] = {}
        self._free = self._unused()
        if not source.isascii() and _FOREIGN_BREAKS.search(source):
            self.text = _FOREIGN_BREAKS.sub(lambda found: self._stand_in(found[0]), source)
        if "\\u" in source:
            self.text = _PAIR.sub(self._hide_pairs, self.text)
        self._judged = self.text

    def reveal(self, value: str, style: Style) -> str:
        """Give the text of a scalar: an escape counts in double quotes only."""
        if style == "folded" and self._spaced:
            value = self._unfold(value)
        revealed = self._quoted if style == "double" else self._others
        return value.translate(revealed) if revealed else value

    def judged(self, aliases: Sequence[int]) -> str:
        """Give the text as it was before anything that the parser stumbled over was disguised, with words for the aliases at some offsets.

        A parser that gives values would copy the text of an anchor for each of its aliases.
        """
        text, parts, end = self._judged, [], 0
        for at in aliases:
            length = 1 + len(self.name(at))
            parts += [text[end:at], "_" * length]
            end = at + length
        return "".join((*parts, text[end:]))

    def correct(self, error: yaml.MarkedYAMLError) -> int | None:
        """Disguise what libyaml stumbled over, and give its offset; None where it is the text that is wrong."""
        mark = error.problem_mark
        if mark is None:
            return None
        at = mark.index
        found = self.text[at : at + 1]
        if found == "\t":
            header = error.context_mark if error.context == "while scanning a block scalar" else None
            if header is not None:
                return self._replace(at, self._first_tab(at, header.index))
            self.separating.add(at)
            return self._replace(at, " ")
        if error.context in ("while scanning an anchor", "while scanning an alias") and error.context_mark is not None:
            return self.mend_name(error.context_mark.index)
        if found == ":" and "expected node content" in str(error.problem):
            return self.mend_indicator(at)
        return None

    def mend_indicator(self, at: int) -> int | None:
        """Disguise a `?` or `:` that starts a plain value in brackets, if it does (section 7.3.3)."""
        if _PLAIN_SAFE.match(self.text, at + 1) is None:
            return None
        return self._replace(at, self._stand_in(self.text[at]))

    def mend_name(self, at: int) -> int | None:
        """Make the name after the `&` or `*` at an offset one that libyaml takes; `name` still gives what it is.

        `&nbsp;` is meant as text more often than as an anchor, so it stays refused.
        """
        found = _NAME.match(self._source, at + 1)
        if found is None or (self._source[at] == "&" and _ENTITY.match(found[0])):
            return None
        return self._replace(found.start(), _plain_name(found[0]))

    def name(self, at: int) -> str:
        """Give the name of the anchor or alias whose `&` or `*` stands at an offset (section 6.9.2)."""
        found = _NAME.match(self._source, at + 1)
        return found[0] if found else ""

    def _replace(self, at: int, replacement: str) -> int | None:
        corrected = self.text[:at] + replacement + self.text[at + len(replacement) :]
        if corrected == self.text:
            return None
        self.text = corrected
        return at

    def _first_tab(self, at: int, header: int) -> str:
        """Give the stand-in for the tab that starts a block's first line; a folded block needs to know how long that line is."""
        if self.text[header] != ">":
            return self._stand_in("\t")
        stand_in = next(self._free, "\t")
        self._others[ord(stand_in)] = "\t"
        found = _LINE.match(self.text, at)
        self._spaced[stand_in] = len(found[0]) if found else 0
        return stand_in

    def _unfold(self, value: str) -> str:
        """Keep the line break behind a first line that starts with a tab: lines that start with white space don't fold (section 8.1.3)."""
        at = next((at for at, character in enumerate(value) if character != "\n"), len(value))
        end = at + self._spaced.get(value[at : at + 1], len(value))
        rest = value[end:].lstrip("\n")
        if not rest or (rest[0] in " \t" and value[end] == "\n"):
            return value
        return value[:end] + "\n" + (value[end + 1 :] if value[end] == " " else value[end:])

    def _hide_pairs(self, found: re.Match[str]) -> str:
        pairs = found["pair"]
        hidden = [self._pair(pairs[at : at + _PAIR_LENGTH]) for at in range(0, len(pairs), _PAIR_LENGTH)]
        return found[0][: -len(pairs)] + "".join(hidden)

    def _pair(self, typed: str) -> str:
        """Give a stand-in for a pair, and eleven characters more that stand for nothing."""
        filler, stand_in = self._stand_in(""), self._stand_in(typed)
        if stand_in == typed:
            return typed
        self._quoted[ord(stand_in)] = chr(0x10000 + ((int(typed[2:6], 16) - 0xD800) << 10) + int(typed[8:], 16) - 0xDC00)
        return stand_in + filler * (_PAIR_LENGTH - 1)

    def _stand_in(self, text: str) -> str:
        """Give the character that stands for a text, or the text itself where all 137,000 are taken."""
        known = self._stand_ins.get(text)
        if known is None:
            known = next(self._free, "")
            if not known:
                return text
            self._stand_ins[text] = known
            self._quoted[ord(known)] = self._others[ord(known)] = text
        return known

    def _unused(self) -> Iterator[str]:
        used = set(self._source)
        yield from (chr(code) for codes in _PRIVATE_USE for code in codes if chr(code) not in used)


def is_plain_name(name: str) -> bool:
    """Say whether libyaml reads the whole of an anchor's name."""
    return _plain_name(name) == name


def _plain_name(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9_-]", "_", name)
