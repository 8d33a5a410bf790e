"""A run that can't be made says so in every report that was asked for: what uploads them finds a file, with the problems in it."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.policy.test_ending import SETTINGS, SHAPES, team
from tests.running import owltype

__all__ = ["team"]

REPORTS = ("--report", "sarif:out.sarif", "--report", "junit:out.xml", "--report", "json:out.json", "--report", "gitlab:out.gl.json")


def _break(team: Path, what: str) -> str:
    """Break a part of the repository, and give the code of the problem that this is, or nothing."""
    if what == "shapes":
        (team / "shapes.ttl").write_text(SHAPES.replace("sh:datatype", "sh:datatyp"))
        return "SHAPES-UNKNOWN-TERM"
    if what == "ontology":
        (team / "ontology.ttl").write_text("@prefix : <https://example.org/> .\n:a :b")
        return "ONT-SYNTAX"
    if what == "setting":
        (team / "owltype.toml").write_text(SETTINGS + 'shaeps = "x"\n')
        return "SETTING-UNKNOWN"
    if what == "syntax of the settings":
        (team / "owltype.toml").write_text(SETTINGS + "paths = \n")
        return "SETTING-SYNTAX"
    (team / "owltype.toml").write_text(SETTINGS.replace('["content"]', '["nowhere"]'))
    return ""


@pytest.mark.parametrize("what", ["shapes", "ontology", "setting", "syntax of the settings", "path"])
def test_every_report_has_the_problems_of_a_run_that_could_not_be_made(team: Path, what: str) -> None:
    code = _break(team, what)
    done = owltype("validate", *REPORTS, "--output-format", "github", cwd=team)
    assert done.status == 2
    assert "owltype: " in done.stderr
    run = json.loads((team / "out.sarif").read_text())["runs"][0]
    assert [result["ruleId"] for result in run["results"]] == ([code] if code else [])
    assert run["invocations"][0]["executionSuccessful"] is False
    root = ET.parse(team / "out.xml").getroot()  # noqa: S314 - our own
    assert root.get("errors") == "1"
    assert [failure.get("type") for failure in root.iter("failure")] == ([code] if code else [])
    report = json.loads((team / "out.json").read_text())
    assert report["failure"] in done.stderr
    assert [issue["check_name"] for issue in json.loads((team / "out.gl.json").read_text())] == [*([code] if code else []), "owltype"]
    errors = [line for line in done.stdout.splitlines() if line.startswith("::error")]
    assert [f"owltype {code}" in line for line in errors] == ([True, False] if code else [False])


def test_a_document_on_standard_error_stands_there_alone(team: Path) -> None:
    _break(team, "ontology")
    done = owltype("export", "--output-format", "json", cwd=team)
    report = json.loads(done.stderr)
    assert (done.status, done.stdout, [problem["code"] for problem in report["problems"]]) == (2, "", ["ONT-SYNTAX"])
    assert report["failure"]


def test_people_read_it_once(team: Path) -> None:
    _break(team, "ontology")
    for command in ("export", "validate"):
        done = owltype(command, cwd=team)
        assert (done.status, done.stdout, done.stderr.count("ONT-SYNTAX")) == (2, "", 1)


@pytest.mark.parametrize("name", ["markdown", "html", "concise", "jsonl"])
def test_no_report_of_a_failed_run_says_that_all_is_well(team: Path, name: str) -> None:
    _break(team, "path")
    done = owltype("validate", "--output-format", name, cwd=team)
    assert (done.status, "no problems" in done.stdout, "nowhere" in done.stdout) == (2, False, True)


def _outputs(team: Path) -> dict[str, tuple[str, ...]]:
    missing = str(team / "missing" / "file.ttl")
    return {
        "report": ("validate", "--report", f"sarif:{missing}"),
        "report of an export": ("export", "-o", "graph.ttl", "--report", f"junit:{missing}"),
        "baseline": ("validate", "--baseline", missing, "--update-baseline"),
        "graph": ("export", "-o", missing),
        "answer": ("query", "ASK {}", "-o", missing),
        "folder": ("validate", "--report", f"sarif:{team / 'content'}"),
    }


@pytest.mark.parametrize("name", _outputs(Path()))
def test_where_the_output_can_not_go_there_is_no_run(team: Path, name: str) -> None:
    """A run would find the problem of the record."""
    (team / "content" / "bad.md").write_text("---\nlayout: Nobody\n---\n")
    done = owltype(*_outputs(team)[name], cwd=team)
    assert (done.status, "can't write" in done.stderr, "MAP-" in done.stderr + done.stdout) == (2, True, False), done
    assert not (team / "graph.ttl").exists()
