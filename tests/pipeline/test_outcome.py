"""An outcome depends on a file's bytes, its path and the plan: not on what was read before, on the process, nor on Python's hash seed."""

from __future__ import annotations

import os
import pickle
import random
import subprocess
import sys
from pathlib import Path

import pytest

from exporter.outcomes.channel import Packer, Unpacker
from exporter.outcomes.making import FileTask
from exporter.outcomes.outcome import Outcome
from exporter.project import Project
from tests.pipeline.test_merging import ONTOLOGY

CONTENT = sorted(str(path) for path in Path("examples/medigy/content").rglob("*.md"))
LISTED = """
ex:Maker a owl:Class ; map:iri "https://example.org/m/{name|slug}" .
ex:makerName rdfs:domain ex:Maker ; rdfs:range xsd:string ; map:key "name" .
ex:knows rdfs:domain ex:Maker ; rdfs:range xsd:string ; map:key "knows" ; map:ordered true .
ex:maker rdfs:domain ex:Post ; rdfs:range ex:Maker ; map:key "makers" .
ex:tag rdfs:domain ex:Post ; rdfs:range ex:Topic ; map:key "tags" ; map:convert ( map:json map:slug ) .
ex:Plain a owl:Class ; map:iri "https://example.org/p/{@value}" .
ex:in rdfs:domain ex:Plain ; rdfs:range ex:Topic ; map:key "@value" .
ex:plain rdfs:domain ex:Post ; rdfs:range ex:Plain ; map:key "plain" .
ex:date rdfs:domain ex:Post ; rdfs:range xsd:date ; map:key "date" .
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, list[str]]:
    """Make records with shared resources of scalars, maps and lists, with texts that make one IRI, with problems and unmapped keys."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "ontology.ttl").write_text(ONTOLOGY + LISTED)
    paths = []
    for number in range(40):
        makers = f'makers:\n  - {{name: "M {number % 3}", knows: [a, b{number % 2}, a], shoe: 4}}\n' if number % 4 else ""
        tags = f'tags: \'[" T{number % 5}", "t{number % 3} "]\'\n'
        own = {7: "---\nowlType: None such\n---\n", 8: "no keys", 9: "---\n a: [\n---\n"}
        topics = f"topics: [T{number % 5}, t{number % 5}!, 7, 'N {number}']\nplain: [P {number % 2}, p{number % 3}]\n"
        text = f"---\nowlType: Post\n{topics}{makers}{tags}date: 20{number}\nx: 1\n---\n"
        paths.append(str(folder / f"{number:02}.md"))
        Path(paths[-1]).write_text(own.get(number, text))
    return Project(ontology=(str(folder / "ontology.ttl"),)), paths


def alone(project: Project, paths: list[str]) -> list[Outcome]:
    return [FileTask(project, "turtle").run_one(path) for path in paths]


def test_outcomes_do_not_depend_on_what_was_read_before(site: tuple[Project, list[str]]) -> None:
    project, paths = site
    expected = dict(zip(paths, alone(project, paths), strict=True))
    assert {record.iri is None for outcome in expected.values() for record in outcome.records} == {True, False}
    for seed in range(3):
        shuffled = random.Random(seed).sample(paths, len(paths))
        assert dict(zip(shuffled, FileTask(project, "turtle").run(shuffled), strict=True)) == {path: expected[path] for path in shuffled}


@pytest.mark.parametrize("form", ["turtle", "ntriples", "jsonld", "rdfxml"])
def test_outcomes_of_the_examples_do_not_depend_on_what_was_read_before(form: str) -> None:
    project = Project(ontology=("ontology",))
    task = FileTask(project, form)
    task.run(CONTENT)
    plan = project.plan()
    assert [FileTask(project, form, plan).run_one(path) for path in CONTENT[::5]] == task.run(CONTENT[::5])


def test_facts_do_not_depend_on_the_format(site: tuple[Project, list[str]]) -> None:
    project, paths = site

    def facts(form: str, *, text: bool) -> list[Outcome]:
        task = FileTask(project, form)
        made = [task.make(path, text=text) for path in paths]
        return [outcome._replace(records=tuple(record._replace(text=None) for record in outcome.records)) for outcome in made]

    assert facts("turtle", text=True) == facts("jsonld", text=True) == facts("turtle", text=False)


def test_outcomes_do_not_depend_on_the_process(site: tuple[Project, list[str]]) -> None:
    project, paths = site
    expected = FileTask(project, "turtle").run(paths)
    code = "import pickle, sys; from exporter.outcomes.making import FileTask; project, paths = pickle.load(sys.stdin.buffer)\n"
    code += "sys.stdout.buffer.write(pickle.dumps(FileTask(project, 'turtle').run(paths)))"
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", code], input=pickle.dumps((project, paths[::-1])), env=environment, capture_output=True, check=True
        )
        assert pickle.loads(done.stdout)[::-1] == expected  # noqa: S301 - our own process wrote it


def test_what_a_channel_sends_once_comes_as_it_was(site: tuple[Project, list[str]]) -> None:
    project, paths = site
    packer, unpacker = Packer(), Unpacker()
    outcomes = FileTask(project, "turtle").run(paths)
    sizes = []
    for _ in range(20):
        data = packer.pack(outcomes)
        sizes.append(len(data))
        assert unpacker.unpack(data) == outcomes
    assert sizes[1] < 20 < sizes[0] == sizes[16]  # after some time both ends forget, and everything is sent again
