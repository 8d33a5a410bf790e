"""What a baseline knows: the same problem on another line and in other words, and no other one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exporter import validate
from exporter.policy.baseline import Baseline, compare, read_baseline, write_baseline
from exporter.policy.fingerprints import fingerprints
from exporter.problems import Location, Problem, ShaclDetail

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
    assert len(compare(problems, fingerprints(problems), known)[0]) == new


def test_blank_nodes_are_known_by_what_is_said_of_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = "@prefix ex: <http://ex.org/> .\n"
    one, two = '[] a ex:P ; ex:mail "1" .\n', '[] a ex:P ; ex:mail "2" .\n'
    known = _baseline(tmp_path, _problems(tmp_path, blank + one, monkeypatch))
    for data, new in ((one, 0), (two + one, 1), (two, 1)):
        problems = _problems(tmp_path, blank + data, monkeypatch)
        assert len(compare(problems, fingerprints(problems), known)[0]) == new, data


def test_words_lines_and_list_positions_do_not_count(tmp_path: Path) -> None:
    detail = ShaclDetail("<urn:x>", "<c>", "<urn:p>", '"v"', "<urn:s>")
    problem = Problem("SH-IN", Location("a.md", 3, 5), "said so", key_path=("tags", 1), shacl=detail)
    known = _baseline(tmp_path, (problem,))
    moved = replace(problem, location=Location("a.md", 9, 7), message="said otherwise", key_path=("tags", 0))
    assert compare([moved], fingerprints([moved]), known)[0] == []
    other = replace(problem, shacl=replace(detail, value='"w"'))
    assert compare([other], fingerprints([other]), known)[0] == [other]


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
    assert compare(found, fingerprints(found), known)[0] == [second, of_rdf]
    assert known.note is not None
    assert "1 entry of the baseline" in known.note


def test_a_problem_of_mapping_is_known_by_its_value_and_not_by_its_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = Path("a.md")
    file.write_text("---\ndue: soon\n---\n", "utf-8")
    problem = Problem("MAP-DATATYPE", Location("a.md", 2, 6, 2, 10), "said so", key_path=("due",))
    known = _baseline(tmp_path, (problem,))
    of_a_shape_too = replace(problem, message="said otherwise", shacl=ShaclDetail("<urn:x>", "<c>", "<urn:p>", '"soon"'))
    assert compare([of_a_shape_too], fingerprints([of_a_shape_too]), known)[0] == []
    file.write_text("---\n# moved\ndue: soon\n---\n", "utf-8")
    moved = replace(problem, location=Location("a.md", 3, 6, 3, 10))
    assert compare([moved], fingerprints([moved]), known)[0] == []
    file.write_text("---\ndue: late\n---\n", "utf-8")
    assert compare([problem], fingerprints([problem]), known)[0] == [problem]


def test_baseline_of_version_2_knows_results_by_name_and_the_rest_by_file_code_and_key(tmp_path: Path) -> None:
    result = Problem("SH-IN", Location("a.md", 3, 5), "said so", key_path=("tags",), shacl=ShaclDetail("<urn:x>", "<c>", "<urn:p>", '"v"'))
    (name,) = fingerprints([result])
    rows = f'"code": "SH-IN", "key": "tags", "fingerprint": "{name}"', '"code": "MAP-DATATYPE", "key": "due", "fingerprint": "of words"'
    file = tmp_path / "known.json"
    file.write_text('{"version": 2, "problems": [' + ", ".join(f'{{"path": "a.md", {row}}}' for row in rows) + "]}", "utf-8")
    mapped = Problem("MAP-DATATYPE", Location("a.md", 9, 7), "said otherwise", key_path=("due",))
    other = replace(mapped, key_path=("end",))
    new, unmet = compare([result, mapped, other], fingerprints([result, mapped, other]), read_baseline(file))
    assert (new, unmet) == ([other], [])
