"""Where Eleventy puts pages (https://www.11ty.dev/docs/permalinks/): by their permalinks, those of folders, and their names.

A permalink may be a template of Liquid or Nunjucks. It is not run: names, `slugify` and `date` are written as templates of ours, and a
page with another expression stands where it would without its permalink.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from exporter.language.filters import check_filter
from exporter.sites.addressing import SeenKeys, below
from exporter.sites.configuration import read_configuration
from exporter.sites.profile import AddressRule

_ENDING = r"\.[^./]++"
_OWN = "{+permalink|plain|rooted|page}"
_OWN_AT_MOST = 5
_EXPRESSION = re.compile(
    r"""\{\{-?\s*(?P<name>[\w.]+)\s*(?:\|\s*(?P<filter>slugify|slug|date)\s*(?:[:(]\s*["'](?P<form>[^"'{}|]*)["']\s*\)?\s*)?)?-?\}\}"""
)
_NAMED = {"page.fileSlug": "file.slug", "page.date": "date ?? file.date"}
_PROGRAM = ("{{", "{%", "${")
_DATE = r"(?P<date>\d{4}-\d\d-\d\d)"
_STEM = rf"(?:{_DATE}-)?(?P<slug>[^/]+?)(?:/index)?"
"""A name without its date, as `page.fileSlug` has it: the page of a folder is called after that."""
REPLACED = (("&", " and "),)
"""What `slugify` writes out (https://github.com/sindresorhus/slugify)."""


def eleventy_rules(content: Sequence[str], site_folder: str, place: str, keys: SeenKeys) -> Iterator[AddressRule]:
    """Give the rules of each content folder; those of folders whose data file has a permalink go first."""
    own = [(text, template) for text in keys.get("permalink", ()) if _is_program(text) and (template := _written(text)) is not None]
    owns = tuple(f"{{permalink|is={quote(text, safe='/:;,@&=+$!*() ')}}}{template}" for text, template in own[:_OWN_AT_MOST])
    last = rf"(?:{_DATE}-)?(?P<slug>[^/]+)" if any("file." in template for template in owns) else "[^/]++"
    for folder in content:
        start = below(folder)
        for inner, template in _folders(Path(place, folder[len(site_folder) :].strip("/"))):
            yield AddressRule(rf"{start}{below(inner)}(?:.+?/)??{_STEM}{_ENDING}", (_OWN, *owns, template))
        yield AddressRule(rf"{start}index{_ENDING}", (_OWN, "/"))
        own_name = rf"(?P<where>(?:.+/)?(?P<last>{last}))"
        yield AddressRule(rf"{start}{own_name}/(?:index|(?P=last)){_ENDING}", (_OWN, *owns, "/{+file.where}/"))
        name = f"(?:.+/)?{last}" if "slug" in last else ".+"
        yield AddressRule(rf"{start}(?P<where>{name}){_ENDING}", (_OWN, *owns, "/{+file.where}/"))


def _folders(place: Path) -> Iterator[tuple[str, str]]:
    """Find the folders whose own data file says where their pages stand, the deepest first (https://www.11ty.dev/docs/data-template-dir/)."""
    for folder, inner, _ in sorted(os.walk(place), key=lambda found: (-found[0].count(os.sep), found[0])):
        inner[:] = [name for name in inner if name != "node_modules"]
        name = Path(folder).name
        endings = ("json", "11tydata.json", "11tydata.js", "11tydata.cjs", "11tydata.mjs")
        said = read_configuration(folder, [f"{name}.{ending}" for ending in endings], name).text("permalink")
        template = _written(said) if said else None
        if template is not None and Path(folder) != place:
            yield Path(folder).relative_to(place).as_posix(), template


def _is_program(text: str) -> bool:
    return any(mark in text for mark in _PROGRAM)


def _written(permalink: str) -> str | None:
    """Write a permalink as a template; None for one that only the program knows."""
    template = _EXPRESSION.sub(_variable, permalink)
    return None if _is_program(template) else "/" + template.lstrip("/").removesuffix("index.html")


def _variable(match: re.Match[str]) -> str:
    """Write an expression of a template as a variable; one that is none of these stays, and is not known before the program runs."""
    name, filter_ = _NAMED.get(match["name"], match["name"]), match["filter"]
    if name.startswith("page.") or (name == _NAMED["page.date"] and filter_ != "date"):
        return match[0]
    if filter_ != "date":
        return f"{{{name}|slug}}" if filter_ else f"{{+{name}}}"
    form = match["form"] or ""
    try:
        check_filter(form)
    except ValueError:
        return match[0]
    return f"{{+{name}|{form}}}" if form.startswith("%") else match[0]
