"""Where Hugo puts pages (https://gohugo.io/content-management/urls/)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from exporter.records.values import Value
from exporter.sites.addressing import SeenKeys, below, expand_tokens, one_of
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.profile import AddressRule

_DATES = ("date", "publishdate", "pubdate", "published", "lastmod", "modified")
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


def hugo_rules(config: SiteConfiguration, content: Sequence[str], site_folder: str, keys: SeenKeys) -> list[AddressRule]:
    """Give the rules for pages and lists, those of sections with a permalink of their own first."""
    languages = hugo_languages(config)
    ends = ".html" if config.find("uglyURLs") is True else "/"
    folders = [(folder, "") for folder in content]
    if languages.folders:
        base = site_folder + "/" if site_folder else ""
        folders = [(base + folder, name) for name, folder in languages.folders]
    rules: list[AddressRule] = []
    for folder, language in folders:
        prefix = f"/{language}" if language in languages.prefixed else ""
        rules += _Folder(folder, prefix, languages, ends, keys).rules(_permalinks(config))
    return rules


def _permalinks(config: SiteConfiguration) -> dict[str, str]:
    """Give the permalink of each section; newer versions of Hugo part those of pages and of others."""
    said = config.find("permalinks")
    said = said if isinstance(said, dict) else {}
    pages = said.get("page")
    flat = pages if isinstance(pages, dict) else said
    return {section: pattern for section, pattern in flat.items() if isinstance(pattern, str)}


class _Folder:
    """The rules of one content folder."""

    def __init__(self, folder: str, prefix: str, languages: HugoLanguages, ends: str, keys: SeenKeys) -> None:
        self._start = below(folder)
        self._prefix = prefix
        self._keys = keys
        self._ends = ends
        plain = f"(?:\\.(?:{one_of(languages.plain)}))?" if languages.plain else ""
        self._suffix = f"(?:\\.(?P<lang>{one_of(languages.prefixed)})|{plain})" if languages.prefixed else plain
        self._langs = ["/{file.lang}", ""] if languages.prefixed and not languages.folders else [""]

    def rules(self, permalinks: Mapping[str, str]) -> list[AddressRule]:
        rules = [AddressRule(f"{self._start}_index{self._suffix}{_ENDING}", self._with_language("/"))]
        lists = f"{self._start}(?P<where>.+)/_index{self._suffix}{_ENDING}"
        rules.append(AddressRule(lists, (*self._urls(), *self._with_language("/{+file.where|path}/"))))
        for section, pattern in permalinks.items():
            templates = self._permalink(pattern)
            if templates is not None:
                rules.append(AddressRule(self._pages(section.strip("/")), templates))
        rules.append(AddressRule(self._pages(None), (*self._urls(), *self._default())))
        return rules

    def _pages(self, section: str | None) -> str:
        folder = below(section) if section else ""
        first = f"(?P<section>{folder[:-1]})/" if section else ""
        return f"{self._start}{first}(?P<dir>(?:[^/]+/)*?)(?P<base>[^/]+?)(?:/index)?{self._suffix}{_ENDING}"

    def _with_language(self, *templates: str) -> tuple[str, ...]:
        return tuple(f"{self._prefix}{lang}{template}" for lang in self._langs for template in templates)

    def _urls(self) -> Iterator[str]:
        """Give the templates of `url`: one that begins with a slash counts from the site's address, another from its language's."""
        said = self._keys.get("url", ())
        if any(url.startswith("/") for url in said):
            yield "{+url|absolute|page}"
        if any(not url.startswith("/") for url in said):
            yield from self._with_language("{+url|rooted|page}")

    def _default(self) -> tuple[str, ...]:
        return self._with_language(
            f"/{{+file.dir|path}}{{slug|path}}{self._ends}",
            f"/{{slug|path}}{self._ends}",
            f"/{{+file.dir|path}}{{file.base|path}}{self._ends}",
            f"/{{file.base|path}}{self._ends}",
        )

    def _permalink(self, pattern: str) -> tuple[str, ...] | None:
        dates = [key for key in _DATES if key in self._keys][:2] or ["date"]
        parts: dict[str, Sequence[str]] = {f":{part}": [f"{{{key}|{part}}}" for key in dates[:1]] for part in ("year", "month", "day")}
        tokens = parts | {
            ":slugorfilename": ["{slug|path}", "{file.base|path}"],
            ":slugorcontentbasename": ["{slug|path}", "{file.base|path}"],
            ":filename": ["{file.base|path}"],
            ":contentbasename": ["{file.base|path}"],
            ":slug": ["{slug|path}", "{title|path}"],
            ":title": ["{title|path}"],
            ":sections[1:]/": ["{+file.dir|path}", ""],
            ":sections/": ["{file.section|path}/{+file.dir|path}", "{file.section|path}/"],
            ":section": ["{file.section|path}"],
        }
        expanded = expand_tokens(pattern if pattern.startswith("/") else f"/{pattern}", tokens)
        if expanded is None:
            return None
        return (*self._urls(), *self._with_language(*expanded, *self._default()[: len(self._default()) // len(self._langs)]))
