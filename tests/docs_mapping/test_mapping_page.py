"""docs/mapping.md is true: every example is exported, and every term of the vocabulary has one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import rdflib
from rdflib import OWL, RDF

from exporter.pipeline.export import export
from exporter.project import make_project
from exporter.rdf.terms import MAP
from tests.docs_mapping.examples import Example, read_examples

ROOT = Path(__file__).parents[2]
PREFIXES, EXAMPLES = read_examples(ROOT / "docs" / "mapping.md")


def exported(example: Example, folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    Path("ontology.ttl").write_text(PREFIXES + example.ontology, encoding="utf-8")
    for path, text in (*example.records.items(), *example.others.items()):
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        Path(path).write_text(text, encoding="utf-8")
    if "owltype.toml" in example.others:
        account = export(output="out.ttl", project=make_project())
    else:
        account = export("content", "out.ttl", ontology=["ontology.ttl"], jobs=1)
    assert "".join(f"{p.location}: {p.severity} {p.code} {p.key}: {p.message}\n" for p in account.problems) == example.problems
    assert (account.exported, account.files) == (account.seen, len(example.records))
    text = Path("out.ttl").read_text(encoding="utf-8")
    assert all(line in PREFIXES for line in text.splitlines() if line.startswith("@prefix"))
    return re.sub(r"^@prefix.*\n", "", text, flags=re.MULTILINE).lstrip("\n")


def test_the_page_has_examples() -> None:
    assert len(EXAMPLES) >= 20


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_gives_exactly_its_output(example: Example, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert example.records
    assert exported(example, tmp_path, monkeypatch) == example.output


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_can_be_read_by_rdflib(example: Example) -> None:
    assert len(rdflib.Graph().parse(data=PREFIXES + example.ontology, format="turtle")) > 1
    assert len(rdflib.Graph().parse(data=PREFIXES + (example.output or ""), format="turtle")) > 0


def test_every_term_of_the_vocabulary_has_an_example() -> None:
    vocabulary = rdflib.Graph().parse(ROOT / "ontology" / "map.ttl")
    kinds = (OWL.AnnotationProperty, rdflib.URIRef(MAP + "Conversion"))
    terms = {str(s).removeprefix(MAP) for kind in kinds for s in vocabulary.subjects(RDF.type, kind) if str(s).startswith(MAP)}
    assert terms
    shown = {name for example in EXAMPLES for name in re.findall(r"\bmap:(\w+)", example.ontology)}
    assert terms - shown == set()


def test_every_link_to_a_heading_of_the_page_leads_to_one() -> None:
    page = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")
    headings = {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in re.findall(r"^#+ (.+)$", page, re.MULTILINE)}
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links
    assert links - headings == set()
