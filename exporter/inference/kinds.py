"""What one scalar looks like: a date, a number, an address, a path, a link, or just text.

A kind is a short name. Dates that are not written as ISO 8601 have the kind `form:` and the form, as `map:dateFormat` takes it.
"""

from __future__ import annotations

import json
import re

from exporter.language.datatypes import fits
from exporter.language.dates import date_form, is_timestamp
from exporter.records.values import Plain, Value

NUMBERS = frozenset({"integer", "decimal", "double"})
DAYS = frozenset({"date"})
TIMES = frozenset({"dateTime", "timestamp"})
ADDRESSES = frozenset({"address", "address with blanks"})
PATHS = frozenset({"path", "file"})
LINKS = frozenset({"link"})
FORM = "form:"
"""How the kind of a date begins that is written in a form of its own."""

_DATE_AT_MOST = 40  # characters
_JSON_AT_MOST = 100_000  # characters: JSON that long is data, and nobody's key
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/]\S*")
_ADDRESS_WITH_BLANKS = re.compile(r"https?://[^\s/][^\n]*")
_EMAIL = re.compile(r"(?:mailto:)?[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_PATH = re.compile(r"/(?!/)[^\s]*|\.{1,2}/[^\s]+")
_FILE = re.compile(
    r"[^\s:/][^\s:]*\.(?:mdx?|markdown|html?|qmd|rst|adoc|png|jpe?g|gif|svg|webp|avif|ico|pdf|mp[34]|webm|ogg|wav|zip|csv)", re.IGNORECASE
)
_LINK = re.compile(
    r"!?\[\[[^\[\]]+\]\]|\[[^\[\]]*\]\([^()\s]+\)|\{\{[<%]\s*(?:rel)?ref\b[^{}]*[>%]\}\}|\{%-?\s*(?:link|post_(?:url|link|path))\b[^{}]*%\}"
)
_TIME = re.compile(r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d)?")
FORMS = (
    "%Y/%m/%d",
    "%Y/%m/%d %H:%M",
    "%Y/%m/%d %H:%M:%S",
    "%Y.%m.%d",
    "%Y-%m-%d",
    "%d.%m.%Y",
    "%d.%m.%Y %H:%M",
    "%B %d, %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%a, %d %b %Y %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S %z %Z",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%d %H:%M",
)
"""The forms in which sites write dates beside ISO 8601, as `map:dateFormat` takes them: those alone that can't mean another day."""
DAY_FIRST, MONTH_FIRST, EITHER = "%d/%m/%Y", "%m/%d/%Y", "either"
"""Forms that only a day after the twelfth tells apart."""
_SLASHES = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/[0-9]{4}")
_DIGITS = re.compile(r"[0-9]+")
_LEADING = frozenset("0123456789")


def kind_of(value: Value) -> str:
    """Give the kind of a scalar that says something.

    >>> [kind_of(value) for value in (True, 7, "2026-08-16", "2014-03-13 14:32:42 -0400", "https://e.org/", "a@e.org", "/b/", "16.8.2026")]
    ['boolean', 'integer', 'date', 'timestamp', 'address', 'email', 'path', 'form:%d.%m.%Y']
    """
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int):
        return "integer"
    if isinstance(value, Plain):
        return _plain(value)
    return _text(str(value).strip())


def _plain(value: Plain) -> str:
    if value.core == "integer":
        return "digits" if len(value) > 1 and value.lstrip("+-").startswith("0") else "integer"
    if value.core == "double":
        return "decimal" if fits("decimal", value) else "double"
    return _text(value) if value.core in {"date", "dateTime", "time"} else value.core


def _text(text: str) -> str:
    first = text[:1]
    if first in _LEADING:
        if _DIGITS.fullmatch(text):
            return "digits"
        return _dated(text) or ("file" if _FILE.fullmatch(text) else "text")
    if first in "[{":
        return "link" if _LINK.fullmatch(text) else "json" if holds_json(text) is not None else "text"
    if first in "./" and _PATH.fullmatch(text):
        return "path"
    if "://" in text:
        return "address" if _ADDRESS.fullmatch(text) else "address with blanks" if _ADDRESS_WITH_BLANKS.fullmatch(text) else "text"
    if "@" in text and _EMAIL.fullmatch(text):
        return "email"
    if first == "!" and _LINK.fullmatch(text):
        return "link"
    if "." in text and _FILE.fullmatch(text):
        return "file"
    return (_form(text) or "text") if first in "JFMASONDTW" and text[-1:] in "0123456789TC" else "text"


def _dated(text: str) -> str | None:
    if fits("date", text):
        return "date"
    if fits("dateTime", text):
        return "dateTime"
    if _TIME.fullmatch(text):
        return "time"
    return "timestamp" if is_timestamp(text) else _form(text)


def _form(text: str) -> str | None:
    slashes = _SLASHES.fullmatch(text)
    if slashes:
        one, other = int(slashes[1]), int(slashes[2])
        return FORM + (DAY_FIRST if one > 12 else MONTH_FIRST if other > 12 else EITHER)
    return next((FORM + form for form in FORMS if date_form(form).read(text) is not None), None) if len(text) <= _DATE_AT_MOST else None


def holds_json(text: str) -> Value:
    """Give the list or map that stands as JSON in a text, None where there is none."""
    text = text.strip()
    if not (text[:1] + text[-1:] in {"[]", "{}"} and len(text) <= _JSON_AT_MOST):
        return None
    from exporter.language.conversions import ConversionOptions, from_json

    try:
        found = from_json(text, ConversionOptions())
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, (list, dict)) and found and not _is_link(found) else None


def _is_link(found: Value) -> bool:
    """Say whether what looks like JSON is a wiki link with a number for a name."""
    return isinstance(found, list) and len(found) == 1 and isinstance(found[0], list)


def is_json_text(text: str) -> bool:
    """Say whether a text is a JSON list or map."""
    return holds_json(text) is not None


def dump(value: Value) -> str:
    """Write a scalar as it is counted: its typed characters."""
    return ("true" if value else "false") if isinstance(value, bool) else str(value) if value is not None else json.dumps(None)
