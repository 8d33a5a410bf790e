"""Values as people read them: links, images, dates, lists, texts; and nothing of a record that a browser would act on."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from exporter.pages.addresses import relative
from exporter.pages.view import View
from exporter.rdf.terms import RDF, XSD, Term
from exporter.text import shorten

IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif")
"""How the paths of images end."""
_LINKED = frozenset({"http", "https", "mailto"})
"""Schemes that a browser may be led to; of all others the IRI is text."""
_LONG = 20_000
"""Characters of a literal that a page shows; the resource's Turtle has all of it."""
_PLAIN = frozenset({XSD + "string", RDF + "langString"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it: `kind` is `link`, `image`, `time`, `json`, `list` or `text`; `note` is its language or its datatype.

    `href` is empty where there is nowhere to go. `title` says the IRI, or the literal as it stands. `cut` counts characters left out.
    """

    kind: str
    text: str
    href: str = ""
    note: str = ""
    title: str = ""
    language: str = ""
    items: tuple[Shown, ...] = ()
    cut: int = 0


@dataclass(frozen=True, slots=True)
class Presenter:
    """Shows values on one page, which the links of are relative to. `images` are further hosts whose images are shown.

    `has_image` says which of the site's own images are there.
    """

    view: View
    file: str
    site: str = ""
    images: Collection[str] = field(default_factory=frozenset)
    has_image: Callable[[str], bool] = field(default=lambda _iri: False)

    def show(self, value: Term | tuple[Term, ...]) -> Shown:
        """Show a value, or a list with its items."""
        if isinstance(value, tuple):
            return Shown("list", "", items=tuple(map(self.show, value)))
        if isinstance(value, NamedNode):
            return self.link(value.value)
        if isinstance(value, Literal) and value.datatype.value == XSD + "anyURI":
            return self._elsewhere(value.value)
        return _literal(value) if isinstance(value, Literal) else Shown("text", str(value))

    def link(self, iri: str) -> Shown:
        """Show a resource by its label, and lead to its page, or else to its address."""
        address = self.view.address(iri)
        if address is not None:
            anchor = f"#{address.anchor}" if address.anchor else ""
            here = relative(address.file, self.file) if address.file != self.file or not anchor else ""
            return Shown("link", self.view.label(iri), f"{here}{anchor}", title=iri)
        source = self._image(iri)
        if source:
            return Shown("image", iri.rstrip("/").rpartition("/")[2], source, title=iri)
        return self._elsewhere(iri)

    def _elsewhere(self, iri: str) -> Shown:
        """Lead to an address that has no page here; one that a browser would run is text."""
        scheme = iri.partition(":")[0].lower()
        text = self.view.term_label(iri) if self.view.knows(iri) else iri
        return Shown("link", shorten(text, 200), iri if scheme in _LINKED else "", title=iri)

    def cell(self, value: Term | Triple) -> Shown:
        """Show a term of an answer."""
        return Shown("text", str(value)) if isinstance(value, Triple) else self.show(value)

    def day(self, text: str) -> str:
        """Write a date as people do."""
        return _day(text) or text

    def own(self, name: str) -> str:
        """Lead to one of the site's own pages."""
        return relative(name, self.file)

    def _image(self, iri: str) -> str:
        """Give where an image is, if it may be shown: inside the site, or on a host that was named."""
        found = urlsplit(iri)
        if not found.path.lower().endswith(IMAGES) or "#" in iri:
            return ""
        if self.site and iri.startswith(self.site) and self.has_image(iri):
            return relative(iri[len(self.site) :].partition("?")[0], self.file).replace("%25", "%")
        return iri if found.scheme in {"http", "https"} and found.hostname in self.images else ""


def _literal(value: Literal) -> Shown:
    datatype = value.datatype.value
    if datatype in {XSD + "date", XSD + "dateTime"} and (day := _day(value.value)):
        return Shown("time", day, value.value, title=value.value)
    if datatype == RDF + "JSON":
        return _cut("json", _laid_out(value.value), "JSON")
    if datatype == XSD + "boolean" and value.value in {"true", "false"}:
        return Shown("text", "yes" if value.value == "true" else "no", title=value.value)
    note = value.language or ("" if datatype in _PLAIN or datatype.startswith(XSD) else datatype)
    return _cut("text", value.value, note, value.language or "")


def _cut(kind: str, text: str, note: str = "", language: str = "") -> Shown:
    return Shown(kind, text[:_LONG], note=note, language=language, cut=max(0, len(text) - _LONG))


def _day(text: str) -> str:
    """Write a date, and a time with its zone, as people do; nothing for what is not one.

    >>> _day("2019-11-05T12:35:51.997492Z"), _day("2019-11-05"), _day("Jan 31")
    ('5 November 2019, 12:35 UTC', '5 November 2019', '')
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return ""
    written = f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"
    if "T" not in text:
        return written
    zone = "" if moment.tzinfo is None else " UTC" if not moment.utcoffset() else f" UTC{moment:%z}"
    return f"{written}, {moment:%H:%M}{zone}"


_MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def _laid_out(text: str) -> str:
    try:
        return json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    except (ValueError, RecursionError):
        return text
