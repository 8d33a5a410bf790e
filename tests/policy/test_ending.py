"""Every command ends in one way: what the settings, a record or the baseline leaves out counts in none of them, and is said."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.running import Finished, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

ONTOLOGY = """@prefix : <https://example.org/ont#> .
@prefix map: <https://w3id.org/owltype/map#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://example.org/ont> a owl:Ontology ; map:typeKey "layout" .
:Page a owl:Class ; map:owlType "Page" ; map:iri "https://example.org/page/{id}" .
:id a owl:DatatypeProperty ; rdfs:domain :Page ; rdfs:range xsd:string ; map:key "id" .
:due a owl:DatatypeProperty ; rdfs:domain :Page ; rdfs:range xsd:date ; map:key "due" .
"""
SHAPES = """@prefix : <https://example.org/ont#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
:PageShape a sh:NodeShape ; sh:targetClass :Page ; sh:property [ sh:path :due ; sh:datatype xsd:date ] .
"""
SETTINGS = 'paths = ["content"]\nontology = ["ontology.ttl"]\nshapes = ["shapes.ttl"]\n'
BAD = "---\nlayout: Page\nid: bad\ndue: soon\n{more}---\n"
REJECTED = "---\nlayout: Pgae\nid: bad\n{more}---\n"
COMMANDS = {
    "export": ("export", "-o", "graph.ttl"),
    "validate": ("validate",),
    "query": ("query", "ASK {}"),
    "coverage": ("coverage", "--check"),
    "test": ("test",),
}
EXPORT, VALIDATE, QUERY, COVERAGE = COMMANDS["export"], COMMANDS["validate"], COMMANDS["query"], COMMANDS["coverage"]


@pytest.fixture
def team(tmp_path: Path) -> Path:
    """A repository with a record whose date is no date, and a file that can't be read as it is."""
    (tmp_path / "content").mkdir()
    (tmp_path / "queries").mkdir()
    (tmp_path / "queries" / "any.rq").write_text("# expect: at least 1 row\nSELECT ?s { ?s ?p ?o }\n")
    (tmp_path / "ontology.ttl").write_text(ONTOLOGY)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "content" / "bad.md").write_text(BAD.format(more=""))
    (tmp_path / "owltype.toml").write_text(SETTINGS)
    return tmp_path


def _suppress(team: Path, *codes: str) -> None:
    tables = "".join(f'[[suppressions]]\ncode = "{code}"\nreason = "known"\n' for code in codes)
    (team / "owltype.toml").write_text(SETTINGS + tables)


def _run(team: Path, name: str) -> Finished:
    return owltype(*COMMANDS[name], cwd=team)


@pytest.mark.parametrize(
    ("name", "text"),
    [*((name, text) for name in ("export", "validate", "query") for text in (BAD, REJECTED)), ("coverage", REJECTED)],
    ids=lambda value: value if value in COMMANDS else "value" if value == BAD else "rejected",
)
@pytest.mark.parametrize("how", ["not", "record", "settings", "baseline"])
def test_a_problem_that_is_left_out_is_left_out_by_every_command(team: Path, name: str, text: str, how: str) -> None:
    code = "MAP-DATATYPE" if text == BAD else "MAP-TYPE-UNKNOWN"
    (team / "content" / "bad.md").write_text(text.format(more=f"owltypeIgnore:\n  {code}: a plan\n" if how == "record" else ""))
    (team / "content" / "good.md").write_text(BAD.format(more="").replace("soon", "2026-01-31").replace("bad", "good"))
    if how == "settings":
        _suppress(team, code)
    elif how == "baseline":
        assert owltype("validate", "--baseline", "known.json", "--update-baseline", cwd=team).status == 0
        (team / "owltype.toml").write_text(SETTINGS + 'baseline = "known.json"\n')
    done = _run(team, name)
    said = done.stderr + done.stdout
    if how == "not":
        assert (done.status, "problem" in said or code in said) == (int(name in {"export", "validate"}), True)
    else:
        counted = "1 problem in the baseline" if how == "baseline" else "1 problem suppressed"
        assert (done.status, counted in said, code in said) == (0, True, False), done
        assert "in the records" not in said
        assert "with problems" not in said


@pytest.mark.parametrize("name", COMMANDS)
def test_a_file_that_was_not_read_may_be_known(team: Path, name: str) -> None:
    (team / "content" / "other.md").write_bytes(b"---\nlayout: Page\nid: other\n---\n")
    Path(os.fsdecode(os.fsencode(team / "content") + b"/\xff.md")).write_text("---\nlayout: Page\n---\n")
    _suppress(team, "MAP-DATATYPE")
    assert _run(team, name).status == 1
    _suppress(team, "MAP-DATATYPE", "READ-NAME")
    done = _run(team, name)
    assert (done.status, "suppressed" in done.stderr + done.stdout) == (0, True), done


def test_what_is_left_out_is_counted_for_each_cause(team: Path) -> None:
    (team / "content" / "also.md").write_text("---\nlayout: Page\nid: also\ndue: later\nowltypeIgnore:\n  MAP-DATATYPE due: a plan\n---\n")
    assert owltype("validate", "--baseline", "known.json", "--update-baseline", cwd=team).status == 0
    done = owltype("export", "-o", "g.ttl", "--baseline", "known.json", cwd=team)
    assert (done.status, "1 problem suppressed, 1 in the baseline" in done.stderr) == (0, True), done
    report = owltype("export", "-o", "g.ttl", "--baseline", "known.json", "--output-format", "json", cwd=team).stderr
    assert "1 problem suppressed, 1 in the baseline" in json.loads(report)["summary"]["notes"]


def test_a_suppression_of_shacl_is_stale_where_shapes_ran_alone(team: Path) -> None:
    """`export` runs no shapes: that it meets no result of theirs says nothing."""
    (team / "content" / "bad.md").write_text(BAD.format(more="owltypeIgnore:\n  SH-IN due: none\n"))
    assert "IGNORE-STALE" in _run(team, "validate").stdout
    assert "IGNORE-STALE" not in _run(team, "export").stderr


def test_one_fault_is_suppressed_as_one(team: Path) -> None:
    """The shape says of the value what mapping has said: both are gone with the one that is reported."""
    _suppress(team, "MAP-DATATYPE")
    done = _run(team, "validate")
    assert (done.status, "SH-DATATYPE" in done.stdout) == (0, False)


def test_an_entry_of_the_baseline_that_nothing_meets_is_named_at_its_line(team: Path) -> None:
    (team / "content" / "also.md").write_text(BAD.format(more="").replace("bad", "also"))
    assert owltype("validate", "--baseline", "known.json", "--update-baseline", cwd=team).status == 0
    (team / "content" / "bad.md").write_text(BAD.format(more="").replace("soon", "2026-01-31"))
    (team / "content" / "also.md").unlink()
    done = owltype("validate", "--baseline", "known.json", "--output-format", "concise", cwd=team)
    said = "MAP-DATATYPE at due of content/{}.md is in the baseline, and the run has no such problem"
    stale = [f"known.json:{line}:1: info BASELINE-STALE {said.format(name)}" for line, name in ((2, "also"), (3, "bad"))]
    assert (done.status, [line for line in done.stdout.splitlines() if "STALE" in line]) == (0, stale)
    assert "STALE" not in owltype("validate", "content/bad.md", "--baseline", "known.json", cwd=team).stdout
    assert "STALE" not in owltype("export", "-o", "g.ttl", "--baseline", "known.json", cwd=team).stderr
