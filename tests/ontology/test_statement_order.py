"""Statements have no order: an ontology that another program has written anew means the same."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from exporter import export
from tests.data import DIGITALGOV, OBOFOUNDRY, require

ROOT = Path(__file__).parents[2]
CASES = [
    path
    for path in sorted((ROOT / "tests" / "mapping" / "cases").iterdir())
    if (path / "ontology.ttl").exists() and not (path / "options.json").exists()
]
SITES = {
    "medigy": (ROOT / "ontology" / "medigy.ttl", ROOT / "examples" / "medigy" / "content"),
    "problems": (ROOT / "examples" / "problems" / "ontology.ttl", ROOT / "exporter" / "problems" / "catalogue"),
    "digitalgov": (ROOT / "examples" / "digitalgov" / "ontology.ttl", DIGITALGOV),
    "obofoundry": (ROOT / "examples" / "obofoundry" / "ontology.ttl", OBOFOUNDRY / "ontology"),
}


def graph(ontology: Path, records: Path) -> ox.Dataset:
    """Export records, and give the graph with names for its blank nodes that do not depend on how it is written."""
    triples: list[tuple[ox.NamedNode | ox.BlankNode, ox.NamedNode, ox.NamedNode | ox.BlankNode | ox.Literal]] = []
    export(records, triples, ontology=[ontology], jobs=1)
    dataset = ox.Dataset(ox.Quad(*triple) for triple in triples)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return dataset


def by_rdflib(path: Path) -> str:
    """Write an ontology as rdflib does: sorted, with other names for blank nodes."""
    return rdflib.Graph().parse(path).serialize(format="turtle")


def shuffled(path: Path, seed: int) -> str:
    """Write an ontology as N-Triples in another order, with other names for blank nodes."""
    text = rdflib.Graph().parse(path).serialize(format="nt")
    lines = sorted(re.sub(r"_:(\w+)", lambda match: f"_:x{hash_of(match[1], seed)}", line) for line in text.splitlines() if line)
    random.Random(seed).shuffle(lines)
    return "\n".join(lines) + "\n"


def hash_of(name: str, seed: int) -> int:
    return random.Random(f"{seed} {name}").getrandbits(64)


@pytest.mark.parametrize("name", SITES)
def test_rdflib_writes_an_ontology_that_gives_the_same_graph(name: str, tmp_path: Path) -> None:
    ontology, records = SITES[name]
    require(*([] if records.is_relative_to(ROOT) else [records]))
    rewritten = tmp_path / "rewritten.ttl"
    rewritten.write_text(by_rdflib(ontology), "utf-8")
    assert graph(rewritten, records) == graph(ontology, records)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_shuffled_statements_give_the_same_graph(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    expected = graph(case / "ontology.ttl", case / "content")
    for seed in (1, 2):
        (tmp_path / f"{seed}.nt").write_text(shuffled(case / "ontology.ttl", seed), "utf-8")
        assert graph(tmp_path / f"{seed}.nt", case / "content") == expected
