"""`--only FILE…` reads everything and reports some files; the pre-commit hook uses it, and is red for what a commit breaks."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.policy.test_ending import SHAPES, team
from tests.running import Finished, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

__all__ = ["team"]

GOOD = "---\nlayout: Page\nid: {name}\ndue: 2026-01-31\n---\n"
BAD = GOOD.replace("2026-01-31", "soon")


def _write(team: Path, name: str, text: str) -> None:
    (team / "content" / f"{name}.md").write_text(text.format(name=name))


def _git(team: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=team, check=True, capture_output=True)


def _files(done: Finished) -> list[str]:
    return sorted({line.split(":")[0] for line in done.stdout.splitlines() if ": error " in line})


@pytest.fixture
def bad(team: Path) -> Path:
    """A repository with two bad records and a good one."""
    _write(team, "also", BAD)
    _write(team, "good", GOOD)
    return team


def test_problems_of_these_files_alone_are_reported_and_the_others_counted(bad: Path) -> None:
    done = owltype("validate", "--output-format", "concise", "--only", "content/also.md", "content/good.md", cwd=bad)
    assert (done.status, _files(done)) == (1, ["content/also.md"])
    assert "1 problem out of scope" in done.stdout
    assert owltype("validate", "--only", "content/good.md", cwd=bad).status == 0
    assert owltype("validate", "--only", cwd=bad).status == 2


def test_paths_and_options_keep_their_places(bad: Path) -> None:
    (bad / "content" / "-b.md").write_text(BAD.format(name="b"))
    arguments = ("content", "--only", "content/good.md", "--output-format", "concise", "--", "content/-b.md")
    assert _files(owltype("validate", *arguments, cwd=bad)) == ["content/-b.md"]


@pytest.mark.parametrize("name", ["shapes.ttl", "ontology.ttl", "owltype.toml", "content/gone.md"])
def test_what_holds_for_all_records_means_everything(bad: Path, name: str) -> None:
    done = owltype("validate", "--only", "content/good.md", name, "--output-format", "concise", cwd=bad)
    assert _files(done) == ["content/also.md", "content/bad.md"]


def test_a_file_that_is_none_of_these_means_nothing(bad: Path) -> None:
    (bad / "README.md").write_text("# A team\n")
    assert owltype("validate", "--only", "README.md", cwd=bad).status == 0


def _hook(team: Path, *files: str) -> Finished:
    """Run the hook's command as pre-commit does."""
    return owltype("validate", "--only", *files, cwd=team, environment={"PRE_COMMIT": "1"})


def test_an_untracked_draft_blocks_nothing_and_what_a_commit_deletes_counts(bad: Path) -> None:
    (bad / "content" / "bad.md").unlink()
    (bad / "content" / "also.md").unlink()
    _git(bad, "init", "-q")
    _git(bad, "add", ".")
    assert _hook(bad, "content/good.md").status == 0, "the first commit"
    _git(bad, "commit", "-qm", "first")
    _write(bad, "draft", BAD)
    assert _hook(bad, "content/good.md").status == 0
    assert _hook(bad, "content/good.md", "shapes.ttl").status == 0
    assert _hook(bad).status == 0
    _write(bad, "committed", BAD)
    _git(bad, "add", "content/committed.md")
    _git(bad, "commit", "-qm", "past the hook")
    assert _hook(bad, "content/good.md").status == 0
    assert _hook(bad, "content/good.md", "owltype.toml").status == 1
    _git(bad, "rm", "-q", "content/good.md")
    assert _hook(bad).status == 1, "whatever names it may be wrong"


def test_what_is_deleted_between_two_revisions_counts(bad: Path) -> None:
    """`pre-commit run --from-ref --to-ref` names the files that are there still, and tells the revisions by variables."""
    (bad / "content" / "also.md").unlink()
    _git(bad, "init", "-q")
    _git(bad, "add", ".")
    _git(bad, "commit", "-qm", "first")
    _git(bad, "rm", "-q", "content/good.md")
    _git(bad, "commit", "-qm", "second")
    (bad / "README.md").write_text("# A team\n")
    _git(bad, "add", ".")
    _git(bad, "commit", "-qm", "third")
    revisions = {"PRE_COMMIT": "1", "PRE_COMMIT_FROM_REF": "HEAD~2", "PRE_COMMIT_TO_REF": "HEAD"}
    assert owltype("validate", "--only", "README.md", cwd=bad, environment=revisions).status == 1
    assert owltype("validate", "--only", "README.md", cwd=bad, environment={**revisions, "PRE_COMMIT_FROM_REF": "HEAD~1"}).status == 0
    wrong = owltype("validate", "--only", "README.md", cwd=bad, environment={**revisions, "PRE_COMMIT_FROM_REF": "nowhere"})
    assert (wrong.status, "nowhere" in wrong.stderr) == (2, True)


def test_a_changed_record_that_repeats_what_others_have_wrong_is_named(bad: Path) -> None:
    """Three places are named of a resource that many records share: those that are asked about come first."""
    (bad / "ontology.ttl").write_text(
        (bad / "ontology.ttl").read_text()
        + ':Topic a owl:Class ; map:pattern "(?P<label>.+)" ; map:iri "https://example.org/topic/{label|slug}" .\n'
        ':about a owl:ObjectProperty ; rdfs:domain :Page ; rdfs:range :Topic ; map:key "topic" .\n'
        ':label a owl:DatatypeProperty ; rdfs:domain :Topic ; rdfs:range xsd:string ; map:key "label" .\n'
    )
    (bad / "shapes.ttl").write_text(
        SHAPES + ":TopicShape a sh:NodeShape ; sh:targetClass :Topic ; sh:property [ sh:path :label ; sh:minLength 4 ] .\n"
    )
    for number in range(9):
        _write(bad, f"p{number}", GOOD.replace("---\n", "---\ntopic: IT\n", 1))
    done = owltype("validate", "--only", "content/p8.md", "--output-format", "concise", cwd=bad)
    assert _files(done) == ["content/p8.md"]


def test_a_link_to_a_file_is_the_file(bad: Path) -> None:
    link = bad.parent / f"{bad.name}-link"
    link.symlink_to(bad)
    done = owltype("validate", "--output-format", "concise", "--only", link / "content" / "also.md", cwd=bad)
    assert _files(done) == ["content/also.md"]
