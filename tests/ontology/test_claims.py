"""No ontology of this repository says what terms of others mean."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from exporter.explanations import explanations
from exporter.ontology.claims import find_claims
from exporter.ontology.graph import OntologyGraph
from exporter.rdf.terms import Statement
from tests.docs_mapping.examples import read_examples
from tests.ontology.prefixes import PREFIXES

ROOT = Path(__file__).parents[2]
BAD = ("tests/ontology/cases/", "tests/hostile/")
"""Ontologies that are wrong on purpose."""
ONTOLOGIES = [
    path
    for path in sorted(ROOT.rglob("*.ttl"))
    if not any(part.startswith(".") for part in path.relative_to(ROOT).parts)
    and not path.relative_to(ROOT).as_posix().startswith(BAD)
    and re.search(r"(?m)^@prefix map: ", path.read_text("utf-8", "replace"))
]


def claims(text: str) -> list[tuple[str, ...]]:
    statements: list[Statement] = [
        (q.subject, q.predicate, q.object) for q in parse(text, format=RdfFormat.TURTLE, base_iri="https://e.org/")
    ]
    return [claim.terms for claim in find_claims([statements], OntologyGraph(statements))]


@pytest.mark.parametrize("path", ONTOLOGIES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_an_ontology_claims_nothing_about_terms_of_others(path: Path) -> None:
    assert claims(path.read_text("utf-8")) == []


def test_no_example_of_the_docs_claims_anything_about_terms_of_others() -> None:
    prefixes, examples = read_examples(ROOT / "docs" / "mapping.md")
    assert [example.name for example in examples if claims(prefixes + example.ontology)] == []


def test_no_good_example_of_a_problem_claims_anything_about_terms_of_others() -> None:
    good = {entry.code: entry.good for entry in explanations().values() if entry.code.startswith("ONT-") and "owl:Class" in entry.good}
    assert good
    assert [code for code, text in good.items() if text.lstrip().startswith(("ex:", "schema:")) and claims(PREFIXES + text)] == []
