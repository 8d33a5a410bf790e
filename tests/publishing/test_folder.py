"""The folder of a site: made whole, the same bytes every time, only what has changed is written, and nothing of others is touched."""

from __future__ import annotations

import gzip
import os
import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from exporter import make_project, publish
from exporter.errors import OutputError
from exporter.pages.assets import are_built
from exporter.publishing import site as publishing_site
from exporter.publishing.publishing import Publication
from tests.publishing.sites import SHAPES, Markup, make_site, note
from tests.running import owltype

pytestmark = pytest.mark.slow

RECORDS = {
    "soup.md": note("soup", "Soup", "topics: [Food, Winter]", "date: 2026-01-02", "author: {name: Mira}"),
    "bread.md": note("bread", "Bread", "topics: [Food]", "unread: 1"),
    "draft.md": note("draft", "Draft", "draft: true"),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path / "site", RECORDS)


def run(site: Path, output: Path, **options: object) -> Publication:
    """Publish a project, as the command does."""
    return publish((), output, project=make_project(str(site / "content"), ontology=str(site / "ontology")), **options)  # type: ignore[arg-type]


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_each_resource_has_a_page_with_the_same_in_other_syntaxes(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "out")
    made = files(tmp_path / "out")
    for page in ("notes/soup/index", "notes/bread/index", "topics/food/index", "topics/winter/index"):
        assert {f"{page}.html", f"{page}.ttl", f"{page}.jsonld"} <= made.keys()
    soup = Markup(made["notes/soup/index.html"].decode())
    assert {"rel": "alternate", "type": "text/turtle", "href": "index.ttl", "title": "Turtle"} in soup.of("link")
    assert any(link.get("href") == "../../topics/food/index.html" for link in soup.of("a"))
    assert "2 January 2026" in soup.text
    food = Markup(made["topics/food/index.html"].decode())
    assert {"../../notes/soup/index.html", "../../notes/bread/index.html"} <= {link.get("href") for link in food.of("a")}


def test_the_pages_together_say_what_the_export_says(site: Path, tmp_path: Path) -> None:
    """What no page has would be lost, and what two of them have in two ways would be wrong."""
    run(site, tmp_path / "out")
    turtle, lines, whole = Store(), Store(), Store()
    for path in (tmp_path / "out").rglob("*.ttl"):
        if "_/data/" not in path.as_posix():
            turtle.load(path=path, format=RdfFormat.TURTLE)
    for path in (tmp_path / "out").rglob("*.jsonld"):
        lines.load(path=path, format=RdfFormat.JSON_LD)
    assert owltype("export", site / "content", "--ontology", site / "ontology", "--unmapped", "drop", "-o", tmp_path / "g.nt").status == 0
    kept = [line for line in (tmp_path / "g.nt").read_text("utf-8").splitlines(keepends=True) if "/draft/" not in line]
    whole.load("".join(kept), format=RdfFormat.N_TRIPLES)
    assert len(whole) > 10
    assert set(turtle) == set(whole)
    assert set(lines) == set(whole)


def test_the_same_records_give_the_same_bytes(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "one")
    run(site, tmp_path / "two")
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_what_has_not_changed_is_left_as_it_is(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "out")
    before = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*") if path.is_file()}
    (site / "content/bread.md").write_text(note("bread", "Bread and butter", "topics: [Food]"), "utf-8")
    done = run(site, tmp_path / "out")
    changed = {path.relative_to(tmp_path / "out").as_posix() for path, time in before.items() if path.stat().st_mtime_ns != time}
    assert "notes/bread/index.html" in changed
    assert "topics/food/index.html" in changed, "it lists the record by its title"
    assert not {"notes/soup/index.html", "topics/winter/index.html", "_/assets/site.css"} & changed
    assert done.written == len(changed - {".owltype-site.json"})
    run(site, tmp_path / "again")
    assert files(tmp_path / "out") == files(tmp_path / "again")


def test_with_a_cache_the_bytes_are_those_of_a_run_without_one(site: Path, tmp_path: Path) -> None:
    def command(output: str, *options: str) -> None:
        assert owltype("publish", "-o", tmp_path / output, *options, cwd=site).status == 0

    command("warm")
    (site / "content/bread.md").write_text(note("bread", "Loaf", "topics: [Winter]"), "utf-8")
    (tmp_path / "warm/notes/soup/index.html").write_text("edited by hand", "utf-8")
    (tmp_path / "warm/topics/food/index.html").unlink()
    command("warm")
    command("cold", "--no-cache")
    assert files(tmp_path / "warm") == files(tmp_path / "cold")


def test_a_record_that_is_gone_takes_its_page_along_and_nothing_else(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "out")
    (tmp_path / "out/CNAME").write_text("e.org")
    (tmp_path / "out/notes/mine.txt").write_text("mine")
    (site / "content/bread.md").unlink()
    run(site, tmp_path / "out")
    left = files(tmp_path / "out")
    assert not [name for name in left if name.startswith("notes/bread")]
    assert not (tmp_path / "out/notes/bread").exists()
    assert left["CNAME"] == b"e.org"
    assert left["notes/mine.txt"] == b"mine"


def test_a_folder_of_others_is_refused_and_stays_as_it_is(site: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out/thesis.txt").write_text("mine")
    with pytest.raises(OutputError, match="is not empty, and nothing that owltype wrote is in it"):
        run(site, tmp_path / "out")
    assert files(tmp_path / "out") == {"thesis.txt": b"mine"}


def test_a_file_of_others_is_not_written_over(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "out")
    (site / "content/new.md").write_text(note("new", "New"), "utf-8")
    (tmp_path / "out/notes/new").mkdir()
    (tmp_path / "out/notes/new/index.html").write_text("mine")
    before = files(tmp_path / "out")
    with pytest.raises(OutputError, match=r"index\.html\" is in the way: owltype did not write it"):
        run(site, tmp_path / "out")
    assert files(tmp_path / "out") == before


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="there are no symbolic links")
def test_no_link_leads_the_pages_out_of_the_folder(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "out")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/index.html").write_text("mine")
    for path in sorted((tmp_path / "out/notes/soup").iterdir()):
        path.unlink()
    (tmp_path / "out/notes/soup").rmdir()
    (tmp_path / "out/notes/soup").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OutputError):
        run(site, tmp_path / "out")
    assert files(tmp_path / "elsewhere") == {"index.html": b"mine"}


def test_a_list_of_files_that_leads_elsewhere_removes_nothing(site: Path, tmp_path: Path) -> None:
    run(site, tmp_path / "out")
    (tmp_path / "mine.txt").write_text("mine")
    (tmp_path / "out/.owltype-site.json").write_text('{"files": ["../mine.txt"]}')
    with pytest.raises(OutputError, match="is not a list of files that owltype wrote"):
        run(site, tmp_path / "out")
    assert (tmp_path / "mine.txt").exists()


def test_what_is_left_out_is_said_with_numbers_and_comes_when_it_is_asked_for(site: Path, tmp_path: Path) -> None:
    (site / "shapes").mkdir()
    (site / "shapes/notes.ttl").write_text(SHAPES, "utf-8")
    (site / "content/long.md").write_text(note("long", "x" * 41), "utf-8")
    said = owltype("publish", "-o", tmp_path / "out", cwd=site)
    assert said.status == 0
    assert "1 file or record without a page: 1 draft" in said.stderr
    assert "1 key that the ontology does not know, in up to 1 record each" in said.stderr
    assert "--with-problems" in said.stderr
    assert "--with-sources" in said.stderr
    bare = files(tmp_path / "out")
    assert "_/report.html" not in bare
    assert not any(b"content/soup.md" in content for content in bare.values())
    assert b"too long" not in bare["notes/long/index.html"]
    assert not any(b"Draft" in content for content in bare.values())
    sources = "https://git.e.org/blob/main/{path}#L{line}"
    asked = owltype("publish", "-o", tmp_path / "all", "--with-problems", "--with-sources", sources, "--with-unmapped", cwd=site)
    assert asked.status == 0
    shown = files(tmp_path / "all")
    report = Markup(shown["_/report.html"].decode())
    assert "the title is too long" in report.text
    assert any(link.get("href") == "https://git.e.org/blob/main/content/long.md#L4" for link in report.of("a"))
    assert any(re.fullmatch(r"shapes\.html#f0-[0-9]+", str(link.get("href"))) for link in report.of("a"))
    assert "the title is too long" in Markup(shown["notes/long/index.html"].decode()).text
    assert b"owltype/key#unread" in shown["notes/bread/index.ttl"]


def test_an_image_of_the_site_goes_along_and_is_shown(site: Path, tmp_path: Path) -> None:
    (site / "static").mkdir()
    (site / "static/soup.png").write_bytes(b"PNG")
    (site / "secret.png").write_bytes(b"secret")
    record = 'image: ["https://e.org/soup.png", "https://e.org/gone.png", "https://o.org/x.png", "https://e.org/../secret.png"]'
    (site / "content/soup.md").write_text(note("soup", "Soup", record), "utf-8")
    assert owltype("publish", "-o", tmp_path / "out", cwd=site).status == 0
    made = files(tmp_path / "out")
    assert [image["src"] for image in Markup(made["notes/soup/index.html"].decode()).of("img")] == ["../../soup.png"]
    assert made["soup.png"] == b"PNG"
    assert b"secret" not in made.values()
    assert owltype("publish", "-o", tmp_path / "out", "--images", "o.org", cwd=site).status == 0
    soup = Markup((tmp_path / "out/notes/soup/index.html").read_text("utf-8"))
    assert [image["src"] for image in soup.of("img")] == ["../../soup.png", "https://o.org/x.png"]


def test_a_folder_without_records_is_not_published(tmp_path: Path) -> None:
    site = make_site(tmp_path / "site", {})
    (site / "content").mkdir()
    said = owltype("publish", "-o", tmp_path / "out", cwd=site)
    assert said.status == 2
    assert not (tmp_path / "out").exists()


RDF = """@prefix e: <https://e.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
e:soup a e:Dish ; rdfs:label "Soup" ; e:madeBy [ rdfs:label "Mira" ] ; e:weight 01.50 .
e:bread a e:Dish ; rdfs:label "Bread" ; e:with e:soup .
"""


def test_rdf_files_need_no_ontology(tmp_path: Path) -> None:
    (tmp_path / "dishes.ttl").write_text(RDF, "utf-8")
    said = owltype("publish", "dishes.ttl", "-o", "out", cwd=tmp_path)
    assert said.status == 0, said.stderr
    made = files(tmp_path / "out")
    soup = Markup(made["soup/index.html"].decode())
    assert "Soup" in soup.text
    assert "Mira" in soup.text
    assert "01.50" in soup.text
    assert any(link.get("href") == "../bread/index.html" for link in soup.of("a"))
    assert b"01.50" in made["soup/index.ttl"]
    assert "_/ontology.html" not in made
    whole, written = Store(), Store()
    whole.load(path=tmp_path / "dishes.ttl", format=RdfFormat.TURTLE)
    written.load(gzip.decompress(made["_/data/graph.ttl.gz"]), format=RdfFormat.TURTLE)
    assert len(whole) == len(written) == 8


def test_an_rdf_file_without_triples_is_not_published(tmp_path: Path) -> None:
    (tmp_path / "empty.ttl").write_text("", "utf-8")
    said = owltype("publish", "empty.ttl", "-o", "out", cwd=tmp_path)
    assert said.status == 2
    assert "no triples in" in said.stderr
    assert not (tmp_path / "out").exists()


def test_a_graph_that_is_too_large_for_a_browser_is_asked_at_the_endpoint(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing_site, "LIMIT_MB", 0)
    endpoint = "https://graph.example.org/sparql?a=1&b=2"
    run(site, tmp_path / "out", endpoint=endpoint)
    page = Markup((tmp_path / "out/_/query.html").read_text("utf-8"))
    assert "too large for a browser" in page.text
    assert "make web" not in page.text or not are_built()
    assert endpoint in [link.get("href") for link in page.of("a")]
    assert not page.of("textarea")
    assert not list((tmp_path / "out/_/data").glob("graph-*.js"))
    assert f"void:sparqlEndpoint <{endpoint}>" in (tmp_path / "out/_/data/void.ttl").read_text("utf-8")
