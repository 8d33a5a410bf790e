"""Where other tools put pages: MkDocs, Astro, Zola and Pelican."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from exporter.sites.addressing import SeenKeys, below, one_of
from exporter.sites.configuration import SiteConfiguration
from exporter.sites.profile import AddressRule

_ENDING = r"\.[^./]++"
_DATE = r"(?P<year>\d{4})[-/](?P<month>\d\d?)[-/](?P<day>\d\d?)"


def mkdocs_rules(config: SiteConfiguration, content: Sequence[str]) -> Iterator[AddressRule]:
    """Give MkDocs' rules (https://www.mkdocs.org/user-guide/writing-your-docs/#file-layout)."""
    ends = ".html" if config.find("use_directory_urls") is False else "/"
    blog = _material_blog(config)
    for folder in content:
        start = below(folder)
        if blog is not None:
            yield from _material_posts(start, blog, ends)
        yield AddressRule(rf"{start}(?:index|README){_ENDING}", ("/",))
        yield AddressRule(rf"{start}(?P<where>.+)/(?:index|README){_ENDING}", ("/{+file.where}/",))
        yield AddressRule(rf"{start}(?P<where>.+){_ENDING}", (f"/{{+file.where}}{ends}",))


def _material_blog(config: SiteConfiguration) -> SiteConfiguration | None:
    """Give the settings of the blog of Material for MkDocs, None where its plugin is not used."""
    plugins = config.find("plugins")
    listed = plugins if isinstance(plugins, list) else [plugins] if isinstance(plugins, (dict, str)) else []
    for each in listed:
        for name in each if isinstance(each, dict) else [each]:
            if name in {"blog", "material/blog"}:
                said = each[name] if isinstance(each, dict) else None
                return SiteConfiguration(values=said if isinstance(said, dict) else {})
    return None


def material_authors(config: SiteConfiguration) -> tuple[str, ...]:
    """Give the file of the blog's authors, below the pages (https://squidfunk.github.io/mkdocs-material/plugins/blog/#config.authors_file)."""
    blog = _material_blog(config)
    if blog is None:
        return ()
    return ((blog.text("authors_file") or "{blog}/.authors.yml").replace("{blog}", _blog_home(blog)).lstrip("/"),)


def _blog_home(blog: SiteConfiguration) -> str:
    return (blog.text("blog_dir") or "blog").strip("./")


def _material_posts(start: str, blog: SiteConfiguration, ends: str) -> Iterator[AddressRule]:
    """Give the rule of posts (https://squidfunk.github.io/mkdocs-material/plugins/blog/#config.post_url_format)."""
    home = _blog_home(blog)
    posts = (blog.text("post_dir") or "{blog}/posts").replace("{blog}", home).strip("./")
    route = f"/{home}" if home else ""
    dated = blog.text("post_url_date_format") or "yyyy/MM/dd"
    for token, part in (("yyyy", "year"), ("MM", "month"), ("dd", "day")):
        dated = dated.replace(token, f"{{date.created ?? date|{part}}}", 1)
    pattern = (blog.text("post_url_format") or "{date}/{slug}").strip("/")
    pattern = pattern.replace("{date}", dated).replace("{file}", "{file.base}").replace("{categories}", "{categories|anchor}")
    slugs = ("{+slug}", "{title ?? @title ?? file.base|anchor}")
    templates = dict.fromkeys(f"{route}/{pattern.replace('{slug}', each)}{ends}" for each in slugs)
    yield AddressRule(rf"{start}{below(posts)}(?:.+/)?(?P<base>[^/]+){_ENDING}", tuple(templates))


_COLLECTION = re.compile(r"getCollection\(\s*+['\"]([\w-]++)['\"]")
_PAGE_AT_MOST = 1_000_000  # bytes


def astro_rules(config: SiteConfiguration, site_folder: str, place: str) -> Iterator[AddressRule]:
    """Give Astro's rules for collections and pages (https://docs.astro.build/en/guides/routing/, https://docs.astro.build/en/guides/content-collections/)."""
    ends = ".html" if config.text("format") == "file" else "" if config.text("trailingSlash") == "never" else "/"
    home = below(site_folder)
    routes, declared = _astro_routes(place), astro_collections(place)
    names = ("{slug ?? file.where|anchor}",)
    for collection, route in sorted(routes.items()):
        folder = declared[collection].place if collection in declared else f"src/content/{collection}"
        templates = (f"{route}/{{+slug}}{ends}", f"{route}/{{+file.where|anchor}}{ends}")
        yield AddressRule(rf"{home}{below(folder)}(?P<where>.+?)(?:/index)?{_ENDING}", templates, names=names)
    # where some collections have a route, the others have no pages
    alone = (f"/{{+file.where|anchor}}{ends}",) if not routes else ("/{file.collection}#{+file.where|anchor}",)
    within = "" if not routes else "(?P<collection>[^/]++)/"
    yield AddressRule(rf"{home}src/content/{within}(?P<where>.+?)(?:/index)?{_ENDING}", alone, names=names)
    for name, each in sorted(declared.items()):
        if not each.is_file and not f"{each.place}/".startswith("src/content/"):
            other = (f"/{name}#{{+file.where|anchor}}",)
            yield AddressRule(rf"{home}{below(each.place)}(?P<where>.+?)(?:/index)?{_ENDING}", other, names=names)
    pages = f"{home}src/pages/"
    yield AddressRule(rf"{pages}index{_ENDING}", ("/",))
    yield AddressRule(rf"{pages}(?P<where>.+?)(?:/index)?{_ENDING}", (f"/{{+file.where}}{ends}",))


def astro_content(place: str, content: Sequence[str]) -> list[str]:
    """Give the folders with content: those that each site has, and those that collections are loaded from elsewhere."""
    bases = [each.place for each in astro_collections(place).values() if not each.is_file]
    return [*content, *dict.fromkeys(base for base in bases if not any(f"{base}/".startswith(f"{folder}/") for folder in content))]


def _astro_routes(place: str) -> dict[str, str]:
    """Find out which route shows which collection: the page with a parameter in its name asks for it."""
    routes: dict[str, str] = {}
    pages = os.path.join(place, "src", "pages")  # noqa: PTH118 - as texts
    for folder, _, names in sorted(os.walk(pages)):
        route = folder.removeprefix(pages).replace(os.sep, "/").rstrip("/")
        for name in sorted(names):
            if not (name.startswith("[") and name.endswith((".astro", ".ts", ".js", ".tsx", ".jsx"))):
                continue
            with Path(folder, name).open("rb") as file:
                for collection in _COLLECTION.findall(file.read(_PAGE_AT_MOST).decode("utf-8", "replace")):
                    routes.setdefault(collection, route)
    return routes


_COLLECTIONS = re.compile(r"\b(?P<name>\w++)\s*+=\s*+defineCollection\(")
_LOADED = re.compile(r"\bfile\(\s*+['\"](?P<file>[^'\"\n]{1,200})['\"]|\bbase\s*+:\s*+['\"](?P<base>[^'\"\n]{1,200})['\"]")
_REFERENCE = re.compile(r"\b(?P<key>\w++)['\"]?+\s*+:\s*+(?:z\s*+\.\s*+array\(\s*+)?+reference\(\s*+['\"](?P<of>[\w-]++)['\"]")
_ASTRO_CONTENT = tuple(f"src/{name}.{ending}" for name in ("content.config", "content/config") for ending in ("ts", "mts", "mjs", "js"))


@dataclass(frozen=True, slots=True)
class AstroCollection:
    """A collection as the site declares it: its folder, or the file of its entries, and the keys that name entries of others."""

    place: str
    is_file: bool
    references: Mapping[str, str]


def astro_collections(place: str) -> dict[str, AstroCollection]:
    """Read the declarations of collections (https://docs.astro.build/en/guides/content-collections/); nothing is run."""
    text = next((_text(file) for name in _ASTRO_CONTENT if (file := Path(place, name)).is_file()), "")
    found = list(_COLLECTIONS.finditer(text))
    collections = {}
    ends = [*(match.start() for match in found[1:]), len(text)]
    for match, end in zip(found, ends, strict=False):  # one end more where nothing is declared
        said = text[match.end() : end]
        loaded = _LOADED.search(said)
        where = (loaded["file"] or loaded["base"]) if loaded else f"src/content/{match['name']}"
        references = {each["key"]: each["of"] for each in _REFERENCE.finditer(said)}
        collections[match["name"]] = AstroCollection(where.removeprefix("./").strip("/"), bool(loaded and loaded["file"]), references)
    return collections


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.read(_PAGE_AT_MOST).decode("utf-8", "replace")


_SLUGIFIED = {"on": "|slug", "safe": "|hyphens", "off": ""}
"""How names become parts of addresses, by the setting `slugify.paths`; `safe` leaves case and other scripts as they are."""


def zola_languages(config: SiteConfiguration) -> tuple[str, ...]:
    """Give the languages whose pages stand below their name: all but the default one."""
    said = config.find("languages")
    default = config.text("default_language") or "en"
    return tuple(name for name in said if name != default) if isinstance(said, dict) else ()


def zola_rules(config: SiteConfiguration, content: Sequence[str]) -> Iterator[AddressRule]:
    """Give Zola's rules (https://www.getzola.org/documentation/content/page/): folders stay as they are, names become slugs."""
    keeps = config.find("slugify.paths_keep_dates") is True
    date = "" if keeps else r"(?:\d{4}-\d\d-\d\d(?:T[^/_-]*)?\s?[_-])?"
    filter_ = _SLUGIFIED.get(config.text("slugify.paths"), _SLUGIFIED["on"])
    names = [f"{{+slug{filter_}}}", f"{{+file.base{filter_}}}"]
    languages = zola_languages(config)
    own = "{+path|rooted|page}"

    def rule(files: str, *templates: str) -> AddressRule:
        if not languages:
            return AddressRule(f"{files}{_ENDING}", (own, *templates))
        default = re.escape(config.text("default_language") or "en")
        files = rf"(?P<origin>{files})(?:\.(?P<lang>{one_of(languages)})|(?:\.{default})?)(?P<ending>{_ENDING})"
        return AddressRule(files, (own, *(f"/{{file.lang}}{template}" for template in templates), *templates))

    for folder in content:
        start = below(folder)
        yield rule(f"{start}_?index", "/")
        yield rule(f"{start}(?P<where>.+)/_index", "/{+file.where}/")
        named = f"{date}(?P<base>[^/]+?)(?:/index)?"
        yield rule(f"{start}{named}", *(f"/{name}/" for name in names))
        yield rule(f"{start}(?P<dir>(?:[^/]+/)+?){named}", *(f"/{{+file.dir}}{name}/" for name in names))


def pelican_rules(config: SiteConfiguration, content: Sequence[str], keys: SeenKeys) -> Iterator[AddressRule]:
    """Give Pelican's rules (https://docs.getpelican.com/en/latest/settings.html#url-settings)."""
    articles = config.text("ARTICLE_URL") or "{slug}.html"
    pages = config.text("PAGE_URL") or "pages/{slug}.html"
    for folder in content:
        start = below(folder)
        yield AddressRule(rf"{start}pages/(?:.*/)?(?P<base>[^/]+){_ENDING}", tuple(_pelican(pages, keys)))
        yield AddressRule(rf"{start}(?:.*/)?(?P<base>[^/]+){_ENDING}", tuple(_pelican(articles, keys)))


def _pelican(pattern: str, keys: SeenKeys) -> Iterator[str]:
    """Write `{slug}` and `{date:%Y}` as templates; a slug is made of the title where there is none."""
    parts = {"%Y": "{date|year}", "%m": "{date|month}", "%d": "{date|day}"}
    dated = re.sub(r"\{date:(%[Ymd])\}", lambda match: parts[match[1]], pattern)
    for name in ("{slug}", "{title|slug}", "{file.base|slug}"):
        yield "/" + dated.replace("{slug}", name).lstrip("/")
    yield "{+url|rooted}" if "url" in keys else "/{file.base|slug}.html"
