"""What a site offers of the whole graph: files to download, and the same for queries that run in the browser."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from exporter.pages.addresses import relative
from exporter.pages.layout import QUERY, SEARCH, SitePage
from exporter.pages.view import View
from exporter.writers.strings import escape_in_page

GRAPH = "_/data/graph"
NAMES = "_/data/names.js"
LIMIT_MB = 150
"""Megabytes of N-Triples that a browser is given: Oxigraph takes some six times as much memory."""
_PART = 4_000_000
"""Bytes of a script with data, before base64: a browser shows how far it is, and caches each."""
_UNITS = ("bytes", "kB", "MB", "GB")


def size_of(count: float) -> str:
    """Write a number of bytes as people do.

    >>> size_of(999), size_of(3_412_000)
    ('999 bytes', '3.4 MB')
    """
    unit = 0
    while count >= 1000 and unit < len(_UNITS) - 1:
        count, unit = count / 1000, unit + 1
    return f"{count:.0f} {_UNITS[unit]}" if unit == 0 or count >= 100 else f"{count:.1f} {_UNITS[unit]}"


def scripts_of(packed: int) -> int:
    """Say how many scripts hold so many bytes of compressed data."""
    return -(-packed // _PART)


def browser_data(packed: bytes) -> Iterator[SitePage]:
    """Cut compressed N-Triples into scripts, which load from a disk too, where nothing else does."""
    parts = [packed[at : at + _PART] for at in range(0, len(packed), _PART)]
    for number, part in enumerate(parts):
        text = base64.b64encode(part).decode()
        yield SitePage(f"{GRAPH}-{number}.js", f'owltype.data("graph",{number},{len(parts)},"{text}");\n'.encode())


def names_index(view: View) -> SitePage:
    """Write the names of all resources for the search: label, class, and where the page is, seen from the search page."""
    rows = []
    for iri in view.graph.subjects():
        address = view.address(iri)
        label = view.label(iri)
        if address is not None:
            kinds = view.graph.types(iri)
            kind = view.term_label(kinds[0]) if kinds else ""
            anchor = f"#{address.anchor}" if address.anchor else ""
            rows.append([label, kind, relative(address.file, SEARCH) + anchor])
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return SitePage(NAMES, f'owltype.data("names",0,1,{escape_in_page(text)});\n'.encode())


def completions(view: View) -> object:
    """Give the terms of the graph for the editor of queries: what is inserted, and what it is called."""
    found = view.graph.predicates()
    terms = [{"iri": iri, "label": view.term_label(iri), "name": view.show(iri)} for iri in found]
    return [*terms, *({"iri": of.iri, "label": of.label, "name": view.show(of.iri)} for of in view.classes())]


def query_data(view: View, prefixes: dict[str, str], parts: int, triples: int, engine: str) -> str:
    """Say to the script of the query page what to load, and with which words queries are written."""
    scripts = [relative(f"{GRAPH}-{number}.js", QUERY) for number in range(parts)]
    return _for_script(view, prefixes, {"scripts": scripts, "engine": relative(engine, QUERY), "triples": triples})


def served_data(view: View, prefixes: dict[str, str], endpoint: str) -> str:
    """Say to the script of the query page where to ask, and with which words queries are written."""
    return _for_script(view, prefixes, {"endpoint": relative(endpoint, QUERY)})


def _for_script(view: View, prefixes: dict[str, str], data: dict[str, object]) -> str:
    return escape_in_page(json.dumps({**data, "prefixes": prefixes, "terms": completions(view)}, ensure_ascii=False, separators=(",", ":")))
