"""The YAML test suite (`yaml_suite/`): what is YAML 1.2 is read as it says, what is not is refused, and what differs has a name here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from exporter.problems import Severity
from exporter.records.faults import Fault, ReadingError
from exporter.records.values import Plain, Value
from exporter.records.yaml.core import resolve_integer
from exporter.records.yaml.fast import read_yaml
from exporter.records.yaml.values import read_with_remarks

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "yaml_suite" / "cases.json").read_text("utf-8"))

BY_DESIGN = {"YAML-DOCUMENTS", "YAML-COMPLEX-KEY", "YAML-TAG"}
"""A record is one document, its keys are text, and tags of programs are not followed: docs/reading.md."""

_LINE = "libyaml wants a key in brackets and its colon on one line"
_EMPTY = "libyaml does not read an empty key, or a colon without a space before a bracket or comma"
_DIRECTIVE = "libyaml refuses %-directives other than %TAG and those of other versions than 1.1 and 1.2, where YAML 1.2 ignores them"
_DOCUMENT = "libyaml wants --- before a document that follows the end of another, and something before `...`"
_LEFT = "libyaml wants a document's block of text indented"
_LENIENT = "published records are written so, every reader gives the same value, and the warning READ-INDENTATION tells of it"
OTHERWISE = {
    **dict.fromkeys(("4MUZ/0", "4MUZ/1", "4MUZ/2", "5MUD", "9SA2", "K3WX", "NJ66", "VJP3/1"), _LINE),
    **dict.fromkeys(("2JQS", "4ABK", "6M2F", "CFD4", "FRK4", "NHX8", "NKF9", "S3PD", "SM9W/1", "UKK6/0"), _EMPTY),
    **dict.fromkeys(("2LFX", "6LVF", "BEC7", "MUS6/5", "MUS6/6"), _DIRECTIVE),
    **dict.fromkeys(("7Z25", "HWV9", "M7A3", "QT73", "UT92", "W4TN"), _DOCUMENT),
    **dict.fromkeys(("DK3J", "FP8R"), _LEFT),
    **dict.fromkeys(("9C9N", "DK95/1", "QB6E", "Y79Y/3"), _LENIENT),
}
"""The cases that are not read as the suite says, all of them with a problem, and why."""


class Outcome(NamedTuple):
    """What became of a text: its value, or the fault that refused it; and the remarks."""

    value: Value = None
    fault: Fault | None = None
    remarks: tuple[Fault, ...] = ()


def outcome(text: str, *, slowly: bool = False) -> Outcome:
    try:
        value, remarks = (read_with_remarks if slowly else read_yaml)(text, 0, len(text))
    except ReadingError as error:
        return Outcome(fault=error.fault)
    return Outcome(value, remarks=remarks)


def as_json(value: Value) -> object:
    """Give a value as the suite's JSON has it: numbers and booleans are made of what was typed."""
    if isinstance(value, Plain):
        if value.core == "boolean":
            return value.lower() == "true"
        return float(value) if value.core == "double" else int(str(resolve_integer(value)), 0)
    if isinstance(value, dict):
        return {key: as_json(child) for key, child in value.items()}
    return [as_json(child) for child in value] if isinstance(value, list) else value


def test_the_suite_is_whole() -> None:
    assert len(CASES) == 402
    assert sum("fail" in case for case in CASES) == 94
    assert set(OTHERWISE) <= {case["id"] for case in CASES}


def marked(case: dict[str, Any]) -> Any:  # noqa: ANN401 - pytest has no public name for a parameter set
    reason = OTHERWISE.get(case["id"])
    return pytest.param(case, id=case["id"], marks=[pytest.mark.xfail(strict=True, reason=reason)] if reason else [])


@pytest.mark.parametrize("slowly", [False, True], ids=["fast", "slow"])
@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict[str, Any], slowly: bool) -> None:
    value, fault, _ = outcome(case["yaml"], slowly=slowly)
    if case.get("fail"):
        assert fault is not None, value
    elif fault is not None:
        assert fault.code in BY_DESIGN, fault.message
    elif "documents" in case:
        documents = case["documents"] or [None]
        assert [as_json(value)] == documents


@pytest.mark.parametrize("case", [case for case in CASES if case["id"] in OTHERWISE], ids=lambda case: case["id"])
def test_what_differs_is_told(case: dict[str, Any]) -> None:
    _, fault, remarks = outcome(case["yaml"])
    if OTHERWISE[case["id"]] is _LENIENT:
        assert [(remark.code, remark.severity) for remark in remarks] == [("READ-INDENTATION", Severity.WARNING)]
    else:
        assert fault is not None


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_faults_stand_in_the_text(case: dict[str, Any]) -> None:
    _, fault, remarks = outcome(case["yaml"])
    for found in (*remarks, *([fault] if fault else [])):
        assert 0 <= found.start <= len(case["yaml"])
        assert found.start <= found.end <= len(case["yaml"]) + 1
