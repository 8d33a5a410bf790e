"""The setting `duplicate-keys`: what becomes of a key that stands twice in one map, in every syntax and every command."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter import validate
from exporter.pipeline.coverage import measure_coverage
from exporter.pipeline.export import export
from exporter.pipeline.reading import read as read_records
from exporter.problems import Severity
from exporter.project import make_project
from exporter.records.plugging import load_handlers
from exporter.records.reading import read_text
from exporter.records.record import Reading, Record
from tests.running import owltype

EQUAL = {
    "a.md": "---\ntitle: A\nlang: en\ntitle: A\n---\n",
    "b.md": '{"title": "A", "lang": "en", "title": "A"}\nText.\n',
    "c.md": '---json\n{"title": "A", "lang": "en", "title": "A"}\n---\n',
    "d.yaml": "title: A\nlang: en\ntitle: A",
    "e.json": '{"title": "A", "lang": "en", "title": "A"}',
}
DIFFERENT = [
    "---\na: 1\na: '1'\n---\n",
    "---\na: 1\na: true\n---\n",
    "---\na: 1.0\na: '1.0'\n---\n",
    "---\na: 1.0\na: 1.00\n---\n",
    "---\na: [x, y]\na: [y, x]\n---\n",
    "---\na: {x: 1}\na: {x: 1, y: 2}\n---\n",
    "---\na:\na: ''\n---\n",
    "---\nm: {a: 1, a: 2}\nn: 1\nn: 1\n---\n",
    '{"a": 1, "a": 1.0}\n',
    '{"a": 1, "a": 1, "b": {"c": 1, "c": 2}}\n',
    '+++\na = "x"\na = "x"\n+++\n',
]
"""TOML forbids what the setting allows."""


def read(name: str, text: str) -> Reading:
    return read_text(name, text, handlers=load_handlers([], "warn-if-equal"))


@pytest.mark.parametrize(("name", "text"), EQUAL.items())
def test_equal_values_are_a_warning_where_the_setting_allows_it(name: str, text: str) -> None:
    reading = read(name, text)
    assert reading.record is not None
    assert reading.record.front_matter == {"title": "A", "lang": "en"}
    assert list(reading.record.front_matter) == ["title", "lang"]
    (problem,) = reading.problems
    assert problem.severity is Severity.WARNING
    assert problem.code.endswith("-DUPLICATE-KEY")
    assert problem.message.endswith("with an equal value")
    assert (problem.location.line, problem.location.column) > (problem.related[0].line, problem.related[0].column)


@pytest.mark.parametrize(("name", "text"), EQUAL.items())
def test_equal_values_reject_the_record_otherwise(name: str, text: str) -> None:
    reading = read_text(name, text)
    assert reading.record is None
    assert [problem.severity for problem in reading.problems] == [Severity.ERROR]


@pytest.mark.parametrize("text", DIFFERENT)
def test_different_values_always_reject_the_record(text: str) -> None:
    reading = read("a.md", text)
    assert reading.record is None
    assert reading.problems[0].code.endswith("-DUPLICATE-KEY")


def test_each_repetition_is_told_however_deep() -> None:
    reading = read("a.md", "---\nm:\n- {a: [1, {b: x}], a: [1, {b: x}]}\n- c: *1\n---\n".replace("*1", "1\n  c: 1\n  c: 1"))
    assert [problem.location.line for problem in reading.problems] == [3, 5, 6]
    assert reading.record is not None
    assert reading.record.front_matter == {"m": [{"a": [1, {"b": "x"}]}, {"c": 1}]}
    assert reading.record.locate("m[1].c").line == 4


ONTOLOGY = """\
@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/ns> a owl:Ontology .
ex:Post a owl:Class ; map:files "content/**" ; map:iri "https://example.org/{file.stem}" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Post ; rdfs:range xsd:string ; map:key "title" .
ex:lang a owl:DatatypeProperty ; rdfs:domain ex:Post ; rdfs:range xsd:string ; map:key "lang" .
"""
SHAPES = """\
@prefix ex: <https://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:title ; sh:minLength 2 ] .
"""


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "content").mkdir()
    for name, text in EQUAL.items():
        (tmp_path / "content" / name).write_text(text, "utf-8")
    (tmp_path / "site.ttl").write_text(ONTOLOGY, "utf-8")
    (tmp_path / "shapes.ttl").write_text(SHAPES, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_python_functions_take_it(site: Path) -> None:
    paths, ontology = str(site / "content"), [str(site / "site.ttl")]
    assert export(paths, [], ontology=ontology, jobs=1).exported == 0
    assert export(paths, [], ontology=ontology, jobs=1, duplicate_keys="warn-if-equal").exported == len(EQUAL)
    assert not [found for found in read_records(paths) if isinstance(found, Record)]
    assert len([found for found in read_records(paths, duplicate_keys="warn-if-equal") if isinstance(found, Record)]) == len(EQUAL)
    assert measure_coverage(make_project(paths, ontology=ontology)).seen == 0
    assert measure_coverage(make_project(paths, ontology=ontology, duplicate_keys="warn-if-equal")).seen == len(EQUAL)
    found = validate(paths, ontology=ontology, shapes=[str(site / "shapes.ttl")], jobs=1, duplicate_keys="warn-if-equal")
    assert sorted(problem.code for problem in found.problems if problem.location.path.endswith("a.md")) == [
        "SH-MIN-LENGTH",
        "YAML-DUPLICATE-KEY",
    ]


def test_every_command_takes_it_from_the_settings(site: Path) -> None:
    (site / "owltype.toml").write_text('ontology = "site.ttl"\nshapes = "shapes.ttl"\nduplicate-keys = "warn-if-equal"\n', "utf-8")
    exported = owltype("export", "content", "-o", "-", "--format", "nt", cwd=site)
    assert exported.status == 0, exported.stderr
    assert exported.stdout.count("ns#title") == len(EQUAL)
    asked = owltype("query", "-d", "content", "SELECT (COUNT(?s) AS ?n) { ?s a ?c }", cwd=site)
    assert str(len(EQUAL)) in asked.stdout
    checked = owltype("validate", "content", "--output-format", "concise", cwd=site)
    assert checked.stdout.count("warning YAML-DUPLICATE-KEY") == 2
    assert checked.stdout.count("warning JSON-DUPLICATE-KEY") == 3
    assert checked.stdout.count("SH-MIN-LENGTH") == len(EQUAL)
