"""Hostile records: each beside two good ones, which are always exported; nothing crashes and nothing is silent."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from tests.data import HOSTILE, needs
from tests.hostile.running import BASE, CONTROLS, agrees, deviations, export_with_controls, manifest
from tests.running import owltype

pytestmark = [needs(HOSTILE), pytest.mark.slow]  # a command for each file

CONTROL_LINES = (
    '<https://example.org/topic/control-a> <https://example.org/ont#title> "Control A" .',
    '<https://example.org/topic/control-b> <https://example.org/ont#title> "Ünïcödé 漢字 🙂" .',
    "<https://example.org/topic/control-b> <https://example.org/ont#related> <https://example.org/topic/control-a> .",
)
KEPT = {
    "a01_bom.md": '<https://example.org/ont#title> "BOM"',
    "a11_json_nested.md": '<https://w3id.org/owltype/key#author> "{\\"name\\":\\"x\\"}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON>',
    "a13_reserved_key.md": '<https://w3id.org/owltype/key#content> "my content"',
    "b03_norway.md": '<https://example.org/ont#country> "NO"',
    "b05_sexagesimal.md": '<https://w3id.org/owltype/key#duration> "12:30:45"',
    "b07_version_float.md": '<https://example.org/ont#version> "3.10"',
    "b11_nanosec.md": '<https://w3id.org/owltype/key#updated> "2024-01-01T10:00:00.123456789Z"',
    "b13_bigint.md": '"' + "9" * 5000 + '"^^<http://www.w3.org/2001/XMLSchema#integer>',
    "b29_nan.md": '"NaN"^^<http://www.w3.org/2001/XMLSchema#double>',
    "c02_space.md": "<https://example.org/topic/my%20page%20name>",
    "c10_pct_utf8.md": "<https://w3id.org/owltype/key#%E6%BC%A2%20%E5%AD%97_>",
    "c22_dangling.md": "<https://example.org/ont#related> <https://example.org/topic/does-not-exist>",
    "d04_datetime_as_date.md": '<https://example.org/ont#date> "2026-08-16T12:05:34Z" .',
}
SYNTAXES = {"ttl": RdfFormat.TURTLE, "nq": RdfFormat.N_QUADS, "trig": RdfFormat.TRIG, "jsonld": RdfFormat.JSON_LD, "rdf": RdfFormat.RDF_XML}


@pytest.mark.parametrize("name", manifest("records"))
def test_record_gets_the_verdict_of_the_manifest(name: str, tmp_path: Path) -> None:
    verdict, finished, lines = export_with_controls(name, tmp_path)
    for control in CONTROL_LINES:
        assert control in lines
    if name in deviations():
        assert not agrees(manifest("records")[name], verdict), f"{name} is listed as a deviation and is none"
    else:
        assert agrees(manifest("records")[name], verdict), f"{verdict}\n{finished.stderr}"
    assert KEPT.get(name, "") in lines
    assert not set(finished.stderr) & set("\x00\x1b\u202e\u2066"), "control characters reach the terminal"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.nt", "problems.json", "records"]


def test_every_deviation_is_of_a_file_in_the_manifest() -> None:
    assert set(deviations()) <= set(manifest("records"))


def test_controls_are_in_the_manifest() -> None:
    assert set(CONTROLS) <= set(manifest("records"))


@pytest.mark.parametrize("extension", SYNTAXES)
def test_all_of_them_together_mean_the_same_in_every_format(extension: str, tmp_path: Path) -> None:
    """Quotes, markup, formulas, keywords of JSON-LD and foreign scripts come back as they went in."""
    graphs = []
    for name, syntax in (("nt", RdfFormat.N_TRIPLES), (extension, SYNTAXES[extension])):
        output = tmp_path / f"graph.{name}"
        assert owltype("export", HOSTILE / "records", "--ontology", BASE, "-o", output).status == 1
        graphs.append({(str(q.subject), str(q.predicate), str(q.object)) for q in pyoxigraph.parse(path=output, format=syntax)})
    assert graphs[0] == graphs[1]
    titles = {value for _, predicate, value in graphs[0] if predicate == "<https://example.org/ont#title>"}
    assert '"</script><script>alert(1)</script><img src=x onerror=alert(2)>"' in titles
    assert '"\\"\\"\\"\\\\ \\" tail\\\\"' in titles
