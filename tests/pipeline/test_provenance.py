"""Named graphs, and what is said of where statements come from: other programs read the same of it in every syntax."""

from __future__ import annotations

import hashlib
from base64 import urlsafe_b64encode
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Store, parse
from rdflib import Dataset, Graph, URIRef

from exporter import export
from exporter.errors import UsageError
from exporter.records.reading import read_file
from tests.running import owltype

CONTENT, ONTOLOGY = "examples/medigy/content", "medigy"
RDFLIB = {"ttl": "turtle", "nt": "nt", "jsonld": "json-ld", "rdf": "xml", "trig": "turtle", "nq": "nt"}
PROV, VOID = "http://www.w3.org/ns/prov#", "http://rdfs.org/ns/void#"


def _plain() -> set[str]:
    triples: list[tuple[NamedNode | BlankNode, NamedNode, NamedNode | BlankNode | Literal]] = []
    export(CONTENT, triples, ontology=ONTOLOGY)
    return {f"{s} {p} {o}" for s, p, o in triples}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # rdflib's own parsers use what it deprecates
@pytest.mark.parametrize("ending", ["nq", "trig"])
def test_each_record_stands_in_its_graph_and_what_they_share_in_none(ending: str, tmp_path: Path) -> None:
    done = export(CONTENT, tmp_path / f"graph.{ending}", ontology=ONTOLOGY, graphs="record")
    store = Store()
    store.load(path=tmp_path / f"graph.{ending}")
    assert {f"{quad.subject} {quad.predicate} {quad.object}" for quad in store} == _plain()
    graphs = {graph.value for graph in store.named_graphs() if isinstance(graph, NamedNode)}
    assert len(graphs) == done.exported
    for quad in store:
        if isinstance(quad.graph_name, NamedNode):
            assert str(quad.subject)[1:].partition("#")[0].rstrip(">") == quad.graph_name.value.removesuffix("#graph")
        else:
            assert f"{quad.subject}"[1:-1] + "#graph" not in graphs
    dataset = Dataset()
    dataset.parse(data=(tmp_path / f"graph.{ending}").read_bytes(), format="nquads" if ending == "nq" else ending)
    assert {str(graph.identifier) for graph in dataset.graphs()} - {"urn:x-rdflib:default"} == graphs


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf", "trig", "nq"])
def test_provenance_is_the_same_in_every_syntax(ending: str, tmp_path: Path) -> None:
    output = tmp_path / f"graph.{ending}"
    done = export(CONTENT, output, ontology=ONTOLOGY, provenance=True)
    graph = Graph()
    graph.parse(data=output.read_bytes(), format=RDFLIB[ending])
    plain = len(_plain())
    assert len(graph) == done.triples
    derived = list(graph.triples((None, URIRef(PROV + "wasDerivedFrom"), None)))
    records = [(s, o) for s, _, o in derived if str(o).startswith("ni:")]
    assert len(records) == done.exported
    labels = URIRef("http://www.w3.org/2000/01/rdf-schema#label")
    for _, source in records:
        path = str(graph.value(source, labels))
        digest = urlsafe_b64encode(hashlib.sha256(Path(path).read_bytes()).digest()).decode().rstrip("=")
        assert str(source) == f"ni:///sha-256;{digest}"
        assert read_file(path).record is not None
    assert [int(str(count)) for count in graph.objects(None, URIRef(VOID + "triples"))] == [plain]


def test_both_together_and_twice_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        export(CONTENT, tmp_path / f"{name}.trig", ontology=ONTOLOGY, graphs="record", provenance=True, jobs=1 if name == "one" else 2)
    assert (tmp_path / "one.trig").read_bytes() == (tmp_path / "two.trig").read_bytes()
    quads = list(parse(path=tmp_path / "one.trig", format=RdfFormat.TRIG))
    derived = [quad for quad in quads if quad.predicate.value == PROV + "wasDerivedFrom" and str(quad.object).startswith("<ni:")]
    graphs = {str(quad.graph_name) for quad in quads}
    assert derived
    assert all(str(quad.subject) in graphs for quad in derived)


def test_an_iri_with_a_fragment_has_a_graph_too(tmp_path: Path) -> None:
    (tmp_path / "o.ttl").write_text(
        "@prefix ex: <http://e/> . @prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        'ex:A a owl:Class ; map:owlType "A" ; map:iri "http://e/{file.stem}#me" ;\n'
        '    map:reads [ map:property ex:t ; map:key "t" ; map:range <http://www.w3.org/2001/XMLSchema#string> ] .\n'
    )
    (tmp_path / "a.md").write_text("---\nowlType: A\nt: 'x .\n  <urn:y> .'\n---\n")
    export(tmp_path / "a.md", tmp_path / "g.nq", ontology=tmp_path / "o.ttl", graphs="record")
    names = {str(quad.graph_name) for quad in parse(path=tmp_path / "g.nq", format=RdfFormat.N_QUADS)}
    assert names == {"<http://e/a#me-graph>"}


def test_what_does_not_go_together_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Turtle is written without named graphs: take N-Quads"):
        export(CONTENT, tmp_path / "g.ttl", ontology=ONTOLOGY, graphs="record")
    with pytest.raises(UsageError, match="can't go with --split"):
        export(CONTENT, tmp_path / "g", ontology=ONTOLOGY, format="nquads", split="record", graphs="record")
    with pytest.raises(UsageError, match="can't go with a graph in memory"):
        export(CONTENT, [], ontology=ONTOLOGY, provenance=True)
    done = owltype("export", CONTENT, "--ontology", ONTOLOGY, "--store", str(tmp_path / "s"), "--provenance")
    assert done.status == 2
    assert "--provenance can't go with --store" in done.stderr


def test_a_check_compares_with_what_would_be_written(tmp_path: Path) -> None:
    output = tmp_path / "g.nq"
    export(CONTENT, output, ontology=ONTOLOGY, graphs="record", provenance=True)
    assert export(CONTENT, output, ontology=ONTOLOGY, graphs="record", provenance=True, check=True).fresh
    assert not export(CONTENT, output, ontology=ONTOLOGY, check=True).fresh
