"""Characters that RDF/XML can't hold: a problem at the value, never XML that no parser reads; every other format holds them."""

from __future__ import annotations

import io
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.pipeline.account import Export
from exporter.pipeline.export import export
from exporter.writers.formats import FORMATS, find_format
from tests.running import owltype

CASE = Path(__file__).parent.parent / "mapping" / "cases" / "escaped-control-characters"
RECORD = '---\nowlType: Post\nslug: a\nname: "bell \\a"\ntags: ["x", "\\x02"]\nother: {deep: "\\e"}\n---\n'
VALUES = {"bell \a", "x", "\x02", '{"deep":"\\u001b"}'}
PARSED = {"turtle", "ntriples", "nquads", "trig", "jsonld"}


def exported(folder: Path, form: str, record: str = RECORD) -> Export:
    (folder / "content").mkdir()
    (folder / "content" / "a.md").write_text(record, "utf-8")
    (folder / "content" / "b.md").write_text('---\nowlType: Post\nslug: b\nname: "line\\nbreak\\r\\t\\x7f\\x85"\n---\n', "utf-8")
    return export(folder / "content", folder / f"out.{form}", ontology=[str(CASE / "ontology.ttl")], format=form, jobs=1)


def literals(text: bytes, form: str) -> set[str]:
    formats = {"turtle": ox.RdfFormat.TURTLE, "ntriples": ox.RdfFormat.N_TRIPLES, "nquads": ox.RdfFormat.N_QUADS, "trig": ox.RdfFormat.TRIG}
    formats |= {"jsonld": ox.RdfFormat.JSON_LD, "rdfxml": ox.RdfFormat.RDF_XML}
    return {quad.object.value for quad in ox.parse(io.BytesIO(text), format=formats[form]) if isinstance(quad.object, ox.Literal)}


@pytest.mark.parametrize("form", sorted(PARSED))
def test_every_other_format_holds_control_characters(form: str, tmp_path: Path) -> None:
    account = exported(tmp_path, form)
    assert account.problems == ()
    assert literals((tmp_path / f"out.{form}").read_bytes(), form) >= VALUES - {'{"deep":"\\u001b"}'} | {"line\nbreak\r\t\x7f\x85"}


def test_rdf_xml_rejects_the_record_at_each_value(tmp_path: Path) -> None:
    account = exported(tmp_path, "rdfxml")
    assert (account.exported, account.rejected) == (1, 1)
    assert [(problem.code, problem.location.line, problem.location.column) for problem in account.problems] == [
        ("READ-CONTROL", 4, 7),
        ("READ-CONTROL", 5, 13),
    ]
    assert "RDF/XML can't hold the character U+0007" in account.problems[0].message
    assert literals((tmp_path / "out.rdfxml").read_bytes(), "rdfxml") == {"line\nbreak\r\t\x7f\x85"}


def test_only_rdf_xml_lacks_characters() -> None:
    assert [form.name for form in FORMATS if form.unwritable] == [find_format("rdf").format.name]


@pytest.mark.parametrize(
    ("form", "query"),
    [("xml", "SELECT ?o { ?s ?p ?o }"), ("rdfxml", "CONSTRUCT WHERE { ?s ?p ?o }"), ("xml", 'SELECT ("\\uFFFE" AS ?x) {}')],
)
def test_an_answer_in_xml_is_well_formed_or_an_error(form: str, query: str, tmp_path: Path) -> None:
    (tmp_path / "data.nt").write_text('<https://e.org/a> <https://e.org/b> "bell \\u0007" .\n', "utf-8")
    answer = owltype("query", "-d", "data.nt", "--results-format", form, query, cwd=tmp_path)
    assert answer.status == 2
    assert "XML can't hold the character U+" in answer.stderr
    other = owltype("query", "-d", "data.nt", "--results-format", "json" if form == "xml" else "turtle", query, cwd=tmp_path)
    assert other.status == 0
