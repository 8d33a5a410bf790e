"""Results that are kept are those that a run over everything gives, whatever was edited since: the 70 hostile shapes of `batches`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exporter.cache.answers import KeptAnswers
from exporter.cache.folder import Cache
from exporter.project import make_project
from exporter.settings.model import Settings
from exporter.tree import CACHE_FOLDER
from exporter.validation.batches.running import Batching
from exporter.validation.engines import Engine, make_engine
from exporter.validation.results.model import ValidationResult
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import join_shapes, read_shapes
from exporter.validation.validating import Validation, validate
from tests.cases import discover
from tests.references.sites import make_site
from tests.validation.test_batches import _parts, _read, whole

_EDITS = 9


class Counting:
    """An engine that counts how often it is asked."""

    apart = False

    def __init__(self, engine: Engine) -> None:
        self.name, self.asked = engine.name, 0
        self._engine = engine

    def run(self, data: bytes | Path, shapes: ShapesGraph, *, advanced: bool = False) -> tuple[ValidationResult, ...]:
        self.asked += 1
        return self._engine.run(data, shapes, advanced=advanced)

    def pattern_error(self, pattern: str, flags: str) -> str | None:
        return self._engine.pattern_error(pattern, flags)

    def close(self) -> None:
        self._engine.close()


def kept_in(folder: Path) -> KeptAnswers:
    return KeptAnswers(Cache(folder, limit=50_000_000), "results")


def warm(engine: Engine, shapes: ShapesGraph, data: bytes, folder: Path, *, cut: bool = True) -> tuple[ValidationResult, ...]:
    """Give the results with those of earlier runs, and keep these."""
    kept = kept_in(folder)
    with _parts(shapes, data, Batching(size=1, least=0, whole=not cut)) as parts:
        found = parts.check(engine, 1, kept)
    kept.save()
    return found


def edits(data: bytes) -> list[bytes]:
    """Take one line away, from nine places, and then a whole node, and say something of a node twice."""
    lines = data.splitlines(keepends=True)
    step = max(1, len(lines) // _EDITS)
    less = [b"".join(lines[:at] + lines[at + 1 :]) for at in range(0, len(lines), step)][:_EDITS]
    subject = lines[len(lines) // 2].split(b" ")[0]
    without = b"".join(line for line in lines if line.split(b" ")[0] != subject)
    return [*less, without, data + subject + b" <http://example.org/added> <http://example.org/other> .\n", b"".join(reversed(lines)), data]


@pytest.mark.slow
@discover(__file__, least=60, below="batches")
def test_after_any_edit_the_results_are_those_of_the_whole(case: Path, tmp_path: Path) -> None:
    shapes, data = _read(case)
    engine = Counting(make_engine("shacl"))
    for edited in (data, *edits(data)):
        expected = whole(engine, shapes, edited)
        assert warm(engine, shapes, edited, tmp_path) == expected
        asked = engine.asked
        assert warm(engine, shapes, edited, tmp_path) == expected
        assert engine.asked == asked, "nothing has changed, and the engine was asked again"
        assert warm(engine, shapes, edited, tmp_path, cut=False) == expected


def test_an_edit_asks_for_what_it_concerns(tmp_path: Path) -> None:
    cases = Path(__file__).parent / "batches"
    shapes, data = _read(cases / "closed")
    engine = Counting(make_engine("shacl"))
    warm(engine, shapes, data, tmp_path)
    cold = engine.asked
    lines = data.splitlines(keepends=True)
    counts = []
    for at in range(len(lines)):
        before = engine.asked
        warm(engine, shapes, b"".join(lines[:at] + lines[at + 1 :]), tmp_path)
        counts.append(engine.asked - before)
    assert any(0 < count < cold for count in counts)
    assert max(counts) <= cold


@pytest.mark.parametrize("what", ["shapes", "advanced"])
def test_other_shapes_are_other_questions(what: str, tmp_path: Path) -> None:
    cases = Path(__file__).parent / "batches"
    shapes, data = _read(cases / "closed")
    others, _ = _read(cases / "alternative")
    engine = Counting(make_engine("shacl"))
    warm(engine, shapes, data, tmp_path)
    asked = engine.asked
    kept = kept_in(tmp_path)
    if what == "shapes":
        assert warm(engine, others, data, tmp_path) == whole(make_engine("shacl"), others, data)
    else:
        with _parts(shapes, data, Batching(whole=True)) as parts:
            parts._advanced = True
            parts.check(engine, 1, kept)
    assert engine.asked > asked


@pytest.mark.parametrize("call", ["NOW()", "now ()", "RAND()", "STR(UUID())", "STRUUID()"])
def test_what_is_another_answer_each_time_is_not_kept(call: str, tmp_path: Path) -> None:
    query = f"SELECT $this WHERE {{ $this ?p ?o . FILTER(STR({call}) != '') }}"
    text = f'<urn:s> sh:targetSubjectsOf <urn:p> ; sh:sparql [ sh:select "{query}" ] .'
    shapes = join_shapes([read_shapes("shapes.ttl", f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{text}".encode())])
    engine = Counting(make_engine("shacl"))
    for _ in range(2):
        asked = engine.asked
        assert warm(engine, shapes, b"<urn:n> <urn:p> <urn:o> .\n", tmp_path)
        assert engine.asked > asked


SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/ns#> .
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:author ; sh:class ex:Person ; sh:minCount 1 ] ,
    [ sh:path ( ex:author ex:alias ) ; sh:maxCount 1 ] .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path [ sh:inversePath ex:author ] ; sh:minCount 1 ] .
"""


def check_site(site: Path, *, cache: bool) -> tuple[object, ...]:
    project = make_project(
        site / "content", settings=Settings(), ontology=site / "ontology.ttl", shapes=site / "shapes.ttl", cache=cache, jobs=1
    )
    found: Validation = validate(project=project, batching=Batching(size=1, least=0))
    return found.results, found.problems, found.checked


CHANGES = {
    "an alias that heals a reference elsewhere": ("people/bob.md", "owlType: Person\nname: Bob\naliases: [Nobody]\n"),
    "an alias that makes one ambiguous": ("people/bob.md", "owlType: Person\nname: Bob\naliases: [AL]\n"),
    "a removed file": ("people/ann.md", None),
    "a shared resource": ("posts/p001.md", "owlType: Post\ntitle: Post 1\nteam: {name: T2, head: Bob}\n"),
    "a new record": ("posts/new.md", "owlType: Post\ntitle: Post 9\nauthor: Bob\n"),
    "another class": ("people/eve.md", "owlType: Post\ntitle: Eve\n"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_records_have_the_problems_of_a_cold_run(change: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    site = make_site(tmp_path, posts=6)
    (site / "shapes.ttl").write_text(SHAPES)
    before = check_site(site, cache=True)
    assert before == check_site(site, cache=False)
    name, text = CHANGES[change]
    file = site / "content" / name
    if text is None:
        file.unlink()
    else:
        file.write_text(f"---\n{text}---\n")
    after = check_site(site, cache=True)
    assert after == check_site(site, cache=False) != before
    shutil.rmtree(site / CACHE_FOLDER)
    assert check_site(site, cache=True) == after


def test_a_word_in_a_message_is_not_a_call(tmp_path: Path) -> None:
    text = '<urn:s> sh:targetSubjectsOf <urn:p> ; sh:message "Say now what \\\\u is: rand or uuid" ; sh:nodeKind sh:BlankNode .'
    shapes = join_shapes([read_shapes("shapes.ttl", f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{text}".encode())])
    engine = Counting(make_engine("shacl"))
    first = warm(engine, shapes, b"<urn:n> <urn:p> <urn:o> .\n", tmp_path)
    asked = engine.asked
    assert warm(engine, shapes, b"<urn:n> <urn:p> <urn:o> .\n", tmp_path) == first
    assert first
    assert engine.asked == asked


def test_results_with_causes_are_kept_with_them(tmp_path: Path) -> None:
    text = "<urn:s> sh:targetSubjectsOf <urn:p> ; sh:node [ sh:property [ sh:path <urn:q> ; sh:minCount 1 ] ] ."
    shapes = join_shapes([read_shapes("shapes.ttl", f"@prefix sh: <http://www.w3.org/ns/shacl#> .\n{text}".encode())])
    engine = Counting(make_engine("shacl"))
    first = warm(engine, shapes, b"<urn:n> <urn:p> <urn:o> .\n", tmp_path)
    asked = engine.asked
    again = warm(engine, shapes, b"<urn:n> <urn:p> <urn:o> .\n", tmp_path)
    assert [(result, result.details) for result in again] == [(result, result.details) for result in first]
    assert engine.asked == asked


PLAIN = """
@prefix ex: <https://example.org/ns#> . @prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
ex:Note a owl:Class ; map:owlType "Note" ; map:iri "https://example.org/{@file.stem}" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Note ; rdfs:range xsd:string ; map:key "title" .
ex:topic a owl:ObjectProperty ; rdfs:domain ex:Note ; rdfs:range ex:Topic ; map:key "topic" .
ex:Topic a owl:Class ; map:pattern "(?P<name>.+)" ; map:iri "https://example.org/topics/{name|slug}" .
ex:name a owl:DatatypeProperty ; rdfs:domain ex:Topic ; rdfs:range xsd:string ; map:key "name" .
"""
PLAIN_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/ns#> .
ex:NoteShape a sh:NodeShape ; sh:targetClass ex:Note ; sh:property [ sh:path ex:title ; sh:minLength 8 ] .
ex:TopicShape a sh:NodeShape ; sh:targetClass ex:Topic ; sh:property [ sh:path ex:name ; sh:maxCount 1 ] ,
    [ sh:path [ sh:inversePath ex:topic ] ; sh:maxCount 2 ] .
"""


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/n1.md", "title", "more: of no key\ntitle"),
        ("content/n1.md", "Note 1", "Note 12"),
        ("content/n2.md", "topic: A b", "x: y\ntopic: A b"),
        ("content/n2.md", "topic: A b", "topic: C"),
        ("content/n3.md", "topic: a B", "topic: A b"),
        ("shapes.ttl", "ex:NoteShape", "\n\nex:NoteShape"),
        ("shapes.ttl", "sh:minLength 8", 'sh:minLength 8 ; sh:message "other words"'),
        ("ontology.ttl", 'map:key "title"', 'rdfs:label "the name of a note" ; map:key "title"'),
    ],
)
def test_places_and_words_that_change_are_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, old: str, new: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "content").mkdir()
    (tmp_path / "ontology.ttl").write_text(PLAIN)
    (tmp_path / "shapes.ttl").write_text(PLAIN_SHAPES)
    for number, topic in enumerate(("A b", "A b", "A b", "a B", "A  b")):
        (tmp_path / f"content/n{number}.md").write_text(f"---\nowlType: Note\ntitle: Note {number}\ntopic: {topic}\n---\n")
    before = check_site(tmp_path, cache=True)
    assert len(before[1]) >= 6  # type: ignore[arg-type]  # problems: five titles, and topics
    assert check_site(tmp_path, cache=True) == before
    file = tmp_path / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))
    after = check_site(tmp_path, cache=True)
    assert after == check_site(tmp_path, cache=False)
    assert after != before or path == "ontology.ttl"  # a label of a property that no sentence names
