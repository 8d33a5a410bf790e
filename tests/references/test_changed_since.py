"""`--changed-since` finds references that a change elsewhere broke: the record that refers was not touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy.test_scope import _git
from tests.references.sites import make_site
from tests.running import Finished, owltype

pytestmark = pytest.mark.slow

SHAPES = """
@prefix ex: <https://example.org/ns#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
ex:PostShape a sh:NodeShape ; sh:targetClass ex:Post ; sh:property [ sh:path ex:title ; sh:minCount 1 ] .
"""


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    """A repository with references that dangle already, to two people, in four ways each."""
    make_site(tmp_path)
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "owltype.toml").write_text('paths = ["content"]\nontology = ["ontology.ttl"]\nshapes = ["shapes.ttl"]\n')
    _git(tmp_path, "init", "-q")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-qm", "a site")
    return tmp_path


def since(site: Path) -> Finished:
    return owltype("validate", "--changed-since", "HEAD", "--output-format", "concise", cwd=site)


def named(done: Finished) -> list[tuple[str, str]]:
    """Give file and code of each problem."""
    return [(line.split(":")[0].rpartition("/")[2], line.split()[2]) for line in done.stdout.splitlines() if line.startswith("content/")]


def edit(site: Path, name: str, old: str, new: str) -> None:
    file = site / "content" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def test_a_deleted_record_breaks_what_refers_to_it(committed: Path) -> None:
    (committed / "content/people/bob.md").unlink()
    done = since(committed)
    assert (done.status, named(done)) == (1, [("p001.md", "REF-DANGLING")])


def test_a_renamed_file_breaks_what_names_its_path(committed: Path) -> None:
    (committed / "content/people/ann.md").rename(committed / "content/people/anna.md")
    done = since(committed)
    assert (done.status, named(done)) == (1, [("p000.md", "REF-DANGLING")])


def test_a_renamed_file_that_is_named_by_its_title_breaks_nothing(committed: Path) -> None:
    edit(committed, "posts/p002.md", "Same", "Eve")
    (committed / "content/people/eve.md").rename(committed / "content/people/eva.md")
    done = since(committed)
    assert [code for _, code in named(done) if code == "REF-DANGLING"] == []


def test_a_changed_title_breaks_what_names_it(committed: Path) -> None:
    edit(committed, "people/ann.md", "Ann Lee", "Anna Leigh")
    done = since(committed)
    assert (done.status, set(named(done))) == (1, {(f"p00{number}.md", "REF-DANGLING") for number in range(4)})


def test_a_removed_alias_breaks_what_names_it(committed: Path) -> None:
    edit(committed, "people/ann.md", "[AL]", "[Annie]")
    done = since(committed)
    assert (done.status, named(done)) == (1, [("p000.md", "REF-DANGLING")])


def test_an_alias_that_another_record_takes_too_makes_what_names_it_ambiguous(committed: Path) -> None:
    edit(committed, "people/bob.md", "[Same]", "[Same, AL]")
    done = since(committed)
    assert (done.status, named(done)) == (1, [("p000.md", "REF-AMBIGUOUS")])


def test_a_change_that_breaks_nothing_reports_nothing(committed: Path) -> None:
    edit(committed, "people/ann.md", "[AL]", "[AL, Annie]")
    done = since(committed)
    assert (done.status, named(done)) == (0, [])
