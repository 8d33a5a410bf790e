"""A file means the same to every command, by the one table: each extension, each compression, as data, shapes and ontology."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse, serialize

from exporter.dataset.sources import DatasetSources, load
from exporter.errors import ExporterError, OntologyError, UsageError
from exporter.ontology.building import load_ontology
from exporter.problems import Location
from exporter.rdf.compression import compress, read_unpacked
from exporter.rdf.places import _WALKERS
from exporter.rdf.syntaxes import COMPRESSIONS, GRAPH_SYNTAXES, SYNTAXES, Compression, Syntax, is_rdf, part_rdf, syntax_of
from exporter.validation.results.report_graph import report_graph
from exporter.validation.shapes.graph import ShapesGraph
from exporter.validation.shapes.loading import load_shapes
from exporter.validation.validating import validate
from exporter.writers.formats import _WRITERS, FORMATS, find_format, format_of_file
from tests.running import owltype

PREFIXES = """@prefix ex: <https://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix map: <https://w3id.org/owltype/map#> .
"""
DATA = PREFIXES + 'ex:one a ex:Post ; ex:rating 3 .\nex:two a ex:Post ; ex:rating "three", 7 .\n'
SHAPES = PREFIXES + "ex:Shape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:rating ; sh:minCuont 1 ] .\n"
RULES = SHAPES.replace("sh:minCuont 1", "sh:datatype <http://www.w3.org/2001/XMLSchema#integer>")
ONTOLOGY = (
    PREFIXES
    + '<https://example.org/ns> a owl:Ontology .\nex:Post a owl:Class ; map:owlType "Post" ; map:iri "https://example.org/{slug}/" .\n'
    'ex:title a owl:DatatypeProperty ; rdfs:domain ex:Pots ; map:key "title" .\n'
)
FILES = [(syntax, extension) for syntax in SYNTAXES for extension in syntax.extensions]
PACKINGS = (None, *COMPRESSIONS)
every_file = pytest.mark.parametrize(("syntax", "extension"), FILES, ids=[extension for _, extension in FILES])
every_packing = pytest.mark.parametrize("packing", PACKINGS, ids=[packing.name if packing else "plain" for packing in PACKINGS])


def text_in(turtle: str, syntax: Syntax) -> bytes:
    """Write a Turtle text in another syntax."""
    if syntax.family == "turtle":
        return turtle.encode()
    quads = list(parse(turtle, RdfFormat.TURTLE))
    data = serialize([quad.triple for quad in quads], format=syntax.of_engine)
    assert data is not None
    return json.dumps(json.loads(data), indent=None if syntax.lines else 1).encode() if syntax.family == "json" else data


def packed(data: bytes, packing: Compression | None) -> bytes:
    """Compress some bytes."""
    if packing is None:
        return data
    out = BytesIO()
    file = compress(out, packing)
    file.write(data)
    file.close()
    return out.getvalue()


def line_at(data: bytes, place: Location) -> str:
    """Give what a place marks, to the end of its line."""
    return data.decode().splitlines()[place.line - 1][place.column - 1 :]


@every_packing
@every_file
def test_data_is_validated_with_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, syntax: Syntax, extension: str, packing: Compression | None
) -> None:
    monkeypatch.chdir(tmp_path)
    name = "data" + extension + (packing.extension if packing else "")
    data = text_in(DATA, syntax)
    Path(name).write_bytes(packed(data, packing))
    Path("rules.ttl").write_text(RULES, "utf-8")
    found = validate([name], shapes=["rules.ttl"], engine="shacl")
    assert [problem.code for problem in found.problems] == ["SH-DATATYPE"]
    assert found.problems[0].location.path == name
    assert "three" in line_at(data, found.problems[0].location)[:10]


@every_packing
@every_file
def test_data_is_asked(tmp_path: Path, syntax: Syntax, extension: str, packing: Compression | None) -> None:
    path = tmp_path / f"data{extension}{packing.extension if packing else ''}"
    path.write_bytes(packed(text_in(DATA, syntax), packing))
    assert is_rdf(path)
    assert len(load(DatasetSources(files=(str(path),)), lambda _: None).store) == 5


@every_packing
@every_file
@pytest.mark.parametrize("as_folder", [False, True], ids=["file", "folder"])
def test_shapes_are_read_with_places(
    tmp_path: Path, syntax: Syntax, extension: str, packing: Compression | None, *, as_folder: bool
) -> None:
    path = tmp_path / f"shapes{extension}{packing.extension if packing else ''}"
    data = text_in(SHAPES, syntax)
    path.write_bytes(packed(data, packing))
    graph = load_shapes([tmp_path if as_folder else path])
    misspelt = next(triple for triple in graph.triples if triple.predicate.value.endswith("minCuont"))
    assert "minCuont" in line_at(data, misspelt.predicate_at)[:60]


@every_packing
@every_file
@pytest.mark.parametrize("as_folder", [False, True], ids=["file", "folder"])
def test_ontologies_are_read_with_places(
    tmp_path: Path, syntax: Syntax, extension: str, packing: Compression | None, *, as_folder: bool
) -> None:
    path = tmp_path / f"ontology{extension}{packing.extension if packing else ''}"
    data = text_in(ONTOLOGY, syntax)
    path.write_bytes(packed(data, packing))
    with pytest.raises(OntologyError) as raised:
        load_ontology([tmp_path if as_folder else path])
    problem = next(problem for problem in raised.value.problems if problem.code == "ONT-DOMAIN")
    # In RDF/XML an object that is an attribute stands where its element does.
    assert "Pots" in line_at(data, problem.location)[:120]


@every_file
@pytest.mark.parametrize("packing", COMPRESSIONS, ids=lambda packing: packing.name)
@pytest.mark.parametrize("damage", ["torn", "foreign"])
def test_a_damaged_file_is_said_to_be_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, syntax: Syntax, extension: str, packing: Compression, damage: str
) -> None:
    monkeypatch.chdir(tmp_path)
    name = f"data{extension}{packing.extension}"
    data = packed(text_in(DATA, syntax), packing)
    Path(name).write_bytes(data[:-3] if damage == "torn" else b"plain text")
    Path("rules.ttl").write_text(RULES, "utf-8")
    for run in (
        lambda: validate([name], shapes=["rules.ttl"]),
        lambda: load_shapes([name]),
        lambda: load_ontology([name]),
        lambda: load(DatasetSources(files=(name,)), lambda _: None),
    ):
        with pytest.raises(ExporterError) as raised:
            run()
        assert name in str(raised.value)
        assert f"it is not {packing.label.lower()} data, or damaged" in str(raised.value).lower()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["data.ttl.gz", "data.n3", "data.ndjson", "data.owl", "data.xml", "data.trig.zst"])
def test_the_commands_agree(tmp_path: Path, name: str) -> None:
    syntax = syntax_of(name)
    assert syntax is not None
    packing = next((packing for packing in COMPRESSIONS if name.endswith(packing.extension)), None)
    (tmp_path / name).write_bytes(packed(text_in(DATA, syntax), packing))
    (tmp_path / f"rules-{name}").write_bytes(packed(text_in(RULES, syntax), packing))
    checked = owltype("validate", name, "-s", f"rules-{name}", "--output-format", "full", cwd=tmp_path)
    asked = owltype("query", "-d", name, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "--results-format", "csv", cwd=tmp_path)
    assert (checked.status, asked.status) == (1, 0), checked.stderr + asked.stderr
    assert f"{name}:" in checked.stdout
    assert "three" in checked.stdout
    assert asked.stdout.split() == ["n", "5"]


@pytest.mark.parametrize("text", ["{ ex:a ex:b ex:c } => { ex:d ex:e ex:f } .", "ex:a ex:b ?x ."])
def test_a_formula_of_notation3_is_refused_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("data.n3").write_text(PREFIXES + text, "utf-8")
    Path("rules.ttl").write_text(RULES, "utf-8")
    for run in (
        lambda: validate(["data.n3"], shapes=["rules.ttl"]),
        lambda: load_shapes(["data.n3"]),
        lambda: load_ontology(["data.n3"]),
        lambda: load(DatasetSources(files=("data.n3",)), lambda _: None),
    ):
        with pytest.raises(ExporterError, match="a formula or a variable of Notation3"):
            run()


LAUGHS = (
    '<!DOCTYPE rdf:RDF [<!ENTITY a "xxxxxxxxxx"><!ENTITY b "&a;&a;&a;&a;">]>\n'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/a"><e:b>&b;</e:b></rdf:Description></rdf:RDF>'
)


@pytest.mark.parametrize(
    ("name", "text", "said"), [("a.owl", LAUGHS, "expand without end"), ("a.jsonld", "[" * 201 + "]" * 201, "nested more than 200")]
)
def test_what_would_hurt_is_refused_by_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(text, "utf-8")
    for run in (
        lambda: validate([name], shapes="medigy"),
        lambda: load_shapes([name]),
        lambda: load_ontology([name]),
        lambda: load(DatasetSources(files=(name,)), lambda _: None),
    ):
        with pytest.raises(ExporterError, match=said):
            run()


def test_a_label_on_another_line_is_another_node(tmp_path: Path) -> None:
    path = tmp_path / "data.ndjson"
    path.write_text('{"@id": "_:x", "https://e.org/p": "a\\u2028b"}\n\n{"@id": "_:x", "https://e.org/p": "c\u2028d"}\n', "utf-8")
    store: Store = load(DatasetSources(files=(str(path),)), lambda _: None).store
    assert len({quad.subject for quad in store}) == 2
    shapes = tmp_path / "rules.ttl"
    shapes.write_text(PREFIXES + "<urn:s> sh:targetSubjectsOf <https://e.org/p> ; sh:nodeKind sh:IRI .", "utf-8")
    found = validate([str(path)], shapes=[str(shapes)], engine="shacl")
    assert [problem.location.line for problem in found.problems] == [1, 3]


def test_every_syntax_is_walked_and_those_that_say_so_are_written() -> None:
    assert set(_WALKERS) == {syntax.name for syntax in SYNTAXES}
    assert list(_WRITERS) == [syntax.name for syntax in FORMATS]


def test_names_are_of_one_syntax() -> None:
    for of in (lambda s: s.extensions, lambda s: s.media_types, lambda s: (s.name,)):
        said = [text for syntax in SYNTAXES for text in of(syntax)]
        assert len(said) == len(set(said))


@pytest.mark.parametrize("syntax", [syntax for syntax in SYNTAXES if not syntax.lines], ids=lambda syntax: syntax.name)
def test_the_table_says_what_the_engine_says(syntax: Syntax) -> None:
    engine = syntax.of_engine
    assert engine.media_type == syntax.media_types[0]
    assert f".{engine.file_extension}" == syntax.extensions[0]
    assert engine.supports_datasets == syntax.dataset


@pytest.mark.parametrize("syntax", GRAPH_SYNTAXES, ids=lambda syntax: syntax.name)
def test_a_report_is_written_in_every_syntax_of_graphs(syntax: Syntax) -> None:
    assert len(list(parse(report_graph([], ShapesGraph([]), syntax.name), syntax.of_engine))) == 2


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "data.ttl.zst"
    path.write_bytes(packed(DATA.encode(), COMPRESSIONS[1]))
    monkeypatch.setitem(sys.modules, "zstandard", None)
    with pytest.raises(ExporterError, match=r"owltype\[zstd\]"):
        validate([str(path)])


@pytest.mark.parametrize("command", ["export", "coverage"])
@pytest.mark.parametrize("name", ["data.ttl", "data.ttl.gz", "data.n3"])
def test_commands_that_read_records_say_what_reads_rdf(tmp_path: Path, command: str, name: str) -> None:
    packing = COMPRESSIONS[0] if name.endswith(".gz") else None
    (tmp_path / name).write_bytes(packed(DATA.encode(), packing))
    done = owltype(command, name, cwd=tmp_path)
    assert done.status == 2
    assert "`owltype validate` and `owltype query` take an RDF file as it is" in done.stdout + done.stderr


def test_a_folder_is_one_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "site.owl").mkdir()
    assert part_rdf([str(tmp_path / "site.owl"), "a.owl", "b.md"]) == ((str(tmp_path / "site.owl"), "b.md"), ("a.owl",))


@pytest.mark.parametrize("ask", [lambda: find_format("n3"), lambda: find_format("text/n3"), lambda: format_of_file("x.n3.gz")])
def test_what_is_only_read_is_not_offered(ask: Callable[[], object]) -> None:
    with pytest.raises(UsageError, match="Notation3 is read, and not written; formats: turtle"):
        ask()


@pytest.mark.parametrize("packing", PACKINGS, ids=str)
def test_what_stands_in_a_files_stead_is_decompressed_too(packing: Compression | None) -> None:
    name = f"given.ttl{packing.extension if packing else ''}"
    assert read_unpacked(name, packed(DATA.encode(), packing)) == DATA.encode()
