"""Where Hexo puts posts and pages (https://hexo.io/docs/permalinks)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from exporter.records.values import Value
from exporter.sites.addressing import SeenKeys, below
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.profile import AddressRule

_ENDING = r"\.[^./]++"
_TOKEN = re.compile(r":(\w*[^\W_])")
_IN_NAMES = {"year": r"\d{4}", "month": r"\d{2}", "i_month": r"\d{1,2}", "day": r"\d{2}", "i_day": r"\d{1,2}", "hash": r"[0-9a-f]{12}"}
"""What tokens of `new_post_name` are in the names of files; all others are any text."""
_DATE_IN_NAME = re.compile(r":year-:(?:i_)?month-:(?:i_)?day")
_DATES = {
    "year": "%Y",
    "month": "%m",
    "day": "%d",
    "hour": "%H",
    "minute": "%M",
    "second": "%S",
    "i_month": "%-m",
    "i_day": "%-d",
}
"""Tokens of dates, each with the form of strftime's that it stands for."""
_UNKNOWN = frozenset({"id", "hash", "timestamp"})
"""Tokens that only Hexo itself can fill in."""
_ROOTED = re.compile(r"/(\{\w+\|when\})\{/")
"""A slash before what brings its own for each category."""
_OWN = "{+permalink|plain|rooted}"


def hexo_unrendered(config: SiteConfiguration) -> list[str]:
    """Give the globs of what is copied as it is, below the source folder."""
    said = config.find("skip_render")
    return [glob.strip("/") for glob in (said if isinstance(said, list) else [said]) if isinstance(glob, str) and glob.strip("/")]


def hexo_replaced(config: SiteConfiguration) -> tuple[tuple[str, str], ...]:
    """Give the names of categories that the configuration writes in another way."""
    said = config.find("category_map")
    return tuple((name, slug) for name, slug in said.items() if isinstance(slug, str)) if isinstance(said, dict) else ()


def hexo_rules(config: SiteConfiguration, content: Sequence[str], keys: SeenKeys) -> Iterator[AddressRule]:
    """Give the rules of posts, whose names are as `new_post_name` says or not, of drafts, and of pages."""
    named = (config.text("new_post_name") or ":title.md").rpartition(".")[0]
    permalinks = _Permalinks(config, keys)
    for folder in content:
        start = below(folder)
        for kind in ("_posts", "_drafts"):
            last = (_OWN, "/{+file.title}/")
            groups = _pattern(named)
            title = "{+file.title}" if "(?P<title>" in groups else "{+file.whole|dashes}"
            files = rf"{start}{kind}/(?P<whole>{groups}){_ENDING}"
            yield AddressRule(files, (_OWN, *permalinks.templates(title, groups), *last[1:]))
            files = rf"{start}{kind}/(?P<title>.+){_ENDING}"
            yield AddressRule(files, (_OWN, *permalinks.templates("{+file.title|dashes}", ""), *last[1:]))
        yield AddressRule(rf"{start}index{_ENDING}", (_OWN, "/"))
        yield AddressRule(rf"{start}(?P<where>.+)/index{_ENDING}", (_OWN, "/{+file.where}/"))
        yield AddressRule(rf"{start}(?P<where>.+){_ENDING}", (_OWN, "/{+file.where}.html"))


def _pattern(named: str) -> str:
    """Write the names of files as a pattern, with a group for each token."""
    date = _DATE_IN_NAME.search(named)
    if date is not None:
        first, last = _pattern(named[: date.start()]), _pattern(named[date.end() :])
        return f"{first}(?P<date>{_written(date[0])}){last}"
    return _written(named)


def _written(named: str) -> str:
    parts = _TOKEN.split(named)
    texts = [re.escape(part) if number % 2 == 0 else f"(?P<{part}>{_IN_NAMES.get(part, '.+?')})" for number, part in enumerate(parts)]
    return "".join(texts).replace(r"\-", "-")


class _Permalinks:
    """Writes the permalink as templates."""

    def __init__(self, config: SiteConfiguration, keys: SeenKeys) -> None:
        self._keys = keys
        rule = config.text("permalink") or ":year/:month/:day/:title/"
        ends = config.find("post_asset_folder") is not True or rule.endswith(("/", ".html"))
        self._rule = "/" + rule.lstrip("/") + ("" if ends else "/")
        case = {"1": "|lower"}.get(config.text("filename_case"), "")
        self._category = f"|dashes{case}"
        self._none = config.text("default_category") or "uncategorized"
        said = config.find("permalink_defaults")
        self._defaults: Mapping[str, Value] = said if isinstance(said, dict) else {}

    def templates(self, title: str, groups: str) -> Iterator[str]:
        """Give the templates for posts whose title in addresses is `title`, and whose names have `groups`."""
        parts = _TOKEN.split(self._rule)
        choices = [[part] if number % 2 == 0 else list(self._choices(part, title, groups)) for number, part in enumerate(parts)]
        yield from (_ROOTED.sub(r"\1{/", "".join(each)) for each in product(*choices))

    def _choices(self, name: str, title: str, groups: str) -> Iterator[str]:
        if name in _DATES:
            yield from self._dates(name, groups)
        elif name == "category":
            listed = [key for key in ("categories", "category") if key in self._keys]
            yield from (f"{{{key}|when}}{{/{key}*{self._category}}}" for key in listed)
            yield self._none
        elif name == "name":
            yield title.replace("|dashes", "|stem|dashes") if "dashes" in title else title.replace("}", "|stem}")
        elif name == "post_title":
            yield "{title|dashes|lower}"
        elif name == "title":
            yield title
        elif name not in _UNKNOWN:
            yield from self._of_key(name, groups)

    def _dates(self, token: str, groups: str) -> Iterator[str]:
        """Say how a part of the date is written: that of the front matter goes before that in the name."""
        if "(?P<date>" in groups or f"(?P<{token}>" not in groups:
            names = "date ?? file.date" if "(?P<date>" in groups else "date"
            yield f"{{{names}|{_DATES[token]}}}"
        else:
            yield from (f"{{date|{_DATES[token]}}}", f"{{file.{token}}}")

    def _of_key(self, token: str, groups: str) -> Iterator[str]:
        """Write any other token: what the name says, the front matter, the default; JavaScript's word for nothing at last."""
        if f"(?P<{token}>" in groups:
            yield f"{{file.{token}}}"
            return
        if token in self._keys:
            yield f"{{+{token}}}"
        default = self._defaults.get(token)
        yield str(default) if isinstance(default, (str, int)) and not isinstance(default, bool) else "undefined"
