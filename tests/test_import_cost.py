"""`owltype --version` is quick because it imports next to nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.references.sites import ONTOLOGY

HEAVY = ("rdflib", "pyoxigraph", "yaml", "yaml12", "frontmatter", "pyshacl", "shacl", "asyncio", "multiprocessing", "xml", "http")


def loaded(statement: str) -> set[str]:
    """Run a statement in a fresh Python, and give the packages that it loaded."""
    code = f"import os, sys\ntry:\n    {statement}\nexcept SystemExit:\n    pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.split(".")[0] for name in done.stderr.split()}


@pytest.mark.parametrize("options", [["--version"], ["--help"]])
def test_light_commands_load_no_engine(options: list[str]) -> None:
    assert not loaded(f"from exporter.cli import main; main({options!r})") & set(HEAVY)


def test_importing_the_package_loads_nothing_of_it() -> None:
    assert not loaded("import exporter") & {*HEAVY, "click"}


def test_listing_files_by_the_settings_loads_no_parser() -> None:
    assert not loaded("from exporter.project import make_project; list(make_project('examples/medigy/content').discover())") & set(HEAVY)


def test_knowing_the_digest_of_a_plan_loads_no_parser() -> None:
    statement = "from exporter.cache.inputs import recall_digest; from exporter.cache.folder import open_cache; "
    statement += "from exporter.project import make_project; p = make_project('examples/medigy/content'); recall_digest(p, open_cache(p))"
    assert not loaded(statement) & {*HEAVY, "msgspec"}


def test_an_export_with_nothing_to_do_loads_neither_mapping_nor_engine(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "note.md").write_text("---\nowlType: Post\ntitle: Note\n---\n")
    (tmp_path / "ontology.ttl").write_text(ONTOLOGY)
    said = "['export', 'content', '--ontology', 'ontology.ttl', '-o', 'out.ttl']"
    say = f"from exporter.cli import main; from exporter.cache import stamps; stamps.GRANULARITY_NS = 1; os.chdir({str(tmp_path)!r}); "
    say += f"main({said})"
    assert "pyoxigraph" in loaded(say)
    assert not loaded(say) & {*HEAVY, "msgspec"}
