"""Each folder in `cases` is an ontology that can't work, and what is said of it.

`problems.txt` has a line for each problem: `file:line:column-line:column: severity CODE message`, then the help in brackets.
Where the ontology is loaded all the same its first line is `loads`. `python -m tests.ontology.test_cases` writes it for a new case.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.errors import OntologyError
from exporter.ontology.building import load_ontology
from exporter.plan.compiling import compile_plan
from exporter.problems import Problem

CASES = sorted(path for path in Path(__file__).with_name("cases").iterdir() if path.is_dir())


def write(problem: Problem) -> str:
    place = problem.location
    end = f"-{place.end_line}:{place.end_column}" if place.end_line else ""
    related = "".join(f" [{place}]" for place in problem.related)
    help_ = f" ({problem.help})" if problem.help else ""
    return f"{place}{end}: {problem.severity} {problem.code} {problem.message}{help_}{related}"


def run(case: Path) -> str:
    """Load and compile the ontology of a case, and write what is said of it."""
    files = [path for path in sorted(case.iterdir()) if path.stem.startswith("ontology")]
    try:
        ontology = load_ontology([path.name for path in files])
        compile_plan(ontology)
    except OntologyError as error:
        return "".join(write(problem) + "\n" for problem in error.problems)
    return "loads\n" + "".join(write(problem) + "\n" for problem in ontology.problems)


def test_there_are_cases() -> None:
    assert len(CASES) >= 20


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    assert run(case) == (case / "problems.txt").read_text("utf-8")


def write_expected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write the expected files of cases that have none."""
    for case in CASES:
        if not (case / "problems.txt").exists():
            monkeypatch.chdir(case)
            (case / "problems.txt").write_text(run(case), "utf-8")


if __name__ == "__main__":
    with pytest.MonkeyPatch.context() as patch:
        write_expected(patch)
