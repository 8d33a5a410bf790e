"""Hover, definitions, references, renames and fixes, of the text as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from exporter.language_server.acting import find_actions, fix_all, misspelt
from exporter.language_server.hovering import hover
from exporter.language_server.navigating import find_definitions, find_references
from exporter.language_server.outlining import find_hints, outline
from exporter.language_server.renaming import RenameError, Renaming, find_named, rename
from exporter.language_server.workspace import Workspace
from exporter.problems import Location
from tests.language_server.sites import HEAD, at, opened, put


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with opened(tmp_path / "site", monkeypatch) as found:
        yield found


def _shown(places: list[Location]) -> list[str]:
    return [f"{Path(place.path).parent.name}/{Path(place.path).name}:{place.line}" for place in places]


def test_hover_of_a_key_a_value_and_a_link(workspace: Workspace) -> None:
    path = "notes/compost.md"
    key = hover(workspace, path, at(workspace, path, "related"))
    assert key is not None
    assert "Notes to read next." in key.markdown
    assert "schema:relatedLink <https://garden.example.org/four-beds/>" in key.markdown
    value = hover(workspace, path, at(workspace, path, "mira-sand"))
    assert value is not None
    assert value.markdown.startswith("**Mira Sand** · Person")
    link = hover(workspace, path, at(workspace, path, "See [[Four", 7))
    assert link is not None
    assert link.markdown.startswith("**Four beds** · Note")
    assert hover(workspace, path, at(workspace, path, "See [[Four", 1)) is None


def test_a_title_is_not_markup(workspace: Workspace) -> None:
    put(workspace, "notes/slugs.md", HEAD + "title: '[x](javascript:y) <b> *z*'\n---\n")
    workspace.update("notes/slugs.md")
    put(workspace, "notes/compost.md", HEAD + "title: C\nrelated: ../notes/slugs.md\n---\n")
    found = hover(workspace, "notes/compost.md", at(workspace, "notes/compost.md", "slugs"))
    assert found is not None
    assert "\\[x\\]\\(javascript:y\\) \\<b\\> \\*z\\*" in found.markdown


def test_a_key_that_nobody_reads(workspace: Workspace) -> None:
    put(workspace, "notes/slugs.md", HEAD + "title: T\nnobody: 1\n---\n")
    found = hover(workspace, "notes/slugs.md", at(workspace, "notes/slugs.md", "nobody"))
    assert found is not None
    assert found.markdown.startswith("The ontology does not read the key `nobody` of the class Note.")


def test_definitions(workspace: Workspace) -> None:
    path = "notes/compost.md"
    found = {text: _shown(find_definitions(workspace, path, at(workspace, path, text, 3))) for text in ("[[Four", "mira-s", "Spring")}
    assert found == {"[[Four": ["notes/four-beds.md:3"], "mira-s": ["people/mira.md:4"], "Spring": ["ontology/site.ttl:38"]}
    of_key = _shown(find_definitions(workspace, path, at(workspace, path, "stage:")))
    assert [place.partition(":")[0] for place in of_key] == ["ontology/site.ttl", "shapes/site.ttl"]


def test_references_in_keys_bodies_and_every_syntax(workspace: Workspace) -> None:
    expected = ["notes/four-beds.md:3", "notes/compost.md:9", "notes/compost.md:18", "notes/garlic.md:6"]
    from_a_reference = find_references(workspace, "notes/garlic.md", at(workspace, "notes/garlic.md", "Four beds"))
    assert _shown(from_a_reference) == expected
    from_the_record = find_references(workspace, "notes/four-beds.md", at(workspace, "notes/four-beds.md", "Four beds"), declaration=False)
    assert _shown(from_the_record) == expected[1:]


def _renamed(workspace: Workspace, made: Renaming) -> dict[str, list[str]]:
    """Give the lines that a rename changes, by file."""
    found = {}
    for place, edits in made.edits.items():
        before = Path(place).read_text("utf-8")
        after = before
        for (start, end), new in sorted(edits, reverse=True):
            after = after[:start] + new + after[end:]
        changed = [line for line in after.split("\n") if line not in before.split("\n")]
        found[f"{Path(place).parent.name}/{Path(place).name}"] = changed
        Path(place).write_text(after, "utf-8")
    assert workspace.buffers == {}
    return found


def _all_fine(workspace: Workspace) -> bool:
    """Say whether the records, read anew, name what they named before."""
    for path in list(workspace.index.by_path):
        workspace.update(path, saved=True)
    return all(not workspace.update(path).problems for path in list(workspace.index.by_path))


def test_a_title_is_renamed_with_the_references_that_use_it(workspace: Workspace) -> None:
    path = "notes/compost.md"
    made = rename(workspace, path, at(workspace, path, "Compost heap"), "Heap: of compost")
    assert _renamed(workspace, made) == {
        "notes/compost.md": ['title: "Heap: of compost"'],
        "notes/four-beds.md": ["The beds need [[Heap: of compost#turning|compost]]."],
        "notes/slugs.md": ['  - "[[Heap: of compost]]"'],
    }
    assert _all_fine(workspace)


def test_from_a_reference_the_name_that_it_uses_is_renamed(workspace: Workspace) -> None:
    path = "notes/four-beds.md"
    made = rename(workspace, path, at(workspace, path, "[[Compost]]", 4), "Kompost")
    assert _renamed(workspace, made) == {"notes/compost.md": ["aliases: [Kompost]"], "notes/four-beds.md": ['  - "[[Kompost]]"']}
    assert _all_fine(workspace)


def test_the_key_of_an_address_is_renamed(workspace: Workspace) -> None:
    path = "notes/slugs.md"
    made = rename(workspace, path, at(workspace, path, "jon-bell"), "jonathan")
    assert _renamed(workspace, made) == {
        "people/jon.md": ["slug: jonathan"],
        "notes/beans.json": ['  "author": "jonathan",'],
        "notes/compost.md": ["  by: jonathan"],
        "notes/garlic.md": ['author = "jonathan"'],
        "notes/slugs.md": ["author: jonathan"],
    }
    assert _all_fine(workspace)


def test_a_reference_by_its_file_renames_the_file(workspace: Workspace) -> None:
    path = "notes/compost.md"
    made = rename(workspace, path, at(workspace, path, "[[slugs|", 4), "snails")
    assert [(Path(old).name, Path(new).name) for old, new in made.moves] == [("slugs.md", "snails.md")]
    assert _renamed(workspace, made) == {
        "notes/compost.md": ['  - "[[snails|the slugs]]"', "See [[Four beds]] and [[snails]]."],
    }


def test_a_concept_is_renamed_where_it_is_typed_and_in_the_ontology(workspace: Workspace) -> None:
    path = "notes/garlic.md"
    made = rename(workspace, path, at(workspace, path, "Autumn"), "Harvest time")
    assert _renamed(workspace, made) == {
        "notes/garlic.md": ['season = "Harvest time"'],
        "ontology/site.ttl": [':Autumn a :Season ; skos:prefLabel "Harvest time" ; skos:altLabel "Fall" .'],
    }
    soil = rename(workspace, "notes/compost.md", at(workspace, "notes/compost.md", "Soil"), "Earth, good")
    assert _renamed(workspace, soil) == {
        "notes/compost.md": ['  - "Earth, good"'],
        "notes/four-beds.md": ['topics: ["Earth, good", Beans]'],
    }


@pytest.mark.parametrize(
    ("text", "new", "why"),
    [
        ("Compost heap", "Four beds", "is what notes/four-beds.md is called already"),
        ("[[slugs|", "beans", "is what notes/beans.json is called already"),
        ("[[slugs|", "Garlic in", "is what notes/garlic.md is called already"),
        ("Compost heap", "garlic", "is what notes/garlic.md is called already"),
        ("[[slugs|", "compost", "notes/compost.md is there already"),
        ("[[slugs|", "a/b", "without a slash"),
        ("Compost heap", " ", "a text on one line"),
        ("title", "x", "the ontology names the keys"),
        ("stars: 4", "x", "names the keys"),
        ("2024-03", "x", "nothing refers to a record by this value"),
        ("See", "x", "there is nothing to rename"),
        ("mira-sand", "jon-bell", "is the address of people/jon.md already"),
    ],
)
def test_what_is_refused(workspace: Workspace, text: str, new: str, why: str) -> None:
    path = "notes/compost.md"
    with pytest.raises(RenameError) as error:
        rename(workspace, path, at(workspace, path, text), new)
    assert why in str(error.value)


def test_what_would_be_renamed_is_shown_before(workspace: Workspace) -> None:
    path = "notes/four-beds.md"
    text = workspace.text(path) or ""
    named = find_named(workspace, path, at(workspace, path, "[[Compost heap#", 6))
    assert (named.name, text[slice(*named.place)]) == ("Compost heap", "Compost heap")


FIXES = {
    "a value in another case": ("stage: Budding", "stage: budding"),
    "a reference in another case": ('related: "[[slugs AT night|them]]"', 'related: "[[Slugs at night|them]]"'),
    "a misspelt reference": ('related: "[[Compost heep]]"', 'related: "[[Compost heap]]"'),
    "a misspelt concept": ("season: Sprng", "season: Spring"),
    "a misspelt key": ("staage: budding", "stage: budding"),
    "a wiki link without quotes": ("related: [[Four beds]]", 'related: "[[Four beds]]"'),
    "a day": ("date: 2024/03/16", "date: 2024-03-16"),
    "tabs": ("rating:\n\tstars: 4", "rating:\n  stars: 4"),
    "a line that stands twice": ("pinned: true\npinned: true", "pinned: true"),
}


@pytest.mark.parametrize("name", FIXES)
def test_a_fix(workspace: Workspace, name: str) -> None:
    wrong, right = FIXES[name]
    path = "notes/new.md"
    put(workspace, path, f"{HEAD}title: T  # kept\n{wrong}\n---\n")
    problems = [*workspace.update(path).problems, *misspelt(workspace, path)]
    actions = find_actions(workspace, path, problems)
    assert len(actions) == 1
    text = workspace.text(path) or ""
    for (start, end), new in sorted(actions[0].edits, reverse=True):
        text = text[:start] + new + text[end:]
    assert text == f"{HEAD}title: T  # kept\n{right}\n---\n"
    whole = fix_all(workspace, path, problems)
    assert whole is not None
    assert whole.edits == actions[0].edits


def test_a_fix_of_a_link_of_the_body(workspace: Workspace) -> None:
    path = "notes/new.md"
    put(workspace, path, f"{HEAD}title: T\n---\nEach 🌱 [[Compost heep#turning|heap]] is a [[Compost heep]].\n")
    problems = workspace.update(path).problems
    actions = find_actions(workspace, path, problems)
    text = workspace.text(path) or ""
    for (start, end), new in sorted((edit for action in actions for edit in action.edits), reverse=True):
        text = text[:start] + new + text[end:]
    assert text == f"{HEAD}title: T\n---\nEach 🌱 [[Compost heap#turning|heap]] is a [[Compost heap]].\n"


def test_what_has_two_meanings_has_no_fix(workspace: Workspace) -> None:
    put(workspace, "notes/new.md", f"{HEAD}title: T\nstage: finished\nauthor: nobody-at-all\n---\n")
    assert find_actions(workspace, "notes/new.md", workspace.update("notes/new.md").problems) == []


def test_outline_and_titles(workspace: Workspace) -> None:
    path = "notes/compost.md"
    symbols = outline(workspace, path)
    assert [symbol.name for symbol in symbols][:3] == ["owlType", "title", "aliases"]
    (rating,) = (symbol for symbol in symbols if symbol.name == "rating")
    assert [(child.name, child.detail) for child in rating.children] == [("stars", "4"), ("by", "jon-bell")]
    text = workspace.text(path) or ""
    (hint,) = find_hints(workspace, path, (0, len(text)))
    assert (text[: hint.offset].rpartition("\n")[2], hint.text) == ('  - "[[slugs|the slugs]]"', "Slugs at night")
