"""What to do about TOML that tomllib refuses, in TOML's own syntax."""

from __future__ import annotations

import re

_PAIR = re.compile(r"[ \t]*+(?P<key>[\w.-]++|\"[^\"]*+\"|'[^']*+')[ \t]*+(?P<sign>=|:)[ \t]*+(?P<value>.*)")
_WORDS = {"true": "true", "yes": "true", "on": "true", "false": "false", "no": "false", "off": "false"}
_NULLS = frozenset(("null", "none", "nil", "~", ""))
_TYPOGRAPHIC = "“”„‟«»‘’‚‛"
_NUMBER = re.compile(r"[+-]?[\d_.]+")


def advise(words: str, source: str, at: int) -> str | None:
    """Give the change that fixes the line at an offset, for tomllib's sentence about it; None where that can't be said.

    >>> advise("invalid value", "title = Telehealth", 8)
    'write title = "Telehealth"'
    """
    line = source[source.rfind("\n", 0, at) + 1 :].partition("\n")[0].strip()
    pair = _PAIR.fullmatch(line)
    found = _line_advice(line, source) or next((advice for part, advice in _ADVICE if part in words), None)
    if found:
        return found
    if words.startswith("invalid initial") and _COMMA_BEFORE_BRACE.search(line):
        return "remove the comma before }"
    if pair:
        return _pair_advice(words, pair)
    if words.startswith(("expected newline", "expected '='", "invalid statement", "invalid initial")):
        return 'write key = "value", each key on a line of its own'
    return None


_ILLEGAL = re.compile(r"(?:illegal|found invalid) character '(?P<character>.+)'")


def in_words(words: str, source: str, at: int) -> str:
    r"""Give tomllib's sentence without Python's way to write characters.

    >>> in_words("illegal character '\\n'", 'title = "T', 10), in_words("illegal character '\\x01'", "a = '\x01'", 5)
    ('a line break stands in a string, or its closing quote is missing', 'the control character U+0001 is not allowed')
    """
    found = _ILLEGAL.search(words)
    if found is None:
        return words
    if found["character"] in ("\\n", "\\r", "\n", "\r"):
        return "a line break stands in a string, or its closing quote is missing"
    return f"the control character U+{ord(source[at]):04X} is not allowed" if at < len(source) else words


def _line_advice(line: str, source: str) -> str | None:
    """Advise on a line that is none of TOML's at all."""
    if line in ("---", "+++"):
        return f"remove the line {line}" + (": a file of TOML has no fences" if source.lstrip().startswith(line) else "")
    if line.startswith(("//", "/*", "<!--", "--", ";")):
        return "a comment starts with #"
    return "quote the template placeholder, or exclude the file" if "{{" in line or "{%" in line else None


def _pair_advice(words: str, pair: re.Match[str]) -> str | None:
    value = pair["value"].strip()
    if pair["sign"] == ":":
        return f"write {pair['key']} = {_written(value)}"
    if words.startswith("invalid value"):
        return _value_advice(pair)
    if not words.startswith("expected newline"):
        return None
    if value.startswith("'"):
        return f"write {pair['key']} = {_in_quotes(value[1:].removesuffix(chr(39)))}"
    return _value_advice(pair) if value[:1] not in ('"', "[", "{") else 'write key = "value", each key on a line of its own'


_COMMA_BEFORE_BRACE = re.compile(r",[ \t]*+\}")
_ADVICE = (
    ("unterminated string", "add the closing quotes"),
    ("illegal character '\\n'", 'add the closing ", or write a text of several lines between """'),
    ("illegal character '\\\\n'", 'add the closing ", or write a text of several lines between """'),
    ("found invalid character '\\n'", "add the closing ', or write a text of several lines between '''"),
    ("found invalid character '\\\\n'", "add the closing ', or write a text of several lines between '''"),
    ("illegal character", "remove the character"),
    ("found invalid character", "remove the character"),
    ("not a Unicode scalar value", "write the character itself"),
    ("unclosed array", "add the closing ], and a comma between the values"),
    ("unclosed inline table", "add the closing }, all on one line"),
    ("unescaped '\\'", "write \\\\ for a backslash, or put the text in single quotes"),
    ("table declaration", "write [table], alone on its line"),
    ("invalid date", "write it as 2026-08-16 or 2026-08-16T10:30:00Z, or quote it"),
    ("hex value", "write four digits behind \\u, eight behind \\U"),
)


def _value_advice(pair: re.Match[str]) -> str:
    key, value = pair["key"], pair["value"].strip()
    if value.casefold() in _NULLS:
        return f"TOML has no null: leave {key} out" + ("" if value else f', or write {key} = ""')
    return f"write {key} = {_written(value)}"


def _written(value: str) -> str:
    """Write a value as TOML does: what is quoted or a list stays, a word of YAML's becomes TOML's, a text gets quotes."""
    value = value.strip().rstrip(",")
    word = _WORDS.get(value.casefold())
    if word:
        return word
    if value.startswith(('"', "[", "{")) or (
        _NUMBER.fullmatch(value) and value.strip("+-").isdigit() and not value.strip("+-").startswith("0")
    ):
        return value
    if value.startswith("'") and value.endswith("'") and len(value) > 1:
        return value
    if len(value) > 1 and value[0] in _TYPOGRAPHIC and value[-1] in _TYPOGRAPHIC:
        value = value[1:-1]
    return _in_quotes(value)


def _in_quotes(value: str) -> str:
    shown = value if len(value) <= 40 else value[:39] + "…"
    return '"' + shown.replace("\\", "\\\\").replace('"', '\\"') + '"'
