"""RDF files and shapes, each a folder of `found`: data, shapes, and the file, code and severity of every problem that there must be."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from exporter import validate
from exporter.problems import Problem

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

FOLDERS = sorted(path.parent for path in (Path(__file__).parent / "found").glob("*/expected.txt"))


def _line(problem: Problem) -> str:
    severity = "" if problem.severity == "error" else f" {problem.severity}"
    return f"{Path(problem.location.path).name} {problem.code}{severity}"


def test_there_are_cases() -> None:
    assert len(FOLDERS) > 15


@pytest.mark.parametrize("engine", ["auto", "pyshacl"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_data_has_the_problems_that_it_must_have(folder: Path, engine: str, tmp_path: Path) -> None:
    for name in ("data.ttl", "shapes.ttl"):
        shutil.copy(folder / name, tmp_path)
    found = validate(tmp_path / "data.ttl", shapes=[tmp_path / "shapes.ttl"], engine=engine)
    expected = (folder / "expected.txt").read_text("utf-8").splitlines()
    counted = [line for line in expected if line.startswith("results ")]
    assert [_line(problem) for problem in found.problems] == [line for line in expected if line and line not in counted]
    if counted:
        assert len(found.results) == int(counted[0].split()[1])
