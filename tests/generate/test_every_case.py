"""Whatever an ontology says, everything that is generated from it can be written and read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from exporter.generate.diagrams.drawing import draw, mermaid
from exporter.generate.diagrams.svg import svg
from exporter.generate.pages.documentation import write_documentation
from exporter.generate.schemas.json_schema import json_schemas
from exporter.generate.typed_keys import TypedClasses
from exporter.pipeline.sampling import take_samples
from exporter.plan.compiling import load_plan
from exporter.project import make_project
from tests.cases import find
from tests.mapping.test_cases import standing_in
from tests.running import ROOT

CASES = find(str(ROOT / "tests" / "mapping" / "test_cases.py"), least=30)
parse = ET.fromstring  # of what we write


def described(case: Path) -> TypedClasses:
    options = json.loads((case / "options.json").read_text("utf-8")) if (case / "options.json").exists() else {}
    return TypedClasses(load_plan([case / "ontology.ttl"], options.get("constants")))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_page_and_diagrams_are_written(case: Path) -> None:
    classes = described(case)
    with standing_in(case):
        config = "owltype.toml" if (case / "owltype.toml").exists() else None
        sampled = take_samples(make_project("content", config=config, ontology="ontology.ttl"), classes)
    page = write_documentation(classes, sampled.samples)
    assert all(f'id="{of.iri.value.replace("#", "/").rstrip("/").rpartition("/")[2]}' in page for of in classes.plan.record_classes)
    drawn = draw(classes)
    assert len(parse(svg(drawn, case.name)).findall(".//*[@class='frame']")) == len(drawn.boxes)
    assert mermaid(drawn).count("\n  class ") == len(drawn.boxes)


def test_schemas_are_schemas(tmp_path: Path) -> None:
    """The metaschema is looked at with patterns as JavaScript has them."""
    files = []
    for case in CASES:
        classes = described(case)
        for name, text in json_schemas(classes, classes.plan.record_classes).items():
            files.append(tmp_path / f"{case.name}-{name}")
            files[-1].write_text(text, "utf-8")
    assert len(files) > 30
    done = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--check-metaschema", *files], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.returncode) == ("ok -- validation done\n", 0)
