"""Where Jekyll puts pages, posts and the documents of collections (https://jekyllrb.com/docs/permalinks/)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
_PARTS = ("year", "month", "day")


def jekyll_collections(config: SiteConfiguration) -> dict[str, dict[str, Value]]:
    """Give the collections with what the configuration says of each."""
    said = config.find("collections")
    if isinstance(said, list):
        return {str(name): {} for name in said if isinstance(name, str)}
    return {name: value if isinstance(value, dict) else {} for name, value in said.items()} if isinstance(said, dict) else {}


def jekyll_rules(config: SiteConfiguration, content: Sequence[str], keys: SeenKeys) -> list[AddressRule]:
    """Give the rules of posts, of each collection, and of pages."""
    style = config.text("permalink") or "date"
    rules: list[AddressRule] = []
    folder = config.text("collections_dir").strip("/")
    for start in content:
        inside = below(start) + below(folder)
        rules += _posts(inside, _of_type(config, "posts") or style, keys)
        for name, said in jekyll_collections(config).items():
            if name not in {"posts", "drafts"}:
                own = said.get("permalink")
                pattern = own if isinstance(own, str) else _of_type(config, name)
                rules.append(_documents(inside, name, pattern, style, keys))
        rules += _pages(below(start), style)
    return rules


def _of_type(config: SiteConfiguration, name: str) -> str | None:
    """Give the permalink that the configuration's defaults have for a collection."""
    said = config.find("defaults")
    for default in said if isinstance(said, list) else ():
        scope, values = (default.get("scope"), default.get("values")) if isinstance(default, dict) else (None, None)
        if isinstance(scope, dict) and isinstance(values, dict) and scope.get("type") == name and isinstance(values.get("permalink"), str):
            return str(values["permalink"])
    return None


def _posts(start: str, style: str, keys: SeenKeys) -> Iterator[AddressRule]:
    pattern = _STYLES.get(style, style)
    for above, name in ((r"(?P<above>.+)/", "above"), ("", "")):
        dated = rf"{start}{above}_posts/(?:.+/)?(?P<year>\d{{2,4}})-(?P<month>\d\d?)-(?P<day>\d\d?)-(?P<base>[^/]+){_ENDING}"
        yield AddressRule(dated, (_OWN, *_post_templates(pattern, keys, above=name, dated=True)))
    yield AddressRule(
        rf"{start}(?:.+/)?_drafts/(?:.+/)?(?P<base>[^/]+){_ENDING}", (_OWN, *_post_templates(pattern, keys, above="", dated=False))
    )


def _post_templates(pattern: str, keys: SeenKeys, *, above: str, dated: bool) -> Iterator[str]:
    """Give the templates of posts: a date and a slug in the front matter stand in for those of the file's name."""
    names = [key for key in ("categories", "category") if key in keys]
    categories = (f"/{{+file.{above}|lower}}" if above else "") + "".join(f"{{/{key}*|words|lower}}" for key in names)
    said = [f"{{date|utc|{part}}}" for part in _PARTS] if "date" in keys else []
    named = [f"{{file.{part}}}" for part in _PARTS] if dated else []
    for dates in filter(None, (said, named)):
        tokens: dict[str, Sequence[str]] = {f":{part}": [text] for part, text in zip(_PARTS, dates, strict=True)}
        tokens |= {"/:categories": [categories], ":title": ["{+slug|hyphens}", "{+file.base|hyphens}"], ":output_ext": [".html"]}
        tokens |= {":slug": ["{slug|slug}", "{file.base|slug}"], ":basename": ["{file.base}"], ":collection": ["posts"]}
        yield from expand_tokens(_rooted(pattern), tokens) or ()
    if not dated:
        yield "/drafts/{file.base}/"


def _rooted(pattern: str) -> str:
    return pattern if pattern.startswith("/") else f"/{pattern}"


def _documents(start: str, name: str, pattern: str | None, style: str, keys: SeenKeys) -> AddressRule:
    pattern = pattern or "/:collection/:path" + _page_end(style)
    dates: dict[str, Sequence[str]] = {f":{part}": [f"{{date|utc|{part}}}"] for part in _PARTS} if "date" in keys else {}
    tokens: dict[str, Sequence[str]] = dates | {
        ":collection": [name],
        ":path": ["{+file.inner}"],
        ":name": ["{+file.base|hyphens}"],
        ":title": ["{+slug|hyphens}", "{+file.base|hyphens}"],
        ":slug": ["{slug|slug}", "{file.base|slug}"],
        ":output_ext": [".html"],
    }
    files = rf"{start}_{below(name)}(?P<inner>(?:.*/)?(?P<base>[^/]+)){_ENDING}"
    expanded = expand_tokens(_rooted(pattern), tokens)
    return AddressRule(files, (_OWN, *(expanded or [f"/{name}/{{+file.inner}}.html"])))


def _page_end(style: str) -> str:
    if style in _PAGE_ENDS:
        return _PAGE_ENDS[style]
    return "/" if style.endswith("/") else ".html" if style.endswith(":output_ext") else ""


def _pages(start: str, style: str) -> Iterator[AddressRule]:
    yield AddressRule(rf"{start}index{_ENDING}", (_OWN, "/"))
    yield AddressRule(rf"{start}(?P<where>.+)/index{_ENDING}", (_OWN, "/{+file.where}/"))
    yield AddressRule(rf"{start}(?P<where>.+){_ENDING}", (_OWN, "/{+file.where}" + _page_end(style)))
