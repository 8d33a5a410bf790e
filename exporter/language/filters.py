"""Filters of templates: `{title|slug}`, `{date|year}`, one after the other. Each makes another text of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import NamedTuple

from exporter.language.datatypes import next_day
from exporter.language.dates import in_utc, read_date
from exporter.language.slugs import slug
from exporter.text import nearest

Pairs = tuple[tuple[str, str], ...]


class VariableError(ValueError):
    """A variable's text can't stand in a template; the sentence says why, and `help` what to do."""

    def __init__(self, message: str, help_: str = "write the value as it stands in the address") -> None:
        super().__init__(message)
        self.help = help_


class InapplicableError(VariableError):
    """The template is not for such a value: the variable counts as missing, and the next template of a list is tried."""


class FilterOptions(NamedTuple):
    """What the ontology says beside a template: `map:replace`, and `map:dateFormat` of the property that reads the same key."""

    replace: Pairs = ()
    date_forms: tuple[str, ...] = ()


NO_OPTIONS = FilterOptions()
Filter = Callable[[str, FilterOptions], str]


def replaced(text: str, pairs: Pairs) -> str:
    """Put the second text of each pair for the first, pair by pair.

    >>> replaced("C# and C++", (("C++", "cpp"), ("C#", "c-sharp")))
    'c-sharp and cpp'
    """
    for old, new in pairs:
        text = text.replace(old, new)
    return text


def _slug(text: str, options: FilterOptions) -> str:
    made = slug(replaced(text, options.replace))
    if not made:
        raise VariableError(
            "has no letter and no digit that a slug could be made of", "add a letter or a digit, or make the IRI of another key"
        )
    return made


def _lower(text: str, _options: FilterOptions) -> str:
    return text.lower()


_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*(?P<path>[^?#]*)")


def _stem(text: str, _options: FilterOptions) -> str:
    """The name at the end of a path, without its ending."""
    address = _ADDRESS.match(text)
    name = (address["path"] if address else text).replace("\\", "/").rstrip("/").rpartition("/")[2]
    dot = name.rfind(".")
    made = name[:dot] if 0 < dot < len(name) - 1 else name
    if not made:
        raise VariableError("has no file name at its end", "write a path that ends in a file name")
    return made


_DAY = re.compile(r"-?[0-9]+-[0-9]{2}-[0-9]{2}")


def _day(text: str, options: FilterOptions) -> str:
    written, _ = read_date(text, options.date_forms)
    if written is None:
        raise VariableError("is not a date", "write it as 2026-08-16, or name the form with map:dateFormat")
    day, _, time = written.partition("T")
    whole = _DAY.match(day)  # without the zone that a date may have
    assert whole is not None
    return next_day(day) if time.startswith("24") else whole[0]


def _part_of_date(part: int) -> Filter:
    def filter_(text: str, options: FilterOptions) -> str:
        return _day(text, options).rsplit("-", 2)[part]

    return filter_


_HUGO_KEEPS = frozenset("./\\_#+~-@")
_HUGO_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Mn", "Mc", "Me"})
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")


def _path(text: str, _options: FilterOptions) -> str:
    """Write a path as Hugo's urlize does: white space as hyphens, lower case; other signs fall away.

    https://gohugo.io/functions/urls/urlize/
    """
    made: list[str] = []
    blank = False
    for at, character in enumerate(text):
        allowed = character in _HUGO_KEEPS or unicodedata.category(character) in _HUGO_CATEGORIES
        if allowed or (character == "%" and _PERCENT.match(text, at)):
            if blank and made and made[-1] != "-" and character != "-":
                made.append("-")
            blank = False
            made.append(character.lower()[:1])  # one letter stays one: Go's lower case of İ is i
        elif character.isspace():
            blank = True
    if not made:
        raise VariableError("has no letter and no digit that an address could be made of", "add a letter or a digit")
    return "".join(made).replace("#", "%23")  # Hugo leaves it, and it would begin the fragment


def _rooted(text: str, _options: FilterOptions) -> str:
    return "/" + text.strip().lstrip("/")


def _absolute(text: str, _options: FilterOptions) -> str:
    if not text.lstrip().startswith("/"):
        raise InapplicableError("does not begin with a slash", "write it with one")
    return "/" + text.strip().lstrip("/")


_INDEX_PAGE = re.compile(r"(?:^|(?<=/))index\.html?$")


def _page(text: str, _options: FilterOptions) -> str:
    """Write a path as it is seen of a page: `index.html` falls away, and what has no ending gets a slash."""
    text = _INDEX_PAGE.sub("", text)
    return text if text.endswith("/") or "." in text.rpartition("/")[2] else text + "/"


_JEKYLL_KEEPS = frozenset("._~!$&'()+,;=@")
_LETTERS = frozenset({"L", "M"})


def _hyphens(text: str, _options: FilterOptions) -> str:
    """Put hyphens for what Jekyll keeps out of an address (https://jekyllrb.com/docs/liquid/filters/, slugify, mode pretty)."""
    kept = "".join(
        character if character in _JEKYLL_KEEPS or (kind := unicodedata.category(character))[0] in _LETTERS or kind == "Nd" else "-"
        for character in text
    )
    made = re.sub("-+", "-", kept).strip("-")
    if not made:
        raise VariableError("has no letter and no digit that an address could be made of", "add a letter or a digit")
    return made


def _anchor(text: str, _options: FilterOptions) -> str:
    """Write a text as GitHub does in the anchor of a heading: lower case, hyphens for blanks, without other signs than `-`, `_` and `/`."""
    lowered = text.strip().lower()
    made = "".join(
        "-" if character.isspace() else character
        for character in lowered
        if character in "-_/" or character.isspace() or character.isalnum() or unicodedata.category(character)[0] == "M"
    )
    if not made:
        raise VariableError("has no letter and no digit that an address could be made of", "add a letter or a digit")
    return made


def _utc(text: str, options: FilterOptions) -> str:
    """Write a date and time in UTC; without a zone it is taken for that."""
    written, has_time = read_date(text, options.date_forms)
    if written is None:
        raise VariableError("is not a date", "write it as 2026-08-16, or name the form with map:dateFormat")
    return in_utc(written) if has_time else written


_PLACEHOLDER = re.compile(r"\{\{|\{%|<%|\$\{|(?:^|[/_.-]):[A-Za-z_]")
_SWITCHES = frozenset({"true", "false", "yes", "no"})


def _plain(text: str, _options: FilterOptions) -> str:
    if _PLACEHOLDER.search(text) or text.strip().lower() in _SWITCHES:
        raise InapplicableError("is filled in by a program", "write it as it stands in the address")
    return text


def _when(_text: str, _options: FilterOptions) -> str:
    return ""


FILTERS: dict[str, Filter] = {
    "slug": _slug,
    "lower": _lower,
    "stem": _stem,
    "year": _part_of_date(0),
    "month": _part_of_date(1),
    "day": _part_of_date(2),
    "path": _path,
    "hyphens": _hyphens,
    "anchor": _anchor,
    "rooted": _rooted,
    "absolute": _absolute,
    "page": _page,
    "utc": _utc,
    "plain": _plain,
    "when": _when,
}
"""Each filter by its name, in the order of docs/mapping.md."""

GUARDS = frozenset({"absolute", "plain"})
"""Filters that take some texts alone (InapplicableError)."""

DATE_FILTERS = frozenset({"year", "month", "day"})


def check_filter(name: str) -> None:
    """Raise ValueError with the end of a sentence, naming the near filter, where there is none of this name."""
    if name not in FILTERS:
        near = nearest(name, FILTERS)
        raise ValueError(f"no filter is called {name!r}; " + (f"did you mean {near!r}?" if near else f"there are {', '.join(FILTERS)}"))


def apply_filters(names: Iterable[str], text: str, options: FilterOptions) -> str:
    """Apply filters in turn; raises VariableError for a text that one of them can't take.

    >>> apply_filters(["stem", "slug"], "images/My Dog.jpg", FilterOptions()), apply_filters(["month"], "2026-08-16", FilterOptions())
    ('my-dog', '08')
    """
    for name in names:
        text = FILTERS[name](text, options)
    return text
