"""Generated shapes ask for what mapping makes: they come from the same rows, after inheritance."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from exporter import export, validate
from exporter.generate.shapes import generate_shapes
from exporter.plan.compiling import load_plan
from exporter.rdf.terms import MAP, OWL, RDF_TYPE, SH, Statement

CASES = [
    path
    for path in sorted((Path(__file__).parents[1] / "mapping" / "cases").iterdir())
    if (path / "ontology.ttl").exists()
    and not any((path / name).exists() for name in ("options.json", "owltype.toml", "problems.txt"))
    and any(of.steps for of in load_plan([path / "ontology.ttl"]).classes.values())
]


def generated(ontology: Path, *, closed: bool = True) -> str:
    return generate_shapes(load_plan([ontology]), closed=closed)


def paths_by_class(shapes: str) -> dict[str, set[str]]:
    """Read which properties each class's shape speaks of."""
    store = ox.Store()
    store.load(shapes.encode(), format=ox.RdfFormat.TURTLE)
    rows = store.query(f"SELECT ?of ?path {{ ?shape <{SH}targetClass> ?of ; <{SH}property>/<{SH}path> ?path }}")
    found: dict[str, set[str]] = {}
    for row in rows:  # type: ignore[union-attr]  # a SELECT gives solutions
        found.setdefault(row["of"].value, set()).add(row["path"].value)
    return found


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_mapping_makes_conforms(case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    shapes = tmp_path / "shapes.ttl"
    shapes.write_text(generated(case / "ontology.ttl"), "utf-8")
    found = validate("content", shapes=[shapes], ontology=["ontology.ttl"], unmapped="drop", jobs=1)
    assert [problem for problem in found.problems if problem.shacl is not None] == []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_class_has_a_property_shape_for_each_property_that_it_is_given(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    triples: list[Statement] = []
    export("content", triples, ontology=["ontology.ttl"], unmapped="drop", jobs=1)
    types: dict[object, set[str]] = {}
    for subject, predicate, value in triples:
        if predicate == RDF_TYPE and isinstance(value, ox.NamedNode):
            types.setdefault(subject, set()).add(value.value)
    shapes = paths_by_class(generated(case / "ontology.ttl"))
    for subject, predicate, _ in triples:
        if predicate != RDF_TYPE and subject in types:
            spoken_of = set().union(*(shapes.get(of, set()) for of in types[subject]))
            assert predicate.value in spoken_of, f"{subject} {predicate}"


LABELS = """@prefix ex: <https://example.org/ns#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/ns> a owl:Ontology ; map:typeKey "tags" .
ex:Page a owl:Class ; map:owlType "page" ; map:iri "https://example.org/{slug}/" ;
    map:reads [ map:property ex:name ; map:key "title" ; map:range xsd:string ] ,
        [ map:property ex:made ; map:key "made" ; map:range xsd:date ] .
ex:Post a owl:Class ; rdfs:subClassOf ex:Page ; map:owlType "post" ;
    map:reads [ map:property ex:text ; map:key "text" ; map:range xsd:string ] .
ex:Recipe a owl:Class ; map:owlType "recipe" ; map:iri "https://example.org/recipes/{slug}/" ;
    map:reads [ map:property ex:name ; map:key "title" ; map:range xsd:string ] ,
        [ map:property ex:made ; map:key "made" ; map:range xsd:string ] ,
        [ map:property ex:serves ; map:key "serves" ; map:range xsd:integer ] .
ex:Shop a owl:Class ; map:files "shops/**" ; map:iri "https://example.org/shops/{slug}/" ;
    map:reads [ map:property ex:street ; map:key "street" ; map:range xsd:string ] .
"""


@pytest.mark.parametrize("labels", ["page, recipe", "recipe, page", "post, recipe", "recipe, post", "post", "recipe"])
def test_what_a_record_of_several_labels_holds_is_no_property_too_many(
    labels: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ontology.ttl").write_text(LABELS)
    Path("shapes.ttl").write_text(generated(Path("ontology.ttl")))
    Path("content").mkdir()
    keys = "title: A\nmade: 2026-11-26\n" + ("text: T\n" if "post" in labels else "") + ("serves: 4\n" if "recipe" in labels else "")
    Path("content/a.md").write_text(f"---\ntags: [{labels}]\nslug: a\n{keys}---\n")
    found = validate("content", shapes=["shapes.ttl"], ontology=["ontology.ttl"], jobs=1)
    assert [str(problem) for problem in found.problems if problem.shacl or problem.location.path == "content/a.md"] == []


def test_a_class_that_no_record_has_beside_another_lends_it_no_properties(tmp_path: Path) -> None:
    (tmp_path / "ontology.ttl").write_text(LABELS)
    closed = {shape.split()[0]: shape for shape in generated(tmp_path / "ontology.ttl").split("\n\n") if "sh:closed" in shape}
    assert "ex:street" not in closed["ex:RecipeClosedShape"]
    assert "ex:serves" not in closed["ex:ShopClosedShape"]
    assert "ex:text" in closed["ex:RecipeClosedShape"]


def test_inherited_and_replaced_rows_are_those_that_mapping_reads() -> None:
    case = Path(__file__).parents[1] / "mapping" / "cases" / "rows-inherited"
    shapes = generated(case / "ontology.ttl", closed=False)
    news = re.search(r"ex:NewsDefaultShape.*?(?=\n\n)", shapes + "\n\n", re.DOTALL)
    assert news is not None
    assert re.findall(r"sh:path (\S+) ; sh:(?:datatype|nodeKind) (\S+)", news[0]) == [
        ("schema:name", "xsd:string"),
        ("schema:datePublished", "xsd:dateTime"),
        ("schema:url", "sh:IRI"),
        ("schema:genre", "xsd:string"),
        ("schema:expires", "xsd:date"),
    ]


@pytest.mark.parametrize(
    ("classes", "codes"),
    [
        ('ex:Note a owl:Class ; map:owlType "Note" ; map:iri "https://example.org/{slug}/" .', ["SH-CLOSED"]),
        ("ex:Note a owl:Class .", ["MAP-TYPE-MISSING"]),
        ("", ["MAP-TYPE-MISSING"]),
    ],
    ids=["a class without properties", "a class that no record is of", "no class"],
)
def test_an_ontology_without_properties_can_be_validated_against(
    classes: str, codes: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    prefixes = {"ex": "https://example.org/ns#", "map": MAP, "owl": OWL}
    Path("o.ttl").write_text("".join(f"@prefix {name}: <{space}> .\n" for name, space in prefixes.items()) + classes)
    Path("content").mkdir()
    Path("content", "a.md").write_text("---\nowlType: Note\nslug: a\ntitle: A\n---\n")
    found = validate("content", ontology=["o.ttl"], jobs=1)
    assert (found.checked, found.idle) == (1, False)
    assert [problem.code for problem in found.problems] == codes
