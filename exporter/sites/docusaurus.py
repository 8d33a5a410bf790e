"""Where Docusaurus puts pages: docs, posts and pages of its plugins, each with a folder and a route of its own (https://docusaurus.io/docs/).

Its configuration is a program, of which only literals are read: `docs: {…}` of the preset, and `['@docusaurus/plugin-content-docs', {…}]`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from exporter.sites.addressing import below
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.profile import AddressRule

_ENDING = r"\.[^./]++"
_DATE = r"(?P<year>\d{4})[-/](?P<month>\d\d?)[-/](?P<day>\d\d?)"
_PLACES = {"docs": ("docs", "docs"), "blog": ("blog", "blog"), "pages": ("src/pages", "/")}
"""The folder and the route of each kind of content, where nothing else is said."""
_UNNUMBERED = "{/file.dir*|unnumbered}"
_KINDS = {"docs": "doc", "blog": "post", "pages": "page"}
_TYPED = re.compile(r"\|(?:rooted|absolute|resolved)(?=\})")
_PLAIN_KEY = re.compile(r"[^\W\d_A-Z]+(?:[-_ ]+[^\W\d_A-Z]+)*")


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plugin with content: its kind, folder and route, which is empty or begins with a slash; `said` are its other settings."""

    kind: str
    folder: str
    route: str
    said: SiteConfiguration


def docusaurus_plugins(config: SiteConfiguration) -> Iterator[Plugin]:
    """Yield the plugins that a site has content in: those of the classic preset, then those that stand alone."""
    for kind, (folder, route) in _PLACES.items():
        if config.values.get(kind) is not False:
            yield _plugin(kind, folder, route, config.values.get(kind))
        for name, said in config.values.items():
            if name.startswith(f"@docusaurus/plugin-content-{kind} "):
                yield _plugin(kind, folder, route, said)


def docusaurus_content(config: SiteConfiguration) -> dict[str, str]:
    """Give the folders with content, each with what its files are."""
    return {plugin.folder: _KINDS[plugin.kind] for plugin in docusaurus_plugins(config)}


def docusaurus_data(config: SiteConfiguration) -> list[str]:
    """Give the files with the authors and tags of the plugins."""
    plugins = sorted(docusaurus_plugins(config), key=lambda plugin: plugin.kind)  # a tag of the blog goes before one of the docs
    return [f"{plugin.folder}/{name}" for plugin in plugins for name in _entry_files(plugin)]


def _entry_files(plugin: Plugin) -> dict[str, str]:
    """Give the data files of a plugin, each with what its routes begin with."""
    said = plugin.said
    authors = {said.text("authorsMapPath") or "authors.yml": said.text("authorsBasePath") or "authors"}
    tags = {said.text("tags") or "tags.yml": said.text("tagsBasePath") or "tags"}
    return {"docs": tags, "blog": authors | tags}.get(plugin.kind, {})


def docusaurus_entries(config: SiteConfiguration, path: str, keys: Iterable[str]) -> Iterator[str]:
    """Yield the templates of the pages of an author or a tag (https://docusaurus.io/docs/blog#author-pages); `keys` are the entries' own.

    Without a permalink the key is written as lodash's `kebabCase` does it, which `kebab` is for keys without capitals and digits alone.
    """
    ends = "/" if config.find("trailingSlash") is True else ""
    is_plain = all(_PLAIN_KEY.fullmatch(key) for key in keys)
    for plugin in docusaurus_plugins(config):
        base = next((base for name, base in _entry_files(plugin).items() if path == f"{plugin.folder}/{name}"), None)
        if base is None:
            continue
        route = f"{plugin.route}/{base.strip('/')}"
        if base == (plugin.said.text("authorsBasePath") or "authors") and plugin.kind == "blog":
            yield _with_slash(f"{route}{{+page.permalink|rooted}}{ends}", config)
            yield from [f"{{page|is=true}}{route}/{{@key|kebab}}{ends}"] if is_plain else []
        else:
            yield _with_slash(f"{route}{{+permalink|rooted}}{ends}", config)
            yield from [f"{route}/{{@key|kebab}}{ends}"] if is_plain else []


def _plugin(kind: str, folder: str, route: str, said: object) -> Plugin:
    settings = SiteConfiguration(values=said if isinstance(said, dict) else {})
    route = (settings.text("routeBasePath") or route).strip("/")
    return Plugin(kind, settings.text("path").removeprefix("./").strip("/") or folder, f"/{route}" if route else "", settings)


def docusaurus_rules(config: SiteConfiguration, site_folder: str) -> Iterator[AddressRule]:
    """Give the rules of each plugin."""
    for rule in _rules(config, site_folder):
        yield replace(rule, templates=tuple(_with_slash(template, config) for template in rule.templates))


def _with_slash(template: str, config: SiteConfiguration) -> str:
    """Take the slash off what a person types, where the site decides on the slashes at the end of all addresses."""
    return _TYPED.sub(r"\g<0>|unslashed", template) if isinstance(config.find("trailingSlash"), bool) else template


def _rules(config: SiteConfiguration, site_folder: str) -> Iterator[AddressRule]:
    slash = config.find("trailingSlash")
    ends, of_folder = "/" if slash is True else "", "" if slash is False else "/"
    for plugin in docusaurus_plugins(config):
        start = below(site_folder) + below(plugin.folder)
        if plugin.kind == "docs":
            yield from _docs(start, plugin, ends, of_folder)
        elif plugin.kind == "blog":
            yield from _blog(start, plugin.route, ends)
        else:
            slug = f"{plugin.route}{{+slug|rooted}}{ends}"
            yield AddressRule(rf"{start}index{_ENDING}", (slug, f"{plugin.route}/"))
            yield AddressRule(rf"{start}(?P<where>.+)/index{_ENDING}", (slug, f"{plugin.route}/{{+file.where}}{of_folder}"))
            yield AddressRule(rf"{start}(?P<where>.+){_ENDING}", (slug, f"{plugin.route}/{{+file.where}}{ends}"))


def _docs(start: str, plugin: Plugin, ends: str, of_folder: str) -> Iterator[AddressRule]:
    """Give the rules of docs (https://docusaurus.io/docs/create-doc#doc-urls): folders and files may begin with a number.

    A slug that begins with a slash counts from the route, any other from the folder. The page of a folder is called as that is, with
    its number.
    """
    numbered = plugin.said.find("numberPrefixParser") is not False
    raw = ("{/file.dir*}", "{file.base}")
    ways = [("{parse_number_prefixes|is=false}", *raw), ("", _UNNUMBERED, "{file.base|unnumbered}")] if numbered else [("", *raw)]
    drop = "|unnumbered" if numbered else ""
    names = (f"{{file.dir{drop}}}{{id ?? file.base{drop}}}", f"{{id ?? file.base{drop}}}")
    slug = f"{plugin.route}{{+slug|absolute}}{ends}"
    templates, of_folders = [slug], [slug]
    for guard, inside, base in ways:
        where = f"{guard}{plugin.route}{inside}"
        of_folders += [f"{where}/{{+slug|resolved}}{ends}", f"{where}{of_folder}"]
        templates += [f"{where}/{{+slug|resolved}}{ends}", f"{{file.index|when}}{where}{of_folder}"]
        templates += [f"{where}/{{id}}{ends}", f"{where}/{base}{ends}"]
    folders = "(?:[^/]++/)*"
    category = rf"{start}(?P<dir>{folders})(?P<last>[^/]++)/_category_\.(?:json|ya?ml)"
    yield AddressRule(category, tuple(_category(plugin.route, drop, ends)))
    own = rf"{start}(?P<dir>{folders}(?P<last>[^/]++)/)(?P<base>(?i:(?P=last))){_ENDING}"
    yield AddressRule(own, tuple(of_folders), names=names)
    page = rf"{start}(?P<dir>{folders}+)(?P<base>(?P<index>(?i:index|readme))|[^/]+){_ENDING}"
    yield AddressRule(page, tuple(templates), names=names)


def _category(route: str, drop: str, ends: str) -> Iterator[str]:
    """Yield where the generated index of a category stands, where it has one.

    https://docusaurus.io/docs/sidebar/items#generated-index-page
    """
    index = "{link.type|is=generated-index}"
    yield f"{index}{route}{{+link.slug|rooted}}{ends}"
    yield f"{index}{route}/category/{{label|anchor}}{ends}"
    yield f"{index}{route}/category/{{file.last{drop}|anchor}}{ends}"
    yield f"{route}{{/file.dir*{drop}}}/{{file.last{drop}}}#category"


def _blog(start: str, route: str, ends: str) -> Iterator[AddressRule]:
    """Give the rules of posts (https://docusaurus.io/docs/blog#blog-post-date)."""
    slug = f"{route}{{+slug|rooted}}{ends}"
    dated = f"{route}/{{file.year}}/{{file.month}}/{{file.day}}"
    yield AddressRule(rf"{start}{_DATE}[-/](?P<base>.+?)(?:/index)?{_ENDING}", (slug, f"{dated}/{{+file.base}}{ends}"))
    within = f"{dated}/{{+file.dir}}/{{+file.base}}{ends}"
    yield AddressRule(rf"{start}(?P<dir>.+)/{_DATE}[-/](?P<base>.+?)(?:/index)?{_ENDING}", (slug, within))
    yield AddressRule(rf"{start}(?P<where>.+?)(?:/index)?{_ENDING}", (slug, f"{route}/{{+file.where}}{ends}"))
