"""`owltype gen diagram`: classes as boxes, properties between them as arrows."""

from __future__ import annotations

import html
import json
import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from exporter.generate.diagrams.drawing import Arrow, Box, Diagram, mermaid
from exporter.generate.diagrams.layout import Layout, Size, lay_out
from exporter.generate.diagrams.svg import svg
from tests.browser import read_in_browser, read_package
from tests.running import MEDIGY, ROOT, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

parse = ET.fromstring  # of what we write
SVG = "{http://www.w3.org/2000/svg}"
EXAMPLES = ROOT / "examples"
HOSTILE = Path(__file__).with_name("hostile")
ONTOLOGIES: dict[str, list[str | Path]] = {
    "medigy": [MEDIGY, "-s", ROOT / "shapes" / "medigy.ttl"],
    "digitalgov": [EXAMPLES / "digitalgov" / "ontology.ttl", "-s", EXAMPLES / "digitalgov" / "shapes.ttl"],
    "obofoundry": [EXAMPLES / "obofoundry" / "ontology.ttl"],
    "hostile": [HOSTILE / "ontology.ttl", "-s", HOSTILE / "shapes.ttl"],
}
MERMAID = "11.4.1"
ODD = 'a "b" <c> {d} ; e: f #35; %% `g` \n (h) ~i~ [j] \\ | & \u202e é'


def drawn(name: str, syntax: str, **environment: str) -> str:
    done = owltype("gen", "diagram", "-f", syntax, "--ontology", *ONTOLOGIES[name], environment=environment)
    assert (done.status, done.stderr) == (0, "")
    return done.stdout


def overlap(layout: Layout, sizes: dict[str, Size]) -> list[tuple[str, str]]:
    """Name the boxes that lie over each other."""

    def over(one: str, other: str) -> bool:
        a, b, x, y = layout.nodes[one], layout.nodes[other], sizes[one], sizes[other]
        return a.x < b.x + y.width and b.x < a.x + x.width and a.y < b.y + y.height and b.y < a.y + x.height

    return [pair for pair in combinations(sizes, 2) if over(*pair)]


NODES = "abcdefgh"


@example([("c", "f"), ("c", "h")], [(50, 31), (50, 300), (50, 20), (50, 20), (50, 20), (50, 75), (50, 20), (50, 257)])
@given(
    st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)).filter(lambda edge: edge[0] != edge[1]), unique=True, max_size=20),
    st.lists(st.tuples(st.integers(50, 200), st.integers(20, 300)), min_size=len(NODES), max_size=len(NODES)),
)
def test_layout_leads_edges_from_left_to_right_around_boxes(edges: list[tuple[str, str]], sizes: list[tuple[int, int]]) -> None:
    known = {name: Size(*size) for name, size in zip(NODES, sizes, strict=True)}
    layout = lay_out(known, edges, [40] * len(edges))
    assert layout == lay_out(known, edges, [40] * len(edges))
    assert not overlap(layout, known)
    assert all(placed.x >= 0 and placed.y >= 0 for placed in layout.nodes.values())
    assert all(layout.nodes[name].x + known[name].width <= layout.width for name in known)
    assert all(layout.nodes[name].y + known[name].height <= layout.height for name in known)
    for edge, route in zip(edges, layout.routes, strict=True):
        assert (route.right, route.left) == edge if route.is_reversed else (route.left, route.right) == edge
        left, right = layout.nodes[route.left], layout.nodes[route.right]
        assert left.column + len(route.lanes) + 1 == right.column
        for start, end, y in route.lanes:
            for name, placed in layout.nodes.items():
                beside = end < placed.x or placed.x + known[name].width < start
                assert beside or y < placed.y or y > placed.y + known[name].height


@pytest.mark.parametrize("syntax", ["mermaid", "svg"])
@pytest.mark.parametrize("name", ONTOLOGIES)
def test_same_ontology_gives_the_same_diagram(name: str, syntax: str) -> None:
    assert drawn(name, syntax, PYTHONHASHSEED="1") == drawn(name, syntax, PYTHONHASHSEED="2")


@pytest.mark.parametrize("name", ONTOLOGIES)
def test_svg_is_well_formed_and_holds_nothing_that_runs_or_loads(name: str) -> None:
    root = parse(drawn(name, "svg"))
    known = "svg title desc style defs marker path rect g text tspan"
    assert {element.tag.removeprefix(SVG) for element in root.iter()} <= set(known.split())
    assert not [key for element in root.iter() for key in element.attrib if key.startswith("on") or "href" in key]
    assert "url(" not in (root.findtext(f"{SVG}style") or "")


def test_svg_shows_every_class_property_and_count() -> None:
    texts = ["".join(text.itertext()) for text in parse(drawn("medigy", "svg")).iter(f"{SVG}text")]
    for text in (
        "Curated content",
        "a kind of Article",
        "headline: string [1]",
        "author [1..*]",
        "about [0..8]",
        "workPackageTopic",
        "url: IRI [0..1]",
    ):
        assert text in texts, text


def test_property_of_a_superclass_stands_there_alone() -> None:
    text = drawn("digitalgov", "mermaid")
    assert text.count("headline: string") == 1
    assert '  class Page["Page"] {\n    headline: string [1]\n    datePublished: dateTime\n  }\n' in text
    assert "  Page <|-- News\n" in text
    assert "  Page --> Author : author\n" in text


def test_names_of_mermaid_are_words_of_their_own() -> None:
    boxes = tuple(
        Box(iri, ODD, (), (f"{ODD}: {ODD}",), False) for iri in ("http://e/a-b", "http://e/a_b", "http://e/é", "http://e/1", "urn:")
    )
    text = mermaid(Diagram(boxes, (Arrow("http://e/a-b", "http://e/1", (ODD,)),)))
    assert re.findall(r"  class (\S+?)\[", text) == ["a_b", "a_b_2", "Class", "C1", "urn"]
    assert "a_b --> C1 : " in text
    assert '"b"' not in text


def test_texts_of_svg_are_texts() -> None:
    boxes = (Box("urn:a", ODD, (ODD,), (ODD,), True), Box("urn:b", "b", (), (), False))
    root = parse(svg(Diagram(boxes, (Arrow("urn:a", "urn:b", (ODD,)), Arrow("urn:b", "urn:a"))), ODD))
    assert "<c>" in "".join(root.itertext())
    assert "\u202e" not in "".join(root.itertext())


@pytest.fixture(scope="session")
def mermaid_source(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of Mermaid."""
    return read_package(f"mermaid@{MERMAID}", "dist/mermaid.min.js", tmp_path_factory.mktemp("mermaid"))


@pytest.mark.slow
def test_mermaid_reads_what_is_written(mermaid_source: str, tmp_path: Path) -> None:
    boxes = (Box("urn:a", ODD, (), (f"{ODD}: {ODD}", "x: string [1]"), True), Box("urn:b", "b", (), (), False))
    texts = [
        *(drawn(name, "mermaid") for name in ONTOLOGIES),
        mermaid(Diagram(boxes, (Arrow("urn:a", "urn:b", (ODD,)), Arrow("urn:b", "urn:a")))),
    ]
    script = (
        f"const texts = {json.dumps(texts).replace('<', chr(92) + 'u003c')};"
        "(async () => { const found = []; for (const text of texts) {"
        "  try { const drawn = await mermaid.render(`d${found.length}`, text); found.push(drawn.svg.length > 500); }"
        "  catch (error) { found.push(String(error)); } }"
        "  document.body.innerHTML = '<pre id=found></pre>'; document.getElementById('found').textContent = JSON.stringify(found); })();"
    )
    file = tmp_path / "page.html"
    file.write_text(f"<!doctype html><body><script>{mermaid_source}</script><script>{script}</script></body>", "utf-8")
    tree = read_in_browser(file.as_uri(), tmp_path / "profile", "--virtual-time-budget=60000")
    found = re.search(r'<pre id="found">(.*?)</pre>', tree, re.DOTALL)
    assert found
    assert json.loads(html.unescape(found[1])) == [True] * len(texts)
