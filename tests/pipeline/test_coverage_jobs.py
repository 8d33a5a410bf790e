"""Coverage is the same however many processes count it, and what is open in an editor is found as a file would be."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter import Selection, export
from exporter.discovery import discover
from exporter.pipeline.coverage import measure_coverage
from exporter.project import make_project
from exporter.tree import Tree
from tests.running import owltype

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://ex.org/ns#> .
ex:Page a owl:Class ; map:files "**" ; map:owlType "Page" ; map:iri "https://ex.org/{file.stem}/" ; map:ignore "menu" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:string ; map:key "title" .
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ontology").mkdir()
    (tmp_path / "ontology" / "site.ttl").write_text(ONTOLOGY)
    (tmp_path / "content").mkdir()
    return tmp_path


@pytest.mark.slow
def test_any_number_of_processes_gives_the_same_bytes(site: Path) -> None:
    for number in range(400):
        keys = [f"title: T{number}", f"k{number % 7}: {number}", "menu: m", "deep: {a: [{b: 1}, {c: x}]}", "tilte: 2024-01-01"]
        wrong = {13: "title: [", 14: "owlType: Pgae"}
        text = wrong.get(number % 50, "\n".join(keys[: number % 6]))
        (site / "content" / f"{number}.md").write_text(f"---\n{text}\n---\n" if number % 9 else "no front matter\n")
    outputs = {
        form: {owltype("coverage", "content", "-j", jobs, "--output-format", form, cwd=site) for jobs in ("1", "2", "3")}
        for form in ("text", "json", "turtle")
    }
    for form, finished in outputs.items():
        assert len(finished) == 1, form
        (done,) = finished
        assert done.status == 0
        assert "15 files with problems" in done.stderr
    assert "unmapped  k1" in next(iter(outputs["text"])).stdout


def test_what_exists_in_an_editor_alone_is_found_below_its_folder(site: Path) -> None:
    for name in ("a.md", "c.md"):
        (site / "content" / name).write_text("---\ntitle: T\n---\n")
    (site / "content" / "skip").mkdir()
    (site / ".gitignore").write_text("ignored.md\n")
    new = b"---\ntitle: New\nauthor: x\n---\n"
    names = ["b.md", "z/d.md", "skip/e.md", ".hidden.md", "node_modules/f.md", "g.txt", "ignored.md", "a.md"]
    overlays = {f"content/{name}": new for name in names} | {"elsewhere/b.md": new}
    project = make_project("content", exclude="skip", overlays=overlays)
    assert [*project.files()] == ["content/a.md", "content/b.md", "content/c.md", "content/z/d.md"]
    assert export(project=project, output=[]).exported == 4
    measured = measure_coverage(project)
    assert [(key.key, key.count) for key in measured.keys] == [("author", 3), ("title", 4)]
    (site / "content" / "b.md").write_text("---\n---\n")
    assert [*project.files()] == ["content/a.md", "content/b.md", "content/c.md", "content/z/d.md"]


def test_a_folder_may_exist_in_an_editor_alone(site: Path) -> None:
    project = make_project("drafts", overlays={"drafts/a.md": b"---\ntitle: A\n---\n"})
    assert [*project.files()] == ["drafts/a.md"]
    tree = Tree(str(site), str(site), overlays={"drafts/a.md": b"---\n---\n", "drafts/b.txt": b""})
    assert [found.path for found in discover(["drafts"], Selection(), tree=tree)] == ["drafts/a.md"]
