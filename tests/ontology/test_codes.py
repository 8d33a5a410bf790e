"""Every code of loading an ontology is shown by its own examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import exporter.ontology
from exporter.codes_model import CodeEntry
from exporter.errors import OntologyError
from exporter.ontology.building import load_ontology
from exporter.ontology.codes import CODES
from exporter.problems import Problem
from tests.ontology.prefixes import PREFIXES


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
def test_bad_example_has_the_problem(entry: CodeEntry, tmp_path: Path) -> None:
    problems = loaded(entry.bad, tmp_path)
    assert [(problem.code, problem.severity) for problem in problems] == [(entry.code, entry.severity)]


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_good_example_has_none(entry: CodeEntry, tmp_path: Path) -> None:
    assert loaded(entry.good, tmp_path) == ()


def test_every_code_in_the_source_is_in_the_catalogue() -> None:
    folder = Path(exporter.ontology.__file__).parent
    sources = "\n".join(path.read_text("utf-8") for path in folder.glob("*.py") if path.name != "codes.py")
    assert set(re.findall(r'"(ONT-[A-Z-]+)"', sources)) == {entry.code for entry in CODES}
