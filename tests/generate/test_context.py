"""The context that `owltype gen context` writes means to PyLD what the ontology means to us."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import rdflib
from pyld import jsonld
from rdflib.compare import isomorphic, to_isomorphic

from exporter.pipeline.export import export
from tests.cases import find
from tests.data import DIGITALGOV, OBOFOUNDRY, needs
from tests.mapping.test_cases import export_case, standing_in
from tests.running import ROOT, owltype

EXAMPLES = ROOT / "examples"
RECORDS = {
    "medigy": (EXAMPLES / "medigy" / "content", ROOT / "ontology" / "medigy.ttl"),
    "obofoundry": (OBOFOUNDRY / "ontology", EXAMPLES / "obofoundry" / "ontology.ttl"),
    "digitalgov": (DIGITALGOV / "content", EXAMPLES / "digitalgov" / "ontology.ttl"),
}
CASES = find(str(ROOT / "tests" / "mapping" / "test_cases.py"), least=30)


def refuse(address: str, _options: object) -> None:
    """Load no document."""
    raise AssertionError(f"a context was to be fetched from {address}")


def as_rdf(document: dict[str, Any], context: dict[str, Any]) -> rdflib.Graph:
    """Read JSON-LD without a context of its own by another context, with PyLD."""
    options = {"format": "application/n-quads", "expandContext": context, "documentLoader": refuse}
    return rdflib.Graph().parse(data=jsonld.to_rdf(document, options), format="nt")


@pytest.mark.parametrize(
    "name",
    [
        "medigy",
        pytest.param("obofoundry", marks=needs(OBOFOUNDRY)),
        pytest.param("digitalgov", marks=[needs(DIGITALGOV), pytest.mark.slow]),
    ],
)
def test_records_by_the_context_are_the_turtle_that_is_exported(name: str, tmp_path: Path) -> None:
    records, ontology = RECORDS[name]
    context = json.loads(owltype("gen", "context", "--ontology", ontology).stdout)
    for file in ("graph.jsonld", "graph.nt"):
        export(records, tmp_path / file, ontology=ontology)
    document = json.loads((tmp_path / "graph.jsonld").read_text("utf-8"))
    assert document.pop("@context") == context["@context"]
    assert set(as_rdf(document, context)) == set(rdflib.Graph().parse(tmp_path / "graph.nt"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_case_of_mapping_by_its_context_is_its_turtle(case: Path, tmp_path: Path) -> None:
    with standing_in(case):
        export_case(case, tmp_path / "graph.jsonld")
    document = json.loads((tmp_path / "graph.jsonld").read_text("utf-8"))
    context = {"@context": document.pop("@context")}
    expected = rdflib.Graph().parse(case / "expected.ttl") if (case / "expected.ttl").exists() else rdflib.Graph()
    found = as_rdf(document, context)
    assert isomorphic(found, expected), sorted(to_isomorphic(found) ^ to_isomorphic(expected))
