"""Problems while one types: those that the terminal finds of the text as it stands, in the same words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from exporter import make_project
from exporter.language_server.workspace import Opened, Workspace
from exporter.policy.runs import validate
from exporter.problems import Problem
from exporter.project import Project
from tests.language_server.sites import HEAD, opened, put

EDITS = {
    "another stage": ("notes/compost.md", "evergreen", "evergren"),
    "no such author": ("notes/compost.md", "mira-sand", "mira-send"),
    "no such note": ("notes/compost.md", '[[Four beds]]"', '[[Five beds]]"'),
    "a link of the body": ("notes/compost.md", "See [[Four beds]]", "See [[Fore bets]]"),
    "no title": ("notes/four-beds.md", "title: Four beds\n", ""),
    "two titles": ("notes/four-beds.md", "title: Four beds\n", "title: [Four beds, Beds]\n"),
    "a colon that is missing": ("notes/four-beds.md", "stage: budding", "stage budding"),
    "no such class": ("notes/slugs.md", "owlType: Note", "owlType: Nite"),
    "the address of another": ("people/mira.md", "slug: mira-sand", "slug: jon-bell"),
    "a day that is none": ("notes/compost.md", "2024-03-01", "2024-13-01"),
    "a syntax error of TOML": ("notes/garlic.md", 'stage = "budding"', 'stage = "budding'),
    "a syntax error of JSON": ("notes/beans.json", '"stage": "budding",', '"stage": "budding"'),
    "loose": ("notes/slugs.md", "[[Compost heap]]", "[[compost HEAP]]"),
    "a wiki link without quotes": ("notes/slugs.md", '- "[[Compost heap]]"', "- [[Compost heap]]"),
    "a suppressed problem": (
        "notes/four-beds.md",
        "stage: budding",
        "stage: withered\nowltypeIgnore:\n  SH-IN stage: it has a stage of its own",
    ),
}


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with opened(tmp_path / "site", monkeypatch) as found:
        yield found


def _of_terminal(project: Project, path: str, text: str) -> list[Problem]:
    """Give what a validation says of a file, with a text in its place."""
    tree = replace(project.tree, overlays={path: text.encode()})
    return [problem for problem in validate(project=replace(project, tree=tree)).problems if problem.location.path == path]


@pytest.mark.parametrize("name", EDITS)
def test_problems_are_those_of_the_terminal(workspace: Workspace, name: str) -> None:
    path, old, new = EDITS[name]
    text = (workspace.text(path) or "").replace(old, new)
    assert text != workspace.text(path)
    expected = _of_terminal(workspace.project, path, text)
    assert expected or name == "a suppressed problem"
    put(workspace, path, text)
    assert list(workspace.update(path).problems) == expected


def test_records_without_an_edit_have_those_of_the_terminal(workspace: Workspace) -> None:
    whole = validate(project=workspace.project)
    for path in sorted(workspace.index.by_path):
        assert list(workspace.update(path).problems) == [problem for problem in whole.problems if problem.location.path == path]


@pytest.mark.slow
def test_so_have_the_examples() -> None:
    project = make_project("examples/medigy/content", ontology="medigy", shapes="medigy", cache=False)
    workspace, whole = Workspace(project), validate(project=project).problems
    workspace.known = {problem.location.path: () for problem in whole}
    for problem in whole:
        workspace.known[problem.location.path] += (problem,)
    assert len(whole) > 5
    for path in sorted(workspace.index.by_path):
        found = workspace.update(path).problems
        assert sorted(map(_told, found)) == sorted(_told(problem) for problem in whole if problem.location.path == path)
    workspace.close()


def _told(problem: Problem) -> tuple[str, str, str]:
    return problem.code, str(problem.location), problem.message


def test_a_title_that_is_typed_counts_for_others(workspace: Workspace) -> None:
    put(workspace, "notes/slugs.md", HEAD + 'title: S\nrelated: "[[Snails by day]]"\n---\n')
    assert [problem.code for problem in workspace.update("notes/slugs.md").problems] == ["REF-DANGLING"]
    put(workspace, "notes/compost.md", (workspace.text("notes/compost.md") or "").replace("Compost heap", "Snails by day"))
    assert workspace.update("notes/compost.md").changed
    assert workspace.update("notes/slugs.md").problems == ()


def test_while_it_can_not_be_read_the_former_counts(workspace: Workspace) -> None:
    put(workspace, "notes/compost.md", HEAD + 'title: "Compost heap\n---\n')
    assert not workspace.update("notes/compost.md").changed
    assert workspace.update("notes/slugs.md").problems == ()
    assert workspace.update("notes/compost.md", saved=True).changed
    assert [problem.code for problem in workspace.update("notes/slugs.md").problems] == ["REF-DANGLING"]


def test_a_new_file_and_one_that_is_gone(workspace: Workspace) -> None:
    text = HEAD + 'title: S\nrelated: "[[New one]]"\n---\n'
    put(workspace, "notes/slugs.md", text)
    put(workspace, "notes/new.md", HEAD + "title: New one\n---\n")
    assert workspace.update("notes/new.md").changed
    assert workspace.update("notes/slugs.md").problems == ()
    del workspace.buffers["notes/new.md"]
    workspace.remove("notes/new.md")
    assert [problem.code for problem in workspace.update("notes/slugs.md").problems] == ["REF-DANGLING"]


def test_what_only_a_whole_validation_finds_stays_at_its_key(workspace: Workspace) -> None:
    found = validate(project=workspace.project, allow_nothing=True)
    assert found.conforms
    text = (workspace.text("people/mira.md") or "").replace("slug: mira-sand", "slug: mira")
    tree = replace(workspace.project.tree, overlays={"people/mira.md": text.encode()})
    crossing = [p for p in validate(project=replace(workspace.project, tree=tree)).problems if p.code == "SH-MIN-COUNT"]
    message = "the record is not referred to by schema:author, at least 1 reference is required"
    assert [problem.message for problem in crossing] == [message]
    workspace.known = {"people/mira.md": tuple(crossing)}
    workspace.buffers["people/mira.md"] = Opened("people/mira.md", text.replace("---\nowl", "---\n\nowl", 1))
    (problem,) = workspace.update("people/mira.md").problems
    assert (problem.message, problem.location.line) == (message, crossing[0].location.line)


def test_a_record_that_gives_an_iri_back_leaves_the_other_one(workspace: Workspace) -> None:
    text = workspace.text("people/jon.md") or ""
    put(workspace, "people/jon.md", text.replace("jon-bell", "mira-sand"))
    workspace.update("people/jon.md")
    put(workspace, "people/jon.md", text)
    workspace.update("people/jon.md")
    assert workspace.update("notes/compost.md").problems == ()
    assert workspace.index.by_iri["https://garden.example.org/people/mira-sand/"].path == "people/mira.md"
