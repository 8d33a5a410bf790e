"""What nearly is front matter: no handler detects it, its author meant it, and so it is a problem and not a page without keys.

An ordinary page must not be taken for one: rules, underlined headings, blocks of code that show front matter, prose with colons.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from exporter.records.faults import Fault, ReadingError
from exporter.records.framing import DASHES, INVISIBLE, count_marks, find_line, lone_returns, with_line_feeds
from exporter.records.yaml.blocks import KEY_LINE, TOML_LINE, KeyLines, is_usual, scan_block, skip_comments
from exporter.text import quote

_INVISIBLE = re.compile(rf"[\s{INVISIBLE}\x01-\x08\x0e-\x1f\x7f]*+")
_HIDDEN = re.compile(rf"[^\S\n \t\r]|[{INVISIBLE}]")
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]*+")
_DASH_CLOSING = re.compile(rf"(?:[{DASHES}-]{{2,}}+|[{DASHES}]|\.\.\.)[ \t]*+(?:\r?\n|\Z)")
_YAML_CLOSING = re.compile(r"(?:-{3,}+|\.\.\.)[ \t]*+(?:\r?\n|\Z)")
_LONG_CLOSING = re.compile(r"-{4,}+[ \t]*+(?:\r?\n|\Z)")
_TOML_INSIDE = re.compile(r"[ \t#\]\r\n]|\Z")
_SEMICOLON_CLOSING = re.compile(r";{3,}+[ \t]*+(?:\r?\n|\Z)")
_PLUS_CLOSING = re.compile(r"\+{2,}+[ \t]*+(?:\r?\n|\Z)")
_OPENING = re.compile(
    rf"(?P<escaped>\\+)?(?:(?P<dashes>-{{2,}}+)|(?P<alike>[{DASHES}-]++)|(?P<pluses>\+{{2,}}+)|(?P<semicolons>;{{2,}}+)"
    r"|(?P<named>=++[ \t]*+(?P<syntax>ya?ml|toml|json)[ \t]*+=++[ \t]*+$))(?P<rest>.*)",
    re.IGNORECASE | re.DOTALL,
)
_WORD = re.compile(r"(?P<space>[ \t]*+)(?P<word>[A-Za-z][\w+.-]*+)[ \t]*+")
_PROGRAMS = frozenset(
    (
        *("clj", "clojure", "coffee", "coffeescript", "cson", "edn", "hjson", "ini", "javascript", "js", "json5", "jsonc", "lisp", "lua"),
        *("neon", "perl", "php", "properties", "py", "python", "rb", "ruby", "ts", "typescript", "xml"),
    )
)
"""Languages that other tools read front matter in."""
_FORMATS = {"yaml": "---", "yml": "---", "toml": "---toml", "json": "---json"}
_JSON_ALIKE = re.compile(
    r"\{[ \t]*+(?:(?P<comment>//|/\*)|(?P<key>'[^'\n]*+'|[A-Za-z_$][\w$-]*+)[ \t]*+:[ \t]*+(?:[\"'\[{]|-?\d|(?:true|false|null)\b))"
)
_LATE_WITHIN = 2_000
"""How far into a text a fence is looked for that stands too late; a `---` further down is a rule of Markdown."""
_LATE_LINE = re.compile(
    r"(?P<ticks>[ \t]*+(?:`{3,}+|~{3,}+))|(?P<fence>---|\+\+\+)[ \t]*+\r?$|(?P<blank>[ \t\r]*+$)|(?P<block>[#<>|=*%{/-])|", re.MULTILINE
)
_HIDING_TAGS = re.compile(r"<(?P<end>/?)(?:pre|script|style|textarea)\b", re.IGNORECASE)


def refuse_near_front_matter(text: str, detects: Callable[[str], bool]) -> None:
    """Raise `ReadingError` for a text that no handler detects but whose author meant front matter; `detects` asks the handlers."""
    prefix = _INVISIBLE.match(text)
    start = prefix.end() if prefix else 0
    line = _LINE.match(text, start)
    if start and text[:start].strip(" \t\r\n\x0b\x0c") and (detects(text[start:]) or _near_opening(text, start)):
        raise ReadingError(_invisible(text, start))
    if line and line.end() < len(text) and text[line.end()] != "\n" and not text.startswith("\r\n", line.end()):
        _refuse_line_ends(text, start, line.end(), detects)
    fault = _near_opening(text, start) or _missing_opening(text, start) or _late_fence(text)
    if fault:
        raise ReadingError(fault)


def _invisible(text: str, start: int) -> Fault:
    at = next(at for at in range(start) if not text[at].isspace() or text[at] not in " \t\r\n\x0b\x0c")
    name = "a second byte order mark (U+FEFF)" if text[at] == "\ufeff" else f"the invisible character U+{ord(text[at]):04X}"
    return Fault("READ-FENCE", f"{name} stands before the front matter", at, start, "remove it: front matter starts the file")


def _refuse_line_ends(text: str, start: int, end: int, detects: Callable[[str], bool]) -> None:
    if text[end] == "\r":
        if detects(with_line_feeds(text[start:])):
            raise ReadingError(lone_returns(text, start, end))
    elif detects(text[start:end] + "\n"):
        message = f"the line of the opening fence ends with U+{ord(text[end]):04X}, expected a line feed (LF or CRLF)"
        raise ReadingError(Fault("READ-LINE-ENDS", message, start, end, "save the file with Unix (LF) line ends"))


def _near_opening(text: str, start: int) -> Fault | None:
    """Find what is wrong with an opening fence at `start`, if something is and front matter follows."""
    line = _LINE.match(text, start)
    assert line is not None  # it may be empty
    if text.startswith("{", start):
        return _near_json(text, start)
    hidden = _HIDDEN.search(line[0])
    below = text.find("\n", line.end()) + 1 or len(text)
    if hidden and _HIDDEN.sub("", line[0]).rstrip() in ("---", "+++") and (KEY_LINE.match(text, below) or TOML_LINE.match(text, below)):
        message = f"the invisible character U+{ord(hidden[0]):04X} stands in the line of the opening fence"
        return Fault("READ-FENCE", message, start + hidden.start(), start + hidden.end(), "remove it")
    opening = _OPENING.match(line[0].rstrip())
    if opening is None:
        return None
    kind = next(kind for kind in _NEAR if opening[kind])
    found = _NEAR[kind](text, below, opening)
    if found is None:
        return None
    code, message, advice, (first, last) = found
    return Fault(code, message, start + first, start + last, advice)


_Found = tuple[str, str, str, tuple[int, int]]


def _block(text: str, below: int) -> KeyLines | None:
    return scan_block(text, skip_comments(text, below), _DASH_CLOSING)


def _near_dashes(text: str, below: int, opening: re.Match[str]) -> _Found | None:
    dashes, rest, whole = opening["dashes"], opening["rest"], (0, opening.end())
    if opening["escaped"]:
        block = _block(text, below)
        message = "the opening fence is escaped, expected ---"
        return ("READ-FENCE", message, "write --- without the backslash", whole) if block and block.convincing else None
    word = _WORD.fullmatch(rest)
    found = _language(text, below, word, whole) if word and len(dashes) == 3 else None
    if found:
        return found
    if rest.strip():
        return _text_behind(text, below, rest.strip(), whole)
    if len(dashes) == 3:
        return None
    block = _block(text, below)
    message = f"the opening fence has {count_marks(dashes)}, expected ---"
    return ("READ-FENCE", message, "write ---", whole) if block and block.convincing else None


def _language(text: str, below: int, word: re.Match[str], whole: tuple[int, int]) -> _Found | None:
    """Judge a word behind three dashes: a syntax in capitals, a programming language, or a title."""
    name = word["word"]
    right = _FORMATS.get(name.lower())
    if right is not None:
        return "READ-FENCE", f"the opening fence is {quote('---' + word[0].rstrip())}, expected {right}", f"write {right}", whole
    known = name.lower() in _PROGRAMS
    if (known or not word["space"]) and find_line(text, "---", below, len(text)):
        message = f"front matter in the language {quote(name)} is not read, and code never runs"
        place = (3 + word.start("word"), 3 + word.end("word"))
        return "READ-LANGUAGE", message, "write it as YAML, TOML (---toml) or JSON (---json)", place
    return None


def _text_behind(text: str, below: int, behind: str, whole: tuple[int, int]) -> _Found | None:
    first = skip_comments(text, below)
    marked = (behind[0] in "#!%&" and KEY_LINE.match(text, first)) or (
        KEY_LINE.match(behind) and is_usual(behind.partition(":")[0]) and find_line(text, "---", below - 1, len(text))
    )
    block = None if marked else scan_block(text, first, _YAML_CLOSING)
    if not marked and not (block and block.convincing and not block.blank):
        return None
    what = {"#": "a comment", "!": "a tag", "&": "an anchor"}.get(behind[0], "text")
    message = f"{what} stands behind the opening fence, expected --- alone on its line"
    advice = "move it below the fence" if behind[0] == "#" else "write --- alone, and everything else below it"
    return "READ-FENCE", message, advice, whole


def _near_alike(text: str, below: int, opening: re.Match[str]) -> _Found | None:
    if opening["rest"].strip():
        return None
    block = _block(text, below)
    if block is None or not block.convincing:
        return None
    odd = next((mark for mark in opening["alike"] if mark != "-"), None)
    if odd is None:
        return "READ-FENCE", "the opening fence has one dash, expected ---", "write ---", (0, opening.end())
    message = f"the opening fence is written with U+{ord(odd):04X}, expected three hyphens (---)"
    return "READ-FENCE", message, "write ---, and turn smart punctuation off for this file", (0, opening.end())


def _near_pluses(text: str, below: int, opening: re.Match[str]) -> _Found | None:
    first = skip_comments(text, below)
    is_toml = TOML_LINE.match(text, first)
    rest = opening["rest"].strip()
    known = rest.lower() in _FORMATS
    if not is_toml and not (known and KEY_LINE.match(text, first)) and not (known and text.startswith("{", first)):
        return None
    if not rest and len(opening["pluses"]) == 3:
        return None
    if rest:
        right = "+++" if is_toml else _FORMATS.get(rest.lower(), "+++")
        return "READ-FENCE", f"the opening fence is {quote(opening[0], 30)}, expected {right}", f"write {right} alone", (0, opening.end())
    if not _has_line(text, first, _PLUS_CLOSING):
        return None
    return "READ-FENCE", f"the opening fence has {count_marks(opening['pluses'])}, expected +++", "write +++", (0, opening.end())


def _near_semicolons(text: str, below: int, opening: re.Match[str]) -> _Found | None:
    if opening[0] == ";;;":
        block = scan_block(text, skip_comments(text, below), _SEMICOLON_CLOSING)
        message, advice = "front matter between ;;; is JSON, and this is YAML", "write --- above it and below it"
        return ("READ-FENCE", message, advice, (0, 3)) if block and block.convincing else None
    if text[below : below + 200].lstrip()[:1] not in ('"', "{"):
        return None
    message = f"the opening fence is {quote(opening[0], 30)}, expected ;;;"
    return "READ-FENCE", message, "write ;;; alone on its line", (0, opening.end())


def _near_named(text: str, below: int, opening: re.Match[str]) -> _Found | None:
    first = skip_comments(text, below)
    if not (KEY_LINE.match(text, first) or TOML_LINE.match(text, first) or text.startswith("{", first)):
        return None
    syntax = opening["syntax"].lower().replace("yml", "yaml")
    right = f"= {syntax} ="
    return "READ-FENCE", f"the opening fence is {quote(opening['named'], 30)}, expected {right}", f"write {right}", (0, opening.end())


_NEAR: dict[str, Callable[[str, int, re.Match[str]], _Found | None]] = {
    "dashes": _near_dashes,
    "alike": _near_alike,
    "pluses": _near_pluses,
    "semicolons": _near_semicolons,
    "named": _near_named,
}


def _has_line(text: str, at: int, line: re.Pattern[str]) -> bool:
    while at < len(text):
        if line.match(text, at):
            return True
        at = text.find("\n", at) + 1 or len(text)
    return False


def _missing_opening(text: str, start: int) -> Fault | None:
    """Find front matter that a fence closes and none opens, where no handler reads it."""
    line = _LINE.match(text, start)
    end = line.end() if line else start
    block = scan_block(text, start, _LONG_CLOSING)
    if block and block.keys > 1 and not block.blank:
        message = "the opening fence --- is missing, and the closing one has more than three dashes"
        return Fault("READ-FENCE", message, start, end, "write --- above the first key and below the last")
    if TOML_LINE.match(text, start) and _is_toml_until_fence(text, start):
        return Fault("READ-FENCE", "the opening fence +++ is missing", start, end, "add the line +++ above it")
    return None


def _is_toml_until_fence(text: str, at: int) -> bool:
    while at < len(text):
        if _PLUS_CLOSING.match(text, at):
            return True
        if not (TOML_LINE.match(text, at) or _TOML_INSIDE.match(text, at)):
            return False
        at = text.find("\n", at) + 1 or len(text)
    return False


def _near_json(text: str, start: int) -> Fault | None:
    """Find an object as programs write it; `{% include %}`, `{: .class}` and `{{ shortcode }}` are none."""
    match = _JSON_ALIKE.match(text, start)
    if match is None:
        return None
    if match["comment"]:
        message = "the front matter is not valid JSON: JSON has no comments"
        return Fault("JSON-SYNTAX", message, *match.span("comment"), help="remove the comment")
    bare = match["key"].strip("'")
    message = f"the key {match['key']} is not in double quotes"
    return Fault("JSON-SYNTAX", f"the front matter is not valid JSON: {message}", *match.span("key"), help=f'write "{bare}"')


def _late_fence(text: str) -> Fault | None:
    """Find front matter that does not start the text: fenced, convincing, not shown as code, not below a line that `---` underlines."""
    code: str | None = None
    hidden = above = False
    at = 0
    while at < min(len(text), _LATE_WITHIN):
        line = _LATE_LINE.match(text, at)
        assert line is not None  # every part may be empty
        end = text.find("\n", at) + 1 or len(text)
        ticks = line["ticks"] and line["ticks"].strip()
        if code is not None:
            code = None if ticks and ticks.startswith(code) else code
        elif ticks:
            code = ticks
        elif line["fence"] and not hidden and not (above and line["fence"] == "---") and _is_late(text, end, line["fence"]):
            message = "the front matter does not start at the first line of the file"
            return Fault("READ-LATE", message, at, at + 3, "move what stands before it below the closing fence")
        for tag in _HIDING_TAGS.finditer(text, at, end):
            hidden = not tag["end"]
        above = not (line["blank"] is not None or line["block"] or line["fence"] or ticks)
        at = end
    return None


def _is_late(text: str, at: int, fence: str) -> bool:
    if fence == "---":
        block = scan_block(text, at, _YAML_CLOSING)
        return block is not None and block.convincing and not block.blank
    return TOML_LINE.match(text, at) is not None and find_line(text, fence, at, len(text)) is not None
