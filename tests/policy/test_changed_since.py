"""`--changed-since REV` reports the problems that the merge base with REV does not have."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.policy.test_ending import SHAPES, team
from tests.policy.test_scope import BAD, GOOD, _files, _git, _write
from tests.running import Finished, owltype

pytestmark = pytest.mark.slow

__all__ = ["team"]


@pytest.fixture
def committed(team: Path) -> Path:
    """A repository whose first commit has a bad record."""
    _write(team, "old", BAD)
    _write(team, "good", GOOD)
    _git(team, "init", "-q")
    _git(team, "add", ".")
    _git(team, "commit", "-qm", "old records with old faults")
    return team


def _since(team: Path, *arguments: str | Path, cwd: str = ".") -> Finished:
    return owltype("validate", *arguments, "--changed-since", "HEAD", "--output-format", "concise", cwd=team / cwd)


def test_what_the_base_has_is_left_out_wherever_its_lines_are(committed: Path) -> None:
    _write(committed, "old", BAD.replace("---\n", "---\n# moved\n", 1))
    done = _since(committed)
    assert (done.status, _files(done)) == (0, [])
    _write(committed, "new", BAD)
    _write(committed, "good", BAD)
    assert _files(_since(committed)) == ["content/good.md", "content/new.md"]
    assert _files(_since(committed, committed / "content")) == ["content/good.md", "content/new.md"]
    assert _files(_since(committed, ".", "--config", "../owltype.toml", cwd="content")) == ["good.md", "new.md"]


def test_a_repository_outside_the_project_is_compared_with_its_base(committed: Path) -> None:
    _write(committed, "new", BAD)
    name = committed.name
    inputs = ("--ontology", f"{name}/ontology.ttl", "--shapes", f"{name}/shapes.ttl")
    assert _files(_since(committed, name, *inputs, cwd="..")) == [f"{name}/content/new.md"]
    assert _files(_since(committed, committed / "content", "--config", committed / "owltype.toml", cwd="..")) == [f"{name}/content/new.md"]


def test_another_value_is_another_problem(committed: Path) -> None:
    _write(committed, "old", BAD.replace("soon", "late"))
    assert _files(_since(committed)) == ["content/old.md"]


def test_a_tightened_shape_reports_the_records_that_were_not_touched(committed: Path) -> None:
    (committed / "shapes.ttl").write_text(SHAPES.replace("sh:path :due ;", "sh:path :id ; sh:minLength 4 ] , [ sh:path :due ;"))
    done = _since(committed)
    assert (done.status, _files(done)) == (1, ["content/bad.md", "content/old.md"])
    assert "MAP-DATATYPE" not in done.stdout


def test_where_nothing_was_changed_there_is_no_run(committed: Path) -> None:
    done = _since(committed)
    assert (done.status, "nothing was changed since" in done.stderr) == (2, True)


def test_a_base_that_can_not_be_checked_has_no_problems_and_that_is_said(committed: Path) -> None:
    (committed / "ontology.ttl").rename(committed / "other.ttl")
    settings = committed / "owltype.toml"
    settings.write_text(settings.read_text().replace("ontology.ttl", "other.ttl"))
    _git(committed, "add", "-A")
    _git(committed, "commit", "-qm", "renamed")
    settings.write_text(settings.read_text() + "# changed\n")
    assert _files(_since(committed)) == []
    (committed / "other.ttl").write_text((committed / "other.ttl").read_text() + "# changed\n")
    _git(committed, "rm", "-q", "--cached", "other.ttl")
    _git(committed, "commit", "-qm", "lost")
    done = _since(committed)
    assert (done.status, _files(done), "can't be checked" in done.stderr) == (1, ["content/bad.md", "content/old.md"], True)
