"""What to add is said in the syntax of the record's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter import export

ONTOLOGY = """
@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix ex: <https://ex.org/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://ex.org/ns> a owl:Ontology .
ex:Page a owl:Class ; map:owlType "Page" ; map:iri "https://ex.org/{title|slug}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:string ; map:key "title" .
"""


@pytest.mark.parametrize(
    ("text", "help_"),
    [
        ("---\nowlType: Page\n---\n", "add title: …"),
        ('+++\nowlType = "Page"\n+++\n', "add title = …"),
        ('{"owlType": "Page"}\n', 'add "title": …'),
        ("---\ntitle: A\n---\n", "add owlType: 'Page'"),
        ('+++\ntitle = "A"\n+++\n', 'add owlType = "Page"'),
        ('{"title": "A"}\n', 'add "owlType": "Page"'),
        (';;;\n"title": "A"\n;;;\n', 'add "owlType": "Page"'),
        ('```toml\ntitle = "A"\n```\n', 'add owlType = "Page"'),
    ],
)
def test_what_is_missing_is_written_in_the_syntax_of_the_file(text: str, help_: str, tmp_path: Path) -> None:
    (tmp_path / "site.ttl").write_text(ONTOLOGY)
    (tmp_path / "a.md").write_text(text)
    account = export(tmp_path / "a.md", [], ontology=[tmp_path / "site.ttl"])
    assert [problem.help for problem in account.problems] == [help_]
