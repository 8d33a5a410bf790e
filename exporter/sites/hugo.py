"""Where Hugo puts pages (https://gohugo.io/content-management/urls/)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.records.values import Value
from exporter.sites.addressing import SeenKeys, below, expand_tokens, one_of
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.profile import AddressRule

_DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
_PARTS = ("year", "month", "day")
_DATED = r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[-_](?P<base>[^/]+?)"
_ENDING = r"\.[^./]++"


@dataclass(frozen=True, slots=True)
class HugoLanguages:
    """The languages of a site: those whose pages stand below their name, those that do not, and their folders where they have some."""

    prefixed: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    folders: tuple[tuple[str, str], ...] = ()


def hugo_languages(config: SiteConfiguration) -> HugoLanguages:
    """Read the languages from the configuration."""
    said = config.find("languages")
    if not isinstance(said, dict) or not said:
        return HugoLanguages()
    default = config.text("defaultContentLanguage") or "en"
    everywhere = config.find("defaultContentLanguageInSubdir") is True
    names = [name.lower() for name in said]
    folders = tuple(
        (name.lower(), str(folder).strip("/"))
        for name, language in said.items()
        if isinstance(language, dict) and (folder := _get(language, "contentdir"))
    )
    prefixed = tuple(name for name in names if everywhere or name != default.lower())
    return HugoLanguages(prefixed, tuple(name for name in names if name not in prefixed), folders)


def _get(values: Mapping[str, Value], key: str) -> Value:
    return next((value for name, value in values.items() if name.lower() == key), None)


def hugo_rules(config: SiteConfiguration, content: Sequence[str], site_folder: str, place: str, keys: SeenKeys) -> list[AddressRule]:
    """Give the rules for pages and lists, sections with a permalink of their own first; `place` is where the site's folder lies."""
    languages = hugo_languages(config)
    ends = ".html" if config.find("uglyURLs") is True else "/"
    folders = [(folder, "") for folder in content]
    if languages.folders:
        base = site_folder + "/" if site_folder else ""
        folders = [(base + folder, name) for name, folder in languages.folders]
    rules: list[AddressRule] = []
    for folder, language in folders:
        prefix = f"/{language}" if language in languages.prefixed else ""
        nested = _nested_sections(Path(place, folder[len(site_folder) :].strip("/")))
        rules += _Folder(folder, language, prefix, languages, ends, keys, nested).rules(
            _permalinks(config), dated=_dated_by_name(config), name_first=_is_name_first(config)
        )
    return rules


def _nested_sections(place: Path) -> list[str]:
    """Find the folders below the first that are sections, because they have a page of their own."""
    found = {
        Path(folder).relative_to(place).as_posix()
        for folder, _, names in os.walk(place)
        if any(name.startswith("_index.") for name in names) and Path(folder) != place
    }
    return sorted(name for name in found if "/" in name)


def _permalinks(config: SiteConfiguration) -> dict[str, str]:
    """Give the permalink of each section; newer versions of Hugo part those of pages and of others."""
    said = config.find("permalinks")
    said = said if isinstance(said, dict) else {}
    pages = said.get("page")
    flat = pages if isinstance(pages, dict) else said
    return {section: pattern for section, pattern in flat.items() if isinstance(pattern, str)}


def _dated_by_name(config: SiteConfiguration) -> bool:
    """Say whether the date in a file's name counts, and what stands behind it is the slug (https://gohugo.io/configuration/front-matter/)."""
    said = config.find("frontmatter.date")
    return isinstance(said, list) and any(str(item).lower() == ":filename" for item in said)


def _is_name_first(config: SiteConfiguration) -> bool:
    """Say whether the date in a file's name goes before what the front matter says."""
    said = config.find("frontmatter.date")
    return isinstance(said, list) and bool(said) and str(said[0]).lower() == ":filename"


class _Folder:
    """The rules of one content folder; `nested` are the sections below others, which have a page of their own."""

    def __init__(
        self, folder: str, language: str, prefix: str, languages: HugoLanguages, ends: str, keys: SeenKeys, nested: Sequence[str]
    ) -> None:
        above, _, last = folder.rpartition("/")
        self._start = f"{below(above)}(?P<lang>{last})/" if language == last.lower() else below(folder)
        self._prefix = prefix
        self._keys = keys
        self._ends = ends
        self._name_first = False  # as `rules` is told
        self._nested = nested
        languages = replace(languages, prefixed=(), plain=()) if languages.folders else languages
        plain = f"(?:\\.(?:{one_of(languages.plain)}))?" if languages.plain else ""
        self._suffix = f"(?:\\.(?P<lang>{one_of(languages.prefixed)})|{plain})" if languages.prefixed else plain
        self._langs = ["/{file.lang}", ""] if languages.prefixed else [""]

    def rules(self, permalinks: Mapping[str, str], *, dated: bool, name_first: bool = False) -> Iterator[AddressRule]:
        """Yield the rules of lists, of sections with a permalink, and of pages; with `dated`, a date in a page's name counts."""
        self._name_first = name_first
        yield AddressRule(self._file(f"{self._start}_index"), self._with_language("/"))
        lists = self._file(f"{self._start}(?P<where>.+)/_index")
        yield AddressRule(lists, (*self._urls(), *self._with_language("/{+file.where|path}/")))
        for section, pattern in [*permalinks.items(), ("", "")]:
            for by_name in (True, False) if dated else (False,):
                yield from self._section(section.strip("/"), pattern, dated=by_name)

    def _section(self, section: str, pattern: str, *, dated: bool) -> Iterator[AddressRule]:
        nested = [name[len(section) + 1 :] for name in self._nested if name.startswith(f"{section}/")] if section else []
        names = f"(?:(?P<nested>{one_of(nested)})/)?" if nested else ""
        first = f"(?P<section>{below(section)[:-1]})/{names}" if section else ""
        base = _DATED if dated else "(?P<base>[^/]+?)"
        templates = self._permalink(pattern, dated=dated, nested=bool(nested)) if section else self._default("")
        if templates is not None:
            files = self._file(f"{self._start}{first}(?P<dir>(?:[^/]+/)*?){base}(?:/index)?")
            yield AddressRule(files, (*self._urls(), *templates))

    def _file(self, page: str) -> str:
        """Write the pattern of a page's file; of what is translated by a name's ending, the parts that the original has too are groups."""
        if "(?P<lang>" in self._suffix:
            return f"(?P<origin>{page}){self._suffix}(?P<ending>{_ENDING})"
        return f"{page}{self._suffix}{_ENDING}"

    def _with_language(self, *templates: str) -> tuple[str, ...]:
        return tuple(f"{self._prefix}{lang}{template}" for lang in self._langs for template in templates)

    def _urls(self) -> Iterator[str]:
        """Give the templates of `url`: one that begins with a slash counts from the site's address, another from its language's."""
        said = self._keys.get("url", ())
        if any(url.startswith("/") for url in said):
            yield "{+url|absolute|page}"
        if any(not url.startswith("/") for url in said):
            yield from self._with_language("{+url|rooted|page}")

    def _default(self, section: str) -> tuple[str, ...]:
        return self._with_language(
            *(f"{section}/{{+file.dir|path}}{{+{name}|path}}{self._ends}" for name in ("slug", "file.base")),
            *(f"{section}/{{+{name}|path}}{self._ends}" for name in ("slug", "file.base")),
        )

    def _permalink(self, pattern: str, *, dated: bool, nested: bool) -> tuple[str, ...] | None:
        whole = "/" + pattern.strip("/") + (self._ends if "." not in pattern.rpartition("/")[2] else "")
        deeper = ["{+file.nested|path}/"] if nested else []
        tokens: dict[str, Sequence[str]] = {
            ":slugorfilename": ["{+slug ?? file.base|path}"],
            ":slugorcontentbasename": ["{+slug ?? file.base|path}"],
            ":filename": ["{+file.base|path}"],
            ":contentbasename": ["{+file.base|path}"],
            ":slug": ["{+slug ?? file.base|path}" if dated else "{+slug ?? title|path}"],
            ":title": ["{+title|path}"],
            ":sections[1:]/": [*deeper, ""],
            ":sections/": [*(f"{{+file.section|path}}/{name}" for name in deeper), "{+file.section|path}/"],
            ":section": ["{+file.section|path}"],
        }
        said = [key for key in _DATES if key in self._keys] or ["date"]
        dates = [[f"{{{key}|{part}}}" for part in _PARTS] for key in said]
        named = [[f"{{file.{part}}}" for part in _PARTS]] if dated else []
        dates = [*named, *dates] if self._name_first else [*dates, *named]
        found: list[str] = []
        for date in dates:
            expanded = expand_tokens(whole, tokens | {f":{part}": [text] for part, text in zip(_PARTS, date, strict=True)})
            if expanded is None:
                return None
            found += expanded
        return (*self._with_language(*dict.fromkeys(found)), *self._default("/{+file.section|path}"))
