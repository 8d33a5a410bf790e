"""Hostile ontologies: refused at their place with exit status 2, nothing fetched, and what was exported before still stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.data import HOSTILE, needs
from tests.hostile.running import BASE, CONTROLS, manifest
from tests.running import Finished, owltype

pytestmark = needs(HOSTILE)

NAMED = {
    "e01_imports_remote.ttl": "http://127.0.0.1:9/imp.ttl",
    "e03_syntax.ttl": "Turtle",
    "e05_xxe.rdf": "DTD",
    "e07_deep.jsonld": "more than 200 levels",
    "e09_prefix_clash.ttl": "https://evil.example/ont#",
}


@pytest.mark.parametrize("name", manifest("ontology"))
def test_ontology_gets_the_verdict_of_the_manifest(name: str, tmp_path: Path) -> None:
    row = manifest("ontology")[name]
    finished, output = _export(tmp_path, name)
    assert finished.status == int(row.exit), finished.stderr
    assert f"{HOSTILE / 'ontology' / name}:{row.line}:" in finished.stderr
    assert NAMED[name] in finished.stderr
    assert "root:" not in finished.stderr + output.read_text(encoding="utf-8"), "a file outside was read"
    if finished.status == 2:
        assert output.read_text(encoding="utf-8") == "old"


def test_an_ontology_of_no_use_beside_a_good_one_leaves_the_good_one_alone(tmp_path: Path) -> None:
    finished, output = _export(tmp_path, "e09_prefix_clash.ttl", BASE)
    assert finished.status == 1
    assert "<https://example.org/topic/control-a>" in output.read_text(encoding="utf-8")


def _export(work: Path, name: str, *others: Path) -> tuple[Finished, Path]:
    folder = work / "records"
    folder.mkdir()
    for control in CONTROLS:
        shutil.copyfile(HOSTILE / "records" / control, folder / control)
    output = work / "graph.ttl"
    output.write_text("old", encoding="utf-8")
    ontologies = [part for path in (HOSTILE / "ontology" / name, *others) for part in ("--ontology", path)]
    return owltype("export", folder, *ontologies, "-o", output), output
