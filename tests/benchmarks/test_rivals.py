"""The rivals make our graph, so that speeds compare like with like."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.records import write_records
from benchmarks.systems import RIVALS
from benchmarks.validate import SHAPES
from exporter import validate
from tests.running import MEDIGY, ROOT, clean_environment, owltype

DIFFERENT = {
    "<https://schema.org/articleBody>",  # python-frontmatter drops the white space around the body
    "<https://schema.org/datePublished>",  # rdflib writes another lexical form of the same moment
    "<https://schema.org/dateModified>",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rivals") / "records"
    write_records(folder, 40)
    return folder


def test_the_script_makes_our_graph(folder: Path, tmp_path: Path) -> None:
    theirs, ours = tmp_path / "script.nt", tmp_path / "ours.nt"
    subprocess.run([sys.executable, str(RIVALS / "script.py"), str(folder), str(theirs)], check=True, cwd=ROOT, env=clean_environment({}))
    assert owltype("export", folder, "--ontology", MEDIGY, "-o", ours).status == 0
    script, owl = (set(path.read_text(encoding="utf-8").splitlines()) for path in (theirs, ours))
    assert len(script) == len(owl)
    assert {line.split(" ")[1] for line in script ^ owl} == DIFFERENT


@pytest.mark.slow
def test_the_script_finds_as_much_as_we_do(tmp_path: Path) -> None:
    write_records(tmp_path, 60, faults=0.5)
    call = [sys.executable, "-m", "benchmarks.rivals.validate_script", str(tmp_path), str(SHAPES)]
    done = subprocess.run(call, check=False, cwd=ROOT, env=clean_environment({}), capture_output=True, text=True)
    found = validate(tmp_path, shapes=[SHAPES], ontology=[MEDIGY])
    assert found.results
    assert (done.returncode, re.findall(r"^Results \((\d+)\)", done.stdout, re.MULTILINE)) == (1, [str(len(found.results))]), done.stderr
