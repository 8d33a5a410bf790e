"""Served pages in a browser: a query is asked on the server, an edit shows by itself, and nothing is said on the console."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from exporter.pages.assets import are_built
from tests.browser import open_browser
from tests.publishing.sites import SHAPES, make_site, note
from tests.server.serving import serving

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not are_built(), reason="the scripts of pages are not built: `make web`")]


def test_a_browser_asks_follows_an_edit_and_finds_the_problem(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {"soup.md": note("soup", "Soup", "topics: [Food]"), "bread.md": note("bread", "Bread")})
    (site / "shapes").mkdir()
    (site / "shapes/s.ttl").write_text(SHAPES, "utf-8")
    with serving(tmp_path, "--watch", cwd=site) as server, open_browser() as browser:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("request", lambda request: None if request.url.startswith((server.address, "data:", "blob:")) else said.append(request.url))
        page.goto(f"{server.address}/_/query.html")
        page.click("[data-run]")
        expect(page.locator("[data-status]")).to_contain_text("rows")
        page.click("[data-answer] >> text=Graph", timeout=1000) if page.locator("text=Graph").count() else None
        page.goto(f"{server.address}/notes/soup/index.html")
        expect(page.locator("h1")).to_have_text("Soup")
        expect(page.locator("main")).to_contain_text("content/soup.md")
        expect(page.locator(".line")).to_have_text(["line 4", "line 5"])
        (site / "content/soup.md").write_text(note("soup", "Gazpacho " * 6), "utf-8")
        expect(page.locator("h1")).to_contain_text("Gazpacho", timeout=10_000)
        expect(page.locator(".problems")).to_contain_text("the title is too long", timeout=20_000)
        page.goto(f"{server.address}/_/report.html")
        expect(page.locator("tbody tr code[title]")).to_have_text("soup.md:4")
        assert said == []


BY_TOPIC = """# title: Notes by topic
# param topic: iri = <https://e.org/topics/food/>
PREFIX schema: <https://schema.org/>
SELECT ?note ?name WHERE { ?note schema:about ?topic ; schema:name ?name } ORDER BY ?name
"""


def test_a_browser_asks_a_saved_query_with_a_parameter_searches_and_walks(tmp_path: Path) -> None:
    site = make_site(
        tmp_path / "site",
        {
            "soup.md": note("soup", "Soup", "topics: [Food, Winter]"),
            "bread.md": note("bread", "Bread", "topics: [Food]"),
            "ski.md": note("ski", "Ski", "topics: [Winter]"),
        },
    )
    (site / "queries").mkdir()
    (site / "queries/by-topic.rq").write_text(BY_TOPIC, "utf-8")
    (site / "owltype.toml").write_text('paths = ["content"]\nqueries = "queries"\n', "utf-8")
    with serving(tmp_path, "--no-validate", cwd=site) as server, open_browser() as browser:
        page = browser.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text) if message.type in {"error", "warning"} else None)
        page.on("request", lambda request: None if request.url.startswith((server.address, "data:", "blob:")) else said.append(request.url))
        page.goto(f"{server.address}/_/index.html")
        page.click("text=Notes by topic")
        expect(page.locator("main tbody tr")).to_have_count(2)
        page.fill("form input[name*=topic]", "https://e.org/topics/winter/")
        page.click("form button")
        expect(page.locator("[data-answer] tbody tr")).to_have_count(2)
        expect(page.locator("[data-answer] tbody")).to_contain_text("Ski")
        page.goto(f"{server.address}/_/search.html")
        page.fill("input[type=search]", "brea")
        page.click("text=Bread")
        expect(page.locator("h1")).to_have_text("Bread")
        page.click("main a:has-text('Food')")
        expect(page.locator("h1")).to_have_text("Food")
        expect(page.locator("main")).to_contain_text("Soup")
        assert said == []
