"""Files that are not records are looked up inside of the project alone, and what was looked at can be told."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.pipeline.export import export
from exporter.plan.model import Plan
from exporter.project import Project, make_project
from exporter.references.known_records import Occurrence
from exporter.references.other_files import OtherFiles
from exporter.references.targets import read_targets

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix ex: <https://ex.org/ns#> .
ex:Page a owl:Class ; map:files "content/**" ; map:iri "https://ex.org/{file.stem}/" ;
    map:reads [ map:property ex:image ; map:key "image" ; map:range map:File ] .
"""
HERE = Occurrence("content/a/page.md", "https://ex.org/page/")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "site"
    (root / "content" / "a").mkdir(parents=True)
    (root / "ontology").mkdir()
    (root / "ontology" / "site.ttl").write_text(ONTOLOGY)
    (root / "content" / "a" / "page.md").write_text("---\nimage: x.png\n---\n")
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret.png").write_text("x")
    monkeypatch.chdir(root)
    return root


def looked_up(text: str, project: Project | None = None, plan: Plan | None = None) -> str | None:
    project = project or make_project("content")
    return OtherFiles(project, plan or project.plan()).find(text, read_targets(text), HERE)


@pytest.mark.parametrize(
    "text", ["../../../outside/secret.png", "/../outside/secret.png", "x\0.png", "..", ".", "/", "a/../../../../etc/passwd"]
)
def test_nothing_outside_of_the_project_is_found(site: Path, text: str) -> None:
    assert (site.parent / "outside" / "secret.png").exists()
    assert looked_up(text) is None


def test_a_link_out_of_the_project_is_followed_only_where_links_are(site: Path) -> None:
    (site / "content" / "a" / "x.png").symlink_to(site.parent / "outside" / "secret.png")
    (site / "content" / "more").symlink_to(site.parent / "outside")
    assert looked_up("x.png") is looked_up("/more/secret.png") is None
    follows = make_project("content", follow_symlinks=True)
    assert looked_up("x.png", follows) == "content/a/x.png"
    (site / "content" / "a" / "y.png").write_text("y")
    (site / "content" / "a" / "z.png").symlink_to("y.png")
    assert looked_up("z.png") == "content/a/z.png"


def test_case_counts_on_every_machine(site: Path) -> None:
    (site / "content" / "a" / "Photo.png").write_text("x")
    assert looked_up("Photo.png") == "content/a/Photo.png"
    assert looked_up("photo.png") is looked_up("../A/Photo.png") is None


def test_what_an_editor_holds_is_there(site: Path) -> None:
    assert looked_up("new.svg") is None
    assert looked_up("new.svg", make_project("content", overlays={str(site / "content/a/new.svg"): b"x"})) == "content/a/new.svg"


def test_what_was_looked_at_is_told(site: Path) -> None:
    project = make_project("content")
    files = OtherFiles(project, project.plan())
    assert files.looked_at == ()
    (site / "static").mkdir()
    files.find("/x.png", read_targets("/x.png"), HERE)
    assert dict(files.looked_at) == {"": ("content", "ontology", "static"), "content": ("a",), "static": (), "public": ()}


def test_a_run_without_a_missing_record_looks_at_nothing(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (site / "ontology" / "site.ttl").write_text(
        ONTOLOGY.replace("map:File ", 'ex:Page ; map:key "see" ').replace("map:iri", 'map:match "t" ; map:iri')
    )
    monkeypatch.setattr(OtherFiles, "exists", lambda *_: pytest.fail("a file was looked up"))
    (site / "content" / "a" / "page.md").write_text("---\nt: T\nsee: T\n---\n")
    assert export(project=make_project("content"), output=[]).problems == ()
