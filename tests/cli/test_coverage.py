"""`owltype coverage`: counts, places, guesses, and lines that do map what was not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import ROOT, owltype

ONTOLOGY = """
@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix site: <https://ex.org/ns#> .
<https://ex.org/ns#> a owl:Ontology .
site:Page a owl:Class ; map:owlType "Page" ; map:iri "https://ex.org/{file.stem}/" ; map:ignore "draft" .
site:Link a owl:Class .
site:title a owl:DatatypeProperty ; rdfs:domain site:Page ; rdfs:range xsd:string ; map:key "title" .
site:link a owl:ObjectProperty ; rdfs:domain site:Page ; rdfs:range site:Link ; map:key "link" .
site:href a owl:ObjectProperty ; rdfs:domain site:Link ; rdfs:range rdfs:Resource ; map:key "href" .
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """An ontology and records with keys that it maps, ignores and leaves."""
    (tmp_path / "site.ttl").write_text(ONTOLOGY)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.md").write_text("---\nowlType: Page\ntitel: A\ndraft: {by: me}\nlink: {href: https://e.org/, brand: e}\n---\n")
    (pages / "b.md").write_text(
        "---\nowlType: Page\ntitle: B\nrating: 4.50\nweight: 3\nfeatured: true\nday: 2026-03-14\n"
        "see-also: [https://e.org/x]\nimage: {alt: text, size: [1, 2]}\n---\n"
    )
    (pages / "c.md").write_text("---\nowlType: Pgae\n---\n")
    (tmp_path / "owltype.toml").write_text('ontology = ["site.ttl"]\npaths = ["pages"]\n')
    return tmp_path


def test_keys_are_listed_with_counts_places_and_near_names(site: Path) -> None:
    done = owltype("coverage", cwd=site)
    assert done.status == 0
    table = done.stdout.split("\n\n")[0].splitlines()
    assert table == [
        "Page: 2 records, 12 keys: 3 mapped, 1 ignored, 8 unmapped",
        "  unmapped  day              1  pages/b.md:7:1",
        "  unmapped  featured         1  pages/b.md:6:1",
        "  unmapped  image            1  pages/b.md:9:1",
        "  unmapped  link.brand       1  pages/a.md:5:30",
        "  unmapped  rating           1  pages/b.md:4:1",
        "  unmapped  see-also         1  pages/b.md:8:1",
        '  unmapped  titel            1  pages/a.md:3:1, did you mean "title"?',
        "  unmapped  weight           1  pages/b.md:5:1",
        "  ignored   draft            1  pages/a.md:4:1",
        "  mapped    owlType          2  pages/a.md:2:1",
        "  mapped    link.href        1  pages/a.md:5:8",
        "  mapped    title            1  pages/b.md:3:1",
    ]
    assert done.stderr == "1 file with problems; `owltype export` shows them\n"


def test_suggested_lines_map_what_was_not_mapped(site: Path) -> None:
    assert owltype("coverage", "--check", cwd=site).status == 1
    lines = owltype("coverage", "--output-format", "turtle", "-q", cwd=site).stdout
    (site / "site.ttl").write_text(ONTOLOGY + lines)
    done = owltype("coverage", "--check", cwd=site)
    assert done.status == 0, done.stdout
    exported = owltype("export", "-f", "nt", "--exit-zero", "-q", cwd=site).stdout
    assert "https://w3id.org/owltype/key#" not in exported
    for value in (
        '"4.50"^^<http://www.w3.org/2001/XMLSchema#double>',
        '"2026-03-14"^^<http://www.w3.org/2001/XMLSchema#date>',
        "<https://e.org/x>",
    ):
        assert value in exported


def test_json_lists_the_same(site: Path) -> None:
    found = json.loads(owltype("coverage", "--output-format", "json", cwd=site).stdout)
    assert (found["records"], found["classes"], len(found["keys"])) == (3, {"Page": 2}, 12)
    titel = next(key for key in found["keys"] if key["key"] == "titel")
    assert titel == {
        "class": "Page", "key": "titel", "status": "unmapped", "records": 1, "file": "pages/a.md", "line": 3, "column": 1, "near": "title",
    }  # fmt: skip


def test_every_key_of_the_examples_is_mapped_or_ignored() -> None:
    done = owltype("coverage", ROOT / "examples" / "medigy" / "content", "--check", "-q")
    assert done.status == 0, done.stdout
