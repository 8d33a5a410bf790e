"""`owltype export` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.running import ROOT, owltype

EXAMPLES = ROOT / "examples" / "medigy" / "content"
ONTOLOGY = """
@prefix map: <https://w3id.org/owltype/map#> . @prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix ex: <https://ex.org/ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<https://ex.org/ns> a owl:Ontology .
ex:Page a owl:Class ; map:owlType "Page" ; map:iri "https://ex.org/{file.stem}/" .
ex:title a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:string ; map:key "title" .
ex:day a owl:DatatypeProperty ; rdfs:domain ex:Page ; rdfs:range xsd:date ; map:key "day" .
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A folder with an ontology, a good record, one with a fault, one that is rejected, and a misspelt key."""
    (tmp_path / "site.ttl").write_text(ONTOLOGY)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "good.md").write_text("---\nowlType: Page\ntitle: Good\nday: 2026-01-31\n---\n")
    (pages / "faulty.md").write_text("---\nowlType: Page\ntitle: Faulty\nday: Jan 31\ntitel: oops\n---\n")
    (pages / "other.md").write_text("---\nowlType: Pgae\ntitle: Other\n---\n")
    (tmp_path / "owltype.toml").write_text('ontology = ["site.ttl"]\npaths = ["pages"]\noutput = "site.nt"\n')
    return tmp_path


def test_the_examples_are_exported_without_a_problem(tmp_path: Path) -> None:
    done = owltype("export", EXAMPLES, "-o", tmp_path / "graph.ttl")
    assert (done.status, done.stdout) == (0, "")
    count = sum(1 for path in EXAMPLES.rglob("*") if path.is_file())
    assert done.stderr.startswith(f"read {count} records: {count} exported, 0 skipped, 0 rejected; ")


def test_the_committed_export_is_fresh() -> None:
    done = owltype("export", EXAMPLES, "-o", "output/medigy.ttl", "--check")
    assert done.status == 0, done.stderr


def test_standard_output_holds_the_graph_alone() -> None:
    done = owltype("export", EXAMPLES, "-f", "nt", "-q")
    assert done.status == 0
    assert done.stderr == ""
    assert all(line.endswith(" .") for line in done.stdout.splitlines())


def test_settings_say_what_is_exported_from_anywhere_in_the_project(site: Path) -> None:
    done = owltype("export", "--fail-on", "never", cwd=site / "pages")
    assert done.status == 0, done.stderr
    assert "https://ex.org/good/" in (site / "site.nt").read_text()


def test_options_win_over_the_environment_and_settings(site: Path) -> None:
    owltype("export", "--exit-zero", "-o", "mine.ttl", cwd=site, environment={"OWLTYPE_OUTPUT": "env.ttl"})
    assert (site / "mine.ttl").exists()
    owltype("export", "--exit-zero", cwd=site, environment={"OWLTYPE_OUTPUT": "env.ttl"})
    assert (site / "env.ttl").exists()
    assert not (site / "site.nt").exists()


def test_problems_and_the_account_go_to_standard_error(site: Path) -> None:
    done = owltype("export", "--output-format", "concise", cwd=site)
    assert (done.status, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("pages/faulty.md:4:6: ")
    assert lines[1].startswith("pages/other.md:2:10: ")
    assert '"Pgae"' in lines[1]
    assert lines[-3:-1] == [
        "1 key that the ontology doesn't know; `owltype coverage` says how to map them:",
        '  titel (Page, 1 record, pages/faulty.md:5:1), did you mean "title"?',
    ]
    assert lines[-1].startswith("read 3 records: 2 exported, 0 skipped, 1 rejected; ")
    assert lines[-1].endswith(" triples -> site.nt")


def test_several_reports_at_once(site: Path) -> None:
    done = owltype("export", "--report", "sarif:a.sarif", "--report", "jsonl:b.jsonl", "--exit-zero", cwd=site)
    assert done.status == 0
    results = json.loads((site / "a.sarif").read_text())["runs"][0]["results"]
    assert len(results) == len((site / "b.jsonl").read_text().splitlines()) == 2


def test_unmapped_keys_may_be_refused(site: Path) -> None:
    done = owltype("export", "pages/faulty.md", "--unmapped", "fail", "--output-format", "concise", cwd=site)
    assert done.status == 1
    assert "pages/faulty.md:5:1: error" in done.stderr


def test_check_names_the_line_and_writes_nothing(site: Path) -> None:
    owltype("export", "--exit-zero", cwd=site)
    assert owltype("export", "--exit-zero", "--check", cwd=site).status == 0
    lines = (site / "site.nt").read_text().splitlines(keepends=True)
    (site / "site.nt").write_text("".join(lines[:1] + lines[2:]))
    done = owltype("export", "--exit-zero", "--check", cwd=site)
    assert done.status == 1
    assert "\nsite.nt:2: error: " in done.stderr
    assert (site / "site.nt").read_text() == "".join(lines[:1] + lines[2:])


def test_nothing_to_read_is_said(tmp_path: Path) -> None:
    done = owltype("export", cwd=tmp_path)
    assert done.status == 2
    assert done.stderr == "owltype: nothing to read: name a folder or a record, or set `paths` in [tool.owltype]\n"


def test_wrong_calls_are_sentences(site: Path) -> None:
    calls = {
        ("export", "nowhere"): "nowhere",
        ("export", "-f", "turtel"): "turtel",
        ("export", "--set", "base"): "NAME=VALUE",
        ("export", "--report", "sarif"): "NAME:FILE",
        ("export", "--ontology", "none.ttl"): "none.ttl",
        ("export", "-o", "no/such/folder.ttl"): "no/such",
    }
    for call, word in calls.items():
        done = owltype(*call, cwd=site)
        assert done.status == 2, call
        assert word in done.stderr, call
