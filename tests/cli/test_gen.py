"""`owltype gen`: files for other tools."""

from __future__ import annotations

import json
from pathlib import Path

from tests.running import ROOT, owltype


def test_context_is_the_one_that_exports_use() -> None:
    done = owltype("gen", "context")
    assert done.status == 0
    exported = owltype("export", ROOT / "examples" / "medigy" / "content", "-f", "jsonld", "-q")
    assert json.loads(exported.stdout)["@context"] == json.loads(done.stdout)["@context"]


def test_context_goes_to_a_file(tmp_path: Path) -> None:
    done = owltype("gen", "context", "-o", tmp_path / "context.jsonld")
    assert (done.status, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((tmp_path / "context.jsonld").read_text())["@context"]


def test_a_bad_ontology_is_located(tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text("@prefix ex: <https://ex.org/> .\nex:a ex:b .\n")
    done = owltype("gen", "context", "--ontology", "bad.ttl", cwd=tmp_path)
    assert (done.status, done.stdout) == (2, "")
    assert done.stderr.startswith("bad.ttl:2:")
