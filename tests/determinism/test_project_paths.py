"""The same run from any folder, and with PATHs written in any way: the same bytes, the same problems under the same names."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter import export
from exporter.errors import UsageError
from exporter.policy.sources import read_source
from exporter.tree import Tree, find_root
from tests.running import owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://example.org/ns#> .
ex:News a owl:Class ; map:files "content/news/**" ; map:iri "https://example.org/{+file.path}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:News ; rdfs:range xsd:string ; map:key "title" .
ex:day a owl:DatatypeProperty ; rdfs:domain ex:News ; rdfs:range xsd:date ; map:key "day" .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/ns#> .
ex:NewsShape a sh:NodeShape ; sh:targetClass ex:News ; sh:property [ sh:path ex:title ; sh:maxLength 3 ] .
"""
SETTINGS = """ontology = "model/site.ttl"
shapes = "model/shapes.ttl"
exclude = ["content/news/drafts/**"]
[[suppressions]]
code = "SH-MAX-LENGTH"
path = "content/news/b.md"
reason = "an old one"
"""
Way = Callable[[Path], tuple[Path, str]]
WAYS: dict[str, Way] = {
    "from the root": lambda site: (site, "content"),
    "from the folder": lambda site: (site / "content", "."),
    "from a folder below": lambda site: (site / "content" / "news", ".."),
    "from beside": lambda site: (site / "model", "../content"),
    "whole": lambda site: (site, str(site / "content")),
    "whole, from a folder below": lambda site: (site / "content" / "news", str(site / "content")),
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    site = tmp_path / "site"
    (site / "content" / "news" / "drafts").mkdir(parents=True)
    (site / "model").mkdir()
    (site / "owltype.toml").write_text(SETTINGS)
    (site / "model" / "site.ttl").write_text(ONTOLOGY)
    (site / "model" / "shapes.ttl").write_text(SHAPES)
    for name in ("a", "b", "drafts/c"):
        (site / "content" / "news" / f"{name}.md").write_text(f"---\ntitle: Title of {name}\nday: Jan 31\n---\n")
    return site


@pytest.mark.parametrize("way", WAYS)
def test_an_export_has_the_same_bytes(site: Path, way: str) -> None:
    folder, path = WAYS[way](site)
    done = owltype("export", path, cwd=folder)
    assert done.stdout == owltype("export", "content", cwd=site).stdout
    assert "https://example.org/content/news/a.md/" in done.stdout
    assert str(site) not in done.stdout
    assert "2 exported" in done.stderr


@pytest.mark.parametrize("report", ["json", "sarif", "gitlab", "junit", "github", "markdown"])
@pytest.mark.parametrize("way", WAYS)
def test_a_report_names_the_same_problems(site: Path, way: str, report: str) -> None:
    folder, path = WAYS[way](site)
    done = owltype("validate", path, "--output-format", report, cwd=folder)
    assert done.stdout == owltype("validate", "content", "--output-format", report, cwd=site).stdout
    assert "content/news/a.md" in done.stdout
    assert str(site) not in done.stdout


@pytest.mark.parametrize("way", WAYS)
def test_a_baseline_holds_everywhere(site: Path, way: str) -> None:
    assert owltype("validate", "content", "--baseline", "known.json", "--update-baseline", cwd=site).status == 0
    folder, path = WAYS[way](site)
    done = owltype("validate", path, "--baseline", str(site / "known.json"), "--output-format", "json", cwd=folder)
    assert done.status == 0, done.stdout
    assert json.loads(done.stdout)["problems"] == []


def test_the_terminal_shows_paths_from_where_the_user_stands(site: Path) -> None:
    lines = owltype("validate", ".", "--output-format", "concise", cwd=site / "content" / "news").stdout
    assert lines.splitlines()[0].startswith("a.md:2:8: error SH-MAX-LENGTH")
    full = owltype("validate", ".", cwd=site / "model" / "..").stdout
    assert "content/news/a.md:2:8" in full
    assert "2 | title: Title of a" in full
    assert "2 | title: Title of a" in owltype("validate", ".", cwd=site / "content").stdout


def test_a_path_outside_of_the_root_begins_with_its_own_name(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "blog" / "content"
    (other / "news").mkdir(parents=True)
    (other / "news" / "x.md").write_text("---\ntitle: X\n---\n")
    done = owltype("export", str(other), cwd=site)
    assert "<https://example.org/content/news/x.md/>" in done.stdout
    assert f"{other} is outside the project's folder {site}: its project path is content" in done.stderr


def test_two_files_with_one_project_path_end_the_run(site: Path, tmp_path: Path) -> None:
    other = tmp_path / "blog" / "content"
    (other / "news").mkdir(parents=True)
    (other / "news" / "x.md").write_text("---\ntitle: X\n---\n")
    assert owltype("export", "content", str(other), cwd=site).status == 1  # no two files have one; a date is not one
    (other / "news" / "b.md").write_text("---\ntitle: B\n---\n")
    done = owltype("export", "content", str(other), cwd=site)
    assert done.status == 2
    assert 'have one project path, "content/news/b.md"' in done.stderr
    assert not done.stdout


def test_the_root_is_the_settings_folder_or_has_an_ontology_or_a_repository(tmp_path: Path) -> None:
    (tmp_path / "site" / "content").mkdir(parents=True)
    start = tmp_path / "site" / "content"
    assert find_root(start) == str(start)
    (tmp_path / ".git").mkdir()
    assert find_root(start) == str(tmp_path)
    (tmp_path / "site" / "ontology").mkdir()
    assert find_root(start) == str(tmp_path / "site")
    assert find_root(start, tmp_path / "owltype.toml") == str(tmp_path)


def test_bytes_may_stand_in_place_of_a_file(site: Path) -> None:
    tree = Tree(str(site), str(site), overlays={"content/a.md": b"\xef\xbb\xbfA"})
    assert read_source("content/a.md", tree) == "A"
    assert read_source("content/gone.md", tree) is None


def test_a_function_takes_a_path_outside_of_the_folder(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    account = export(site / "content", [], ontology=site / "model" / "site.ttl")
    assert {problem.location.path for problem in account.problems} == {f"content/news/{name}.md" for name in ("a", "b", "drafts/c")}
    with pytest.raises(UsageError, match="no such file"):
        export(site / "gone", [], ontology=site / "model" / "site.ttl")
