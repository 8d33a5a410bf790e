"""Hugo's permalinks as templates (https://gohugo.io/configuration/permalinks/), and the dates that they are filled with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from exporter.sites.addressing import SeenKeys, expand_tokens
from exporter.sites.configuration import SiteConfiguration

_DEFAULT = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
"""The keys that may say a page's date, in their order (https://gohugo.io/configuration/front-matter/)."""
_FILE_NAME = ":filename"
_TOKEN = re.compile(r":\w+(?:\[[^\]]*\])?")
_SLICE = re.compile(r":sections\[(?P<first>last|\d+)?(?P<range>:(?P<end>last|\d+)?)?\]")

_DATES: Mapping[str, tuple[str, str]] = {
    ":year": ("year", "1"),
    ":month": ("month", "01"),
    ":monthname": ("%B", "January"),
    ":day": ("day", "01"),
    ":weekday": ("%w", "1"),
    ":weekdayname": ("%A", "Monday"),
    ":yearday": ("%-j", "1"),
}
"""Tokens of dates, each with the filter that writes it, and what it is without a date: Go's first day of the year 1."""
_LAYOUT: Mapping[str, tuple[str, str]] = {
    "2006": ("%Y", "0001"),
    "January": ("%B", "January"),
    "Monday": ("%A", "Monday"),
    "Jan": ("%b", "Jan"),
    "Mon": ("%a", "Mon"),
    "002": ("%j", "001"),
    "01": ("%m", "01"),
    "02": ("%d", "01"),
    "04": ("%M", "00"),
    "05": ("%S", "00"),
    "06": ("%y", "01"),
    "15": ("%H", "00"),
    "1": ("%-m", "1"),
    "2": ("%-d", "1"),
}
"""Parts of Go's layouts of dates (https://pkg.go.dev/time#Layout), likewise."""
_PARTS = re.compile("|".join(_LAYOUT))
_BY_NAME = frozenset({"year", "month", "day"})
"""Parts of dates that the pattern over paths has as groups."""


class Permalinks:
    """Writes permalinks as templates for pages with these keys; `dates_by_name` says whether the date in a file's name counts."""

    def __init__(self, config: SiteConfiguration, keys: SeenKeys) -> None:
        said = config.find("frontmatter.date")
        names = [str(name).lower() for name in said] if isinstance(said, list) else [":default"]
        self._order = [each for name in names for each in (_DEFAULT if name == ":default" else (name,))]
        self._spelled = {key.lower(): key for key in keys}
        self._lowered = config.find("disablePathToLower") is not True
        self.dates_by_name = _FILE_NAME in self._order

    def templates(self, pattern: str, section: str, *, dated: bool, nested: bool) -> tuple[str, ...]:
        """Give the templates of a permalink, without a slash at the end; none for one with a token that Hugo does not know.

        With `dated` the file's name begins with a date, and what stands behind it is the slug. With `nested` the sections below the
        first are a group of the pattern over paths, otherwise `section` has them all.
        """
        literal = _TOKEN.sub("\0", pattern.strip("/")).lower() if self._lowered else _TOKEN.sub("\0", pattern.strip("/"))
        tokens = _TOKEN.findall(pattern)
        whole = "/" + "".join(part for pair in zip(literal.split("\0"), [*tokens, ""], strict=True) for part in pair)
        found: list[str] = []
        for date in self._dates(dated=dated) if any(map(_is_dated, tokens)) else [""]:
            known = {**self._of_dates(tokens, date), **_of_sections(tokens, section, nested=nested), **_names(dated=dated)}
            expanded = expand_tokens(whole, known)
            if expanded is None:
                return ()
            found += expanded
        return tuple(dict.fromkeys(_joined(each) for each in found))

    def _dates(self, *, dated: bool) -> Iterator[str]:
        """Yield what may say the date, the first that does counts: a key, the file's name, and nothing at last."""
        for name in self._order:
            if name == _FILE_NAME and dated:
                yield _FILE_NAME
            elif name in self._spelled:
                yield self._spelled[name]
        yield ""

    def _of_dates(self, tokens: Sequence[str], date: str) -> Mapping[str, Sequence[str]]:
        lower = "|lower" if self._lowered else ""

        def written(form: str, default: str) -> str:
            if not date:
                return default.lower() if self._lowered else default
            if date == _FILE_NAME:
                return f"{{file.{form}}}" if form in _BY_NAME else f"{{file.date|{form}{lower}}}"
            return f"{{{date}|{form}{lower}}}" if form[-1:] in "AaBb" else f"{{{date}|{form}}}"

        found = {token: [written(*_DATES[token])] for token in tokens if token in _DATES}
        for token in tokens:
            if token not in found and _is_dated(token):
                found[token] = [_PARTS.sub(lambda match: written(*_LAYOUT[match[0]]), token[1:])]
        return found


def _is_dated(token: str) -> bool:
    return token in _DATES or (token not in _names(dated=False) and not token.startswith(":section") and bool(_PARTS.search(token)))


def _names(*, dated: bool) -> Mapping[str, Sequence[str]]:
    """Give the tokens of a page's names; one that says neither a slug nor a title has no name."""
    slug = ["{+slug ?? file.base|path}"]
    return {
        ":slugorfilename": slug,
        ":slugorcontentbasename": slug,
        ":filename": ["{+file.base|path}"],
        ":contentbasename": ["{+file.base|path}"],
        ":slug": slug if dated else ["{+slug ?? title|path}", ""],
        ":title": ["{+title|path}", ""],
    }


def _of_sections(tokens: Sequence[str], section: str, *, nested: bool) -> Mapping[str, Sequence[str]]:
    parts = section.split("/")
    found: dict[str, Sequence[str]] = {":section": ["{+file.section|path}"] if len(parts) == 1 else [parts[0].lower()]}
    found[":sections"] = ["{+file.section|path}/{+file.nested|path}", "{+file.section|path}"] if nested else ["{+file.section|path}"]
    for token in tokens:
        if said := _SLICE.fullmatch(token):
            last = len(parts) - 1
            first = _place(said["first"], 0, last)
            end = _place(said["end"], len(parts), last) if said["range"] else first + 1
            found[token] = ["/".join(parts[first:end]).lower()]
    return found


def _place(said: str | None, default: int, last: int) -> int:
    return default if said is None else last if said == "last" else int(said)


def _joined(path: str) -> str:
    """Take away what is left of tokens that say nothing: double slashes, and the one at the end."""
    return "/" + re.sub("/{2,}", "/", path).strip("/")
