"""The rivals make our graph, so that speeds compare like with like."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.records import write_records
from benchmarks.systems import RIVALS
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
