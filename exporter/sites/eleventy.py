"""Where Eleventy puts pages (https://www.11ty.dev/docs/permalinks/): by their permalinks, those of their data files, and their names.

A permalink may be a template of Liquid or Nunjucks. It is not run: names, and filters such as `slugify` and `date`, are written as
templates of ours, and a page with another expression stands where it would without its permalink.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from exporter.language.filters import check_filter
from exporter.records.reading import read_file
from exporter.sites.addressing import SeenKeys, below
from exporter.sites.configuration import SiteConfiguration, read_configuration
from exporter.sites.profile import AddressRule

_ENDING = r"\.[^./]++"
_PERMALINKS = ("eleventyComputed.permalink", "permalink.build", "permalink")
"""The keys that say where a page stands, the one that decides first."""
_OWN_AT_MOST = 5
_PAGES_AT_MOST = 20  # pages with a data file of their own that has a permalink
_EXPRESSION = re.compile(r"""\{\{-?\s*(?P<name>[\w.]+)\s*(?P<filters>(?:\|\s*\w+\s*(?:[:(]\s*["'][^"'{}|]*["']\s*\)?\s*)?)*)-?\}\}""")
_FILTER = re.compile(r"""\|\s*(?P<name>\w+)\s*(?:[:(]\s*["'](?P<form>[^"'{}|]*)["'])?""")
_FILTERS = {"slugify": "slug", "slug": "slug", "lower": "lower", "downcase": "lower", "safe": "", "trim": "", "strip": "", "string": ""}
"""Filters of templates, as ours; the empty ones change nothing in an address."""
_NAMED = {"page.fileSlug": "file.slug", "page.date": "date ?? file.date"}
_PATH_STEM, _STEM = "page.filePathStem", "{file path stem}"
"""The path without the ending and the date of its name, and what stands for it until it is known which rule it is for."""
_PROGRAM = ("{{", "{%", "${")
_DAY = r"\d{4}-\d\d-\d\d"
_DATED = rf"(?=(?:.*?(?P<date>{_DAY}))?)"
"""The date of a page that says none: the first in its path, be it a folder's."""
_CALLED = rf"(?:{_DAY}-)?(?P<slug>[^/]+)"
"""A name without its date, as `page.fileSlug` has it; the page of a folder is called after that."""
_DATA_ENDINGS = ("11tydata.js", "11tydata.mjs", "11tydata.cjs", "11tydata.json", "json")
"""What data files of a folder or page end in, the one that decides first (https://www.11ty.dev/docs/data-template-dir/)."""
_TOP_AT_MOST = 10_000  # bytes of a template in which its pagination is looked for
_TEMPLATES = (".njk", ".liquid", ".hbs", ".md", ".html")
"""What templates of pages end in, as far as they are read."""
REPLACED = (("&", " and "),)
"""What `slugify` writes out (https://github.com/sindresorhus/slugify)."""


def eleventy_rules(content: Sequence[str], site_folder: str, place: str, keys: SeenKeys) -> Iterator[AddressRule]:
    """Give the rules of each content folder; those of pages and folders whose data file has a permalink go first."""
    own = tuple(_own(keys))
    for folder in content:
        start = below(folder)
        for lead, template in _data_files(Path(place, folder[len(site_folder) :].strip("/"))):
            yield from _rules(start, lead, (*own, template))
        yield AddressRule(rf"{start}index{_ENDING}", (*own, "/"))
        yield from _rules(start, "", (*own, "/{+file.where}/"))


def _rules(start: str, lead: str, templates: tuple[str, ...]) -> Iterator[AddressRule]:
    """Give the rules of the pages that `lead` lets pass; a page that is called as its folder is stands there, if nobody says otherwise."""
    said = "".join(templates)
    lead = (_DATED if "file.date" in said else "") + lead
    folders = r"(?:[^/]++/(?!index\.))*+"
    if _STEM in said:
        of_index = (template.replace(f"{_STEM}.html", "{/file.within*}/").replace(_STEM, "{/file.within*}/index") for template in templates)
        yield AddressRule(rf"{start}{lead}(?P<within>(?:[^/]++/)*+)index{_ENDING}", tuple(of_index))
        templates = tuple(template.replace(_STEM, "{/file.within*}/{+file.slug}") for template in templates)
        folders = f"(?P<within>{folders})"
    if "file.where" not in said:
        yield AddressRule(rf"{start}{lead}{folders}{_CALLED}(?:/index)?{_ENDING}", templates)
        return
    yield AddressRule(rf"{start}{lead}(?P<where>(?:[^/]++/)*(?P<last>{_CALLED}))/(?P=last){_ENDING}", templates)
    yield AddressRule(rf"{start}{lead}(?P<where>{folders}{_CALLED})(?:/index)?{_ENDING}", templates)


def _own(keys: SeenKeys) -> Iterator[str]:
    """Yield what pages say themselves: permalinks as they are, and those that are templates, for the pages that have them."""
    for key in _PERMALINKS:
        yield f"{{+{key}|plain|rooted|page}}"
        written = ((text, _written(text)) for text in keys.get(key, ()) if _is_program(text))
        known = [(quote(text, safe="/:;,@&=+$!*() "), template) for text, template in written if template is not None]
        yield from (f"{{{key}|is={text}}}{template}" for text, template in known[:_OWN_AT_MOST])


def _data_files(place: Path) -> Iterator[tuple[str, str]]:
    """Find the data files with a permalink, those of pages first, then the deepest: what tells their pages apart, and the template."""
    of_folders: list[tuple[str, str]] = []
    pages = 0
    for folder, inner, names in sorted(os.walk(place), key=lambda found: (-found[0].count(os.sep), found[0])):
        inner[:] = [name for name in inner if name != "node_modules" and not name.startswith(("_", "."))]
        here = Path(folder).relative_to(place).as_posix().removeprefix(".")
        for stem in sorted({name.partition(".")[0] for name in names if name.endswith(_DATA_ENDINGS)}):
            template = _permalink(folder, stem)
            is_page = any(name.startswith(f"{stem}.") and not name.endswith(_DATA_ENDINGS) for name in names)
            if template and is_page and pages < _PAGES_AT_MOST:
                pages += 1
                yield rf"(?={below(here)}{re.escape(stem)}{_ENDING}\Z)", template
            if template and stem == Path(folder).name:
                of_folders.append((rf"(?={below(here)})" if here else "", template))
    yield from of_folders


def _permalink(folder: str, stem: str) -> str | None:
    for ending in _DATA_ENDINGS:
        said = read_configuration(folder, [f"{stem}.{ending}"], stem).text(*_PERMALINKS)
        if said:
            return _written(said)
    return None


def eleventy_entries(place: str, path: str) -> Iterator[str]:
    """Yield where a page stands for each entry of a data file (https://www.11ty.dev/docs/pages-from-data/), if a template makes them."""
    name = Path(path).stem
    for file in _templates_with_pages(place):
        record = read_file(file.name, place=str(file)).record
        said = SiteConfiguration(values=record.front_matter if record else {})
        alias = said.text("pagination.alias")
        if said.text("pagination.data") != name or said.text("pagination.size") != "1" or not alias:
            continue
        template = _written(said.text("permalink"))
        if template and template != "/":
            own = re.sub(rf"(?<=[{{+]){re.escape(alias)}\.(?=\w)", "", template)
            yield re.sub(rf"(?<=[{{+]){re.escape(alias)}(?=[|}}])", "@key", own)


def _templates_with_pages(place: str) -> Iterator[Path]:
    for folder, inner, names in os.walk(place):
        inner[:] = sorted(name for name in inner if name != "node_modules" and not name.startswith(("_", ".")))
        for file in (Path(folder, name) for name in sorted(names) if name.endswith(_TEMPLATES)):
            with file.open("rb") as opened:
                if b"pagination" in opened.read(_TOP_AT_MOST):
                    yield file


def _is_program(text: str) -> bool:
    return any(mark in text for mark in _PROGRAM)


def _written(permalink: str) -> str | None:
    """Write a permalink as a template; None for one that only the program knows."""
    template = _EXPRESSION.sub(_variable, permalink)
    if _is_program(template):
        return None
    return template.lstrip("/") if template.lstrip("/").startswith(_STEM) else "/" + template.lstrip("/").removesuffix("index.html")


def _variable(match: re.Match[str]) -> str:
    """Write an expression of a template as a variable; one that is none of these stays, and is not known before the program runs."""
    name = _NAMED.get(match["name"], match["name"])
    filters = [(each["name"], each["form"]) for each in _FILTER.finditer(match["filters"])]
    if match["name"] == _PATH_STEM and not filters:
        return _STEM
    if name.startswith("page.") or (match["name"] == "page.date" and [each for each, _ in filters] != ["date"]):
        return match[0]
    written = [_FILTERS.get(each) if each != "date" else _date_form(form or "") for each, form in filters]
    if None in written:
        return match[0]
    ours = "".join(f"|{each}" for each in written if each)
    return f"{{{name}{ours}}}" if "slug" in ours else f"{{+{name}{ours}}}"


def _date_form(form: str) -> str | None:
    """Give a form of a date as a filter, where it is one of Liquid's."""
    try:
        check_filter(form)
    except ValueError:
        return None
    return form if form.startswith("%") else None
