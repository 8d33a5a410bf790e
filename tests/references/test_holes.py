"""What is looked up is a hole in an outcome until all records are known: the same wherever it is made, filled in every output."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph

from exporter import export, load_plan, map_record, open_dataset, read, validate
from exporter.outcomes.making import FileTask
from exporter.outcomes.outcome import Outcome
from exporter.pipeline.exporting import Exporting
from exporter.pipeline.splitting import Split
from exporter.project import Project, make_project
from exporter.rdf.terms import Statement
from exporter.records.record import Record
from exporter.settings.model import Settings
from exporter.writers.formats import FORMATS
from tests.references.sites import make_site

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

FORM = [syntax.name for syntax in FORMATS]
MANY = 200  # more than the few that are not worth a second process


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_site(tmp_path_factory.mktemp("site"), MANY)


def project_of(site: Path, jobs: int = 1, overlays: dict[str, bytes] | None = None) -> Project:
    return make_project(site / "content", settings=Settings(), ontology=site / "ontology.ttl", jobs=jobs, overlays=overlays)


def paths_of(site: Path) -> list[str]:
    return list(project_of(site).files())


@pytest.mark.parametrize("form", FORM)
def test_outcomes_with_holes_do_not_depend_on_what_was_made_before(site: Path, form: str) -> None:
    paths, project = paths_of(site)[:40], project_of(site)
    expected = {path: FileTask(project, form).run_one(path) for path in paths[::5]}
    assert sum(len(record.holes) for outcome in expected.values() for record in outcome.records) > 8
    for seed in range(2):
        shuffled = random.Random(seed).sample(paths, len(paths))
        made = {outcome.path: outcome for outcome in FileTask(project, form).run(shuffled)}
        assert {path: made[path] for path in expected} == expected


def test_outcomes_with_holes_do_not_depend_on_the_process(site: Path) -> None:
    project, paths = project_of(site), paths_of(site)[:40]
    expected = FileTask(project, "turtle").run(paths)
    code = "import pickle, sys; from exporter.outcomes.making import FileTask; project, paths = pickle.load(sys.stdin.buffer)\n"
    code += "sys.stdout.buffer.write(pickle.dumps(FileTask(project, 'turtle').run(paths)))"
    for seed in ("1", "4242"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        given = pickle.dumps((project, paths[::-1]))
        done = subprocess.run([sys.executable, "-c", code], input=given, env=environment, capture_output=True, check=True)
        assert pickle.loads(done.stdout)[::-1] == expected  # noqa: S301 - our own process wrote it


def test_facts_with_holes_do_not_depend_on_the_format(site: Path) -> None:
    project, paths = project_of(site), paths_of(site)[:20]

    def facts(form: str, *, text: bool) -> list[Outcome]:
        made = [FileTask(project, form).make(path, text=text) for path in paths]
        return [outcome._replace(records=tuple(record._replace(text=None) for record in outcome.records)) for outcome in made]

    assert facts("turtle", text=True) == facts("jsonldl", text=True) == facts("rdfxml", text=False)


@pytest.mark.parametrize("form", FORM)
def test_the_bytes_are_the_same_for_any_number_of_processes(site: Path, form: str, tmp_path: Path) -> None:
    made = []
    for jobs in (1, 2, 4):
        output = tmp_path / f"{jobs}.out"
        account = export(output=output, project=project_of(site, jobs), format=form)
        made.append((output.read_bytes(), account.problems, account.triples, account.lookups))
    assert made[0] == made[1] == made[2]


def triples_of(site: Path) -> list[Statement]:
    triples: list[Statement] = []
    account = export(output=triples, project=project_of(site))
    assert account.triples == len(triples)
    return triples


def canonical(quads: ox.Dataset) -> ox.Dataset:
    quads.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return quads


@pytest.mark.parametrize("syntax", FORMATS, ids=lambda syntax: syntax.name)
def test_every_format_holds_the_same_settled_graph(site: Path, syntax: ox.RdfFormat, tmp_path: Path) -> None:
    expected = canonical(ox.Dataset(ox.Quad(*triple) for triple in triples_of(site)))
    name = syntax.name
    export(output=tmp_path / "out", project=project_of(site), format=name)
    text = (tmp_path / "out").read_bytes()
    texts = text.splitlines() if name == "jsonldl" else [text]
    reader = ox.RdfFormat.JSON_LD if name == "jsonldl" else None
    known = reader or ox.RdfFormat.from_extension({"turtle": "ttl", "ntriples": "nt", "nquads": "nq", "rdfxml": "rdf"}.get(name, name))
    found = {quad for part in texts for quad in _without_labels(ox.parse(part, format=known))}
    assert len(found) == len(set(_without_labels(expected)))
    assert {quad for quad in found if "_:" not in quad} == {quad for quad in _without_labels(expected) if "_:" not in quad}


def _without_labels(quads: object) -> list[str]:
    return [f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads]  # type: ignore[attr-defined]


@pytest.mark.parametrize("split", ["record", "class"])
def test_files_that_are_split_hold_the_settled_graph(site: Path, split: Split, tmp_path: Path) -> None:
    export(output=tmp_path / "out", project=project_of(site), split=split, format="ntriples")
    lines = {line for file in (tmp_path / "out").glob("*.nt") for line in file.read_text().splitlines()}
    export(output=tmp_path / "whole.nt", project=project_of(site))
    assert lines == set((tmp_path / "whole.nt").read_text().splitlines())


def test_graphs_in_memory_and_queries_see_what_is_settled(site: Path) -> None:
    graph = Graph()
    export(output=graph, project=project_of(site))
    asked = "SELECT (COUNT(*) AS ?n) { ?post <https://example.org/ns#author> <https://example.org/people/ann/> }"
    (row,) = graph.query(asked)
    with open_dataset(project=project_of(site)) as dataset:
        assert int(dataset.query(asked).rows[0][0].value) == int(str(row[0])) == MANY  # type: ignore[index,union-attr]


def test_a_record_that_is_mapped_alone_keeps_what_was_typed(site: Path) -> None:
    plan = load_plan(site / "ontology.ttl")
    record = next(found for found in read(site / "content" / "posts" / "p000.md") if isinstance(found, Record))
    values = [str(value) for _, value in map_record(record, plan).blocks[0].pairs]
    assert '"AL"' in values
    assert not [value for value in values if value.startswith("_:")]


def test_an_overlay_changes_what_other_records_are_settled_to(site: Path) -> None:
    person = site / "content" / "people" / "ann.md"
    changed = person.read_bytes().replace(b"Ann Lee", b"Anna Lee")
    before, after = (export(output=[], project=project_of(site, overlays=over)) for over in (None, {str(person): changed}))
    assert before.lookups is not None
    assert after.lookups is not None
    assert after.lookups.dangling == before.lookups.dangling + MANY + MANY // 4  # each editor, and one author of four
    assert person.read_bytes() != changed


def test_the_account_says_how_many_were_looked_up(site: Path) -> None:
    account = export(output=[], project=project_of(site))
    codes = [problem.code for problem in account.problems]
    assert account.lookups is not None
    assert account.lookups.looked_up == MANY // 4 * (3 + 1 + 1 + 2) + MANY + MANY + MANY // 2 * 3 + 3 * MANY
    assert account.lookups.dangling == codes.count("REF-DANGLING") == MANY // 4 + MANY // 2 + MANY // MANY
    assert account.lookups.ambiguous == codes.count("REF-AMBIGUOUS") == MANY // 4


def test_a_plan_without_match_has_no_holes(site: Path, tmp_path: Path) -> None:
    text = (site / "ontology.ttl").read_text().replace('map:match ( "name" "aliases" ) ;', "").replace('map:match "title" ;', "")
    (tmp_path / "ontology.ttl").write_text(text)
    project = make_project(site / "content", settings=Settings(), ontology=tmp_path / "ontology.ttl")
    assert Exporting(project, project.plan()).references is None
    assert not [record.holes for path in paths_of(site)[:9] for record in FileTask(project, "turtle").run_one(path).records if record.holes]


SHAPES = """
@prefix ex: <https://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ;
    sh:property [ sh:path ex:author ; sh:nodeKind sh:IRI ; sh:maxCount 1 ] ,
        [ sh:path ( ex:author ex:name ) ; sh:hasValue "Ann Lee" ] .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path [ sh:inversePath ex:author ] ; sh:maxCount 2 ] .
"""


def test_results_of_shapes_stand_where_the_value_was_typed(tmp_path: Path) -> None:
    site = make_site(tmp_path)
    (site / "shapes.ttl").write_text(SHAPES)
    inputs = site / "ontology.ttl", site / "shapes.ttl"
    found = validate(project=make_project(site / "content", settings=Settings(), ontology=inputs[0], shapes=inputs[1]))
    said = {(problem.code, Path(problem.location.path).name, problem.location.line, problem.location.column) for problem in found.problems}
    assert ("REF-DANGLING", "p003.md", 4, 10) in said  # and the kind of node is not said once more
    assert not [place for place in said if place[0] == "SH-NODE-KIND"]
    assert ("SH-MAX-COUNT", "p001.md", 5, 9) in said  # the second value is that of another key
    assert {place[1] for place in said if place[0] == "SH-MAX-COUNT"} >= {"p001.md", "p002.md", "p003.md"}
    assert not [place for place in said if place[0] == "SH-MAX-COUNT" and place[1] == "p000.md" and place[2] == 4]
