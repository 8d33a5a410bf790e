"""What the help of a problem says: it fits the very fault."""

from __future__ import annotations

from pathlib import Path

import pytest

import exporter

ONTOLOGY = """
@prefix ex: <https://ex.org/ns#> . @prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Post a owl:Class ; map:files "**" ; map:iri "https://ex.org/{file.stem}" .
ex:Topic a owl:Class ; map:iri "https://ex.org/t/{@value|slug}" .
ex:Part a owl:Class ; map:iri "https://ex.org/p/{@value}" .
ex:about a owl:ObjectProperty ; rdfs:domain ex:Post ; rdfs:range ex:Topic ; map:key "topic" .
ex:part a owl:ObjectProperty ; rdfs:domain ex:Post ; rdfs:range ex:Part ; map:key "part" .
"""


@pytest.mark.parametrize("value", ['"{{ page.date }}"', '<% tp.date.now("YYYY-MM-DD") %>', "${date}", "'{% now %}'"])
def test_a_placeholder_is_named_where_it_fits_no_datatype(value: str, tmp_path: Path) -> None:
    day = 'ex:day a owl:DatatypeProperty ; rdfs:domain ex:Post ; rdfs:range <http://www.w3.org/2001/XMLSchema#date> ; map:key "date" .'
    Path(tmp_path, "site.ttl").write_text(ONTOLOGY + day, "utf-8")
    Path(tmp_path, "a.md").write_text(f"---\ndate: {value}\n---\n", "utf-8")
    (found,) = exporter.export(tmp_path / "a.md", [], ontology=tmp_path / "site.ttl").problems
    assert found.help == "this is a template placeholder: fill it in, or exclude the file"


@pytest.mark.parametrize(
    ("line", "help_"),
    [
        ("topic: 🚗", "add a letter or a digit, or make the IRI of another key"),
        ('topic: "???"', "add a letter or a digit, or make the IRI of another key"),
        ("part: https://ex.org/p/1", "write only the part that stands in the address"),
        ("part: ..", "write a name"),
    ],
)
def test_a_variable_that_does_not_fit_is_told_what_to_do_about_it(line: str, help_: str, tmp_path: Path) -> None:
    Path(tmp_path, "site.ttl").write_text(ONTOLOGY, "utf-8")
    Path(tmp_path, "a.md").write_text(f"---\n{line}\n---\n", "utf-8")
    found = exporter.export(tmp_path / "a.md", [], ontology=tmp_path / "site.ttl").problems
    assert [(problem.code, problem.help) for problem in found] == [("MAP-IRI-VARIABLE", help_)]
