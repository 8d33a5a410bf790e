"""What `owltype check` tells of each case: a folder with a project, and beside it what is printed.

`python -m tests.drift.test_cases` writes what is printed now; read it before you commit it.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from exporter import check, make_project
from tests.running import ROOT, Finished, owltype

CASES = sorted(path for path in (Path(__file__).parent / "cases").iterdir() if path.is_dir())


def _run(case: Path, folder: Path) -> tuple[Finished, str]:
    """Check a copy of a case, which lies in no repository, from its own folder."""
    project = folder / case.name
    shutil.copytree(case, project)
    arguments = case / "arguments"
    named = arguments.read_text().split() if arguments.exists() else [] if (case / "owltype.toml").exists() else ["content"]
    done = owltype("check", *named, "--output-format", "concise", cwd=project)
    return done, done.stdout + (f"--\n{done.stderr}" if done.stderr else "")


def test_there_are_cases() -> None:
    assert len(CASES) >= 12


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_drift_of(case: Path, tmp_path: Path) -> None:
    done, printed = _run(case, tmp_path)
    assert printed == (case / "expected").read_text()
    assert done.status == int(": error " in printed)


def test_the_page_shows_what_is_printed(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "checking.md").read_text("utf-8")
    shown = page.split("```console\n$ owltype check content\n")[1].split("```")[0]
    project = tmp_path / "project"
    shutil.copytree(Path(__file__).parent / "cases" / "the-page", project)
    assert owltype("check", "content", cwd=project).stdout == shown


def test_only_a_check_can_say_that_nothing_of_drift_is_left_to_suppress(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(Path(__file__).parent / "cases" / "shapes-and-suppressions", project)
    (project / "known.json").write_text(
        '{"version": 3, "problems": [\n  {"path": "content/a.md", "code": "CHECK-KEY", "fingerprint": "f"},\n'
        '  {"path": "content/a.md", "code": "MAP-IRI", "fingerprint": "g"}\n]}\n'
    )
    validated = owltype("validate", "--output-format", "concise", "--baseline", "known.json", cwd=project).stdout
    assert "MAP-DATATYPE is suppressed" in validated
    assert "MAP-IRI of content/a.md is in the baseline" in validated
    assert "CHECK-" not in validated
    checked = owltype("check", "--output-format", "concise", "--baseline", "known.json", cwd=project).stdout
    assert "CHECK-TITLE is suppressed" in checked
    assert "CHECK-KEY of content/a.md is in the baseline" in checked


def test_warnings_fail_a_check_when_asked_and_reports_are_those_of_every_command(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(Path(__file__).parent / "cases" / "the-page", project)
    done = owltype("check", "content", "--fail-on", "warning", "--report", "sarif:out.sarif", "--output-format", "json", cwd=project)
    assert done.status == 1
    codes = [problem["code"] for problem in json.loads(done.stdout)["problems"]]
    assert codes == ["CHECK-KEY", "CHECK-CONCEPT", "CHECK-PROPERTY"]
    sarif = json.loads((project / "out.sarif").read_text())
    assert [result["ruleId"] for result in sarif["runs"][0]["results"]] == codes


def test_any_number_of_processes_tells_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(Path(__file__).parent / "cases" / "the-page", tmp_path / "project")
    monkeypatch.chdir(tmp_path / "project")
    for number in range(400):
        text = f"---\nowlType: Recipe\ntitle: T{number % 390}\ntags: [Tag {number % 50}, tag {number % 70}]\nk{number % 9}: 1\n---\n"
        Path("content", f"{number}.md").write_text(text)
    alone, three = (check(project=make_project("content", jobs=jobs)) for jobs in (1, 3))
    assert alone == three
    assert {problem.code for problem in alone} == {"CHECK-KEY", "CHECK-CONCEPT", "CHECK-PROPERTY", "CHECK-TITLE"}


def test_rdf_beside_the_records_is_for_the_shapes_alone(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(Path(__file__).parent / "cases" / "the-page", project)
    (project / "graph.ttl").write_text("<https://example.org/x> a <https://example.org/ns#Recipe> .\n")
    both = owltype("check", "content", "graph.ttl", "--output-format", "json", cwd=project)
    alone = owltype("check", "content", "--output-format", "json", cwd=project)
    assert [each["code"] for each in json.loads(both.stdout)["problems"]] == [each["code"] for each in json.loads(alone.stdout)["problems"]]
    only = owltype("check", "graph.ttl", cwd=project)
    assert (only.status, only.stderr) == (
        2,
        "owltype: nothing to check: records are held against their ontology, and no PATH has records\n",
    )


def test_of_one_file_nothing_is_told_that_nothing_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent / "cases" / "what-nothing-uses")
    assert check("content", ontology="ontology")
    assert check("content/a.md", ontology="ontology") == ()


if __name__ == "__main__":
    import tempfile

    for written in CASES:
        with tempfile.TemporaryDirectory() as scratch:
            (written / "expected").write_text(_run(written, Path(scratch))[1])
