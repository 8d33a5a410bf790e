"""Filters of templates: `{title|slug}`, `{date|year}`, one after the other. Each makes another text of a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from exporter.language.datatypes import next_day
from exporter.language.dates import DAY_NAMES, MONTH_NAMES, in_zone, read_date
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


_SHORT_FORMS = ("%Y-%m-%d", "%y-%m-%d")
"""How dates stand in the names of files, beside ISO 8601: 2022-1-9, 98-06-07."""


def _date(text: str, options: FilterOptions) -> tuple[str, bool]:
    written, has_time = read_date(text, (*options.date_forms, *_SHORT_FORMS))
    if written is None:
        raise VariableError("is not a date", "write it as 2026-08-16, or name the form with map:dateFormat")
    return written, has_time


def _day(text: str, options: FilterOptions) -> str:
    day, _, time = _date(text, options)[0].partition("T")
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


_NUMBER = re.compile(r"[0-9]+\s*[-_.]+\s*(?=[^-_.\s])")
_DATE_OR_VERSION = re.compile(r"[0-9]+[-_.][0-9]")


def _unnumbered(text: str, _options: FilterOptions) -> str:
    """Drop the number that each name of a path begins with, for order alone; a date or a version stays.

    https://docusaurus.io/docs/sidebar/autogenerated#using-number-prefixes
    """
    return "/".join(
        name[number.end() :] if (number := _NUMBER.match(name)) and not _DATE_OR_VERSION.match(name) else name for name in text.split("/")
    )


RESOLVED = "resolved"
"""The filter of a path that counts from what stands before it, as a relative link does."""


def resolve_path(before: str, path: str) -> str:
    """Put a relative path behind a path; what would climb above its beginning stays there.

    >>> resolve_path("/stations/", "../foula"), resolve_path("/a/", "../../../b/./c")
    ('/foula', '/b/c')
    """
    parts = (before + path).split("/")
    kept: list[str] = []
    for part in parts[1:]:
        if part == "..":
            kept = kept[:-1]
        elif part != ".":
            kept.append(part)
    ends = [""] if parts[-1] in {".", ".."} else []
    return "/".join([parts[0], *kept, *ends])


def _unslashed(text: str, _options: FilterOptions) -> str:
    return text.rstrip("/")


def _resolved(text: str, _options: FilterOptions) -> str:
    return text.strip()


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


def _kebab(text: str, _options: FilterOptions) -> str:
    """Put hyphens for all but letters and digits, in lower case (https://jekyllrb.com/docs/liquid/filters/, slugify)."""
    kept = "".join(character if unicodedata.category(character)[0] in _LETTERS or character.isdecimal() else "-" for character in text)
    made = re.sub("-+", "-", kept).strip("-").lower()
    if not made:
        raise VariableError("has no letter and no digit that an address could be made of", "add a letter or a digit")
    return made


_HEXO_DASHES = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")
_HEXO_LETTERS = str.maketrans(
    {"Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "ß": "s", "ẞ": "S", "Œ": "OE", "œ": "oe", "Đ": "D", "đ": "d", "Ł": "L", "ł": "l"}
)


def _dashes(text: str, options: FilterOptions) -> str:
    """Put hyphens for blanks and for the signs of a keyboard, and plain letters for those with accents, as Hexo does."""
    letters = replaced(text, options.replace).translate(_HEXO_LETTERS)
    plain = "".join(first if (first := unicodedata.normalize("NFD", letter)[0]).isascii() else letter for letter in letters)
    made = _HEXO_DASHES.sub("-", plain).strip("-")
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


def _in_zone(zone: tzinfo) -> Filter:
    """Write a date and time as the clocks of a zone show it; without a zone of its own it is taken for UTC."""

    def filter_(text: str, options: FilterOptions) -> str:
        written, has_time = _date(text, options)
        return in_zone(written, zone) if has_time else written

    return filter_


_FORMS: dict[str, Callable[[datetime], str]] = {
    "Y": lambda moment: f"{moment.year:04}",
    "y": lambda moment: f"{moment.year % 100:02}",
    "m": lambda moment: f"{moment.month:02}",
    "d": lambda moment: f"{moment.day:02}",
    "j": lambda moment: f"{moment.timetuple().tm_yday:03}",
    "H": lambda moment: f"{moment.hour:02}",
    "M": lambda moment: f"{moment.minute:02}",
    "S": lambda moment: f"{moment.second:02}",
    "B": lambda moment: MONTH_NAMES[moment.month - 1].capitalize(),
    "b": lambda moment: MONTH_NAMES[moment.month - 1][:3].capitalize(),
    "A": lambda moment: DAY_NAMES[moment.weekday()].capitalize(),
    "a": lambda moment: DAY_NAMES[moment.weekday()][:3].capitalize(),
    "G": lambda moment: f"{moment.isocalendar().year:04}",
    "V": lambda moment: f"{moment.isocalendar().week:02}",
    "u": lambda moment: str(moment.isoweekday()),
    "w": lambda moment: str(moment.isoweekday() % 7),
}
"""What each directive of strftime writes of a date; names are English, for those of the machine differ."""
_DIRECTIVE = re.compile(r"%(?P<lean>-?)(?P<letter>[YymdjHMSBbAaGVuw])")


def _formatted(form: str) -> Filter:
    """Write a date in a form of strftime's; `%-m` is without zeros in front."""

    def filter_(text: str, options: FilterOptions) -> str:
        day, time = _day(text, options), _date(text, options)[0].partition("T")[2]
        try:
            moment = datetime.fromisoformat(f"{day}T{'00:00' if time.startswith('24') else time or '00:00'}")
        except ValueError:
            raise VariableError(f"is not a date of the years 1 to 9999, which the form {form} is for") from None
        return _DIRECTIVE.sub(lambda match: _lean(_FORMS[match["letter"]](moment), match["lean"]), form)

    return filter_


def _lean(text: str, lean: str) -> str:
    return text.lstrip("0") or "0" if lean else text


def _is(expected: str) -> Filter:
    def filter_(text: str, _options: FilterOptions) -> str:
        if text.strip() != expected:
            raise InapplicableError(f"is not {expected}", f"write {expected}")
        return ""

    return filter_


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
    "kebab": _kebab,
    "dashes": _dashes,
    "anchor": _anchor,
    "rooted": _rooted,
    "absolute": _absolute,
    "page": _page,
    RESOLVED: _resolved,
    "unnumbered": _unnumbered,
    "unslashed": _unslashed,
    "utc": _in_zone(UTC),
    "plain": _plain,
    "when": _when,
}
"""Each filter by its name, in the order of docs/mapping.md."""

IS = "is="
"""What the filter begins with that takes one text alone."""
_GUARDS = frozenset({"absolute", "plain"})
_DATE_FILTERS = frozenset({"year", "month", "day"})


def is_guard(name: str) -> bool:
    """Whether a filter takes some texts alone (InapplicableError)."""
    return name in _GUARDS or name.startswith(IS)


def takes_dates(name: str) -> bool:
    """Whether a filter reads its text as a date."""
    return name in _DATE_FILTERS or name.startswith("%")


def check_filter(name: str) -> None:
    """Raise ValueError with the end of a sentence, naming the near filter, where there is none of this name."""
    if _find(name) is None:
        if name.startswith("%"):
            raise ValueError(f"{name!r} is not a form of a date: there are {', '.join(f'%{letter}' for letter in _FORMS)}")
        near = nearest(name, FILTERS)
        raise ValueError(f"no filter is called {name!r}; " + (f"did you mean {near!r}?" if near else f"there are {', '.join(FILTERS)}"))


@lru_cache(maxsize=256)
def _find(name: str) -> Filter | None:
    """Give a filter by its name, or by what it is made of: a form of a date, a time zone, or the one text that it takes."""
    if name in FILTERS:
        return FILTERS[name]
    if name.startswith(IS):
        return _is(unquote(name.removeprefix(IS)))
    if name.startswith("%"):
        return None if "%" in _DIRECTIVE.sub("", name) else _formatted(name)
    zone = _zone(name)
    return None if zone is None else _in_zone(zone)


def _zone(name: str) -> ZoneInfo | None:
    """Give a time zone from the package tzdata, and never from the machine, whose rules may be older: its version is the plan's."""
    from importlib.resources import files  # few templates name a zone

    if "/" not in name or name not in files("tzdata").joinpath("zones").read_text("utf-8").split():
        return None
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def apply_filters(names: Iterable[str], text: str, options: FilterOptions) -> str:
    """Apply filters in turn; raises VariableError for a text that one of them can't take.

    >>> apply_filters(["stem", "slug"], "images/My Dog.jpg", FilterOptions()), apply_filters(["month"], "2026-08-16", FilterOptions())
    ('my-dog', '08')
    >>> apply_filters(["Europe/Lisbon", "%Y/%-m"], "2022-01-01 00:30 +0300", FilterOptions())
    '2021/12'
    """
    for name in names:
        filter_ = _find(name)
        assert filter_ is not None  # the name was checked when the template was read
        text = filter_(text, options)
    return text
