"""What each report says, for folders of problems; and what must hold for any problems."""

from __future__ import annotations

import dataclasses
import json
import random
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exporter.errors import UsageError
from exporter.policy.fingerprints import fingerprints
from exporter.problems import Location, Problem, Severity, ShaclDetail
from exporter.reports import REPORTS, ReportContext, find_report, html, render
from tests.cases import Snapshot
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


@each_case
@each_report
def test_report_is_as_expected(case: Path, name: str, snapshot: Snapshot) -> None:
    snapshot({expected_file(case, name): render_case(case, name).decode()})


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
    """JSON escapes what it has to (RFC 8259, section 7): all but the characters from U+007F to U+009F, which a parser gives back."""
    text = render(name, problems, ReportContext(source=lambda _: "a\x1bb\x00\n\x9b\u2028")).decode()
    if name in {"json", "sarif", "gitlab"}:
        json.loads(text)
    elif name == "jsonl":
        assert len([json.loads(line) for line in text.split("\n")[:-1]]) == len(problems)
    allowed = "\n" if name not in {"json", "jsonl", "sarif", "gitlab"} else "\n" + "".join(map(chr, range(0x7F, 0xA0)))
    assert not [char for char in text if unicodedata.category(char) == "Cc" and char not in allowed]


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


def test_sources_are_not_read_for_formats_without_lines_or_fingerprints() -> None:
    def source(path: str) -> str:
        raise AssertionError(path)

    context = dataclasses.replace(context_of(CASES[0]), source=source)
    for name in set(REPORTS) - {"full", "html", "json", "jsonl", "sarif", "gitlab"}:
        render(name, read_problems(CASES[0]), context)


CSS = (Path(html.__file__).parent / "page.css").read_text("utf-8")


def _luminance(color: str) -> float:
    """The relative luminance of WCAG 2.2 (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
    digits = color if len(color) == 7 else "#" + "".join(2 * digit for digit in color[1:])
    channels = [int(digits[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted(map(_luminance, (one, other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(
    ("number", "page", "text", "code"), [(0, "#fff", "#000", "#f6f6f6"), (1, "#121212", "#fff", "#1a1a1a")], ids=["light", "dark"]
)
def test_colours_of_the_page_have_contrast(number: int, page: str, text: str, code: str) -> None:
    colours = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", re.findall(r":root \{([^}]*)\}", CSS)[number]))
    for name in ("quiet", "error", "warning", "info"):
        assert _contrast(colours[name], page) >= 4.5, name
        assert _contrast(colours[name], code) >= 4.5, name
    assert _contrast(colours["mark"], text) >= 4.5


def test_html_says_at_the_top_what_it_does_not_list_and_counts_by_code() -> None:
    problems = [Problem("A" if line % 3 else "B", Location("a.md", line), "x") for line in range(1, 10)]
    page = render("html", problems, ReportContext(limit=2)).decode()
    assert page.index("2 of 9 problems are listed, the most severe ones") < page.index("<form")
    assert '<li><a href="#code=A">A</a> 6</li><li><a href="#code=B">B</a> 3</li>' in page


def test_junit_names_stay_when_lines_move() -> None:
    detail = ShaclDetail("<https://ex.org/a>", "<c>", "<https://ex.org/name>")
    for line in (3, 9):
        problems = [Problem("A", Location("a.md", line + n), "x", key_path=("k", n)) for n in range(2)]
        problems += [Problem("A", Location("a.md", line + 5), "y", key_path=("k", 0)), Problem("B", Location("a.md", 1), "z", shacl=detail)]
        names = re.findall(r'name="([AB] [^"]*)"', render("junit", problems, ReportContext(prefixes={"ex": "https://ex.org/"})).decode())
        assert names == ["B ex:a ex:name", "A k[0]", "A k[1]", "A k[0] (2)"]
