r"""The regular expressions of `sh:pattern`, written for the engine that runs them.

`sh:pattern` is matched as SPARQL's REGEX does, by XPath's `fn:matches` (https://www.w3.org/TR/xpath-functions/#regex-syntax), which is
XML Schema's syntax with anchors. Both engines have another one, and differ in silence: `[a-z-[aeiou]]`, `[a&&b]`, `\i`, `\s`, `$` before
a last newline, the flags `s`, `x` and `q`. What XPath lacks and people use (`\b`, `\/`, look-around) means what it means everywhere.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Dialect = Literal["rust", "python"]

FLAGS = frozenset("smixq")


class ShapePatternError(ValueError):
    """A text is not a regular expression; the message says why, in a clause."""


def rust_pattern(pattern: str, flags: str = "") -> str:
    r"""Write a pattern, flags included, for the fast engine.

    >>> rust_pattern("[a-z-[aeiou]]"), rust_pattern("a.b", "q"), rust_pattern(r"\s", "i")
    ('[a-z--[aeiou]]', 'a\\.b', '(?i)[ \\t\\n\\r]')
    """
    writer = _Writer(pattern, flags, "rust")
    written = writer.whole()
    return f"(?{writer.inline}){written}" if writer.inline else written


def python_pattern(pattern: str, flags: str = "") -> str:
    r"""Write a pattern, flags included, for Python's `re`, which pySHACL matches with.

    >>> python_pattern("^[a-z-[aeiou]]$"), python_pattern("a.b", "s")
    ('^(?:(?![aeiou])[a-z])\\Z', 'a(?s:.)b')
    """
    writer = _Writer(pattern, flags, "python")
    written = writer.whole()
    written = f"(?{writer.inline}:{written})" if writer.inline else written
    try:
        re.compile(written)
    except (re.error, RecursionError, OverflowError) as error:
        raise ShapePatternError(str(error)) from None
    return written


def backtracks(pattern: str, flags: str = "") -> bool:
    r"""Say whether a pattern has what an engine in linear time can't have: look-around, back-references, possessive repeats.

    >>> backtracks("^(?!ab)"), backtracks(r"(a)\1"), backtracks(r"[(?!]"), backtracks("(?=", "q")
    (True, True, False, False)
    """
    writer = _Writer(pattern, flags, "rust")
    try:
        writer.whole()
    except ShapePatternError:
        return False
    return writer.backtracks


_META = frozenset("\\.+*?()|[]{}^$#&-~/\"'")
_SPACE = frozenset("\t\n\r ")
_NAME_START = (
    (0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF), (0x370, 0x37D), (0x37F, 0x1FFF),
    (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF), (0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF),
)  # fmt: skip
_NAME = (*_NAME_START, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
"""XML's NameStartChar and NameChar, which `\\i` and `\\c` stand for."""

_BLOCKS = {
    "BasicLatin": (0x0, 0x7F), "Latin-1Supplement": (0x80, 0xFF), "LatinExtended-A": (0x100, 0x17F), "LatinExtended-B": (0x180, 0x24F),
    "IPAExtensions": (0x250, 0x2AF), "SpacingModifierLetters": (0x2B0, 0x2FF), "CombiningDiacriticalMarks": (0x300, 0x36F),
    "Greek": (0x370, 0x3FF), "GreekandCoptic": (0x370, 0x3FF), "Cyrillic": (0x400, 0x4FF), "Armenian": (0x530, 0x58F),
    "Hebrew": (0x590, 0x5FF), "Arabic": (0x600, 0x6FF), "Devanagari": (0x900, 0x97F), "Bengali": (0x980, 0x9FF), "Tamil": (0xB80, 0xBFF),
    "Thai": (0xE00, 0xE7F), "Georgian": (0x10A0, 0x10FF), "HangulJamo": (0x1100, 0x11FF), "LatinExtendedAdditional": (0x1E00, 0x1EFF),
    "GreekExtended": (0x1F00, 0x1FFF), "GeneralPunctuation": (0x2000, 0x206F), "CurrencySymbols": (0x20A0, 0x20CF),
    "LetterlikeSymbols": (0x2100, 0x214F), "Arrows": (0x2190, 0x21FF), "MathematicalOperators": (0x2200, 0x22FF),
    "BoxDrawing": (0x2500, 0x257F), "Hiragana": (0x3040, 0x309F), "Katakana": (0x30A0, 0x30FF), "CJKUnifiedIdeographs": (0x4E00, 0x9FFF),
    "HangulSyllables": (0xAC00, 0xD7A3), "PrivateUse": (0xE000, 0xF8FF), "PrivateUseArea": (0xE000, 0xF8FF),
}  # fmt: skip
_SCRIPTS = re.compile(r"[A-Z][a-z]+")
_CATEGORY = re.compile(r"[LMNPZSC][a-z]?")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "a": "\a", "0": "\0"}
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]{1,6})\}")
_COUNT = re.compile(r"\{(\d+)(,(\d*))?\}")
_GROUP = re.compile(r"\?(?:(?P<plain>:|[imsx]*(?:-[imsx]+)?[:)])|P?<(?P<name>[A-Za-z_]\w*)>|(?P<around><?[=!]|>))")
_FLAGS_AHEAD = re.compile(r"\(\?([imsx]+)\)")


@dataclass(slots=True)
class _Writer:
    """One walk over one pattern, from its syntax to a dialect's."""

    pattern: str
    flags: str
    dialect: Dialect
    at: int = 0
    backtracks: bool = False

    @property
    def inline(self) -> str:
        """The flags that the dialect has, too; the others are written out."""
        return "".join(flag for flag in "im" if flag in self.flags)

    def whole(self) -> str:
        if wrong := sorted(set(self.flags) - FLAGS):
            raise ShapePatternError(f"{wrong[0]!r} is not a flag; the flags are s, m, i, x and q")
        if "q" in self.flags:
            return "".join(map(self._literal, self.pattern))
        if ahead := _FLAGS_AHEAD.match(self.pattern):
            self.flags += ahead[1]
            self.at = ahead.end()
        try:
            text = self._branches()
        except RecursionError:
            raise ShapePatternError("it is nested too deeply") from None
        if self.at < len(self.pattern):
            raise ShapePatternError(f"a closing bracket at character {self.at + 1} was never opened")
        return text

    def _peek(self, ahead: int = 0) -> str:
        return self.pattern[self.at + ahead : self.at + ahead + 1]

    def _branches(self) -> str:
        parts: list[str] = []
        depth = 0
        while self.at < len(self.pattern):
            character = self._peek()
            if character == "(":
                depth += 1
                parts.append(self._group())
            elif character == ")":
                if not depth:
                    break
                depth -= 1
                self.at += 1
                parts.append(")" + self._repeat())
            elif character in "|^":
                self.at += 1
                parts.append(character)
            elif "x" in self.flags and character in _SPACE:
                self.at += 1
            else:
                parts.append(self._atom(character) + self._repeat())
        if depth:
            raise ShapePatternError("a bracket ( is never closed")
        return "".join(parts)

    def _group(self) -> str:
        self.at += 1
        if self._peek() != "?":
            return "("
        match = _GROUP.match(self.pattern, self.at)
        if match is None:
            raise ShapePatternError(f"(? at character {self.at} begins nothing that is known")
        self.at = match.end()
        if match["around"]:
            self.backtracks = True
        if match["name"]:
            return f"(?P<{match['name']}>"
        if match[0].endswith(")"):
            raise ShapePatternError(f"({match[0]} stands for flags, which belong in sh:flags")
        return "(" + match[0]

    def _atom(self, character: str) -> str:
        if character == "[":
            return self._class()
        self.at += 1
        if character == "\\":
            return self._escape()
        if character == ".":
            return "(?s:.)" if "s" in self.flags else "[^\\n]"
        if character == "$":
            return "$" if self.dialect == "rust" or "m" in self.flags else "\\Z"
        if character in "*+?":
            raise ShapePatternError(f"nothing stands before {character} at character {self.at}")
        if character == "{":
            raise ShapePatternError(f"{{ at character {self.at} is not followed by a number of repeats; write \\{{ for the bracket")
        return self._literal(character)

    def _repeat(self) -> str:
        while "x" in self.flags and self._peek() and self._peek() in _SPACE:
            self.at += 1
        character = self._peek()
        if character and character in "*+?":
            self.at += 1
            count = character
        elif character == "{":
            match = _COUNT.match(self.pattern, self.at)
            if match is None:
                raise ShapePatternError(f"{{ at character {self.at + 1} is not followed by a number of repeats; write \\{{ for the bracket")
            self.at = match.end()
            count = match[0]
        else:
            return ""
        if self._peek() == "?":
            self.at += 1
            return count + "?"
        if self._peek() == "+":
            self.at += 1
            self.backtracks = True
            return count + "+"
        return count

    def _literal(self, character: str) -> str:
        if self.dialect == "python":
            return re.escape(character)
        return "\\" + character if character in _META - set("/\"'") else character

    def _escape(self) -> str:
        """Write what follows a backslash outside of brackets."""
        character = self._peek()
        if character and character in "123456789":
            self.at += 1
            self.backtracks = True
            return f"(?:\\{character})"
        if character and character in "bBAzZ":
            self.at += 1
            return {"A": "\\A", "z": self._end(), "Z": self._end()}.get(character, "\\" + character)
        items = self._multiple()
        if items is not None:
            negative, inner = items
            return _set(inner, negative)
        return self._literal(self._single())

    def _end(self) -> str:
        return "\\z" if self.dialect == "rust" else "\\Z"

    def _single(self) -> str:
        """Read the character that an escape stands for."""
        character = self._peek()
        if match := _HEX.match(self.pattern, self.at):
            self.at = match.end()
            code = int(next(filter(None, match.groups())), 16)
            if code > sys.maxunicode:
                raise ShapePatternError(f"\\{match[0]} is beyond Unicode")
            return chr(code)
        self.at += 1
        if character in _CONTROLS:
            return _CONTROLS[character]
        if not character:
            raise ShapePatternError("it ends in a backslash")
        if character.isalnum():
            raise ShapePatternError(f"\\{character} at character {self.at - 1} stands for nothing")
        return character

    def _multiple(self) -> tuple[bool, str] | None:
        r"""Read an escape for many characters, `\d` or `\p{L}`: whether it is negative, and the inside of a set; None for another one."""
        character = self._peek()
        if character and character in "sdwicSDWIC":
            self.at += 1
            return character.isupper(), self._known(character.lower())
        if character and character in "pP" and self._peek(1) == "{":
            end = self.pattern.find("}", self.at)
            if end < 0:
                raise ShapePatternError(f"\\{character}{{ at character {self.at} is never closed")
            name = self.pattern[self.at + 2 : end]
            self.at = end + 1
            return character == "P", self._property(name)
        return None

    def _known(self, letter: str) -> str:
        match letter:
            case "s":
                return " \\t\\n\\r"
            case "d":
                return "\\d"
            case "w":
                return self._word()
        return self._ranges(_NAME_START if letter == "i" else _NAME)

    def _word(self) -> str:
        return "\\w" if self.dialect == "rust" else "\\w" + self._ranges(_category_ranges("M"))

    def _property(self, name: str) -> str:
        if name.startswith("Is") and name[2:] in _BLOCKS:
            return self._ranges((_BLOCKS[name[2:]],))
        if not _CATEGORY.fullmatch(name):
            if self.dialect == "rust" and _SCRIPTS.fullmatch(name) and not name.startswith("Is"):
                return f"\\p{{{name}}}"
            raise ShapePatternError(f"unknown class \\p{{{name}}}; write the characters as ranges")
        return f"\\p{{{name}}}" if self.dialect == "rust" else self._ranges(_category_ranges(name))

    def _ranges(self, ranges: tuple[tuple[int, int], ...]) -> str:
        return "".join(self._in_set(chr(a)) + (f"-{self._in_set(chr(b))}" if b > a else "") for a, b in ranges)

    def _in_set(self, character: str) -> str:
        if character in _META or character.isspace() or not character.isprintable():
            if self.dialect == "rust":
                return f"\\x{{{ord(character):X}}}"
            return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
        return character

    def _class(self) -> str:
        """Write a character class `[…]`; `-[…]` at its end takes away (XML Schema, part 2, appendix F)."""
        start = self.at + 1
        self.at += 1
        negative = self._peek() == "^"
        self.at += negative
        inner, negated = "", []
        minus: str | None = None
        first = True
        while True:
            character = self._peek()
            if not character:
                raise ShapePatternError(f"[ at character {start} is never closed")
            if character == "]" and not first:
                break
            if character == "-" and self._peek(1) == "[":
                self.at += 1
                minus = self._class()
                if self._peek() != "]":
                    raise ShapePatternError(f"what [ at character {start} takes away must stand at its end")
                break
            text, negative_item = self._item(start)
            inner += text
            negated += negative_item
            first = False
        self.at += 1
        return self._combined(inner, negated, negative, minus)

    def _item(self, start: int) -> tuple[str, list[str]]:
        """Read a character, a range or an escape: the inside of a set, and what is in it by being in no other."""
        character = self._peek()
        if character == "[":
            raise ShapePatternError(f"[ within [ at character {start} needs a backslash, or a - before it to take away")
        if character == "\\":
            self.at += 1
            items = self._multiple()
            if items is not None:
                negative, inner = items
                return ("", [inner]) if negative else (inner, [])
            low = self._single()
        else:
            self.at += 1
            low = character
        if self._peek() != "-" or self._peek(1) in {"]", "[", ""}:
            return self._in_set(low), []
        self.at += 1
        high = self._peek()
        self.at += 1
        if high == "\\":
            high = self._single()
        if ord(high) < ord(low):
            raise ShapePatternError(f"the range {low}-{high} runs backwards")
        return f"{self._in_set(low)}-{self._in_set(high)}", []

    def _combined(self, inner: str, negated: list[str], negative: bool, minus: str | None) -> str:
        if self.dialect == "rust":
            body = inner + "".join(f"[^{other}]" for other in negated)
            if minus is None:
                return f"[{'^' * negative}{body}]"
            return f"[[^{body}]--{minus}]" if negative else f"[{body}--{minus}]"
        # Python's sets can hold no other set, so a choice of sets stands for them.
        choices = ([f"[{inner}]"] if inner else []) + [f"[^{other}]" for other in negated]
        text = choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"
        if negative:
            text = f"[^{inner}]" if not negated else f"(?:(?!{text})(?s:.))"
        return text if minus is None else f"(?:(?!{minus}){text})"


def _set(inner: str, negative: bool) -> str:
    return f"[{'^' * negative}{inner}]"


@lru_cache(maxsize=32)
def _category_ranges(name: str) -> tuple[tuple[int, int], ...]:
    """Give the characters of a general category as ranges, for Python's `re`, which has no properties."""
    ranges: list[tuple[int, int]] = []
    start = None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(name) and not 0xD800 <= code <= 0xDFFF
        if inside and start is None:
            start = code
        elif not inside and start is not None:
            ranges.append((start, code - 1))
            start = None
    return tuple(ranges)
