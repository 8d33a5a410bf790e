"""The scripts and styles of pages: our style, and what `make web` builds from packages, which an editable install may be without."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from exporter.pages.layout import SitePage

_FOLDER = Path(__file__).parent
BUILT = _FOLDER / "assets"
"""Where `make web` puts what it builds; in the wheel it is always there."""
SITE_SCRIPT, QUERY_SCRIPT, ENGINE, GRAPH_SCRIPT = "site.js", "query.js", "engine.js", "graph.js"


def are_built() -> bool:
    """Say whether the scripts are there: without them pages work with plain forms."""
    return all((BUILT / name).is_file() for name in (SITE_SCRIPT, QUERY_SCRIPT, ENGINE, GRAPH_SCRIPT))


def asset(name: str) -> str:
    """Give the file of a script on the site."""
    return f"_/assets/{name}"


def read_assets() -> Iterator[SitePage]:
    """Give the style, and what is built, with its licences."""
    yield SitePage(asset("site.css"), (_FOLDER / "site.css").read_bytes())
    if are_built():
        for path in sorted(BUILT.iterdir()):
            if path.is_file():
                yield SitePage(asset(path.name), path.read_bytes())
