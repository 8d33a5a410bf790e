"""The hostile records of areas A (framing) and B (YAML): what becomes of each, as `manifest.tsv` asks."""

from __future__ import annotations

import csv

import pytest

from exporter.records.reading import read_file
from tests.data import HOSTILE, needs

pytestmark = needs(HOSTILE)

RECORDS = HOSTILE / "records"
READ: dict[str, str] = {
    "_control_a": "",
    "_control_b": "",
    "a01_bom": "",
    "a03_block_scalar_dashes": "7 READ-CUT-OFF",
    "a09_dots_end": "",
    "a11_json_nested": "",
    "a13_reserved_key": "",
    "b03_norway": "",
    "b05_sexagesimal": "",
    "b07_version_float": "",
    "b09_year0": "",  # a string here; that year 0 is no xsd:date is for the mapping to say
    "b11_nanosec": "",
    "b13_bigint": "",  # kept digit for digit
    "b25_multidoc": "",
    "b29_nan": "",
}
REJECTED = {
    "a05_hr_first": "3 READ-NOT-A-MAP",
    "a15_utf16": "1 READ-UTF16",
    "a17_html": "2 READ-LATE",
    "a19_colon": "4 YAML-COLON",
    "b01_dup_key": "5 YAML-DUPLICATE-KEY",
    "b15_unhashable": "5 YAML-COMPLEX-KEY",
    "b17_custom_tag": "4 YAML-TAG",
    "b19_merge_bomb": "5 YAML-ALIASES",
    "b21_deep_flow": "5 YAML-DEPTH",
    "b23_nul_escape": "4 READ-CONTROL",
    "b27_list_of_maps": "6 YAML-TAG",  # !!binary
    "b31_json_surrogate_dup": "2 JSON-DUPLICATE-KEY",
}
SKIPPED = {"a07_empty": "the front matter is empty"}


@pytest.mark.parametrize("name", [*READ, *REJECTED, *SKIPPED])
def test_hostile_record_is_read_skipped_or_named(name: str) -> None:
    (path,) = RECORDS.glob(f"{name}.*")
    reading = read_file(str(path))
    found = " ".join(f"{problem.location.line} {problem.code}" for problem in reading.problems)
    assert (found, reading.skipped) == (READ.get(name, "") or REJECTED.get(name, ""), SKIPPED.get(name))
    assert (reading.record is not None) == (name in READ)


def test_every_hostile_record_of_the_two_areas_is_in_a_table() -> None:
    names = {path.stem for path in RECORDS.iterdir() if path.name[0] in "ab_"}
    assert names == {*READ, *REJECTED, *SKIPPED}


def test_lines_are_those_of_the_manifest() -> None:
    with (HOSTILE / "manifest.tsv").open(encoding="utf-8", newline="") as stream:
        rows = {row["file"].partition("/")[2].partition(".")[0]: row for row in csv.DictReader(stream, delimiter="\t")}
    ours = {**{name: line for name, line in READ.items() if line}, **REJECTED}
    differing = {name for name, found in ours.items() if found.partition(" ")[0] != rows[name]["line"]}
    assert differing == set()
    assert {name for name in ours if rows[name]["exit"] == "0"} == set()


def test_values_that_other_readers_change_are_kept_as_typed() -> None:
    kept = {"b03_norway": ("country", "NO"), "b05_sexagesimal": ("duration", "12:30:45"), "b07_version_float": ("version", "3.10")}
    for name, (key, value) in kept.items():
        record = read_file(str(RECORDS / f"{name}.md")).record
        assert record is not None
        assert record.front_matter[key] == value


def test_other_areas_are_read_here_and_judged_by_the_mapping() -> None:
    for path in sorted(RECORDS.iterdir()):
        if path.name[0] in "cd":
            reading = read_file(str(path))
            assert reading.record is not None, path.name
            assert reading.problems == (), path.name
