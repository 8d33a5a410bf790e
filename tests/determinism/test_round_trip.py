"""Every format says the same graph, to two parsers that do not share a line: rdflib's and pyoxigraph's."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph
import pytest
import rdflib
from pyoxigraph import BlankNode, CanonicalizationAlgorithm, Dataset, Literal, NamedNode, Quad, RdfFormat, Triple
from rdflib import term

from tests.data import SEED, require
from tests.running import MEDIGY, ROOT, owltype

FORMATS = {
    "ttl": (RdfFormat.TURTLE, "turtle"),
    "nt": (RdfFormat.N_TRIPLES, "nt"),
    "nq": (RdfFormat.N_QUADS, "nquads"),
    "trig": (RdfFormat.TRIG, "trig"),
    "jsonld": (RdfFormat.JSON_LD, "json-ld"),
    "rdf": (RdfFormat.RDF_XML, "xml"),
}
FOLDERS = {"examples": ROOT / "examples" / "medigy", "seed": SEED.parent}


@pytest.fixture(scope="module", params=FOLDERS)
def exports(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The records in every format."""
    folder = FOLDERS[request.param]
    require(*([SEED] if request.param == "seed" else []))
    outputs = {extension: tmp_path_factory.mktemp("exports") / f"graph.{extension}" for extension in FORMATS}
    for output in outputs.values():
        assert owltype("export", folder, "-o", output, "--ontology", MEDIGY).status == 0
    return outputs


@pytest.mark.parametrize("extension", FORMATS)
def test_pyoxigraph_reads_the_same_graph(exports: dict[str, Path], extension: str) -> None:
    assert _read_with_pyoxigraph(exports[extension], extension) == _read_with_pyoxigraph(exports["nt"], "nt")


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # its parsers use what it has deprecated
@pytest.mark.parametrize("extension", FORMATS)
def test_rdflib_reads_the_same_graph(exports: dict[str, Path], extension: str) -> None:
    assert _read_with_rdflib(exports[extension], extension) == _read_with_pyoxigraph(exports["nt"], "nt")


def _read_with_pyoxigraph(path: Path, extension: str) -> frozenset[Quad]:
    quads = pyoxigraph.parse(path=path, format=FORMATS[extension][0])
    return _canonical(Quad(quad.subject, quad.predicate, quad.object) for quad in quads)


def _read_with_rdflib(path: Path, extension: str) -> frozenset[Quad]:
    dataset = rdflib.Dataset()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rdflib, "NORMALIZE_LITERALS", False)
        patch.setattr(term, "_toPythonMapping", {})
        dataset.parse(data=path.read_bytes(), format=FORMATS[extension][1])
    return _canonical(Quad(*(_term(part) for part in quad[:3])) for quad in dataset.quads())  # type: ignore[arg-type]


def _term(node: object) -> NamedNode | BlankNode | Literal:
    if isinstance(node, term.URIRef):
        return NamedNode(str(node))
    if isinstance(node, term.BNode):
        return BlankNode(str(node))
    assert isinstance(node, term.Literal)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(str(node.datatype))) if node.datatype else Literal(str(node))


def _canonical(quads: Iterable[Quad]) -> frozenset[Quad]:
    """The graph with its blank nodes named in the standard way (RDF Dataset Canonicalization)."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    assert not any(isinstance(part, Triple) for quad in dataset for part in (quad.subject, quad.object))
    return frozenset(dataset)
