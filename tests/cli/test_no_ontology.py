"""What a run takes where no ontology or no shapes are named: those of the project's own folders, or nothing, and never a stranger's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from exporter import export, load_plan, open_dataset, query, validate
from exporter.errors import UsageError
from exporter.pipeline.coverage import measure_coverage
from exporter.project import make_project
from tests.running import MEDIGY, ROOT, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ONTOLOGY = """@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <https://ex.org/ns#> .
ex:Recipe a owl:Class ; map:owlType "Recipe" ; map:iri "https://ex.org/{slug}/" ;
    rdfs:subClassOf [ a owl:Restriction ; owl:onProperty ex:name ; owl:minCardinality 1 ] .
ex:name a owl:DatatypeProperty ; rdfs:domain ex:Recipe ; rdfs:range xsd:string ; map:key "title" .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://ex.org/ns#> .
ex:RecipeShape a sh:NodeShape ; sh:targetClass ex:Recipe ; sh:property [ sh:path ex:name ; sh:maxLength 2 ] .
"""
RECORD = "---\nowlType: Recipe\nslug: soup\ntitle: Soup\n---\n"
UNTITLED = "---\nowlType: Recipe\nslug: bread\nyeast: dry\n---\n"
SAID = (
    "there is no ontology to read records with: `owltype init` makes a first one from the records; or name one with --ontology, "
    "set `ontology` in the settings, or put it into ontology/"
)
GENERATED = "there are no shapes, so those that follow from the ontology are used (`owltype gen shapes` writes them)\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Records, and nothing else."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "soup.md").write_text(RECORD)
    (tmp_path / "content" / "bread.md").write_text(UNTITLED)
    return tmp_path


def _put(site: Path, folder: str, text: str) -> None:
    (site / folder).mkdir()
    (site / folder / "site.ttl").write_text(text)


COMMANDS = [
    ("export", "content"),
    ("export", "content", "--store", "store"),
    ("validate", "content"),
    ("validate", "content", "-s", "own.ttl"),
    ("coverage", "content"),
    ("query", "-d", "content", "ASK { ?s ?p ?o }"),
    ("gen", "context"),
    ("gen", "shapes"),
]


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_records_without_an_ontology_are_not_read(arguments: tuple[str, ...], site: Path) -> None:
    done = owltype(*arguments, cwd=site)
    assert done.status == 2, done
    assert done.stderr == f"owltype: {SAID}\n"
    assert "Medigy" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_the_ontology_of_the_root_is_taken_from_any_folder_below(arguments: tuple[str, ...], site: Path) -> None:
    _put(site, "ontology", ONTOLOGY)
    (site / "own.ttl").write_text(SHAPES)
    below = owltype(*[f"../{word}" if word in {"content", "own.ttl"} else word for word in arguments], cwd=site / "content")
    assert below.status in {0, 1}, below
    assert "no ontology" not in below.stderr


def test_a_folder_without_rdf_is_no_ontology(site: Path) -> None:
    (site / "ontology").mkdir()
    (site / "ontology" / "README.md").write_text("to come\n")
    done = owltype("export", "content", cwd=site)
    assert (done.status, done.stdout) == (2, "")
    assert SAID in done.stderr


def test_a_report_says_that_there_is_no_ontology(site: Path) -> None:
    done = owltype("validate", "content", "--output-format", "json", "--report", "sarif:out.sarif", cwd=site)
    assert done.status == 2
    assert SAID in json.loads(done.stdout)["failure"]
    sarif = json.loads((site / "out.sarif").read_text())
    assert SAID in json.dumps(sarif)


def test_rdf_needs_no_ontology(site: Path) -> None:
    (site / "graph.ttl").write_text("<https://e.org/a> a <https://ex.org/ns#Recipe> ; <https://ex.org/ns#name> 'Soup' .\n")
    (site / "shapes.ttl").write_text(SHAPES)
    asked = owltype("query", "-d", "graph.ttl", "SELECT ?s { ?s ?p 'Soup' }", "--results-format", "csv", cwd=site)
    assert (asked.status, asked.stdout.split()) == (0, ["s", "https://e.org/a"])
    checked = owltype("validate", "graph.ttl", "-s", "shapes.ttl", "--output-format", "concise", cwd=site)
    assert checked.status == 1, checked
    assert "SH-MAX-LENGTH" in checked.stdout


def test_rdf_is_asked_whatever_ontology_lies_around(site: Path) -> None:
    (site / "graph.ttl").write_text("<https://e.org/a> <https://ex.org/ns#name> 'Soup' .\n")
    _put(site, "ontology", ONTOLOGY + "<https://ex.org/ns> a owl:Ontology ; owl:imports <https://elsewhere.example.org/> .\n")
    asked = owltype("query", "-d", "graph.ttl", "SELECT ?s { ?s ?p 'Soup' }", "--results-format", "csv", cwd=site)
    assert (asked.status, asked.stdout.split()) == (0, ["s", "https://e.org/a"])
    named = owltype("query", "-d", "graph.ttl", "ASK {}", "--ontology", "ontology/site.ttl", cwd=site)
    assert (named.status, "ONT-IMPORT" in named.stderr) == (2, True)
    assert owltype("query", "-d", "content", "ASK {}", cwd=site).status == 2


def test_rdf_without_shapes_and_ontology_is_not_checked(site: Path) -> None:
    (site / "graph.ttl").write_text("<https://e.org/a> a <https://ex.org/ns#Recipe> .\n")
    done = owltype("validate", "graph.ttl", cwd=site)
    assert done.status == 2
    assert done.stderr == (
        "owltype: there are no shapes to check against: name some with --shapes, set `shapes` in the settings, or put them into shapes/; "
        "there is no ontology to generate them from, either\n"
    )


def test_shapes_that_follow_from_the_ontology_check_records_and_rdf_alike(site: Path) -> None:
    _put(site, "ontology", ONTOLOGY)
    done = owltype("validate", "content", "--output-format", "json", cwd=site)
    assert (done.status, done.stderr) == (1, GENERATED)
    found = json.loads(done.stdout)["problems"]
    assert [(problem["code"], problem["file"]) for problem in found] == [
        ("SH-MIN-COUNT", "content/bread.md"),
        ("SH-CLOSED", "content/bread.md"),
    ]
    assert not [problem for problem in found if "shapeLocation" in problem["shacl"]]
    assert found[0]["shacl"]["shape"] == "<https://ex.org/ns#RecipeDefaultShape>"
    (site / "graph.ttl").write_text("<https://e.org/a> a <https://ex.org/ns#Recipe> .\n")
    rdf = owltype("validate", "graph.ttl", "--output-format", "concise", cwd=site)
    assert (rdf.status, rdf.stderr) == (1, GENERATED)
    assert "SH-MIN-COUNT" in rdf.stdout


def test_generated_shapes_are_those_that_gen_writes(site: Path) -> None:
    _put(site, "ontology", ONTOLOGY)
    unnamed = owltype("validate", "content", "--output-format", "json", cwd=site)
    assert owltype("gen", "shapes", "-o", "default.ttl", cwd=site).status == 0
    named = owltype("validate", "content", "-s", "default.ttl", "--output-format", "json", cwd=site)
    assert named.stderr == ""
    lists = [json.loads(done.stdout)["problems"] for done in (unnamed, named)]
    for problem in (*lists[0], *lists[1]):
        problem["shacl"] = {name: value for name, value in problem["shacl"].items() if name != "shapeLocation"}
    assert lists[0] == lists[1]


def test_quiet_says_nothing_of_generated_shapes(site: Path) -> None:
    _put(site, "ontology", ONTOLOGY)
    assert owltype("validate", "content", "-q", cwd=site).stderr == ""


def test_the_shapes_of_the_root_are_taken(site: Path) -> None:
    _put(site, "ontology", ONTOLOGY)
    _put(site, "shapes", SHAPES)
    done = owltype("validate", "soup.md", "--output-format", "concise", cwd=site / "content")
    assert (done.status, done.stderr) == (1, "")
    assert "SH-MAX-LENGTH" in done.stdout


def test_the_bundled_ontology_and_shapes_are_used_by_name(site: Path) -> None:
    content = ROOT / "examples" / "medigy" / "content"
    named = owltype("export", content, "-f", "nt", "--ontology", "medigy", cwd=site)
    assert named.stdout == owltype("export", content, "-f", "nt", "--ontology", MEDIGY, cwd=site).stdout != ""
    assert owltype("validate", content, "--ontology", "medigy", "-s", "medigy", cwd=site).status == 0
    (site / "owltype.toml").write_text('ontology = "medigy"\nshapes = ["medigy"]\n')
    assert owltype("export", content, "-f", "nt", cwd=site).stdout == named.stdout
    (site / "owltype.toml").unlink()
    assert owltype("export", content, "-f", "nt", cwd=site, environment={"OWLTYPE_ONTOLOGY": "medigy"}).stdout == named.stdout


@pytest.mark.parametrize("how", ["option", "settings", "environment"])
def test_a_folder_of_the_bundled_name_is_written_as_a_path(how: str, site: Path) -> None:
    _put(site, "medigy", ONTOLOGY)
    arguments, environment = [], {}
    if how == "option":
        arguments = ["--ontology", "./medigy"]
    elif how == "settings":
        (site / "owltype.toml").write_text('ontology = "./medigy"\n')
    else:
        environment = {"OWLTYPE_ONTOLOGY": "./medigy"}
    done = owltype("gen", "context", *arguments, cwd=site, environment=environment)
    assert json.loads(done.stdout)["@context"]["Recipe"] == "https://ex.org/ns#Recipe"
    by_name = owltype("gen", "context", "--ontology", "medigy", cwd=site)
    assert "Recipe" not in by_name.stdout


CALLS: list[Callable[[Path], object]] = [
    lambda content: export(content, []),
    validate,
    lambda content: query(content, "ASK { ?s ?p ?o }"),
    open_dataset,
    lambda _: load_plan(),
    lambda content: measure_coverage(make_project(content)),
]


@pytest.mark.parametrize("call", CALLS)
def test_the_api_follows_the_same_rule(call: Callable[[Path], object], site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    with pytest.raises(UsageError, match="there is no ontology to read records with"):
        call(site / "content")
    _put(site, "ontology", ONTOLOGY)
    call(site / "content")


def test_the_api_knows_the_name_and_tells_it_from_a_path(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(site)
    _put(site, "medigy", ONTOLOGY)
    assert list(load_plan("medigy").labels) == ["Medigy Communities"]
    assert list(load_plan(Path("medigy")).labels) == list(load_plan("./medigy").labels) == ["Recipe"]
    assert export(site / "content", [], ontology=[Path("medigy")]).exported == 2
    assert validate(site / "content", ontology="./medigy").engines
