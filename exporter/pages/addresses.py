"""Where the page of a resource is: one function for all that write pages, or answer with them.

Below the site's address a page has the path of its IRI, any other IRI is at `_/HOST/PATH`, and a fragment is an anchor on the page of the
IRI without it. Names are in characters that no file system, host or browser changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urlsplit

from exporter.digests import short_digest

OWN = "_"
"""The folder of the site's own pages, and of the pages of IRIs that are not below the site's address."""
INDEX = "index.html"
_LENGTH = 120
"""How many bytes a name may have."""
_SAFE = "~"
"""Besides letters, digits and `_.-`, which `quote` leaves as they are."""
_PAGES = (".html", ".htm")
_OWN_NAMES = frozenset({"class", "data", "assets", "queries"})
"""Folders of the site's own pages, which no host may take."""
_AT_TOP = frozenset({OWN, "404.html", "sitemap.xml", "robots.txt", "cname"})
_WINDOWS = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)
_IRI = re.compile(r"([a-z][a-z0-9+.-]*):(?://([^/?]*))?(.*)", re.IGNORECASE | re.DOTALL)
"""Scheme, authority and the rest (RFC 3987, section 2.2)."""


class Address(NamedTuple):
    """The file of a page, relative to the site's root, and the anchor on it; empty for the page itself."""

    file: str
    anchor: str = ""


class Addresses:
    """The addresses of all resources of a graph, which are given together: names that are equal but for case depend on one another.

    `site` is the address of the site, with its path (`https://example.org/blog/`). `known` are addresses of a graph that is much the same,
    which saves time.

    >>> addresses = Addresses("https://e.org/", ["https://e.org/news/x/", "https://e.org/news/X/", "https://o.org/a#b", "https://e.org/y"])
    >>> addresses.of("https://o.org/a#b"), addresses.of("https://e.org/y")
    (Address(file='_/o.org/a/index.html', anchor='b'), Address(file='y/index.html', anchor=''))
    >>> addresses.of("https://e.org/news/x/")
    Address(file='news/x-306d6fa7/index.html', anchor='')
    """

    def __init__(self, site: str, iris: Iterable[str], known: Addresses | None = None) -> None:
        self.site = site if site.endswith("/") else site + "/"
        names = known.names if known is not None and known.site == self.site else {}
        self.names: dict[str, list[str]] = {iri: names.get(iri) or self._plain(iri) for iri in dict.fromkeys(map(page_iri, iris))}
        """The names of the folders and the file that each page has when no other is in its way."""
        self.pages: Mapping[str, str] = known.pages if known is not None and known.names == self.names else _settle(self.names)
        """The file of each page by the IRI that it is about, which has no fragment."""

    def of(self, iri: str) -> Address | None:
        """Give the address of a resource; None for one that has no page."""
        file = self.pages.get(page_iri(iri))
        return None if file is None else Address(file, anchor_of(iri))

    def _plain(self, iri: str) -> list[str]:
        """Give the names of the folders and the file that an IRI has when no other is in its way."""
        if iri.startswith(self.site) or iri + "/" == self.site:
            names = _names(iri[len(self.site) :])
            if names[0].casefold() in _AT_TOP or names[0].startswith("."):
                names[0] = _hashed(names[0], iri)
            return names
        found = _IRI.fullmatch(iri)
        scheme, authority, path = found.groups() if found else ("iri", None, iri)
        host = _name((authority or scheme).lower(), iri)
        if host.casefold() in _OWN_NAMES or host.endswith(_PAGES):
            host = _hashed(host, iri)
        return [OWN, host, *_names(path.removeprefix("/") if authority is not None else path)]


def page_iri(iri: str) -> str:
    """Give the IRI whose page a resource is on: without the fragment, unless nothing stands before it.

    >>> page_iri("https://e.org/x/#author"), page_iri("https://e.org/x")
    ('https://e.org/x/', 'https://e.org/x')
    """
    return iri.partition("#")[0] or iri


def anchor_of(iri: str) -> str:
    """Give the `id` that a resource has on its page, empty for the page's own.

    >>> anchor_of("https://e.org/x#Émile Zola"), anchor_of("https://e.org/x")
    ('%C3%89mile%20Zola', '')
    """
    return quote(iri.partition("#")[2], safe=_SAFE)


def relative(file: str, from_file: str) -> str:
    """Give the relative reference from one page to another, with the whole name, so that it works at any address and from a disk.

    >>> relative("news/x/index.html", "_/class/News.html"), relative("a%20b/index.html", "index.html")
    ('../../news/x/index.html', 'a%2520b/index.html')
    """
    here, there, quoted = from_file.split("/")[:-1], file.split("/"), _quoted(file)
    common = 0
    while common < min(len(here), len(there) - 1) and here[common] == there[common]:
        common += 1
    return "../" * (len(here) - common) + quoted.split("/", common)[-1]


@lru_cache(maxsize=100_000)
def _quoted(file: str) -> str:
    return quote(file)


def common_site(iris: Iterable[str]) -> str:
    """Guess the site's address from the IRIs of records: scheme and host that most of them have; empty where none is on a host.

    >>> common_site(["https://e.org/a", "https://e.org/b", "https://o.org/"])
    'https://e.org/'
    """
    hosts = Counter(f"{found.scheme}://{found.netloc}/" for found in map(urlsplit, iris) if found.scheme in {"http", "https"})
    return min(hosts, key=lambda host: (-hosts[host], host)) if hosts else ""


def _names(path: str) -> list[str]:
    """Part a path into names, the last of which is that of a page."""
    path, mark, question = path.partition("?")
    *folders, last = path.split("/")
    names = [_name(folder, path) for folder in folders]
    if mark:
        last += mark + question
    if not last:
        return [*names, INDEX]
    if last.endswith(_PAGES):
        return [*names, _name(last, path)]
    return [*names, _name(last, path), INDEX]


def _name(text: str, within: str) -> str:
    """Make a safe name of a part of an IRI, which may have escapes of its own."""
    name = quote(unquote_to_bytes(text), safe=_SAFE)
    if len(name) > _LENGTH or name in {"", ".", ".."} or name.endswith((".", "~")) or _WINDOWS.fullmatch(name) or unsafe_escape(text):
        return _hashed(name, f"{within}\0{text}")
    return name


def unsafe_escape(text: str) -> bool:
    """Say whether a part of an IRI has escapes of characters that need none, or that separate names: it reads as another one does.

    >>> unsafe_escape("%2E%2E"), unsafe_escape("a%2Fb"), unsafe_escape("a%20b")
    (True, True, False)
    """
    return any(chr(int(code, 16)) in "/\\\0" or quote(chr(int(code, 16)), safe=_SAFE) != "%" + code.upper() for code in _escapes(text))


def _escapes(text: str) -> list[str]:
    return [code for code in re.findall("%([0-9A-Fa-f]{2})", text) if int(code, 16) < 0x80]


def _hashed(name: str, of: str) -> str:
    digest = short_digest(of).hex()[:8]
    name = f"x-{name}" if _WINDOWS.fullmatch(name) else name
    stem, dot, ending = name.rpartition(".")
    if dot and "." + ending in _PAGES:
        return f"{_cut(stem, _LENGTH - 9 - len(ending) - 1)}-{digest}.{ending}"
    return f"{_cut(name, _LENGTH - 9)}-{digest}"


def _cut(name: str, length: int) -> str:
    """Cut a name, not in the middle of an escape; what is left can stand before a hash."""
    cut = re.sub("%[0-9A-F]?$", "", name[:length]).strip(".~")
    return cut or "x"


def _settle(plain: Mapping[str, list[str]]) -> dict[str, str]:
    """Give each page a file that no other has, on file systems that ignore case too, and that is not the folder of another."""
    wanted = {iri: "/".join(names) for iri, names in plain.items()}
    sharing: dict[str, list[str]] = {}
    for iri, file in wanted.items():
        sharing.setdefault(file.casefold(), []).append(iri)
    folders = {"/".join(names[:depth]).casefold() for names in plain.values() for depth in range(1, len(names))}
    alone = {winner for file, iris in sharing.items() if file not in folders and (winner := _winner(iris)) is not None}
    files = {iri: wanted[iri] for iri in plain if iri in alone}
    taken = {*folders, *(file.casefold() for file in files.values())}
    for iri in sorted(plain.keys() - alone):
        names = plain[iri]
        at = len(names) - 1 - (names[-1] == INDEX and len(names) > 1)
        for salt in ("", *map(str, range(1, 100))):
            file = "/".join([*names[:at], _hashed(names[at], iri + salt), *names[at + 1 :]])
            if file.casefold() not in taken:
                break
        files[iri] = file
        taken.add(file.casefold())
    return files


def _winner(iris: list[str]) -> str | None:
    """Give the one that keeps a name that several want: of an IRI with a slash at its end and the same without it, the first."""
    if len(iris) == 1:
        return iris[0]
    short, long = sorted(iris, key=len)[:2]
    return long if len(iris) == 2 and long == short + "/" else None
