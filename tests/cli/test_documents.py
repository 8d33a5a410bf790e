"""A report that a program reads is the only thing on its stream, and is written where nothing is wrong, too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from tests.cli.test_nothing_looked_at import ONTOLOGY, PAGE
from tests.running import owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

PARSERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "jsonl": lambda text: [json.loads(line) for line in text.splitlines()],
    "sarif": json.loads,
    "gitlab": json.loads,
    "junit": ET.fromstring,
}


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.ttl").write_text(ONTOLOGY)
    (tmp_path / "owltype.toml").write_text('ontology = ["site.ttl"]\n')
    for folder, extra in (("good", ""), ("keys", "titel: oops\n"), ("bad", "other: [\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.md").write_text(PAGE.format(f"A\n{extra}".rstrip("\n")))
    return tmp_path


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("output", [("-o", "graph.nt"), ("-o", "-", "-q")], ids=" ".join)
def test_an_export_writes_the_document_alone(site: Path, name: str, output: tuple[str, ...]) -> None:
    for folder, status in (("good", 0), ("keys", 0), ("bad", 1)):
        done = owltype("export", folder, *output, "--output-format", name, cwd=site)
        assert done.status == status
        parsed = PARSERS[name](done.stderr)
        if name == "json":
            assert parsed["summary"]["checked"] == 1
            assert len(parsed["problems"]) == status
            assert parsed["summary"]["notes"][-1].startswith("read 1 record: ")


@pytest.mark.parametrize("name", PARSERS)
def test_a_check_puts_the_difference_into_the_document(site: Path, name: str) -> None:
    owltype("export", "good", "-o", "graph.nt", cwd=site)
    assert owltype("export", "good", "-o", "graph.nt", "--check", "--output-format", name, cwd=site).status == 0
    (site / "graph.nt").write_text("")
    done = owltype("export", "good", "-o", "graph.nt", "--check", "--output-format", name, cwd=site)
    assert done.status == 1
    PARSERS[name](done.stderr)
    assert "EXPORT-STALE" in done.stderr


@pytest.mark.parametrize("name", PARSERS)
@pytest.mark.parametrize("command", ["validate", "test"])
def test_the_others_write_theirs_to_standard_output(site: Path, command: str, name: str) -> None:
    (site / "shapes.ttl").write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix ex: <https://ex.org/ns#> .\nex:S a sh:NodeShape ; sh:targetClass ex:Page .\n"
    )
    (site / "q.rq").write_text("# expect: at least 1 row\nSELECT * { ?s ?p ?o }\n")
    arguments = {"validate": ("good", "-s", "shapes.ttl"), "test": ("q.rq", "-d", "good")}[command]
    done = owltype(command, *arguments, "--output-format", name, "-q", cwd=site)
    assert done.status == 0, done.stdout
    PARSERS[name](done.stdout)


def test_coverage_is_a_document(site: Path) -> None:
    for folder in ("good", "keys", "bad"):
        assert "keys" in json.loads(owltype("coverage", folder, "--output-format", "json", cwd=site).stdout)
