"""`owltype init` as a user meets it: what it never overwrites, what it asks, and where it can't run."""

from __future__ import annotations

import os
import pty
import subprocess
from pathlib import Path

import pytest

from tests.running import OWLTYPE, PATIENCE, clean_environment, owltype

pytestmark = pytest.mark.slow  # whole commands, again and again: `make test` leaves them out, `make test-all` and CI run them

POSTS = {"one": "two", "two": "one", "three": "nobody"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of posts that name each other, but for one."""
    posts = tmp_path / "garden" / "posts"
    posts.mkdir(parents=True)
    for name, other in POSTS.items():
        (posts / f"{name}.md").write_text(f"---\ntitle: {name}\nnext_one: {other}\n---\n")
    return tmp_path / "garden"


def ontology(folder: Path) -> Path:
    return folder / "ontology" / "garden.ttl"


def test_nothing_is_overwritten_and_the_diff_applies(folder: Path) -> None:
    assert owltype("init", "posts", "--yes", cwd=folder).status == 0
    (folder / "posts" / "four.md").write_text("---\ntitle: four\nheight: 12\n---\n")
    before = ontology(folder).read_text()
    again = owltype("init", "posts", "--yes", cwd=folder)
    assert again.status == 1
    assert ontology(folder).read_text() == before
    assert "+        [ map:property site:height" in again.stdout
    assert "the diff adds to ontology/garden.ttl and shapes/garden.ttl; nothing is changed" in again.stderr
    subprocess.run(["git", "apply"], input=again.stdout.encode(), cwd=folder, check=True)
    assert "site:height" in ontology(folder).read_text()
    assert owltype("init", "posts", "--yes", cwd=folder).status == 0


def test_what_is_missing_is_written_beside_what_is_there(folder: Path) -> None:
    owltype("init", "posts", "--yes", cwd=folder)
    shapes = folder / "shapes" / "garden.ttl"
    whole = shapes.read_bytes()
    shapes.unlink()
    again = owltype("init", "posts", "--yes", cwd=folder)
    assert (again.status, again.stdout) == (0, "")
    assert "wrote shapes/garden.ttl" in again.stderr
    assert shapes.read_bytes() == whole


def test_address_that_was_changed_stays(folder: Path) -> None:
    owltype("init", "posts", "--yes", cwd=folder)
    for file in (ontology(folder), folder / "shapes" / "garden.ttl"):
        file.write_text(file.read_text().replace("https://example.org", "https://garden.example.net"))
    again = owltype("init", "posts", "--yes", cwd=folder)
    assert (again.status, again.stdout) == (0, "")
    assert "change it to where your pages stand" not in again.stderr


def test_question_is_asked_on_a_terminal_and_its_answer_counts(folder: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*OWLTYPE, "init", "posts"]
    with subprocess.Popen(
        command, cwd=folder, env=clean_environment({}), stdin=theirs, stdout=subprocess.DEVNULL, stderr=theirs
    ) as process:
        os.close(theirs)
        os.write(ours, b"reference\n")
        said = b""
        while chunk := _read(ours):
            said += chunk
        assert process.wait(PATIENCE) == 0
    assert b"'next_one'" in said
    assert 'map:key "next_one" ; map:range site:Post' in ontology(folder).read_text()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 1 << 16)
    except OSError:  # the other end is closed
        return b""


def test_pipe_is_never_waited_for(folder: Path) -> None:
    assert owltype("init", "posts", cwd=folder).status == 0
    assert 'map:key "next_one" ; map:range xsd:string' in ontology(folder).read_text()


def test_profile_that_there_is_not_is_named(folder: Path) -> None:
    done = owltype("init", "posts", "--profile", "hogo", cwd=folder)
    assert done.status == 2
    assert 'no profile is called "hogo"; did you mean "hugo"?' in done.stderr


def test_folder_without_records_can_not_be_started_from(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("no front matter\n")
    done = owltype("init", cwd=tmp_path)
    assert (done.status, done.stdout) == (2, "")
    assert "nothing to read" in done.stderr
    assert not (tmp_path / "ontology").exists()


def test_bytes_are_the_same_whatever_the_hash_seed(folder: Path) -> None:
    texts = set()
    for seed in "0", "1", "2":
        assert owltype("init", "posts", "--yes", cwd=folder, environment={"PYTHONHASHSEED": seed}).status == 0
        texts.add(ontology(folder).read_bytes() + (folder / "shapes" / "garden.ttl").read_bytes())
        ontology(folder).unlink()
        (folder / "shapes" / "garden.ttl").unlink()
    assert len(texts) == 1


def test_site_elsewhere_is_read_from_where_the_files_are_written(tmp_path: Path) -> None:
    site, here = tmp_path / "trails", tmp_path / "here"
    here.mkdir()
    for name, text in {
        "_config.yml": "title: Trails\n",
        "_data/people.yml": "jane:\n  name: Jane\nted:\n  name: Ted\n",
        "_posts/2023-01-05-first.md": "---\ntitle: First\nauthor: jane\n---\n",
        "_posts/2023-01-06-second.md": "---\ntitle: Second\nauthor: ted\n---\n",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    assert owltype("init", site, "--yes", cwd=here).status == 0
    exported = owltype("export", "-o", "graph.nt", cwd=here)
    assert exported.status == 0, exported.stderr
    assert "2023/01/05/first.html" in (here / "graph.nt").read_text()
