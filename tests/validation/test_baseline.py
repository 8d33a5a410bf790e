"""What a baseline knows: the same problem on another line and in other words, and no other one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exporter.problems import Location, Problem, ShaclDetail
from exporter.reports.fingerprints import fingerprints
from exporter.validation.baseline import Baseline, new_problems, read_baseline, write_baseline
from exporter.validation.validating import validate

DATA = '@prefix ex: <http://ex.org/> .\nex:a a ex:P ; ex:mail "m" . ex:b a ex:P ; ex:name "n" ; ex:mail "m" .\n'
SHAPES = """@prefix ex: <http://ex.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:S a sh:NodeShape ; sh:targetClass ex:P ;
  sh:property [ sh:path ex:name ; sh:minCount 1 ] , [ sh:path ex:mail ; sh:minCount 1 ; sh:maxLength 9 ] .
"""


def _problems(folder: Path, data: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Problem, ...]:
    monkeypatch.chdir(folder)
    Path("d.ttl").write_text(data, "utf-8")
    Path("s.ttl").write_text(SHAPES, "utf-8")
    return validate("d.ttl", shapes=["s.ttl"]).problems


def _baseline(folder: Path, problems: tuple[Problem, ...]) -> Baseline:
    file = folder / "known.json"
    file.write_bytes(write_baseline(problems, fingerprints(problems)))
    return read_baseline(file)


@pytest.mark.parametrize(
    ("data", "new"),
    [
        (DATA, 0),
        ("# a comment\n\n" + DATA, 0),
        (DATA.replace('ex:a a ex:P ; ex:mail "m"', 'ex:a a ex:P ; ex:name "n"'), 1),
        (DATA.replace('ex:name "n" ; ', "").replace('ex:a a ex:P ; ex:mail "m"', 'ex:a a ex:P ; ex:name "n" ; ex:mail "m"'), 1),
        (DATA.replace('ex:mail "m" .\n', 'ex:mail "much too long" .\n'), 1),
        (DATA + "[] a ex:P ; ex:mail 'm' .\n", 1),
    ],
    ids=["same", "moved", "another property", "another node", "another value", "blank node"],
)
def test_rdf_problem_is_known_by_node_property_and_value(data: str, new: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = _baseline(tmp_path, _problems(tmp_path, DATA, monkeypatch))
    problems = _problems(tmp_path, data, monkeypatch)
    assert len(new_problems(problems, fingerprints(problems), known)) == new


def test_blank_nodes_are_known_by_what_is_said_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = "@prefix ex: <http://ex.org/> .\n"
    one, two = '[] a ex:P ; ex:mail "1" .\n', '[] a ex:P ; ex:mail "2" .\n'
    known = _baseline(tmp_path, _problems(tmp_path, blank + one, monkeypatch))
    for data, new in ((one, 0), (two + one, 1), (two, 1)):
        problems = _problems(tmp_path, blank + data, monkeypatch)
        assert len(new_problems(problems, fingerprints(problems), known)) == new, data


def test_words_lines_and_list_positions_do_not_count(tmp_path: Path) -> None:
    detail = ShaclDetail("<urn:x>", "<c>", "<urn:p>", '"v"', "<urn:s>")
    problem = Problem("SH-IN", Location("a.md", 3, 5), "said so", key_path=("tags", 1), shacl=detail)
    known = _baseline(tmp_path, (problem,))
    moved = replace(problem, location=Location("a.md", 9, 7), message="said otherwise", key_path=("tags", 0))
    assert new_problems([moved], fingerprints([moved]), known) == []
    other = replace(problem, shacl=replace(detail, value='"w"'))
    assert new_problems([other], fingerprints([other]), known) == [other]


def test_baseline_of_0_1_0_hides_what_it_hid_of_records_and_nothing_of_rdf_files(tmp_path: Path) -> None:
    file = tmp_path / "known.json"
    rows = ('"a.md", "code": "SH-IN", "key": "tags[1]"', '"d.ttl", "code": "SH-MIN-COUNT", "key": ""')
    entries = ", ".join(f'{{"path": {row}, "fingerprint": "f"}}' for row in rows)
    file.write_text(f'{{"version": 1, "problems": [{entries}]}}', "utf-8")
    known = read_baseline(file)
    old = Problem("SH-IN", Location("a.md", 9, 7), "said otherwise", key_path=("tags", 1))
    second = replace(old, location=Location("a.md", 12, 7))
    of_rdf = Problem("SH-MIN-COUNT", Location("d.ttl", 2, 1), "missing")
    found = [old, second, of_rdf]
    assert new_problems(found, fingerprints(found), known) == [second, of_rdf]
    assert known.note is not None
    assert "1 entry of the baseline" in known.note
