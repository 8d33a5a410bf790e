"""Every command, option, setting, format, report and problem code is in the docs, and the generated parts are in step."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from exporter.cli.app import COMMANDS
from exporter.explanations import CATALOGUE, explanations
from exporter.language.conversions import BUILT_IN
from exporter.pipeline.export import export
from exporter.problems import Severity
from exporter.problems.codes import CODES
from exporter.records.reading import read_file
from exporter.reports import REPORTS
from exporter.settings.model import ENTRIES
from exporter.writers.formats import FORMATS
from tests.modules import ROOT, modules

INVISIBLE = {"READ-UTF16", "READ-ENCODING"}  # the difference is in the bytes, and a page has only characters


def page(name: str) -> str:
    """Read a page of the docs."""
    return (ROOT / "docs" / name).read_text("utf-8")


def test_generated_parts_are_in_step_with_the_code() -> None:
    command = [sys.executable, "docs/generate.py", "--check"]
    done = subprocess.run(command, check=False, cwd=ROOT, env={"PYTHONPATH": "."}, capture_output=True, text=True)
    assert not done.returncode, done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_documented_with_an_example(command: str) -> None:
    text = page("cli.md").split(f"## owltype {command}\n")[1].split("\n## ")[0]
    assert f"  owltype {command}" in text


@pytest.mark.parametrize("setting", [entry.name for entry in ENTRIES])
def test_setting_is_documented(setting: str) -> None:
    assert f"### {setting}\n" in page("settings.md")


@pytest.mark.parametrize("name", [*REPORTS, *(row.name for row in FORMATS)])
def test_report_and_format_are_documented(name: str) -> None:
    assert f"| `{name}` |" in page("cli.md")


def test_every_code_has_its_record_and_every_record_its_code() -> None:
    assert {file.stem for file in CATALOGUE.glob("*.md")} == set(CODES)
    assert {file.suffix for file in CATALOGUE.iterdir()} == {".md"}


@pytest.mark.parametrize("code", CODES)
def test_record_of_a_code_repeats_its_row(code: str) -> None:
    record = read_file(str(CATALOGUE / f"{code}.md")).record
    assert record is not None
    row = CODES[code]
    said = {key: str(value) for key, value in record.front_matter.items() if key != "title"}
    assert said == {
        "owlType": "problem code",
        "code": row.name,
        "severity": row.severity.value,
        "fatal": str(row.fatal),
        "since": row.since,
    }


def test_records_of_the_codes_are_an_example_that_is_exported_without_a_problem() -> None:
    account = export(CATALOGUE, [], ontology=ROOT / "examples" / "problems" / "ontology.ttl")
    assert (account.exported, account.rejected, account.problems, account.unmapped) == (len(CODES), 0, (), ())


@pytest.mark.parametrize("code", CODES)
def test_code_is_documented_with_a_bad_and_a_good_example(code: str) -> None:
    entry = explanations()[code]
    assert re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", code)
    assert f"## {code}\n" in page("problems.md")
    assert entry.title
    assert entry.text.endswith(".")
    assert entry.bad.strip()
    assert entry.good.strip()
    assert (entry.bad != entry.good) is (code not in INVISIBLE)
    assert isinstance(entry.severity, Severity)


def test_codes_in_the_package_are_those_of_the_table() -> None:
    """Every text like `YAML-TAB` in the package is a code, and every code of the table stands somewhere, or is made of a component."""
    families = "|".join(sorted({code.split("-")[0] for code in CODES}))
    code = re.compile(rf"(?:{families})(?:-[A-Z0-9]+)+")
    used = {
        (found, str(module.file))
        for module in modules()
        if module.name != "exporter.problems.codes"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and (found := node.value) and code.fullmatch(found)
        if found != "JSON-LD"  # a syntax
    }
    assert not [f"{file}: {found}" for found, file in sorted(used) if found not in CODES]
    assert not {name for name in CODES if not name.startswith("SH-")} - {found for found, _ in used}


@pytest.mark.parametrize("name", [iri.rsplit("#")[1] for iri in BUILT_IN])
def test_conversion_is_documented(name: str) -> None:
    assert f"`map:{name}`" in page("mapping.md")


def test_links_between_pages_lead_somewhere() -> None:
    for file in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        prose = re.sub(r"^```.*?^```", "", file.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", prose):
            assert "://" in target or Path(file.parent, target).exists(), f"{file.name}: {target}"


def test_every_page_is_in_the_index() -> None:
    assert {file.name for file in (ROOT / "docs").glob("*.md")} - {"index.md"} == set(re.findall(r"\]\(([\w-]+\.md)\)", page("index.md")))
