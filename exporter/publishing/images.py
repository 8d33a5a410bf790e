"""Images of the site that records name: those that are in the project go along into the folder, so that pages can show them."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from exporter.pages.layout import SitePage
from exporter.pages.values import IMAGES
from exporter.project import Project

_USUAL = (("static", "/"), ("public", "/"))
"""Folders that tools serve at the root of a site, where the settings name none."""
_LARGEST = 20_000_000
"""Bytes of an image that is copied."""


class SiteImages:
    """Finds images by their address, in the folders that the setting `file-addresses` names, and never outside of the project."""

    def __init__(self, project: Project, address: str) -> None:
        self._root = Path(project.root).resolve()
        self._address = address
        self._served = [pair for pair in (project.file_addresses or _USUAL) if pair[1] != "page"]
        self._known: dict[str, Path | None] = {}

    def has(self, iri: str) -> bool:
        """Say whether an image is in the project."""
        if iri not in self._known:
            self._known[iri] = self._find(iri)
        return self._known[iri] is not None

    def file(self, iri: str) -> SitePage | None:
        """Give an image as a file of the site."""
        path = self._known.get(iri) if self.has(iri) else None
        return SitePage(self._name(iri), path.read_bytes()) if path is not None else None

    def _name(self, iri: str) -> str:
        return unquote(urlsplit(iri[len(self._address) :]).path)

    def _find(self, iri: str) -> Path | None:
        if not self._address or not iri.startswith(self._address) or not urlsplit(iri).path.lower().endswith(IMAGES):
            return None
        name = self._name(iri)
        if {"", ".", ".."} & set(name.split("/")) or name.startswith(("_/", ".")) or "\\" in name:
            return None
        for folder, address in self._served:
            begin = address.removeprefix(self._address).strip("/") if "//" in address else address.strip("/")
            rest = name.removeprefix(begin).lstrip("/") if name.startswith(begin) else None
            path = (self._root / folder / rest).resolve() if rest else None
            if path is not None and path.is_relative_to(self._root) and path.is_file() and path.stat().st_size <= _LARGEST:
                return path
        return None
