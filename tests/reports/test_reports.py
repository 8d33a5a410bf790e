"""What each report says, for folders of problems; and what must hold for any problems."""

from __future__ import annotations

import dataclasses
import json
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.errors import UsageError
from exporter.problems import Location, Problem, Severity
from exporter.reports import REPORTS, ReportContext, find_report, render
from exporter.reports.fingerprints import fingerprints
from tests.reports.cases import cases, context_of, expected_file, read_problems, render_case

CASES = cases()
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_report = pytest.mark.parametrize("name", REPORTS)


def problems_strategy() -> st.SearchStrategy[list[Problem]]:
    """Any problems at all."""
    places = st.builds(Location, st.text(min_size=1, max_size=9), st.integers(1, 9), st.integers(1, 9))
    keys = st.lists(st.text(max_size=5) | st.integers(0, 9), max_size=3).map(tuple)
    return st.lists(
        st.builds(Problem, st.sampled_from(["A", "B"]), places, st.text(), st.sampled_from(Severity), st.none() | st.text(), keys),
        max_size=5,
    )


def test_there_are_cases() -> None:
    assert CASES


@each_case
@each_report
def test_report_is_as_expected(case: Path, name: str) -> None:
    assert render_case(case, name).decode() == expected_file(case, name).read_bytes().decode()


@each_case
def test_no_expected_file_is_left_over(case: Path) -> None:
    assert sorted((case / "expected").iterdir()) == sorted(expected_file(case, name) for name in REPORTS)


@each_case
@each_report
def test_order_of_problems_does_not_matter(case: Path, name: str) -> None:
    problems = read_problems(case)
    random.Random(1).shuffle(problems)
    assert render_case(case, name, problems) == render_case(case, name)


@each_report
@given(problems=problems_strategy())
def test_any_text_makes_a_report_without_control_characters(name: str, problems: list[Problem]) -> None:
    text = render(name, problems, ReportContext(source=lambda _: "a\x1bb\x00\n\x9b\u2028")).decode()
    assert not [char for char in text if unicodedata.category(char) == "Cc" and char != "\n"] or name in {
        "json",
        "jsonl",
        "sarif",
        "gitlab",
        "github",
    }


@pytest.mark.parametrize("name", ["full", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "html"])
def test_a_cut_report_counts_what_it_leaves_out(name: str) -> None:
    problems = [Problem("A", Location("a.md", line, 2), f"problem {line}", Severity.INFO) for line in range(1, 41)]
    worst = Problem("A", Location("z.md", 1, 2), "the worst")
    text = render(name, [*problems, worst], ReportContext(limit=10)).decode()
    assert "31" in text
    assert "the worst" in text
    assert "problem 10" not in text


def test_a_markdown_comment_fits_github() -> None:
    problems = [Problem("A", Location(f"{number}.md", 1, 2), "x" * 900) for number in range(400)]
    text = render("markdown", problems, ReportContext()).decode()
    assert len(text) < 65_536
    assert "more problems not listed" in text


@each_case
def test_fingerprints_stay_when_lines_move(case: Path) -> None:
    problems = read_problems(case)
    moved = [
        dataclasses.replace(problem, location=dataclasses.replace(problem.location, line=problem.location.line + 7)) for problem in problems
    ]
    assert fingerprints(moved) == fingerprints(problems)
    assert len(set(fingerprints(problems * 2))) == 2 * len(problems)


def test_fingerprints_tell_problems_apart() -> None:
    one = Problem("A", Location("a.md"), "m", key_path=("k",))
    others = [
        dataclasses.replace(one, code="B"),
        dataclasses.replace(one, location=Location("b.md")),
        dataclasses.replace(one, key_path=("l",)),
        dataclasses.replace(one, message="n"),
    ]
    assert len(set(fingerprints([one, *others]))) == 5
    assert fingerprints([dataclasses.replace(one, location=Location("./a.md"))]) == fingerprints([one])


def test_colours_change_nothing_but_colours() -> None:
    case = next(case for case in CASES if case.name == "every_field")
    colored = render_case(case, "full", color=True).decode()
    plain = render_case(case, "full").decode()
    assert "\x1b[1;31m" in colored
    assert "\x1b" not in plain
    for style in ("0", "1", "36", "1;31", "1;33", "1;34"):
        colored = colored.replace(f"\x1b[{style}m", "")
    assert colored == plain


@each_report
def test_every_report_says_that_a_clean_folder_is_clean(name: str) -> None:
    data = render(name, [], ReportContext(checked=2))
    if name in {"full", "concise", "markdown", "html"}:
        assert "no problems in 2 records" in data.decode()
    elif name in {"jsonl", "github"}:
        assert data == b""
    elif name != "junit":
        assert json.loads(data) is not None


def test_unknown_report_names_the_near_one() -> None:
    with pytest.raises(UsageError, match=r'^no report is called "sarf", did you mean "sarif"\?$'):
        find_report("sarf")


def test_sources_are_not_read_for_formats_without_lines() -> None:
    def source(path: str) -> str:
        raise AssertionError(path)

    context = dataclasses.replace(context_of(CASES[0]), source=source)
    for name in set(REPORTS) - {"full", "html"}:
        render(name, read_problems(CASES[0]), context)
