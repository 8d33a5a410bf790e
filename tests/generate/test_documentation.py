"""`owltype gen docs`: the page that authors read."""

from __future__ import annotations

import html
import json
import re
import shutil
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest

from tests.browser import read_in_browser, read_package
from tests.data import DIGITALGOV, OBOFOUNDRY, needs
from tests.running import MEDIGY, ROOT, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

HOSTILE = Path(__file__).with_name("hostile")
EXAMPLES = ROOT / "examples"
PAGES: dict[str, list[str | Path]] = {
    "medigy": [EXAMPLES / "medigy" / "content", "--ontology", MEDIGY, "-s", ROOT / "shapes" / "medigy.ttl"],
    "hostile": [HOSTILE / "content", "--ontology", HOSTILE / "ontology.ttl", "-s", HOSTILE / "shapes.ttl"],
    "obofoundry": [OBOFOUNDRY / "ontology", "--ontology", EXAMPLES / "obofoundry" / "ontology.ttl"],
    "digitalgov": [
        *(DIGITALGOV / "content", "--ontology", EXAMPLES / "digitalgov" / "ontology.ttl"),
        *("-s", EXAMPLES / "digitalgov" / "shapes.ttl"),
    ],
}
AXE = "4.14.1"

each_page = pytest.mark.parametrize(
    "name",
    ["medigy", "hostile", pytest.param("obofoundry", marks=needs(OBOFOUNDRY)), pytest.param("digitalgov", marks=needs(DIGITALGOV))],
)


def page(name: str, **environment: str) -> str:
    """Write a page."""
    done = owltype("gen", "docs", *PAGES[name], "-q", environment=environment)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout


class Tree(HTMLParser):
    """What a page holds: its elements with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def attributes(self, name: str) -> list[str]:
        return [value or "" for _, attributes in self.elements for known, value in attributes.items() if known == name]


@each_page
def test_page_asks_for_nothing_from_elsewhere_and_leads_only_to_itself(name: str) -> None:
    tree = Tree(page(name))
    tags = Counter(tag for tag, _ in tree.elements)
    assert (tags["script"], tags["style"], tags["link"]) == (1, 1, 1)
    assert not {"img", "iframe", "object", "embed", "base", "svg", "b", "i"} & tags.keys()
    assert not [attribute for _, attributes in tree.elements for attribute in attributes if attribute.startswith("on")]
    assert tree.attributes("src") == []
    targets = tree.attributes("href")
    anchors = tree.attributes("id")
    assert [target for target in targets if not target.startswith("#")] == ["data:,"]
    assert {unquote(target[1:]) for target in targets if target.startswith("#")} <= set(anchors)
    assert len(anchors) == len(set(anchors))


@each_page
def test_same_records_give_the_same_page(name: str) -> None:
    assert page(name, PYTHONHASHSEED="1") == page(name, PYTHONHASHSEED="2")


def test_texts_of_ontology_shapes_and_records_are_texts() -> None:
    written = page("hostile")
    text = Tree(written).text
    for number in range(1, 11):
        assert f"alert({number})" in text, number
        assert f"<script>alert({number})" not in written
    assert "{{ 7 * 7 }} {% raw %} <b>code</b>" in text
    assert "\ufffdtext" in text
    assert not re.search("[\u202e\u2028\x00]", written)
    assert "a'<b>&c.yaml" in html.unescape(written)


def test_page_says_what_authors_have_to_know() -> None:
    text = " ".join(Tree(page("medigy")).text.split())
    for words in (
        "Medigy community content",
        "The examples and counts are from 13 records.",
        "Curated content 13 records medigy:CuratedContent, a kind of Article",
        "Its owlType is Medigy Communities",
        "Its address is https://www.medigy.com{+basePath}{slug}/",
        "title required in 13 of 13 headline: text; one value schema:headline a page has one title, of three characters or more",
        "warning: search engines cut a title after 110 characters For example What Our Diabetes Group Learned in a Year,",
        "type in 13 of 13 is part of: Community, as a text",
        "author required in 13 of 13 author: Person, as a text schema:author a page has an author, written as Name @domain",
        "One of Contributed Content, Curated Content, Curated News",
        "identifier in 13 of 13 name: text, a part of it, of the Community schema:name",
        "archetype not exported in 13 of 13 For example contribute-content",
        "A text in place of the map is read as href.",
        "The text below the front matter gives the article body (schema:articleBody).",
        "breadcrumb: a list, item by item with breadcrumbLinks: List item",
    ):
        assert words in text


def test_page_without_records_has_no_examples(tmp_path: Path) -> None:
    done = owltype("gen", "docs", "--ontology", MEDIGY, cwd=tmp_path)
    assert (done.status, done.stderr) == (0, "")
    assert "For example" not in done.stdout
    assert "13 records" not in done.stdout


def test_record_that_cannot_be_read_is_counted(tmp_path: Path) -> None:
    shutil.copytree(HOSTILE / "content", tmp_path / "content")
    (tmp_path / "content" / "bad.yaml").write_text("a: [\n")
    done = owltype("gen", "docs", "content", "--ontology", HOSTILE / "ontology.ttl", cwd=tmp_path)
    assert (done.status, done.stderr) == (0, "1 file with problems; `owltype export` shows them\n")
    assert "The examples and counts are from 1 record; 1 file could not be read." in done.stdout


def test_file_that_is_not_looked_at_makes_the_status_1(tmp_path: Path) -> None:
    shutil.copytree(HOSTILE / "content", tmp_path / "content")
    (tmp_path / "content" / "empty.md").write_text("no front matter\n")
    done = owltype("gen", "docs", "content", "content/empty.md", "--ontology", HOSTILE / "ontology.ttl", cwd=tmp_path)
    assert done.status == 1
    assert "content/empty.md:1:1: error READ-NOTHING" in done.stderr


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    done = owltype("gen", "docs", "content", "--ontology", HOSTILE / "ontology.ttl", "-o", "page.html", cwd=tmp_path)
    assert done.status == 2
    assert done.stderr.startswith('owltype: nothing to read: no record in "content"')
    assert not (tmp_path / "page.html").exists()


def altered(text: str, script: str) -> str:
    """Let a script of ours run in a page, too."""
    assert "Content-Security-Policy" in text
    return re.sub(r"<meta http-equiv=[^>]*>", "", text).replace("</body>", f"<script>{script}</script></body>")


@pytest.mark.slow
def test_search_shows_the_keys_that_hold_all_words(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    script = "words.value = 'lower  UUID'; words.dispatchEvent(new Event('input'));"
    file.write_text(altered(page("medigy"), script), "utf-8")
    tree = Tree(read_in_browser(file.as_uri(), tmp_path / "profile"))
    shown = [attributes["id"] for tag, attributes in tree.elements if tag == "article" and "hidden" not in attributes]
    assert shown == ["CuratedContent.mdName"]
    assert re.search(r"\b1 of \d+ keys", tree.text)
    sections = [attributes["id"] for tag, attributes in tree.elements if tag == "section" and "hidden" not in attributes]
    assert sections == ["CuratedContent"]


@pytest.mark.slow
def test_script_runs_under_the_policy_of_the_page(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(page("hostile"), "utf-8")
    tree = Tree(read_in_browser(file.as_uri(), tmp_path / "profile"))
    assert [attributes for tag, attributes in tree.elements if tag == "form"] == [{"role": "search"}]


@pytest.mark.slow
@each_page
def test_page_fits_a_phone(name: str, tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    script = "document.title = `${document.documentElement.scrollWidth} of ${innerWidth}`;"
    file.write_text(altered(page(name), f"for (const d of document.querySelectorAll('details')) d.open = true; {script}"), "utf-8")
    tree = read_in_browser(file.as_uri(), tmp_path / "profile", "--window-size=360,800")
    found = re.search(r"<title>(\d+) of (\d+)</title>", tree)
    assert found
    assert int(found[1]) <= int(found[2]) <= 500


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe-core."""
    return read_package(f"axe-core@{AXE}", "axe.min.js", tmp_path_factory.mktemp("axe"))


RUN = """
for (const details of document.querySelectorAll("details")) details.open = true;
axe.run(document, { resultTypes: ["violations", "incomplete"] }).then((results) => {
  const list = (found) => found.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3)}`);
  const contrast = results.passes.some((one) => one.id === "color-contrast");
  const report = document.createElement("pre");
  report.id = "axe";
  report.textContent = JSON.stringify({ violations: list(results.violations), contrast });
  document.body.replaceChildren(report);
});
"""


@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
@each_page
def test_axe_finds_no_barrier(name: str, width: int, scheme: str, axe: str, tmp_path: Path) -> None:
    """Contrast of at least 4.5, names, landmarks, the order of headings: https://dequeuniversity.com/rules/axe/."""
    file = tmp_path / "page.html"
    file.write_text(altered(page(name), f"{axe};{RUN}"), "utf-8")
    options = [f"--window-size={width},900", "--virtual-time-budget=60000"]
    options += ["--blink-settings=preferredColorScheme=0"] if scheme == "dark" else []
    tree = read_in_browser(file.as_uri(), tmp_path / "profile", *options)
    found = re.search(r'<pre id="axe">(.*?)</pre>', tree, re.DOTALL)
    assert found, "axe did not end"
    assert json.loads(html.unescape(found[1])) == {"violations": [], "contrast": True}
