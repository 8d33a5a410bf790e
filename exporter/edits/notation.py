"""Values as front matter writes them: a text that the reader takes for exactly this value, in the quotes that stood there before."""

from __future__ import annotations

import json
import re

from exporter.records.nodes import Style
from exporter.records.values import Plain, Value
from exporter.records.yaml.core import UNPRINTABLE, resolve_plain
from exporter.text import quote

# Narrower than YAML's plain scalars: nothing that means something in a list in brackets, or at the start of a line.
_PLAIN = re.compile(
    r"(?!---|\.\.\.)[^\W_][^\x00-\x1f\x7f-\xa0#:,\[\]{}&*!|>'\"%@`\\\ufeff]*+(?::(?=[^\s,\[\]{}])[^\x00-\x1f\x7f-\xa0#:,\[\]{}\ufeff]*+)*+"
)
_BARE_TOML_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BARE_YAML_KEY = re.compile(r"[^\W\d][\w.$-]*+(?: [\w.$-]+)*+")
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
INDENT = "  "


class NotationError(ValueError):
    """A value that a syntax can't hold; the text is a sentence that says why."""


def write_key(name: str, syntax: str, style: Style = "plain") -> str:
    """Write a key, in quotes where it had them or needs them.

    >>> write_key("title", "yaml"), write_key("a: b", "yaml"), write_key("title", "yaml", "double"), write_key("a.b", "toml")
    ('title', '"a: b"', '"title"', '"a.b"')
    """
    if syntax == "json":
        return json.dumps(name, ensure_ascii=False)
    if syntax == "toml":
        return name if style == "plain" and _BARE_TOML_KEY.fullmatch(name) else _in_double_quotes(name)
    if style == "single" and not UNPRINTABLE.search(name) and "\n" not in name:
        return "'" + name.replace("'", "''") + "'"
    return name if style == "plain" and _BARE_YAML_KEY.fullmatch(name) and name != "<<" else _in_double_quotes(name)


def write_value(value: Value, syntax: str, style: Style = "plain") -> str:
    """Write a value on one line; raises NotationError where the syntax has no such value.

    >>> write_value(["a", "1.10", Plain("1.10", "double")], "yaml"), write_value({"a": True}, "toml")
    ('[a, "1.10", 1.10]', '{ a = true }')
    """
    if isinstance(value, dict):
        sign = " = " if syntax == "toml" else ": "
        pairs = ", ".join(f"{write_key(key, syntax)}{sign}{write_value(child, syntax)}" for key, child in value.items())
        return f"{{ {pairs} }}" if pairs and syntax == "toml" else f"{{{pairs}}}"
    if isinstance(value, list):
        return f"[{', '.join(write_value(child, syntax) for child in value)}]"
    if value is None and syntax == "toml":
        raise NotationError("TOML has no null; remove the key instead")
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, Plain)):
        return str(value)
    return _write_text(value, syntax, style)


def write_block(value: Value, indent: str, line_end: str) -> str:
    r"""Write a value as YAML does below a key: what follows the colon, maps and lists on lines of their own.

    >>> write_block(["a", {"b": "c"}], "", "\n")
    '\n  - a\n  - b: c'
    """
    if not value or not isinstance(value, (dict, list)):
        return " " + write_value(value, "yaml")
    inner = indent + INDENT
    return "".join(line_end + inner + text for text in _lines_of(value, inner, line_end))


def _lines_of(value: Value, indent: str, line_end: str) -> list[str]:
    if isinstance(value, dict):
        return [f"{write_key(key, 'yaml')}:{write_block(child, indent, line_end)}" for key, child in value.items()]
    assert isinstance(value, list)
    return [f"-{write_item(child, indent, line_end)}" for child in value]


def write_item(value: Value, indent: str, line_end: str) -> str:
    """Write what follows the dash of an item of a YAML list; `indent` is what stands before the dash."""
    if not value or not isinstance(value, (dict, list)):
        return " " + write_value(value, "yaml")
    inner = indent + INDENT
    return " " + (line_end + inner).join(_lines_of(value, inner, line_end))


def write_literal(text: str, indent: str, line_end: str) -> str | None:
    r"""Write a text of several lines behind `|`; None where that would lose something.

    >>> write_literal("a\nb\n", "  ", "\n")
    '|\n  a\n  b'
    """
    lines = text.removesuffix("\n").split("\n")
    if text.endswith("\n\n") or not text.strip() or lines[0][:1] in ("", " ", "\t") or UNPRINTABLE.search(text) or _UNSEEN.search(text):
        return None
    mark = "|" if text.endswith("\n") else "|-"
    return mark + "".join(line_end + (indent + line if line else "") for line in lines)


def _write_text(text: str, syntax: str, style: Style) -> str:
    if syntax == "json":
        return json.dumps(text, ensure_ascii=False)
    if syntax == "toml":
        return _in_double_quotes(text)
    if style == "single" and "\n" not in text and not UNPRINTABLE.search(text) and not _UNSEEN.search(text):
        return "'" + text.replace("'", "''") + "'"
    plain = style != "double" and _PLAIN.fullmatch(text) and not text.endswith((" ", ":"))
    return text if plain and type(resolve_plain(text)) is str else _in_double_quotes(text)


def _in_double_quotes(text: str) -> str:
    """Write a text in the double quotes that YAML and TOML share (YAML 1.2.2, section 5.7; TOML 1.0.0, String)."""
    if (lone := re.search("[\ud800-\udfff]", text)) is not None:
        raise NotationError(f"half a character stands in {quote(text[: lone.start()])}")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return '"' + _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", escaped) + '"'
