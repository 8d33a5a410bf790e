"""Texts whose language the record says, or leaves out, are the same in JSON-LD, and right by the shapes that are generated."""

from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from pyld import jsonld

from exporter import validate
from exporter.generate.shapes import generate_shapes
from exporter.pipeline.export import export
from exporter.plan.compiling import load_plan
from tests.ontology.prefixes import PREFIXES

ONTOLOGY = PREFIXES + (
    'ex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{slug}/" ;\n'
    'map:reads [ map:property ex:title ; map:key "title" ; map:range rdf:langString ; map:language "{lang}" ] ,\n'
    '[ map:property ex:name ; map:entries "names" ; map:range rdf:langString ; map:language "{@key}" ] ,\n'
    '[ map:property ex:note ; map:key "note" ; map:range rdf:langString ; map:language ( "{lang}" "en" ) ] .\n'
)


@pytest.fixture(autouse=True)
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ontology.ttl").write_text(ONTOLOGY)
    Path("content").mkdir()
    Path("content/a.md").write_text("---\nowlType: Post\nslug: a\nlang: de\ntitle: Suppe\nnames: {en: Soup, fr: Soupe}\nnote: Merke\n---\n")
    Path("content/b.md").write_text("---\nowlType: Post\nslug: b\ntitle: Soup\nnote: Note\n---\n")


def canonical(graph: ox.Dataset) -> str:
    graph.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return "\n".join(sorted(map(str, graph)))


def test_json_ld_says_the_same() -> None:
    for name in ("graph.jsonld", "graph.nt"):
        export("content", name, ontology=["ontology.ttl"], jobs=1)
    lines = jsonld.to_rdf(json.loads(Path("graph.jsonld").read_text("utf-8")), {"format": "application/n-quads"})
    by_others = ox.Dataset(ox.parse(lines.encode(), format=ox.RdfFormat.N_QUADS))
    assert canonical(by_others) == canonical(ox.Dataset(ox.parse(Path("graph.nt").read_bytes(), format=ox.RdfFormat.N_TRIPLES)))


def test_generated_shapes_allow_texts_with_and_without_a_language() -> None:
    Path("shapes.ttl").write_text(generate_shapes(load_plan(["ontology.ttl"])))
    assert validate("content", ontology=["ontology.ttl"], shapes=["shapes.ttl"], jobs=1).problems == ()
