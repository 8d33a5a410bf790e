"""Completion: of keys and of values, in the place of what is typed, in the notation of the syntax."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.language_server.completing import Completion, complete
from exporter.language_server.workspace import Workspace
from tests.language_server.sites import HEAD, opened, put

NOTES = ["Compost heap", "First beans", "Four beds", "Garlic in", "Slugs at night"]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with opened(tmp_path / "site", monkeypatch) as found:
        yield found


def _offered(workspace: Workspace, text: str, path: str = "notes/new.md") -> list[Completion]:
    found = complete(workspace, path, put(workspace, path, text))
    return list(found.items) if found is not None else []


def _labels(workspace: Workspace, text: str, path: str = "notes/new.md") -> list[str]:
    return [item.label for item in _offered(workspace, text, path)]


def _typed(workspace: Workspace, text: str, path: str = "notes/new.md") -> str:
    """Give the text with the first completion taken."""
    offset = put(workspace, path, text)
    found = complete(workspace, path, offset)
    assert found is not None
    plain = text.replace("‸", "")
    return plain[: found.token[0]] + found.items[0].written + plain[found.token[1] :]


def test_keys_of_a_class_those_that_are_needed_first(workspace: Workspace) -> None:
    labels = _labels(workspace, HEAD + "stage: budding\n‸\n---\n")
    assert labels[0] == "title"
    assert {"related", "season", "rating"} <= set(labels)
    assert not {"stage", "owlType"} & set(labels)


def test_a_key_says_what_it_means(workspace: Workspace) -> None:
    (title,) = (item for item in _offered(workspace, HEAD + "‸\n---\n") if item.label == "title")
    assert title.detail == "title · required"
    assert "What the note is called." in title.documentation
    assert "`schema:headline`" in title.documentation


def test_without_a_class_the_key_that_says_it_and_its_labels(workspace: Workspace) -> None:
    assert _labels(workspace, "---\n‸\n---\n") == ["owlType"]
    assert _labels(workspace, "---\nowlType: ‸\n---\n") == ["Note", "Person"]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("stage: ‸", ["seedling", "budding", "evergreen"]),
        ("season: ‸", ["Autumn", "Spring"]),
        ("pinned: ‸", ["true", "false"]),
        ("author: ‸", ["Jon Bell", "Mira Sand"]),
        ("related: ‸", NOTES),
        ("related:\n  - ‸", NOTES),
        ("related:\n  - Slugs at night\n  - ‸", NOTES[:4]),
        ("related: [Slugs at night, ‸]", NOTES[:4]),
        ('related: ["[[fou‸', ["Four beds"]),
        ("topics: [‸", ["Beans", "Soil"]),
        ("rating:\n  ‸", ["stars", "by"]),
        ("rating: {‸", ["stars", "by"]),
        ("rating: {by: ‸", ["Jon Bell", "Mira Sand"]),
        ("rating:\n  by: m‸", ["Mira Sand"]),
    ],
)
def test_values(workspace: Workspace, text: str, labels: list[str]) -> None:
    found = _labels(workspace, f"{HEAD}{text}\n---\n")
    assert [label for label in found if label in labels] == labels
    assert set(found) - set(labels) <= {"label"}, "a topic may be a map, too"


def test_what_is_written_is_what_others_write(workspace: Workspace) -> None:
    assert _typed(workspace, HEAD + "related: ‸\n---\n") == HEAD + 'related: "[[Compost heap]]"\n---\n'
    assert _typed(workspace, HEAD + "author: ji‸\n---\n".replace("ji", "jo")) == HEAD + "author: jon-bell\n---\n"
    assert _typed(workspace, HEAD + 'related:\n  - "[[com‸\n---\n') == HEAD + 'related:\n  - "[[Compost heap]]"\n---\n'
    assert _typed(workspace, HEAD + "stage:‸\n---\n") == HEAD + "stage: seedling\n---\n"
    assert _typed(workspace, HEAD + "topics:\n  ‸\n---\n") == HEAD + "topics:\n  - Beans\n---\n"
    assert _typed(workspace, '{"owlType": "Note", "tit‸}', "notes/new.json") == '{"owlType": "Note", "title": }'
    assert _typed(workspace, '{"owlType": "Note", "stage": "‸"}', "notes/new.json") == '{"owlType": "Note", "stage": "seedling"}'
    assert _typed(workspace, '+++\nowlType = "Note"\nauthor = ‸\n+++\n') == '+++\nowlType = "Note"\nauthor = "jon-bell"\n+++\n'
    assert _typed(workspace, '+++\nowlType = "Note"\ntit‸\n+++\n') == '+++\nowlType = "Note"\ntitle = \n+++\n'


def test_a_record_that_is_open_is_offered_as_it_stands(workspace: Workspace) -> None:
    put(workspace, "notes/slugs.md", HEAD + "title: Snails by day\n---\n")
    workspace.update("notes/slugs.md")
    labels = _labels(workspace, HEAD + "related: ‸\n---\n")
    assert "Snails by day" in labels
    assert "Slugs at night" not in labels


def test_of_two_with_one_title_the_path_is_written(workspace: Workspace) -> None:
    put(workspace, "notes/twin.md", HEAD + "title: Four beds\n---\n")
    workspace.update("notes/twin.md")
    written = [item.written for item in _offered(workspace, HEAD + "related: four‸\n---\n")]
    assert written == ['"[[notes/four-beds.md]]"', '"[[notes/twin.md]]"']


def test_nothing_below_the_front_matter(workspace: Workspace) -> None:
    assert complete(workspace, "notes/new.md", put(workspace, "notes/new.md", HEAD + "---\nbody ‸")) is None
