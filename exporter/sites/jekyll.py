"""Where Jekyll puts pages, posts and the documents of collections (https://jekyllrb.com/docs/permalinks/)."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from exporter.records.framing import RECORD_SUFFIXES
from exporter.records.values import Value
from exporter.sites.addressing import SeenKeys, below, expand_tokens
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.profile import AddressRule

_STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "none": "/:categories/:title:output_ext",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
}
_PAGE_ENDS = {"pretty": "/", "date": ".html", "ordinal": ".html", "none": ".html"}
_ENDING = r"\.[^./]++"
_OWN = "{+permalink|plain|rooted}"
_DATE = r"(?P<date>\d{2,4}-\d\d?-\d\d?)"
_DATES = {
    ":year": "%Y",
    ":short_year": "%y",
    ":month": "%m",
    ":i_month": "%-m",
    ":short_month": "%b",
    ":long_month": "%B",
    ":day": "%d",
    ":i_day": "%-d",
    ":y_day": "%j",
    ":week": "%V",
    ":w_year": "%G",
    ":w_day": "%u",
    ":short_day": "%a",
    ":long_day": "%A",
    ":hour": "%H",
    ":minute": "%M",
    ":second": "%S",
}
"""Placeholders of dates, each with the form of strftime's that it stands for."""
_NAMES: Mapping[str, Sequence[str]] = {
    ":title": ["{+slug ?? file.base|hyphens}"],
    ":slug": ["{slug ?? file.base|kebab}"],
    ":output_ext": [".html"],
}
_OWN_AT_MOST = 5
"""Permalinks with placeholders that records write themselves; more of them are not a habit that rules could be made of."""

_BUILT = "_site"
_NOT_PAGES = frozenset({"_layouts", "_includes", "_sass", "_data", "_plugins", "vendor", "node_modules"})
_WRITTEN = {".scss": ".css", ".sass": ".css", ".coffee": ".js"}
"""Endings of pages that have another one where Jekyll has built them; a page that is not made HTML keeps its own."""

_PLAIN = "/:;,@&=+$!*'() "

Tokens = Mapping[str, Sequence[str]]


def jekyll_collections(config: SiteConfiguration) -> dict[str, dict[str, Value]]:
    """Give the collections with what the configuration says of each."""
    said = config.find("collections")
    if isinstance(said, list):
        return {str(name): {} for name in said if isinstance(name, str)}
    return {name: value if isinstance(value, dict) else {} for name, value in said.items()} if isinstance(said, dict) else {}


def jekyll_excluded(config: SiteConfiguration) -> list[str]:
    """Give what the configuration excludes, as globs."""
    said = config.find("exclude")
    names = [name.strip("/") for name in said if isinstance(name, str) and name.strip("/")] if isinstance(said, list) else []
    return [glob for name in names for glob in ((name,) if "*" in name else (name, f"{name}/**"))]


def jekyll_endings(config: SiteConfiguration, place: str) -> tuple[str, ...]:
    """Find further endings of pages: whatever a file ends in, Jekyll takes it for a page where it begins with front matter."""
    built = {_BUILT, config.text("destination").strip("./")}
    found: set[str] = set()
    for folder, folders, names in os.walk(place):
        folders[:] = [name for name in folders if name not in _NOT_PAGES | built and not name.startswith(".")]
        for name in names:
            ending = os.path.splitext(name)[1]  # noqa: PTH122 - as texts
            if ending and ending not in found and ending.lower() not in RECORD_SUFFIXES and _begins_with_fence(Path(folder, name)):
                found.add(ending)
    return tuple(sorted(found))


def _begins_with_fence(file: Path) -> bool:
    try:
        with file.open("rb") as opened:
            return opened.readline(6).rstrip(b"\r\n") == b"---"
    except OSError:
        return False


def jekyll_rules(config: SiteConfiguration, content: Sequence[str], keys: SeenKeys, endings: Sequence[str]) -> list[AddressRule]:
    """Give the rules of posts, of each collection, and of pages."""
    style = config.text("permalink") or "date"
    rules: list[AddressRule] = []
    folder = config.text("collections_dir").strip("/")
    for start in content:
        jekyll = _Jekyll(config, below(start), below(start) + below(folder), keys)
        rules += jekyll.posts(style)
        for name, said in jekyll_collections(config).items():
            if name not in {"posts", "drafts"}:
                own = said.get("permalink")
                rules += jekyll.documents(name, own if isinstance(own, str) else f"/:collection/:path{_page_end(style)}")
        rules += jekyll.pages(style, [ending for ending in endings if ending[1:].lower() not in _markdown(config)])
    return rules


def _markdown(config: SiteConfiguration) -> frozenset[str]:
    return frozenset((config.text("markdown_ext") or "markdown,mkdown,mkdn,mkd,md").lower().replace(" ", "").split(","))


def _rooted(pattern: str) -> str:
    return pattern if pattern.startswith("/") else f"/{pattern}"


def _page_end(style: str) -> str:
    if style in _PAGE_ENDS:
        return _PAGE_ENDS[style]
    return "/" if style.endswith("/") else ".html" if style.endswith(":output_ext") else ""


def _post_folder(path: str) -> str:
    """Write the folder of posts, and of drafts, below a path; folders above it are categories."""
    above, _, inner = path.partition("_posts") if "_posts" in path.split("/") else (path, "", "")
    above = _scoped(above.strip("/"))
    folders = "_posts" if path else "_(?:posts|drafts)"
    return rf"(?:(?P<above>{above or '.+'}{'(?:/.+)?' if above else ''})/){'' if above else '?'}{folders}/{_inside(inner.strip('/'))}"


_GLOB = re.compile(r"\*\*/|\*\*|\*|\?")
_ANY = {"**/": "(?:.+/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def _scoped(path: str) -> str:
    """Write the path of a scope as a pattern; it may be a glob (https://jekyllrb.com/docs/configuration/front-matter-defaults/)."""
    texts = map(re.escape, _GLOB.split(path))
    return "".join(part for pair in zip(texts, [*map(_ANY.__getitem__, _GLOB.findall(path)), ""], strict=True) for part in pair)


def _inside(path: str) -> str:
    return f"{_scoped(path)}/" if path else ""


class _Jekyll:
    """The rules of one source folder: `start` is where its pages begin, `inside` where its collections do."""

    def __init__(self, config: SiteConfiguration, start: str, inside: str, keys: SeenKeys) -> None:
        self._config = config
        self._start = start
        self._inside = inside
        self._keys = keys
        zone = config.text("timezone")
        self._zone = zone if "/" in zone else "utc"

    def posts(self, style: str) -> Iterator[AddressRule]:
        """Give the rules of posts, then of drafts."""
        pattern = _STYLES.get(style, style)
        tokens: Tokens = {
            **_NAMES,
            "/:categories": ["{/file.above*|lower}{/categories*|words|lower}{/category*|lower}"],
            ":basename": ["{file.base}"],
            ":collection": ["posts"],
        }
        for path, own in (*self._defaults("posts"), ("", pattern)):
            files = rf"{self._inside}{_post_folder(path)}(?:.+/)?(?:{_DATE}-)?(?P<base>[^/]+){_ENDING}"
            yield AddressRule(files, (*self._templates(own, tokens), "/drafts/{file.base}/"))

    def documents(self, name: str, pattern: str) -> Iterator[AddressRule]:
        """Give the rules of a collection: those whose name begins with a date have it from there."""
        tokens: Tokens = {**_NAMES, ":collection": [name], ":path": ["{+file.inner}"], ":name": ["{file.stem|kebab}"]}
        for path, own in (*self._defaults(name), ("", pattern)):
            inner = _inside(path.removeprefix(f"_{name}").strip("/"))
            found = tuple(self._templates(own, tokens))
            stem = rf"(?:{_DATE}-)?(?P<base>[^/]+)" if any("file.base" in each or "file.date" in each for each in found) else "[^/]+"
            files = rf"{self._inside}_{below(name)}(?P<inner>{inner}(?:.*/)?{stem}){_ENDING}"
            yield AddressRule(files, found if len(found) > 1 else (*found, f"/{name}/{{+file.inner}}/"))

    def pages(self, style: str, endings: Sequence[str]) -> Iterator[AddressRule]:
        """Give the rules of pages, with those of other `endings` than HTML's."""
        tokens: Tokens = {
            "/:path": ["/{+file.dir}", ""],
            ":path/": ["{+file.dir}/", ""],
            ":basename": ["{file.base}"],
            ":output_ext": [".html"],
        }
        own = (_OWN, *self._own(tokens))
        for ending in endings:
            files = rf"{self._start}(?P<where>.+){re.escape(ending)}"
            yield AddressRule(files, (_OWN, f"/{{+file.where}}{_WRITTEN.get(ending.lower(), ending)}"))
        for path, pattern in self._defaults("pages"):
            templates = tuple(self._templates(pattern, tokens))
            above, _, last = path.rpartition("/")
            if last:  # the beginning of a file's name, or all of it
                name, _, ending = last.rpartition(".")
                folder = f"(?P<dir>{_scoped(above)})/" if above else ""
                base, end = (_scoped(name), re.escape(f".{ending}")) if name else (f"{_scoped(last)}[^/]*", _ENDING)
                yield AddressRule(f"{self._start}(?P<where>{folder}(?P<base>{base})){end}", templates)
            folder = f"(?P<dir>{_scoped(path)}.*)/" if path else "(?:(?P<dir>.+)/)?"
            yield AddressRule(f"{self._start}(?P<where>{folder}(?P<base>[^/]+)){_ENDING}", templates)
        yield AddressRule(rf"{self._start}index{_ENDING}", (_OWN, "/"))
        yield AddressRule(rf"{self._start}(?P<where>.+)/index{_ENDING}", (_OWN, "/{+file.where}/"))
        stem = r"(?P<where>(?:(?P<dir>.+)/)?(?P<base>[^/]+))" if len(own) > 1 else "(?P<where>.+)"
        yield AddressRule(rf"{self._start}{stem}{_ENDING}", (*own, "/{+file.where}" + _page_end(style)))

    def _defaults(self, kind: str) -> list[tuple[str, str]]:
        """Give the permalinks that the configuration's defaults have for a type, each with its path, the longest first."""
        said = self._config.find("defaults")
        found: list[tuple[str, str]] = []
        for default in said if isinstance(said, list) else ():
            scope, values = (default.get("scope"), default.get("values")) if isinstance(default, dict) else (None, None)
            if isinstance(scope, dict) and isinstance(values, dict) and scope.get("type", kind) == kind:
                path, permalink = scope.get("path") or "", values.get("permalink")
                if isinstance(permalink, str) and isinstance(path, str):
                    found.insert(0, (path.strip("/"), permalink))
        return sorted(found, key=lambda each: -len(each[0]))

    def _templates(self, pattern: str, tokens: Tokens) -> Iterator[str]:
        """Give the templates of a permalink, behind those of the records' own."""
        yield _OWN
        yield from self._own(tokens)
        yield from self._expanded(pattern, tokens)

    def _own(self, tokens: Tokens) -> Iterator[str]:
        """Give templates for the permalinks with placeholders that records have themselves."""
        typed = [text for text in self._keys.get("permalink", ()) if re.search(r"(?:^|[/_.-]):[a-z]", text)]
        for text in typed if len(typed) <= _OWN_AT_MOST else ():
            guard = f"{{permalink|is={quote(text, safe=_PLAIN)}}}"
            yield from (guard + template for template in self._expanded(text, tokens))

    def _expanded(self, pattern: str, tokens: Tokens) -> Iterator[str]:
        """Write a permalink as templates: a date and a slug in the front matter stand in for those of the file's name."""
        dates = {name: [f"{{date ?? file.date|{self._zone}|{form}}}"] for name, form in _DATES.items()}
        yield from expand_tokens(_rooted(pattern), {**dates, **tokens}) or ()
