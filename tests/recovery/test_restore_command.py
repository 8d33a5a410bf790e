"""`owltype restore` as a user runs it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.recovery.test_restoring import SITE
from tests.running import Finished, owltype

pytestmark = pytest.mark.slow  # whole commands: `make test` leaves them out, `make test-all` and CI run them


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of the site with its graph."""
    folder = tmp_path / "site"
    shutil.copytree(SITE, folder)
    assert owltype("export", "content", "--ontology", "ontology.ttl", "--no-cache", "-o", "graph.ttl", cwd=folder).status == 0
    return folder


def _restore(site: Path, *options: str) -> Finished:
    return owltype("restore", "graph.ttl", "-o", "content", "--ontology", "ontology.ttl", *options, cwd=site)


def _replace(site: Path, old: str, new: str) -> None:
    graph = site / "graph.ttl"
    text = graph.read_text("utf-8")
    assert old in text
    graph.write_text(text.replace(old, new), "utf-8")


def test_graph_as_it_was_exported_changes_nothing(site: Path) -> None:
    done = _restore(site, "--write")
    assert (done.status, done.stdout, done.stderr) == (0, "", "the records say what the graph says\n")


def test_a_preview_is_a_diff_and_writes_nothing(site: Path) -> None:
    _replace(site, '"Rice"', '"Wild rice"')
    before = (site / "content" / "rice.json").read_bytes()
    done = _restore(site)
    assert done.status == 0
    assert '-  "title": "Rice",\n+  "title": "Wild rice",\n' in done.stdout
    assert done.stderr == "1 file edited, 0 new: nothing is written without --write\n"
    assert (site / "content" / "rice.json").read_bytes() == before


def test_written_files_differ_in_the_edited_bytes_alone(site: Path) -> None:
    _replace(site, '"Rice"', '"Wild rice"')
    before = (site / "content" / "rice.json").read_bytes()
    assert _restore(site, "--write").status == 0
    assert (site / "content" / "rice.json").read_bytes() == before.replace(b'"Rice"', b'"Wild rice"')
    assert _restore(site).stderr == "the records say what the graph says\n"


def test_what_can_not_come_back_ends_with_1_and_writes_nothing(site: Path) -> None:
    _replace(site, '"Rice"', '"Wild rice"')
    _replace(site, "A text.", "Another text.")
    before = (site / "content" / "rice.json").read_bytes()
    done = _restore(site, "--write")
    assert done.status == 1
    assert "RESTORE-REFUSED" in done.stderr
    assert done.stderr.endswith("nothing is written, because a part of the graph can't come back\n")
    assert (site / "content" / "rice.json").read_bytes() == before


@pytest.mark.parametrize("graph", ["nowhere.ttl", "content/soup.md", "broken.ttl"])
def test_what_is_not_a_graph_ends_with_2(site: Path, graph: str) -> None:
    (site / "broken.ttl").write_text("<a> <b> .\n")
    done = owltype("restore", graph, "-o", "content", "--ontology", "ontology.ttl", cwd=site)
    assert done.status == 2
    assert graph in done.stderr
