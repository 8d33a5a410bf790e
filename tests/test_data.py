"""Test data of others are fetched whole, at the pinned commit, or not at all; and what is absent is said."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.data import BESIDE, DIGITALGOV, HOSTILE, needs
from tests.fetch_data import SOURCES, Source, fetch
from tests.running import ROOT


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A repository with two commits, of which the first is pinned, as a mirror on disk."""
    mirror = tmp_path / "mirror" / "owner" / "name"
    (mirror / "suite" / "tests" / "core").mkdir(parents=True)
    git(mirror, "init", "-q")
    git(mirror, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(mirror, "config", "uploadpack.allowFilter", "true")
    (mirror / "suite" / "tests" / "core" / "a.ttl").write_bytes(b"<a> <b> <c> .\r\n")
    (mirror / "other.txt").write_text("not asked for")
    git(mirror, "add", ".")
    git(mirror, "commit", "-qm", "one")
    pinned = git(mirror, "rev-parse", "HEAD")
    (mirror / "suite" / "tests" / "core" / "a.ttl").write_text("<x> <y> <z> .\n")
    git(mirror, "commit", "-qam", "two")
    return Source("owner/name", pinned, ("suite/tests",), "suites/name", "suite")


def test_the_pinned_commit_is_fetched_byte_for_byte(source: Source, tmp_path: Path) -> None:
    host, into = (tmp_path / "mirror").as_uri(), tmp_path / "data"
    assert fetch(source, host, into)
    assert (into / "suites" / "name" / "tests" / "core" / "a.ttl").read_bytes() == b"<a> <b> <c> .\r\n"
    assert sorted(path.name for path in (into / "suites" / "name").iterdir()) == [".commit", "tests"]
    assert [path.name for path in into.iterdir()] == ["suites"]
    assert not fetch(source, host, into)


def test_another_pin_replaces_what_is_there(source: Source, tmp_path: Path) -> None:
    host, into = (tmp_path / "mirror").as_uri(), tmp_path / "data"
    fetch(source, host, into)
    newer = replace(source, commit=git(tmp_path / "mirror" / "owner" / "name", "rev-parse", "HEAD"))
    assert fetch(newer, host, into)
    assert (into / "suites" / "name" / "tests" / "core" / "a.ttl").read_text() == "<x> <y> <z> .\n"


def test_what_can_not_be_fetched_leaves_nothing(source: Source, tmp_path: Path) -> None:
    into = tmp_path / "data"
    for wrong in (replace(source, commit="0" * 40), replace(source, repository="owner/none"), replace(source, folders=("none",))):
        with pytest.raises(subprocess.CalledProcessError):
            fetch(wrong, (tmp_path / "mirror").as_uri(), into)
        assert list(into.iterdir()) == []


def test_a_host_that_is_not_reached_is_a_sentence(tmp_path: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "TEST_DATA_HOST": (tmp_path / "nowhere").as_uri(), "PYTHONPATH": str(ROOT)}
    code = "import tests.data; from pathlib import Path; import tests.fetch_data as f; f.FETCHED = Path('data'); raise SystemExit(f.main())"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split(" can't be fetched from file:///")[0] for line in done.stderr.splitlines() if "can't be fetched" in line] == [
        source.repository for source in SOURCES
    ]


@needs(DIGITALGOV)
def test_the_data_beside_the_project_are_laid_out_as_those_that_are_fetched() -> None:
    for source in SOURCES:
        if BESIDE.exists():
            assert all((BESIDE / source.target / Path(folder).relative_to(source.strip)).is_dir() for folder in source.folders)


INNER = """
import pytest
from pathlib import Path
from tests.data import FETCHED, HOSTILE, needs

@needs(FETCHED / "corpora" / "none")
def test_one() -> None:
    pass

@needs(FETCHED / "corpora" / "none")
@pytest.mark.parametrize("path", [])
def test_two(path: Path) -> None:
    pass

def test_three() -> None:
    pytest.skip("of something else")
"""


@pytest.mark.parametrize("ci", ["", "true"])
def test_a_run_ends_by_saying_what_was_skipped_for_want_of_what_and_in_ci_that_fails(ci: str, tmp_path: Path) -> None:
    (tmp_path / "test_inner.py").write_text(INNER)
    (tmp_path / "conftest.py").write_text("from tests.conftest import *\n")
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path)]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "CI": ci}
    done = subprocess.run([*command, str(tmp_path)], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    if ci:
        assert done.returncode == 1, done.stdout
        assert "for want of corpora/none" in done.stdout
        assert "1 skipped, 2 errors" in done.stdout
    else:
        assert done.returncode == 0, done.stdout + done.stderr
        assert "skipped 2: for want of corpora/none (beside the project only)\nskipped 1: of something else\n" in done.stdout


def test_what_is_public_is_told_from_what_is_not() -> None:
    from tests.data import name

    assert name(DIGITALGOV / "content") == "corpora/digitalgov/content (make test-data fetches it)"
    assert name(HOSTILE) == "hostile (beside the project only)"
