"""`-` is standard input: a record of the path that --stdin-path gives it, in every command that reads records."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.cli.test_nothing_looked_at import ALL, ONTOLOGY, PAGE, SHAPES
from tests.running import OWLTYPE, Finished, clean_environment, owltype


@pytest.fixture
def site(tmp_path: Path) -> Path:
    (tmp_path / "site.ttl").write_text(ONTOLOGY)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "owltype.toml").write_text('ontology = ["site.ttl"]\nshapes = ["shapes.ttl"]\n')
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "a.md").write_text(PAGE.format("A"))
    return tmp_path


def _piped(text: str, *arguments: str, cwd: Path) -> Finished:
    done = subprocess.run(
        [*OWLTYPE, *arguments], input=text.encode(), capture_output=True, cwd=cwd, env=clean_environment({}), check=False, timeout=120
    )
    return Finished(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_a_record_is_exported_under_its_path(site: Path) -> None:
    done = _piped(PAGE.format("A"), "export", "-", "--stdin-path", "pages/a.md", "-f", "nt", cwd=site)
    assert done.status == 0, done.stderr
    assert done.stdout == owltype("export", "pages/a.md", "-f", "nt", cwd=site).stdout


def test_standard_input_stands_before_the_file_of_its_path(site: Path) -> None:
    done = _piped(PAGE.format("New"), "export", "pages", "-", "--stdin-path", "pages/b.md", "-f", "nt", cwd=site)
    assert done.status == 0, done.stderr
    assert '"New"' in done.stdout
    assert '"A"' in done.stdout


def test_problems_stand_at_the_path_with_their_line(site: Path) -> None:
    for command in ("export", "validate"):
        done = _piped("---\nowlType: Page\ntitle: [\n---\n", command, "-", "--stdin-path", "pages/new.md", cwd=site)
        assert done.status == 1
        assert "pages/new.md:" in done.stdout + done.stderr
        assert "title: [" in done.stdout + done.stderr
    missing = _piped("---\nowlType: Page\n---\n", "validate", "-", "--stdin-path", "pages/new.md", "--output-format", "concise", cwd=site)
    assert missing.status == 1
    assert missing.stdout.startswith("pages/new.md:")


def test_coverage_and_queries_read_it(site: Path) -> None:
    assert "title" in _piped(PAGE.format("A"), "coverage", "-", cwd=site).stdout
    done = _piped(PAGE.format("A"), "query", ALL, "-d", "-", "--stdin-path", "x.md", "--results-format", "csv", cwd=site)
    assert (done.status, done.stdout.split()) == (0, ["page", "https://ex.org/x/"])


def test_rdf_is_validated_from_it(site: Path) -> None:
    bad = "<https://ex.org/a> a <https://ex.org/ns#Page> .\n"
    done = _piped(bad, "validate", "-", "--stdin-path", "data.ttl", "--output-format", "concise", cwd=site)
    assert done.status == 1
    assert done.stdout.startswith("data.ttl:1:")


@pytest.mark.parametrize(
    ("arguments", "text", "said"),
    [
        (("export", "-"), "", "empty"),
        (("export", "-"), "just text", "no front matter"),
        (("export", "pages", "--stdin-path", "a.md"), "", "no PATH is -"),
        (("query", "-d", "-"), "ASK {}", "both"),
        (("query", "ASK {}", "-d", "-", "--stdin-path", "d.ttl"), "", "save the RDF file"),
    ],
)
def test_what_cannot_be_read_from_it_is_said(site: Path, arguments: tuple[str, ...], text: str, said: str) -> None:
    done = _piped(text, *arguments, cwd=site)
    assert done.status == 2
    assert said in done.stderr
