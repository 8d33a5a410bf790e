"""The way back from a statement: to the line and the key, to the row of the ontology, and to the shapes that check it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from exporter import export, make_project
from exporter.problems import format_key_path
from exporter.tracing.model import Origins, Traced
from exporter.tracing.tracing import Tracer
from tests.publishing.sites import ONTOLOGY, SHAPES, make_site, note
from tests.running import MEDIGY, ROOT, owltype

NAME, ABOUT, AUTHOR = "<https://schema.org/name>", "<https://schema.org/about>", "<https://schema.org/author>"
SOUP = "https://e.org/notes/soup/"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    records = {
        "soup.md": note("soup", "Soup", "topics: [Food, Winter]", "author: {name: Mira}", "unknown: 1", "date: 2026-08-16"),
        "bread.md": note("bread", "Bread", "topics:", "  - Food"),
    }
    folder = make_site(tmp_path / "site", records)
    url = '[ map:property schema:url ; map:key "url"'
    headline = '[ map:property schema:headline ; map:value "{title}!" ; map:range xsd:string ] ,\n        '
    ontology = ONTOLOGY.replace(url, headline + url)
    (folder / "ontology/notes.ttl").write_text(ontology, "utf-8")
    (folder / "shapes").mkdir()
    (folder / "shapes/notes.ttl").write_text(
        SHAPES + "ex:NoteShape sh:property [ sh:path schema:url ; sh:minCount 1 ; sh:severity sh:Warning ] .\n", "utf-8"
    )
    return folder


def trace(site: Path, iri: str) -> Traced:
    return Tracer(make_project(str(site / "content"), ontology=str(site / "ontology"), shapes=str(site / "shapes"))).trace(iri)


def ways(statement: Origins) -> list[tuple[str, int, int, str]]:
    """Give the places of a statement: file, line, column, key."""
    return [
        (Path(of.place.path).name, of.place.line, of.place.column, format_key_path(of.key_path) if of.key_path else "")
        for of in statement.written
    ]


def one(traced: Traced, predicate: str, part: str = "") -> Origins:
    (found,) = [of for of in traced.statements if of.predicate == predicate and part in of.object]
    return found


def test_a_value_leads_to_its_line_its_row_and_its_rule(site: Path) -> None:
    traced = trace(site, SOUP)
    title = one(traced, NAME, '"Soup"')
    assert ways(title) == [("soup.md", 4, 8, "title")]
    assert [row.text for row in title.rows] == ['map:key "title"']
    assert [(rule.severity, rule.text) for rule in title.rules] == [("violation", "maxLength 40")]
    row, rule = title.rows[0].place, title.rules[0].place
    assert 'map:key "title"' in (site / "ontology/notes.ttl").read_text("utf-8").splitlines()[row.line - 1]
    assert "sh:maxLength" in (site / "shapes/notes.ttl").read_text("utf-8").splitlines()[rule.line - 1]
    assert ways(one(traced, ABOUT, "winter")) == [("soup.md", 5, 16, "topics[1]")]
    assert [row.text for row in one(traced, "<https://schema.org/headline>", '"Soup!"').rows] == ['map:value "{title}!"']


def test_what_no_row_knows_is_kept_as_it_is(site: Path) -> None:
    kept = one(trace(site, SOUP), "<https://w3id.org/owltype/key#unknown>")
    assert (ways(kept), kept.rows) == ([("soup.md", 7, 10, "unknown")], ())


def test_a_property_that_is_not_there_is_named_with_what_asks_for_it(site: Path) -> None:
    assert [(iri, rule.severity, rule.text) for iri, rule in trace(site, SOUP).missing] == [
        ("https://schema.org/url", "warning", "minCount 1")
    ]


def test_a_shared_resource_leads_to_all_who_say_it(site: Path) -> None:
    label = one(trace(site, "https://e.org/topics/food/"), "<http://www.w3.org/2004/02/skos/core#prefLabel>")
    assert ways(label) == [("bread.md", 6, 5, "topics[0]"), ("soup.md", 5, 10, "topics[0]")]


def test_a_nested_resource_leads_to_its_own_key(site: Path) -> None:
    author = one(trace(site, SOUP), AUTHOR).object
    assert ways(one(trace(site, author[1:-1]), NAME)) == [("soup.md", 6, 16, "author.name")]


def test_every_statement_of_the_example_has_a_way_back(tmp_path: Path) -> None:
    project = make_project(str(ROOT / "examples/medigy/content"), ontology=str(MEDIGY), shapes=str(ROOT / "shapes/medigy.ttl"))
    export(output=tmp_path / "graph.nt", project=project)
    said: dict[str, set[tuple[str, str]]] = {}
    for quad in parse((tmp_path / "graph.nt").read_bytes(), format=RdfFormat.N_TRIPLES):
        said.setdefault(str(quad.subject), set()).add((str(quad.predicate), str(quad.object)))
    tracer = Tracer(project)
    for subject in sorted(said)[::9]:
        traced = tracer.trace(subject[1:-1])
        assert {(of.predicate, of.object) for of in traced.statements} == said[subject]
        for of in traced.statements:
            assert of.written, of
            assert of.rows or "owltype/key#" in of.predicate, of


@pytest.mark.slow
def test_the_command_takes_a_file_a_prefixed_name_and_a_property(site: Path) -> None:
    shown = owltype("trace", "content/bread.md", "name", cwd=site)
    assert (shown.status, shown.stderr) == (0, "")
    assert shown.stdout.splitlines()[:3] == ["<https://e.org/notes/bread/>", '  schema:name "Bread"', "    content/bread.md:4:8: title"]
    found = json.loads(owltype("trace", "https://e.org/notes/bread/", "schema:name", "--format", "json", cwd=site).stdout)
    assert found["statements"][0]["written"] == [{"file": "content/bread.md", "line": 4, "column": 8, "key": "title"}]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["https://e.org/notes/bred/"], "did you mean <https://e.org/notes/bread/>?"),
        (["https://e.org/ns#Note"], "2 statements of records name it"),
        (["content/bread.md", "nam"], "did you mean name?"),
        (["content/nothing.md"], "not the path of a record"),
    ],
)
def test_what_is_not_there_is_said(site: Path, arguments: list[str], said: str) -> None:
    done = owltype("trace", *arguments, cwd=site)
    assert done.status == 2
    assert said in done.stderr
