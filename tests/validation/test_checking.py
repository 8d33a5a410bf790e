"""Faults in the shapes: each file in `bad_shapes` says in its first line what must be found, and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.errors import ShapesError
from exporter.problems import Problem
from exporter.validation.data.data_file import DataFile
from exporter.validation.shapes.checking import CheckOptions, KnownTerms, check_shapes
from exporter.validation.shapes.loading import load_shapes
from exporter.validation.shapes.targets import idle_shapes
from tests.data import HOSTILE, needs
from tests.data import W3C_SHACL as SUITE
from tests.validation.w3c import find_cases, read_case

FOLDER = Path(__file__).parent / "bad_shapes"
FILES = sorted(FOLDER.glob("*.ttl"))
ONTOLOGY = "https://example.org/ont#"
NAMES = ("title", "zip", "version", "country", "date", "active", "related", "homepage")
KNOWN = KnownTerms(frozenset({ONTOLOGY + "Topic", ONTOLOGY + "Person"}), frozenset(ONTOLOGY + name for name in NAMES))


def _findings(path: Path) -> tuple[tuple[Problem, ...], int]:
    """The problems of a shapes file, and the exit status that they mean."""
    try:
        found = check_shapes(load_shapes([path]), CheckOptions(KNOWN))
    except ShapesError as error:
        return error.problems, 2
    return found, 1 if any(problem.severity == "error" for problem in found) else 0


def test_there_are_faults_to_find() -> None:
    assert len(FILES) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_fault_is_found_at_its_place(path: Path) -> None:
    code, place, *words = path.read_text("utf-8").splitlines()[0].removeprefix("# ").split(" ", 2)
    found, _ = _findings(path)
    shown = [f"{problem.code} {problem.location.line}:{problem.location.column}: {problem.message} {problem.help}" for problem in found]
    assert len(found) == 1, shown
    assert shown[0].startswith(f"{code} {place.rstrip(':')}:"), shown
    assert " ".join(words) in shown[0]
    assert found[0].location.path == str(path)


HOSTILE_TABLE = {
    "base.ttl": (0, []),
    "e11_rule_service.ttl": (2, ["SHAPES-ADVANCED", "SHAPES-SERVICE"]),
    "e13_bad_regex.ttl": (2, ["SHAPES-PATTERN"]),
    "e15_typo_target.ttl": (1, ["SHAPES-TARGET", "SHAPES-PATH"]),
    "e17_recursive.ttl": (1, ["SHAPES-RECURSION"]),
    "e19_js.ttl": (2, ["SHAPES-JAVASCRIPT"]),
}


@needs(HOSTILE)
@pytest.mark.parametrize("name", HOSTILE_TABLE)
def test_hostile_shapes_do_no_harm(name: str) -> None:
    found, status = _findings(HOSTILE / "shapes" / name)
    assert (status, [problem.code for problem in found]) == HOSTILE_TABLE[name]
    assert {problem.location.line for problem in found} <= {6}


@needs(HOSTILE)
def test_the_hostile_table_is_whole() -> None:
    assert set(HOSTILE_TABLE) == {path.name for path in (HOSTILE / "shapes").iterdir()}


REFUSED = {
    "core/path/path-strange-002": "a path that is a sequence and an inverse, which SHACL-SHACL forbids and the test ignores",
    "core/property/qualifiedValueShape-001": "has sh:nodeShape, a term of an early draft",
}
LEFT_TO_THE_ENGINE = {"sparql/pre-binding/pre-binding-006": "SELECT * that does not bind $this; both engines refuse it"}
"""W3C tests whose shapes are refused although an engine would run them: why."""


@needs(SUITE)
@pytest.mark.parametrize(
    "path", [*find_cases("core"), *find_cases("sparql")], ids=lambda path: path.relative_to(SUITE).with_suffix("").as_posix()
)
def test_checks_refuse_what_the_w3c_suite_expects_to_fail_and_nothing_else(path: Path) -> None:
    case = read_case(path)
    try:
        check_shapes(case.shapes, CheckOptions())
    except ShapesError:
        assert case.expected is None or case.name in REFUSED
    else:
        assert case.expected is not None or case.name in LEFT_TO_THE_ENGINE
        assert case.name not in REFUSED


def test_shape_without_a_focus_node_is_named(tmp_path: Path) -> None:
    shapes = tmp_path / "s.ttl"
    shapes.write_text(
        "@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .\n"
        ":Sub sh:targetClass :Parent .\n:None sh:targetClass :Other .\n:Subjects sh:targetSubjectsOf :p .\n:Objects "
        "sh:targetObjectsOf :q "
        ".\n"
        ":Node sh:targetNode :x .\n:Gone sh:targetNode :y .\n:Implicit a sh:NodeShape , owl:Class .\n:Two "
        "sh:targetClass :Other , :Child .\n",
        "utf-8",
    )
    data = b"""<http://e/x> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/Child> .
<http://e/x> <http://e/p> "1" .
<http://e/Child> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/Parent> .
"""
    with DataFile() as file:
        file.append(data)
        found = [problem for _, problem in idle_shapes(file, load_shapes([shapes]))]
    assert [(problem.location.line, problem.severity) for problem in found] == [
        (3, "warning"),
        (5, "warning"),
        (7, "warning"),
        (8, "warning"),
    ]
    assert found[0].message == "the shape :None checks nothing: no record has its target"
