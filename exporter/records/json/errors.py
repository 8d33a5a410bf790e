"""What is wrong with JSON that the standard decoder refuses: in words of JSON, and at the character to change.

The decoder's own sentences differ between versions of Python, so that they only help to choose; the text at the place decides.
"""

from __future__ import annotations

import re

from exporter.records.faults import Fault
from exporter.text import quote

_SPACE = re.compile(r"[ \t\r\n]*+")
_WORD = re.compile(r"[^\s,:\[\]{}\"]++")
_STRING = re.compile(r"\"(?:[^\"\\]|\\.)*+\"?", re.DOTALL)
_BRACKETS = re.compile(r"\"(?:[^\"\\]|\\.)*+(?:\"|\Z)|[\[\]{}]", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$.-]*+")
_NUMBER_ALIKE = re.compile(r"[-+]?[.\d][\w.+-]*+|[-+](?:inf|nan)\w*+", re.IGNORECASE)
_WORDS = {
    "true": "true",
    "yes": "true",
    "false": "false",
    "no": "false",
    "none": "null",
    "null": "null",
    "nil": "null",
    "undefined": "null",
}
_TYPOGRAPHIC = "“”„‟«»‘’‚‛`"
_CLOSING = {"{": "}", "[": "]"}
_SAID = "the front matter is not valid JSON: "


def explain(message: str, text: str, at: int, start: int, end: int) -> Fault:
    """Say what is wrong at the offset where the decoder stopped, with its `message`; the JSON starts at `start` and may go on to `end`."""
    at = min(at, end)
    if message.startswith("Unterminated string"):
        return _fault("a string is never closed", at, min(_line_end(text, at, end), at + 1), 'add the closing "')
    if message.startswith("Invalid control character"):
        return _control(text, at)
    if message.startswith("Invalid \\"):
        return _escape(text, at, end)
    at = _skip(text, at, end)
    if at >= end or (text.startswith("---", at) and _open_brackets(text, start, at)):
        return _unclosed(text, start, min(at, end))
    if not text[at].isprintable():
        return _fault(f"the character U+{ord(text[at]):04X} stands between the values", at, at + 1, "remove it")
    if at == _skip(text, start, end) and text[at] not in "'/#" and text[at] not in _TYPOGRAPHIC:
        return _fault("an object in braces is expected", at, max(_line_end(text, at, end), at + 1), 'write {"key": "value"}')
    return _comma(text, at, start, end) or _comment(text, at, end) or _quotes(text, at, end) or _expected(message, text, at, start, end)


def explain_rest(text: str, at: int, end: int, *, body: bool = False) -> Fault:
    """Say what is wrong with text behind the value, which ends at `at`; with `body` the text may go on, but on the next line."""
    stop, at = at, min(_skip(text, at, end), end - 1)
    character = text[at]
    found = _comment(text, at, end)
    if found:
        return found
    if character in "{[":
        advice = "a record is one object: write each into a file of its own"
        return _fault("a second value follows the closing bracket", at, at + 1, advice)
    if character in "}]":
        return _fault("a closing bracket too many", at, at + 1, f"remove the {character}")
    if character == ",":
        return _fault("a comma follows the closing bracket", at, at + 1, "remove the comma")
    if character == ":":
        return _fault("the braces around the keys are missing", at, at + 1, "write { above the first key and } below the last")
    if body:
        return Fault("JSON-SYNTAX", "text follows the closing bracket on its line", stop, stop + 1, "start the body on the next line")
    return Fault("JSON-SYNTAX", "text follows the closing bracket", at, at + 1, "remove it: one JSON object is the front matter")


def _fault(what: str, start: int, end: int, advice: str, related: tuple[tuple[int, int], ...] = ()) -> Fault:
    return Fault("JSON-SYNTAX", _SAID + what, start, end, advice, related=related)


def _skip(text: str, at: int, end: int) -> int:
    match = _SPACE.match(text, at, end)
    return match.end() if match else at


def _line_end(text: str, at: int, end: int) -> int:
    found = text.find("\n", at, end)
    return end if found < 0 else found


def _before(text: str, at: int, start: int) -> int:
    """Give the offset of the last character before `at` that is not white space."""
    at -= 1
    while at > start and text[at] in " \t\r\n":
        at -= 1
    return max(at, start)


def _control(text: str, at: int) -> Fault:
    if text[at : at + 1] in "\r\n":
        line = text.rfind("\n", 0, at) + 1
        quoted = text.rfind('"', line, at)
        place = (quoted, at) if quoted >= line else (at, at + 1)
        return _fault("a line break stands in a string, or its closing quote is missing", *place, 'close the string with ", or write \\n')
    shown = {"\t": "a tab", "\b": "a backspace", "\f": "a form feed"}.get(text[at], f"the control character U+{ord(text[at]):04X}")
    written = {"\t": "\\t", "\b": "\\b", "\f": "\\f"}.get(text[at], f"\\u{ord(text[at]):04x}")
    return _fault(f"{shown} stands in a string", at, at + 1, f"write {written}")


def _escape(text: str, at: int, end: int) -> Fault:
    if text[at : at + 1] != "\\":  # for \u the decoder points behind the backslash
        at = text.rfind("\\", 0, min(at + 2, end))
    shown = text[at : at + 2]
    if shown == "\\u":
        return _fault("four hexadecimal digits are expected behind \\u", at, min(at + 6, end), "write \\u00e9, or the character itself")
    return _fault(f"{shown} is not an escape", at, at + 2, f"write \\{shown} for a backslash")


def _unclosed(text: str, start: int, end: int) -> Fault:
    opened = _open_brackets(text, start, end)
    if not opened:
        return _fault("a value is expected", max(end - 1, 0), end, 'write {"key": "value"}')
    at = opened[-1]
    what = "object" if text[at] == "{" else "array"
    return _fault(f"the {what} opened here is never closed", at, at + 1, f"add the closing {_CLOSING[text[at]]}")


def _open_brackets(text: str, start: int, end: int) -> list[int]:
    opened: list[int] = []
    for match in _BRACKETS.finditer(text, start, end):
        if match[0] in ("{", "["):
            opened.append(match.start())
        elif match[0] in ("}", "]") and opened:
            opened.pop()
    return opened


def _comma(text: str, at: int, start: int, end: int) -> Fault | None:
    """Judge commas: one before a closing bracket (which the decoder reports at the bracket, or at the comma), or two in a row."""
    comma = at if text[at] == "," else _before(text, at, start)
    if text[comma] != "," or (comma != at and text[at] not in "}],"):
        return None
    following = _skip(text, comma + 1, end)
    if following < end and text[following] in "}]":
        return _fault("a comma before the closing bracket", comma, comma + 1, "remove the comma")
    if text[at] == "," and text[_before(text, at, start)] in ",[{:":
        return _fault("a value is missing before the comma", at, at + 1, "write the value, or remove the comma")
    return None


def _comment(text: str, at: int, end: int) -> Fault | None:
    if not text.startswith(("//", "/*", "#"), at):
        return None
    line_end = _line_end(text, at, end)
    closed = text.find("*/", at + 2, line_end) + 2 if text.startswith("/*", at) else 1
    last = closed if closed > 1 else len(text[at:line_end].rstrip()) + at
    return _fault("JSON has no comments", at, last, "remove the comment")


def _quotes(text: str, at: int, end: int) -> Fault | None:
    if text[at] != "'" and text[at] not in _TYPOGRAPHIC:
        return None
    kind = "single" if text[at] == "'" else "typographic"
    closing = min((found for mark in "'" + _TYPOGRAPHIC if (found := text.find(mark, at + 1, _line_end(text, at, end))) >= 0), default=at)
    inner = text[at + 1 : closing] if closing > at else ""
    advice = f"write {quote(inner, 30)}" if inner else 'use double quotes: "…"'
    return _fault(f"a string is in {kind} quotes", at, closing + 1, advice)


def _expected(message: str, text: str, at: int, start: int, end: int) -> Fault:
    word = _WORD.match(text, at, end)
    place = (at, word.end() if word else at + 1)
    shown = word[0] if word else text[at]
    if message.startswith("Expecting property name"):
        return _key(text, place, shown, start)
    if message.startswith("Expecting ':'"):
        if text[at] == "=":
            return _fault("a key and its value are parted by a colon, not by an equals sign", at, at + 1, 'write "key": value')
        return _fault("a colon is missing between the key and its value", at, at + 1, 'write "key": value')
    if message.startswith("Expecting ','"):
        return _delimiter(text, place, shown, start)
    return _value(text, place, shown, start)


def _key(text: str, place: tuple[int, int], shown: str, start: int) -> Fault:
    if text[place[0]] == "]":
        return _mismatch(text, place[0], start)
    if _NAME.fullmatch(shown) or _NUMBER_ALIKE.fullmatch(shown):
        return _fault(f"the key {shown} is not in double quotes", *place, f'write "{shown}"')
    return _fault("a key in double quotes is expected", *place, 'write "key": value')


def _delimiter(text: str, place: tuple[int, int], shown: str, start: int) -> Fault:
    at = place[0]
    if text[at] in "}]":
        return _mismatch(text, at, start)
    before = _before(text, at, start)
    if before == at - 1 and (number := _number_around(text, at, start)):
        return _bad_number(number, text)
    if text[at] == ":":
        return _fault("a second colon, or a key outside of an object", at, at + 1, "put a comma between the values, or quote the text")
    advice = "put a comma behind the value before it, or close the bracket"
    return _fault(f"a comma is missing before {quote(shown, 30) if text[at] != chr(34) else 'this string'}", *place, advice)


def _mismatch(text: str, at: int, start: int) -> Fault:
    opened = _open_brackets(text, start, at)
    wanted = _CLOSING[text[opened[-1]]] if opened else "}"
    related = ((opened[-1], opened[-1] + 1),) if opened else ()
    return _fault(f"{text[at]} does not close what was opened last, expected {wanted}", at, at + 1, f"write {wanted} first", related)


def _number_around(text: str, at: int, start: int) -> tuple[int, int] | None:
    """Give the range of a number that the decoder read a part of: `01`, `1_000`, `0x10`, `1.`."""
    first = at
    while first > start and (text[first - 1].isalnum() or text[first - 1] in "+-._"):
        first -= 1
    match = _NUMBER_ALIKE.match(text, first)
    return match.span() if match and match.end() > at else None


def _bad_number(place: tuple[int, int], text: str) -> Fault:
    shown = text[slice(*place)]
    return _fault(f"{shown[:30]} is not a valid JSON number", *place, f'write it as JSON does, or quote it: "{shown[:30]}"')


def _value(text: str, place: tuple[int, int], shown: str, start: int) -> Fault:
    at = place[0]
    if text[at] in "}]":
        return _fault("a value is missing before the closing bracket", at, at + 1, 'write the value: "…", a number, true, false or null')
    if text[at] in ",:":
        return _fault("a value is missing here", at, at + 1, 'write the value: "…", a number, true, false or null')
    right = _WORDS.get(shown.casefold())
    if right:
        return _fault(f"{shown} is not a valid JSON value", *place, f"write {right}")
    number = _NUMBER_ALIKE.match(text, at)
    if number and number.end() >= place[1]:
        return _bad_number(number.span(), text)
    del start
    end = re.compile(r"[^,\]}\n\"]++").match(text, at)
    whole = (at, at + len(end[0].rstrip())) if end and end[0].strip() else place
    words = text[slice(*whole)]
    return _fault(f"the text {quote(words, 30)} is not in double quotes", *whole, f"write {quote(words, 30)}")
