"""A validation that nothing has changed since is remembered, and whatever changes, warm equals cold."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from exporter.cache import stamps
from exporter.errors import ExporterError
from exporter.project import make_project
from exporter.records.reading import Reader
from exporter.settings.model import Settings
from exporter.validation import validating
from exporter.validation.batches.running import Batching
from exporter.validation.validating import Validation, validate
from tests.cache.test_kept import PLAIN, WarmEqualsCold
from tests.references.sites import make_site

pytestmark = pytest.mark.slow

PREFIXES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://example.org/ns#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
SHAPES = f"""{PREFIXES}
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:nodeKind sh:IRI ; sh:closed true ;
    sh:ignoredProperties ( ex:author ex:title ex:next <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> ) ;
    sh:not [ sh:property [ sh:path ex:title ; sh:hasValue "Two" ] ] ;
    sh:property [ sh:path ex:author ; sh:class ex:Person ; sh:minCount 1 ; sh:node ex:Named ] ,
        [ sh:path ex:title ; sh:datatype xsd:string ; sh:maxCount 1 ; sh:minLength 4 ; sh:maxLength 5 ; sh:pattern "^[OP]" ;
            sh:languageIn ( "en" ) ; sh:uniqueLang true ; sh:in ( "One" "Two" ) ; sh:minInclusive 1 ; sh:maxInclusive 9 ] ,
        [ sh:path ( ex:author ex:name ) ; sh:maxCount 1 ; sh:disjoint ex:title ; sh:equals ex:title ; sh:minExclusive 1 ;
            sh:maxExclusive 9 ] ,
        [ sh:path ( ex:next ex:next ) ; sh:qualifiedValueShape ex:Named ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ] .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:and ( ex:Named ) ;
    sh:or ( [ sh:property [ sh:path ex:name ; sh:minLength 3 ] ] [ sh:property [ sh:path ex:alias ; sh:minCount 1 ] ] ) ;
    sh:xone ( ex:Named [ sh:property [ sh:path [ sh:inversePath ex:author ] ; sh:minCount 2 ] ] ) ;
    sh:property [ sh:path [ sh:inversePath ex:author ] ; sh:minCount 1 ] ,
        [ sh:path ex:name ; sh:lessThan ex:title ; sh:lessThanOrEquals ex:x ] .
ex:Named a sh:NodeShape ; sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:maxLength 3 ] .
ex:NextShape a sh:NodeShape ; sh:targetObjectsOf ex:next ; sh:targetSubjectsOf ex:author ;
    sh:property [ sh:path ex:title ; sh:minCount 1 ] ;
    sh:sparql [ sh:message "it is alone" ; sh:select
        "SELECT $this WHERE {{ $this ?p ?o . FILTER NOT EXISTS {{ ?other <https://example.org/ns#next> $this }} }}" ] .
"""


SIZE = 1


def outcome(site: Path, *, cache: bool, engine: str = "shacl", **said: Any) -> Any:  # noqa: ANN401 - what a project is made from
    project = make_project(
        site / "content", settings=Settings(), ontology=site / "ontology.ttl", shapes=site / "shapes.ttl", jobs=1, cache=cache, **said
    )
    project = replace(project, tree=replace(project.tree, root=str(site)))
    try:
        found = validate(project=project, engine=engine, batching=Batching(size=SIZE, least=0))
    except ExporterError as error:
        return (str(error), error.problems)
    return said_of(found)


def said_of(found: Validation) -> tuple[Any, ...]:
    split = None if found.split is None else list(found.split.lines())
    results = [(result, result.details, result.within, result.times) for result in found.results]
    counted = (found.checked, dict(found.skipped), found.files, found.idle, found.whole, found.engines)
    return (found.problems, results, *counted, split, dict(found.prefixes), found.shapes.ntriples)


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 20_000_000)
    monkeypatch.chdir(tmp_path)
    made = make_site(tmp_path, posts=4)
    (made / "ontology.ttl").write_text(PLAIN)
    (made / "shapes.ttl").write_text(SHAPES)
    return made


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the records that are read."""
    paths: list[str] = []
    record = Reader.read

    def count(reader: Reader, path: str, data: bytes | None = None) -> Any:  # noqa: ANN401 - a reading
        paths.append(path)
        return record(reader, path, data)

    monkeypatch.setattr(Reader, "read", count)
    return paths


def settle(site: Path) -> Any:  # noqa: ANN401 - as above
    """Validate until the files have rested."""
    time.sleep(0.03)
    outcome(site, cache=True)
    return outcome(site, cache=True)


def test_where_nothing_has_changed_nothing_is_read_and_the_same_is_said(site: Path, read: list[str]) -> None:
    cold = outcome(site, cache=False)
    assert len(cold[0]) > 5
    settle(site)
    read.clear()
    assert outcome(site, cache=True) == cold
    assert not read


def edit(site: Path, name: str, old: str, new: str) -> None:
    file = site / name
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new, 1))


def import_more(site: Path) -> None:
    imports = "<http://www.w3.org/2002/07/owl#imports>"
    edit(site, "shapes.ttl", "ex:Named a", f"<{(site / 'shapes.ttl').as_uri()}> {imports} <more.ttl> . ex:Named a")
    (site / "more.ttl").write_text(f"{PREFIXES} ex:More a sh:NodeShape ; sh:targetClass ex:Post ; sh:nodeKind sh:Literal .")


CHANGES: dict[str, Callable[[Path], object]] = {
    "a title": lambda site: edit(site, "content/posts/p001.md", "Post 1", "One"),
    "a line": lambda site: edit(site, "content/posts/p001.md", "owlType", "# moved down\nowlType"),
    "a new record": lambda site: (site / "content/posts/new.md").write_text("---\nowlType: Post\ntitle: One\n---\n"),
    "a removed record": lambda site: (site / "content/posts/p001.md").unlink(),
    "a skipped file": lambda site: (site / "content/posts/new.md").write_text("no front matter"),
    "an ignored file": lambda site: (site / "content/.gitignore").write_text("p001.md\n"),
    "the ontology": lambda site: edit(site, "ontology.ttl", '"title"', '"titel"'),
    "a line of the shapes": lambda site: edit(site, "shapes.ttl", "ex:PersonShape", "\n\nex:PersonShape"),
    "a shape": lambda site: edit(site, "shapes.ttl", "sh:minLength 4", "sh:minLength 2"),
    "an import of the shapes": import_more,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_is_seen(site: Path, change: str) -> None:
    before = settle(site)
    CHANGES[change](site)
    assert outcome(site, cache=True) == outcome(site, cache=False) != before
    after = settle(site)
    assert after == outcome(site, cache=False)


def test_what_is_asked_for_takes_part(site: Path) -> None:
    settle(site)
    for said in ({"unmapped": "fail"}, {"exclude": "posts/p001*"}, {"default_class": "Post"}, {"engine": "pyshacl"}):
        assert outcome(site, cache=True, **said) == outcome(site, cache=False, **said)


def test_an_import_that_comes_is_seen(site: Path) -> None:
    edit(
        site,
        "shapes.ttl",
        "ex:PersonShape",
        f"<{(site / 'shapes.ttl').as_uri()}> <http://www.w3.org/2002/07/owl#imports> <more.ttl> . ex:PersonShape",
    )
    before = settle(site)
    (site / "more.ttl").write_text(f"{PREFIXES} ex:More a sh:NodeShape ; sh:targetClass ex:Post ; sh:nodeKind sh:Literal .")
    assert outcome(site, cache=True) == outcome(site, cache=False) != before


@pytest.mark.parametrize("call", ["NOW()", "RAND()"])
def test_shapes_that_ask_for_the_time_are_asked_each_time(site: Path, call: str) -> None:
    edit(site, "shapes.ttl", "$this ?p ?o .", f"$this ?p ?o . FILTER(STR({call}) != '')")
    settle(site)
    assert outcome(site, cache=True) == outcome(site, cache=False)
    assert not any(name.name.startswith("run-") for name in (site / ".owltype_cache").iterdir())
    (site / "shapes.ttl").write_text(f"{PREFIXES} ex:S a sh:NodeShape ; sh:targetClass ex:Post ; sh:nodeKind sh:Literal .")
    assert outcome(site, cache=True) == outcome(site, cache=False)


@pytest.fixture
def rechecked(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Say of each run in which some edits were looked at whether they were enough."""
    told: list[bool] = []
    check = validating._rechecked

    def count(*args: Any) -> Any:  # noqa: ANN401 - as there
        found = check(*args)
        told.append(found is not None)
        return found

    monkeypatch.setattr(validating, "_rechecked", count)
    return told


LOCAL = f"""{PREFIXES}
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property
    [ sh:path ex:author ; sh:class ex:Person ; sh:minCount 1 ; sh:node ex:Named ] , [ sh:path ( ex:author ex:name ) ; sh:maxLength 6 ] ,
    [ sh:path ex:title ; sh:minLength 4 ; sh:maxLength 8 ; sh:disjoint ex:x ] , [ sh:path ( ex:next ex:title ) ; sh:pattern "^P" ] ,
    [ sh:path ex:team ; sh:node [ sh:property [ sh:path ex:name ; sh:minLength 2 ] ] ] .
ex:Named a sh:NodeShape ; sh:property [ sh:path ex:name ; sh:minCount 1 ; sh:maxLength 7 ; sh:pattern "e" ] .
ex:TeamShape a sh:NodeShape ; sh:targetClass ex:Team ; sh:property [ sh:path ex:name ; sh:pattern "1$" ] .
ex:PersonShape a sh:NodeShape ; sh:targetClass ex:Person ; sh:property [ sh:path [ sh:inversePath ex:author ] ; sh:minCount 1 ] .
"""
ONLY_IRIS = "author: https://example.org/people/{}/\nnext: https://example.org/{}/\nteam: {{name: T{}}}\n"


@pytest.fixture
def local(site: Path) -> Path:
    (site / "shapes.ttl").write_text(LOCAL)
    for number in range(8):
        of = ONLY_IRIS.format(("ann", "bob", "eve")[number % 3], f"p{(number + 3) % 8:03}", number % 2)
        (site / f"content/posts/p{number:03}.md").write_text(f"---\nowlType: Post\ntitle: Post {number}\n{of}---\n")
    return site


LITERALS = [
    ("content/posts/p001.md", "Post 1", "One"),
    ("content/posts/p001.md", "Post 1", "A title that is too long"),
    ("content/posts/p004.md", "Post 4", "Q"),
    ("content/people/ann.md", "Ann Lee", "Eve Lee and more"),
    ("content/people/bob.md", "Bob", "Be"),
    ("content/people/bob.md", "[Same]", "[Other]"),
    ("content/posts/p002.md", "---\nowl", "---\n# moved down\nowl"),
]


@pytest.mark.parametrize("size", [1, 3, 1000])
@pytest.mark.parametrize(("path", "old", "new"), LITERALS)
def test_an_edit_of_literals_is_checked_where_it_counts(
    local: Path, rechecked: list[bool], monkeypatch: pytest.MonkeyPatch, size: int, path: str, old: str, new: str
) -> None:
    monkeypatch.setattr("tests.validation.test_remembered.SIZE", size)
    settle(local)
    for changed in ((old, new), (new, old), (old, new)):
        edit(local, path, *changed)
        rechecked.clear()
        warm = outcome(local, cache=True)
        assert rechecked == [True]
        assert warm == outcome(local, cache=False)
        time.sleep(0.03)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/posts/p001.md", "bob", "eve"),
        ("content/posts/p001.md", "T1", "T0"),
        ("content/posts/p001.md", "title: Post 1\n", ""),
        ("content/posts/p001.md", "owlType: Post", "owlType: Person"),
        ("content/posts/p001.md", "title: Post 1", "title: Post 1\nunknown: 1"),
        ("content/people/bob.md", "aliases: [Same]", "aliases: [Same, Other]"),
    ],
)
def test_an_edit_that_is_about_more_is_a_whole_run(local: Path, rechecked: list[bool], path: str, old: str, new: str) -> None:
    settle(local)
    edit(local, path, old, new)
    rechecked.clear()
    warm = outcome(local, cache=True)
    assert warm == outcome(local, cache=False)
    assert rechecked[0] is (path == "content/people/bob.md")  # one literal more of the same property says nothing about others


def test_what_crossing_shapes_see_leaves_it_to_a_whole_run(local: Path, rechecked: list[bool]) -> None:
    crossing = LOCAL + "ex:Titles a sh:NodeShape ; sh:targetObjectsOf ex:next ; sh:property [ sh:path ex:title ; sh:maxLength 5 ] .\n"
    (local / "shapes.ttl").write_text(crossing)
    settle(local)
    for path, old, new, alone in (("posts/p001.md", "Post 1", "One", False), ("people/bob.md", "Bob", "Be", True)):
        edit(local, f"content/{path}", old, new)
        rechecked.clear()
        warm = outcome(local, cache=True)
        assert rechecked == [alone]
        assert warm == outcome(local, cache=False)
        settle(local)


def test_a_number_that_an_engine_can_not_hold_leaves_it_to_a_whole_run(local: Path) -> None:
    (local / "shapes.ttl").write_text(
        LOCAL + "ex:T a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:x ; sh:lessThan ex:y ] .\n"
    )
    settle(local)
    edit(local, "content/posts/p001.md", "Post 1", "1" * 30)
    assert outcome(local, cache=True) == outcome(local, cache=False)


class ValidationWarmEqualsCold(WarmEqualsCold):
    """The same sequences, and changes of the shapes."""

    shapes = SHAPES

    @rule(
        change=st.sampled_from(
            [("", ""), ("sh:minLength 4", "sh:minLength 1"), ("ex:PersonShape", "\n\nex:PersonShape"), ("sh:class ex:Person ;", "")]
        )
    )
    def change_shapes(self, change: tuple[str, str]) -> None:
        self.shapes = SHAPES.replace(*change)

    @rule(local=st.booleans(), plain=st.booleans())
    def take_local_shapes(self, local: bool, plain: bool) -> None:
        self.shapes = LOCAL if local else SHAPES
        if plain:
            self.look_up(PLAIN)

    @rule(
        name=st.sampled_from(["posts/p000.md", "posts/p001.md", "people/ann.md", "people/bob.md"]),
        word=st.sampled_from(["Post", "One", "e"]),
    )
    def change_a_literal(self, name: str, word: str) -> None:
        file = self.site / "content" / name
        if file.exists():
            file.write_text(re.sub(r"^((?:title|name): ).*", rf"\g<1>{word}", file.read_text(), flags=re.MULTILINE))

    def compare(self, ending: str) -> None:
        if ending == "ttl":
            (self.site / "shapes.ttl").write_text(self.shapes) if self._differs() else None
            assert outcome(self.site, cache=True, **self.said) == outcome(self.site, cache=False, **self.said)

    def _differs(self) -> bool:
        file = self.site / "shapes.ttl"
        return not file.exists() or file.read_text() != self.shapes


def run_machine(examples: int, steps: int) -> None:
    ValidationWarmEqualsCold.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    ValidationWarmEqualsCold.TestCase().runTest()


def test_any_sequence_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 20_000_000)
    run_machine(3, 8)


@pytest.mark.slow
def test_many_sequences_of_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 20_000_000)
    run_machine(25, 25)


def test_the_shapes_have_every_component_of_the_suite() -> None:
    """The components of SHACL Core and SHACL-SPARQL (SHACL, sections 4 and 5)."""
    core = (
        "class datatype nodeKind minCount maxCount minExclusive minInclusive maxExclusive maxInclusive minLength maxLength pattern",
        "languageIn uniqueLang equals disjoint lessThan lessThanOrEquals not and or xone node property qualifiedValueShape closed",
        "hasValue in sparql",
    )
    assert not [name for name in " ".join(core).split() if not re.search(rf"sh:{name}\b", SHAPES)]
