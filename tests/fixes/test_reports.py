"""Reports that carry fixes: a service that takes the change has a record without the problem."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.fixes.sites import make, record
from tests.running import owltype

pytestmark = pytest.mark.slow


@pytest.fixture
def site(tmp_path: Path) -> Path:
    make(tmp_path, {"wrong.md": record("wrong", "title: T\nstatus: Published  # since May\nkind: Referense")})
    return tmp_path


def _results(site: Path) -> list[dict[str, Any]]:
    done = owltype("validate", "--output-format", "sarif", cwd=site)
    document = json.loads(done.stdout)
    results: list[dict[str, Any]] = document["runs"][0]["results"]
    return results


def test_sarif_has_changes_that_end_the_problems(site: Path) -> None:
    file = site / "content/wrong.md"
    found = [result for result in _results(site) if "fixes" in result]
    assert {result["ruleId"] for result in found} == {"SH-IN", "MAP-CONVERSION"}
    lines = file.read_text("utf-8").split("\n")
    for result in found:
        (change,) = result["fixes"][0]["artifactChanges"]
        assert (site / change["artifactLocation"]["uri"]).samefile(file)
        for edit in change["replacements"]:
            region = edit["deletedRegion"]
            assert region["startLine"] == region["endLine"]
            line = lines[region["startLine"] - 1]
            new = line[: region["startColumn"] - 1] + edit["insertedContent"]["text"] + line[region["endColumn"] - 1 :]
            lines[region["startLine"] - 1] = new
    file.write_text("\n".join(lines), "utf-8")
    assert "status: published  # since May" in lines
    assert [result for result in _results(site) if "fixes" in result] == []


def test_annotations_show_the_line_as_it_would_be(site: Path) -> None:
    done = owltype("validate", "--output-format", "github", cwd=site)
    (line,) = (line for line in done.stdout.splitlines() if "SH-IN" in line)
    assert line.endswith("%0Asuggested change:%0Astatus: published  # since May")


def test_other_reports_are_as_they_were(site: Path) -> None:
    for name in ("json", "jsonl", "concise", "gitlab", "junit"):
        assert "suggested" not in owltype("validate", "--output-format", name, cwd=site).stdout
    problems = json.loads(owltype("validate", "--output-format", "json", cwd=site).stdout)["problems"]
    assert all("fixes" not in problem for problem in problems)
