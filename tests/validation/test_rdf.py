"""RDF files, shapes and records by their neighbours: each folder in `rdf` is a run of `owltype validate`, and what it says.

`arguments` is the command line after `validate`, `expected` what the `concise` report says, help in brackets, or why nothing ran.
`engines` names those that are right about it, where not both are. `python -m tests.validation.test_rdf` writes `expected` for a new case.
"""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from exporter import validate
from exporter.errors import ExporterError
from exporter.problems import Problem

CASES = sorted(path for path in (Path(__file__).parent / "rdf").iterdir() if path.is_dir())


def _line(problem: Problem) -> str:
    key = f"{problem.key}: " if problem.key else ""
    help_ = f" ({problem.help})" if problem.help else ""
    related = "".join(f" [{place}]" for place in problem.related)
    return f"{problem.location}: {problem.severity} {problem.code} {key}{problem.message}{help_}{related}\n"


def run(case: Path, engine: str) -> str:
    """Run a case in its folder, and write what is said."""
    with TemporaryDirectory() as folder:
        return _run(case, engine, shutil.copytree(case, Path(folder, case.name)))


def _run(case: Path, engine: str, copied: Path) -> str:
    words = shlex.split((case / "arguments").read_text("utf-8"))
    options: dict[str, list[str]] = {"-s": [], "--ontology": [], "": [], "--import": []}
    while words:
        name = words.pop(0) if words[0] in options else ""
        options[name].append(words.pop(0))
    before = Path.cwd()
    try:
        # A copy, because below this repository's root paths would begin there.
        os.chdir(copied)
        found = validate(
            options[""],
            shapes=options["-s"],
            ontology=options["--ontology"] or None,
            imports={iri: path for iri, _, path in (pair.rpartition("=") for pair in options["--import"])},
            engine=engine,
            jobs=1,
        )
    except ExporterError as error:
        return "did not run\n" + "".join(map(_line, error.problems))
    finally:
        os.chdir(before)
    return "".join(map(_line, found.problems))


def test_there_are_cases() -> None:
    assert len(CASES) >= 10


def _engines(case: Path) -> list[str]:
    """Give the engines that are known to be right about a case: both, unless its `engines` says which."""
    named = case / "engines"
    return named.read_text("utf-8").split() if named.exists() else ["shacl", "pyshacl"]


@pytest.mark.parametrize(
    ("case", "engine"), [pytest.param(case, engine, id=f"{case.name}-{engine}") for case in CASES for engine in _engines(case)]
)
def test_case(case: Path, engine: str) -> None:
    assert run(case, engine) == (case / "expected").read_text("utf-8")


if __name__ == "__main__":
    for folder in CASES:
        if not (folder / "expected").exists():
            (folder / "expected").write_text(run(folder, "shacl"), "utf-8")
