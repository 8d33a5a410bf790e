"""Every code of loading an ontology is shown by its own examples."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.errors import OntologyError
from exporter.explanations import Explanation, explanations
from exporter.ontology.building import load_ontology
from exporter.problems import Problem
from tests.ontology.prefixes import PREFIXES

CODES = [entry for entry in explanations().values() if entry.code.startswith("ONT-")]


def loaded(text: str, folder: Path) -> tuple[Problem, ...]:
    """Load an example, and give its problems: those that stop a run, or else those that do not."""
    xml = text.startswith("<!DOCTYPE")
    file = folder / ("example.rdf" if xml else "example.ttl")
    file.write_text(text if xml else PREFIXES + text)
    try:
        return load_ontology([file]).problems
    except OntologyError as error:
        return error.problems


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_bad_example_has_the_problem(entry: Explanation, tmp_path: Path) -> None:
    problems = loaded(entry.bad, tmp_path)
    assert [(problem.code, problem.severity) for problem in problems] == [(entry.code, entry.severity)]


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_good_example_has_none(entry: Explanation, tmp_path: Path) -> None:
    assert loaded(entry.good, tmp_path) == ()
