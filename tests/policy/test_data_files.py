"""Records of data files are suppressed, found and named one by one."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.policy.suppressing import suppress
from exporter.problems import Location
from exporter.project import Project, make_project
from exporter.settings.model import Settings
from exporter.sparql.opening import open_dataset
from exporter.validation.validating import validate

ONTOLOGY = """
@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Book a owl:Class ; map:files "content/books.*" ; map:records "" ; map:iri "https://example.org/{isbn}" ;
    map:reads [ map:property ex:name ; map:key "name" ; map:range xsd:string ] ,
        [ map:property ex:part ; map:key "part" ; map:range ex:Part ] .
ex:Part a owl:Class ; map:reads [ map:property ex:size ; map:key "size" ; map:range xsd:integer ] .
"""
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix ex: <https://example.org/ns#> .
ex:S a sh:NodeShape ; sh:targetClass ex:Book ; sh:property [ sh:path ex:name ; sh:minLength 3 ] .
"""
BOOKS = """\
- isbn: 1
  name: ab
- isbn: 2
  name: cd
  part: {size: 4}
  owltypeIgnore: {SH-MIN-LENGTH: it is called so}
- isbn: 3
  name: ef
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.chdir(tmp_path)
    Path("content").mkdir()
    Path("content/books.yml").write_text(BOOKS)
    Path("o.ttl").write_text(ONTOLOGY)
    Path("s.ttl").write_text(SHAPES)
    return make_project("content", settings=Settings(), ontology="o.ttl", shapes="s.ttl", jobs=1)


def test_what_one_record_suppresses_stays_with_the_others(project: Project) -> None:
    found = validate(project=project, engine="shacl")
    assert [problem.location.line for problem in found.problems] == [2, 4, 8]
    left = suppress(found.problems, records=found.files, reader=found.reader)
    assert ([problem.location.line for problem in left.problems], left.count) == ([2, 8], 1)


def test_a_record_and_what_is_in_it_have_their_place_in_the_file(project: Project) -> None:
    with open_dataset(project=project) as dataset:
        locate = dataset.locator()
        places = [locate(f"https://example.org/{name}") for name in ("1", "2", "2#part", "4")]
    assert [place and (place.path, place.line, place.column) for place in places] == [
        ("content/books.yml", 1, 3),
        ("content/books.yml", 3, 3),
        ("content/books.yml", 5, 9),
        None,
    ]


def test_the_extent_of_a_record_is_its_item(project: Project) -> None:
    reader = project.reader(project.plan())
    extents = [each.record.extent() for each in reader.read("content/books.yml").each if each.record]
    assert extents[0] == Location("content/books.yml", 1, 3, 2, 11)
    assert [place.line for place in extents] == [1, 3, 7]
