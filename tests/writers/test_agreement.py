"""Every format parses in rdflib and in pyoxigraph to the graph that was mapped."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from exporter.rdf.syntaxes import Syntax
from exporter.rdf.terms import Block
from exporter.writers.formats import FORMATS
from tests.writers import graphs

SOME = settings(max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.name)
@pytest.mark.filterwarnings("ignore:Parsing weird boolean")  # rdflib warns of ill-typed values and keeps them
@pytest.mark.filterwarnings(
    "ignore:(Dataset|ConjunctiveGraph).*deprecated:DeprecationWarning"
)  # rdflib warns of itself when it reads N-Quads and TriG
@SOME
@given(blocks=graphs.records())
def test_both_parsers_read_the_mapped_graph(form: Syntax, blocks: list[Block]) -> None:
    text = graphs.write(form, [blocks])
    expected = graphs.canonical_blocks([blocks])
    assert graphs.read_pyoxigraph(form, text) == expected
    assert graphs.read_rdflib(form, text) == expected
