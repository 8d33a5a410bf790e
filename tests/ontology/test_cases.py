"""Each folder in `cases` is an ontology that can't work, and what is said of it.

`problems.txt` has a line for each problem: `file:line:column-line:column: severity CODE message`, then the help in brackets.
Where the ontology is loaded all the same its first line is `loads`. `pytest tests/ontology --update` writes it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from exporter.errors import OntologyError
from exporter.ontology.building import load_ontology
from exporter.plan.compiling import compile_plan
from exporter.problems import Problem
from tests.cases import Snapshot, discover


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


@discover(__file__, least=20)
def test_case(case: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(case)
    snapshot({case / "problems.txt": run(case)})
