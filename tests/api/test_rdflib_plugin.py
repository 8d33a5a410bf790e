"""rdflib reads a record as it reads any syntax."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib import Graph, plugin
from rdflib.compare import isomorphic
from rdflib.parser import Parser

from exporter import ExporterError, export
from tests.running import ROOT

RECORD = min((ROOT / "examples" / "medigy" / "content").rglob("*.md"))


@pytest.fixture(autouse=True)
def _registered() -> None:
    """The entry point does this where owltype is installed."""
    plugin.register("frontmatter", Parser, "exporter.rdflib_plugin", "FrontMatterParser")


def test_a_file_gives_what_export_gives() -> None:
    parsed, exported = Graph().parse(RECORD, format="frontmatter"), Graph()
    export(RECORD, exported)
    assert len(parsed) > 20
    assert isomorphic(parsed, exported)


@pytest.mark.parametrize("as_bytes", [True, False])
def test_a_text_is_read_too(as_bytes: bool) -> None:
    text = RECORD.read_text("utf-8")
    parsed = Graph().parse(data=text.encode() if as_bytes else text, format="frontmatter")
    assert isomorphic(parsed, Graph().parse(RECORD, format="frontmatter"))


def test_another_ontology_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text(
        '@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n'
        '<https://e.org/P> a owl:Class ; map:owlType "P" ; map:iri "https://e.org/{slug}" .\n'
    )  # fmt: skip
    graph = Graph().parse(data="---\nowlType: P\nslug: a\n---\n", format="frontmatter", ontology=tmp_path / "o.ttl")
    assert [str(subject) for subject in graph.subjects()] == ["https://e.org/a"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("---\ntitle: [\n---\n", "is not a record"), ("---\nowlType: Nothing\n---\n", "is rejected"), ("text", "is not a record: ")],
)
def test_a_bad_record_is_an_error_with_its_place(text: str, sentence: str, tmp_path: Path) -> None:
    file = tmp_path / "bad.md"
    file.write_text(text)
    with pytest.raises(ExporterError, match=sentence):
        Graph().parse(file, format="frontmatter")
