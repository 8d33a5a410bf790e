"""Records with one planted fault each: what must be found stands beside the record, and whatever is in the folder is tried.

`NAME.expected` has a line for each problem of the record NAME: `line:column: CODE key`. A record without one must be clean.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from exporter import Validation, validate
from exporter.problems.codes import CODES
from exporter.rdf.terms import SH
from exporter.validation.engines.features import unsuited
from exporter.validation.shapes.loading import load_shapes
from exporter.validation.shapes.vocabulary import COMPONENT_PARAMETERS, component_code
from tests.running import ROOT

FOLDER = Path(__file__).parent / "faults"
RECORDS = sorted(path for path in (FOLDER / "records").iterdir() if path.suffix != ".expected")
KNOWN_DIFFERENCE = "only pyshacl leaves out the value of a result that an ASK validator finds (feature ask-value)"


@cache
def _run(engine: str) -> Validation:
    return validate(FOLDER / "records", shapes=[FOLDER / "shapes.ttl"], ontology=[FOLDER / "ontology.ttl"], engine=engine, jobs=1)


def _found(engine: str, path: Path) -> list[str]:
    problems = [problem for problem in _run(engine).problems if (ROOT / problem.location.path) == path]
    return [f"{p.location.line}:{p.location.column}: {p.code} {p.key}".rstrip() for p in problems]


def _expected(path: Path) -> list[str]:
    beside = path.with_name(path.name + ".expected")
    return beside.read_text("utf-8").splitlines() if beside.exists() else []


@pytest.mark.parametrize("engine", ["shacl", "pyshacl"])
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_fault_is_found_at_its_place(engine: str, path: Path) -> None:
    if engine == "pyshacl" and path.name == "component.md":
        assert [feature.name for feature, _ in unsuited("pyshacl", _run(engine).shapes)].count("ask-value") == 1
    else:
        assert _found(engine, path) == _expected(path)


def test_every_expectation_has_its_record() -> None:
    names = {path.name for path in RECORDS}
    assert {path.stem for path in (FOLDER / "records").glob("*.expected")} <= names
    assert len(names) > 50


@pytest.mark.slow
def test_engines_agree_on_all_but_the_known_difference() -> None:
    differences = [problem for problem in _run("both").problems if problem.code == "SHAPES-ENGINES-DIFFER"]
    assert {problem.message.split(" at ")[0] for problem in differences} == {
        "only shacl finds :NoSpacesComponent",
        "only pyshacl finds :NoSpacesComponent",
    }, KNOWN_DIFFERENCE


def test_there_is_a_fault_for_every_component_that_the_shapes_use() -> None:
    shapes = load_shapes([FOLDER / "shapes.ttl"])
    used = {triple.predicate.value.removeprefix(SH) for triple in shapes.triples}
    codes = {
        component_code(SH + name + "ConstraintComponent") for name, parameters in COMPONENT_PARAMETERS.items() if parameters[0] in used
    }
    unfolded = {"SH-NODE", "SH-AND", "SH-PROPERTY", "SH-QUALIFIED-MIN-COUNT", "SH-QUALIFIED-MAX-COUNT"}
    expected = {line.split(" ")[1] for path in RECORDS for line in _expected(path)}
    assert codes - unfolded <= expected
    assert {"SH-COMPONENT", "SH-QUALIFIED-MIN-COUNT", "SH-QUALIFIED-MAX-COUNT"} <= expected
    never = {"SH-JS", "SH-EXPRESSION", "SH-NODE", "SH-AND", "SH-PROPERTY"}
    assert {code for code in CODES if code.startswith("SH-")} - never <= expected, "a component without a planted fault"


def test_shared_resource_names_its_first_places_and_the_count(tmp_path: Path) -> None:
    for number in range(7):
        text = f'---\nlayout: Page\nid: p{number}\ntitle: A title\ntopics: ["Medigy: IT"]\nmainTopics: ["Medigy: IT"]\n---\n'
        (tmp_path / f"p{number}.md").write_text(text, "utf-8")
    found = validate(tmp_path, shapes=[FOLDER / "shapes.ttl"], ontology=[FOLDER / "ontology.ttl"], jobs=1)
    (problem,) = [problem for problem in found.problems if problem.code == "SH-MIN-LENGTH"]
    assert [(Path(p.path).name, p.line, p.column) for p in (problem.location, *problem.related)] == [
        ("p0.md", 5, 19),
        ("p1.md", 5, 19),
        ("p2.md", 5, 19),
    ]
    assert problem.help == "fix it; 6 more records say the same"


def test_missing_key_says_the_line_to_add() -> None:
    (problem,) = [p for p in _run("shacl").problems if p.location.path.endswith("/node-missing-key.md")]
    assert problem.message == "required key 'href' is missing"
    assert problem.help == "expected an http(s) address"
    assert problem.shacl is not None
    assert problem.shacl.shape == "<https://example.org/ont#LinkShape>"
    assert problem.shacl.shape_location is not None
    assert problem.shacl.shape_location.path.endswith("faults/shapes.ttl")


def test_runs_give_the_same_problems_with_any_number_of_workers() -> None:
    one = _run("shacl")
    two = validate(FOLDER / "records", shapes=[FOLDER / "shapes.ttl"], ontology=[FOLDER / "ontology.ttl"], engine="shacl", jobs=2)
    assert one.problems == two.problems
