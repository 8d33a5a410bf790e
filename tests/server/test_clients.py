"""Clients that others wrote ask the endpoint: SPARQLWrapper as scripts do, and YASGUI in a browser, from a page of another site."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, cast

import pytest
from playwright.sync_api import expect
from SPARQLWrapper import CSV, JSON, POST, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from tests.browser import open_browser, read_package
from tests.publishing.sites import make_site, note
from tests.server.serving import Served, serving

pytestmark = pytest.mark.slow

NAMES = "SELECT ?name { ?s <https://schema.org/name> ?name } ORDER BY ?name"
EXPECTED = ["Bread", "Soup & <b>Rice</b>"]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("clients")
    site = make_site(folder / "site", {"soup.md": note("soup", EXPECTED[1]), "bread.md": note("bread", EXPECTED[0])})
    with serving(folder, "--cors", "--no-validate", cwd=site) as server:
        yield server


@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows(served: Served, method: str) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql")
    client.setMethod(method)
    client.setQuery(NAMES)
    client.setReturnFormat(JSON)
    rows = cast("dict[str, Any]", client.queryAndConvert())["results"]["bindings"]
    assert [row["name"]["value"] for row in rows] == EXPECTED
    client.setReturnFormat(XML)
    document = cast("Any", client.queryAndConvert())
    assert [element.firstChild.data for element in document.getElementsByTagName("literal")] == EXPECTED
    client.setReturnFormat(CSV)
    assert cast("bytes", client.queryAndConvert()).decode().split("\r\n")[1:3] == EXPECTED


def test_sparqlwrapper_reads_graphs_booleans_and_errors(served: Served) -> None:
    client = SPARQLWrapper(f"{served.address}/sparql")
    client.setQuery("ASK { ?s <https://schema.org/name> 'Bread' }")
    client.setReturnFormat(JSON)
    assert cast("dict[str, Any]", client.queryAndConvert())["boolean"] is True
    client.setQuery("CONSTRUCT WHERE { ?s <https://schema.org/name> ?n }")
    client.setReturnFormat(TURTLE)
    assert cast("bytes", client.queryAndConvert()).decode().count("schema:name") == 2
    client.setQuery("SELECT ?x { ")
    client.setReturnFormat(JSON)
    with pytest.raises(QueryBadFormed):
        client.query()


PAGE = """<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="yasgui.min.css"><div id="yasgui"></div>
<script src="yasgui.min.js"></script><script>
const shown = new Yasgui(document.getElementById("yasgui"), { requestConfig: { endpoint: %s }, copyEndpointOnNewTab: false });
shown.getTab().setEndpoint(%s); shown.getTab().setQuery(%s);
</script>"""


def test_yasgui_asks_from_another_site(served: Served, tmp_path: Path) -> None:
    for name in ("yasgui.min.js", "yasgui.min.css"):
        (tmp_path / name).write_text(read_package("@zazuko/yasgui@4.6.2", f"build/{name}", tmp_path), "utf-8")
    endpoint = json.dumps(f"{served.address}/sparql")
    (tmp_path / "index.html").write_text(PAGE % (endpoint, endpoint, json.dumps(NAMES)), "utf-8")
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path))) as host:
        Thread(target=host.serve_forever, daemon=True).start()
        with open_browser() as browser:
            page = browser.new_page()
            page.goto(f"http://127.0.0.1:{host.server_port}/index.html")
            page.click(".yasqe_queryButton")
            expect(page.locator(".yasr table.dataTable tbody tr")).to_have_count(2, timeout=20_000)
            for name in EXPECTED:
                expect(page.locator(".yasr table.dataTable")).to_contain_text(name)
        host.shutdown()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 - the name that it has
        """Say nothing."""
