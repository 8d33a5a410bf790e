"""Schemas and exports may be written into one folder: neither removes the files of the other."""

from __future__ import annotations

from pathlib import Path

from tests.running import owltype

ONTOLOGY = """@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Note a owl:Class ; map:owlType "Note" ; map:iri "https://example.org/{slug}/" .
"""


def test_an_export_leaves_schemas_of_the_same_folder_alone(tmp_path: Path) -> None:
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "notes.ttl").write_text(ONTOLOGY)
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "a.md").write_text("---\nowlType: Note\nslug: a\n---\n")
    for command in (("gen", "json-schema", "-o", "out/"), ("export", "content", "--split", "record", "-f", "nt", "-o", "out")) * 2:
        assert owltype(*command, cwd=tmp_path).status == 0
    written = {path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")}
    assert len(written) == 2
    assert "Note.schema.json" in written
    assert owltype("gen", "json-schema", "-o", "out/", "--check", cwd=tmp_path).status == 0
