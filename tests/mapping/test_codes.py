"""Every code of mapping is shown by its own examples."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from exporter.explanations import Explanation, explanations
from exporter.pipeline.export import export
from exporter.plan.model import UnmappedKeys
from exporter.problems import Problem
from exporter.project import make_project
from exporter.settings import load_settings
from exporter.settings.model import Settings
from tests.ontology.prefixes import PREFIXES

CODES = [entry for entry in explanations().values() if entry.code.startswith(("MAP-", "REF-"))]
POST = 'ex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{slug}/" .\n'


def exported(entry: Explanation, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    """Export an example's files, and give the problems."""
    monkeypatch.chdir(folder)
    files = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
    files["ontology.ttl"] = PREFIXES + POST + files.get("ontology.ttl", "")
    for path, content in files.items():
        Path(path).parent.mkdir(exist_ok=True, parents=True)
        Path(path).write_text(content)
    unmapped: UnmappedKeys = "fail" if entry.code == "MAP-UNMAPPED" else "keep"
    ambiguous = "nearest" if entry.code == "REF-NEAREST" else "problem"
    said = load_settings() if "owltype.toml" in files else Settings()
    settings = replace(said, unmapped=unmapped, ambiguous_references=ambiguous, json_ld=entry.code in ("MAP-CONTEXT", "MAP-JSON-LD"))
    return export(output="out.ttl", project=make_project("content", settings=settings, ontology=["ontology.ttl"], jobs=1)).problems


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_bad_example_has_the_problem(entry: Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = exported(entry, entry.bad, tmp_path, monkeypatch)
    assert [(problem.code, problem.severity) for problem in problems] == [(entry.code, entry.severity)]


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_good_example_has_none(entry: Explanation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exported(entry, entry.good, tmp_path, monkeypatch) == ()
