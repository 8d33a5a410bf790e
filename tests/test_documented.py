"""Every command, option, setting, format, report and problem code is in the docs, and the generated parts are in step."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from exporter.cli.app import COMMANDS
from exporter.codes import MODULES, catalogue
from exporter.language.conversions import BUILT_IN
from exporter.problems import Severity
from exporter.reports import REPORTS
from exporter.settings.model import ENTRIES
from exporter.writers.formats import FORMATS
from tests.modules import PACKAGE, ROOT, modules

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


def test_every_catalogue_is_gathered() -> None:
    found = {".".join(file.relative_to(ROOT).with_suffix("").parts) for file in PACKAGE.glob("*/codes.py")}
    assert found == set(MODULES)


@pytest.mark.parametrize("code", catalogue())
def test_code_is_documented_with_a_bad_and_a_good_example(code: str) -> None:
    entry = catalogue()[code]
    assert re.fullmatch(r"[A-Z0-9]+(-[A-Z0-9]+)+", code)
    assert f"## {code}\n" in page("problems.md")
    assert entry.title
    assert entry.explanation.endswith(".")
    assert entry.bad.strip()
    assert entry.good.strip()
    assert (entry.bad != entry.good) is (code not in INVISIBLE)
    assert isinstance(entry.severity, Severity)


def test_every_code_in_the_package_is_in_the_catalogue() -> None:
    """A code is a text like `YAML-TAB` that a Problem is made with."""
    used = {
        (found[1], str(module.file))
        for module in modules()
        if not module.name.endswith(".codes")
        for found in re.finditer(r"(?:Problem|problem|fault|code)\w*\(\s*(?:code=)?\"([A-Z0-9]+(?:-[A-Z0-9]+)+)\"", module.text)
    }
    assert not [f"{file}: {code}" for code, file in sorted(used) if code not in catalogue()]


@pytest.mark.parametrize("name", [iri.rsplit("#")[1] for iri in BUILT_IN])
def test_conversion_is_documented(name: str) -> None:
    assert f"`map:{name}`" in page("mapping.md")


def test_links_between_pages_lead_somewhere() -> None:
    for file in [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", file.read_text("utf-8")):
            assert "://" in target or Path(file.parent, target).exists(), f"{file.name}: {target}"


def test_every_page_is_in_the_index() -> None:
    assert {file.name for file in (ROOT / "docs").glob("*.md")} - {"index.md"} == set(re.findall(r"\]\(([\w-]+\.md)\)", page("index.md")))
