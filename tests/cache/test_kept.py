"""Warm equals cold: whatever happens to files, ontology and settings between two runs, and however little of it is read again."""

from __future__ import annotations

import errno
import io
import os
import re
import shutil
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from exporter.cache import stamps
from exporter.errors import ExporterError
from exporter.outcomes.making import FileTask
from exporter.pipeline.account import Export
from exporter.pipeline.export import export
from exporter.pipeline.patching import Patching
from exporter.project import Project, make_project
from exporter.settings.model import Settings
from exporter.tree import CACHE_FOLDER
from tests.references.sites import ONTOLOGY, make_site

pytestmark = pytest.mark.slow

PLAIN = re.sub(r'map:match (\([^)]*\)|"[^"]*") ;', "", ONTOLOGY)
"""The same classes, whose records nobody looks up."""


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the files of which an outcome is made, run by run."""
    paths: list[str] = []
    make = FileTask.run_one

    def run_one(task: FileTask, path: str) -> Any:  # noqa: ANN401 - an outcome
        paths.append(path)
        return make(task, path)

    monkeypatch.setattr(FileTask, "run_one", run_one)
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 20_000_000)
    return paths


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return make_site(tmp_path, posts=8)


def project_of(site: Path, *, cache: bool = True, **said: Any) -> Project:  # noqa: ANN401 - what a project is made from
    project = make_project(site / "content", settings=Settings(), ontology=site / "ontology.ttl", jobs=1, cache=cache, **said)
    return replace(project, tree=replace(project.tree, root=str(site)))


def run(site: Path, output: str = "warm.ttl", *, cache: bool = True, **said: Any) -> tuple[bytes, Export]:  # noqa: ANN401 - as above
    account = export(output=site / output, project=project_of(site, cache=cache, **said))
    return (site / output).read_bytes(), replace(account, output="", cache=None)


def settle(made: list[str]) -> None:
    """Wait until a change would show, and forget what was made."""
    time.sleep(0.03)
    made.clear()


def test_only_what_changed_is_made_again(site: Path, made: list[str]) -> None:
    first = run(site)
    assert len(made) == 11
    settle(made)
    run(site)  # the files were written just before the first look at them
    assert not made
    (site / "content/posts/p003.md").write_text("---\nowlType: Post\ntitle: Another\n---\n")
    (site / "content/posts/p005.md").unlink()
    (site / "content/posts/new.md").write_text("---\nowlType: Post\ntitle: New\nauthor: Bob\n---\n")
    settle(made)
    warm = run(site)
    assert sorted(made) == ["content/posts/new.md", "content/posts/p003.md"]
    assert warm == run(site, "cold.ttl", cache=False)
    assert warm != first


def test_what_an_alias_heals_elsewhere_is_settled_again(site: Path, made: list[str]) -> None:
    _, before = run(site)
    assert [problem.message for problem in before.problems if "'Nobody'" in problem.message or '"Nobody"' in problem.message]
    (site / "content/people/bob.md").write_text("---\nowlType: Person\nname: Bob\naliases: [Nobody]\n---\n")
    settle(made)
    warm = run(site)
    assert set(made) == {"content/people/bob.md"}
    assert warm == run(site, "cold.ttl", cache=False)
    assert not [problem.message for problem in warm[1].problems if "Nobody" in problem.message]


@pytest.mark.parametrize(
    "said",
    [
        {"unmapped": "drop"},
        {"duplicate_keys": "warn-if-equal"},
        {"default_class": "Post"},
        {"handlers": "exporter.records.handlers:YamlHandler"},
    ],
    ids=lambda said: next(iter(said)),
)
def test_another_plan_has_outcomes_of_its_own(site: Path, made: list[str], said: dict[str, Any]) -> None:
    run(site)
    settle(made)
    warm = run(site, **said)
    assert len(made) == 11
    assert warm == run(site, "cold.ttl", cache=False, **said)


def test_a_changed_ontology_makes_all_again(site: Path, made: list[str]) -> None:
    run(site)
    settle(made)
    (site / "ontology.ttl").write_text(ONTOLOGY.replace("/people/{file.stem}/", "/humans/{file.stem}/"))
    warm = run(site)
    assert len(made) == 11
    assert warm == run(site, "cold.ttl", cache=False)


def test_what_an_editor_holds_is_not_kept(site: Path, made: list[str]) -> None:
    saved = run(site)
    path = "content/posts/p001.md"
    settle(made)
    unsaved = run(site, "unsaved.ttl", overlays={str(site / path): b"---\nowlType: Post\ntitle: Unsaved\n---\n"})
    assert made == [path]
    assert unsaved != saved
    settle(made)
    assert run(site) == saved


def test_a_file_that_was_written_just_before_it_was_read_is_read_again(
    site: Path, made: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 60_000_000_000)
    run(site)
    path = site / "content/posts/p002.md"
    found, text = path.stat(), path.read_text()
    path.write_text(text.replace("Post 2", "Past 2"))
    os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))
    made.clear()
    assert b"Past 2" in run(site)[0]
    assert set(made) == {"content/posts/p002.md"}


@pytest.mark.parametrize("harm", ["flip", "cut", "empty", "gone", "foreign"])
@pytest.mark.parametrize("kind", ["index", "segment"])
def test_a_harmed_file_is_never_believed(site: Path, made: list[str], harm: str, kind: str) -> None:
    right = run(site)
    (file,) = [file for file in (site / CACHE_FOLDER).glob("turtle-*.cache") if (file.name.count("-") == 1) == (kind == "index")]
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 4
    harmed = {"flip": bytes(data), "cut": bytes(data[:-9]), "empty": b"", "foreign": b"not ours" * 99}
    file.unlink() if harm == "gone" else file.write_bytes(harmed[harm])
    settle(made)
    assert run(site, "again.ttl") == right
    assert len(made) == 11
    settle(made)
    assert run(site, "third.ttl") == right
    assert not made


def test_many_edits_leave_few_segments(site: Path, made: list[str]) -> None:
    for number in range(40):
        (site / f"content/posts/p{number % 8:03}.md").write_text(f"---\nowlType: Post\ntitle: Edit {number}\n---\n")
        settle(made)
        run(site)
    assert len(list((site / CACHE_FOLDER).glob("turtle-*-*.cache"))) <= 17
    assert run(site) == run(site, "cold.ttl", cache=False)


def looked_up(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the projects whose plan is compiled."""
    compiled: list[str] = []
    plan = Project.plan

    def count(project: Project) -> Any:  # noqa: ANN401 - a plan
        compiled.append(project.root)
        return plan(project)

    monkeypatch.setattr(Project, "plan", count)
    return compiled


@pytest.fixture
def plain(site: Path) -> Path:
    """Make a site whose records refer to nothing by name, all of it long enough ago."""
    (site / "ontology.ttl").write_text(PLAIN)
    time.sleep(0.03)
    return site


def test_a_run_without_a_change_reads_and_compiles_nothing(plain: Path, made: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = run(plain)
    compiled = looked_up(monkeypatch)
    before = (plain / "warm.ttl").stat()
    assert run(plain) == first
    assert not compiled
    assert (plain / "warm.ttl").stat() == before
    checked = export(output=plain / "warm.ttl", project=project_of(plain), check=True)
    assert (checked.fresh, compiled) == (True, [])
    assert len(made) == 11


FILES = ONTOLOGY.replace('"editor" ) ; map:range ex:Person', '"editor" ) ; map:range ( ex:Person map:File )')


@pytest.mark.parametrize("change", ["unlink", "rename"])
def test_a_file_that_a_value_names_counts_as_the_records_do(site: Path, made: list[str], change: str) -> None:
    (site / "ontology.ttl").write_text(FILES)
    (site / "content/posts/p000.md").write_text("---\nowlType: Post\ntitle: One\nauthor: map.png\n---\n")
    (site / "content/posts/map.png").write_bytes(b"")
    time.sleep(0.03)
    first = run(site)
    assert len(made) == 11
    made.clear()
    assert run(site) == first
    assert not made
    image = site / "content/posts/map.png"
    image.unlink() if change == "unlink" else image.rename(image.with_name("other.png"))
    assert run(site) == run(site, "cold.ttl", cache=False) != first


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes on Windows")
def test_what_went_through_a_pipe_is_written_again(plain: Path) -> None:
    pipe = plain / "pipe.nt"
    os.mkfifo(pipe)
    got = []
    for _ in range(2):
        with ThreadPoolExecutor() as pool:
            reading = pool.submit(pipe.read_bytes)
            export(output=pipe, project=project_of(plain))
            got.append(reading.result(timeout=30))
    assert got[0] == got[1] != b""


def _touch(path: Path, text: str) -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(text)


CHANGES: dict[str, Callable[[Path], object]] = {
    "a record": lambda site: _touch(site / "content/posts/p003.md", "---\nowlType: Post\ntitle: Another\n---\n"),
    "a new record": lambda site: _touch(site / "content/z/new.md", "---\nowlType: Post\ntitle: New\n---\n"),
    "a record that is gone": lambda site: (site / "content/posts/p003.md").unlink(),
    "a new name": lambda site: (site / "content/posts/p003.md").rename(site / "content/posts/q003.md"),
    "a page without front matter": lambda site: _touch(site / "content/posts/p003.md", "nothing"),
    "a hidden record": lambda site: _touch(site / "content/.hidden.md", "---\nowlType: Post\n---\n"),
    "what git ignores": lambda site: _touch(site / "content/.gitignore", "p003.md\n"),
    "the ontology": lambda site: _touch(site / "ontology.ttl", PLAIN.replace("/people/", "/p/")),
    "the output": lambda site: _touch(site / "warm.ttl", "something else"),
    "an output that is gone": lambda site: (site / "warm.ttl").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_changes_is_seen(plain: Path, made: list[str], change: str) -> None:
    run(plain)
    time.sleep(0.03)
    CHANGES[change](plain)
    time.sleep(0.03)
    assert run(plain) == run(plain, "cold.ttl", cache=False)
    assert made


@pytest.mark.parametrize("said", [{"unmapped": "drop"}, {"exclude": "**/p003.md"}, {"default_class": "Post"}], ids=str)
def test_whatever_else_is_asked_for_is_done(plain: Path, said: dict[str, Any], made: list[str]) -> None:
    run(plain)
    assert run(plain, **said) == run(plain, "cold.ttl", cache=False, **said)
    assert made


def test_the_problems_of_an_ontology_are_told_where_they_are_now(plain: Path, made: list[str]) -> None:
    run(plain)
    (plain / "ontology.ttl").write_text("# a new line\n" + PLAIN)  # the same plan: its digest is the same
    time.sleep(0.03)
    assert run(plain) == run(plain, "cold.ttl", cache=False)
    assert run(plain) == run(plain, "cold.ttl", cache=False)
    assert len(made) == 33


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """List how many files each run changed in the output that was there."""
    counts: list[int] = []
    write = Patching.write

    def count(patching: Patching, changes: Any, spans: Any) -> Any:  # noqa: ANN401 - as there
        counts.append(len(changes))
        return write(patching, changes, spans)

    monkeypatch.setattr(Patching, "write", count)
    return counts


ALONE = {
    "title": "owlType: Post\ntitle: Another one\n",
    "longer": "owlType: Post\ntitle: " + "long " * 400 + "\n",
    "a new problem": "owlType: Post\ntitle: [a, {b: c}]\n",
    "no change of triples": "owlType: Post # a comment\ntitle: Post 3\n",
}


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf", "trig"])
@pytest.mark.parametrize("edit", ALONE)
def test_an_edit_of_a_record_alone_goes_into_the_output(plain: Path, made: list[str], patched: list[int], ending: str, edit: str) -> None:
    (plain / "content/posts/p003.md").write_text("---\nowlType: Post\ntitle: Post 3\n---\n")
    run(plain, f"warm.{ending}")
    for number, name in enumerate(("posts/p003.md", "posts/p000.md", "posts/p007.md", "posts/p003.md")):
        (plain / "content" / name).write_text(f"---\n{ALONE[edit]}---\n" if number < 3 else "---\nowlType: Post\ntitle: Last\n---\n")
        made.clear()
        warm = run(plain, f"warm.{ending}")
        if number in {0, 3}:  # the others had shared resources before
            assert (made, patched[-1]) == ([f"content/{name}"], 1)
        assert warm == run(plain, f"cold.{ending}", cache=False)
        time.sleep(0.03)


LOOKING_UP = """owlType: Post
title: Post with everything
author: Ann Lee
editor: [bob.md, Eve]
next: [Post 1, Post 2, Post 1]
reviewers: [Ann Lee, guest 3, somebody else, Bob]
team: {name: T9, head: Eve}
"""


@pytest.mark.parametrize("ending", ["ttl", "nt", "jsonld", "rdf", "trig"])
def test_an_edit_goes_into_the_output_where_its_values_name_what_they_named(
    site: Path, made: list[str], patched: list[int], ending: str
) -> None:
    (site / "ontology.ttl").write_text(
        ONTOLOGY.replace(
            'map:match "title" ;', 'map:match "title" ;\n map:reads [ map:property ex:text ; map:key "text" ; map:range xsd:string ] ;'
        )
    )
    path = site / "content/posts/everything.md"
    path.write_text(f"---\n{LOOKING_UP}---\n")
    run(site, f"warm.{ending}")
    for text in ("text: one\n", "text: [one, two]\n", ""):
        path.write_text(f"---\n{LOOKING_UP}{text}---\n")
        made.clear()
        assert run(site, f"warm.{ending}") == run(site, f"cold.{ending}", cache=False)
        assert patched[-1] == 1
        assert made[0] == "content/posts/everything.md"
        time.sleep(0.03)
    assert len(patched) == 3
    for edit in (LOOKING_UP.replace("Eve", "Bob"), LOOKING_UP.replace("Post with", "Another post with"), LOOKING_UP):
        path.write_text(f"---\n{edit}---\n")
        assert run(site, f"warm.{ending}") == run(site, f"cold.{ending}", cache=False)
    assert len(patched) == 3


TOGETHER = {
    "another IRI": ("people/bob.md", "owlType: Post\nname: Bob\n"),
    "an unmapped key": ("posts/p003.md", "owlType: Post\ntitle: Post 3\nunknown: 1\n"),
    "a shared resource": ("posts/p003.md", "owlType: Post\ntitle: Post 3\nteam: {name: T0}\n"),
    "a reference": ("posts/p003.md", "owlType: Post\ntitle: Post 3\nauthor: zzz\n"),
    "rejected": ("posts/p003.md", "owlType: Unknown\n"),
    "skipped": ("posts/p003.md", ""),
}


@pytest.mark.usefixtures("made")
@pytest.mark.parametrize("edit", TOGETHER)
def test_an_edit_that_says_something_about_others_is_a_whole_run(plain: Path, patched: list[int], edit: str) -> None:
    (plain / "content/posts/p003.md").write_text("---\nowlType: Post\ntitle: Post 3\n---\n")
    run(plain)
    name, text = TOGETHER[edit]
    (plain / "content" / name).write_text(f"---\n{text}---\n" if text else "no front matter")
    assert run(plain) == run(plain, "cold.ttl", cache=False)
    assert not patched


@pytest.mark.usefixtures("made")
def test_an_output_that_somebody_changed_is_written_whole(plain: Path, patched: list[int]) -> None:
    run(plain)
    (plain / "warm.ttl").write_text("x" * (plain / "warm.ttl").stat().st_size)
    (plain / "content/posts/p003.md").write_text("---\nowlType: Post\ntitle: Post 3\n---\n")
    assert run(plain) == run(plain, "cold.ttl", cache=False)
    assert not patched


TEXTS = (
    "owlType: Post\ntitle: One\nauthor: Bob\nteam: {name: T1, head: Eve}\n",
    "owlType: Post\ntitle: One\nauthor: Nobody\nnext: [Two]\nunknown: 1\n",
    "owlType: Post\ntitle: Two\nreviewers: [AL, guest 3, x]\nteam: {name: T1, head: Nobody}\n",
    "owlType: Person\nname: Nobody\n",
    "owlType: Person\nname: Bob\naliases: [AL, One]\n",
    "owlType: None of them\n",
    "title: [\n",
    "",
)
NAMES = ("posts/p000.md", "posts/p001.md", "posts/a/b.md", "posts/a-b.md", "people/bob.md", "people/zed.md", "other.yaml")


class WarmEqualsCold(RuleBasedStateMachine):
    """Any sequence of edits, renames, deletions, and changes of the ontology, the settings and the cache itself."""

    def __init__(self) -> None:
        super().__init__()
        self.site = make_site(Path(tempfile.mkdtemp(prefix="owltype-test-")), posts=2)
        self.ontology = ONTOLOGY
        self.said: dict[str, Any] = {}

    def teardown(self) -> None:
        shutil.rmtree(self.site)

    @rule(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        file = self.site / "content" / name
        file.parent.mkdir(exist_ok=True, parents=True)
        file.write_text(text if name.endswith(".yaml") else f"---\n{text}---\nbody\n")

    @rule(name=st.sampled_from(NAMES), to=st.sampled_from(NAMES))
    def rename(self, name: str, to: str) -> None:
        file, other = self.site / "content" / name, self.site / "content" / to
        if file.exists():
            other.parent.mkdir(exist_ok=True, parents=True)
            file.replace(other)

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name: str) -> None:
        (self.site / "content" / name).unlink(missing_ok=True)

    @rule(change=st.sampled_from([("/people/", "/p/"), ('"name" "aliases"', '"aliases" "name"'), ("Guest ex:Note", "Guest"), ("", "")]))
    def change_ontology(self, change: tuple[str, str]) -> None:
        (self.site / "ontology.ttl").write_text(self.ontology.replace(*change))

    @rule(ontology=st.sampled_from([ONTOLOGY, PLAIN, FILES]))
    def look_up(self, ontology: str) -> None:
        self.ontology = ontology
        self.change_ontology(("", ""))

    @rule(said=st.sampled_from([{}, {"unmapped": "drop"}, {"unmapped": "fail"}, {"exclude": "posts/p*"}, {"default_class": "Post"}]))
    def change_settings(self, said: dict[str, Any]) -> None:
        self.said = said

    @rule(ignored=st.sampled_from(["", "b.md\n", "posts/a/\n"]))
    def ignore(self, ignored: str) -> None:
        (self.site / "content/.gitignore").write_text(ignored)

    @rule(there=st.booleans())
    def put_a_file(self, there: bool) -> None:
        file = self.site / "content/posts/Nobody"
        if there:
            file.write_text("")
        else:
            file.unlink(missing_ok=True)

    @rule()
    def wait(self) -> None:
        time.sleep(0.03)

    @rule()
    def clear(self) -> None:
        shutil.rmtree(self.site / CACHE_FOLDER, ignore_errors=True)

    @rule(format_=st.sampled_from(["ttl", "nt", "jsonld"]))
    def run_another_format(self, format_: str) -> None:
        self.compare(format_)

    @invariant()
    def warm_equals_cold(self) -> None:
        self.compare("ttl")

    def compare(self, ending: str) -> None:
        warm, cold = (self.outcome(f"{name}.{ending}", cache=name == "warm") for name in ("warm", "cold"))
        assert warm == cold

    def outcome(self, output: str, *, cache: bool) -> object:
        try:
            return run(self.site, output, cache=cache, **self.said)
        except ExporterError as error:
            return (str(error), error.problems)


@pytest.fixture
def short_granularity(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "GRANULARITY_NS", 20_000_000)


def run_machine(examples: int, steps: int) -> None:
    check: Callable[[], None] = WarmEqualsCold.TestCase().runTest
    WarmEqualsCold.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck)
    )
    check()


@pytest.mark.usefixtures("short_granularity")
def test_warm_equals_cold() -> None:
    run_machine(5, 12)


@pytest.mark.usefixtures("short_granularity")
def test_warm_equals_cold_for_long() -> None:
    run_machine(12, 20)


class SmallDisk(io.BytesIO):
    """A file on a disk that takes so many writings."""

    def __init__(self, room: int) -> None:
        super().__init__()
        self._room = room

    def write(self, data: Any, /) -> int:  # noqa: ANN401 - a buffer
        if self._room == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        self._room -= 1
        return super().write(data)


@pytest.mark.parametrize("room", [0, 1])
@pytest.mark.parametrize("looks_up", [True, False])
def test_a_full_place_for_temporary_files_turns_the_cache_off_and_the_run_goes_on(
    site: Path, made: list[str], room: int, looks_up: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not looks_up:
        (site / "ontology.ttl").write_text(PLAIN)
    run(site)
    for number in (1, 3):
        (site / f"content/posts/p00{number}.md").write_text(f"---\nowlType: Post\ntitle: Edited {number}\n---\n")
    edited = run(site, "cold.ttl", cache=False)
    settle(made)
    with monkeypatch.context() as patch:
        patch.setattr("exporter.cache.segments._CHUNK", 100)
        patch.setattr("exporter.cache.segments.tempfile.TemporaryFile", lambda *_, **__: SmallDisk(room))
        account = export(output=site / "warm.ttl", project=project_of(site))
    assert (site / "warm.ttl").read_bytes() == edited[0]
    assert account.cache is not None
    (note,) = [note.text for note in account.cache.notes if note.verbosity == 0]
    assert note.startswith("the cache is not used for the rest of this run: a temporary file can't be written: no space left on device; ")
    assert run(site) == edited
