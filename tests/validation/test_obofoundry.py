"""The OBO Foundry's own JSON Schema, said in SHACL, finds the same in the same records, each at its line."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from exporter import validate
from exporter.problems import Problem
from tests.data import OBOFOUNDRY as CORPUS
from tests.data import needs

HERE = Path(__file__).parent / "obofoundry"
needs_corpus = needs(CORPUS)

Found = tuple[str, str]
"""A record's id and a key path without list positions."""


@cache
def _problems(engine: str) -> tuple[Problem, ...]:
    found = validate(CORPUS / "ontology", shapes=[HERE / "shapes.ttl"], ontology=[HERE / "ontology.ttl"], engine=engine, jobs=1)
    assert found.checked == 266
    return found.problems


def _key(problem: Problem) -> str:
    if problem.code == "SH-NOT":
        return "ontology_purl"
    return ".".join(part for part in problem.key_path if isinstance(part, str))


def _ours(engine: str) -> Counter[Found]:
    return Counter((Path(problem.location.path).stem, _key(problem)) for problem in _problems(engine))


@cache
def _theirs() -> Counter[Found]:
    """What a JSON Schema validator finds in the records as the Foundry publishes them."""
    schema = json.loads((CORPUS / "registry" / "registry_schema.json").read_text("utf-8"))
    records = json.loads((CORPUS / "registry" / "ontologies.jsonld").read_text("utf-8"))["ontologies"]
    validator = jsonschema.Draft7Validator(schema)
    return Counter((record["id"], _path(error)) for record in records for error in validator.iter_errors(record))


def _path(error: Any) -> str:  # noqa: ANN401 - jsonschema's errors have no useful type
    names = [part for part in error.absolute_path if isinstance(part, str)]
    if error.validator in ("required", "additionalProperties"):
        names.append(error.message.split("'")[1])
    return ".".join(names)


@needs_corpus
@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
def test_shapes_find_what_the_json_schema_finds(engine: str) -> None:
    assert _ours(engine) == _theirs()


@needs_corpus
def test_counts_are_those_that_are_known() -> None:
    counts = Counter(
        key.split(".")[0] if key.startswith(("contact.g", "contact.o", "usages")) else key for _, key in _ours("shacl").elements()
    )
    assert sum(counts.values()) == 423
    assert len({name for name, _ in _ours("shacl")}) == 74
    assert counts == {
        "preferredPrefix": 64,
        "contact": 57,
        "ontology_purl": 55,
        "tracker": 54,
        "repository": 53,
        "license": 49 + 6,
        "description": 34,
        "products": 34,
        "homepage": 6 + 4,
        "products.id": 3,
        "contact.email": 1,
        "taxon.label": 1,
        "usages": 2,
    }


@needs_corpus
def test_both_engines_agree() -> None:
    assert _problems("shacl") == _problems("pyshacl") == _problems("both")


@needs_corpus
def test_each_problem_stands_at_its_line() -> None:
    """A key or value that is there is in the line; a missing one points at the map that should hold it."""
    for problem in _problems("shacl"):
        line = (CORPUS / problem.location.path).read_text("utf-8").splitlines()[problem.location.line - 1]
        names = [part for part in problem.key_path if isinstance(part, str)]
        if problem.code == "SH-MIN-COUNT" and f"{names[-1]}:" not in line:
            parent = names[-2] if len(names) > 1 else None
            assert line == "---" if parent is None else f"{parent}:" in line or line.lstrip().startswith("- "), problem
        elif names and problem.code not in ("SH-OR", "SH-NOT"):
            assert f"{names[-1]}:" in line, problem
