"""Nothing ends with exit status 0 that was not looked at: records, files that were named, shapes, questions."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from exporter.sparql.queries.saved import list_saved
from exporter.validation.shapes.loading import load_shapes
from tests.running import owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ONTOLOGY = """
@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix ex: <https://ex.org/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://ex.org/ns> a owl:Ontology .
ex:Page a owl:Class ; map:owlType "Page" ; map:iri "https://ex.org/{file.stem}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:string ; map:key "title" .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://ex.org/ns#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Page ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .
"""
IDLE = SHAPES.replace("sh:targetClass ex:Page", "sh:targetSubjectsOf ex:other")
PAGE = "---\nowlType: Page\ntitle: {}\n---\n"
ALL = "SELECT ?page { ?page <https://ex.org/ns#title> ?title } ORDER BY ?page"
DATA = {"export": (), "validate": (), "coverage": (), "query": ("-d",), "test": ("-d",)}
"""What stands before a PATH in each command that reads records."""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two records, a file that is none, an empty folder, RDF files with and without triples, and a question."""
    files = {
        "site.ttl": ONTOLOGY,
        "shapes.ttl": SHAPES,
        "idle.ttl": IDLE,
        "owltype.toml": 'ontology = ["site.ttl"]\nshapes = ["shapes.ttl"]\nqueries = "questions"\n',
        "pages/a.md": PAGE.format("A"),
        "pages/b.md": PAGE.format("B"),
        "plain/readme.md": "# Read me\n",
        "plain/empty.md": "",
        "data.trix": "<https://ex.org/a> a <https://ex.org/ns#Page> .\n",
        "data.ttl": "<https://ex.org/a> a <https://ex.org/ns#Page> ; <https://ex.org/ns#title> 'A' .\n",
        "empty.ttl": "@prefix ex: <https://ex.org/ns#> .\n",
        "questions/pages.rq": f"# expect: at least 1 row\n{ALL}\n",
        "unasked/pages.rq": ALL,
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / "nothing").mkdir()
    return tmp_path


def _run(command: str, *paths: str, cwd: Path, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
    arguments = [word for path in paths for word in (*DATA[command], path)]
    asked = (ALL, "--results-format", "csv") if command == "query" else ()
    done = owltype(command, *asked, *arguments, *options, cwd=cwd)
    return done.status, done.stdout, done.stderr


@pytest.mark.parametrize("command", DATA)
@pytest.mark.parametrize(
    ("paths", "options", "said"),
    [
        (("nothing",), (), '"nothing"'),
        (("pages",), ("--include", "**/*.mdd"), "**/*.mdd"),
        (("pages",), ("--exclude", "**"), '"pages"'),
        (("plain",), (), "no front matter"),
        (("plain/readme.md",), (), "plain/readme.md"),
        (("nothing", "plain"), (), "no front matter"),
    ],
    ids=["empty", "include", "exclude", "plain", "named", "several"],
)
def test_a_run_over_nothing_could_not_run(site: Path, command: str, paths: tuple[str, ...], options: tuple[str, ...], said: str) -> None:
    status, stdout, stderr = _run(command, *paths, options=options, cwd=site)
    assert (status, stdout) == (2, "")
    assert said in stderr


@pytest.mark.parametrize("command", ["validate", "export", "coverage"])
def test_a_named_file_in_no_syntax_that_is_read_is_an_error(site: Path, command: str) -> None:
    status, stdout, stderr = _run(command, "data.trix", cwd=site)
    assert (status, stdout) == (2, "")
    assert "data.trix" in stderr


@pytest.mark.parametrize("command", DATA)
def test_a_named_file_without_a_record_is_an_error_beside_others(site: Path, command: str) -> None:
    status, stdout, stderr = _run(command, "pages", "plain/readme.md", cwd=site)
    assert status == 1
    assert "plain/readme.md" in stdout + stderr
    if command == "query":
        assert stdout.splitlines() == ["page", "https://ex.org/a/", "https://ex.org/b/"]


@pytest.mark.parametrize("command", DATA)
def test_a_record_that_cannot_be_read_is_an_error(site: Path, command: str) -> None:
    (site / "pages/loop.md").symlink_to("loop.md")
    status, stdout, stderr = _run(command, "pages", options=("--follow-symlinks",), cwd=site)
    assert status == 1
    assert "pages/loop.md" in stdout + stderr
    if command == "query":
        assert stdout.splitlines() == ["page", "https://ex.org/a/", "https://ex.org/b/"]


@pytest.mark.parametrize("command", DATA)
def test_a_record_that_is_a_pipe_is_an_error(site: Path, command: str) -> None:
    os.mkfifo(site / "pages/pipe.md")
    status, stdout, stderr = _run(command, "pages", cwd=site)
    assert status == 1
    assert "pages/pipe.md" in stdout + stderr
    if command == "query":
        assert stdout.splitlines() == ["page", "https://ex.org/a/", "https://ex.org/b/"]


def test_a_store_remembers_that_records_were_not_read(site: Path) -> None:
    os.mkfifo(site / "pages/pipe.md")
    made = owltype("export", "pages", "--store", "store", cwd=site)
    assert made.status == 1
    asked = owltype("query", "--store", "store", ALL, cwd=site)
    assert asked.status == 1
    assert "pages/pipe.md" in asked.stderr
    (site / "pages/pipe.md").unlink()
    assert owltype("query", "--store", "store", "-d", "pages", "--refresh", ALL, cwd=site).status == 0
    assert owltype("query", "--store", "store", ALL, cwd=site).status == 0


def test_a_file_without_triples_is_nothing_to_validate(site: Path) -> None:
    done = owltype("validate", "empty.ttl", cwd=site)
    assert (done.status, done.stdout) == (2, "")
    assert "empty.ttl" in done.stderr
    beside = owltype("validate", "data.ttl", "empty.ttl", cwd=site)
    assert beside.status == 1
    assert "empty.ttl" in beside.stdout


def test_a_query_of_a_file_without_triples_is_answered_and_said(site: Path) -> None:
    done = owltype("query", "-d", "empty.ttl", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--results-format", "csv", cwd=site)
    assert (done.status, done.stdout.split()) == (1, ["n", "0"])
    assert "empty.ttl" in done.stderr


def test_shapes_without_a_single_focus_node_check_nothing(site: Path) -> None:
    for path in ("pages", "data.ttl"):
        done = owltype("validate", path, "-s", "idle.ttl", cwd=site)
        assert done.status == 2
        assert "SHAPES-NO-FOCUS" in done.stdout
    both = owltype("validate", "data.ttl", "-s", "idle.ttl", "-s", "shapes.ttl", cwd=site)
    assert both.status == 0, both.stdout


def test_questions_that_expect_nothing_are_no_questions(site: Path) -> None:
    assert owltype("test", "-d", "pages", cwd=site).status == 0
    done = owltype("test", "unasked", "-d", "pages", cwd=site)
    assert (done.status, done.stdout) == (2, "")
    assert "unasked" in done.stderr
    assert owltype("test", "nothing", "-d", "pages", cwd=site).status == 2


@pytest.mark.parametrize("what", ["context", "shapes"])
def test_an_ontology_without_a_class_or_property_generates_nothing(site: Path, what: str) -> None:
    done = owltype("gen", what, "--ontology", "empty.ttl", cwd=site)
    assert (done.status, done.stdout) == (2, "")
    assert "empty.ttl" in done.stderr


def test_a_run_that_cannot_run_writes_nothing(site: Path) -> None:
    (site / "graph.nt").write_text("old\n")
    for paths in (("nowhere",), ("nothing",), ("pages", "nowhere"), ("plain",)):
        for output in ("-", "graph.nt"):
            done = owltype("export", *paths, "-o", output, cwd=site)
            assert (done.status, done.stdout) == (2, ""), paths
            assert (site / "graph.nt").read_text() == "old\n"
        assert owltype("export", *paths, "-o", "split", "--split", "record", cwd=site).status == 2
        assert not (site / "split").exists()


def test_the_hook_passes_where_only_other_files_changed(site: Path) -> None:
    # What `--changed-since` leaves unseen is another question; a repository without records yet stays committable.
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run([*git, "init", "-q"], cwd=site, check=True)
    subprocess.run([*git, "add", "-A"], cwd=site, check=True)
    subprocess.run([*git, "commit", "-qm", "first"], cwd=site, check=True)
    (site / "plain/readme.md").write_text("# Read this\n")
    assert owltype("validate", "pages", "--changed-since", "HEAD", cwd=site).status == 0
    assert owltype("validate", "plain", "--changed-since", "HEAD", cwd=site).status == 0


def test_a_folder_that_cannot_be_read_ends_a_run_over_shapes_and_questions(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = os.scandir

    def refuse(path: str) -> os._ScandirIterator[str]:
        if str(path).endswith("locked"):
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    (site / "questions" / "locked").mkdir()
    assert [path.name for path in list_saved(site / "questions")] == ["pages.rq"]
    monkeypatch.setattr(os, "scandir", refuse)
    for look in (lambda: list_saved(site / "questions"), lambda: load_shapes([site / "questions"])):
        with pytest.raises(PermissionError):
            look()
