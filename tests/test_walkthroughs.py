"""What pages with commands show is what the commands say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cases import Snapshot
from tests.running import ROOT
from tests.walkthroughs import Walkthrough, walkthroughs

WALKED = ("README.md", "docs/init.md", "docs/cookbook.md", "docs/coming-from.md", "docs/troubleshooting.md")
OTHERS = {
    "docs/benchmarks.md": "its commands take an hour",
    "docs/checking.md": "tests/drift/test_cases.py",
    "docs/generating.md": "tests/generate/test_page.py",
    "docs/search-engines.md": "tests/pages/test_search_engines_page.py",
    "docs/validation.md": "tests/validation/test_docs.py",
}
"""Pages with commands that another test runs, or none."""
TOOLS = frozenset({"hugo", "jekyll"})
"""Programs that a page may run beside ours, where they are installed."""

WALKS = walkthroughs(*WALKED)


def test_every_page_with_commands_is_walked() -> None:
    shown = {f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md") if "```console" in page.read_text("utf-8")}
    assert shown <= {*WALKED, *OTHERS}
    assert {walk.page for walk in WALKS} == {ROOT / page for page in WALKED}


@pytest.mark.parametrize("walk", WALKS, ids=str)
def test_commands_say_what_the_page_shows(walk: Walkthrough, tmp_path: Path, snapshot: Snapshot) -> None:
    folder = tmp_path / ("kitchen" if walk.page.name == "init.md" else "garden")
    folder.mkdir()
    walk.prepare(folder)
    said = walk.walk(folder, is_there=lambda tool: tool not in TOOLS or shutil.which(tool) is not None)
    snapshot({walk.page: walk.replace(said)})
