"""Where Hugo puts pages (https://gohugo.io/content-management/urls/)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from exporter.language.patterns import PatternError, parse_pattern
from exporter.records.values import Value
from exporter.sites.addressing import SeenKeys, below, one_of
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.hugo_permalinks import Permalinks
from exporter.sites.profile import AddressRule

_DATED = r"(?P<date>(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d))[-_](?P<base>[^/]+?)"
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
    own = {name: _get(language, "contentdir") if isinstance(language, dict) else None for name, language in said.items()}
    shared = config.text("contentDir").strip("/") or "content"
    folders = tuple((name.lower(), str(folder or shared).strip("/")) for name, folder in own.items()) if any(own.values()) else ()
    prefixed = tuple(name for name in names if everywhere or name != default.lower())
    return HugoLanguages(prefixed, tuple(name for name in names if name not in prefixed), folders)


def hugo_content(config: SiteConfiguration, shared: str) -> list[str]:
    """Give the content folders: the one of all languages, and those of some that lie elsewhere."""
    folders = [folder for _, folder in hugo_languages(config).folders]
    return list(dict.fromkeys([shared, *(folder for folder in folders if not f"{folder}/".startswith(f"{shared}/"))]))


def hugo_ignored(config: SiteConfiguration) -> Callable[[str], bool]:
    """Give what says whether Hugo ignores a file, by its project path: `ignoreFiles` are expressions over whole paths."""
    said = config.find("ignoreFiles")
    patterns = []
    for text in said if isinstance(said, list) else [said]:
        with suppress(PatternError):  # what is an expression of Go's alone is not known
            patterns += [parse_pattern(f"(?P<all>.*(?:{text}).*)")] if isinstance(text, str) and text else []
    return lambda path: any(pattern.match(f"/{path}") for pattern in patterns)


def _get(values: Mapping[str, Value], key: str) -> Value:
    return next((value for name, value in values.items() if name.lower() == key), None)


def hugo_rules(config: SiteConfiguration, content: Sequence[str], site_folder: str, place: str, keys: SeenKeys) -> list[AddressRule]:
    """Give the rules for pages and lists, sections with a permalink of their own first; `place` is where the site's folder lies."""
    languages = hugo_languages(config)
    folders = [(folder, "") for folder in content]
    if languages.folders:
        base = site_folder + "/" if site_folder else ""
        folders = [(base + folder, name) for name, folder in languages.folders]
    rules: list[AddressRule] = []
    for folder, language in folders:
        prefix = f"/{language}" if language in languages.prefixed else ""
        nested = _nested_sections(Path(place, folder[len(site_folder) :].strip("/")))
        rules += _Folder(folder, language, prefix, languages, config, keys, nested).rules(_permalinks(config))
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


class _Folder:
    """The rules of one content folder; `nested` are the sections below others, which have a page of their own."""

    def __init__(
        self,
        folder: str,
        language: str,
        prefix: str,
        languages: HugoLanguages,
        config: SiteConfiguration,
        keys: SeenKeys,
        nested: Sequence[str],
    ) -> None:
        above, _, last = folder.rpartition("/")
        named = re.search(rf"(?:(?<=[._-])|^){re.escape(language)}(?=[._-]|$)", last, re.IGNORECASE) if language else None
        inside = f"{re.escape(last[: named.start()])}(?P<lang>{named[0]}){re.escape(last[named.end() :])}/" if named else ""
        self._start = f"{below(above)}{inside}" if named else below(folder)
        self._prefix = prefix
        self._keys = keys
        self._ugly = config.find("uglyURLs")
        self._permalinks = Permalinks(config, keys)
        self._nested = nested
        languages = replace(languages, prefixed=(), plain=()) if languages.folders else languages
        plain = f"(?:\\.(?:{one_of(languages.plain)}))?" if languages.plain else ""
        self._suffix = f"(?:\\.(?P<lang>{one_of(languages.prefixed)})|{plain})" if languages.prefixed else plain
        self._langs = ["/{file.lang}", ""] if languages.prefixed else [""]

    def rules(self, permalinks: Mapping[str, str]) -> Iterator[AddressRule]:
        """Yield the rules of lists, of sections with a permalink or with an ending of their own, and of pages."""
        yield AddressRule(self._file(f"{self._start}_index"), self._with_language("/"))
        ugly = sorted(self._ugly) if isinstance(self._ugly, dict) else []
        for section in dict.fromkeys([*(name for name in ugly if self._end(name) != self._end("")), ""]):
            names = f"(?P<where>{below(section)[:-1]}(?:/.+)?)" if section else "(?P<where>.+)"
            lists = self._file(f"{self._start}{names}/_index")
            yield AddressRule(lists, (*self._urls(), *self._with_language(f"/{{+file.where|path}}{self._end(section)}")))
        for section in dict.fromkeys([*permalinks, *ugly, ""]):
            for by_name in (True, False) if self._permalinks.dates_by_name else (False,):
                yield from self._section(section.strip("/"), permalinks.get(section, ""), dated=by_name)

    def _end(self, section: str) -> str:
        """Say what addresses end in: `uglyURLs` holds for the whole site, or is said of sections."""
        said = _get(self._ugly, section.lower()) if isinstance(self._ugly, dict) else self._ugly
        return ".html" if said is True else "/"

    def _section(self, section: str, pattern: str, *, dated: bool) -> Iterator[AddressRule]:
        nested = [name[len(section) + 1 :] for name in self._nested if name.startswith(f"{section}/")] if section else []
        base = _DATED if dated else "(?P<base>[^/]+?)"
        # slices of the sections are written out, for each section one rule
        each = [f"{section}/{name}" for name in sorted(nested, key=len, reverse=True)] if ":sections[" in pattern else []
        for written in [*each, section]:
            names = f"(?:(?P<nested>{one_of(nested)})/)?" if nested and not each else ""
            first = f"(?P<section>{below(written)[:-1]})/{names}" if section else ""
            templates = self._templates(written, pattern, dated=dated, nested=bool(names))
            files = self._file(f"{self._start}{first}(?P<dir>(?:[^/]+/)*?){base}(?:/index)?")
            yield AddressRule(files, (*self._urls(), *templates))

    def _templates(self, section: str, pattern: str, *, dated: bool, nested: bool) -> tuple[str, ...]:
        end = self._end(section.partition("/")[0])
        found = self._permalinks.templates(pattern, section, dated=dated, nested=nested) if pattern else ()
        if found:
            return self._with_language(*(f"{template}{end}" if template != "/" else template for template in found))
        place = "/{+file.section|path}" if section else ""
        return self._with_language(
            *(f"{place}/{{+file.dir|path}}{{+{name}|path}}{end}" for name in ("slug", "file.base")),
            *(f"{place}/{{+{name}|path}}{end}" for name in ("slug", "file.base")),
        )

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
