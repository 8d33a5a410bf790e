"""What all pages of a site have: its name, its menu, its security policy, and the templates that they fill."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from exporter.generate.templating import Templates
from exporter.pages.addresses import relative
from exporter.pages.values import Presenter
from exporter.pages.view import View

TEMPLATES = Path(__file__).parent / "templates"
HOME, SEARCH, QUERY, ABOUT = "_/index.html", "_/search.html", "_/query.html", "_/about.html"
ONTOLOGY, SHAPES, REPORT, NOT_FOUND = "_/ontology.html", "_/shapes.html", "_/report.html", "404.html"


class SitePage(NamedTuple):
    """A file of the site: its path below the root, and its bytes."""

    file: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What a site is called and what its pages show.

    `address` is where it will be, with its path; `images` are further hosts whose images are shown; `sources` is where a file can be seen,
    with `{path}` and perhaps `{line}`: without it no path of a file is shown. `scripts` and `stylesheets` are files of the site, `menu`
    are names with files, `templates` are folders of templates that come before ours. `events` is where a server tells of changes,
    and `version` counts these.
    """

    title: str
    about: str = ""
    address: str = ""
    images: frozenset[str] = frozenset()
    sources: str | None = None
    scripts: tuple[str, ...] = ()
    stylesheets: tuple[str, ...] = ()
    menu: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    templates: tuple[Path, ...] = ()
    events: str = ""
    version: int = 0


class SiteLayout:
    """Fills templates for one site; `has_image` says which of its images are there."""

    def __init__(self, view: View, options: SiteOptions, has_image: Callable[[str], bool] = lambda _iri: False) -> None:
        self.view = view
        self.options = options
        self.has_image = has_image
        self._templates = Templates([*options.templates, TEMPLATES], sandboxed=bool(options.templates))
        self._policy = policy(options.images)

    def presenter(self, file: str) -> Presenter:
        """Give what shows values on a page."""
        return Presenter(self.view, file, self.options.address, self.options.images, self.has_image)

    def page(self, template: str, file: str, title: str, values: Mapping[str, object]) -> SitePage:
        """Fill a template with what all pages have, and with `values`."""
        options = self.options
        shared = {
            "policy": self._policy,
            "title": title,
            "site_title": options.title,
            "own": lambda name: relative(name, file),
            "here": file,
            "menu": options.menu,
            "footer": options.footer,
            "scripts": options.scripts,
            "stylesheets": options.stylesheets,
            "events": options.events,
            "version": options.version,
        }
        return SitePage(file, self._templates.render(template, {**shared, **values}).encode("utf-8", "replace"))


def policy(images: Collection[str] = ()) -> str:
    """Write the content security policy of every page: nothing from elsewhere, and no text of a record runs (https://www.w3.org/TR/CSP3/).

    >>> policy(["img.example.org"]).split("; ")[4]
    "img-src 'self' data: https://img.example.org http://img.example.org"
    """
    hosts = "".join(f" https://{host} http://{host}" for host in sorted(images))
    return (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; connect-src 'self'; "
        f"img-src 'self' data:{hosts}; style-src 'self'; form-action 'self'; base-uri 'none'"
    )
