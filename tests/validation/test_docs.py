"""The page about validation runs: its files, its command, and exactly the output that it shows."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from tests.running import ROOT, owltype

PAGE = (ROOT / "docs" / "validation.md").read_text("utf-8")


def _write_files(folder: Path) -> None:
    for name, text in re.findall(r"```\w+ (\S+/\S+)\n(.*?)```", PAGE, re.DOTALL):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def test_example_gives_the_output_that_the_page_shows(tmp_path: Path) -> None:
    _write_files(tmp_path)
    ((command, shown),) = re.findall(r"```console\n\$ owltype (.*?)\n(.*?)```", PAGE, re.DOTALL)
    done = owltype(*shlex.split(command), cwd=tmp_path)
    assert (done.status, done.stdout) == (1, shown)


def test_mended_record_is_clean_and_a_misspelt_constraint_is_refused(tmp_path: Path) -> None:
    _write_files(tmp_path)
    record, shapes = tmp_path / "content" / "telehealth.md", tmp_path / "shapes" / "site.ttl"
    record.write_text(
        record.read_text("utf-8").replace("burnsmcd\n", "https://example.org/\n").replace("Page\n", "Page\ntitle: A\n"), "utf-8"
    )
    arguments = ("validate", "content", "-s", "shapes", "--ontology", "ontology")
    assert owltype(*arguments, cwd=tmp_path).status == 0
    shapes.write_text(shapes.read_text("utf-8").replace("minCount", "minCuont"), "utf-8")
    done = owltype(*arguments, cwd=tmp_path)
    assert (done.status, "did you mean sh:minCount?" in done.stderr) == (2, True)
