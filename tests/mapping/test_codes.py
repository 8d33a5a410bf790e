"""Every code of mapping is shown by its own examples."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import exporter.mapping
import exporter.pipeline
from exporter.codes_model import CodeEntry
from exporter.mapping.codes import CODES
from exporter.mapping.mapping import UnmappedKeys
from exporter.pipeline.exporting import export
from exporter.problems import Problem
from tests.ontology.prefixes import PREFIXES

POST = 'ex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{slug}/" .\n'


def exported(entry: CodeEntry, text: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    """Export an example's files, and give the problems."""
    monkeypatch.chdir(folder)
    files = dict(re.findall(r"^### (\S+)\n(.*?)(?=^### |\Z)", text, re.MULTILINE | re.DOTALL))
    files["ontology.ttl"] = PREFIXES + POST + files.get("ontology.ttl", "")
    for path, content in files.items():
        Path(path).parent.mkdir(exist_ok=True)
        Path(path).write_text(content)
    unmapped: UnmappedKeys = "fail" if entry.code == "MAP-UNMAPPED" else "keep"
    return export("content", "out.ttl", ontology=["ontology.ttl"], jobs=1, unmapped=unmapped).problems


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_bad_example_has_the_problem(entry: CodeEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    problems = exported(entry, entry.bad, tmp_path, monkeypatch)
    assert [(problem.code, problem.severity) for problem in problems] == [(entry.code, entry.severity)]


@pytest.mark.parametrize("entry", CODES, ids=lambda entry: entry.code)
def test_good_example_has_none(entry: CodeEntry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert exported(entry, entry.good, tmp_path, monkeypatch) == ()


def test_every_code_in_the_source_is_in_the_catalogue() -> None:
    folders = [Path(package.__path__[0]) for package in (exporter.mapping, exporter.pipeline)]
    sources = "\n".join(path.read_text("utf-8") for folder in folders for path in folder.glob("*.py") if path.name != "codes.py")
    assert set(re.findall(r'"(MAP-[A-Z-]+)"', sources)) == {entry.code for entry in CODES}
