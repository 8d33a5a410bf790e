"""Each case folder holds a record (`record.nt`), perhaps shared resources (`shared.nt`), and what formats make of them (`expected.*`).

The triples' order is the plan's. `pytest tests/writers --update` writes the expected files; read them before they are committed.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import Block
from exporter.writers.formats import FORMATS, find_format
from tests.cases import Snapshot, discover
from tests.writers import graphs

each_case = discover(__file__, least=4)
WRITTEN = ("ttl", "nt", "jsonld", "jsonldl", "rdf")


def read_blocks(path: Path) -> list[Block]:
    if not path.exists():
        return []
    quads = ox.parse(path=str(path), format=ox.RdfFormat.N_TRIPLES)
    blocks: dict[object, Block] = {}
    for subject, group in groupby(quads, lambda quad: quad.subject):
        assert not isinstance(subject, ox.Triple)
        block = blocks.setdefault(subject, Block(subject, []))
        block.pairs.extend((quad.predicate, quad.object) for quad in group if not isinstance(quad.object, ox.Triple))
    return list(blocks.values())


def write(case: Path, extension: str) -> bytes:
    return graphs.write(find_format(extension).format, [read_blocks(case / "record.nt")], read_blocks(case / "shared.nt"))


@pytest.mark.parametrize("extension", WRITTEN)
@each_case
def test_case_is_written_as_expected(case: Path, extension: str, snapshot: Snapshot) -> None:
    snapshot({case / f"expected.{extension}": write(case, extension).decode()})


@pytest.mark.filterwarnings("ignore:(Dataset|ConjunctiveGraph).*deprecated:DeprecationWarning")  # rdflib warns of itself
@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@each_case
def test_every_format_gives_one_graph_in_both_parsers(case: Path, form: Syntax) -> None:
    text = write(case, form.name)
    expected = graphs.canonical_blocks([read_blocks(case / "record.nt"), read_blocks(case / "shared.nt")])
    assert graphs.read_pyoxigraph(form, text) == expected
    assert graphs.read_rdflib(form, text) == expected
