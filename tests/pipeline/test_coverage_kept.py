"""The keys of files are kept between runs: warm equals cold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from exporter.pipeline import coverage
from exporter.pipeline.coverage import Coverage, KeyTask, measure_coverage
from exporter.project import make_project
from exporter.settings.model import Settings
from tests.references.sites import make_site


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the files whose keys are found, and not kept."""
    paths: list[str] = []
    find = KeyTask._file

    def count(task: KeyTask, path: str) -> Any:  # noqa: ANN401 - the keys of a file
        paths.append(path)
        return find(task, path)

    monkeypatch.setattr(KeyTask, "_file", count)
    return paths


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    made = make_site(tmp_path, posts=6)
    (made / "content/posts/p001.md").write_text("---\nowlType: Post\ntitel: One\nmore: {a: [1, 2]}\n---\n")
    (made / "content/posts/bad.md").write_text("---\nowlType: [\n---\n")
    return made


def measure(site: Path, *, cache: bool, **said: Any) -> Coverage:  # noqa: ANN401 - what a project is made from
    project = make_project(site / "content", settings=Settings(), ontology=site / "ontology.ttl", jobs=1, cache=cache, **said)
    return replace(measure_coverage(project), plan=None, cache=None)  # type: ignore[arg-type]  # the plan is another object each time


def test_what_is_kept_is_what_would_be_found(site: Path, read: list[str]) -> None:
    cold = measure(site, cache=False)
    assert {key.key for key in cold.keys} >= {"titel", "more"}
    assert cold.problems
    assert measure(site, cache=True) == cold
    read.clear()
    assert measure(site, cache=True) == cold
    assert not read


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("content/posts/p001.md", "titel", "title"),
        ("content/posts/p002.md", "title: Post 2", "title: Post 2\nnew: 1"),
        ("ontology.ttl", '"editor"', '"titel"'),
    ],
)
def test_what_changes_is_found_again(site: Path, read: list[str], path: str, old: str, new: str) -> None:
    before = measure(site, cache=True)
    file = site / path
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    read.clear()
    after = measure(site, cache=True)
    assert len(read) == (1 if path.startswith("content") else 10)
    assert after == measure(site, cache=False) != before


def test_other_settings_are_other_questions(site: Path) -> None:
    measure(site, cache=True)
    for said in ({"default_class": "Post"}, {"exclude": "posts/p001*"}, {"unmapped": "fail"}):
        assert measure(site, cache=True, **said) == measure(site, cache=False, **said)


def test_a_file_that_changes_between_its_digest_and_its_reading_is_kept_as_it_was_read(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = site / "content/posts/p002.md"
    find = coverage._KeptKeys._find

    def change(kept: Any, path: str) -> bytes | None:  # noqa: ANN401 - private
        answer = find(kept, path)
        if path.endswith("p002.md"):
            file.write_text("---\nowlType: Post\nlater: 1\n---\n")
        return answer

    before = file.read_text()
    monkeypatch.setattr(coverage._KeptKeys, "_find", change)
    measure(site, cache=True)
    monkeypatch.undo()
    file.write_text(before)
    assert measure(site, cache=True) == measure(site, cache=False)
