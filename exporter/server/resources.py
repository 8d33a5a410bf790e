"""A resource at its own path: as a page, or as data, by what a client accepts (https://www.w3.org/TR/cooluris/)."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from exporter.server.negotiation import choose
from exporter.server.pages import ServedPages

MEDIA_TYPES = {"text/html": "", "text/turtle": "turtle", "application/ld+json": "jsonld"}
_ENDINGS = {"text/html": ".html", "text/turtle": ".ttl", "application/ld+json": ".jsonld"}


class FoundResource(NamedTuple):
    """What stands at a path: a `file` of the site, or another `location` to see; both empty where the path is that of a file itself."""

    file: str = ""
    location: str = ""
    content_location: str = ""


def find_resource(pages: ServedPages, path: str, accept: str | None) -> FoundResource:
    """Find the resource whose IRI is the site's address with a path, which is still percent-encoded.

    A record is a document, and is given itself; another thing is not, so its description is elsewhere (303).
    """
    found = pages.resource_at(path)
    if found is None:
        return FoundResource()
    iri, file = found
    chosen = choose(accept, list(_ENDINGS)) or "text/html"
    stem = file.removesuffix(".html").removesuffix(".htm")
    wanted = file if chosen == "text/html" else stem + _ENDINGS[chosen]
    address = "/" + quote(wanted)
    if pages.is_record(iri):
        return FoundResource(wanted, content_location=address)
    return FoundResource(location=address)
