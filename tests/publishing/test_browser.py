"""A published site in a browser, from a server and from a disk: search, walk, sort, ask, cancel, without an error or another host."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from exporter import make_project, open_dataset, publish
from exporter.pages.assets import are_built
from exporter.sparql.queries.saved import list_saved, read_saved
from tests.browser import open_browser, read_package
from tests.running import MEDIGY, ROOT

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not are_built(), reason="the scripts of pages are not built: `make web`")]

CONTENT, SHAPES, QUERIES = ROOT / "examples/medigy/content", ROOT / "shapes/medigy.ttl", ROOT / "examples/medigy/queries"
AXE = "4.11.0"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . FILTER(?c != ?f && ?f != ?i) }"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example records as a site, with everything that is shown when it is asked for."""
    folder = tmp_path_factory.mktemp("published") / "site"
    project = make_project(str(CONTENT), ontology=str(MEDIGY), shapes=str(SHAPES))
    done = publish(
        (), folder, project=project, with_problems=True, with_sources="https://git.example.org/{path}#L{line}", queries=str(QUERIES)
    )
    assert done.scripted
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module", params=["http", "file"])
def address(request: pytest.FixtureRequest, site: Path) -> Iterator[str]:
    """Where the site is: below a path on a server, or on the disk."""
    if request.param == "file":
        yield site.as_uri()
        return
    handler = functools.partial(_Quiet, directory=str(site.parent))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{site.name}"
        server.shutdown()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page that may say nothing on the console, and may ask no other host."""
    opened = browser.new_page(viewport={"width": 1100, "height": 900})
    said: list[str] = []
    opened.on("console", lambda message: said.append(f"{message.type}: {message.text}") if message.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda error: said.append(str(error)))
    opened.on("request", lambda request: said.append(request.url) if _is_elsewhere(request.url, address) else None)
    yield opened
    opened.close()
    assert said == []


def _is_elsewhere(url: str, address: str) -> bool:
    found = urlsplit(url)
    return found.scheme not in {"blob", "data"} and (found.scheme, found.netloc) != urlsplit(address)[:2]


def test_a_name_is_found_and_leads_to_its_record_and_on_to_a_topic(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.fill("input[name=q]", "sepsis rul")
    page.click("text=Search >> nth=-1")
    page.click("[data-search-results] a >> nth=0")
    expect(page.locator("h1")).to_have_text("Hospital Shares Its Sepsis Rule Set")
    expect(page.locator("[data-graph] canvas").first).to_be_visible()
    page.click("dd >> text=Alert Fatigue")
    expect(page.locator("h1")).to_have_text("Alert Fatigue")
    expect(page.locator("main")).to_contain_text("Named by")


def test_a_table_sorts_and_filters(page: Page, address: str) -> None:
    page.goto(f"{address}/index.html")
    page.click(".cards >> text=Curated content")
    names = page.locator("tbody tr:visible th")
    first = names.first.inner_text()
    page.click("thead button >> nth=0")
    page.click("thead button >> nth=0")
    expect(page.locator("thead th").first).to_have_attribute("aria-sort", "descending")
    assert names.first.inner_text() != first
    page.fill(".tools input[type=search]", "telehealth")
    expect(page.locator(".tools [role=status]")).to_contain_text(" of 13 rows")


@pytest.mark.parametrize("path", list_saved(QUERIES), ids=lambda path: path.stem)
def test_saved_questions_have_the_same_rows_in_the_page_and_in_the_browser(page: Page, address: str, path: Path) -> None:
    query = read_saved(path)
    with open_dataset(project=make_project(str(CONTENT), ontology=str(MEDIGY))) as dataset:
        expected = len(dataset.query(query.text, query.bindings({}, dataset.prefixes)).rows)
    page.goto(f"{address}/_/queries/{path.stem}.html")
    expect(page.locator("tbody tr")).to_have_count(expected)
    page.click("form button")
    expect(page.locator("[data-status]")).to_contain_text(" row", timeout=30_000)
    assert page.locator("[data-answer] tbody tr").count() == expected, page.inner_text("[data-answer]")


def test_an_answer_is_a_chart_too_and_a_download(page: Page, address: str) -> None:
    page.goto(f"{address}/_/query.html")
    page.click("[data-run]")
    page.click("text=Chart")
    expect(page.locator("meter").first).to_be_visible()
    with page.expect_download() as download:
        page.click("text=CSV")
    assert download.value.path().read_text("utf-8").startswith("class,things")


def test_a_query_that_runs_away_is_cancelled_and_the_next_one_is_answered(page: Page, address: str) -> None:
    page.goto(f"{address}/_/query.html?query={quote(RUNAWAY)}")
    expect(page.locator("[data-status]")).to_contain_text("triples are loaded", timeout=30_000)
    page.click("[data-cancel]")
    expect(page.locator("[data-answer]")).to_contain_text("was cancelled")
    page.goto(f"{address}/_/query.html?query={quote('ASK { ?a ?b ?c }')}")
    expect(page.locator(".truth")).to_have_text("Yes", timeout=30_000)


def test_a_query_that_takes_too_long_is_ended(page: Page, address: str) -> None:
    page.goto(f"{address}/_/query.html?seconds=1&query={quote(RUNAWAY)}")
    expect(page.locator("[data-answer]")).to_contain_text("was ended after 1 seconds", timeout=30_000)


def test_an_error_of_a_query_is_said(page: Page, address: str) -> None:
    page.goto(f"{address}/_/query.html?query={quote('SELEC * {}')}")
    expect(page.locator("[data-answer] .error")).to_contain_text("expected", timeout=30_000)


def test_a_problem_and_its_line_are_found(page: Page, address: str) -> None:
    page.goto(f"{address}/_/report.html")
    page.select_option("select >> nth=1", "SH-MIN-COUNT")
    expect(page.locator("tbody tr:visible code[title]")).to_have_count(1)
    expect(page.locator("tbody tr:visible code[title]")).to_have_text("what-our-diabetes-group-learned-in-a-year.md:30")


KINDS = [
    "index.html",
    "_/search.html",
    "_/query.html",
    "_/queries/01-records-by-topic.html",
    "_/report.html",
    "_/shapes.html",
    "_/ontology.html",
    "_/about.html",
    "404.html",
    "topics/symplur/telehealth/index.html",
    "communities/clinical-decision-support/curated-news/news.healthwire-hospital-shares-its-sepsis-rule-set/index.html",
    "class",
]


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    return read_package(f"axe-core@{AXE}", "axe.min.js", tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_barrier(kind: str, scheme: str, site: Path, browser: Browser, axe: str) -> None:
    """Contrast, names, landmarks, the order of headings: https://dequeuniversity.com/rules/axe/."""
    file = min((site / "_/class").glob("*curatedcontent*.html")) if kind == "class" else site / kind
    with browser.new_page(viewport={"width": 400, "height": 900}, color_scheme="dark" if scheme == "dark" else "light") as page:
        page.goto(file.as_uri())
        page.wait_for_timeout(300)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, { resultTypes: ['violations'] }).then((results) => results.violations)")
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "a phone would scroll sideways"
    assert [(violation["id"], [node["html"][:200] for node in violation["nodes"]][:3]) for violation in found] == []
